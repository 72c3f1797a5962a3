"""Routes for people who signed in and for machines with keys."""

from __future__ import annotations

from chalice.app import Blueprint


def blueprints() -> list[Blueprint]:
    """All that the internal surface serves."""
    from chalicelib.internal import (
        audits,
        catching_up,
        certificate_batches,
        certificates,
        claims,
        climate,
        coaching,
        confirmations,
        duplicates,
        events,
        indicators,
        invitations,
        learning,
        lifecycle,
        log,
        member_pages,
        moderation,
        network,
        portal,
        products,
        profiles,
        rights,
        scan_counts,
        signing,
        staff,
        standards,
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
        standards,
        teams,
        events,
        portal,
        duplicates,
        moderation,
        confirmations,
        rights,
        climate,
        signing,
        learning,
        scan_counts,
        indicators,
        coaching,
        member_pages,
        claims,
        log,
        catching_up,
        watches,
    )
    return [module.routes for module in modules]
