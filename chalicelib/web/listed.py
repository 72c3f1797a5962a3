"""What templates do with lists and mappings before they show them: pure functions, in Jinja and in pages made flat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chalicelib.domain.disclosure import CertificateAnswer, PublicFactory

_ADDRESS = ("address", "postal_code", "city", "region")
_MOST_USEFUL = ("valid", "not_yet_valid", "suspended", "withdrawn", "expired", "unknown")


def address_lines(factory: PublicFactory, fields: Mapping[str, Any] | None = None) -> list[str]:
    """The lines of an address as far as they are known, without the country: of a factory, or of other fields."""
    given = factory.fields if fields is None else fields
    known = {name: str(value) for name, value in given.items() if name in _ADDRESS and value}
    town = " ".join(known[name] for name in ("postal_code", "city") if name in known)
    return [line for line in (known.get("address", ""), town, known.get("region", "")) if line]


def groupby_value(named: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """The names of a mapping by their values, both in order."""
    found: dict[str, list[str]] = {}
    for name, value in named.items():
        found.setdefault(value, []).append(name)
    return list(found.items())


def useful_first(answers: Iterable[CertificateAnswer]) -> list[CertificateAnswer]:
    """Certificates in the order in which they help a reader: those that hold first, confirmed before declared."""
    return sorted(answers, key=lambda answer: (_MOST_USEFUL.index(answer.status), not answer.certificate.confirmed))


def count_valid(answers: Iterable[CertificateAnswer]) -> int:
    """How many certificates hold and are confirmed by their certifier."""
    return sum(answer.status == "valid" and answer.certificate.confirmed for answer in answers)
