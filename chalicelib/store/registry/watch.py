"""What is noticed when a factory shows a new name: odd letters, and factories that it could be taken for.

It is looked at before the name is stored and noted beside the transaction, which has no room to spare: what fails
between the two leaves a matter about a name that never came to be, and never a name that nobody looked at.
"""

from __future__ import annotations

from datetime import datetime

from chalicelib import clock
from chalicelib.domain import finding, lookalike
from chalicelib.domain.disclosure import PublicFactory
from chalicelib.domain.likeness import Described, Likely, Reason
from chalicelib.domain.moderation import Kind, Matter, same_id
from chalicelib.store.registry import duplicates, moderation
from chalicelib.store.registry.history import Actor

_PLACES = frozenset({Reason.NEAR, Reason.ADDRESS_ALIKE, Reason.SAME_CITY})


def note(before: PublicFactory | None, after: PublicFactory | None, actor: Actor, now: datetime) -> None:
    """Look at the names of a factory that is published or renamed.

    Names that ICS sends come from audits on site: their letters are looked at, but no other factories are sought, for a
    thousand rows would ask seventeen thousand questions.
    """
    if after is None or (before is not None and _names(before) == _names(after)):
        return
    odd = {name: [each.value for each in lookalike.oddities(name)] for name in _names(after)}
    names = [{"name": name, "oddities": oddities} for name, oddities in odd.items() if oddities]
    if names:
        _note(Kind.ODD_NAME, after, {"names": names}, [name["name"] for name in names], actor, now)
    twins = [] if actor.kind == "ics" else _twins(after)
    if twins:
        shown = [
            {"factory_id": each.factory_id, "name": each.name, "reasons": [reason.value for reason in each.reasons]}
            for each in twins
        ]
        _note(Kind.LOOK_ALIKE, after, {"factories": shown}, [each.factory_id for each in twins], actor, now)


def _names(page: PublicFactory) -> tuple[str, ...]:
    return tuple(name for name in finding.names_of(page) if name)


def _twins(page: PublicFactory) -> list[Likely]:
    found = duplicates.likely(Described.of(page), but=page.factory_id)
    return [each for each in found if _could_be_taken_for(set(each.reasons))]


def _could_be_taken_for(reasons: set[Reason]) -> bool:
    """Companies of a group share words of a name: such a one is noted only where the place is the same, too."""
    if reasons & {Reason.LOOKS_THE_SAME, Reason.SAME_GLN}:
        return True
    if Reason.SAME_NAME in reasons:
        return Reason.SAME_COUNTRY in reasons
    return Reason.NAME_ALIKE in reasons and bool(reasons & _PLACES)


def _note(
    kind: Kind, page: PublicFactory, details: dict[str, object], parts: list[object], actor: Actor, now: datetime
) -> None:
    about = f"/f/{page.factory_id}"
    matter_id = same_id(kind, about, page.name, *map(str, parts))
    moderation.noticed(Matter(matter_id, kind, about, page.name, clock.instant(now), details), actor)
