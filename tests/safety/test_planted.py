"""A fault planted for each promise is caught, and named by the promise that it breaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain import audit, disclosure
from chalicelib.domain.factory import Audience
from chalicelib.internal import certificates as certificate_routes
from chalicelib.public import certificate as certificate_pages
from chalicelib.public import facts
from chalicelib.store import batch, reader
from chalicelib.store.registry import audits, certificates, commit, factories, history, replies
from chalicelib.store.registry.commit import Commit
from tests.safety import invariants as must
from tests.safety.day import script
from tests.safety.invariants import ALL, Broken, Tally
from tests.safety.model_run import on_moto

Patch = pytest.MonkeyPatch


def no_condition(patch: Patch) -> None:
    def replaced(self: Commit, item: Any, held_version: int) -> None:
        item.version = held_version + 1
        self._sign(item)
        self.put(item)

    def created(self: Commit, item: Any) -> None:
        self.put(item)

    patch.setattr(Commit, "replace", replaced)
    patch.setattr(Commit, "create", created)


def no_privacy(patch: Patch) -> None:
    patch.setattr(disclosure, "audience_of", lambda *_: Audience.PUBLIC)


def default_privacy(patch: Patch) -> None:
    rules = disclosure.RULES
    patch.setattr(disclosure, "audience_of", lambda _factory, name: rules[name].audience)


def cached_status(patch: Patch) -> None:
    read, kept = reader.certificate, dict[str, Any]()
    patch.setattr(reader, "certificate", lambda code: kept.setdefault(code, read(code)))


def cached_by_number(patch: Patch) -> None:
    read, kept = reader.certificates, dict[str, Any]()
    patch.setattr(reader, "certificates", lambda codes: _as_kept(kept, read(codes)))


def cached_in_a_list(patch: Patch) -> None:
    read, kept = batch.certificates, dict[str, Any]()

    def cached(codes: Any, seconds: float) -> Any:
        pages, lost = read(codes, seconds)
        return _as_kept(kept, pages), lost

    patch.setattr(batch, "certificates", cached)


def _as_kept(kept: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    return {code: kept.setdefault(code, page) for code, page in found.items()}


def cached_page(patch: Patch) -> None:
    show, kept = certificate_pages.show, dict[str, Any]()
    patch.setattr(
        certificate_pages, "show", lambda ask, found, *rest: kept.setdefault(found.code, show(ask, found, *rest))
    )


def cached_on_the_factory(patch: Patch) -> None:
    read, kept = reader.factory, dict[str, Any]()

    def cached(factory_id: str) -> Any:
        found = read(factory_id)
        held = found and tuple(kept.setdefault(each.code, each) for each in found.certificates)
        return found and replace(found, certificates=held)

    patch.setattr(reader, "factory", cached)


def cached_over_midnight(patch: Patch) -> None:
    answer_on, kept = facts.answer_on, dict[Any, Any]()
    patch.setattr(facts, "answer_on", lambda page, *when: kept.setdefault(page, answer_on(page, *when)))


def doubled_event(patch: Patch) -> None:
    append = factories._append

    def twice(transaction: Any, root: Any, record: str, heads: Any, happenings: Any, *rest: Any) -> None:
        append(transaction, root, record, heads, (*happenings, *happenings), *rest)

    patch.setattr(factories, "_append", twice)


def dropped_event(patch: Patch) -> None:
    append = factories._append

    def never(transaction: Any, root: Any, record: str, heads: Any, happenings: Any, *rest: Any) -> None:
        append(transaction, root, record, heads, [each for each in happenings if each.action != "privacy"], *rest)

    patch.setattr(factories, "_append", never)


def no_recognition(patch: Patch) -> None:
    patch.setattr(commit, "_written_by", lambda _raw: None)


def broken_chain(patch: Patch) -> None:
    append = history.appended

    def forgetful(record: str, head: history.Head, *rest: Any) -> Any:
        return append(record, replace(head, hash=history.GENESIS), *rest)

    patch.setattr(history, "appended", forgetful)


def unpublished(patch: Patch) -> None:
    publish = factories._publish

    def only_new(transaction: Any, held: Any, *rest: Any, **more: Any) -> None:
        if held is None or not held.factory.links or len(held.certificates) < 1:
            publish(transaction, held, *rest, **more)

    patch.setattr(factories, "_publish", only_new)


def no_replies(patch: Patch) -> None:
    patch.setattr(replies, "replied", lambda _request: None)
    patch.setattr(audits, "_earlier", lambda _request: {})
    patch.setattr(replies, "remember", lambda _request, reply, *_items: reply)


def any_version(patch: Patch) -> None:
    apply = audit._apply

    def applied(factory: Any, item: Any, new_id: Any) -> Any:
        outcome, why, after = apply(factory, item, new_id)
        if outcome is audit.Outcome.STALE:
            return audit.Outcome.UPDATED, why, audit._updated(replace(factory, ics=None), item)
        return outcome, why, after

    patch.setattr(audit, "_apply", applied)


def anyones_certificate(patch: Patch) -> None:
    patch.setattr(certificates, "own", lambda code, _certifier: certificates._held(code))


def one_side_is_enough(patch: Patch) -> None:
    from chalicelib.domain.factory import Link

    patch.setattr(Link, "is_public", property(lambda link: link.factory_agrees or link.member_agrees))


def audits_revive(patch: Patch) -> None:
    links = audit._links

    def revived(factory: Any, audits: Any) -> Any:
        going_on = {member: link for member, link in factory.links.items() if link.ended is None}
        return links(replace(factory, links=going_on), audits)

    patch.setattr(audit, "_links", revived)


def crash(patch: Patch) -> None:
    def fails(_found: Any) -> Any:
        raise KeyError("code")

    patch.setattr(certificate_routes, "_body", fails)


PLANTED: dict[str, tuple[Callable[[Patch], None], str]] = {
    "a condition that is dropped": (no_condition, must.EVENTS),
    "a privacy check that is skipped": (no_privacy, must.PRIVATE),
    "a decision of the factory that is ignored": (default_privacy, must.PRIVATE),
    "a status that is cached": (cached_status, must.STATUS),
    "a status that is cached by number": (cached_by_number, must.STATUS),
    "a status that is cached in a list": (cached_in_a_list, must.STATUS),
    "a page of a certificate that is cached": (cached_page, must.STATUS),
    "a status that is cached on the factory": (cached_on_the_factory, must.STATUS),
    "a status on the factory that is kept over midnight": (cached_over_midnight, must.STATUS),
    "an event that is doubled": (doubled_event, must.EVENTS),
    "an event that is left out": (dropped_event, must.EVENTS),
    "a lost reply that is not recognised": (no_recognition, must.ANSWER),
    "a chain that forgets": (broken_chain, must.CHAIN),
    "a page that is not written with its record": (unpublished, must.SHOWN),
    "replies that are not kept": (no_replies, must.REPLY),
    "an older version that wins": (any_version, must.NEWEST),
    "a certificate that any certifier may suspend": (anyones_certificate, must.WHO),
    "a link that one side shows": (one_side_is_enough, must.LINKS),
    "an ended link that an audit takes up again": (audits_revive, must.LINKS),
    "an error that nobody translates": (crash, must.CRASH),
}


def test_the_script_holds_where_nothing_is_planted() -> None:
    tally = Tally()
    with on_moto(tally) as play:
        script(play)
        play.walk()
    assert {name for name, tried, held in tally.rows() if tried == held > 0} == set(ALL)


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_caught_by_the_name_of_what_it_breaks(fault: str, monkeypatch: Patch) -> None:
    plant, name = PLANTED[fault]
    with on_moto(Tally()) as play:
        plant(monkeypatch)
        with pytest.raises(Broken, match=f"^{name}: "):
            script(play)


def test_a_fault_is_planted_for_every_promise() -> None:
    assert {name for _, name in PLANTED.values()} == set(ALL)
