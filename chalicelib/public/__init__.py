"""Routes that anyone may call. They can only read, and only what was published."""

from __future__ import annotations

from chalice.app import Blueprint


def blueprints() -> list[Blueprint]:
    """All that the public surface serves."""
    from chalicelib.public import badge, certificate, codes, directory, factory, printing, product, site, verify

    modules = (site, factory, certificate, product, directory, codes, printing, badge, verify)
    return [module.routes for module in modules]
