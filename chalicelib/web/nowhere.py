"""What is answered at an address that no route has: by the gateway where it knows the routes, else by the function."""

from __future__ import annotations

import functools
from types import MappingProxyType

SAFE = MappingProxyType(
    {
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "Strict-Transport-Security": "max-age=63072000",
        "X-Content-Type-Options": "nosniff",
    }
)
HEADERS = MappingProxyType({**SAFE, "Content-Type": "text/html; charset=utf-8"})


@functools.cache
def page(base_url: str, base_path: str) -> str:
    """The page, in English: a gateway can neither choose a language nor tell the time.

    ``base_path``: what its links begin with. Its policy stands in the page, since a gateway encloses the value of a
    header in quotes like those that a policy is full of.
    """
    from chalicelib.web import language, pages  # a build reads what stands above before there are languages

    host = f"'self' {base_url}/"
    policy = f"default-src 'none'; style-src '{pages.style_hash()}'; img-src data:; form-action {host}; base-uri 'none'"
    known = pages.Page(
        language=language.choose(None, None),
        base_url=base_url,
        base_path=base_path,
        host=base_url.partition("//")[2],
        path="/",
        checked_at=None,
        index=False,
    )
    return pages.render("gateway_not_found.html", known, what="page", typed="", policy=policy)
