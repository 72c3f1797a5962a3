"""Routes that anyone may call. They can only read, and only what was published."""

from __future__ import annotations

from chalice.app import Blueprint


def blueprints() -> list[Blueprint]:
    """All that the public surface serves."""
    from chalicelib.public import (
        api,
        badge,
        certificate,
        climate,
        codes,
        covered,
        credentials,
        did,
        directory,
        efficiency,
        factory,
        printing,
        product,
        receipts,
        resolver,
        resources,
        site,
        sitemap,
        standards,
        verify,
    )

    modules = (
        site,
        factory,
        certificate,
        product,
        resolver,
        directory,
        verify,
        badge,
        climate,
        codes,
        covered,
        credentials,
        did,
        efficiency,
        printing,
        receipts,
        resources,
        sitemap,
        standards,
        api,
    )
    return [module.routes for module in modules]
