"""Tells a brand's people by mail that codes of its items may have been copied.

What waits is sent with the errands, every ten minutes, but no more than one letter an hour and brand. If the mail
service takes none it waits for the next run; killed between the mail and its note, the letter comes twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib import clock, journal
from chalicelib.internal import letters, teams
from chalicelib.store.registry import clone_letters, people, products
from chalicelib.store.registry.clone_letters import Letter
from chalicelib.store.registry.people import Colleague, Role
from chalicelib.web import language

PAUSE = timedelta(hours=1)
MOST_MAILS = 20


def run(now: datetime, end: float) -> int:
    """Send the letters that are due; says how many mails left."""
    left = 0
    for letter in clone_letters.waiting():
        if clock.ticking() > end:
            break
        if not letter.sent_at or clock.parsed(letter.sent_at) + PAUSE <= now:
            left += _send(letter, now)
    return left


def _send(letter: Letter, now: datetime) -> int:
    role = Role("member", letter.member_id)
    team = people.team(role)[:MOST_MAILS]
    names = {each.product_id: each.name for each in products.several({row["product_id"] for row in letter.items})}
    rows = [{**row, "name": names.get(row["product_id"], row["product_id"])} for row in letter.items]
    left = sum(_told(each, teams.named(role), rows, letter.more) for each in team)
    if left or not team:
        clone_letters.sent(letter, now)
    return left


def _told(colleague: Colleague, brand: str, rows: list[clone_letters.Told], more: int) -> bool:
    try:
        letters.copied(colleague.email, language.choose(people.language(colleague.person), None), brand, rows, more)
    except letters.NotSent as error:
        journal.failed("mail_not_sent", error, about="copies")
        return False
    return True
