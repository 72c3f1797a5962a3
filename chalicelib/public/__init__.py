"""Routes that anyone may call. They can only read, and only what was published."""

from __future__ import annotations

from chalice.app import Blueprint


def blueprints() -> list[Blueprint]:
    """All that the public surface serves."""
    from chalicelib.public import (
        api,
        badge,
        certificate,
        codes,
        credentials,
        did,
        directory,
        factory,
        offline,
        printing,
        product,
        resolver,
        scan,
        site,
        sitemap,
        verify,
    )

    looked_up = (factory, certificate, product, resolver, directory, verify)
    return [
        module.routes
        for module in (site, *looked_up, offline, scan, codes, printing, badge, sitemap, did, credentials, api)
    ]
