"""What teams of brands are to be told about copied codes: one item a brand, in which its next letter gathers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib import clock
from chalicelib.store import scan_keys
from chalicelib.store.models import RegistryItem, reaching
from chalicelib.store.registry import lookup
from chalicelib.store.registry.commit import Commit, persistently

MOST_NAMED = 50
"""In one letter; of the others it says how many they are."""

Told = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that waits: items by product and serial number, and how many more there are."""

    member_id: str
    items: tuple[Told, ...]
    more: int
    sent_at: str


def owe(transaction: Commit, member_id: str, item: Told) -> None:
    """Put an item into the brand's next letter, in the transaction that notes it."""
    place = scan_keys.clone_letter(member_id)
    held = lookup.item(place)
    body: Told = held.body if held is not None else {"items": [], "more": 0, "sent_at": ""}
    is_named = len(body["items"]) < MOST_NAMED
    items = [*body["items"], item] if is_named else body["items"]
    after = {**body, "items": items, "more": body["more"] + (not is_named)}
    transaction.replace(_item(member_id, after), int(held.version) if held is not None else 0)


def waiting() -> list[Letter]:
    """The letters with something in them."""
    with reaching():
        items = RegistryItem.query(scan_keys.clone_letter().pk, consistent_read=True)
        found = [_letter(str(item.sk), item.body) for item in items]
    return [letter for letter in found if letter.items]


def sent(letter: Letter, now: datetime) -> None:
    """It was sent: what came in meanwhile waits for the next one. Noted twice, it changes nothing the second time."""
    place = scan_keys.clone_letter(letter.member_id)

    def attempt() -> None:
        held = lookup.item(place)
        if held is None or not _still_waits(held.body, letter):
            return
        items = held.body["items"][len(letter.items) :]
        after = {"items": items, "more": held.body["more"] - letter.more, "sent_at": clock.instant(now)}
        transaction = Commit()
        transaction.replace(_item(letter.member_id, after), int(held.version))
        transaction.now()

    persistently(attempt)


def _still_waits(body: Told, letter: Letter) -> bool:
    """Whether nobody noted meanwhile that it was sent."""
    named = tuple(body["items"][: len(letter.items)])
    return named == letter.items and body["sent_at"] == letter.sent_at and body["more"] >= letter.more


def _letter(member_id: str, body: Told) -> Letter:
    return Letter(member_id, tuple(body["items"]), int(body["more"]), str(body["sent_at"]))


def _item(member_id: str, body: Told) -> RegistryItem:
    key = scan_keys.clone_letter(member_id)
    return RegistryItem(key.pk, key.sk, body=body)
