"""Certificate numbers that one factory declares and a certifier confirmed for another: noted for staff."""

from __future__ import annotations

from collections.abc import Callable

from chalicelib import clock
from chalicelib.domain import identity
from chalicelib.domain.certificate import Certificate
from chalicelib.domain.moderation import Kind, Matter, same_id
from chalicelib.store import keys, reader
from chalicelib.store.registry import lookup, moderation
from chalicelib.store.registry.commit import Commit
from chalicelib.store.registry.history import Actor

MOST_NOTED = 3


def matters(wanted: Certificate, actor: Actor) -> list[Callable[[Commit], None]]:
    """What is to be noted with a certificate: that it is declared where another's is confirmed, or the other way."""
    number = identity.squeeze_number(wanted.number)
    if wanted.confirmed:
        found = reader.certificates_by_number(number, wanted.standard_id)
        others = [each for each in found if not each.confirmed and each.holder_id != wanted.holder_id][:MOST_NOTED]
        pairs = [(each.code, each.holder_id, each.holder_name, wanted.code, wanted.holder_id) for each in others]
    else:
        pointer = lookup.item(keys.confirmed_number(wanted.standard_id, number))
        held = pointer.body if pointer is not None and pointer.body["factory_id"] != wanted.holder_id else None
        pairs = []
        if held is not None:
            pairs = [(wanted.code, wanted.holder_id, wanted.holder_name, held["code"], held["factory_id"])]
    return [_noting(_matter(wanted.number, *pair), actor) for pair in pairs]


def _matter(number: str, code: str, holder_id: str, holder: str, confirmed: str, confirmed_for: str) -> Matter:
    details = {"number": number, "declared_by": holder_id, "confirmed": confirmed, "confirmed_for": confirmed_for}
    matter_id = same_id(Kind.NUMBER_OF_ANOTHER, code, confirmed)
    return Matter(matter_id, Kind.NUMBER_OF_ANOTHER, f"/c/{code}", holder, clock.instant(clock.now()), details)


def _noting(matter: Matter, actor: Actor) -> Callable[[Commit], None]:
    def note(transaction: Commit) -> None:
        if not moderation.is_known(matter.matter_id):
            moderation.opened(transaction, matter, actor)

    return note
