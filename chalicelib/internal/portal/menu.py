"""The roles of a person on the first page of the portal, and what each of them is offered."""

from __future__ import annotations

from typing import Any

from chalicelib.internal import teams
from chalicelib.internal.access import Caller
from chalicelib.internal.portal.offers import offers
from chalicelib.internal.portal.view import ROLES
from chalicelib.store.registry.people import Role


def roles(person: Caller) -> list[dict[str, Any]]:
    """Each kind of role that a person has: which organisation is chosen, which others there are, what is offered."""
    found = []
    for kind in ROLES:
        held = person.authority.of_kind(kind)
        if held:
            chosen = Role(kind, person.in_role(kind).tenant)
            others = [{"tenant": role.tenant, "name": teams.named(role)} for role in held if role != chosen]
            found.append(
                {
                    "kind": kind,
                    "title": ROLES[kind],
                    "name": teams.named(chosen),
                    "others": others,
                    "offers": offers(kind),
                }
            )
    return found
