"""Which addresses the page tests open: at least one of every page that is registered."""

from __future__ import annotations

from chalicelib.public import edge

EXAMPLES: dict[str, tuple[str, ...]] = {
    "/": ("/",),
    "/f/{factory_id}": ("/f/{factory}", "/f/{bare}", "/f/{closed}", "/f/{moved}", "/f/{merged}", "/f/{present}"),
    "/f/{factory_id}/{sheet}": ("/f/{factory}/poster", "/f/{factory}/labels"),
    "/qr/{kind}/{file}": ("/qr/f/{factory}",),
    "/f/{factory_id}/photos": ("/f/{factory}/photos",),
    "/f/{factory_id}/efficiency": ("/f/{factory}/efficiency",),
    "/f/{factory_id}/climate": ("/f/{factory}/climate",),
    "/c/{code}": (
        "/c/{valid}",
        "/c/{declared}",
        "/c/{expired}",
        "/c/{suspended}",
        "/c/{withdrawn}",
        "/c/{not_yet_valid}",
        "/c/{valid}?on=2020-01-01",
    ),
    "/c/{code}/log": ("/c/{valid}/log", "/c/{withdrawn}/log", "/c/{declared}/log"),
    "/log": ("/log",),
    "/p/{code}": ("/p/{product}",),
    "/01/{gtin}": ("/01/{gtin}",),
    "/01/{gtin}/{ai1}/{value1}": ("/01/{gtin}/10/{lot}", "/01/{gtin}/21/S-1"),
    "/01/{gtin}/{ai1}/{value1}/{ai2}/{value2}": ("/01/{gtin}/10/NONE/21/S-1",),
    "/414/{gln}": ("/414/{gln}",),
    "/find": ("/find?q=knit",),
    "/factories": ("/factories", "/factories?q=knit", "/factories?country=BD", "/factories?q=zzzzzzzz"),
    "/docs": ("/docs",),
    "/docs/{topic}": ("/docs/look-up",),
    "/verify": ("/verify",),
    "/receipts": ("/receipts",),
    "/resources": ("/resources", "/resources?for=buyer"),
    "/resources/{slug}": ("/resources/claims", "/resources/audit-dates"),
    "/members": ("/members", "/members?q=lumi", "/members?q=zzzzzzzz"),
    "/members/{member_id}": ("/members/maison-lumiere", "/members/grand-bazar-vauclair"),
    "/members/{member_id}/factories": (
        "/members/maison-lumiere/factories",
        "/members/maison-lumiere/factories?country=BD",
        "/members/maison-lumiere/factories?tier=1",
    ),
    "/members/{member_id}/products": ("/members/maison-lumiere/products",),
    "/standards": (
        "/standards",
        "/standards?kind=certification&topic=energy&ids=slcp",
        "/standards?topic=energy&kind=label",
    ),
    "/standards/{standard_id}": (
        "/standards/gots",
        "/standards/ics-social",
        "/standards/rds",
        "/standards/cradle-to-cradle",
    ),
    "/standards/compare": ("/standards/compare?ids=gots,sa8000,ics-social,iso-14001,rds",),
    "/standards/topics/{topic}": ("/standards/topics/wastewater",),
    "/f/{factory_id}/topics": ("/f/{factory}/topics",),
}
"""Registered path → addresses of that page. Names in braces are filled in by ``Demo.path``."""

WITH_SCRIPT = {"/scan"}
"""The one page that runs a script: ``test_browser_scan`` opens it, and asks axe of all that it can say."""

ELSEWHERE = WITH_SCRIPT | {
    "/c/{code}/receipt",
    "/01/{gtin}/{ai1}/{value1}/{ai2}/{value2}/{ai3}/{value3}",
    "/253/{gdti}",
    "/s/{token}/{kind}/{value}",
    "/414/{gln}/{ai1}/{value1}",
}
"""Registered paths that show a page which stands above under another path."""

PROBLEMS: dict[str, int] = {
    "/f/BDF8QY40YGE2": 400,
    "/f/BDF8QY40YGE1": 404,
    "/c/C00000000000": 400,
    "/01/09521234543214": 400,
    "/01/09521234543213": 404,
    "/find?q=zzzzzzzz": 404,
    "/receipts?r=nothing": 400,
    "/qr/c/{valid}?size=9": 400,
    "/standards/compare?ids=gots": 400,
}
"""Addresses of error pages, and their status."""


def registered() -> set[str]:
    """The registered paths of pages, each once: printed codes are upper-case, for the same page."""
    paths = edge.PAGES | edge.PAGES_OR_FILES
    return {path for path in paths if not any(path != other and path.lower() == other for other in paths)}


def public() -> list[str]:
    """The addresses of every kind of page of this service."""
    return [address for path, found in EXAMPLES.items() if path in registered() for address in found]


def all_pages() -> dict[str, int]:
    """Addresses of every kind of page, error pages among them, and the status that each is answered with."""
    return {**dict.fromkeys(public(), 200), **PROBLEMS}
