"""Does to the service over HTTP what people and machines do, does the same to the model, and lets both be compared."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.domain.errors import Unavailable
from chalicelib.store.registry import sequencer
from chalicelib.store.registry.commit import Commit
from infra.check import report
from infra.check.report import Found
from tests.safety import invariants as must
from tests.safety.compared import ROADS, TRIES, row
from tests.safety.invariants import Tally
from tests.safety.linking import Linking
from tests.safety.model import Certificate, Site
from tests.safety.trouble import Rival
from tests.world import World

SYNCS = "/internal/v1/audit-syncs"


def left_wrong(found: Found) -> list[str]:
    """What is wrong, but for hints to a search (``hints``): these are written after their record, to no harm."""
    hints = ("HALF#", "FACETS country#", "FACETS category#")
    return [f"{each.name} {each.how}" for each in found.told if not each.name.startswith(hints)]


class Play(Linking):
    """One world and its model. Each method is a step: done to both, then compared."""

    def __init__(self, world: World, tally: Tally) -> None:
        super().__init__(world, tally)
        self.replies: dict[str, tuple[list[Any], bytes]] = {}

    def sync(self, rows: list[Any], key: str = "", rival: Rival | None = None) -> None:
        """A batch: of each row the site, reference, version, which of several site data, and which members."""
        key = key or f"batch-{len(self.replies)}"
        items = [row(*each) for each in rows]
        answer, again = self.send(self.world.ics, "POST", SYNCS, {"items": items}, Idempotency_Key=key)
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
                self._synced(name, items[index], results[index], rows[index], again=again)
        self.compare(*by_site)

    def _synced(
        self, name: str, item: dict[str, Any], result: dict[str, Any], said: tuple[Any, ...], *, again: bool
    ) -> None:
        """``again``: a row that changed nothing is judged anew, and may be older than what the lost try applied."""
        site = self.sites.setdefault(name, Site(""))
        audit = (item["audit"]["date"], tuple(sorted(item["member_ids"])))
        outcome = site.sync(said[1], said[2], said[3], audit)
        if again and outcome == "unchanged" and result["outcome"] == "stale":
            outcome = "stale"
        self.tally.same(must.NEWEST, result["outcome"], outcome, "version", said[2], "of", name)
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
        self.compare(*{item["site"] for item in items})

    def collide(self, said: tuple[int, str, int, int, int], fields: dict[str, str]) -> None:
        """Somebody else changes the record between the moment at which a row's effect is worked out and its commit."""
        name = f"S-{said[0]}"
        if name not in self.sites:
            return self.sync([said])
        rival = Rival(lambda: self._set_private(name, fields))
        self.trouble.rival = rival
        self.sync([said], rival=rival)
        return self.compare(name)

    def edit(self, name: str, city: str) -> None:
        """The factory gives its own word."""
        site, place = self.sites[name], self.place(name)
        for _ in range(TRIES):
            etag = self.send(self.world.staff, "GET", place)[0].etag
            answer, again = self.send(self.world.staff, "PATCH", place, {"city": city}, If_Match=etag)
            if not (again and answer.status == 412):  # else it was done, and the answer lost: look, and say it anew
                break
        news = not site.leads_to and self.shown_value(site, "city") != city
        self._answered(site, "profile", answer, refused=bool(site.leads_to), news=news)
        if news:
            site.own["city"] = city
        self.compare(name)

    def privacy(self, name: str, fields: dict[str, str]) -> None:
        """The factory decides who sees what."""
        self._set_private(name, fields)
        self.compare(name, *self.sites[name].led)

    def _set_private(self, name: str, fields: dict[str, str]) -> None:
        site = self.sites[name]
        answer, _ = self.send(self.world.staff, "PUT", f"{self.place(name)}/privacy", fields)
        for other in (self.sites[each] for each in site.led):
            if other.shows("audits") and fields.get("audits", "public") != "public":
                other.private["audits"] = fields["audits"]
                other.events.append("privacy")
        news = any(site.audience(each) != value for each, value in fields.items())
        self._answered(site, "privacy", answer, refused=False, news=news)
        if news:
            site.private.update(fields)

    def merge(self, name: str, into: str) -> None:
        """Two records of one factory become one."""
        one, other = self.sites[name], self.sites[into]
        body = {"into": other.factory_id, "reason": "Twins"}
        answer, _ = self.send(self.world.staff, "POST", f"{self.place(name)}/merge", body)
        done = one.leads_to == other.factory_id
        refused = not done and (name == into or bool(one.leads_to or one.led or other.leads_to))
        self._answered(one, "merged", answer, refused=refused, news=not done)
        if not refused and not done:
            one.leads_to = other.factory_id
            other.led.add(name)
            other.events.append("merged_here")
        self.compare(name, into)

    def unmerge(self, name: str) -> None:
        """Undo it."""
        one = self.sites[name]
        answer, _ = self.send(self.world.staff, "POST", f"{self.place(name)}/unmerge", {"reason": "No twins"})
        was = next((each for each, site in self.sites.items() if name in site.led), "")
        self._answered(one, "unmerged", answer, refused=False, news=bool(was))
        if was:
            one.leads_to = ""
            self.sites[was].led.discard(name)
            self.sites[was].events.append("unmerged_here")
        self.compare(*{name, was or name})

    def close(self, name: str) -> None:
        """The factory closed."""
        site = self.sites[name]
        answer, _ = self.send(self.world.staff, "POST", f"{self.place(name)}/close", {"reason": "Closed"})
        refused = bool(site.leads_to)
        self._answered(site, "closed", answer, refused=refused, news=not site.closed)
        site.closed = site.closed or not refused
        self.compare(name)

    def reopen(self, name: str) -> None:
        """It is open again."""
        site = self.sites[name]
        answer, _ = self.send(self.world.staff, "POST", f"{self.place(name)}/reopen", {"reason": "Open"})
        self._answered(site, "reopened", answer, refused=bool(site.leads_to), news=site.closed)
        site.closed = site.closed and bool(site.leads_to)
        self.compare(name)

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
        self.compare(name)

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
        self.ask(number, *ROADS)
        self.compare(each.site)

    def later(self, days: int, *, midnight: bool) -> None:
        """The clock goes on: to noon, or to the last second of a day and then over it."""
        self.now = (self.now + timedelta(days=days)).replace(hour=12, minute=0, second=0)
        if midnight:
            self.now = self.now.replace(hour=23, minute=59, second=59)
            self.compare_all()
            self.now += timedelta(seconds=1)
        self.compare_all()

    def earlier(self) -> None:
        """A clock that is behind answers: by an hour, and after a midnight by a day."""
        self.now -= timedelta(hours=1)
        self.compare_all()

    def number(self) -> None:
        """The errand that numbers the log: it runs again if the tables could not be reached."""
        for _ in range(TRIES):
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
