"""Whose name somebody typed into the one box where no factory has it: that of a standard, or of an ICS member."""

from __future__ import annotations

from urllib.parse import quote

from chalicelib.domain.finding import fold
from chalicelib.store import brands, reader


def path_named(typed: str) -> str | None:
    """The page of the standard or member that goes by just this name or identifier; of several members their list.

    Two queries at most. Case, accents and blanks too many are forgiven, nothing else.
    """
    wanted = _folded(typed)
    cards = sorted(reader.standard_cards().values(), key=lambda card: (card.standard_id != wanted, card.standard_id))
    for card in cards:
        if wanted in (card.standard_id, _folded(card.short_name or ""), _folded(card.name)):
            return f"/standards/{card.standard_id}"
    members = brands.members()
    known = [each.member_id for each in members if each.member_id == wanted]
    known = known or [each.member_id for each in members if _folded(each.name) == wanted]
    if len(known) > 1:
        return f"/members?q={quote(typed)}"
    return f"/members/{known[0]}" if known else None


def _folded(text: str) -> str:
    return " ".join(fold(text).split())
