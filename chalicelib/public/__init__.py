"""Routes that anyone may call. They can only read, and only what was published."""

from __future__ import annotations

from chalice.app import Blueprint


def blueprints() -> list[Blueprint]:
    """All that the public surface serves."""
    from chalicelib.public import (
        api,
        badge,
        brand_files,
        certificate,
        climate,
        codes,
        covered,
        credentials,
        did,
        directory,
        efficiency,
        factory,
        log,
        log_documents,
        members,
        offline,
        printing,
        product,
        receipts,
        resolver,
        resources,
        scan,
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
        brand_files,
        climate,
        codes,
        covered,
        credentials,
        did,
        efficiency,
        log,
        log_documents,
        members,
        offline,
        printing,
        receipts,
        resources,
        scan,
        sitemap,
        standards,
        api,
    )
    return [module.routes for module in modules]
