"""A product and the stages that made it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.domain.claim import Claims


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of making: a process code (open list) at a factory. Stages stand in the order of making."""

    process: str
    factory_id: str


@dataclass(frozen=True, slots=True)
class Product:
    """``product_id`` is a GTIN of fourteen digits, or a code of our own. ``member_id`` is the brand that answers."""

    product_id: str
    member_id: str
    brand: str
    name: str
    category: str
    lots: tuple[str, ...]
    stages: tuple[Stage, ...]
    updated_at: str = ""
    version: int = 0
    claims: Claims = ()
