"""A certification body may confirm no more: it takes part no longer, and what it confirmed is suspended with a reason.

Its word on claims is taken back. Nothing of what it said is rewritten: each certificate gets one more statement, each
claim one more event, and these name staff.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from functools import partial

from chalicelib.domain import claim as rules
from chalicelib.domain.certificate import Certificate, Outcome, Standing
from chalicelib.domain.claim import Holder
from chalicelib.domain.errors import Malformed, NotFound
from chalicelib.domain.word import Word
from chalicelib.store import codec
from chalicelib.store.keys import Key
from chalicelib.store.registry import certificates, certified, claims, lookup, organisations
from chalicelib.store.registry.history import Actor

KIND = "certifier"
_CLAIMANTS = {"FACTORY": Holder.FACTORY, "PRODUCT": Holder.PRODUCT, "CLAIMS": Holder.MEMBER}
"""Of whose claims a record holds those, as its key begins."""


def concerned(certifier_id: str, effective: date) -> Iterator[Certificate]:
    """Its confirmed certificates that were not over on a day and that it has not withdrawn, in the order of codes."""
    after = ""
    while True:
        found, reached = certified.listed(
            certifier_id, lambda each: _concerned(each, effective), after, certified.AT_ONCE
        )
        yield from found
        if reached is None:
            return
        after = reached


def _concerned(certificate: Certificate, effective: date) -> bool:
    last = certificate.history[-1] if certificate.history else None
    return certificate.valid_to >= effective and (last is None or last.standing is not Standing.WITHDRAWN)


def not_to_come(effective: date, today: date) -> None:
    """``Malformed`` if it is a day to come: lists and credentials say at once what was said."""
    if effective > today:
        raise Malformed("The change lies in the future.")


def ended_on(certifier_id: str) -> date | None:
    """Since which day it takes part no more; ``None`` if it does."""
    return organisations.ended_on(KIND, certifier_id)


def end(certifier_id: str, reason: str, actor: Actor) -> None:
    """From the next request on nobody acts for it. ``NotFound`` if there is none; once more changes nothing."""
    organisations.end(KIND, certifier_id, reason, actor)


def suspend(certificate: Certificate, reason: str, effective: date, now: datetime, actor: Actor) -> bool:
    """Suspend one of them; says whether that changed anything. ``Malformed`` if it is from a day to come."""
    not_to_come(effective, now.date())
    said = Word(Standing.SUSPENDED, reason, effective, now.date())
    _, outcome = certificates.change_standing(certificate.code, said, certificate.certifier_id or "", actor)
    return outcome is not Outcome.UNCHANGED


def verified(root: Key, certifier_id: str) -> list[str]:
    """Which claims of a record bear its word; none of a record that holds no claims."""
    held = lookup.item(root) if root.pk.partition("#")[0] in _CLAIMANTS else None
    found = codec.claims(held.body.get("claims", ())) if held is not None else ()
    return [each.claim_id for each in found if each.verified and each.verified.certifier_id == certifier_id]


def take_back(root: Key, certifier_id: str, reason: str, actor: Actor) -> int:
    """Take back its word on the claims of a record, as it would itself; says on how many it stood."""
    found = verified(root, certifier_id)
    kind, _, identifier = root.pk.partition("#")
    for claim_id in found:
        rule = partial(rules.unverified, claim_id=claim_id, certifier_id=certifier_id)
        with suppress(NotFound):  # its claimant took it away meanwhile
            claims.change(
                _CLAIMANTS[kind], identifier, claims.of_one("claim_unverified", claim_id, rule, reason), actor
            )
    return len(found)
