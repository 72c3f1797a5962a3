"""What the tests of the portal stand on: tables, a mailbox, a browser, and somebody who runs a factory."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

import pytest
from chalice.test import Client
from moto import mock_aws

os.environ.update(
    AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="x", AWS_REGION="eu-central-1", AWS_DEFAULT_REGION="eu-central-1"
)

import app
from chalicelib import settings
from chalicelib.internal import mail
from chalicelib.store import models
from chalicelib.store.registry import organisations
from infra import locales
from tests import kept_clients
from tests.portal_browser import STAFF, Browser, invited

locales.build()
TABLES = ("factory-id-registry", "factory-id-public")


@pytest.fixture
def _tables() -> Iterator[None]:
    with mock_aws():
        client = kept_clients.dynamodb()
        for name in TABLES:
            client.create_table(
                TableName=name,
                KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
                AttributeDefinitions=[
                    {"AttributeName": "pk", "AttributeType": "S"},
                    {"AttributeName": "sk", "AttributeType": "S"},
                ],
                BillingMode="PAY_PER_REQUEST",
            )
        models.connect(settings.load())
        _once("organisations", _organisations)
        yield


def _organisations() -> None:
    organisations.put("member", "maison", {"name": "Maison Lumière", "country": "FR"}, STAFF)
    organisations.put("standard", "gots", {"name": "Global Organic Textile Standard", "owner": "G"}, STAFF)


_made: dict[str, tuple[Any, dict[str, list[dict[str, Any]]]]] = {}


def _once(name: str, make: Callable[[], Any]) -> Any:
    """What ``make`` answers. It is called once: from then on what it wrote is put back into the tables."""
    client = kept_clients.dynamodb()
    if name not in _made:
        answer = make()
        _made[name] = answer, {table: client.scan(TableName=table)["Items"] for table in TABLES}
        return answer
    answer, items = _made[name]
    for table, rows in items.items():
        for row in rows:
            client.put_item(TableName=table, Item=row)
    return answer


@pytest.fixture
def mails(monkeypatch: pytest.MonkeyPatch) -> list[EmailMessage]:
    sent: list[EmailMessage] = []
    monkeypatch.setattr(mail, "send", sent.append)
    return sent


@pytest.fixture
def browser(_tables: None) -> Iterator[Browser]:
    with Client(app.app) as client:
        yield Browser(client)


@pytest.fixture
def runner(browser: Browser) -> SimpleNamespace:
    """Somebody who accepted an invitation and published the factory's page."""

    def join() -> tuple[str, str]:
        answer = browser.send(f"/portal/invitations/{invited()}")
        joined = re.search(r"/factories/([A-Z0-9]+)/", answer.headers["Location"]).group(1)
        page = f"/portal/factories/{joined}/profile"
        assert browser.send(f"/portal/factories/{joined}/publish", page=page, number=1).status == 303
        return joined, browser.cookie

    factory_id, browser.cookie = _once("runner", join)
    home = f"/portal/factories/{factory_id}"
    return SimpleNamespace(browser=browser, factory_id=factory_id, home=home, profile=f"{home}/profile")
