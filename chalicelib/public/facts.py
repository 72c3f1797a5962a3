"""What the public may know, as JSON. Pages show the same facts from the same types."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from chalicelib import clock
from chalicelib.domain import finding, identity
from chalicelib.domain.certificate import Status, status_on
from chalicelib.domain.disclosure import CertificateAnswer, PublicFactory, PublicProduct, answer_on
from chalicelib.domain.finding import Card
from chalicelib.domain.photo import shown_keys
from chalicelib.public import claims
from chalicelib.public.edge import SETTINGS, url
from chalicelib.web.shown import photo_url

_OWN_NAMES = ("name", "country", "local_name", "aliases")


def certificate(answer: CertificateAnswer, checked_at: datetime) -> dict[str, Any]:
    """One certificate with what it is worth on the day asked; of what was known once, with what is known now."""
    page = answer.certificate
    said = {
        "code": page.code,
        "number": page.number,
        "gdti": page.gdti,
        "standard": {"id": page.standard_id, "name": page.standard_name},
        "certifier": page.certifier,
        "holder": {"factory_id": page.holder_id, "name": page.holder_name},
        "scope": page.scope,
        "products": list(page.products),
        "valid_from": page.valid_from.isoformat(),
        "valid_to": page.valid_to.isoformat(),
        "status": answer.status.value,
        "status_reason": answer.reason,
        "on": answer.day.isoformat(),
        "confirmed_by_certifier": answer.confirmed,
        "history": [
            {
                "standing": change.standing.value,
                "at": change.effective.isoformat(),
                "recorded_at": change.recorded,
                "reason": change.reason or None,
            }
            for change in page.history
        ],
        "checked_at": clock.instant(checked_at),
        "url": url(f"/c/{page.code}"),
    }
    return said if answer.known is None else {**said, **then_and_now(answer)}


def then_and_now(answer: CertificateAnswer) -> dict[str, Any]:
    """Since when the registry knew what; and the answer to the same question by all that it knows now."""
    page, now = answer.certificate, answer_on(answer.certificate, answer.day)
    return {
        "known_at": answer.known,
        "known_now": {
            "status": now.status.value,
            "status_reason": now.reason,
            "confirmed_by_certifier": now.confirmed,
            "registered_at": page.registered_at,
            "confirmed_at": page.confirmed_at,
        },
    }


def unknown(number: str, checked_at: datetime) -> dict[str, Any]:
    """A number that is not on record. That is no judgement."""
    return {"number": number, "status": "unknown", "checked_at": clock.instant(checked_at)}


def factory(page: PublicFactory, checked_at: datetime) -> dict[str, Any]:
    """A factory, with its certificates as of today."""
    shown = {name: value for name, value in page.fields.items() if name not in _OWN_NAMES}
    today = checked_at.date()
    return {
        "factory_id": page.factory_id,
        "status": page.state,
        "status_since": page.state_since,
        "successor": page.successor,
        "merged_from": list(page.merged),
        "moved_from": None if page.former is None else dict(page.former),
        "run_by_factory": page.claimed,
        "name": page.name,
        "names": {
            "legal": page.name,
            "local": page.fields.get("local_name"),
            "aliases": list(page.fields.get("aliases", ())),
        },
        "country": page.country,
        "product_categories": [],
        **shown,
        "certificates": [certificate(answer_on(each, today), checked_at) for each in page.certificates],
        "audits": [
            {"scope": audit.scope, "type": audit.type, "notice": audit.notice, "date": audit.date}
            for audit in page.audits
        ],
        "claims": claims.of_factory(page, today),
        "photos": photos(page),
        "programmes": [{"programme": each, "url": url(f"/f/{page.factory_id}/{each}")} for each in page.programmes],
        "members": [{"member_id": member.member_id, "name": member.name} for member in page.members],
        "sources": {name: dict(source) for name, source in page.sources.items()},
        "updated_at": page.updated_at,
        "url": url(f"/f/{page.factory_id}"),
    }


def photos(page: PublicFactory) -> list[dict[str, Any]]:
    """The photos that a factory shows; none where nothing shows photos."""
    return [
        {"url": photo_url(key), "about": each.about, "width": each.width, "height": each.height}
        for each in page.photos
        if SETTINGS.photos_url
        for key in shown_keys(page.factory_id, each.photo_id)[:1]
    ]


def product(page: PublicProduct, makers: Mapping[str, PublicFactory], checked_at: datetime) -> dict[str, Any]:
    """A product, its stages in order, and the factories that anyone may see."""
    is_gtin = page.product_id.isdigit()
    return {
        "product_id": page.product_id,
        "gtin": page.product_id if is_gtin else None,
        "code": None if is_gtin else page.product_id,
        "brand": page.brand,
        "name": page.name,
        "category": page.category,
        "lots": list(page.lots),
        "stages": [
            {
                "process": stage.process,
                "factory_id": stage.factory_id if stage.factory_id in makers else None,
            }
            for stage in page.stages
        ],
        "factories": [
            factory(makers[factory_id], checked_at) for factory_id in _distinct(page) if factory_id in makers
        ],
        "member_id": page.member_id,
        "claims": claims.of_product(page, makers.values(), checked_at.date()),
        "updated_at": page.updated_at,
        "url": url(identity.product_path(page.product_id)),
    }


def card(found: Card, today: date) -> dict[str, Any]:
    """A factory in a list, with what its certificates are worth on the day."""
    factory_id = found["factory_id"]
    held = finding.terms(found)
    valid = [term.standard_id for term in held if finding.holds(term, today)]
    declared = [term for term in held if not term.confirmed and status_on(term, today) is Status.VALID]
    passed = ("factory_id", "name", "local_name", "aliases", "country", "city", "state", "state_since", "successor")
    return {
        **{name: found[name] for name in (*passed, "product_categories")},
        "certificates": len(held),
        "certificates_valid": len(valid),
        "certificates_declared": len(declared),
        "standards_valid": sorted(set(valid)),
        "shown_id": identity.shown(factory_id),
        "url": url(f"/f/{factory_id}"),
    }


def _distinct(page: PublicProduct) -> list[str]:
    return list(dict.fromkeys(stage.factory_id for stage in page.stages))
