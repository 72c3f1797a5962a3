"""What records that are older than a feature are given, once: ``python -m infra.migrate``. Decision 30 says why so.

A migration may look at a record again and again, and changes it at most once. It writes under the condition that the
record is still what it was, so no change of others is lost. Until it is over, the code reads both kinds of records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from chalicelib.store.keys import Key
from chalicelib.store.registry.history import Actor


@dataclass(frozen=True, slots=True)
class Migration:
    """``kind``: of the records that it looks at, as their keys begin; or ``places``, where all that it looks at lies.

    A name is never given twice.

    ``lacks``: whether a record wants it. ``give``: give it, if the record still wants it; says whether it did.
    """

    name: str
    what: str
    kind: str
    lacks: Callable[[Key], bool]
    give: Callable[[Key, Actor], bool]
    places: Callable[[], Iterable[Key]] | None = None
