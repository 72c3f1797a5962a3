"""Many at once, on MiniStack: one wins where one may, and nobody's change is lost."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.domain.audit import Audit, Outcome, RowResult, SyncItem
from chalicelib.domain.certificate import Standing
from chalicelib.domain.errors import Conflict, DomainError, Gone
from chalicelib.domain.word import Word
from chalicelib.internal import access, profiles
from chalicelib.internal import audits as route
from chalicelib.internal.access import Call, Caller
from chalicelib.store import keys, reader
from chalicelib.store.registry import audits, callers, certificates, factories, history, lifecycle, organisations
from chalicelib.store.registry import invitations as invited
from chalicelib.store.registry.certificates import Particulars
from chalicelib.store.registry.history import Actor
from chalicelib.store.registry.replies import Request
from chalicelib.web.request import Ask
from tests.stack import Tables
from tests.world import audit_item

ACTOR = Actor("ics", "ics", "test")
MANY = 16


def at_once(jobs: list[Callable[[], Any]]) -> list[Any]:
    """Run all jobs at one moment, each in a thread; what each returned, or the error that it raised."""
    gate = Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        gate.wait(30)
        try:
            return job()
        except DomainError as error:
            return error

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def row(site: str, version: int, reference: str, day: int, index: int) -> SyncItem:
    audit = Audit(reference, version, "social", "initial", None, f"2026-01-{day:02}", ("maison",))
    return SyncItem(index, site, {"name": f"Mill {site} {version}", "country": "BD"}, audit)


def batch(versions: range) -> list[SyncItem]:
    rows = [(f"S-{site}", version, f"A-{version % 2}", version) for site in range(3) for version in versions]
    return [row(*each, index=number) for number, each in enumerate(rows)]


def sent(rows: list[SyncItem], key: str) -> list[RowResult]:
    digest = hashlib.sha256(key.encode()).hexdigest()
    return audits.apply(rows, Request("ics", key, digest), ACTOR, 4)


def chain(record: str) -> list[dict[str, Any]]:
    found = history.of(record, limit=1000)
    assert history.first_false(found) is None
    return found


def factory_ids(tables: Tables) -> dict[str, str]:
    return {body["site"]: body["factory_id"] for body in tables.bodies(tables.registry, "FACTORY#") if body.get("site")}


def works(token: str) -> bool:
    """Whether an invitation's token could still be accepted."""
    try:
        return invited.by_token(token).state == "pending"
    except Gone:
        return False


def a_factory() -> str:
    [result] = sent([row("S-1", 1, "A", 1, 0)], "make")
    assert result.factory_id is not None
    return result.factory_id


def particulars(number: str = "CU 1") -> Particulars:
    days = date(2026, 1, 1), date(2027, 1, 1)
    return Particulars(number, "gots", "Organic", "sureseal", "Sureseal", "all", (), *days)


@pytest.mark.safety("invitations.one-winner")
def test_of_16_who_accept_one_invitation_at_once_one_wins(ministack: Tables) -> None:
    organisations.put("member", "maison", {"id": "maison", "name": "Maison", "country": "FR"}, ACTOR)
    factory_id = a_factory()
    _, token = invited.invite("maison", "owner@mill.example", "en", factory_id, None, None)
    answers = at_once([lambda: invited.accept(token)] * MANY)
    assert [type(answer) for answer in answers].count(invited.Accepted) == 1
    assert [type(answer) for answer in answers].count(Gone) == MANY - 1
    accepted = [event for event in chain(f"FACTORY#{factory_id}") if event["action"] == "invitation_accepted"]
    assert len(accepted) == 1
    registry = [pk.split("#")[0] for pk, _ in ministack.keys(ministack.registry)]
    assert (registry.count("PERSON"), registry.count("SESSION"), registry.count("TOKEN")) == (1, 1, 0)


@pytest.mark.safety("invitations.one-winner")
def test_of_16_who_accept_an_invitation_to_a_new_factory_one_founds_it(ministack: Tables) -> None:
    organisations.put("member", "maison", {"id": "maison", "name": "Maison", "country": "FR"}, ACTOR)
    _, token = invited.invite("maison", "owner@mill.example", "en", None, "New Mill", "IN")
    answers = at_once([lambda: invited.accept(token)] * MANY)
    [winner] = [answer for answer in answers if isinstance(answer, invited.Accepted)]
    founded = [pk for pk, sk in ministack.keys(ministack.registry) if (pk[:8], sk) == ("FACTORY#", keys.RECORD)]
    assert founded == [f"FACTORY#{winner.factory_id}"]


@pytest.mark.safety("mechanisms.mailed-tokens")
@pytest.mark.usefixtures("ministack")
def test_accepting_and_resending_at_once_leaves_no_token_that_still_works() -> None:
    organisations.put("member", "maison", {"id": "maison", "name": "Maison", "country": "FR"}, ACTOR)
    for number in range(4):
        invitation, token = invited.invite("maison", f"o{number}@mill.example", "en", None, f"Mill {number}", "IN")
        renew = lambda: invited.renew("maison", invitation.invitation_id)  # noqa: B023, E731
        accept = lambda: invited.accept(token)  # noqa: B023, E731
        answers = at_once([renew, accept, renew, accept])
        won = [answer for answer in answers if isinstance(answer, invited.Accepted)]
        renewed = [answer for answer in answers if isinstance(answer, tuple)]
        assert won or renewed
        working = [each for each in (token, *(fresh for _, fresh in renewed)) if works(each)]
        assert len(working) == (0 if won else 1)


@pytest.mark.safety("mechanisms.monotonic-upsert")
def test_the_same_batch_thrice_and_shuffled_and_an_older_one_between_lead_to_one_state(ministack: Tables) -> None:
    older, newer = batch(range(1, 4)), batch(range(1, 8))
    rng = random.Random(5)
    shuffled = [replace(each, index=place) for place, each in enumerate(rng.sample(newer, len(newer)))]
    jobs = [
        lambda: sent(newer, "one"),
        lambda: sent(older, "old"),
        lambda: sent(newer, "one"),
        lambda: sent(shuffled, "shuffled"),
        lambda: sent(newer, "one"),
        lambda: sent(newer, "another key"),
    ]
    answers = at_once(jobs)
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert not [each for answer in answers for each in answer if each.outcome in (Outcome.CONFLICT, Outcome.REJECTED)]
    made = factory_ids(ministack)
    assert set(made) == {"S-0", "S-1", "S-2"}
    for site, factory_id in made.items():
        factory = factories.need(factory_id).factory
        assert {audit.reference: audit.version for audit in factory.audits} == {"A-0": 6, "A-1": 7}
        assert factory.ics is not None
        assert (factory.ics.version, factory.ics.fields["name"]) == (7, f"Mill {site} 7")
        events = chain(f"FACTORY#{factory_id}")
        told = [(event["changes"]["audit"]["to"]["reference"], event["changes"]["version"]) for event in events]
        assert len(told) == len(set(told)), "one event a change"
        page = reader.factory(factory_id)
        assert page is not None
        assert [audit.date for audit in page.audits] == ["2026-01-07", "2026-01-06"]
    assert len([pk for pk, _ in ministack.keys(ministack.public) if pk == "DIRECTORY#"]) == 3
    before = ministack.everything()
    for again in (newer, older, shuffled):
        outcomes = {each.outcome for each in sent(again, f"afterwards {len(again)} {again[0].version}")}
        assert outcomes <= {Outcome.UNCHANGED, Outcome.STALE}
    assert ministack.everything() == before


def test_one_request_that_arrives_many_times_at_once_gets_one_reply_and_makes_one_event(ministack: Tables) -> None:
    content = {"items": [audit_item(f"S-{n % 4}", 1 + n // 4) for n in range(8)]}
    headers = {"content-type": "application/json", "idempotency-key": "k"}
    ask = Ask("POST", "/internal/v1/audit-syncs", {}, {}, headers, json.dumps(content).encode())
    call = Call(ask, Caller("ics", "ics", "test", access.SCOPES["ics"]))
    answers = at_once([lambda: route.audit_sync(call).body] * 6)
    assert len(set(answers)) == 1
    results = json.loads(answers[0])["results"]
    assert [each["outcome"] for each in results] == ["created"] * 4 + ["updated"] * 4
    assert [len(chain(f"FACTORY#{factory_id}")) for factory_id in factory_ids(ministack).values()] == [2] * 4


def test_two_batches_that_bring_the_same_new_site_at_once_make_one_factory(ministack: Tables) -> None:
    jobs = [lambda n=n: sent([row("S-new", 1, f"A-{n}", 1, 0)], f"key-{n}") for n in range(MANY)]
    answers = at_once(jobs)
    results = [each for answer in answers for each in answer]
    assert len({each.factory_id for each in results}) == 1
    assert [each.outcome for each in results].count(Outcome.CREATED) == 1
    assert [each.outcome for each in results].count(Outcome.UPDATED) == MANY - 1
    roots = [pk for pk, sk in ministack.keys(ministack.registry) if pk.startswith("FACTORY#") and sk == keys.RECORD]
    assert len(roots) == 1
    assert len(factories.need(roots[0].partition("#")[2]).factory.audits) == MANY
    assert len(chain(roots[0])) == MANY


@pytest.mark.safety("faults.collision")
@pytest.mark.usefixtures("ministack")
def test_of_many_edits_and_standings_on_one_factory_at_once_none_is_lost() -> None:
    factory_id = a_factory()
    codes = [certificates.register(factory_id, particulars(f"CU {n}"), ACTOR)[0].code for n in range(4)]
    staff = Caller("staff", "staff", "test", access.SCOPES["staff"])
    fields = ["city", "region", "address", "postal_code", "local_name", "website", "contact_name", "contact_phone"]

    def edit(name: str) -> Callable[[], Any]:
        return lambda: profiles.edit(staff, factory_id, {name: f"new {name}"}, None)

    def suspend(code: str, reason: str) -> Callable[[], Any]:
        said = Word(Standing.SUSPENDED, reason, date(2026, 5, 5), date(2026, 5, 5))
        return lambda: certificates.change_standing(code, said, "sureseal", ACTOR)

    standings = [suspend(code, f"reason {n}") for code in codes for n in range(2)]
    answers = at_once([*map(edit, fields), *standings])
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    held = factories.need(factory_id)
    assert {name: held.factory.value(name) for name in fields} == {name: f"new {name}" for name in fields}
    for code in codes:
        told = {change.reason for change in held.certificates[code].history}
        assert told == {"", "reason 0", "reason 1"}
        page = reader.certificate(code)
        assert page is not None
        assert page.history == held.certificates[code].history
        assert len(chain(f"CERTIFICATE#{code}")) == 3
    actions = [event["action"] for event in chain(f"FACTORY#{factory_id}")]
    assert actions.count("profile") == len(fields)
    page = reader.factory(factory_id)
    assert page is not None
    assert page.fields["city"] == "new city"
    assert {each.code: each.history for each in page.certificates} == {
        code: held.certificates[code].history for code in codes
    }


@pytest.mark.safety("faults.collision")
def test_of_many_who_edit_one_version_at_once_one_wins_and_the_others_are_told(ministack: Tables) -> None:
    factory_id = a_factory()
    staff = Caller("staff", "staff", "test", access.SCOPES["staff"])
    jobs = [lambda n=n: profiles.edit(staff, factory_id, {"city": f"City {n}"}, {1}) for n in range(MANY)]
    answers = at_once(jobs)
    assert [isinstance(answer, Conflict) for answer in answers].count(True) == MANY - 1
    assert len(chain(f"FACTORY#{factory_id}")) == 2
    assert ("FACTORY#" + factory_id, "PAGE") in ministack.keys(ministack.public)


def test_one_number_for_two_holders_at_once_is_confirmed_for_one_and_a_conflict_for_the_other(
    ministack: Tables,
) -> None:
    results = [sent([row(f"S-{n}", 1, "A", 1, 0)], f"make {n}")[0] for n in range(4)]
    jobs = [lambda each=each: certificates.register(str(each.factory_id), particulars(), ACTOR) for each in results]
    answers = at_once(jobs)
    assert [type(answer) for answer in answers].count(tuple) == 1
    assert [type(answer) for answer in answers].count(Conflict) == 3
    assert len([pk for pk, _ in ministack.keys(ministack.public) if pk.startswith("NUMBER#")]) == 1


@pytest.mark.usefixtures("ministack")
def test_of_many_keys_made_at_once_two_are_active() -> None:
    answers = at_once([lambda: callers.create_key("ics", "ics", ["audits:write"], "test")] * 8)
    made = [answer for answer in answers if isinstance(answer, tuple)]
    assert len(made) == 2
    assert all(callers.by_key(secret) is not None for _, secret in made)


def test_of_two_records_merged_into_each_other_at_once_one_leads_and_the_other_is_led_to(ministack: Tables) -> None:
    sent([row("S-1", 1, "A", 1, 0), row("S-2", 1, "A", 1, 1)], "make")
    one, other = factory_ids(ministack)["S-1"], factory_ids(ministack)["S-2"]
    pairs = [(one, other), (other, one)] * 4
    jobs = [lambda pair=pair: lifecycle.merge(*pair, "twins", clock.today(), ACTOR) for pair in pairs]
    answers = at_once(jobs)
    refused = [answer for answer in answers if isinstance(answer, Conflict)]
    assert len(refused) == 4
    held = {each: factories.need(each).factory for each in (one, other)}
    [led] = [each for each in held.values() if each.successor]
    assert held[led.successor].successor is None
    assert list(held[led.successor].led) == [led.factory_id]
    assert [each["action"] for each in chain(f"FACTORY#{led.factory_id}")].count("merged") == 1
    assert [each["action"] for each in chain(f"FACTORY#{led.successor}")].count("merged_here") == 1


def test_a_certificate_registered_while_its_holder_is_merged_is_lost_by_neither(ministack: Tables) -> None:
    organisations.put("standard", "gots", {"name": "GOTS", "owner": "G"}, ACTOR)
    sent([row("S-1", 1, "A", 1, 0), row("S-2", 1, "A", 1, 1)], "make")
    one, other = factory_ids(ministack)["S-1"], factory_ids(ministack)["S-2"]
    days = {"valid_from": date(2026, 1, 1), "valid_to": date(2027, 1, 1)}
    said = Particulars("N-1", "gots", "GOTS", "seal", "Seal", "all", (), **days)
    registered, _ = at_once(
        [
            lambda: certificates.register(one, said, ACTOR),
            lambda: lifecycle.merge(one, other, "twins", clock.today(), ACTOR),
        ]
    )
    shown = [page.code for page in reader.factory(other).certificates]
    assert shown == ([] if isinstance(registered, Conflict) else [registered[0].code])


def test_a_key_in_use_while_it_is_revoked_does_not_come_back(ministack: Tables) -> None:
    made = [callers.create_key("ics", f"ics-{number}", ["audits:write"], "test") for number in range(6)]
    uses = [lambda secret=secret: callers.by_key(secret) for _, secret in made]
    ends = [lambda key=key: callers.revoke_key(key.prefix, ACTOR) for key, _ in made]
    at_once([*uses, *ends])
    assert [callers.by_key(secret) for _, secret in made] == [None] * 6
    assert not [each for each in ministack.keys(ministack.registry) if each[0].startswith("KEY#")]
