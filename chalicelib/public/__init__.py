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
        credentials,
        did,
        directory,
        efficiency,
        factory,
        printing,
        product,
        resolver,
        resources,
        site,
        sitemap,
        verify,
    )

    looked_up = (factory, climate, efficiency, certificate, product, resolver, directory, verify)
    beside = (codes, printing, badge, resources, sitemap, did, credentials, api)
    return [module.routes for module in (site, *looked_up, *beside)]
