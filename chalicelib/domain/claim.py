"""Sustainability claims that are no certificates: what is claimed, on what it rests, and how it stands on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from chalicelib.domain.certificate import Status, status_on
from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.domain.phrase import phrase
from chalicelib.domain.public_certificate import PublicCertificate

LONGEST = 280
MOST_CLAIMS = 12
"""So many claims may stand on one record."""
PROGRAMMES = ("climate", "efficiency")


class Holder(StrEnum):
    """What a claim is made about: a factory, a product, or the whole of a member's business."""

    FACTORY = "factory"
    PRODUCT = "product"
    MEMBER = "member"


class Rests(StrEnum):
    """On what a claim rests, as the claimant says."""

    CERTIFICATE = "certificate"
    STANDARD = "standard"
    PROGRAMME = "programme"
    EVIDENCE = "evidence"
    NONE = "none"


class ClaimStanding(StrEnum):
    """How a claim stands on a day. Those that begin with ``backing`` tell of the certificate that it rests on."""

    VERIFIED = "verified"
    BACKED = "backed"
    BACKING_DECLARED = "backing_declared"
    BACKING_EXPIRED = "backing_expired"
    BACKING_SUSPENDED = "backing_suspended"
    BACKING_WITHDRAWN = "backing_withdrawn"
    BACKING_NOT_YET = "backing_not_yet"
    BACKING_UNKNOWN = "backing_unknown"
    DECLARED = "declared"


@dataclass(frozen=True, slots=True)
class Basis:
    """``ref`` is the code of a certificate, the identifier of a standard, a programme, or the address of evidence.

    ``title`` is what the standard or the evidence is called.
    """

    kind: Rests
    ref: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class NamedVerifier:
    """Who verified a claim as the claimant says, when, and where that can be read. Nobody here has confirmed it."""

    name: str
    on: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """That a certification body said to this registry that it verified a claim, and on which day."""

    certifier_id: str
    name: str
    on: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim in the claimant's words. ``version`` counts its changes, so that who verifies says what they saw.

    ``made_by`` is the kind of caller: ``factory``, ``member`` or ``staff``. Days are UTC.
    """

    claim_id: str
    text: str
    language: str
    basis: Basis
    verifier: NamedVerifier | None = None
    verified: Verification | None = None
    made_on: str = ""
    made_by: str = ""
    version: int = 1


Claims = tuple[Claim, ...]
_LAPSED = {
    Status.WITHDRAWN: ClaimStanding.BACKING_WITHDRAWN,
    Status.SUSPENDED: ClaimStanding.BACKING_SUSPENDED,
    Status.EXPIRED: ClaimStanding.BACKING_EXPIRED,
    Status.NOT_YET_VALID: ClaimStanding.BACKING_NOT_YET,
}


def standing_of(claim: Claim, backing: PublicCertificate | None, day: date) -> ClaimStanding:
    """How a claim stands on a day. ``backing`` is the certificate that it names, ``None`` if there is no such one.

    A certificate that does not hold beats the word of a verifier, for that was given while it held.
    """
    if claim.basis.kind is not Rests.CERTIFICATE:
        return ClaimStanding.VERIFIED if claim.verified else ClaimStanding.DECLARED
    if backing is None:
        return ClaimStanding.BACKING_UNKNOWN
    lapsed = _LAPSED.get(status_on(backing, day))
    if lapsed is not None:
        return lapsed
    if claim.verified:
        return ClaimStanding.VERIFIED
    return ClaimStanding.BACKED if backing.confirmed else ClaimStanding.BACKING_DECLARED


def backing_of(claim: Claim, certificates: Mapping[str, PublicCertificate]) -> PublicCertificate | None:
    """The certificate that a claim rests on, among these."""
    return certificates.get(claim.basis.ref) if claim.basis.kind is Rests.CERTIFICATE else None


def codes(claims: Claims) -> list[str]:
    """The certificates that claims rest on, each once."""
    return list(dict.fromkeys(each.basis.ref for each in claims if each.basis.kind is Rests.CERTIFICATE))


def one(claims: Claims, claim_id: str) -> Claim:
    """One of them; ``NotFound`` if it is not there."""
    found = next((each for each in claims if each.claim_id == claim_id), None)
    if found is None:
        raise NotFound("There is no such claim.")
    return found


def alike(claims: Claims, claim: Claim) -> Claim | None:
    """The one among claims that says the same as a claim, if there is one."""
    return next((each for each in claims if _says(each) == _says(claim)), None)


def added(claims: Claims, claim: Claim) -> Claims | None:
    """The claims with one more; ``None`` if it says what one of them says already."""
    if alike(claims, claim) is not None:
        return None
    if len(claims) >= MOST_CLAIMS:
        raise Conflict(phrase("At most %(most)s claims may stand here. Take one away first.", most=MOST_CLAIMS))
    return (*claims, claim)


def changed(claims: Claims, wanted: Claim) -> Claims | None:
    """The claims with one in other words; ``None`` if they are the same. Who verified it verified other words."""
    held = one(claims, wanted.claim_id)
    if _says(held) == _says(wanted):
        return None
    return _with(claims, replace(wanted, verified=None, version=held.version + 1))


def removed(claims: Claims, claim_id: str) -> Claims:
    """The claims without one."""
    one(claims, claim_id)
    return tuple(each for each in claims if each.claim_id != claim_id)


def verified(claims: Claims, claim_id: str, by: Verification, version: int) -> Claims | None:
    """The claims after a certification body verified one; ``None`` if it had done so. ``Conflict``: it was changed."""
    held = one(claims, claim_id)
    if held.version != version:
        raise Conflict("The claim was changed meanwhile. Read it again before you verify it.")
    if held.verified is not None and held.verified.certifier_id == by.certifier_id:
        return None
    if held.verified is not None:
        raise Conflict("Another certification body has verified this claim.")
    return _with(claims, replace(held, verified=by))


def unverified(claims: Claims, claim_id: str, certifier_id: str) -> Claims | None:
    """The claims after a certification body took back its word; ``None`` if it had given none."""
    held = one(claims, claim_id)
    if held.verified is None or held.verified.certifier_id != certifier_id:
        return None
    return _with(claims, replace(held, verified=None))


def _says(claim: Claim) -> tuple[object, ...]:
    return claim.text, claim.language, claim.basis, claim.verifier


def _with(claims: Claims, wanted: Claim) -> Claims:
    return tuple(wanted if each.claim_id == wanted.claim_id else each for each in claims)
