"""What stays on record of a batch: which Factory IDs are drawn, and what was refused of it."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain import identity
from chalicelib.store.registry import audits as store
from chalicelib.store.registry import factories, syncs
from tests.test_sync_safety import outcomes
from tests.world import PRIVATE_EMAIL, Caller, World, audit_item


def listed(world: World, caller: Caller | None = None, path: str = "/internal/v1/syncs") -> Any:
    return (caller or world.staff).get(path).ok().json


def test_a_batch_is_listed_once_with_its_refusals_however_often_it_is_sent(world: World) -> None:
    items = [audit_item("S-1"), audit_item("S-2", version=0), audit_item("S-1", audit_date="2026-01-03"), {"site": 5}]
    for _ in range(3):
        assert outcomes(world.push(*items, key="k")) == ["created", "rejected", "conflict", "rejected"]
    [sync] = listed(world)["results"]
    assert sync["caller"] == "ics"
    assert sync["by"] == world.ics.key.split("_")[1]
    assert (sync["counts"]["created"], sync["counts"]["rejected"], sync["counts"]["conflict"]) == (1, 2, 1)
    assert [(each["index"], each["site"], each["reference"], each["outcome"]) for each in sync["refusals"]] == [
        (1, "S-2", "A-S-2", "rejected"),
        (2, "S-1", "A-S-1", "conflict"),
        (3, "", "", "rejected"),
    ]
    assert "/version" in sync["refusals"][0]["detail"]
    assert sync["more"] == 0


def test_a_dry_run_is_not_listed(world: World) -> None:
    world.ics("POST", "/internal/v1/audit-syncs?dry_run=1", {"items": [audit_item(), {}]}).ok()
    assert listed(world)["results"] == []


def test_the_newest_batch_comes_first_and_the_list_goes_on_where_it_ended(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(syncs, "PAGE", 2)
    for number in range(5):
        monkeypatch.setattr(syncs.clock, "instant", lambda _now, n=number: f"2026-01-0{n + 1}T00:00:00Z")
        world.push(audit_item(f"S-{number}"), key=f"k{number}").ok()
    monkeypatch.undo()
    monkeypatch.setattr(syncs, "PAGE", 2)
    days, path = [], "/internal/v1/syncs"
    while path:
        page = listed(world, path=path)
        days += [each["at"][:10] for each in page["results"]]
        path = page["next_cursor"] and f"/internal/v1/syncs?cursor={page['next_cursor']}"
    assert days == [f"2026-01-0{n}" for n in (5, 4, 3, 2, 1)]
    assert world.staff.get("/internal/v1/syncs?cursor=x").status == 400


def test_ics_sees_its_own_batches_and_not_another_tenant_s(world: World) -> None:
    made = world.staff("POST", "/internal/v1/keys", {"kind": "ics", "tenant": "other-ics"}).ok()
    other = Caller(world.client, made.json["key"])
    world.push(audit_item("S-1"), key="k").ok()
    world.push(audit_item("S-9"), key="k", caller=other).ok()
    assert [each["caller"] for each in listed(world, other)["results"]] == ["other-ics"]
    assert sorted(each["caller"] for each in listed(world)["results"]) == ["ics", "other-ics"]


def test_a_refusal_keeps_no_content_of_the_row_and_a_flood_of_them_is_counted(world: World) -> None:
    items = [{**audit_item(f"S-{n}"), "score": "gold-star-7781"} for n in range(syncs.MOST_REFUSALS + 7)]
    items[0]["site"] = "\u202eS"
    world.push(*items).ok()
    [sync] = listed(world)["results"]
    assert (len(sync["refusals"]), sync["more"]) == (syncs.MOST_REFUSALS, 7)
    assert sync["refusals"][0]["site"] == ""
    everything = world.tables.everything()
    assert "gold-star-7781" not in everything
    assert PRIVATE_EMAIL not in everything


def test_a_site_gets_the_same_factory_id_in_any_registry_with_the_same_secret() -> None:
    def drawn(*about: str, secret: str = "s") -> str:
        return identity.new_factory_id("BD", identity.drawn(secret, *about))

    assert drawn("site", "S-1", "0") == drawn("site", "S-1", "0")
    assert identity.parse_factory_id(drawn("site", "S-1", "0"))
    others = [drawn("site", "S-2", "0"), drawn("site", "S-1", "1"), drawn("site", "S-1", "0", secret="t")]
    assert len({drawn("site", "S-1", "0"), *others}) == 4
    assert len({drawn("site", f"S-{n}", "0") for n in range(2000)}) == 2000


def test_where_the_id_drawn_is_another_s_the_next_one_is_taken(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    real = identity.drawn
    same = lambda secret, kind, _site, draw: real(secret, kind, "all alike", draw)  # noqa: E731
    monkeypatch.setattr(identity, "drawn", same)
    ids = {world.a_factory(f"S-{n}") for n in range(4)}
    assert len(ids) == 4
    assert {factories.need(each).factory.site for each in ids} == {f"S-{n}" for n in range(4)}


def test_rows_of_a_site_are_committed_alike_whether_the_batch_was_interrupted_or_not(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_ROWS_A_COMMIT", 3)
    items = [audit_item("S-1", n + 1, audit_reference=f"A{n}") for n in range(8)]
    whole = world.push(*items, key="whole").ok().json["results"][0]["factory_id"]
    real, done = factories.commit, []

    def killed(*arguments: Any) -> Any:
        if len(done) == 1:
            raise RuntimeError("killed")
        done.append(1)
        return real(*arguments)

    again = [{**item, "site": "S-2"} for item in items]
    monkeypatch.setattr(factories, "commit", killed)
    assert world.push(*again, key="broken").status == 500
    monkeypatch.setattr(factories, "commit", real)
    broken = world.push(*again, key="broken").ok().json["results"][0]["factory_id"]
    assert factories.need(broken).factory.version == factories.need(whole).factory.version == 3
