"""Sync: what must hold when batches are repeated, broken, late or hostile, over HTTP."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.domain.errors import Unavailable
from chalicelib.internal import audits as route
from chalicelib.store import both_tables, keys, public_keys
from chalicelib.store.registry import commit, factories, history, replies
from tests.stack import Tables
from tests.world import Answer, Caller, World, audit_item


def outcomes(answer: Answer) -> list[str]:
    return [row["outcome"] for row in answer.ok().json["results"]]


def events_of(factory_id: str) -> list[dict[str, Any]]:
    events = history.of(f"FACTORY#{factory_id}", limit=1000)
    assert history.first_false(events) is None
    return events


@pytest.mark.safety("sync.same-key-same-body")
def test_same_key_and_body_gives_the_same_reply_and_one_event(world: World) -> None:
    first = world.push(audit_item(), key="k")
    before = world.tables.everything()
    again = world.push(audit_item(), key="k")
    assert (again.status, again.content) == (first.status, first.content)
    assert outcomes(again) == ["created"]
    assert world.tables.everything() == before
    assert len(events_of(first.json["results"][0]["factory_id"])) == 1


@pytest.mark.safety("sync.same-key-other-body")
def test_same_key_other_body_is_422_and_changes_nothing(world: World) -> None:
    world.push(audit_item(), key="k").ok()
    before = world.tables.everything()
    answer = world.push(audit_item(version=2), key="k")
    assert answer.status == 422
    assert answer.json["status"] == 422
    assert world.tables.everything() == before


@pytest.mark.safety("sync.same-key-other-body")
def test_same_key_other_body_is_422_also_before_the_first_was_answered(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replies, "remember", lambda *_: (_ for _ in ()).throw(RuntimeError("killed")))
    assert world.push(audit_item(), key="k").status == 500
    monkeypatch.undo()
    assert world.push(audit_item(version=2), key="k").status == 422


@pytest.mark.safety("mechanisms.idempotency-record")
@pytest.mark.parametrize("answered", [True, False], ids=["it was answered", "its reply was not kept"])
@pytest.mark.parametrize("later", [timedelta(minutes=11), timedelta(days=29)], ids=str)
def test_a_request_sent_again_when_dynamodb_has_long_forgotten_its_token_gets_what_the_first_one_got(
    world: World, monkeypatch: pytest.MonkeyPatch, answered: bool, later: timedelta
) -> None:
    if answered:
        first = world.push(audit_item(), key="k").ok()
    else:
        monkeypatch.setattr(replies, "remember", lambda *_: (_ for _ in ()).throw(RuntimeError("killed")))
        assert world.push(audit_item(), key="k").status == 500
        monkeypatch.undo()
    then = clock.now() + later
    _expired(world.tables, then)
    monkeypatch.setattr(clock, "now", lambda: then)
    before = world.tables.everything()
    again = world.push(audit_item(), key="k")
    assert outcomes(again) == ["created"]
    assert len(events_of(again.json["results"][0]["factory_id"])) == 1
    if answered:
        assert again.content == first.content
        assert world.tables.everything() == before


def _expired(tables: Tables, then: datetime) -> None:
    """Take away what DynamoDB takes away by then."""
    for name in (tables.registry, tables.public):
        for item in tables.scan(name):
            if "expires" in item and int(item["expires"]["N"]) < then.timestamp():
                tables.client.delete_item(TableName=name, Key={part: item[part] for part in ("pk", "sk")})


@pytest.mark.safety("mechanisms.monotonic-upsert", "mechanisms.idempotency-record")
def test_what_became_of_a_row_is_written_in_the_very_transaction_of_its_record_event_and_page(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    transact, sent = both_tables.transact, []

    def noted(actions: Any, token: str) -> None:
        sent.append([_place(action) for action in actions])
        transact(actions, token)

    monkeypatch.setattr(both_tables, "transact", noted)
    world.push(audit_item("S-1"), audit_item("S-2"), key="k").ok()
    monkeypatch.undo()
    ids = {row["factory_id"] for row in world.push(audit_item("S-1"), audit_item("S-2"), key="k").json["results"]}
    with_rows = [places for places in sent if any(sk.startswith("ROW#") for _, sk in places)]
    assert len(with_rows) == len(ids) == 2
    for places in with_rows:
        [factory_id] = [each for each in ids if keys.factory(each) in places]
        assert sum(sk.startswith("ROW#") for _, sk in places) == 1
        assert {keys.event(f"FACTORY#{factory_id}", 1), public_keys.factory_page(factory_id)} <= set(places)


def _place(action: dict[str, Any]) -> tuple[str, str]:
    [about] = action.values()
    item = about.get("Item") or about["Key"]
    return item["pk"]["S"], item["sk"]["S"]


@pytest.mark.safety("mechanisms.idempotency-record")
def test_one_key_of_two_callers_is_two_keys(world: World) -> None:
    made = world.staff("POST", "/internal/v1/keys", {"kind": "ics", "tenant": "other-ics"}).ok()
    world.push(audit_item(), key="k").ok()
    assert outcomes(world.push(audit_item("S-9"), key="k", caller=Caller(world.client, made.json["key"]))) == [
        "created"
    ]


def test_without_a_key_a_batch_is_refused(world: World) -> None:
    before = world.tables.scan(world.tables.public)
    for key in ("", "x" * 201):
        answer = world.ics("POST", "/internal/v1/audit-syncs", {"items": [audit_item()]}, Idempotency_Key=key)
        assert answer.status == 400
    assert world.ics("POST", "/internal/v1/audit-syncs", {"items": [audit_item()]}).status == 400
    assert world.tables.scan(world.tables.public) == before


@pytest.mark.safety("sync.older-is-stale", "faults.clocks")
def test_v3_then_v2_v3_stays_and_v2_is_stale(world: World) -> None:
    factory_id = world.a_factory(version=3, audit_date="2026-03-03")
    assert outcomes(world.push(audit_item(version=2, audit_date="2026-02-02"))) == ["stale"]
    assert world.anyone.get(f"/v1/factories/{factory_id}").json["audits"][0]["date"] == "2026-03-03"
    assert len(events_of(factory_id)) == 1


@pytest.mark.safety("sync.conflict")
def test_same_version_other_content_is_a_conflict(world: World) -> None:
    factory_id = world.a_factory()
    assert outcomes(world.push(audit_item(audit_date="2026-01-03"))) == ["conflict"]
    assert world.anyone.get(f"/v1/factories/{factory_id}").json["audits"][0]["date"] == "2026-01-02"


@pytest.mark.safety("sync.one-bad-item")
def test_one_bad_item_the_others_applied_it_rejected_with_its_reason(world: World) -> None:
    answer = world.push(audit_item("S-1"), audit_item("S-2", version=-1), {"site": "S-3"}, 5, audit_item("S-4"))
    assert outcomes(answer) == ["created", "rejected", "rejected", "rejected", "created"]
    results = answer.json["results"]
    assert [row["index"] for row in results] == [0, 1, 2, 3, 4]
    assert "/version" in results[1]["detail"]
    assert all(results[n]["detail"] for n in (1, 2, 3))
    assert answer.json["counts"] == {
        "created": 2, "updated": 0, "unchanged": 0, "stale": 0, "conflict": 0, "rejected": 3,
    }  # fmt: skip


@pytest.mark.safety("sync.too-much")
def test_1_001_items_or_too_many_bytes_is_413(world: World) -> None:
    before = world.tables.everything()
    assert world.push(*[{}] * 1001).status == 413
    raw = b'{"items":[' + b" " * 4_000_001 + b"{}]}"
    answer = world.ics("POST", "/internal/v1/audit-syncs", raw, Idempotency_Key="k")
    assert answer.status == 413
    assert answer.json["status"] == 413
    assert world.tables.everything() == before


@pytest.mark.safety("sync.no-ratings")
@pytest.mark.parametrize("name", ["rating", "score", "Score", "grade", "findings", "result", "audit_score", "verdict"])
def test_a_rating_or_score_in_the_item_is_rejected_never_stored(world: World, name: str) -> None:
    secret = "gold-star-7781"
    in_item = {**audit_item("S-1"), name: secret}
    in_audit = audit_item("S-2")
    in_audit["audit"][name] = secret
    in_factory = audit_item("S-3")
    in_factory["factory"][name] = secret
    answer = world.push(in_item, in_audit, in_factory)
    assert outcomes(answer) == ["rejected"] * 3
    if name.lower() in ("rating", "score", "grade", "findings", "result"):
        assert "never how they went" in answer.json["results"][0]["detail"]
        assert "never how they went" in answer.json["results"][1]["detail"]
    assert secret not in world.tables.everything()


REFUSED: dict[str, dict[str, Any]] = {
    "version 2^63": {"version": 2**63},
    "version 2^53": {"version": 2**53},
    "version 0": {"version": 0},
    "version true": {"version": True},
    "version 1.0": {"version": 1.0},
    "version text": {"version": "1"},
    "year 9999": {"audit_date": "9999-12-31"},
    "year 1": {"audit_date": "0001-01-01"},
    "in the future": {"audit_date": "2099-01-01"},
    "30 February": {"audit_date": "2026-02-30"},
    "no day": {"audit_date": "2026-03"},
    "an unknown country": {"factory": {"name": "N", "country": "XX"}},
    "a lower-case country": {"factory": {"name": "N", "country": "bd"}},
    "no name": {"factory": {"country": "BD"}},
    "an overlong name": {"factory": {"name": "n" * 201, "country": "BD"}},
    "an override in the name": {"factory": {"name": "Mill\u202eliM", "country": "BD"}},
    "a bad GLN": {"factory": {"name": "N", "country": "BD", "gln": "4006381333932"}},
    "a GLN as number": {"factory": {"name": "N", "country": "BD", "gln": 4006381333931}},
    "a scripted website": {"factory": {"name": "N", "country": "BD", "website": "javascript:x"}},
    "NaN-like coordinates": {
        "factory": {"name": "N", "country": "BD", "coordinates": {"latitude": 1e308, "longitude": 0}}
    },
    "a code with blanks": {"audit_scope": "so cial"},
    "a member that is none": {"member_ids": ["../x"]},
    "members as text": {"member_ids": "maison"},
    "51 members": {"member_ids": [f"m{n}" for n in range(51)]},
    "an empty site": {"site": " "},
    "a site as number": {"site": 5},
    "a site with NUL": {"site": "S\u0000"},
    "an unknown member": {"colour": "red"},
    "an unknown member of the audit": {"audit_colour": "red"},
}


@pytest.mark.safety("sync.out-of-bounds")
def test_what_is_out_of_bounds_is_refused_item_by_item(world: World) -> None:
    before = world.tables.scan(world.tables.public)
    items = [audit_item(**{"site": f"S-{n}", **changes}) for n, changes in enumerate(REFUSED.values())]
    results = world.push(*items).ok().json["results"]
    taken = [name for name, row in zip(REFUSED, results, strict=True) if row["outcome"] != "rejected"]
    assert taken == []
    assert all(row["detail"].startswith("/") for row in results)
    assert world.tables.scan(world.tables.public) == before


def test_an_unknown_code_is_kept_and_shown_as_sent(world: World) -> None:
    factory_id = world.a_factory(audit_scope="biodiversity", audit_type="spot_check", audit_notice=None)
    [audit] = world.anyone.get(f"/v1/factories/{factory_id}").ok().json["audits"]
    assert (audit["scope"], audit["type"], audit["notice"]) == ("biodiversity", "spot_check", None)
    assert "biodiversity" in world.anyone.get(f"/f/{factory_id}").text


@pytest.mark.safety("sync.revoked-key")
def test_a_revoked_key_is_401(world: World) -> None:
    prefix = world.ics.key.split("_")[1]
    world.push(audit_item()).ok()
    world.staff("DELETE", f"/internal/v1/keys/{prefix}").ok()
    answer = world.push(audit_item("S-2"))
    assert answer.status == 401
    assert "SITE#S-2" not in {pk for pk, _ in world.tables.keys(world.tables.registry)}


@pytest.mark.safety("sync.reply-lost", "faults.reply-lost")
def test_a_reply_that_was_lost_and_retried_is_applied_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(route, "_stored", lambda _reply: (_ for _ in ()).throw(RuntimeError("lost")))
    assert world.push(audit_item("S-1"), audit_item("S-2"), key="k").status == 500
    monkeypatch.undo()
    before = world.tables.everything()
    answer = world.push(audit_item("S-1"), audit_item("S-2"), key="k")
    assert outcomes(answer) == ["created", "created"]
    assert world.tables.everything() == before
    assert [len(events_of(row["factory_id"])) for row in answer.json["results"]] == [1, 1]


def test_killed_in_mid_batch_and_retried_accepted_items_keep_their_outcome(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, done = factories.commit, []

    def killed(*arguments: Any) -> Any:
        if len(done) == 2:
            raise RuntimeError("killed")
        done.append(1)
        return real(*arguments)

    items = [audit_item(f"S-{n}") for n in range(5)] + [audit_item("S-0", 2)]
    monkeypatch.setattr(factories, "commit", killed)
    assert world.push(*items, key="k").status == 500
    monkeypatch.undo()
    answer = world.push(*items, key="k")
    assert outcomes(answer) == ["created"] * 5 + ["updated"]
    ids = [row["factory_id"] for row in answer.json["results"]]
    assert ids[0] == ids[5]
    assert [len(events_of(factory_id)) for factory_id in ids[:5]] == [2, 1, 1, 1, 1]
    assert world.push(*items, key="k").content == answer.content


def test_a_row_that_contradicted_another_does_so_still_when_its_batch_is_sent_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sent again, it is older than the third row, which was applied meanwhile: so its audit would be taken."""
    real = commit.Commit._send

    def gone(transaction: commit.Commit) -> None:
        real(transaction)
        raise Unavailable("The reply was lost.")

    world.push(audit_item("S-1", 1))
    said = [(2, "A", "One"), (2, "B", "Other"), (3, "C", "Elsewhere")]
    items = [
        audit_item("S-1", version, audit_reference=audit, factory={"name": name, "country": "BD"})
        for version, audit, name in said
    ]
    monkeypatch.setattr(commit.Commit, "_send", gone)
    assert world.push(*items, key="k").status == 503
    monkeypatch.undo()
    answer = world.push(*items, key="k")
    assert sorted(outcomes(answer)) == ["conflict", "updated", "updated"]
    assert len(events_of(answer.json["results"][0]["factory_id"])) == 3


def test_an_item_too_large_for_one_transaction_hinders_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commit, "MOST_ACTIONS", 80)  # what an item may bring must not decide this
    words = [" ".join(f"{letter}{n}x" for n in range(24)) for letter in "ab"]
    crowd = [[f"{letter}-{n}" for n in range(50)] for letter in "abc"]
    world.push(audit_item("S-1", factory={"name": words[0], "country": "BD"}, member_ids=crowd[0])).ok()
    answer = world.push(
        audit_item("S-1", 2, factory={"name": words[1], "country": "BD"}, member_ids=crowd[1]),
        audit_item("S-2"),
        audit_item("S-3", 1, member_ids=crowd[1]),
        audit_item("S-3", 2, member_ids=crowd[2], audit_reference="B"),
    )
    assert answer.status == 200, answer.text
    assert outcomes(answer) == ["rejected", "created", "created", "updated"]
    assert "too many" in answer.json["results"][0]["detail"]


def test_a_name_that_unfolds_hinders_no_other(world_on_either: World) -> None:
    world = world_on_either
    long = {"name": "㌀" * 200, "country": "BD"}
    assert outcomes(world.push(audit_item("S-1", factory=long), audit_item("S-2"))) == ["created", "created"]


def test_a_site_whose_audits_name_a_member_no_more_leaves_that_members_list(world: World) -> None:
    factory_id = world.a_factory(member_ids=["maison", "outfit"])
    place = f"FACTORY#{factory_id}"
    assert {("MEMBER#maison", place), ("MEMBER#outfit", place)} <= world.tables.keys(world.tables.registry)
    world.push(audit_item(version=2, member_ids=["outfit"])).ok()
    listed = {key for key in world.tables.keys(world.tables.registry) if key[1] == place and key[0] != place}
    assert listed == {("MEMBER#outfit", place)}


def test_a_thousand_faults_fit_their_reply(world: World) -> None:
    faulty = [{**{f"{n:04}-{'x' * 90}-{m}": 1 for m in range(30)}} for n in range(1000)]
    answer = world.push(*faulty, key="k").ok()
    assert answer.json["counts"]["rejected"] == 1000
    assert len(answer.content) < 1_000_000
    assert world.push(*faulty, key="k").content == answer.content
    [reply] = [item for item in world.tables.scan(world.tables.registry) if item["sk"]["S"] == "REPLY"]
    assert len(json.dumps(reply)) < 400_000


def test_a_dry_run_says_what_would_happen_and_does_nothing(world: World) -> None:
    factory_id = world.a_factory("S-1")
    before = world.tables.everything()
    body = {"items": [audit_item("S-1"), audit_item("S-1", 2), audit_item("S-new"), {}]}
    answer = world.ics("POST", "/internal/v1/audit-syncs?dry_run=1", body)
    assert outcomes(answer) == ["unchanged", "updated", "created", "rejected"]
    assert [row["factory_id"] for row in answer.json["results"]] == [factory_id, factory_id, None, None]
    assert world.tables.everything() == before


@pytest.mark.parametrize("path", ["/internal/v1/audit-syncs", "/internal/v1/certificates/batch"])
def test_what_is_neither_a_yes_nor_a_no_to_a_dry_run_is_refused_and_nothing_is_done(world: World, path: str) -> None:
    factory_id = world.a_factory()
    certificates = path.endswith("/batch")
    caller = world.certifier if certificates else world.ics
    body = {"rows": [world.certificate_body(factory_id)]} if certificates else {"items": [audit_item("S-new")]}
    before = world.tables.everything()
    for said in ("1", "true", "True", "TRUE"):
        assert outcomes(caller("POST", f"{path}?dry_run={said}", body)) == ["created"]
    for said in ("yes", "2", "", "%201", "on"):
        answer = caller("POST", f"{path}?dry_run={said}", body, Idempotency_Key="k")
        expected = "dry_run is one of 1, true, 0, false."
        assert (answer.status, answer.json["detail"]) == (400, expected)
        assert answer.json["errors"] == [{"pointer": "/dry_run", "detail": expected}]
    assert world.tables.everything() == before
    assert outcomes(caller("POST", f"{path}?dry_run=False", body, Idempotency_Key="k")) == ["created"]
    assert world.tables.everything() != before


def test_a_batch_shuffled_and_split_leaves_the_same_public_page(world: World) -> None:
    items = [
        audit_item(f"S-{site}", version, audit_reference=f"A{reference}", audit_date=f"2026-0{version}-0{reference}")
        for site in (1, 2)
        for version, reference in ((1, 1), (2, 1), (2, 2), (3, 3))
    ]
    world.push(*items).ok()
    for each in (items[::-1], items[3:], items[:3], [items[5]], items[::2]):
        assert set(outcomes(world.push(*each))) <= {"unchanged", "stale"}
    for factory_id in {row["factory_id"] for row in world.push(*items).json["results"]}:
        assert len(events_of(factory_id)) == 4
        audits = world.anyone.get(f"/v1/factories/{factory_id}").json["audits"]
        assert [audit["date"] for audit in audits] == ["2026-03-03", "2026-02-02", "2026-02-01"]


@pytest.mark.safety("sync.other-tenant")
def test_an_item_about_the_factory_of_another_tenant_is_refused_and_tells_nothing_of_it(world: World) -> None:
    made = world.staff("POST", "/internal/v1/keys", {"kind": "ics", "tenant": "other-ics"}).ok()
    other = Caller(world.client, made.json["key"])
    factory_id = world.a_factory()
    taken_over = audit_item("S-1", 9, factory={"name": "Taken over", "country": "BD"})
    before = world.tables.scan(world.tables.public), events_of(factory_id)
    for answer in (
        world.push(taken_over, caller=other),
        world.push(audit_item("S-1"), caller=other),
        world.push(audit_item("S-1", 2, audit_reference="Z"), caller=other),
        other("POST", "/internal/v1/audit-syncs?dry_run=1", {"items": [taken_over]}),
    ):
        assert outcomes(answer) == ["rejected"]
        assert answer.json["results"][0]["factory_id"] is None
        assert factory_id not in answer.text
    assert (world.tables.scan(world.tables.public), events_of(factory_id)) == before
    assert outcomes(world.push(taken_over, audit_item("S-2"), caller=other)) == ["rejected", "created"]
    assert outcomes(world.push(audit_item("S-1", 2))) == ["updated"]
