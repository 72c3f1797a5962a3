"""Routes that anyone may call. They can only read, and only what was published."""

from __future__ import annotations

from importlib import import_module, util
from typing import TYPE_CHECKING

from chalicelib.public.when_asked import Routes

if TYPE_CHECKING:
    from chalice.app import Blueprint, Chalice

MODULES = (
    "site",
    "factory",
    "certificate",
    "product",
    "resolver",
    "directory",
    "verify",
    "badge",
    "brand_files",
    "climate",
    "codes",
    "covered",
    "credentials",
    "did",
    "efficiency",
    "log",
    "log_documents",
    "members",
    "offline",
    "printing",
    "receipts",
    "resources",
    "scan",
    "sitemap",
    "standards",
    "api",
)
"""The modules here that serve something, each by its ``routes``."""
TABLE = "chalicelib.public.routed"
"""Which module serves which path. The package build writes it, see ``infra/routes.py``."""


def register(app: Chalice) -> None:
    """Let ``app`` serve all of them: from the start or, in a package, each module from when it is first asked."""
    if util.find_spec(TABLE):
        app.routes = Routes(import_module(TABLE).MODULES, lambda name: app.register_blueprint(blueprint(name)))
        return
    for name in MODULES:
        app.register_blueprint(blueprint(name))


def blueprint(name: str) -> Blueprint:
    """What one of ``MODULES`` serves."""
    routes: Blueprint = import_module(f"{__name__}.{name}").routes
    return routes
