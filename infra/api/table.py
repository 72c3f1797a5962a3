"""A row for each route that answers machines: what it takes, what it answers, what can go wrong beyond the usual."""

from __future__ import annotations

from collections.abc import Mapping

from infra.api import internal_rows, public_rows
from infra.api.public_rows import STANDARDS_SOUGHT
from infra.api.row import Row

ROWS: Mapping[tuple[str, str], Row] = {**public_rows.ROWS, **internal_rows.ROWS}

_QUALIFIERS = ("/{ai1}/{value1}", "/{ai2}/{value2}", "/{ai3}/{value3}")
PAGE_PARAMETERS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("/f/{factory_id}", "/F/{factory_id}", "/p/{code}", "/P/{code}"), ("linkType",)),
    **dict.fromkeys(
        ("/c/{code}", "/C/{code}", "/253/{gdti}", "/s/{token}/{kind}/{value}", "/S/{token}/{kind}/{value}"),
        ("on", "known_at", "linkType"),
    ),
    **dict.fromkeys(("/414/{gln}", "/414/{gln}/{ai1}/{value1}"), ("linkType",)),
    **dict.fromkeys(
        ("/01/{gtin}", *(f"/01/{{gtin}}{''.join(_QUALIFIERS[:most])}" for most in (1, 2, 3))), ("linkType",)
    ),
    "/find": ("q",),
    "/factories": ("q", "country"),
    "/resources": ("for",),
    "/members": ("q",),
    "/members/{member_id}/factories": ("country", "tier", "cursor"),
    "/members/{member_id}/products": ("cursor",),
    "/standards": (*STANDARDS_SOUGHT, "ids"),
    "/standards/compare": ("ids",),
    "/receipts": ("r",),
}
"""The query parameters of public pages, beside ``lang``, which all of them take."""
