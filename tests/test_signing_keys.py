"""Keys that sign are on record with their revocations, and what anyone can look up follows from that."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chalicelib.store import codec, public_keys
from chalicelib.store.models import PublicItem, RegistryItem
from chalicelib.store.registry import lookup, signing, signing_keys
from infra.migrate import __main__ as migrate
from tests.local_kms import LocalKms, keys_in_process
from tests.world import World

LONG_AGO = "2020-02-02T00:00:00Z"


@pytest.fixture(autouse=True)
def signs(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalKms]:
    """A registry that signs."""
    monkeypatch.setenv("SIGNING_KEY", "first")
    with keys_in_process() as local:
        yield local


def on_record(kid: str) -> tuple[str, str | None] | None:
    """Since when a key is on record, and when it was revoked."""
    item = lookup.item(public_keys.signing_key(kid))
    return None if item is None else (item.body["since"], item.body["revoked"])


def looked_up(world: World) -> dict[str, str | None]:
    """Each key in the list of staff, and when it was revoked."""
    listed = world.staff.get("/internal/v1/signing-keys").ok().json["results"]
    return {each["kid"]: each["revoked"] for each in listed}


def published(world: World) -> set[str]:
    """The keys that anyone can look up."""
    methods = world.anyone.get("/.well-known/did.json").ok().json["verificationMethod"]
    return {each["publicKeyJwk"]["kid"] for each in methods}


def older(kid: str, **members: str) -> None:
    """A key as it was kept before there were records of keys."""
    held = lookup.item(public_keys.signing_key(kid))
    assert held is not None
    held.delete()
    PublicItem(*public_keys.signing_key(kid), body={**held.body, **members}).save()


def a_key(name: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Another key that signs from now on."""
    monkeypatch.setenv("SIGNING_KEY", name)
    return signing.current()


def test_a_key_is_on_record_as_it_is_published_and_so_is_its_revocation(world: World) -> None:
    kid = signing.current()
    held = lookup.item(public_keys.signing_key(kid))
    assert held is not None
    assert [PublicItem.get(*public_keys.signing_key(kid)).body] == [held.body]
    assert published(world) == {kid}
    told = world.staff("DELETE", f"/internal/v1/signing-keys/{kid}").ok().json
    assert on_record(kid) == (held.body["since"], told["revoked"])
    assert world.staff("DELETE", f"/internal/v1/signing-keys/{kid}").ok().json == told
    assert published(world) == set()
    assert looked_up(world) == {kid: told["revoked"]}


@pytest.mark.parametrize("kid", ["nobody", "A" * 43, "x" * 3000], ids=["short", "as long as names are", "too long"])
def test_a_key_that_there_is_not_cannot_be_revoked(world: World, kid: str, monkeypatch: pytest.MonkeyPatch) -> None:
    signing.current()
    monkeypatch.setattr(signing_keys, "_both", lambda _kid: pytest.fail("DynamoDB takes no name of any length"))
    assert world.staff("DELETE", f"/internal/v1/signing-keys/{kid}").status == 404


def test_a_key_that_no_longer_stands_in_public_is_published_before_it_signs_again(world: World) -> None:
    kid = signing.current()
    PublicItem(*public_keys.signing_key(kid), body={}).delete()
    signing.forget()
    assert signing.current() == kid
    assert published(world) == {kid}


@pytest.mark.parametrize("where", ["record", "public"])
def test_a_revocation_that_one_table_lost_is_not_taken_back(world: World, where: str) -> None:
    kid = signing.current()
    ended = signing_keys.revoke(kid)
    body = {**codec.to_json(ended), "revoked": None}
    if where == "record":
        RegistryItem(*public_keys.signing_key(kid), body=body, version=1).save()
    else:
        PublicItem(*public_keys.signing_key(kid), body=body).save()
    signing.forget()
    signing.current()
    assert on_record(kid) == (ended.since, ended.revoked)
    assert published(world) == set()


def test_older_keys_are_taken_over_with_their_revocations_once(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(migrate.operating, "environment", lambda _chosen: None)
    first, second, third = signing.current(), a_key("second", monkeypatch), a_key("third", monkeypatch)
    older(first, since=LONG_AGO, revoked="2021-01-01T00:00:00Z")
    older(second, since=LONG_AGO)
    before = published(world)
    assert before == {second, third}
    assert looked_up(world)[first] == "2021-01-01T00:00:00Z"
    assert migrate.main(["--dry-run", "--only", "signing-keys"]) == migrate.DONE
    assert "signing-keys: 3 looked at, 2 want it" in capsys.readouterr().out
    assert on_record(first) is None
    assert migrate.main(["--only", "signing-keys"]) == migrate.DONE
    assert "signing-keys: 3 looked at, 2 changed, 0 refused" in capsys.readouterr().out
    assert on_record(first) == (LONG_AGO, "2021-01-01T00:00:00Z")
    assert on_record(second) == (LONG_AGO, None)
    assert published(world) == before
    assert migrate.main(["--only", "signing-keys"]) == migrate.DONE
    assert "over since" in capsys.readouterr().out
    assert migrate.main(["--only", "signing-keys", "--again"]) == migrate.DONE
    assert "3 looked at, 0 changed" in capsys.readouterr().out


def test_older_keys_are_taken_over_by_whoever_signs_revokes_or_catches_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = signing.current(), a_key("second", monkeypatch), a_key("third", monkeypatch)
    for kid in (first, second, third):
        older(kid, since=LONG_AGO)
    signing.forget()
    assert signing.current() == third
    assert on_record(third) == (LONG_AGO, None)
    told = world.staff("DELETE", f"/internal/v1/signing-keys/{second}").ok().json
    assert on_record(second) == (LONG_AGO, told["revoked"])
    assert on_record(first) is None
    world.staff("POST", "/internal/v1/catch-ups").ok()
    assert on_record(first) == (LONG_AGO, None)
    assert published(world) == {first, third}


def test_what_is_no_key_of_its_name_is_not_taken_over(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(migrate.operating, "environment", lambda _chosen: None)
    kid = signing.current()
    held = lookup.item(public_keys.signing_key(kid))
    assert held is not None
    for name, body in (("forged", {**held.body, "kid": "forged"}), ("empty", {"kid": "empty"})):
        PublicItem(*public_keys.signing_key(name), body=body).save()
    assert set(looked_up(world)) == {kid}
    assert migrate.main(["--only", "signing-keys"]) == migrate.REFUSED
    assert "1 refused" not in capsys.readouterr().out
    world.staff("POST", "/internal/v1/catch-ups").ok()
    assert on_record("forged") is on_record("empty") is None
