"""Routes for people who signed in and for machines with keys."""

from __future__ import annotations

from chalice.app import Blueprint


def blueprints() -> list[Blueprint]:
    """All that the internal surface serves."""
    from chalicelib.internal import (
        audits,
        certificates,
        confirmations,
        events,
        invitations,
        network,
        portal,
        products,
        profiles,
        rights,
        staff,
        teams,
    )

    modules = (
        audits,
        invitations,
        profiles,
        certificates,
        confirmations,
        network,
        products,
        rights,
        staff,
        teams,
        events,
        portal,
    )
    return [module.routes for module in modules]
