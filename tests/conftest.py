"""What all tests stand on. The environment is set before anything of the service is imported."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

os.environ.update(
    AWS_ACCESS_KEY_ID="test",
    AWS_SECRET_ACCESS_KEY="test",
    AWS_REGION="eu-central-1",
    AWS_DEFAULT_REGION="eu-central-1",
    SYNC_WORKERS="1",  # moto takes no second thread
)
os.environ.pop("AWS_PROFILE", None)
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pytest
from hypothesis import settings as hypothesis_settings
from moto import mock_aws  # before any client is made, so that it can step between

from chalicelib import settings
from chalicelib.internal.portal import sign_in
from chalicelib.store import models
from infra import locales, tables
from tests import kept_clients, moto_quick, moto_wire
from tests.stack import Tables, engine_of_session, fresh_tables
from tests.world import World

kept_clients.install()
moto_quick.install()
moto_wire.install()
sign_in.ANSWERED_AFTER = 0.0  # what is not sent needs no time
hypothesis_settings.register_profile("suite", deadline=None, derandomize=True, max_examples=100)
hypothesis_settings.register_profile("hunt", deadline=None, max_examples=2000)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


def pytest_configure(config: pytest.Config) -> None:
    """Make the language modules once, before any worker starts."""
    if not hasattr(config, "workerinput"):
        locales.build()


@pytest.fixture(scope="session")
def stack() -> Iterator[object]:
    """MiniStack, once a session."""
    yield from engine_of_session()


@pytest.fixture
def moto() -> Iterator[Tables]:
    """Empty tables on moto: quick, for one thread."""
    with mock_aws():
        chosen = settings.load()
        models.connect(chosen)
        client = kept_clients.dynamodb()
        tables.create_tables(client)
        yield Tables(client, chosen.registry_table, chosen.public_table)
    models.connect(settings.load())


@pytest.fixture
def ministack(stack: object) -> Iterator[Tables]:
    """Empty tables on MiniStack: for anything concurrent."""
    yield from fresh_tables(stack)


@pytest.fixture(params=["moto", "ministack"])
def either(request: pytest.FixtureRequest) -> Tables:
    """Empty tables, on one engine and then on the other."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def world(moto: Tables, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A small world on moto, with a caller of every kind."""
    yield from World.begun(moto, monkeypatch)


@pytest.fixture
def world_on_either(either: Tables, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The same, on either engine."""
    yield from World.begun(either, monkeypatch)
