"""Many rows of a certifier at once: certificates to confirm, and changes of standing. No row hinders another.

Rows about one factory are applied in their order, those of different factories side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from chalicelib import clock
from chalicelib.domain import identity
from chalicelib.domain.certificate import Certificate, Outcome
from chalicelib.domain.errors import Conflict, Fault, Malformed, NotAllowed, NotFound, Unavailable
from chalicelib.domain.phrase import phrase
from chalicelib.internal import access, certificate_rows
from chalicelib.internal.access import Caller
from chalicelib.internal.certificate_rows import Books, Registration, Statement
from chalicelib.store.registry import certificates as store
from chalicelib.store.registry import certified, factories, replies
from chalicelib.store.registry.factories import Change, Held
from chalicelib.store.registry.replies import Request


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a row, or would. ``place`` is its number in the batch, from 0; ``faults`` say why it is refused.

    ``holder`` is the name of the factory, to be compared; ``standing`` what was said of it, if that is what was said.
    """

    place: int
    outcome: Outcome
    code: str | None = None
    factory_id: str | None = None
    holder: str | None = None
    number: str | None = None
    standing: str | None = None
    faults: tuple[Fault, ...] = ()

    @property
    def detail(self) -> str | None:
        """All faults in one line."""
        said = [f"{fault.pointer}: {fault.detail}" if fault.pointer else fault.detail for fault in self.faults]
        return "; ".join(said)[:300] or None


@dataclass(frozen=True, slots=True)
class _Row:
    place: int
    said: Registration | Statement
    factory_id: str | None


def apply(caller: Caller, given: Sequence[Any], request: Request | None = None) -> list[Result]:
    """Write what each row says. ``Unavailable`` if the registry cannot be reached: rows applied so far stay.

    What an earlier try of the same request applied is answered, not repeated.
    """
    done = _earlier(request)
    rows, refused = _read(caller, given)
    groups: dict[str, list[_Row]] = {}
    for row in rows:
        if row.place not in done:
            groups.setdefault(row.factory_id or "", []).append(row)

    def one(group: Iterable[_Row]) -> list[Result]:
        return [_judged(row, lambda row=row: _applied(caller, row, request)) for row in group]  # type: ignore[misc]

    try:
        results = _side_by_side(one, list(groups.values()))
    except Unavailable as error:
        raise Unavailable(
            phrase("%(fault)s Rows applied so far stay; send the same batch again.", fault=error.detail)
        ) from error
    # Where the same request came twice at once, each row's answer is that of the one that applied it.
    found = {result.place: result for result in (*refused, *results)} | _earlier(request)
    return [found[place] for place in sorted(found)]


def _earlier(request: Request | None) -> dict[int, Result]:
    noted = replies.noted(request) if request else {}
    return {
        place: Result(place, Outcome(result["outcome"]), result["code"], result["factory_id"])
        for place, result in noted.items()
    }


def foretell(caller: Caller, given: Sequence[Any]) -> list[Result]:
    """What ``apply`` would do, without doing it: each row against what the rows before it would leave."""
    rows, refused = _read(caller, given)
    held: dict[str, Held] = {}
    results = [_judged(row, lambda row=row: _foretold(caller, row, held)) for row in rows]  # type: ignore[misc]
    return sorted([*results, *refused], key=lambda result: result.place)


def _side_by_side(one: Callable[[list[_Row]], list[Result]], groups: list[list[_Row]]) -> list[Result]:
    workers = access.SETTINGS.sync_workers
    if workers == 1 or len(groups) < 2:
        return [result for group in groups for result in one(group)]
    with ThreadPoolExecutor(workers) as pool:
        return [result for part in pool.map(one, groups) for result in part]


def _read(caller: Caller, given: Sequence[Any]) -> tuple[list[_Row], list[Result]]:
    """The rows that can be read, each with the factory that it is about; and the results of all others."""
    books, today = Books(), clock.today()
    said: dict[int, Registration | Statement] = {}
    refused = []
    for place, row in enumerate(given):
        try:
            if isinstance(row, dict) and row.get("standing") is not None:
                said[place] = certificate_rows.statement(row, today, named=True)
            else:
                said[place] = certificate_rows.registration(caller, row, books)
        except (Malformed, NotAllowed, NotFound) as error:
            refused.append(_refusal(Result(place, Outcome.REJECTED), error))
    codes, numbers = certified.places(
        {each.code for each in said.values() if isinstance(each, Statement) and each.code},
        {each.place for each in said.values() if isinstance(each, Statement) and each.place},
    )
    # A number may be confirmed by an earlier row of this very batch.
    numbers = {each.place: each.factory_id for each in said.values() if isinstance(each, Registration)} | numbers
    rows = []
    for place, each in said.items():
        if isinstance(each, Registration):
            rows.append(_Row(place, each, each.factory_id))
        else:
            found = codes.get(each.code) if each.code else numbers.get(each.place or ("", ""))
            rows.append(_Row(place, each, found))
    return rows, refused


def _judged(row: _Row, act: Callable[[], Result]) -> Result:
    """What a row came to; a domain error becomes its refusal."""
    said = row.said
    known = Result(row.place, Outcome.REJECTED, factory_id=row.factory_id)
    if isinstance(said, Registration):
        known = replace(known, number=said.said.number)
    else:
        known = replace(known, code=said.code, factory_id=None, standing=said.word.standing.value)
    try:
        return act()
    except Conflict as error:
        return replace(_refusal(known, error), outcome=Outcome.CONFLICT)
    except (Malformed, NotAllowed, NotFound) as error:
        return _refusal(known, error)


def _refusal(known: Result, error: Malformed | NotAllowed | NotFound | Conflict) -> Result:
    faults = error.faults if isinstance(error, Malformed) else ()
    return replace(known, faults=faults or (Fault("", error.detail),))


def _applied(caller: Caller, row: _Row, request: Request | None) -> Result:
    said, noted = row.said, replies.Row(request, row.place) if request else None
    if isinstance(said, Registration):
        found, outcome = store.register(said.factory_id, said.said, caller.actor, noted)
        return _result(row, outcome, found.code, found.holder_id, found.holder_name, found.number)
    code = said.code or (certified.code_of(*said.place) if said.place else None)
    if code is None:
        raise NotFound("There is no such certificate of yours.")
    found, outcome = store.change_standing(code, said.word, caller.tenant, caller.actor, noted)
    return _result(row, outcome, found.code, found.holder_id, found.holder_name, found.number)


def _foretold(caller: Caller, row: _Row, held: dict[str, Held]) -> Result:
    said = row.said
    if isinstance(said, Registration):
        factory_id = store.home(said.factory_id, said.said)
        here = held.get(factory_id) or factories.need(factory_id)
        outcome, code, change = store.decide(here, said.said)
        held[factory_id] = here if change is None else _after(here, change)
        name = here.factory.value("name")
        known = None if outcome is Outcome.CREATED else code
        return _result(row, outcome, known, factory_id, name, said.said.number)
    if row.factory_id is None:
        raise NotFound("There is no such certificate of yours.")
    factory_id = row.factory_id
    here = held.get(factory_id) or factories.need(factory_id)
    found = next((each for each in here.certificates.values() if _is(said, each)), None)
    if found is None or found.certifier_id != caller.tenant or not found.confirmed:
        raise NotFound("There is no such certificate of yours.")
    added = said.word.added_to(found, clock.instant(clock.now()))
    outcome = Outcome.UNCHANGED if added is None else Outcome.UPDATED
    after = found if added is None else replace(found, history=(*found.history, added))
    held[factory_id] = replace(here, certificates={**here.certificates, found.code: after})
    return _result(row, outcome, found.code, factory_id, found.holder_name, found.number)


def _after(held: Held, change: Change) -> Held:
    wanted = {code: certificate for code, (certificate, _) in change.certificates.items()}
    return replace(held, certificates={**held.certificates, **wanted})


def _is(said: Statement, certificate: Certificate) -> bool:
    if said.code is not None:
        return certificate.code == said.code
    place = (certificate.standard_id, identity.squeeze_number(certificate.number))
    return certificate.confirmed and place == said.place


def _result(row: _Row, outcome: Outcome, code: str | None, factory_id: str, holder: str | None, number: str) -> Result:
    standing = row.said.word.standing.value if isinstance(row.said, Statement) else None
    return Result(row.place, outcome, code, factory_id, holder, number, standing)
