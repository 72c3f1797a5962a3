"""Brings into the public log what was on record before the log began. Doing it twice changes nothing.

First the certificates of each certifier, then those that only their holders declare, of factories that show.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.domain import log
from chalicelib.domain.certificate import Certificate
from chalicelib.store import log_reader, public_keys, public_table
from chalicelib.store.public_table import Between
from chalicelib.store.registry import certified, changelog, factories, organisations

AT_ONCE = 50
_FACTORIES_AT_ONCE = 20
_DECLARED = "~"  # behind every identifier of a certifier


@dataclass(frozen=True, slots=True)
class Place:
    """How far it has come: at which certifier (or the declared ones), behind which code or factory."""

    certifier: str = ""
    after: str = ""


def adopt(begin: Place) -> tuple[int, Place | None]:
    """Take a stretch further: how many certificates now wait to be logged, and where to go on, if anywhere."""
    if begin.certifier == _DECLARED:
        return _declared(begin.after)
    certifiers = sorted(each["id"] for each in organisations.listed("certifier"))
    certifier = next((each for each in certifiers if each >= begin.certifier), None)
    if certifier is None:
        return _declared("")
    after = begin.after if certifier == begin.certifier else ""
    found, last = certified.listed(certifier, lambda _each: True, after, AT_ONCE)
    return _adopted(found), Place(certifier, last) if last else Place(f"{certifier}!")


def _declared(after: str) -> tuple[int, Place | None]:
    partition = public_keys.listing("certified", "").pk
    rows = public_table.query(partition, Between(f"{after}!", _DECLARED), limit=_FACTORIES_AT_ONCE)
    held = [factories.load(public_table.body(row)["factory_id"]) for row in rows]
    adopted = sum(_adopted(each.certificates.values()) for each in held if each is not None)
    last = public_table.sort_key(rows[-1]) if len(rows) == _FACTORIES_AT_ONCE else None
    return adopted, Place(_DECLARED, last) if last else None


def _adopted(certificates: Iterable[Certificate]) -> int:
    certificates = list(certificates)
    logged = log_reader.of_certificates(each.code for each in certificates)
    missing = [each for each in certificates if len(logged.get(each.code, ())) < len(log.lines_of(each))]
    return sum(changelog.adopt(each) for each in missing)
