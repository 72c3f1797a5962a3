"""One world and its model, and the comparison of both: what is on record, what is public, and what each road says."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from chalicelib.store import keys, public_keys
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import history, lookup
from infra.check import histories, records
from tests.safety import invariants as must
from tests.safety.invariants import Tally
from tests.safety.model import Certificate, Site
from tests.safety.trouble import Trouble
from tests.world import Answer, Caller, World

FIRST = datetime(2051, 3, 1, 12, tzinfo=UTC)
"""Far ahead: an engine deletes by its own clock what has expired, such as the replies that are kept for thirty days."""
NAMES = ("Meghna Knitting", "Padma Weaving", "Jamuna Dyeing")
MEMBERS = ("maison", "outfit")
TRIES = 60
_FACE = re.compile(r'<section class="panel (\w+)"')


def row(site: int, reference: str, version: int, said: int, members: int) -> dict[str, Any]:
    """A row of a batch: site, reference, version, which of several site data, and which members."""
    fields = {"name": f"{NAMES[site % 3]} {site}-{said}", "country": "BD", "city": f"City{site}{said}"}
    fields |= {
        "contact_email": f"secret{site}-{said}@private.example",
        "contact_name": f"Rahima Hidden{site}{said}",
    }
    audit = {"reference": f"A-{reference}", "scope": "social", "type": "initial", "date": f"2026-01-{1 + said:02}"}
    named = [member for number, member in enumerate(MEMBERS) if members >> number & 1]
    return {"site": f"S-{site}", "version": version, "factory": fields, "member_ids": named, "audit": audit}


class Compared:
    """A world and its model, which must agree after each step."""

    def __init__(self, world: World, tally: Tally) -> None:
        self.world, self.tally = world, tally
        self.now = FIRST
        self.sites: dict[str, Site] = {}
        self.certificates: dict[str, Certificate] = {}
        self.trouble = Trouble()
        self.around_requests: Callable[[bool], None] = lambda _begins: None
        self.steps = 0

    def send(self, caller: Caller, method: str, path: str, body: Any = None, **headers: str) -> tuple[Answer, bool]:
        """Send; again as long as the service cannot say: ``True`` if it had to be sent again."""
        again = False
        for _ in range(TRIES):
            self.around_requests(True)
            try:
                answer = caller(method, path, body, **headers)
            finally:
                self.around_requests(False)
            if answer.status != 503:
                self.tally.must(must.CRASH, answer.status < 500, method, path, answer.status, answer.text[:300])
                return answer, again
            again = True
        raise AssertionError(f"{method} {path}: 503, {TRIES} times")

    def place(self, name: str) -> str:
        """Where the record of a site is."""
        return f"/internal/v1/factories/{self.sites[name].factory_id}"

    def shown_value(self, site: Site, field: str) -> str:
        """What a field of a site holds."""
        return site.own.get(field) or self._fields(site)[field]

    def _fields(self, site: Site) -> dict[str, str]:
        number = next(int(name[2:]) for name, each in self.sites.items() if each is site)
        return dict(row(number, "", 1, site.said, 0)["factory"])

    def stands_for(self, name: str) -> str:
        """The site that a merged one leads to, else itself."""
        return next((each for each, site in self.sites.items() if name in site.led), name)

    # Comparing -----------------------------------------------------------------------------------------------------

    def compare(self, *names: str) -> None:
        """All that must hold of some sites, and the status of every certificate."""
        self.steps += 1
        self._checked_at_once()
        about = [name for name in names if name in self.sites]
        for name in about:
            self._history(name)
            self._record(self.sites[name])
            self._page(name)
        for name in dict.fromkeys([*about, *map(self.stands_for, about)]):
            self._facts(name)

    def compare_all(self) -> None:
        """What another day changes: the status of every certificate, on every factory, and each by one more road."""
        self.compare()
        for turn, number in enumerate(self.certificates, self.steps):
            self.ask(number, ROADS[turn % len(ROADS)])
        for name in self.sites:
            self._facts(name)

    def ask(self, number: str, *roads: Callable[[Compared, str], str]) -> None:
        """What roads say of one certificate."""
        for road in roads:
            self.tally.same(must.STATUS, road(self, number), self._status(number), number, self.now, road.__name__)

    def _status(self, number: str) -> str:
        return self.certificates[number].status(self.now.date())

    def _get(self, path: str) -> Answer:
        return self.send(self.world.anyone, "GET", path)[0]

    def by_code(self, number: str) -> str:
        """What is said to who asks by the code."""
        return str(self._get(f"/v1/certificates/{self.certificates[number].code}").json["status"])

    def by_number(self, number: str) -> str:
        """What is said to who asks by the number."""
        [only] = self._get(f"/v1/certificates?number={number}").json["results"]
        return str(only["status"])

    def on_the_page(self, number: str) -> str:
        """What stands on the page."""
        [face] = _FACE.findall(self._get(f"/c/{self.certificates[number].code}").text)
        return str(face)

    def _checked_at_once(self) -> None:
        """Every code and every number in one list."""
        wanted = {
            name: self._status(number) for number, each in self.certificates.items() for name in (number, each.code)
        }
        if wanted:
            answer, _ = self.send(self.world.anyone, "POST", "/v1/verify", {"numbers": list(wanted)})
            found = {each["number"]: each["status"] for each in answer.json["results"]}
            self.tally.same(must.STATUS, found, wanted, "/v1/verify", self.now)

    def _history(self, name: str) -> None:
        site = self.sites[name]
        root = self._whole(keys.factory(site.factory_id), site.events)
        said = {member: (link.factory, link.member, link.confirmed, link.ended) for member, link in site.links.items()}
        held = {
            member: (link["factory_agrees"], link["member_agrees"], link["confirmed"], link["ended_by"] or "")
            for member, link in root.body["links"].items()
        }
        self.tally.same(must.LINKS, held, said, "links of", name)
        for each in self.certificates.values():
            if each.site == name and (each.events != each.looked_at or self.steps % 8 == 0):
                each.looked_at = each.events
                told = ["confirmed", *["standing"] * (each.events - 1)]
                self._whole(keys.held_certificate(site.factory_id, each.code), told)

    def _whole(self, root: keys.Key, wanted: list[str]) -> RegistryItem:
        item = lookup.item(root)
        assert item is not None
        told = history.of(histories.record_of(item), limit=1000)
        broken = history.first_false(told)
        last = told[-1]["hash"] if told else ""
        self.tally.must(must.CHAIN, broken is None and last == item.event_hash, root, "at event", broken)
        self.tally.same(must.EVENTS, [event["action"] for event in told], wanted, root.pk)
        return item

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
            value = self.shown_value(site, field)
            allowed = site.shows(field)
            self.tally.same(must.PRIVATE, field in page["fields"], allowed, field, "of", name, "on its page")
            if not allowed and site.own.get("city") != value:
                self.tally.must(must.PRIVATE, f'"{value}"' not in text, field, "of", name)
        self.tally.same(must.PRIVATE, bool(page["audits"]), site.shows("audits"), "audits of", name)
        self.tally.same(must.NEWEST, page["fields"]["name"], self._fields(site)["name"], "the name of", name)
        self.tally.same(must.ANSWER, page["state"], site.state, "the state of", name)
        self.tally.same(must.LINKS, [each["member_id"] for each in page["members"]], site.members, "members of", name)

    def _facts(self, name: str) -> None:
        """A factory as anyone gets it: with what stands on the records that were merged into it."""
        parts = {name, *self.sites[name].led}
        told = self._get(f"/v1/factories/{self.sites[name].factory_id}").json
        held = {each.code: self._status(number) for number, each in self.certificates.items() if each.site in parts}
        found = {each["code"]: each["status"] for each in told["certificates"]}
        self.tally.same(must.SHOWN, found.keys(), held.keys(), "certificates of", name)
        self.tally.same(must.STATUS, found, held, "on", name, self.now)
        shown = sorted({member for part in parts for member in self.sites[part].members})
        self.tally.same(must.LINKS, [each["member_id"] for each in told["members"]], shown, "members of", sorted(parts))


ROADS = (Compared.by_code, Compared.by_number, Compared.on_the_page)
"""The roads to the status of one certificate; besides them the list of many and the factory."""
