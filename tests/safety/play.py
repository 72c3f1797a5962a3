"""Does to the service over HTTP what people and machines do, does the same to the model, and compares both."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.domain.errors import Unavailable
from chalicelib.store import keys, public_keys
from chalicelib.store.registry import history, lookup, sequencer
from chalicelib.store.registry.commit import Commit
from infra.check import histories, records, report
from infra.check.report import Found
from tests.safety import invariants as must
from tests.safety.invariants import Tally
from tests.safety.model import Certificate, Link, Site
from tests.world import Answer, Caller, World

FIRST = datetime(2051, 3, 1, 12, tzinfo=UTC)
"""Far ahead: an engine deletes by its own clock what has expired, such as the replies that are kept for thirty days."""
NAMES = ("Meghna Knitting", "Padma Weaving", "Jamuna Dyeing")
MEMBERS = ("maison", "outfit")
SYNCS = "/internal/v1/audit-syncs"
_TRIES = 60


def left_wrong(found: Found) -> list[str]:
    """What is wrong, but for hints to a search (``hints``): these are written after their record, to no harm."""
    hints = ("HALF#", "FACETS country#", "FACETS category#")
    return [f"{each.name} {each.how}" for each in found.told if not each.name.startswith(hints)]


class Rival:
    """What somebody else does, once."""

    def __init__(self, act: Callable[[], None]) -> None:
        self._act: Callable[[], None] | None = act

    def __call__(self) -> None:
        act, self._act = self._act, None
        if act is not None:
            act()


class Trouble:
    """What befalls the next commits. ``throttled``: nothing is written. ``lost``: written, and botocore sends it again.

    ``gone``: written, and nobody learns of it.
    """

    def __init__(self) -> None:
        self.coming: list[str] = []
        self.rival: Rival | None = None

    def around(self, commit: Commit, send: Callable[[Commit], None]) -> None:
        """Send a commit, and let happen to it what is to come."""
        rival, self.rival = self.rival, None
        if rival is not None:
            rival()
        kind = self.coming.pop() if self.coming else ""
        if kind == "throttled":
            raise Unavailable("Throttled.")
        send(commit)
        if kind == "lost":
            send(commit)
        if kind == "gone":
            raise Unavailable("The reply was lost.")


class Play:
    """One world and its model. Each method is a step: done to both, then compared."""

    def __init__(self, world: World, tally: Tally) -> None:
        self.world, self.tally = world, tally
        self.now = FIRST
        self.sites: dict[str, Site] = {}
        self.certificates: dict[str, Certificate] = {}
        self.replies: dict[str, tuple[list[Any], bytes]] = {}
        self.trouble = Trouble()
        self.around_requests: Callable[[bool], None] = lambda _begins: None
        self.steps = 0

    # Sending -------------------------------------------------------------------------------------------------------

    def send(self, caller: Caller, method: str, path: str, body: Any = None, **headers: str) -> tuple[Answer, bool]:
        """Send; again as long as the service cannot say: ``True`` if it had to be sent again."""
        again = False
        for _ in range(_TRIES):
            self.around_requests(True)
            try:
                answer = caller(method, path, body, **headers)
            finally:
                self.around_requests(False)
            if answer.status != 503:
                self.tally.must(must.CRASH, answer.status < 500, method, path, answer.status, answer.text[:300])
                return answer, again
            again = True
        raise AssertionError(f"{method} {path}: 503, {_TRIES} times")

    # Steps ---------------------------------------------------------------------------------------------------------

    def sync(self, rows: list[Any], key: str = "", rival: Rival | None = None) -> None:
        """A batch: of each row the site, reference, version, which of several site data, and which members."""
        key = key or f"batch-{len(self.replies)}"
        items = [self._row(*row) for row in rows]
        answer, _ = self.send(self.world.ics, "POST", SYNCS, {"items": items}, Idempotency_Key=key)
        self.tally.must(must.ANSWER, answer.status == 200, "a batch", answer.status, answer.text)
        if rival is not None:
            rival()  # unless it came between
            self.trouble.rival = None
        self.replies[key] = items, answer.content
        results = answer.json["results"]
        by_site: dict[str, list[int]] = {}
        for index, item in enumerate(items):
            by_site.setdefault(item["site"], []).append(index)
        for name, indexes in by_site.items():
            order = sorted(indexes, key=lambda index: (items[index]["version"], _digest(items[index]), index))
            for index in order:
                self._synced(name, items[index], results[index], rows[index])
        self._compare(*by_site)

    def _row(self, site: int, reference: str, version: int, said: int, members: int) -> dict[str, Any]:
        fields = {"name": f"{NAMES[site % 3]} {site}-{said}", "country": "BD", "city": f"City{site}{said}"}
        fields |= {
            "contact_email": f"secret{site}-{said}@private.example",
            "contact_name": f"Rahima Hidden{site}{said}",
        }
        audit = {"reference": f"A-{reference}", "scope": "social", "type": "initial", "date": f"2026-01-{1 + said:02}"}
        named = [member for number, member in enumerate(MEMBERS) if members >> number & 1]
        return {"site": f"S-{site}", "version": version, "factory": fields, "member_ids": named, "audit": audit}

    def _synced(self, name: str, item: dict[str, Any], result: dict[str, Any], row: tuple[Any, ...]) -> None:
        site = self.sites.setdefault(name, Site(""))
        audit = (item["audit"]["date"], tuple(sorted(item["member_ids"])))
        outcome = site.sync(row[1], row[2], row[3], audit)
        self.tally.same(must.NEWEST, result["outcome"], outcome, "version", row[2], "of", name)
        site.factory_id = site.factory_id or result["factory_id"]
        shown = site.leads_to or site.factory_id
        self.tally.same(must.ANSWER, result["factory_id"], shown, "the Factory ID of", name)

    def repeat(self, key: str) -> None:
        """The same batch under the same key: the same bytes, and nothing changes."""
        items, content = self.replies[key]
        answer, _ = self.send(self.world.ics, "POST", SYNCS, {"items": items}, Idempotency_Key=key)
        self.tally.same(must.REPLY, answer.content, content, key)
        other, _ = self.send(self.world.ics, "POST", SYNCS, {"items": [*items, {}]}, Idempotency_Key=key)
        self.tally.same(must.REPLY, other.status, 422, "another body under", key)
        self._compare(*{item["site"] for item in items})

    def collide(self, row: tuple[int, str, int, int, int], fields: dict[str, str]) -> None:
        """Somebody else changes the record between the moment at which a row's effect is worked out and its commit."""
        name = f"S-{row[0]}"
        if name not in self.sites:
            return self.sync([row])
        rival = Rival(lambda: self._set_private(name, fields))
        self.trouble.rival = rival
        self.sync([row], rival=rival)
        return self._compare(name)

    def edit(self, name: str, city: str) -> None:
        """The factory gives its own word."""
        site, place = self.sites[name], self._path(name)
        for _ in range(_TRIES):
            etag = self.send(self.world.staff, "GET", place)[0].etag
            answer, again = self.send(self.world.staff, "PATCH", place, {"city": city}, If_Match=etag)
            if not (again and answer.status == 412):  # else it was done, and the answer lost: look, and say it anew
                break
        news = not site.leads_to and self._shown_value(site, "city") != city
        self._answered(site, "profile", answer, refused=bool(site.leads_to), news=news)
        if news:
            site.own["city"] = city
        self._compare(name)

    def privacy(self, name: str, fields: dict[str, str]) -> None:
        """The factory decides who sees what."""
        self._set_private(name, fields)
        self._compare(name)

    def _set_private(self, name: str, fields: dict[str, str]) -> None:
        site = self.sites[name]
        answer, _ = self.send(self.world.staff, "PUT", f"{self._path(name)}/privacy", fields)
        news = any(site.audience(each) != value for each, value in fields.items())
        self._answered(site, "privacy", answer, refused=False, news=news)
        if news:
            site.private.update(fields)

    def agree(self, name: str, member: int, side: str, public: bool) -> None:
        """One side says whether a link may show."""
        site, member_id = self.sites[name], MEMBERS[member]
        link = site.links.get(member_id)
        if side == "member":
            caller = (self.world.member, self.world.other_member)[member]
            answer, _ = self.send(caller, "PUT", f"/internal/v1/network/{site.factory_id}", {"public": public})
            refused = bool(site.leads_to) or (link is not None and link.ended == "factory")
            link = link or Link(mandated=False)
        else:
            answer, _ = self.send(self.world.staff, "PUT", f"{self._path(name)}/links/{member_id}", {"public": public})
            refused = link is None or link.ended == "member"
        if refused or link is None:
            self.tally.must(must.WHO, 400 <= answer.status < 500, "a link of", name, answer.status)
            return
        before = (site.links.get(member_id) is not None, link.factory, link.member, link.ended, link.confirmed)
        link.ended = ""
        if side == "member":
            link.member = public
        else:
            link.factory, link.confirmed = public, True
        after = (True, link.factory, link.member, link.ended, link.confirmed)
        site.links[member_id] = link
        self._answered(site, "link", answer, refused=False, news=before != after)
        self._hidden(site, member_id, public, side)
        self._compare(name, *site.led)

    def _hidden(self, site: Site, member_id: str, public: bool, side: str) -> None:
        """Who hides a link means the factory: on the records that were merged into it, too."""
        for name in site.led if not public else ():
            other = self.sites[name]
            link = other.links.get(member_id)
            if link is not None and link.shows:
                link.factory, link.member = link.factory and side != "factory", link.member and side != "member"
                other.events.append("link")

    def merge(self, name: str, into: str) -> None:
        """Two records of one factory become one."""
        one, other = self.sites[name], self.sites[into]
        body = {"into": other.factory_id, "reason": "Twins"}
        answer, _ = self.send(self.world.staff, "POST", f"{self._path(name)}/merge", body)
        done = one.leads_to == other.factory_id
        refused = not done and (name == into or bool(one.leads_to or one.led or other.leads_to))
        self._answered(one, "merged", answer, refused=refused, news=not done)
        if not refused and not done:
            one.leads_to = other.factory_id
            other.led.add(name)
            other.events.append("merged_here")
        self._compare(name, into)

    def unmerge(self, name: str) -> None:
        """Undo it."""
        one = self.sites[name]
        answer, _ = self.send(self.world.staff, "POST", f"{self._path(name)}/unmerge", {"reason": "No twins"})
        was = next((each for each, site in self.sites.items() if name in site.led), "")
        self._answered(one, "unmerged", answer, refused=False, news=bool(was))
        if was:
            one.leads_to = ""
            self.sites[was].led.discard(name)
            self.sites[was].events.append("unmerged_here")
        self._compare(*{name, was or name})

    def close(self, name: str) -> None:
        """The factory closed."""
        site = self.sites[name]
        answer, _ = self.send(self.world.staff, "POST", f"{self._path(name)}/close", {"reason": "Closed"})
        refused = bool(site.leads_to)
        self._answered(site, "closed", answer, refused=refused, news=not site.closed)
        site.closed = site.closed or not refused
        self._compare(name)

    def reopen(self, name: str) -> None:
        """It is open again."""
        site = self.sites[name]
        answer, _ = self.send(self.world.staff, "POST", f"{self._path(name)}/reopen", {"reason": "Open"})
        self._answered(site, "reopened", answer, refused=bool(site.leads_to), news=site.closed)
        site.closed = site.closed and bool(site.leads_to)
        self._compare(name)

    def certify(self, name: str, number: int, days: int) -> None:
        """A certifier puts a certificate on record; the same once more is the same one."""
        site, today = self.sites[name], self.now.date()
        known = self.certificates.get(f"N-{number}")
        starts, ends = (
            (known.starts, known.ends) if known else (today + timedelta(days=days), today + timedelta(days=3))
        )
        body = self.world.certificate_body(
            site.factory_id, number=f"N-{number}", valid_from=starts.isoformat(), valid_to=ends.isoformat()
        )
        answer, again = self.send(self.world.certifier, "POST", "/internal/v1/certificates", body)
        if known is not None:
            at_home = known.site == name or (known.site in site.led)
            self.tally.must(must.WHO, answer.status == (200 if at_home else 409), "another holder", answer.text)
        elif site.leads_to:
            self.tally.same(must.WHO, answer.status, 409, "a certificate for a record that leads on")
        else:
            self.tally.must(must.ANSWER, answer.status == 201 or again, "a new certificate", answer.status, answer.text)
            made = Certificate(answer.json["code"], name, starts, ends)
            self.certificates[f"N-{number}"] = made
        self._compare(name)

    def state(self, number: str, standing: str, back: int, foreign: bool) -> None:
        """A certifier suspends, withdraws, reinstates; one whose certificate it is not is refused."""
        each, since = self.certificates[number], self.now.date() - timedelta(days=back)
        body = {"standing": standing, "reason": f"Because {standing}", "effective": since.isoformat()}
        path = f"/internal/v1/certificates/{each.code}/standing"
        answer, _ = self.send(self.world.other_certifier if foreign else self.world.certifier, "POST", path, body)
        if foreign:
            self.tally.same(must.WHO, answer.status, 404, "another certifier's word on", each.code)
        else:
            self.tally.same(must.ANSWER, answer.status, 200, "a statement", answer.text)
            each.state(standing, since, body["reason"])
        self._compare(each.site)

    def later(self, days: int, *, midnight: bool) -> None:
        """The clock goes on: to noon, or to the last second of a day and then over it."""
        self.now = (self.now + timedelta(days=days)).replace(hour=12, minute=0, second=0)
        if midnight:
            self.now = self.now.replace(hour=23, minute=59, second=59)
            self._compare()
            self.now += timedelta(seconds=1)
        self._compare()

    def number(self) -> None:
        """The errand that numbers the log: it runs again if the tables could not be reached."""
        for _ in range(_TRIES):
            try:
                sequencer.run()
                return
            except Unavailable:
                continue

    def walk(self) -> None:
        """All of both tables, by the checker."""
        with tempfile.TemporaryDirectory() as folder:
            tables = self.world.tables
            found = report.walked(tables.client, tables.registry, tables.public, Path(folder) / "check.sqlite")
        self.tally.must(must.SHOWN, not left_wrong(found), found.text)

    # Comparing -----------------------------------------------------------------------------------------------------

    def _answered(self, site: Site, action: str, answer: Answer, *, refused: bool, news: bool) -> None:
        if refused:
            self.tally.same(must.WHO, answer.status, 409, action, "of a record that does not take it", answer.text)
            return
        self.tally.same(must.ANSWER, answer.status, 200, action, answer.text)
        if news:
            site.events.append(action)

    def _compare(self, *names: str) -> None:
        """All that must hold of some sites and of every certificate."""
        self.steps += 1
        for each in self.certificates.values():
            self._status(each)
        for name in names:
            if name in self.sites:
                self._history(name)
                self._record(self.sites[name])
                self._page(name)

    def _status(self, each: Certificate) -> None:
        answer, _ = self.send(self.world.anyone, "GET", f"/v1/certificates/{each.code}")
        self.tally.same(must.STATUS, answer.json["status"], each.status(self.now.date()), each.code, self.now)

    def _history(self, name: str) -> None:
        site = self.sites[name]
        self._whole(keys.factory(site.factory_id), site.events)
        for each in self.certificates.values():
            if each.site == name and (each.events != each.looked_at or self.steps % 8 == 0):
                each.looked_at = each.events
                told = ["confirmed", *["standing"] * (each.events - 1)]
                self._whole(keys.held_certificate(site.factory_id, each.code), told)

    def _whole(self, root: keys.Key, wanted: list[str]) -> None:
        item = lookup.item(root)
        assert item is not None
        told = history.of(histories.record_of(item), limit=1000)
        broken = history.first_false(told)
        last = told[-1]["hash"] if told else ""
        self.tally.must(must.CHAIN, broken is None and last == item.event_hash, root, "at event", broken)
        self.tally.same(must.EVENTS, [event["action"] for event in told], wanted, root.pk)

    def _record(self, site: Site) -> None:
        _, found = records.wrong(keys.factory(site.factory_id))
        wrong = [each for each in found if not each.name.startswith("HALF#")]  # written after their record
        self.tally.must(must.SHOWN, not wrong, *wrong)

    def _page(self, name: str) -> None:
        site = self.sites[name]
        raw = records.raw_items([public_keys.factory_page(site.factory_id)])
        [item] = raw.values()
        text, page = item["body"]["S"], json.loads(item["body"]["S"])
        for field in ("city", "contact_email", "contact_name"):
            value = self._shown_value(site, field)
            allowed = site.shows(field)
            self.tally.same(must.PRIVATE, field in page["fields"], allowed, field, "of", name, "on its page")
            if not allowed and site.own.get("city") != value:
                self.tally.must(must.PRIVATE, f'"{value}"' not in text, field, "of", name)
        self.tally.same(must.PRIVATE, bool(page["audits"]), site.shows("audits"), "audits of", name)
        self.tally.same(must.NEWEST, page["fields"]["name"], self._fields(site)["name"], "the name of", name)
        self.tally.same(must.ANSWER, page["state"], site.state, "the state of", name)
        shown = sorted(member for member, link in site.links.items() if link.shows)
        self.tally.same(must.LINKS, [each["member_id"] for each in page["members"]], shown, "members of", name)
        if not site.leads_to:
            answer, _ = self.send(self.world.anyone, "GET", f"/v1/factories/{site.factory_id}")
            held = {each.code for each in self.certificates.values() if each.site in {name, *site.led}}
            self.tally.same(must.SHOWN, {each["code"] for each in answer.json["certificates"]}, held, name)

    def _shown_value(self, site: Site, field: str) -> str:
        return site.own.get(field) or self._fields(site)[field]

    def _fields(self, site: Site) -> dict[str, str]:
        number = next(int(name[2:]) for name, each in self.sites.items() if each is site)
        return dict(self._row(number, "", 1, site.said, 0)["factory"])

    def _path(self, name: str) -> str:
        return f"/internal/v1/factories/{self.sites[name].factory_id}"


@contextmanager
def playing(world: World, tally: Tally) -> Iterator[Play]:
    """A world whose clock the play sets, and whose commits meet with its trouble."""
    play, send = Play(world, tally), Commit._send

    def troubled(commit: Commit) -> None:
        play.trouble.around(commit, send)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: play.now)
        patch.setattr(Commit, "_send", troubled)
        yield play


def _digest(item: dict[str, Any]) -> str:
    audit = item["audit"]
    return json.dumps([item["factory"], audit["scope"], audit["type"], audit["date"]], sort_keys=True)
