"""A claim as the inputs of a form, and back: one list says on what it rests, and each fault stands at its input."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.claim import PROGRAMMES, Claim, Holder, Rests
from chalicelib.domain.errors import Fault, Malformed
from chalicelib.internal.portal.form import tidy
from chalicelib.store.registry import organisations
from chalicelib.store.registry.claims import Shelf
from chalicelib.web import claim_words
from chalicelib.web.language import LANGUAGES

INPUTS = tuple(claim_words.LABELS)
_PLACES = {
    "/basis/code": "code",
    "/basis/url": "url",
    "/basis/title": "title",
    "/verifier/name": "verifier",
    "/verifier/on": "verified_on",
    "/verifier/url": "verifier_url",
    "/language": "language",
    "/text": "text",
}


def inputs(claim: Claim, shelf: Shelf) -> dict[str, str]:
    """Every input of the form, by name, with what the claim says. A member names a certificate by its code."""
    basis, named = claim.basis, claim.verifier
    is_typed = shelf.kind is Holder.MEMBER and basis.kind is Rests.CERTIFICATE
    evidence = basis.kind is Rests.EVIDENCE
    bare = is_typed or evidence or basis.kind is Rests.NONE
    return {
        "text": claim.text,
        "language": claim.language,
        "rests": basis.kind.value if bare else f"{basis.kind}:{basis.ref}",
        "code": basis.ref if is_typed else "",
        "url": basis.ref if evidence else "",
        "title": basis.title if evidence else "",
        "verifier": named.name if named else "",
        "verified_on": (named.on or "") if named else "",
        "verifier_url": (named.url or "") if named else "",
    }


def content(texts: Mapping[str, str]) -> dict[str, Any]:
    """What the form says, as the JSON of a claim. Inputs that do not belong to what it rests on say nothing."""
    said = {name: " ".join(tidy(texts.get(name, "")).split()) for name in INPUTS}
    kind, _, ref = said["rests"].partition(":")
    basis: dict[str, Any] = {"kind": kind}
    if kind == Rests.CERTIFICATE:
        basis["code"] = ref or said["code"]
    elif kind == Rests.STANDARD:
        basis["standard_id"] = ref
    elif kind == Rests.PROGRAMME:
        basis["programme"] = ref
    elif kind == Rests.EVIDENCE:
        basis |= {"url": said["url"], "title": said["title"]}
    body = {"text": said["text"], "language": said["language"], "basis": basis}
    named = {"name": said["verifier"], "on": said["verified_on"], "url": said["verifier_url"]}
    if any(named.values()):
        body["verifier"] = {name: value for name, value in named.items() if value}
    return body


def placed(error: Malformed, shelf: Shelf) -> Malformed:
    """The same faults, told at the inputs of the form."""
    faults = []
    for fault in error.faults:
        name = _PLACES.get(fault.pointer, "verifier" if fault.pointer.startswith("/verifier") else "rests")
        listed = name == "code" and shelf.kind is not Holder.MEMBER
        faults.append(Fault("/rests" if listed else f"/{name}", fault.detail))
    return Malformed("Some fields cannot be taken as sent.", faults or [Fault("/text", error.detail)])


def options(shelf: Shelf, texts: Mapping[str, str]) -> dict[str, list[tuple[str, str]]]:
    """What may be chosen: languages, and on what a claim may rest, by group. What was chosen is among them."""
    certificates = [
        (f"certificate:{each.code}", f"{each.standard_name} {each.number}") for each in shelf.certificates.values()
    ]
    standards = [(f"standard:{each['id']}", each["name"]) for each in organisations.listed("standard")]
    chosen = texts.get("language", "")
    languages = list(LANGUAGES.items())
    if chosen and chosen not in LANGUAGES:
        languages.insert(0, (chosen, chosen))
    return {
        "languages": languages,
        "certificates": [] if shelf.kind is Holder.MEMBER else certificates,
        "standards": standards,
        "programmes": [(f"programme:{each}", claim_words.PROGRAMMES[each]) for each in PROGRAMMES],
    }
