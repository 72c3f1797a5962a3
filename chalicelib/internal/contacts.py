"""The contact address of a factory is confirmed: by a link mailed there, or at once by who signed in with it."""

from __future__ import annotations

from typing import Any

from chalicelib import journal
from chalicelib.domain.errors import Conflict, TooMany
from chalicelib.domain.factory import Factory
from chalicelib.internal import letters
from chalicelib.internal.access import Caller
from chalicelib.store.registry import callers
from chalicelib.store.registry import contacts as store
from chalicelib.store.registry.factories import Held
from chalicelib.web import language


def after_change(caller: Caller, held: Held) -> Held:
    """What follows where a factory gave another address. That it had its share of mails is no reason not to save it."""
    if not held.factory.value("contact_email") or held.factory.contact is not None:
        return held
    try:
        return ask(caller, held.factory)
    except TooMany:
        journal.say("contact_mails_used_up")
        return held


def ask(caller: Caller, factory: Factory) -> Held:
    """Mail the link that confirms the address, which voids the one before; none to who signed in with that address."""
    email = str(factory.value("contact_email") or "")
    if caller.person and email and callers.person(email) == caller.person:
        return store.own(factory.factory_id, caller.person, caller.actor)
    held, token = store.begin(factory.factory_id, caller.actor)
    if token is None:
        return held
    to = str(held.factory.value("contact_email"))
    spoken = language.choose(None, ",".join(held.factory.value("languages") or ()))
    try:
        letters.contact_confirm(to, spoken, str(held.factory.value("name") or ""), token)
    except letters.NotSent as error:
        journal.failed("mail_not_sent", error, about="contact")
        return store.not_sent(factory.factory_id, token, caller.actor)
    return held


def send(caller: Caller, factory: Factory) -> Held:
    """As ``ask``, for who presses the button: ``Conflict`` if there is nothing to confirm or the mail did not leave."""
    held = ask(caller, factory)
    check = held.factory.contact
    if check is not None and not check.confirmed and check.mailed is None:
        raise Conflict("The mail could not be sent just now. Try again later.")
    return held


def describe(factory: Factory) -> dict[str, Any] | None:
    """Whether the contact address is confirmed, since when, and when a link was mailed; ``None``: there is none."""
    if not factory.value("contact_email"):
        return None
    check = factory.contact
    return {"confirmed_on": check.confirmed if check else None, "mailed_on": check.mailed if check else None}
