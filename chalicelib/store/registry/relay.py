"""Letters of buyers to factories: kept until the buyer's address is confirmed, a day at most, and then forgotten.

The link that is mailed to the buyer has 256 random bits and is stored as a hash; it works once.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict
from datetime import datetime, timedelta

from chalicelib import clock
from chalicelib.domain.errors import Gone
from chalicelib.domain.factory import Factory
from chalicelib.domain.relay import Letter
from chalicelib.store import codec, keys, people_keys
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import callers, limits, lookup
from chalicelib.store.registry.commit import Collision, Commit, persistently
from chalicelib.store.registry.limits import Limit

VALID_FOR = timedelta(hours=24)
BY_SENDER = Limit("letter-by", 5, timedelta(days=1))
ASKED_IN_ALL = Limit("letter", 200, timedelta(hours=1))
TO_FACTORY = Limit("letter-to", 20, timedelta(days=1))
MOST_READERS = 3


def ask(letter: Letter) -> str:
    """Keep a letter until its sender's address is confirmed: the token to mail. ``TooMany`` if they wrote a lot."""
    token = secrets.token_urlsafe(32)

    def attempt() -> str:
        now = clock.now()
        transaction = Commit()
        limits.count(transaction, BY_SENDER, callers.person(letter.email), now)
        limits.count(transaction, ASKED_IN_ALL, "all", now)
        transaction.create(_item(token, letter, now + VALID_FOR))
        transaction.now()
        return token

    return persistently(attempt)


def check(token: str) -> Letter:
    """The letter that a link is for; ``Gone`` if it was used, ran out or was never made. Changes nothing."""
    return _held(token)[0]


def consume(token: str) -> tuple[Letter, datetime]:
    """Use the link, once: the letter to send on, and until when the link would have worked.

    ``TooMany`` if the factory had its share of letters today: the link works again tomorrow, if it is not over.
    """

    def attempt() -> tuple[Letter, datetime]:
        letter, until = _held(token)
        transaction = Commit()
        limits.count(transaction, TO_FACTORY, letter.factory_id, clock.now())
        transaction.take(_item(token, letter, until))
        transaction.now()
        return letter, until

    return persistently(attempt)


def put_back(token: str, letter: Letter, until: datetime) -> None:
    """The letter could not be sent on: the link works again."""
    transaction = Commit()
    transaction.create(_item(token, letter, until))
    try:
        transaction.now()
    except Collision:
        return  # it is there already


def readers(factory: Factory) -> list[str]:
    """Where letters to a factory go: its contact address, else whoever accepted to run it and still may."""
    contact = factory.value("contact_email")
    if contact:
        return [str(contact)]
    pointers = lookup.below(keys.run_by(factory.factory_id).pk, "INVITATION#")
    invited = lookup.bodies(keys.invitation(pointer["invitation_id"]) for pointer in pointers)
    found = sorted({str(body["email"]) for body in invited.values()})
    return [email for email in found if callers.may_act(callers.person(email), factory.factory_id)][:MOST_READERS]


def _held(token: str) -> tuple[Letter, datetime]:
    held = lookup.item(people_keys.letter(callers.digest(token)))
    now = clock.now()
    if held is None or held.body["expires"] <= now.timestamp():
        raise Gone
    return codec.made(Letter, held.body["letter"]), datetime.fromtimestamp(held.body["expires"], now.tzinfo)


def _item(token: str, letter: Letter, until: datetime) -> RegistryItem:
    key = people_keys.letter(callers.digest(token))
    expires = int(until.timestamp())
    return RegistryItem(key.pk, key.sk, body={"letter": asdict(letter), "expires": expires}, expires=expires)
