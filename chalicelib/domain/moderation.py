"""What waits for a decision of staff: what was noticed or reported, about which record, and what was decided."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from chalicelib.domain import identity, text
from chalicelib.domain.errors import Conflict, Fault, Malformed

LONGEST = 2000


class Kind(StrEnum):
    """What a matter is."""

    ODD_NAME = "odd_name"
    LOOK_ALIKE = "look_alike"
    NUMBER_OF_ANOTHER = "number_of_another"
    REPORT = "report"
    FLAGGED_CLAIM = "flagged_claim"
    RUN_ON_ONE_WORD = "run_on_one_word"


class Complaint(StrEnum):
    """What somebody from the public says is wrong."""

    PAPER_DIFFERS = "paper_differs"
    NOT_FROM_HERE = "not_from_here"
    CLOSED = "closed"
    OUT_OF_DATE = "out_of_date"
    OTHER = "other"


OF_STANDARDS = (Complaint.OUT_OF_DATE, Complaint.OTHER)
"""What can be wrong with an entry of the map; with any other page, the rest and ``OTHER``."""


def complaints_about(kind: str) -> tuple[Complaint, ...]:
    """What can be said to be wrong with a record of a kind (``About.kind``)."""
    if kind == "standard":
        return OF_STANDARDS
    return tuple(each for each in Complaint if each is not Complaint.OUT_OF_DATE)


class Decision(StrEnum):
    """What staff decided."""

    DISMISSED = "dismissed"
    ACTED = "acted"


@dataclass(frozen=True, slots=True)
class About:
    """A public record: a factory, certificate, product or standard, and the path of its page."""

    kind: str
    code: str
    path: str


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter. ``details`` differ by kind; nothing in them says who reported it.

    ``expires`` (epoch seconds): from then on it is as good as gone, for what people write may be personal.
    """

    matter_id: str
    kind: Kind
    about: str
    subject: str
    opened_at: str
    details: Mapping[str, Any] = field(default_factory=dict)
    decision: Decision | None = None
    reason: str | None = None
    decided_at: str | None = None
    expires: int | None = None
    version: int = 0

    def decided(self, decision: Decision, reason: str, at: str) -> Matter | None:
        """The matter after a decision; ``None`` if that is how it was decided already. One decides once."""
        if self.decision is None:
            return replace(self, decision=decision, reason=reason, decided_at=at)
        if (self.decision, self.reason) == (decision, reason):
            return None
        raise Conflict("This was decided already.")


def same_id(kind: Kind, *parts: str) -> str:
    """The identifier of a matter that is noticed again and again, but is one."""
    return hashlib.sha256("\n".join((kind.value, *parts)).encode()).hexdigest()[:16]


def parse_about(path: str) -> About:
    """The record that a page shows, by the page's path: ``/f/…``, ``/c/…``, ``/p/…``, ``/01/…``,
    ``/standards/…``.
    """
    parts = path.split("/")
    if len(parts) >= 3 and not parts[0]:
        match parts[1].lower():
            case "f":
                code = identity.parse_factory_id(parts[2])
                return About("factory", code, f"/f/{code}")
            case "c":
                code = identity.parse_certificate_code(parts[2])
                return About("certificate", code, f"/c/{code}")
            case "p" | "01":
                code = identity.parse_product_id(parts[2])
                return About("product", code, identity.product_path(code))
            case "standards" if text.is_tenant(parts[2]):
                return About("standard", parts[2], f"/standards/{parts[2]}")
    raise Malformed("Open the page that you mean, and follow the link there to report it.")


def clean_report(given: Mapping[str, str], about: str = "") -> tuple[Complaint, str]:
    """What is wrong with a record of a kind (``About.kind``), and in which words. ``Malformed`` with every fault."""
    faults = []
    words = ""
    if given.get("kind") not in complaints_about(about):
        faults.append(Fault("/kind", "must be chosen"))
    try:
        words = text.clean(given.get("text", ""), LONGEST, lines=True)
    except Malformed as error:
        faults.append(Fault("/text", error.detail))
    if faults:
        raise Malformed("Some fields cannot be taken as sent.", faults)
    return Complaint(given["kind"]), words
