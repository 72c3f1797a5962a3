"""A list of factories to invite: what would come of each row, and what came of it. Looking at it changes nothing."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from iso3166 import countries

from chalicelib import clock
from chalicelib.domain import identity
from chalicelib.domain.errors import DomainError, Fault, Malformed, NotAllowed
from chalicelib.domain.likeness import Likely
from chalicelib.domain.phrase import phrase
from chalicelib.internal import access, inviting
from chalicelib.internal.inviting import Inviter, Recorded, Wanted
from chalicelib.store.registry import invitation_items as items
from chalicelib.store.registry.history import Actor
from chalicelib.web import language, responses
from chalicelib.web.columns import Entry
from chalicelib.web.language import Language

SECONDS_TO_COMPARE = 20.0
SECONDS = 20.0
"""To put a list on record and to mail it: the function has 29 seconds, and what is not mailed by then is queued."""
NEW = "new"
"""The choice that none of the likely factories is the one meant."""
UNDECIDED = phrase("You have not decided whether it is one of the factories on record.")
NO_TIME = phrase("There was no time left for this row. Send it again.")


@dataclass(frozen=True, slots=True)
class Preview:
    """A row before anything is sent. ``faults``: why it cannot be; ``likely``: what the person has to decide about."""

    entry: Entry
    wanted: Wanted | None = None
    faults: tuple[Fault, ...] = ()
    likely: tuple[Likely, ...] = ()
    named: str = ""
    run_by_itself: bool = False
    pending: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of a row: ``sent``, ``queued``, ``linked``, or why it was not sent."""

    entry: Entry
    outcome: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Packed:
    """A list as it lies in the form between looking and sending: what may be sent, and the rows that cannot."""

    once: str
    rows: tuple[tuple[Entry, bool], ...]
    rest: tuple[Entry, ...]


def wanted(cells: Mapping[str, str], otherwise: str, spoken: Language) -> Wanted:
    """A row's cells as an invitation: countries and languages by name, too. ``Malformed`` with every fault."""
    row: dict[str, Any] = {name: cell for name, cell in cells.items() if cell and name not in ("latitude", "longitude")}
    if row.get("factory_id"):
        row = {name: row[name] for name in ("email", "factory_id", "language") if name in row}
    if "country" in row:
        row["country"] = _country(row["country"], spoken)
    row["language"] = _language(row.get("language", otherwise))
    if cells.get("latitude") or cells.get("longitude"):
        row["coordinates"] = {name: _degrees(cells.get(name, ""), name) for name in ("latitude", "longitude")}
    return inviting.read(row)[0]


def look(member: Inviter, entries: Sequence[Entry], otherwise: str, spoken: Language) -> list[Preview]:
    """What would come of each row. One that says the same as another before it, or was not reached in time, stays."""
    found = _apart(_read(entry, otherwise, spoken) for entry in entries)
    known = inviting.on_record(each.wanted for each in found if each.wanted is not None)
    pending = _pending(member.member_id)

    def compared(each: Preview) -> Preview:
        said = each.wanted
        if said is None:
            return each
        each = replace(each, pending=items.person(said.email) in pending)
        if said.factory_id is not None:
            held = known.get(said.factory_id)
            if held is None:
                return _refused(each, Fault("/factory_id", "There is no such factory."))
            return replace(each, named=held.name, run_by_itself=held.taken_for(said.email))
        try:
            return replace(each, likely=tuple(inviting.likely(said)))
        except DomainError as error:
            return _refused(each, Fault("", error.detail))

    done = inviting.abreast(compared, found, SECONDS_TO_COMPARE)
    return [
        got or (each if each.faults else _refused(each, Fault("", NO_TIME)))
        for got, each in zip(done, found, strict=True)
    ]


def send(
    member: Inviter, packed: Packed, choices: Mapping[int, str], otherwise: str, spoken: Language, actor: Actor
) -> list[Sent]:
    """Put on record what may be sent, then mail it. The same list sent again changes nothing, and says the same."""
    end = clock.ticking() + SECONDS

    def recorded(row: tuple[Entry, bool]) -> Recorded | Sent:
        entry, asked = row
        choice = choices.get(entry.line, "")
        if asked and not choice:
            return Sent(entry, "undecided", UNDECIDED)
        try:
            asked_for = wanted(entry.cells, otherwise, spoken)
            if asked and choice != NEW:
                asked_for = replace(asked_for, factory_id=identity.parse_factory_id(choice))
            return inviting.record_or_link(member, asked_for, packed.once, actor)
        except DomainError as error:
            return Sent(entry, "failed", responses.problem_of(error).detail)

    def mailed(each: tuple[Entry, Recorded | Sent]) -> Sent:
        entry, done = each
        return done if isinstance(done, Sent) else Sent(entry, inviting.outcome(member, done))

    entries = [entry for entry, _ in packed.rows]
    first = inviting.abreast(recorded, packed.rows, SECONDS)
    done = [got or Sent(entry, "failed", NO_TIME) for entry, got in zip(entries, first, strict=True)]
    second = inviting.abreast(mailed, list(zip(entries, done, strict=True)), end - clock.ticking())
    sent = [got or _left(entry, each) for entry, each, got in zip(entries, done, second, strict=True)]
    return [*sent, *(Sent(entry, "faulty") for entry in packed.rest)]


def _left(entry: Entry, done: Recorded | Sent) -> Sent:
    """What came of a row that there was no time to mail: the next errand does it."""
    if isinstance(done, Sent):
        return done
    return Sent(entry, done.invitation.mail if done.invitation else "linked")


def pack(previews: Iterable[Preview], once: str, person: str) -> str:
    """A list for the form, signed: the row's words, not what was found out about them."""
    rows = [[p.entry.line, dict(p.entry.cells), bool(p.likely)] for p in previews if not p.faults]
    rest = [[p.entry.line, dict(p.entry.cells)] for p in previews if p.faults]
    content = json.dumps([once, rows, rest], ensure_ascii=False, separators=(",", ":")).encode()
    body = b64encode(zlib.compress(content, 9)).decode()
    return f"{access.csrf_token(_bound(body, person))}.{body}"


def unpack(packed: str, person: str) -> Packed:
    """The list of a form of ours. ``NotAllowed`` for anything else."""
    signature, _, body = packed.partition(".")
    try:
        access.check_csrf(signature, _bound(body, person))
    except NotAllowed as error:
        raise Malformed("This list was not made here, or was changed. Upload it once more.") from error
    once, rows, rest = json.loads(zlib.decompress(b64decode(body)))
    return Packed(
        once,
        tuple((Entry(line, cells), asked) for line, cells, asked in rows),
        tuple(Entry(line, cells) for line, cells in rest),
    )


def _bound(body: str, person: str) -> str:
    return f"list of {person}: {body}"


def _read(entry: Entry, otherwise: str, spoken: Language) -> Preview:
    try:
        return Preview(entry, wanted(entry.cells, otherwise, spoken))
    except Malformed as error:
        return Preview(entry, faults=error.faults or (Fault("", error.detail),))
    except DomainError as error:
        return Preview(entry, faults=(Fault("", error.detail),))


def _apart(previews: Iterable[Preview]) -> list[Preview]:
    """With a fault for each row that asks for what a row before it asks for: the same address, for the same factory."""
    found: list[Preview] = []
    first: dict[tuple[str, ...], int] = {}
    for each in previews:
        said, line = each.wanted, each.entry.line
        before = line
        if said is not None:
            asked = (said.email.casefold(), said.factory_id or "", said.name.casefold(), said.country)
            before = first.setdefault(asked, line)
        same = Fault("", phrase("Line %(line)s says the same.", line=before))
        found.append(each if before == line else _refused(each, same))
    return found


def _refused(each: Preview, fault: Fault) -> Preview:
    return replace(each, wanted=None, faults=(fault,))


def _pending(member_id: str) -> set[str]:
    now = clock.now()
    return {line.person for line in items.lines(member_id) if line.state_at(now) == "pending"}


_FORMER = {"turkey": "TR", "vietnam": "VN", "czech republic": "CZ", "swaziland": "SZ", "cape verde": "CV"}
"""Names of countries that lists still have."""


def _country(said: str, spoken: Language) -> str:
    """The code of a country by any of its codes, or its name in English or the reader's language."""
    english = language.language(language.DEFAULT)
    known = spoken.country_code(said) or english.country_code(said) or _FORMER.get(said.casefold())
    found = countries.get(said, None)
    return known or (str(found.alpha2) if found is not None else said)


def _language(said: str) -> str:
    named = {name.casefold(): code for code, name in language.LANGUAGES.items()}
    return named.get(said.casefold(), said.lower())


def _degrees(said: str, name: str) -> float:
    try:
        return float(said.replace(",", "."))
    except ValueError as error:
        raise Malformed("", [Fault(f"/{name}", "must be a number of degrees, such as 23.99934")]) from error
