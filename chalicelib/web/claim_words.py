"""The words of claims: how one stands, on what it rests, and the form by which it is made."""

from __future__ import annotations

from chalicelib.web.words import N_

STANDINGS = {
    "verified": N_("Verified by a certification body"),
    "backed": N_("Rests on a certificate that holds today"),
    "backing_declared": N_("Rests on a certificate that its certifier has not confirmed"),
    "backing_expired": N_("The certificate that it rests on has expired"),
    "backing_suspended": N_("The certificate that it rests on is suspended"),
    "backing_withdrawn": N_("The certificate that it rests on was withdrawn"),
    "backing_not_yet": N_("The certificate that it rests on is not valid yet"),
    "backing_unknown": N_("The certificate that it rests on is not on record here"),
    "declared": N_("Nobody has verified this claim"),
}
"""By ``claim.ClaimStanding``."""

FACES = {
    "verified": "valid",
    "backed": "valid",
    "backing_declared": "declared",
    "backing_expired": "expired",
    "backing_suspended": "suspended",
    "backing_withdrawn": "withdrawn",
    "backing_not_yet": "not_yet_valid",
    "backing_unknown": "unknown",
    "declared": "unknown",
}
"""The icon of each: the shapes of certificates, so that a reader learns them once."""

PROGRAMMES = {
    "climate": N_("Climate adaptation"),
    "efficiency": N_("Resource efficiency"),
}
