"""Requests made up from the API's own description, right and wrong: whatever is sent, the answer is never a 5xx.

Each is sent as it was made up, and to records that are there, by who may send it: so that more than the door answers.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode

from chalicelib.domain.errors import NotAllowed
from chalicelib.internal import access
from tests.safety.described import AT_THE_DOOR, Described, Sent, at_home, made_up
from tests.safety.real import Request
from tests.safety.stage import stage

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
EACH = 6  # requests an operation and mode; HYPOTHESIS_PROFILE=hunt makes more
UNREACHED = {
    ("POST", "/portal/factories/{factory_id}/photos"): "There is no place for photos.",
    ("POST", "/portal/factories/{factory_id}/photos/remove"): "There is no place for photos.",
}
"""Operations that only the door answers here, and why."""


@pytest.fixture(scope="module")
def described() -> Iterator[Described]:
    """A world with one of everything, the same for each request, and callers of every kind."""
    with stage() as held:
        yield Described.on(held)


@pytest.mark.safety("requests.described")
@pytest.mark.parametrize(("method", "path", "mode"), OPERATIONS)
def test_no_request_is_answered_with_a_fault_of_ours(
    described: Described, method: str, path: str, mode: GenerationMode
) -> None:
    callers, reached = described.stage.callers, set[int]()

    def status(sent: Sent) -> int:
        answer = described.ask(sent)
        assert answer.status_code < 500, (sent, answer.status_code, answer.body[:300])
        return int(answer.status_code)

    @settings(
        max_examples=EACH * (20 if os.environ.get("HYPOTHESIS_PROFILE") == "hunt" else 1),
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=SCHEMA[path][method].as_strategy(generation_mode=mode),
        known=st.sampled_from(described.real[method, path]),
        other=st.sampled_from(list(callers.values())),
    )
    def probe(case: schemathesis.Case, known: Request, other: dict[str, str]) -> None:
        status(made_up(case).by(other))
        there = at_home(case, known, described.stage.names)
        reached.add(status(there.by(described.sender(known))))
        status(there.by(other))

    probe()
    assert (reached <= AT_THE_DOOR) == ((method, path) in UNREACHED), reached


@pytest.mark.safety("requests.described")
def test_nearly_every_operation_does_what_it_is_there_for_when_who_may_ask_asks(described: Described) -> None:
    answered = {place: described.answered(place) for place in described.real}
    assert {place for place, found in answered.items() if found <= AT_THE_DOOR} == set(UNREACHED)
    done = [place for place, found in answered.items() if min(found) < 400]
    assert len(done) > 360, sorted(set(answered) - set(done))


def test_an_operation_that_nobody_is_let_into_any_more_is_found(
    described: Described, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise NotAllowed("You may not do this.")

    places = [("GET", "/internal/v1/keys"), ("PUT", "/internal/v1/factories/{factory_id}/privacy")]
    assert [described.answered(place) for place in places] == [{200}, {200}]
    monkeypatch.setattr(access, "_admitted", refused)
    assert all(described.answered(place) <= AT_THE_DOOR for place in places)
