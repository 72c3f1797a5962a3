"""Erasing personal data of a record, so that what the record says besides stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from chalicelib.domain.factory import Factory
from chalicelib.domain.fields import PERSONAL

Chooses = Callable[[Any], bool]
"""Says of the e-mail address of a source's contact (``None``: there is none) whether that contact is meant.

A page shows one contact made of both sources: what a source without an address said belongs to the other's.
"""


def contact_addresses(factory: Factory) -> list[str]:
    """The e-mail addresses of a factory's contact, by each source that gave one."""
    return [address for address in _said(factory, "contact_email") if address]


def contact_names(factory: Factory, chooses: Chooses) -> list[str]:
    """The names of a factory's contact, by each source that is meant."""
    said = zip(_said(factory, "contact_name"), _known_by(factory), strict=True)
    return [str(name) for name, address in said if name and chooses(address)]


def without_contact(factory: Factory, chooses: Chooses = lambda _address: True) -> Factory:
    """The factory without the contact data of each source that is meant: the factory's own word, and that of ICS.

    What is erased of ICS's word is not taken from a later audit either.
    """
    own, ics = factory.own, factory.ics
    mine, of_ics = _known_by(factory)
    if chooses(mine):
        own = {name: said for name, said in own.items() if name not in PERSONAL}
    if ics is not None and PERSONAL & ics.fields.keys() and chooses(of_ics):
        erased = tuple(sorted({*ics.erased, *PERSONAL}))
        ics = replace(ics, erased=erased)
        ics = replace(ics, fields=ics.kept(ics.fields))
    return replace(factory, own=own, ics=ics)


def _known_by(factory: Factory) -> tuple[Any, Any]:
    """The address that the contact of each source is known by: the one that it gave, else the other's."""
    mine, of_ics = _said(factory, "contact_email")
    return mine or of_ics, of_ics or mine


def _said(factory: Factory, name: str) -> tuple[Any, Any]:
    """What the factory itself says in a field, and what ICS says."""
    own = factory.own.get(name)
    return own.value if own else None, factory.value_of_ics(name)
