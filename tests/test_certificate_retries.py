"""What a certifier sends again, late or at once, takes back nothing that was said in the meantime."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.errors import Unavailable
from chalicelib.store.registry import certificates, history
from tests.world import Answer, World

PATH = "/internal/v1/certificates/batch"
SURVEYED = {"standing": "active", "reason": "Surveillance audit passed"}


@pytest.fixture
def code(world: World) -> str:
    """A certificate that is suspended."""
    code = world.a_certificate(world.a_factory())
    say(world, code, "suspended", "Waste water")
    return code


def say(world: World, code: str, standing: str, reason: str, **headers: str) -> Answer:
    path = f"/internal/v1/certificates/{code}/standing"
    return world.certifier("POST", path, {"standing": standing, "reason": reason}, **headers)


def status(world: World, code: str) -> str:
    return str(world.anyone.get(f"/v1/certificates/{code}").ok().json["status"])


def events(code: str) -> list[str]:
    return [each["reason"] for each in history.of(f"CERTIFICATE#{code}") if each["action"] == "standing"]


def send(world: World, rows: list[dict[str, Any]], key: str = "k") -> Answer:
    return world.certifier("POST", PATH, {"rows": rows}, **({"Idempotency_Key": key} if key else {}))


def cut_off(world: World, monkeypatch: pytest.MonkeyPatch, rows: list[dict[str, Any]], key: str = "k") -> None:
    """Send a batch of which the first change of standing is applied, before the registry is out of reach."""
    real, calls = certificates.change_standing, iter(range(9))

    def unreachable(*arguments: Any, **named: Any) -> Any:
        if next(calls):
            raise Unavailable("The registry could not be reached just now.")
        return real(*arguments, **named)

    monkeypatch.setattr(certificates, "change_standing", unreachable)
    assert send(world, rows, key).status == 503
    monkeypatch.setattr(certificates, "change_standing", real)


@pytest.mark.parametrize("day", [{}, {"effective": "2026-02-01"}])
@pytest.mark.parametrize("key", ["k", ""])
def test_a_batch_sent_again_leaves_withdrawn_what_was_withdrawn_meanwhile(
    world: World, code: str, monkeypatch: pytest.MonkeyPatch, day: dict[str, str], key: str
) -> None:
    other = world.a_certificate(world.a_factory("S-2"), number="N 2")
    rows = [{"code": code, **SURVEYED, **day}, {"code": other, "standing": "suspended", "reason": "Wages"}]
    cut_off(world, monkeypatch, rows, key)
    assert status(world, code) == "valid"
    say(world, code, "withdrawn", "Forged tests").ok()
    before = events(code)
    answer = send(world, rows, key).ok().json["results"]
    assert (status(world, code), events(code)) == ("withdrawn", before)
    assert [each["outcome"] for each in answer] == ["updated" if key else "conflict", "updated"]
