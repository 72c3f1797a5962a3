"""Key patterns of scan counts and of codes that may have been copied; ``keys`` has the list of all.

``thing`` is a name as ``domain.scans.Thing`` makes it: ``f#…``, ``c#…``, ``p#…``, ``p#…#<serial number>``.
"""

from __future__ import annotations

from chalicelib.store.keys import RECORD, Key


def day(thing: str, iso_day: str) -> Key:
    """How often a thing was scanned on a day."""
    return Key(f"SCANS#{thing}", iso_day)


def marks(thing: str, iso_day: str) -> Key:
    """The marks of the networks in which a thing was scanned on a day, until they are not needed."""
    return Key(f"SCAN_MARKS#{thing}", iso_day)


def batch(digest: str) -> Key:
    """That a batch of lines was counted."""
    return Key(f"SCAN_BATCH#{digest}", RECORD)


def serials(product: str, iso_day: str) -> Key:
    """How many serial numbers of a product were counted by themselves on a day. ``product``: the name of the thing."""
    return Key(f"SCAN_SERIALS#{product}", iso_day)


def clone(member_id: str, product_id: str = "", serial: str = "") -> Key:
    """That the code of an item of a member's may have been copied."""
    return Key(f"CLONES#{member_id}", f"{product_id}#{serial}" if product_id else "")


def clone_letter(member_id: str = "") -> Key:
    """What a member's team is to be told about copied codes, and when it was told last."""
    return Key("CLONE_LETTERS", member_id)


def clone_rule(member_id: str) -> Key:
    """What a member takes for too many places."""
    return Key(f"CLONE_RULE#{member_id}", RECORD)
