"""What a walk stands on: these two tables as they were made, at this endpoint, for these documents."""

from __future__ import annotations

from typing import Any

from chalicelib import settings
from infra import tables

Ground = dict[str, str]
"""By name, for people, what must be the same if a walk is to go on."""


def of(client: Any, registry: str, public: str) -> Ground:
    """What a walk over these tables stands on. A table that was dropped and made anew is another."""
    chosen = settings.load()
    found = {"endpoint": str(client.meta.endpoint_url)}
    for kind, name in (("registry", registry), ("public table", public)):
        found[kind] = tables.made(client, name)
    return {**found, "signing key": chosen.signing_key, "address": chosen.base_url}
