"""E-mail addresses that members invite: how many invitations each was sent lately, and who wants no more.

Kept under a hash of the address, and counted whoever sends them: so nobody's mailbox is flooded through here.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib import clock
from chalicelib.domain.errors import Conflict
from chalicelib.domain.phrase import phrase
from chalicelib.store import people_keys
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import callers, lookup
from chalicelib.store.registry.commit import Commit, persistently

MOST_MAILS = 10
WINDOW = timedelta(hours=24)


def count(transaction: Commit, email: str, now: datetime) -> None:
    """Count one more invitation to an address, in the transaction that sends it. ``Conflict`` if it had its share."""
    place = people_keys.address(callers.person(email))
    held = lookup.item(place)
    body = held.body if held is not None else {}
    if body.get("complained"):
        raise Conflict("Whoever reads this address has asked for no more invitations. Ask them by other means.")
    sent = [at for at in body.get("sent", []) if at > (now - WINDOW).timestamp()]
    if len(sent) >= MOST_MAILS:
        raise Conflict(
            phrase(
                "This address was sent %(most)s invitations within a day. Try again tomorrow, or give another address.",
                most=MOST_MAILS,
            )
        )
    counted = {"sent": [*sent, int(now.timestamp())]}
    expires = int((now + WINDOW).timestamp())
    transaction.replace(
        RegistryItem(place.pk, place.sk, body=counted, expires=expires),
        int(held.version) if held is not None else 0,
    )


def wants_none(email: str) -> bool:
    """Whether whoever reads an address has asked for no more invitations."""
    held = lookup.item(people_keys.address(callers.person(email)))
    return held is not None and bool(held.body.get("complained"))


def complained(email: str) -> None:
    """Note that whoever reads an address wants no more invitations. It stays noted."""
    place = people_keys.address(callers.person(email))

    def attempt() -> None:
        held = lookup.item(place)
        transaction = Commit()
        body = {"complained": clock.today().isoformat()}
        transaction.replace(RegistryItem(place.pk, place.sk, body=body), int(held.version) if held is not None else 0)
        transaction.now()

    persistently(attempt)
