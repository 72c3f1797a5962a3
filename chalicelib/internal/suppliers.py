"""How a supplier is told to the member that it supplies: as JSON, as a row of a table, as a point on a map."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from chalicelib.domain.certificate import Status, status_on
from chalicelib.domain.disclosure import PublicCertificate
from chalicelib.domain.network import LastAudit, Supplier, expiring, last_audits
from chalicelib.internal import access
from chalicelib.store import codec

_EVER = 40_000  # days: longer than any certificate runs
_SCOPES = ("social", "environmental")
_FIELDS = (
    "name",
    "local_name",
    "aliases",
    "country",
    "address",
    "postal_code",
    "city",
    "region",
    "gln",
    "site",
    "product_categories",
    "processes",
    "workforce",
    "website",
    "contact_name",
    "contact_email",
    "contact_phone",
)
_AUDIT = ("date", "months_ago", "follow_up_usual_by", "re_audit_usual_by")
COLUMNS = (
    "factory_id",
    "url",
    *_FIELDS,
    "latitude",
    "longitude",
    "status",
    "successor",
    "run_by_factory",
    "linked_as",
    "link_since",
    "link_public",
    "member_agrees",
    "factory_agrees",
    *(f"{scope}_audit_{name}" for scope in _SCOPES for name in _AUDIT),
    "certificates_valid",
    "next_certificate_ends",
    "next_certificate_days_left",
    "certificates",
)
"""The columns of a network as a table."""


def url(supplier: Supplier) -> str:
    """The public page of a supplier."""
    return f"{access.SETTINGS.base_url}/f/{supplier.factory_id}"


def fact(supplier: Supplier, today: date) -> dict[str, Any]:
    """A supplier as JSON: its fields, its audits, and its certificates as of today."""
    return {
        "factory_id": supplier.factory_id,
        "linked_as": supplier.linked_as,
        "status": supplier.state.value,
        "successor": supplier.successor,
        "run_by_factory": supplier.run_by_factory,
        "link": codec.to_json(supplier.link),
        **supplier.fields,
        "contact_confirmed_on": supplier.contact_confirmed,
        "audits": codec.to_json(supplier.audits),
        "last_audits": [codec.to_json(last) for last in last_audits(supplier.audits, today)],
        "certificates": [_certificate(each, today) for each in supplier.certificates],
        "url": url(supplier),
    }


def _certificate(each: PublicCertificate, today: date) -> dict[str, Any]:
    status = status_on(each, today)
    return {
        "code": each.code,
        "number": each.number,
        "standard_id": each.standard_id,
        "valid_to": each.valid_to.isoformat(),
        "status": status.value,
        "days_left": (each.valid_to - today).days if status is Status.VALID else None,
        "confirmed_by_certifier": each.confirmed,
    }


def row(supplier: Supplier, today: date) -> list[object]:
    """A supplier as the cells of ``COLUMNS``."""
    place = supplier.fields.get("coordinates") or {}
    lasts = {last.scope: last for last in last_audits(supplier.audits, today)}
    ending = _confirmed(supplier, today)
    cells: dict[str, object] = {
        "factory_id": supplier.factory_id,
        "url": url(supplier),
        **{name: _plain(supplier.fields.get(name)) for name in _FIELDS},
        "latitude": place.get("latitude"),
        "longitude": place.get("longitude"),
        "status": supplier.state.value,
        "successor": supplier.successor,
        "run_by_factory": supplier.run_by_factory,
        "linked_as": supplier.linked_as,
        "link_since": supplier.link.since,
        "link_public": supplier.link.is_public,
        "member_agrees": supplier.link.member_agrees,
        "factory_agrees": supplier.link.factory_agrees,
        "certificates_valid": len(ending),
        "next_certificate_ends": ending[0].valid_to.isoformat() if ending else None,
        "next_certificate_days_left": (ending[0].valid_to - today).days if ending else None,
        "certificates": "; ".join(_said(each, today) for each in supplier.certificates),
        **{f"{scope}_audit_{name}": _of(lasts.get(scope), name) for scope in _SCOPES for name in _AUDIT},
    }
    return [cells[name] for name in COLUMNS]


def _confirmed(supplier: Supplier, today: date) -> list[PublicCertificate]:
    """The certificates that hold today and that their certifier confirmed, the next to end first."""
    return [each for each in expiring(supplier.certificates, today, _EVER) if each.confirmed]


def _said(each: PublicCertificate, today: date) -> str:
    confirmed = "" if each.confirmed else " (declared by the factory)"
    return f"{each.standard_name} {each.number}: {status_on(each, today).value} {each.valid_to.isoformat()}{confirmed}"


def _of(last: LastAudit | None, name: str) -> object:
    value = getattr(last, name) if last else None
    return value.isoformat() if isinstance(value, date) else value


def _plain(value: Any) -> object:
    return ", ".join(value) if isinstance(value, list) else value


def feature(supplier: Supplier, today: date) -> dict[str, Any] | None:
    """A supplier as a feature of GeoJSON (RFC 7946: longitude first); ``None`` where its place is not to be seen."""
    place: Mapping[str, float] | None = supplier.fields.get("coordinates")
    if not place:
        return None
    return {
        "type": "Feature",
        "id": supplier.factory_id,
        "geometry": {"type": "Point", "coordinates": [place["longitude"], place["latitude"]]},
        "properties": {
            "factory_id": supplier.factory_id,
            "name": supplier.fields.get("name"),
            "country": supplier.fields.get("country"),
            "city": supplier.fields.get("city"),
            "status": supplier.state.value,
            "certificates_valid": len(_confirmed(supplier, today)),
            "url": url(supplier),
        },
    }
