"""The claims of a factory, a product or a member as of today, with the certificates that the reader holds already."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from chalicelib.domain.disclosure import PublicFactory, PublicProduct
from chalicelib.web.claims import shown

__all__ = ["of_factory", "of_product", "shown"]


def of_factory(page: PublicFactory, day: date) -> list[dict[str, Any]]:
    """The claims of a factory: its own certificates stand on its page, so nothing else is read."""
    return shown(page.claims, {each.code: each for each in page.certificates}, day)


def of_product(page: PublicProduct, makers: Iterable[PublicFactory], day: date) -> list[dict[str, Any]]:
    """The claims of a product: they rest on certificates of the factories of its stages."""
    held = {each.code: each for maker in makers for each in maker.certificates}
    return shown(page.claims, held, day)
