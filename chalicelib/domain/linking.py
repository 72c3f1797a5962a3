"""What each side of a link may do with it: agree that it shows in public, end it, take up again what it ended itself.

A link that one side ended stays ended, whatever the other side or an audit batch says, until the side that ended it
takes it up again. From then on it shows in public only if both agree anew.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.domain.factory import Factory, Link, Source
from chalicelib.domain.lifecycle import refuse_led
from chalicelib.domain.phrase import phrase

_ENDED_BY_OTHER = {
    Source.MEMBER: phrase("The factory ended this link. Only the factory can take it up again."),
    Source.FACTORY: phrase("The brand ended this link. Only the brand can take it up again."),
}


def agreed(link: Link, side: Source, public: bool) -> Link:
    """The link after one side said whether it may show in public. By that the factory says, too, that there is one."""
    if side is Source.FACTORY:
        return replace(link, factory_agrees=public, confirmed=True)
    return replace(link, member_agrees=public)


def hidden(link: Link, side: Source) -> Link:
    """The link after one side said no more than that it shall not show in public."""
    return replace(link, factory_agrees=False) if side is Source.FACTORY else replace(link, member_agrees=False)


def for_another(link: Link) -> Link:
    """A link as the factory's own word begins with it on another of its records: the member agreed on that one only."""
    return replace(link, source=Source.FACTORY, factory_agrees=False, member_agrees=False)


def refuse_anew(factory: Factory, link: Link, public: bool) -> None:
    """Refuse a word on a record that was merged into another, unless it only hides: it would open the other one.

    What is for the network of the record that remains is shown to those that this one is linked to.
    """
    if public or link.ended is not None or not link.confirmed:
        refuse_led(factory)


def ended(link: Link | None, side: Source, today: date) -> Link:
    """The link after one side ended it. ``NotFound`` if there is none to end."""
    if link is None or link.ended is not None:
        raise NotFound("There is no such link of yours.")
    return replace(link, ended=today.isoformat(), ended_by=side, factory_agrees=False, member_agrees=False)


def standing(link: Link, side: Source, today: date) -> Link:
    """The link, taken up again if this side ended it. ``Conflict`` if the other one did."""
    if link.ended is None:
        return link
    if link.ended_by is not side:
        raise Conflict(_ENDED_BY_OTHER[side])
    return replace(link, ended=None, ended_by=None, since=today.isoformat())
