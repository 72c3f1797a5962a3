"""Whether a page, a linkset or a credential was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from chalicelib.domain import credential
from chalicelib.web.request import Ask

LINKSET = "application/linkset+json"
_AS_LINKSET = ("linkset", "all")  # ``all`` is what GS1 called it before version 1.1 of its resolver standard


def wants_linkset(ask: Ask) -> bool:
    """By ``?linkType=linkset``, or without a ``linkType`` by naming its media type, or JSON, before HTML in Accept."""
    link_type = ask.query.get("linkType")
    if link_type is not None:
        return link_type in _AS_LINKSET
    named = _qualities(ask.header("accept"))
    machine = max(named.get(LINKSET, 0.0), named.get("application/json", 0.0))
    return machine > 0 and machine >= named.get("text/html", 0.0)


def wants_credential(ask: Ask) -> bool:
    """By naming the media type of a signed credential before HTML in Accept, without a ``linkType``."""
    named = _qualities(ask.header("accept"))
    wanted = named.get(credential.MEDIA, 0.0)
    return "linkType" not in ask.query and wanted > 0 and wanted >= named.get("text/html", 0.0)


@lru_cache(maxsize=256)
def _qualities(accept: str) -> Mapping[str, float]:
    """What an Accept header names, with its quality; what cannot be read counts as not wanted."""
    found = {}
    for entry in accept[:1000].lower().split(","):
        media, *parameters = (part.strip() for part in entry.split(";"))
        quality = next((part[2:] for part in parameters if part.startswith("q=")), "1")
        try:
            found[media] = min(1.0, max(0.0, float(quality)))
        except ValueError:
            found[media] = 0.0
    return found
