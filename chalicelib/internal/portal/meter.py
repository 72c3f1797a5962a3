"""How complete a profile is: the fields that help whoever scans, and which of them are missing."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.domain.factory import Factory

WANTED = (
    ("name", "name"),
    ("country", "country"),
    ("address", "address"),
    ("city", "city"),
    ("coordinates", "latitude"),
    ("product_categories", "product_categories-all"),
    ("processes", "processes-all"),
    ("workforce", "workforce"),
    ("languages", "languages-all"),
    ("descriptions", "descriptions-en"),
    ("contact_name", "contact_name"),
    ("contact_email", "contact_email"),
)
"""Fields that every factory can fill in, each with its input in the form."""


@dataclass(frozen=True, slots=True)
class Meter:
    """``known`` of ``all`` fields hold something; ``missing`` are (field, input) pairs."""

    known: int
    all: int
    missing: tuple[tuple[str, str], ...]


def of(factory: Factory) -> Meter:
    """How complete a factory's profile is."""
    missing = tuple((name, entry) for name, entry in WANTED if not factory.value(name))
    return Meter(len(WANTED) - len(missing), len(WANTED), missing)
