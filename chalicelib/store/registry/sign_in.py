"""Signing in by a link in a mail: 256 random bits, stored as a hash, good for half an hour and for one use."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from chalicelib import clock
from chalicelib.domain.errors import Gone
from chalicelib.store import people_keys
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import callers, lookup, people
from chalicelib.store.registry.commit import Commit, persistently

VALID_FOR = timedelta(minutes=30)
MOST_MAILS = 5
WINDOW = timedelta(hours=1)
"""Nobody gets more than ``MOST_MAILS`` in a ``WINDOW``, whoever asks for them."""


def ask(email: str) -> str | None:
    """A token to mail to this address. ``None`` if it acts for nobody, or if it had its share of mails already."""
    person = callers.person(email)
    if not people.authority(person):
        return None
    token = secrets.token_urlsafe(32)

    def attempt() -> str | None:
        now = clock.now()
        place = people_keys.sign_ins(person)
        held = lookup.item(place)
        sent = [at for at in held.body["sent"] if at > (now - WINDOW).timestamp()] if held is not None else []
        if len(sent) >= MOST_MAILS:
            return None
        body = {"sent": [*sent, int(now.timestamp())]}
        transaction = Commit()
        counted = RegistryItem(place.pk, place.sk, body=body, expires=int((now + WINDOW).timestamp()))
        transaction.replace(counted, int(held.version) if held is not None else 0)
        transaction.create(_item(token, person, now))
        transaction.now()
        return token

    return persistently(attempt)


def check(token: str) -> None:
    """``Gone`` unless the link still works. Changes nothing."""
    _person(token, clock.now())


def consume(token: str, language: str) -> str:
    """Use the link: the secret of a new session. ``Gone`` if it was used, ran out or was never made.

    ``language`` is that of the page, in which mails that nobody asked for are written from now on.
    """

    def attempt() -> str:
        now = clock.now()
        person = _person(token, now)
        session, secret = callers.session_item(person, now)
        transaction = Commit()
        transaction.take(_item(token, person, now))
        transaction.create(session)
        spoken = people_keys.language(person)
        transaction.put(RegistryItem(spoken.pk, spoken.sk, body={"language": language}))
        transaction.now()
        return secret

    return persistently(attempt)


def _person(token: str, now: datetime) -> str:
    """Whom a link is for. Time to live deletes late, so the time is compared."""
    held = lookup.item(people_keys.sign_in(callers.digest(token)))
    if held is None or held.body["expires"] <= now.timestamp():
        raise Gone
    return str(held.body["person"])


def _item(token: str, person: str, now: datetime) -> RegistryItem:
    key = people_keys.sign_in(callers.digest(token))
    expires = int((now + VALID_FOR).timestamp())
    return RegistryItem(key.pk, key.sk, body={"person": person, "expires": expires}, expires=expires)
