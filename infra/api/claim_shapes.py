"""Shapes of claims: as anyone sees them, as their owners do, and what is sent to make and to verify one."""

from __future__ import annotations

from chalicelib.domain.certificate import Status
from chalicelib.domain.claim import LONGEST, MOST_CLAIMS, PROGRAMMES, ClaimStanding, Holder, Rests
from chalicelib.domain.claim_wording import Concern
from infra.api.shapes import (
    CODE,
    DATE,
    TENANT,
    URL,
    Schema,
    body,
    listed,
    nullable,
    one_of,
    record,
    ref,
    said,
    text,
    whole,
)

_LANGUAGE = said("a BCP 47 language tag")
_ID = {"type": "string", "pattern": "^[0-9a-f]{12}$"}


def _claim() -> Schema:
    certificate = record(
        {
            "code": said("its code here"),
            "number": nullable(said("as printed; null if it is not on record")),
            "standard": nullable(record({"id": TENANT, "name": {"type": "string"}})),
            "status": one_of(Status, "as of today"),
            "url": URL,
        }
    )
    basis = record(
        {
            "kind": one_of(Rests, "on what it rests, as the claimant says"),
            "certificate": nullable(certificate),
            "standard": nullable(record({"id": TENANT, "name": {"type": "string"}})),
            "programme": nullable(CODE),
            "evidence": nullable(record({"url": URL, "title": {"type": "string"}})),
        }
    )
    named = record(
        {"name": {"type": "string"}, "on": nullable(DATE), "url": nullable(URL), "confirmed": {"const": False}}
    )
    return record(
        {
            "claim_id": _ID,
            "version": whole(1, about="counts its changes"),
            "text": said("in the claimant's words"),
            "language": _LANGUAGE,
            "standing": one_of(ClaimStanding, "as of today, computed as you ask: a certificate that lapsed changes it"),
            "basis": basis,
            "verified_by": nullable(record({"certifier_id": TENANT, "name": {"type": "string"}, "on": DATE})),
            "names_verifier": nullable({**named, "description": "named by the claimant; nobody here confirmed it"}),
            "made_on": DATE,
            "made_by": one_of((Holder.FACTORY.value, Holder.MEMBER.value, "staff")),
        },
        about="A sustainability claim that is no certificate.",
    )


def schemas() -> dict[str, Schema]:
    """All of them by name."""
    warning = record(
        {
            "pointer": said("JSON Pointer into the claim"),
            "code": one_of(Concern),
            "detail": said("what EU consumer law warns of, and where it says so; it hinders nothing"),
        }
    )
    warned = {"warnings": listed(warning)}
    claim = _claim()
    own = {**claim, "properties": {**claim["properties"], **warned}, "required": [*claim["required"], "warnings"]}
    basis = body(
        {"kind": one_of(Rests)},
        {
            "code": said("of a certificate: the factory's own, of a maker, or, of a member, any on record"),
            "standard_id": TENANT,
            "programme": one_of(PROGRAMMES),
            "url": said("of evidence, https only"),
            "title": text(120),
        },
        about="Each kind has its own members, and no others: code, standard_id, programme, or url and title.",
    )
    verifier = body({"name": text(120)}, {"on": DATE, "url": said("https only")})
    return {
        "Claim": claim,
        "OwnClaim": {**own, "required": sorted(own["required"])},
        "Claims": record({"claims": listed(ref("OwnClaim"), MOST_CLAIMS)}),
        "ClaimRequest": body({"text": text(LONGEST), "language": _LANGUAGE, "basis": basis}, {"verifier": verifier}),
        "ClaimVerification": body({"version": whole(1, about="the version of the claim that was verified")}),
    }
