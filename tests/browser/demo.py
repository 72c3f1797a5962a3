"""The demo world that the browser tests look at, and what is added to it so that every kind of page is there."""

from __future__ import annotations

import json
import re
import secrets
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from stdnum import ean

from infra.demo.api import Api
from tests.browser.post import PostOffice

_LINK = re.compile(r"https?://\S+/portal/\S+")


@dataclass
class Demo:
    """A running demo: its note, callers of its API, its mailbox, its addresses.

    ``post``: where its mails come whole, if it was started for these tests.
    """

    note: dict[str, Any]
    names: dict[str, str] = field(default_factory=dict)
    post: PostOffice | None = None

    @property
    def base(self) -> str:
        """Where it runs, without a trailing slash."""
        return str(self.note["base_url"])

    def api(self, who: str) -> Api:
        """The API as one of the note's callers: ``ics``, ``member``, ``certifier``, ``staff``."""
        return Api(self.base, self.note["keys"][who])

    def mails_to(self, address: str) -> list[dict[str, Any]]:
        """The mails to an address, the newest last: ``Subject``, ``BodyText`` and more."""
        with urllib.request.urlopen(self.note["mailbox"], timeout=10) as reply:
            accounts = json.load(reply)["messages"]
        return [mail for mails in accounts.values() for mail in mails if address in mail["To"]]

    def link_mailed_to(self, address: str) -> str:
        """The portal link in the newest mail to an address."""
        found = _LINK.search(self.mails_to(address)[-1]["BodyText"])
        assert found, "the mail holds no link"
        return found.group()

    def path(self, template: str) -> str:
        """An address with its names filled in: ``/c/{withdrawn}``."""
        return template.format_map(self.names)

    def url(self, template: str) -> str:
        """The same with the scheme and the host."""
        return self.base + self.path(template)

    def read(self, url: str) -> tuple[int, bytes]:
        """Status and body of a GET."""
        with self.asked(url) as reply:
            return reply.status, reply.read()

    def asked(self, request: str | urllib.request.Request) -> Any:
        """The answer to a request, whatever its status."""
        try:
            return urllib.request.urlopen(request, timeout=20)
        except urllib.error.HTTPError as error:
            return error

    def new_factory(self, site: str, **factory: Any) -> str:
        """A factory from one audit: its Factory ID. The site's number gets an ending that is used once."""
        site = f"{site}-{secrets.token_hex(4)}"
        said = {"name": "Meghna S.T. Screen Ltd", "country": "BD", "address": "12 Mill Road", "city": "Gazipur"}
        audit = {"reference": f"A-{site}", "scope": "social", "type": "initial", "date": "2026-03-03"}
        item = {"site": site, "version": 1, "factory": {**said, **factory}, "member_ids": [], "audit": audit}
        answer = self.api("ics").send("POST", "/internal/v1/audit-syncs", {"items": [item]}, Idempotency_Key=site)
        return str(answer["results"][0]["factory_id"])

    def new_certificate(self, factory_id: str, number: str, **changes: Any) -> str:
        """A certificate that the certifier of the note confirms: its code."""
        body = {
            "factory_id": factory_id,
            "number": f"{number}-{secrets.token_hex(4)}",
            "standard_id": "gots",
            "scope": "Knitting and dyeing",
            "valid_from": "2026-01-01",
            "valid_to": "2099-12-31",
            **changes,
        }
        return str(self.api("certifier").send("POST", "/internal/v1/certificates", body)["code"])


def furnish(demo: Demo) -> None:
    """Fill in ``demo.names``, and add what the demo's note does not name."""
    product: dict[str, Any] = {"brand": "Maison", "name": "Shirt", "category": "apparel", "lots": []}
    product["stages"] = [{"process": "sewing", "factory_id": demo.note["factory"]}]
    own = demo.api("member").send("POST", "/internal/v1/products", product)["product_id"]
    listed = _get(demo, "/v1/directory?country=BD")["results"]
    declared = next(
        each["code"]
        for factory in listed
        for each in _get(demo, f"/v1/factories/{factory['factory_id']}")["certificates"]
        if not each["confirmed_by_certifier"] and each["status"] == "valid"
    )
    gln = f"952{secrets.randbelow(10**9):09}"
    gln += ean.calc_check_digit(gln)
    demo.names.update(
        factory=demo.note["factory"],
        gtin=demo.note["gtin"],
        lot=demo.note["lot"],
        product=own,
        gln=gln,
        bare=demo.new_factory("BROWSER-BARE", name="Bare & Plain Mills Ltd", gln=gln),
        declared=declared,
        **demo.note["certificates"],
        **_fates(demo),
    )


def _fates(demo: Demo) -> dict[str, str]:
    """A factory that closed, one that moved to another's ID and one merged into another, by what became of them."""
    present = demo.new_factory("BROWSER-present", name="Present Mills Ltd")
    said = {"reason": "For the browser tests"}
    acts = {"closed": ("close", {}), "moved": ("move", {"into": present}), "merged": ("merge", {"into": present})}
    became = {state: demo.new_factory(f"BROWSER-{state}", name=f"Once {state.title()} Mills Ltd") for state in acts}
    for state, (action, more) in acts.items():
        path = f"/internal/v1/factories/{became[state]}/{action}"
        demo.api("staff").send("POST", path, {**said, **more})
    return {**became, "present": present}


def _get(demo: Demo, path: str) -> Any:
    with urllib.request.urlopen(demo.base + path, timeout=10) as reply:
        return json.load(reply)
