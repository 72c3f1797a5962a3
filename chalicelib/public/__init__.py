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
        codes,
        covered,
        credentials,
        did,
        directory,
        factory,
        members,
        printing,
        product,
        resolver,
        site,
        sitemap,
        standards,
        verify,
    )

    looked_up = (factory, covered, certificate, product, resolver, directory, verify, standards, members, brand_files)
    return [module.routes for module in (site, *looked_up, codes, printing, badge, sitemap, did, credentials, api)]
