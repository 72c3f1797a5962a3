"""How a factory is invited: what is asked, which factories on record it may be, the mail. For JSON and for pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from chalicelib import clock, journal
from chalicelib.domain import identity, text
from chalicelib.domain.errors import Conflict, Fault, Malformed, NotAllowed
from chalicelib.domain.fields import FIELDS, clean_country, clean_email
from chalicelib.domain.invitation import Invitation
from chalicelib.domain.likeness import Described, Likely
from chalicelib.internal import access, body, letters, links
from chalicelib.store import keys
from chalicelib.store.registry import callers, duplicates, lookup, organisations, records
from chalicelib.store.registry import invitations as store
from chalicelib.store.registry.history import Actor
from chalicelib.store.registry.replies import Row
from chalicelib.web.language import LANGUAGES

ASKED: dict[str, body.Check] = {
    "factory_id": body.code(identity.parse_factory_id),
    "name": text.clean,
    "country": clean_country,
    "address": text.clean,
    "city": text.clean,
    "site": text.clean,
    "coordinates": FIELDS["coordinates"],
    "language": body.one_of(*LANGUAGES),
}
"""What may be said of an invitation besides the e-mail address. ``site`` and ``coordinates`` only find duplicates."""
_In = TypeVar("_In")
_Out = TypeVar("_Out")


class Inviter(NamedTuple):
    """The member that invites, and what it is called in the mail."""

    member_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """An invitation to be sent: cleaned, and nothing of it on record yet."""

    email: str
    language: str
    factory_id: str | None
    name: str
    country: str
    address: str = ""
    city: str = ""
    site: str = ""
    coordinates: Mapping[str, float] | None = None


def inviter(member_id: str) -> Inviter:
    """The member that invites; one that has left invites nobody any more."""
    member = organisations.need("member", member_id)
    if member.get("ended"):
        raise NotAllowed("This member has left, and invites nobody any more.")
    return Inviter(member_id, str(member["name"]))


def read(row: Any, more: Mapping[str, body.Check] | None = None) -> tuple[Wanted, dict[str, Any]]:
    """An invitation as it was sent in, and what ``more`` reads of it. ``Malformed`` with every fault."""
    given = body.read(row, {"email": clean_email}, {**ASKED, **(more or {})})
    if given["factory_id"] is None and (given["name"] is None or given["country"] is None):
        raise Malformed("Which factory?", [Fault("/factory_id", "is missing: or give name and country of a new one")])
    if given["factory_id"] is not None and given["name"] is not None:
        raise Conflict("Give either the factory_id of a factory on record, or name and country of a new one.")
    wanted = Wanted(
        email=given["email"],
        language=given["language"] or "en",
        factory_id=given["factory_id"],
        name=given["name"] or "",
        country=given["country"] or "",
        address=given["address"] or "",
        city=given["city"] or "",
        site=given["site"] or "",
        coordinates=given["coordinates"],
    )
    return wanted, {name: given[name] for name in more or ()}


def likely(wanted: Wanted) -> list[Likely]:
    """Factories on record that the one to be invited is likely to be; none where it is named by its Factory ID."""
    if wanted.factory_id is not None:
        return []
    about = Described(
        names=(wanted.name,),
        country=wanted.country,
        city=wanted.city,
        address=wanted.address,
        site=wanted.site,
        coordinates=wanted.coordinates,
    )
    return duplicates.likely(about)


@dataclass(frozen=True, slots=True)
class OnRecord:
    """A factory on record, as far as an invitation asks for it."""

    factory_id: str
    name: str
    claimed: bool

    def taken_for(self, email: str) -> bool:
        """Whether somebody else than this address runs it already: then it is linked, not invited."""
        return self.claimed and not callers.may_act(callers.person(email), self.factory_id)


def on_record(some: Iterable[Wanted]) -> dict[str, OnRecord]:
    """The factories that invitations name by their Factory ID, as far as they are on record."""
    places = [keys.factory(each.factory_id) for each in some if each.factory_id is not None]
    held = [records.factory(body, 0) for body in lookup.bodies(places).values()]
    return {each.factory_id: OnRecord(each.factory_id, str(each.value("name") or ""), each.claimed) for each in held}


class Recorded(NamedTuple):
    """An invitation on record, and the token to mail: none if the same was asked before. ``None``: only linked."""

    invitation: Invitation | None
    token: str = ""


def invite(member: Inviter, wanted: Wanted, once: str = "") -> Invitation:
    """Put an invitation on record and mail it."""
    invitation, token = record(member, wanted, once)
    return mailed(member, invitation, token) if token else invitation


def record(member: Inviter, wanted: Wanted, once: str | Row = "") -> tuple[Invitation, str]:
    """Put an invitation on record; the second value is the token to mail. Unless it is mailed, an errand does it."""
    return store.invite(
        member.member_id,
        wanted.email,
        wanted.language,
        wanted.factory_id,
        wanted.name or None,
        wanted.country or None,
        where=(wanted.address, wanted.city),
        once=once,
    )


def record_or_link(member: Inviter, wanted: Wanted, once: str, actor: Actor) -> Recorded:
    """Put an invitation on record. A factory that runs its own profile already is added to the network instead."""
    held = on_record([wanted]).get(wanted.factory_id or "")
    if held is not None and held.taken_for(wanted.email):
        links.add(member.member_id, held.factory_id, None, actor)
        return Recorded(None)
    return Recorded(*record(member, wanted, once))


def outcome(member: Inviter, recorded: Recorded) -> str:
    """Mail what was put on record: ``sent``, ``queued`` (an errand mails it) or ``linked``."""
    if recorded.invitation is None:
        return "linked"
    done = mailed(member, recorded.invitation, recorded.token) if recorded.token else recorded.invitation
    return done.mail


def resend(member: Inviter, invitation_id: str, email: str | None = None) -> Invitation:
    """Send a new link, perhaps to a corrected address; the older one no longer works."""
    return mailed(member, *store.renew(member.member_id, invitation_id, email))


def mailed(member: Inviter, invitation: Invitation, token: str) -> Invitation:
    """Send the mail. If that fails the invitation stays, its mail ``queued``: an errand tries again, or a person."""
    try:
        letters.invitation(member.name, invitation, token)
    except letters.NotSent as error:
        journal.failed("mail_not_sent", error, about="invitation")
        return invitation
    return store.mailed(invitation)


def abreast(work: Callable[[_In], _Out], wanted: Sequence[_In], seconds: float) -> list[_Out | None]:
    """The outcomes of some work, several at once; ``None`` for what was not begun in time."""
    end = clock.ticking() + seconds

    def one(each: _In) -> _Out | None:
        return work(each) if clock.ticking() < end else None

    workers = access.SETTINGS.sync_workers
    if workers == 1:
        return [one(each) for each in wanted]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(one, wanted))
