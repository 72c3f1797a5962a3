"""Routes for people who signed in and for machines with keys."""

from __future__ import annotations

from chalice.app import Blueprint


def blueprints() -> list[Blueprint]:
    """All that the internal surface serves."""
    from chalicelib.internal import (
        audits,
        certificate_batches,
        certificates,
        confirmations,
        duplicates,
        events,
        invitations,
        lifecycle,
        moderation,
        network,
        portal,
        products,
        profiles,
        rights,
        signing,
        staff,
        syncs,
        teams,
        watches,
    )

    modules = (
        audits,
        syncs,
        invitations,
        profiles,
        certificates,
        certificate_batches,
        network,
        products,
        lifecycle,
        staff,
        teams,
        events,
        portal,
        duplicates,
        moderation,
        confirmations,
        rights,
        signing,
        watches,
    )
    return [module.routes for module in modules]
