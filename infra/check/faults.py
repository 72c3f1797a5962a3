"""What is wrong, what can be done about it, and how it is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from chalicelib.domain import status_list
from chalicelib.domain.errors import Conflict, Unavailable
from chalicelib.store import keys
from chalicelib.store.keys import Key
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry.commit import Collision, Commit
from chalicelib.store.wire import Refused

RECORDS = "records"
HISTORIES = "histories"
PUBLIC = "public items"
KEYS = "signing keys"
SIGNED = "signed documents"
POINTERS = "pointers"
LEFT_OVER = "left over"
LISTS = "status lists"
LOG = "log of changes"
COUNTERS = "counters"
REPLIES = "kept replies"
OUTBOX = "outbox"
KINDS = (RECORDS, HISTORIES, PUBLIC, KEYS, SIGNED, POINTERS, LEFT_OVER, LISTS, LOG, COUNTERS, REPLIES, OUTBOX)

RESTORE = '`python -m infra.backup restore` brings it back: docs/runbook.md, "A record is lost".'
"""Which command brings back what no command can make anew."""

Mend = Callable[[Commit], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it must be: what kind of thing, which one, and how.

    ``mend`` puts right what is derived from records. Where there is none, ``advice`` says what somebody is to do.
    ``root`` and ``version``: of the record that it was compared with. ``lacking``: records that were found to lack
    something, by whose word nothing is mended.
    """

    kind: str
    name: str
    how: str
    mend: Mend | None = None
    advice: str = ""
    root: Key | None = None
    version: int | None = None
    lacking: tuple[str, ...] = ()


def named(key: Key) -> str:
    """An item for people."""
    return f"{key.pk} {key.sk}"


def lacking(item: RegistryItem) -> tuple[str, ...]:
    """By whose word nothing is published if a record lacks something: its root's, and that of its status list."""
    index = item.body.get("status_index") if item.sk.startswith("CERTIFICATE#") else None
    lists = () if index is None else (keys.status_list(status_list.place(index).number).pk,)
    return (str(item.pk), *lists)


def mended(fault: Fault) -> bool:
    """Put it right, if that is possible and its record was not changed meanwhile; says whether it was."""
    if fault.mend is None:
        return False
    transaction = Commit()
    if fault.root is not None:
        transaction.stands(fault.root, fault.version)
    try:
        fault.mend(transaction)
        if len(transaction) > (fault.root is not None):
            transaction.now()
    except Refused as error:
        if not error.passing and error.kind != "TransactionCanceledException":
            raise  # no right to write, or no table: the next fault would meet the same
        return False
    except (Collision, Conflict, Unavailable):
        return False
    return True


def withheld(fault: Fault, why: str) -> Fault:
    """The same, not to be mended: ``why`` says what stands against it."""
    return fault if fault.mend is None else replace(fault, mend=None, advice=why)
