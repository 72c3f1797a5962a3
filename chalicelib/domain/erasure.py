"""Erasing personal data of a record, so that what the record says besides stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from chalicelib.domain.factory import Factory
from chalicelib.domain.fields import PERSONAL

Chooses = Callable[[Any], bool]
"""Says of the contact e-mail address of a source (``None``: it gave none) whether the contact is meant."""


def contact_addresses(factory: Factory) -> list[str]:
    """The e-mail addresses of a factory's contact, by each source that gave one."""
    own = factory.own.get("contact_email")
    said = [own.value if own else None, factory.ics.fields.get("contact_email") if factory.ics else None]
    return [address for address in said if address]


def contact_names(factory: Factory, chooses: Chooses) -> list[str]:
    """The names of a factory's contact, by each source that is meant."""
    sources = [{name: said.value for name, said in factory.own.items()}, factory.ics.fields if factory.ics else {}]
    meant = [each for each in sources if chooses(each.get("contact_email"))]
    return [str(each["contact_name"]) for each in meant if each.get("contact_name")]


def without_contact(factory: Factory, chooses: Chooses = lambda _address: True) -> Factory:
    """The factory without the contact data of each source that is meant: the factory's own word, and that of ICS.

    What is erased of ICS's word is not taken from a later audit either.
    """
    own, ics = factory.own, factory.ics
    mine = own.get("contact_email")
    if chooses(mine.value if mine else None):
        own = {name: said for name, said in own.items() if name not in PERSONAL}
    if ics is not None and PERSONAL & ics.fields.keys() and chooses(ics.fields.get("contact_email")):
        erased = tuple(sorted({*ics.erased, *PERSONAL}))
        ics = replace(ics, erased=erased)
        ics = replace(ics, fields=ics.kept(ics.fields))
    return replace(factory, own=own, ics=ics)
