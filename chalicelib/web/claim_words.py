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

LABELS = {
    "text": N_("The claim"),
    "language": N_("Its language"),
    "rests": N_("What it rests on"),
    "code": N_("Code of the certificate"),
    "url": N_("Address of the evidence"),
    "title": N_("What the evidence is called"),
    "verifier": N_("Who verified it"),
    "verified_on": N_("When it was verified"),
    "verifier_url": N_("Where that can be read"),
}
"""By the inputs of the form."""

HINTS = {
    "text": N_("Say what exactly is better, and by how much. At most 280 characters."),
    "code": N_("If it rests on a certificate: the code on the certificate's page here."),
    "url": N_("If it rests on evidence: an address that begins with https://"),
    "verifier": N_("May be left empty. It shows as named by you, until a certification body says so here."),
}

DONE = {
    "added": N_("Saved. Everybody sees it as it stands below."),
    "changed": N_("Saved. Everybody sees it as it stands below."),
    "removed": N_("Taken away. Nobody sees it any more."),
    "same": N_("This claim stands here already."),
}
