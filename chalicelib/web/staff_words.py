"""What staff can do with a factory, in words: what it is called, and what will happen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.web.words import N_


@dataclass(frozen=True, slots=True)
class Words:
    """Of an action: its name, what will happen, and what is said when it is done."""

    title: str
    effects: tuple[str, ...]
    done: str


ACTIONS: Mapping[str, Words] = {
    "merge": Words(
        N_("Merge into another record"),
        (
            N_("The code of this record goes on working, and leads to the other one with a banner."),
            N_("This record keeps its audits and certificates. The other one shows them as well, from now on."),
            N_("It is still found under its old names, marked as merged."),
            N_("New ICS audits of this site show on the other record."),
            N_("Who runs this page gets no say over the other one, and can no longer change this profile."),
            N_("The other record keeps its name, address and all other fields: compare them below."),
            N_("You can undo it at any time: both records are then what they were."),
        ),
        N_("Merged. The code of this record leads to the other one."),
    ),
    "unmerge": Words(
        N_("Undo the merge"),
        (
            N_("Both records show again what they showed before the merge."),
            N_("Audits and certificates that came since stay with the record of their site or holder."),
        ),
        N_("Undone. Both records are what they were."),
    ),
    "move": Words(
        N_("Put a move on record"),
        (
            N_("At a new address under the same ID: the page says since when, and what the former address was."),
            N_("At a place that has an ID of its own: this page then describes the former place and leads on."),
            N_("What you leave empty of the new address is unknown from then on."),
            N_("A factory that went to another country takes a new ID, since an ID begins with its country."),
        ),
        N_("The move is on record."),
    ),
    "close": Words(
        N_("Put on record that it closed"),
        (
            N_("The page stays and says since when the factory is closed. It is still found by its names."),
            N_("Its certificates stay as their certifiers leave them: tell the certifiers."),
            N_("You can reopen it at any time."),
        ),
        N_("On record as closed."),
    ),
    "reopen": Words(
        N_("Put on record that it is open"),
        (
            N_("The banner about its closing or move goes. The address stays as it is now."),
            N_("A record that led to another place no longer does."),
        ),
        N_("On record as open."),
    ),
}

COMPARED: Mapping[str, str] = {
    "name": N_("Legal name"),
    "local_name": N_("Name in local script"),
    "aliases": N_("Other names"),
    "country": N_("Country"),
    "address": N_("Street and number"),
    "city": N_("Town or city"),
    "region": N_("Region or district"),
    "postal_code": N_("Postal code"),
    "gln": N_("GS1 location number (GLN)"),
    "site": N_("ICS site number"),
    "state": N_("What became of it"),
    "claimed": N_("Run by the factory"),
    "published": N_("Public"),
    "audits": N_("Audits"),
    "certificates": N_("Certificates"),
    "links": N_("Linked brands"),
    "led": N_("Records that lead here"),
}
"""What is compared before a merge."""

KINDS: Mapping[str, tuple[str, str]] = {
    "member": (N_("ICS members"), N_("Add a member")),
    "certifier": (N_("Certification bodies"), N_("Add a certification body")),
    "organiser": (N_("Organisers of programmes"), N_("Add an organiser")),
    "standard": (N_("Standards"), ""),
}
"""Organisations: what all of a kind are called, and how one is added (standards: elsewhere)."""
