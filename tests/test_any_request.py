"""Requests made up from the API's own description, right and wrong: whatever is sent, the answer is never a 5xx."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.generation import GenerationMode

from tests.world import World

DOCUMENT = json.loads((Path(__file__).resolve().parent.parent / "openapi.json").read_text(encoding="utf-8"))
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
METHODS = ("get", "post", "put", "patch", "delete")
ANY = ({"type": "string"}, {"type": "object"})


def _can_be_wrong(operation: dict[str, Any]) -> bool:
    """Whether there is something to get wrong: a key, or an input that not every text or form fits."""
    contents = operation.get("requestBody", {}).get("content", {}).values()
    inputs = [each.get("schema") for each in (*operation.get("parameters", ()), *contents)]
    return bool(operation.get("security") and inputs) or any(schema not in ANY for schema in inputs)


OPERATIONS = [
    pytest.param(method.upper(), path, mode, id=f"{mode.value} {method.upper()} {path}")
    for path, item in DOCUMENT["paths"].items()
    for method in METHODS
    if method in item
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    if mode is GenerationMode.POSITIVE or _can_be_wrong(item[method])
]
BASE = "http://127.0.0.1"
EACH = 6  # requests an operation and mode; HYPOTHESIS_PROFILE=hunt makes more


@pytest.fixture(scope="module")
def described() -> Iterator[World]:
    """A world that all requests of this module are sent to, in turn, by callers who may do everything there is."""
    from moto import mock_aws

    from chalicelib import settings as chosen
    from chalicelib.store import models
    from infra import tables
    from tests import kept_clients
    from tests.stack import Tables

    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        models.connect(chosen.load())
        client = kept_clients.dynamodb()
        tables.create_tables(client)
        held = Tables(client, chosen.load().registry_table, chosen.load().public_table)
        for world in World.begun(held, patch):
            factory_id = world.a_factory()
            world.a_certificate(factory_id)
            world.a_product(factory_id)
            yield world
    models.connect(chosen.load())


@pytest.mark.safety("requests.described")
@pytest.mark.parametrize(("method", "path", "mode"), OPERATIONS)
def test_no_request_is_answered_with_a_fault_of_ours(
    described: World, method: str, path: str, mode: GenerationMode
) -> None:
    operation = SCHEMA[path][method]
    callers = (described.anyone, described.staff, described.ics, described.member, described.certifier)

    @settings(
        max_examples=EACH * (20 if os.environ.get("HYPOTHESIS_PROFILE") == "hunt" else 1),
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def probe(case: schemathesis.Case) -> None:
        sent = requests.Request(**case.as_transport_kwargs(base_url=BASE)).prepare()
        address = urlsplit(str(sent.url))
        where = address.path + (f"?{address.query}" if address.query else "")
        body = sent.body.encode() if isinstance(sent.body, str) else sent.body or b""
        for caller in callers:
            headers = {str(name): str(value) for name, value in sent.headers.items()}
            if caller.key:
                headers["Authorization"] = f"Bearer {caller.key}"
            answer = described.client.http.request(method, where, headers=headers, body=body)
            assert answer.status_code < 500, (method, where, headers, body[:500], answer.status_code, answer.body[:300])

    with contextlib.suppress(Unsatisfiable):  # any text fits: there is nothing to get wrong
        probe()
