"""Loads the demo world through the internal API: the same road that ICS, members, certifiers and factories take."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from tqdm import tqdm

from infra.demo import climate, lessons, log, scans, standards, world
from infra.demo.afterwards import Afterwards
from infra.demo.api import Api, Refused
from infra.demo.brands import Brands
from infra.demo.claims import Claiming
from infra.demo.efficiency import Efficiency
from infra.demo.watching import Watchers

_TOKEN = re.compile(r"/portal/invitations/([A-Za-z0-9_-]{40,50})")
_BATCH = 200
_Row = TypeVar("_Row")


@dataclass
class Loaded:
    """What came of loading: keys by tenant, Factory IDs by ICS site, certificates and products as answered."""

    keys: dict[str, str] = field(default_factory=dict)
    factories: dict[str, str] = field(default_factory=dict)
    certificates: list[dict[str, Any]] = field(default_factory=list)
    products: list[dict[str, Any]] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    rejects: list[str] = field(default_factory=list)


def colleague(kind: str, tenant: str) -> str:
    """The address of somebody who acts for an organisation of the demo world."""
    several = ("member", "certifier", "organiser", "owner")
    return f"team@{tenant}.example" if kind in several else f"{kind}@registry.example"


class Loader:
    """Loads everything, in the order in which it happens in life."""

    def __init__(self, base: str, staff_key: str, mails: Callable[[], list[dict[str, Any]]], today: date) -> None:
        """``mails()`` reads the local mailbox, since an invitation's token stands nowhere else."""
        self._base, self._mails, self._today = base, mails, today
        self._staff = Api(base, staff_key)
        self._run: dict[str, Api] = {}
        self.loaded = Loaded(keys={"staff": staff_key})

    def run(self) -> Loaded:
        """Load the world; shows a progress bar for each part."""
        self._organisations()
        self._audits()
        self._certificates()
        self._profiles()
        self._products()
        self._afterwards()
        self._claims()
        self._log()
        return self.loaded

    def _organisations(self) -> None:
        for entry in _bar(standards.entries(self._today), "standards"):
            standards.put(self._staff, entry)
        for kind in ("members", "certifiers"):
            for each in _bar(world.read(kind, self._today), kind):
                body = {name: value for name, value in each.items() if name != "id"}
                self._staff.send("PUT", f"/internal/v1/{kind}/{each['id']}", body)
                self._make_key(kind.removesuffix("s"), each["id"])
        self._make_key("ics", "ics")
        for standard_id in standards.owned(self._today):
            self._make_key("owner", standard_id)
        standards.review(self._base, self.loaded.keys, self._today)
        for kind, tenant in self._teams():
            body = {"kind": kind, "tenant": tenant, "email": colleague(kind, tenant)}
            self._staff.send("POST", "/internal/v1/people", body)

    def _teams(self) -> list[tuple[str, str]]:
        """Each organisation, and staff: somebody acts for each of them in the portal."""
        kinds = [("member", "members"), ("certifier", "certifiers")]
        held = [(kind, each["id"]) for kind, file in kinds for each in world.read(file, self._today)]
        owners = [("owner", standard_id) for standard_id in standards.owned(self._today)]
        return [*held, *owners, ("ics", "ics"), ("staff", "staff")]

    def _make_key(self, kind: str, tenant: str) -> None:
        made = self._staff.send("POST", "/internal/v1/keys", {"kind": kind, "tenant": tenant})
        self.loaded.keys[tenant] = made["key"]

    def _audits(self) -> None:
        ics = Api(self._base, self.loaded.keys["ics"])
        items = world.read("audits", self._today)
        with _shown(items, "audits") as bar:
            for start in range(0, len(items), _BATCH):
                self._sync(ics, f"demo-audits-{start}", items[start : start + _BATCH])
                bar.update(len(items[start : start + _BATCH]))
        awkward = world.read("awkward", self._today)
        results = self._sync(ics, "demo-awkward", [row["item"] for row in awkward])
        for row, result in zip(_bar(awkward, "awkward rows"), results, strict=True):
            told = f"{row['why']}: {result['outcome']}" + (f" ({result['detail']})" if result["detail"] else "")
            self.loaded.rejects.append(told)
            if result["outcome"] != row["expect"]:
                raise SystemExit(f"The demo world is broken. Expected {row['expect']}, got: {told}")

    def _sync(self, ics: Api, key: str, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        answer = ics.send("POST", "/internal/v1/audit-syncs", {"items": items}, Idempotency_Key=key)
        for item, result in zip(items, answer["results"], strict=True):
            self.loaded.outcomes[result["outcome"]] += 1
            if result["factory_id"]:
                self.loaded.factories[item["site"]] = result["factory_id"]
        results: list[dict[str, Any]] = answer["results"]
        return results

    def _certificates(self) -> None:
        for row in _bar(world.read("certificates", self._today), "certificates"):
            if row["certifier_id"] is None:
                continue  # declared by the factory itself, once it runs its profile
            certifier = Api(self._base, self.loaded.keys[row["certifier_id"]])
            made = certifier.send("POST", "/internal/v1/certificates", self._certificate(row))
            for change in row["standing"]:
                made = certifier.send("POST", f"/internal/v1/certificates/{made['code']}/standing", change)
            self.loaded.certificates.append(made)

    def _certificate(self, row: dict[str, Any]) -> dict[str, Any]:
        passed = ("number", "standard_id", "scope", "products", "valid_from", "valid_to")
        optional = {"gdti": row["gdti"]} if "gdti" in row else {}
        return {"factory_id": self.loaded.factories[row["site"]], **{name: row[name] for name in passed}, **optional}

    def _profiles(self) -> None:
        declared = [row for row in world.read("certificates", self._today) if row["certifier_id"] is None]
        profiles = world.read("profiles", self._today)
        run = {row["site"] for row in profiles}
        mandates = {
            item["site"]: item["member_ids"] for item in world.read("audits", self._today) if item["member_ids"]
        }
        extra = [
            {"site": site, "member_id": mandates[site][0], "email": f"office-{number}@factory.example", "lang": "en"}
            for number, site in enumerate(sorted({row["site"] for row in declared} - run))
        ]
        for row in _bar([*profiles, *extra], "profiles"):
            self._profile(row, [each for each in declared if each["site"] == row["site"]])

    def _profile(self, row: dict[str, Any], declared: list[dict[str, Any]]) -> None:
        factory_id = self.loaded.factories[row["site"]]
        member = Api(self._base, self.loaded.keys[row["member_id"]])
        invitation = {"email": row["email"], "factory_id": factory_id, "language": row["lang"]}
        member.send("POST", "/internal/v1/invitations", invitation)
        factory = self._run[row["site"]] = self._accept(row["email"])
        path = f"/internal/v1/factories/{factory_id}"
        _, headers = factory.call("GET", path)
        if row.get("profile"):
            factory.send("PATCH", path, row["profile"], If_Match=headers["ETag"])
        if row.get("privacy"):
            factory.send("PUT", f"{path}/privacy", row["privacy"])
        if row.get("public_link"):
            factory.send("PUT", f"{path}/links/{row['member_id']}", {"public": True})
            member.send("PUT", f"/internal/v1/network/{factory_id}", {"public": True})
        for number, certificate in enumerate(declared):
            certifiers = world.read("certifiers", self._today)
            body = {**self._certificate(certificate), "certifier": certifiers[number % len(certifiers)]["name"]}
            self.loaded.certificates.append(factory.send("POST", "/internal/v1/certificates", body))

    def _accept(self, email: str) -> Api:
        mail = next(mail for mail in reversed(self._mails()) if email in mail["To"])
        token = _TOKEN.search(mail["BodyText"])
        if token is None:
            raise SystemExit(f"The invitation to {email} holds no link.")
        visitor = Api(self._base)
        answer, headers = visitor.call("POST", "/internal/v1/invitations/accept", {"token": token.group(1)})
        return Api(self._base, session=headers["Set-Cookie"].partition(";")[0], csrf=answer["csrf_token"])

    def _products(self) -> None:
        for row in _bar(world.read("products", self._today), "products"):
            member = Api(self._base, self.loaded.keys[row["member_id"]])
            body = {name: row[name] for name in ("brand", "name", "category", "lots")}
            body["stages"] = [
                {"process": stage["process"], "factory_id": self.loaded.factories[stage["site"]]}
                for stage in row["stages"]
            ]
            where = f"/internal/v1/products/{row['gtin']}" if row["gtin"] else "/internal/v1/products"
            self.loaded.products.append(member.send("PUT" if row["gtin"] else "POST", where, body))

    def _afterwards(self) -> None:
        climate.play(_bar(world.read("climate", self._today), "climate plans"), self.loaded.factories, self._run)
        named = Brands(self._base, self.loaded.keys, self.loaded.factories, self._run)
        named.play(world.read("brands", self._today), self._accept, _bar)
        told = world.read("afterwards", self._today)
        ics = Api(self._base, self.loaded.keys["ics"])
        self._sync(ics, "demo-afterwards", told["audits"])
        for row in told["invitations"]:
            if site := row["invitation"].pop("site", None):
                row["invitation"]["factory_id"] = self.loaded.factories[site]
        declared = {each["number"]: each["code"] for each in self.loaded.certificates if not each["confirmed"]}
        watchers = Watchers(self._base, self.loaded.factories, self._mails)
        for row in _bar(world.read("watches", self._today), "watches"):
            watchers.ask(row)
        played = Afterwards(self._base, self.loaded.keys, self.loaded.factories, self._run)
        played.play(told, declared)
        lessons.learn(Api(self._base), self._run, _bar(world.read("learning", self._today), "lessons"))
        self._scans()
        self._efficiency()

    def _log(self) -> None:
        codes = {each["number"]: each["code"] for each in self.loaded.certificates}
        log.play(self._base, self.loaded.keys, codes, world.read("log", self._today), _bar)

    def _scans(self) -> None:
        confirmed = {each["number"]: each["code"] for each in self.loaded.certificates if each["confirmed"]}
        told = world.read("scans", self._today)
        scans.count(_bar(scans.weeks(told, self.loaded.factories, confirmed, self._today), "weeks of scans"))

    def _efficiency(self) -> None:
        told = world.read("efficiency", self._today)
        played = Efficiency(self._base, self._staff, self.loaded.factories, self._run, self._today)
        self.loaded.keys.update(played.organisers(told["organisers"]))
        played.measured(_bar(told["factories"], "readings"))
        played.programmes(_bar(told["programmes"], "programmes"))

    def _claims(self) -> None:
        told, made = world.read("claims", self._today), self.loaded
        claiming = Claiming(self._base, made.keys, made.factories, self._run, made.certificates, made.products)
        for row in _bar(told["claims"], "claims"):
            claiming.make(row)
        for site in told["contacts_confirmed"]:
            claiming.confirm(site, self._mails)


def _bar(rows: list[_Row], name: str) -> Iterable[_Row]:
    bar = _shown(rows, name)
    for row in rows:
        yield row
        bar.update()
    bar.close()


def _shown(rows: Sequence[Any], name: str) -> tqdm[Any]:
    """A progress bar on a terminal; a line in a log."""
    if not sys.stderr.isatty():
        print(f"{name:>14}: {len(rows)}", flush=True)
    return tqdm(total=len(rows), desc=f"{name:>14}", unit="", disable=None)


__all__ = ["Loaded", "Loader", "Refused", "colleague"]
