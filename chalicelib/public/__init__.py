"""Routes that anyone may call. They can only read, and only what was published."""

from __future__ import annotations

from chalice.app import Blueprint


def blueprints() -> list[Blueprint]:
    """All that the public surface serves."""
    from chalicelib.public import api, certificate, codes, directory, factory, product, resolver, site, sitemap

    return [module.routes for module in (site, factory, certificate, product, resolver, directory, codes, sitemap, api)]
