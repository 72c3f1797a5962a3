"""What lies in the tables and follows from no record. It may go, unless it is what is left of a record that is lost."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.store import keys, public_keys, public_table
from chalicelib.store.entries import Entries
from chalicelib.store.keys import Key
from chalicelib.store.models import NumberItem, PublicItem, RegistryItem
from chalicelib.store.numbers import Move
from chalicelib.store.public_table import Raw
from chalicelib.store.registry import lookup
from chalicelib.store.registry.commit import Commit
from infra.check import attributes, losses, owned
from infra.check.faults import LEFT_OVER, RESTORE, Fault, Mend, named
from infra.check.owned import Owned
from infra.check.state import State

Found = Iterator[tuple[Fault, Owned | None]]
"""Faults, each with what the record that it comes from answers for now."""


def shown(key: Key, raw: Raw, state: State) -> Found:
    """What an item of the public table has too much, or whether it should be there at all."""
    kind = key.pk.partition("#")[0]
    wanted = state.is_wanted("public", key)
    if not wanted and _is_free(key):
        yield from ((fault, None) for fault in attributes.wrong_free(key, raw))
    if kind == "NUMBER":
        yield from _wrong_entries(key, raw, state)
    elif kind == "HALF" or (kind == "FACETS" and not key.sk.startswith("standard#")):
        yield from ((fault, None) for fault in _idle_hint(key))
    elif not wanted:
        yield from _left_over(key, state)


def _is_free(key: Key) -> bool:
    """Whether an item comes from no single record."""
    try:
        return key.pk.startswith("NUMBER#") or owned.answers_for_public(key) is None
    except KeyError:
        return False


def pointer(key: Key, root: str, state: State) -> Found:
    """A pointer that no record claimed when it was looked at: does its record claim it now?"""
    record = Key(root, keys.RECORD)
    now = owned.of(record)
    item = None if now is not None and key in now.pointers else lookup.item(key)
    if item is not None:
        yield _leftover(item, record, now, _code_of_pointer(item), state), now


def _left_over(key: Key, state: State) -> Found:
    try:
        root = owned.answers_for_public(key)
    except KeyError:
        advice = "Find out who wrote it. The public table holds nothing else than what records publish."
        yield Fault(LEFT_OVER, named(key), "is of no kind that there is", advice=advice), None
        return
    if root is None:
        return
    now = owned.of(root)
    if (now is None or key not in now.public) and public_table.get(key) is not None:
        code = {"CERTIFICATE": key.pk.partition("#")[2], "GDTI": key.sk}.get(key.pk.partition("#")[0])
        yield _leftover(PublicItem(key.pk, key.sk, body={}), root, now, code, state), now


def _code_of_pointer(item: RegistryItem) -> str | None:
    """The certificate that a pointer is about, if it is about one."""
    kind, _, name = str(item.pk).partition("#")
    within, _, rest = str(item.sk).partition("#")
    if kind == "CERTIFICATE":
        return name
    if (kind, within) == ("CERTIFIER", "CERTIFICATE"):
        return rest
    return item.body.get("code") if kind in ("NUMBER", "GDTI", "ENDING") else None


def _leftover(item: PublicItem | RegistryItem, root: Key, now: Owned | None, code: str | None, state: State) -> Fault:
    def delete(transaction: Commit) -> None:
        transaction.delete(item)

    how = f"comes from no record: {root.pk} is not there" if now is None else f"is not what {root.pk} has"
    return _may_go(f"{item.pk} {item.sk}", how, delete, root, now, code, state)


def _may_go(name: str, how: str, delete: Mend, root: Key, now: Owned | None, code: str | None, state: State) -> Fault:
    """Deleted, unless the record or the certificate that it tells of is lost."""
    gone = [root.pk] if now is None else []
    if code is not None and (now is None or code not in now.certificates):
        gone.insert(0, f"CERTIFICATE#{code}")
    for record in gone:
        why = losses.kept(record, state)
        if why is not None:
            return Fault(LEFT_OVER, name, how, advice=f"{why} Nothing that is left of it is deleted. {RESTORE}")
    return Fault(LEFT_OVER, name, how, delete, root=root, version=now.version if now is not None else None)


def _wrong_entries(key: Key, raw: Raw, state: State) -> Found:
    there = Entries.of(raw)
    for entry in sorted(there.confirmed | there.declared):
        if state.is_wanted("public", Key(key.pk, entry)):
            continue
        code = entry.rpartition("#")[2]
        root = owned.holder(code)
        now = owned.of(root)
        own = now.numbers.get(key.pk.partition("#")[2], Entries()) if now else Entries()
        extra = Entries(there.confirmed & {entry} - own.confirmed, there.declared & {entry} - own.declared)
        if extra != Entries():
            move = Move(NumberItem(key.pk, key.sk), Entries(), extra)

            def go(transaction: Commit, move: Move = move) -> None:
                transaction.move(move)

            yield _may_go(named(key), f"names {entry}, which is not there", go, root, now, code, state), now


def _idle_hint(key: Key) -> Iterator[Fault]:
    """A word or a facet that no factory has (any more)."""
    kind, _, value = key.sk.partition("#")
    if key.pk == "FACETS" and kind not in ("country", "category"):
        advice = "Find out who wrote it. The directory offers countries, categories and standards."
        yield Fault(LEFT_OVER, named(key), "is of no kind that there is", advice=advice)
        return
    if key.pk == "FACETS":
        what = f"a {kind}"
        listed = ("directory", "", f"{value}#") if kind == "country" else ("category", value, "")
    else:
        what, listed = "a word", ("word", value, "")
    place = public_keys.listing(*listed)
    if not public_table.query(place.pk, place.sk, limit=1):

        def delete(transaction: Commit) -> None:
            transaction.delete(PublicItem(key.pk, key.sk, body={}))

        yield Fault(LEFT_OVER, named(key), f"is {what} that no factory has", delete)
