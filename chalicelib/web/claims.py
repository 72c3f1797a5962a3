"""Claims as pages and JSON show them: each with how it stands on the day, from the certificate that it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from chalicelib.domain import claim as rules
from chalicelib.domain.certificate import status_on
from chalicelib.domain.claim import Basis, Claim, Claims, Rests
from chalicelib.domain.public_certificate import PublicCertificate
from chalicelib.web.shown import url


def shown(claims: Claims, certificates: Mapping[str, PublicCertificate], day: date) -> list[dict[str, Any]]:
    """Claims as of a day, for a template (``claims.html``) as for JSON. ``certificates``: by code, those they name.

    A certificate that is not among them is told as one that is not on record: read them all, or answer 503.
    """
    return [_one(each, rules.backing_of(each, certificates), day) for each in claims]


def _one(claim: Claim, backing: PublicCertificate | None, day: date) -> dict[str, Any]:
    verified, named = claim.verified, claim.verifier
    return {
        "claim_id": claim.claim_id,
        "version": claim.version,
        "text": claim.text,
        "language": claim.language,
        "standing": rules.standing_of(claim, backing, day).value,
        "basis": _basis(claim.basis, backing, day),
        "verified_by": verified and {"certifier_id": verified.certifier_id, "name": verified.name, "on": verified.on},
        "names_verifier": named and {"name": named.name, "on": named.on, "url": named.url, "confirmed": False},
        "made_on": claim.made_on,
        "made_by": claim.made_by,
    }


def _basis(basis: Basis, backing: PublicCertificate | None, day: date) -> dict[str, Any]:
    is_standard, is_evidence = basis.kind is Rests.STANDARD, basis.kind is Rests.EVIDENCE
    return {
        "kind": basis.kind.value,
        "certificate": _certificate(basis.ref, backing, day) if basis.kind is Rests.CERTIFICATE else None,
        "standard": {"id": basis.ref, "name": basis.title} if is_standard else None,
        "programme": basis.ref if basis.kind is Rests.PROGRAMME else None,
        "evidence": {"url": basis.ref, "title": basis.title} if is_evidence else None,
    }


def _certificate(code: str, backing: PublicCertificate | None, day: date) -> dict[str, Any]:
    if backing is None:
        return {"code": code, "number": None, "standard": None, "status": "unknown", "url": url(f"/c/{code}")}
    return {
        "code": code,
        "number": backing.number,
        "standard": {"id": backing.standard_id, "name": backing.standard_name},
        "status": status_on(backing, day).value,
        "url": url(f"/c/{code}"),
    }
