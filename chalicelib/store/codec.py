"""How our types become the JSON of an item, and back. ``to_json`` serves all; reading is spelled out type by type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any, TypeVar

from chalicelib.domain.certificate import Declared, Standing, StandingChange
from chalicelib.domain.claim import Basis, Claim, Claims, NamedVerifier, Rests, Verification
from chalicelib.domain.disclosure import (
    PublicAudit,
    PublicCertificate,
    PublicFactory,
    PublicMember,
    PublicProduct,
    PublicStage,
)
from chalicelib.domain.photo import Photo
from chalicelib.domain.public_efficiency import Point, PublicEfficiency, PublicIndicator, Recent

Body = dict[str, Any]
_T = TypeVar("_T")


_PLAIN = frozenset({str, int, float, bool, type(None)})


def to_json(value: Any) -> Any:
    """A frozen dataclass, and all that it holds, as JSON. Days become ``YYYY-MM-DD``."""
    if type(value) in _PLAIN:
        return value
    names = _names(value.__class__)
    if names is not None:
        return {name: to_json(getattr(value, name)) for name in names}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): to_json(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(entry) for entry in value]
    return value


def made(kind: type[_T], body: Mapping[str, Any]) -> _T:
    """A record of a dataclass from its members. Those that a later release added, and this one lacks, are left out."""
    try:
        return kind(**body)
    except TypeError:
        read: Any = kind
        known = {name: body[name] for name in _names(read) or () if name in body}
        if len(known) == len(body):
            raise
        return kind(**known)


@cache
def _names(kind: type) -> tuple[str, ...] | None:
    """The fields of a dataclass; ``None`` for any other type."""
    return tuple(each.name for each in fields(kind)) if is_dataclass(kind) else None


def standing_change(body: Body) -> StandingChange:
    """A statement of a certifier."""
    return StandingChange(
        Standing(body["standing"]), body["reason"], date.fromisoformat(body["effective"]), body["recorded"]
    )


def declared(body: Body | None) -> Declared | None:
    """What a holder had declared before its certifier spoke."""
    if body is None:
        return None
    return Declared(date.fromisoformat(body["valid_from"]), date.fromisoformat(body["valid_to"]))


def public_certificate(body: Body) -> PublicCertificate:
    """A certificate as anyone may see it."""
    return made(
        PublicCertificate,
        {
            **body,
            "products": tuple(body["products"]),
            "valid_from": date.fromisoformat(body["valid_from"]),
            "valid_to": date.fromisoformat(body["valid_to"]),
            "history": tuple(standing_change(change) for change in body["history"]),
            "declared": declared(body.get("declared")),
        },
    )


def public_factory(body: Body) -> PublicFactory:
    """A factory as anyone may see it."""
    return made(
        PublicFactory,
        {
            **body,
            "audits": tuple(made(PublicAudit, audit) for audit in body["audits"]),
            "certificates": tuple(public_certificate(certificate) for certificate in body["certificates"]),
            "members": tuple(made(PublicMember, member) for member in body["members"]),
            "merged": tuple(body.get("merged", ())),
            "photos": tuple(made(Photo, photo) for photo in body.get("photos", ())),
            "programmes": tuple(body.get("programmes", ())),
            "claims": claims(body.get("claims", ())),
        },
    )


def public_efficiency(body: Body) -> PublicEfficiency:
    """What anyone may see of a factory's use of resources."""
    return made(PublicEfficiency, {**body, "indicators": tuple(_public_indicator(each) for each in body["indicators"])})


def _public_indicator(body: Body) -> PublicIndicator:
    points = {name: made(Point, body[name]) if body[name] else None for name in ("baseline", "target", "latest")}
    recent = made(Recent, body["recent"]) if body["recent"] else None
    return made(
        PublicIndicator,
        {**body, **points, "recent": recent, "points": tuple(made(Point, each) for each in body["points"])},
    )


def public_product(body: Body) -> PublicProduct:
    """A product as anyone may see it."""
    return made(
        PublicProduct,
        {
            **body,
            "lots": tuple(body["lots"]),
            "stages": tuple(made(PublicStage, stage) for stage in body["stages"]),
            "claims": claims(body.get("claims", ())),
        },
    )


def claims(bodies: Iterable[Body]) -> Claims:
    """Claims of a record, in the order in which they were made."""
    return tuple(_claim(body) for body in bodies)


def _claim(body: Body) -> Claim:
    basis, named, verified = body["basis"], body["verifier"], body["verified"]
    return made(
        Claim,
        {
            **body,
            "basis": Basis(Rests(basis["kind"]), basis["ref"], basis["title"]),
            "verifier": made(NamedVerifier, named) if named else None,
            "verified": made(Verification, verified) if verified else None,
        },
    )
