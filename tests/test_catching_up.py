"""Records that are older than a feature get what newer ones have: in stretches, again and again, by staff."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from chalicelib import clock
from chalicelib.store import watch_keys
from chalicelib.store.registry import catching_up, endings, lookup, outbox, signing, status_lists
from tests.local_kms import keys_in_process
from tests.world import World


@pytest.fixture(autouse=True)
def _older(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Three factories at a time; what is made first is older than both features."""
    monkeypatch.setattr(catching_up, "AT_ONCE", 3)
    with keys_in_process():
        yield


def caught_up(world: World) -> tuple[int, int, int]:
    """How many stretches, certificates and factories signed anew it took."""
    cursor, stretches, certificates, signed = "", 0, 0, 0
    while True:
        told = world.staff("POST", f"/internal/v1/catch-ups?cursor={cursor}").ok().json
        stretches, certificates, signed = stretches + 1, certificates + told["certificates"], signed + told["signed"]
        cursor = told["next_cursor"]
        if cursor is None:
            return stretches, certificates, signed


def test_older_certificates_are_found_by_their_last_day_and_older_records_get_codes_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = outbox.note_ending
    monkeypatch.setattr(outbox, "note_ending", lambda *_: None)
    factories = [world.a_factory(f"S-{number}") for number in range(7)]
    day = clock.today() + timedelta(days=30)
    code = world.a_certificate(factories[4], valid_to=day.isoformat())
    monkeypatch.setattr(outbox, "note_ending", note)
    monkeypatch.setenv("SIGNING_KEY", "first")
    signing.current()
    assert lookup.below(watch_keys.ending(day.isoformat()).pk) == []
    for path in (f"/qr/f/{factories[0]}", f"/qr/c/{code}"):
        assert world.anyone.get(f"{path}?offline=1").status == 404
    assert caught_up(world) == (3, 1, 7)
    for path in (f"/qr/f/{factories[0]}", f"/qr/c/{code}"):
        assert world.anyone.get(f"{path}?offline=1").status == 200
    assert endings.note(clock.today()) == 1
    before = world.tables.everything()
    assert caught_up(world) == (3, 1, 0)
    after = world.tables.everything()
    assert after == before


def test_a_certificate_whose_place_was_forgotten_when_the_registry_began_to_sign_gets_it_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    factory_id = world.a_factory()
    code = world.a_certificate(factory_id)
    monkeypatch.setenv("SIGNING_KEY", "first")
    with monkeypatch.context() as patched:
        patched.setattr(status_lists, "lacks_place", lambda _certificate: False)
        assert caught_up(world) == (1, 1, 1)
        assert world.anyone.get(f"/qr/c/{code}?offline=1").status == 200
        assert world.anyone.get(f"/credentials/c/{code}").status == 404
    assert caught_up(world) == (1, 1, 1)
    assert world.anyone.get(f"/credentials/c/{code}").status == 200
    assert caught_up(world) == (1, 1, 0)


def test_nobody_but_staff_may_and_a_cursor_of_another_question_is_refused(world: World) -> None:
    assert world.member("POST", "/internal/v1/catch-ups").status == 403
    assert world.staff("POST", "/internal/v1/catch-ups?cursor=x").status == 400
