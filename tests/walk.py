"""The main job done by its people, over HTTP: from the first key to a product whose factory anyone can look up."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from infra.demo.api import Api

SITE = "ICS-BD-00417"
GTIN = "04006381333931"
INVITED = "office@kolmilata.example"
PRIVATE_EMAIL = "rokeya.for.partners.only@kolmilata.example"
PRIVATE_ADDRESS = "Plot 77 Kashimpur Road"
TOKEN = re.compile(r"/portal/invitations/([A-Za-z0-9_-]{40,50})")
BATCH = {
    "items": [
        {
            "site": SITE,
            "version": 1,
            "factory": {
                "name": "Kolmilata Knit Composite Ltd.",
                "country": "BD",
                "address": PRIVATE_ADDRESS,
                "city": "Gazipur",
                "contact_email": PRIVATE_EMAIL,
            },
            "member_ids": ["maison-lumiere"],
            "audit": {
                "reference": "A-2026-000417",
                "scope": "social",
                "type": "initial",
                "notice": "semi_announced",
                "date": "2026-02-11",
            },
        }
    ]
}


@dataclass(frozen=True)
class Walked:
    """Who took part, by key or session, and what came of it. ``token``: of the accepted invitation."""

    staff: Api
    ics: Api
    member: Api
    certifier: Api
    factory: Api
    visitor: Api
    factory_id: str
    certificate: dict[str, Any]
    token: str
    stale_etag: str

    def certify(self, number: str) -> dict[str, Any]:
        """Confirm a certificate that holds today."""
        return certify(self.certifier, self.factory_id, number)


def walk(base: str, first_key: str, mails: Callable[[], list[dict[str, Any]]]) -> Walked:
    """Take the internal surface at ``base`` from its first staff key to a public factory with all that is its own."""
    staff = Api(base, first_key)
    staff.send("PUT", "/internal/v1/members/maison-lumiere", {"name": "Maison Lumière", "country": "FR"})
    staff.send("PUT", "/internal/v1/certifiers/trueweave", {"name": "Trueweave Certification", "country": "NL"})
    standard = {"name": "Global Organic Textile Standard", "short_name": "GOTS", "owner": "Global Standard gGmbH"}
    staff.send("PUT", "/internal/v1/standards/gots", standard)
    ics, member, certifier = (
        Api(base, staff.send("POST", "/internal/v1/keys", {"kind": kind, "tenant": tenant})["key"])
        for kind, tenant in (("ics", "ics"), ("member", "maison-lumiere"), ("certifier", "trueweave"))
    )
    factory_id = sync(ics, "night-1")[0]["factory_id"]
    invitation = {"email": INVITED, "factory_id": factory_id, "language": "en"}
    invited = member.send("POST", "/internal/v1/invitations", invitation)
    assert invited["mail"] == "sent", invited
    (mail,) = [mail for mail in mails() if INVITED in mail["To"]]
    (token,) = set(TOKEN.findall(mail["BodyText"]))
    visitor = Api(base)
    answer, headers = visitor.call("POST", "/internal/v1/invitations/accept", {"token": token})
    factory = Api(base, session=headers["Set-Cookie"].partition(";")[0], csrf=answer["csrf_token"])
    stale = complete(factory, f"/internal/v1/factories/{factory_id}")
    certificate = certify(certifier, factory_id, "GOTS-2026-0417")
    product = {
        "brand": "Maison Lumière",
        "name": "Jersey T-shirt",
        "category": "clothing",
        "lots": ["L26"],
        "stages": [{"process": "sewing", "factory_id": factory_id}],
    }
    member.send("PUT", f"/internal/v1/products/{GTIN}", product)
    return Walked(staff, ics, member, certifier, factory, visitor, factory_id, certificate, token, stale)


def sync(ics: Api, key: str) -> list[dict[str, Any]]:
    """Push the batch; the result of each row."""
    results: list[dict[str, Any]] = ics.send("POST", "/internal/v1/audit-syncs", BATCH, Idempotency_Key=key)["results"]
    return results


def complete(factory: Api, path: str) -> str:
    """The factory describes itself and keeps its address to itself; says the ETag of before."""
    _, headers = factory.call("GET", path)
    described = {"descriptions": {"en": "We knit, dye and sew cotton jersey."}, "workforce": "1001-5000"}
    factory.send("PATCH", path, described, If_Match=headers["ETag"])
    factory.send("PUT", f"{path}/privacy", {"address": "private", "contact_email": "private"})
    return headers["ETag"]


def certify(certifier: Api, factory_id: str, number: str) -> dict[str, Any]:
    """Confirm a certificate that holds from a month ago until in eleven."""
    today = date.today()
    body = {
        "factory_id": factory_id,
        "number": number,
        "standard_id": "gots",
        "scope": "Knitting, dyeing, sewing",
        "valid_from": (today - timedelta(days=30)).isoformat(),
        "valid_to": (today + timedelta(days=335)).isoformat(),
    }
    made: dict[str, Any] = certifier.send("POST", "/internal/v1/certificates", body)
    return made
