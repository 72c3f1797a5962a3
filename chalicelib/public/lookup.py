"""Many numbers checked at once. Each gets the answer that it would get alone, or ``unavailable`` if it could not be
read: never ``unknown`` for want of knowing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from chalicelib import clock
from chalicelib.domain import identity
from chalicelib.domain.certificate import Status
from chalicelib.domain.disclosure import CertificateAnswer, PublicCertificate, answer_on
from chalicelib.domain.errors import Malformed, Unavailable
from chalicelib.store import batch
from chalicelib.web.listing import Line

UNAVAILABLE = "unavailable"
SECONDS = 6.0
"""For all reads together: the public function may run for ten."""

_ORDER = tuple(Status)


@dataclass(frozen=True, slots=True)
class Result:
    """The answer to one line. ``bearers`` are the certificates that bear the number; ``answer`` is the best of them."""

    line: Line
    status: str
    answer: CertificateAnswer | None = None
    bearers: tuple[PublicCertificate, ...] = ()
    advice: str | None = None

    @property
    def matches(self) -> int:
        """How many certificates bear the number."""
        return len(self.bearers)

    @property
    def face(self) -> str:
        """The status as people see it: ``declared`` for a valid one that no certifier has confirmed."""
        if self.status == Status.VALID and self.answer is not None and not self.answer.confirmed:
            return "declared"
        return self.status


@dataclass(frozen=True, slots=True)
class _Known:
    """What the reads brought. ``lost``: codes and numbers of which nothing is known."""

    pages: Mapping[str, PublicCertificate]
    codes: Mapping[str, Sequence[str]]
    lost_codes: frozenset[str]
    lost_numbers: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a line may mean: one of our codes, a number printed on certificates, or both."""

    code: str | None
    number: str | None
    advice: str | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    """The same question for every line."""

    day: date
    standard_id: str | None
    known_at: str | None


def check(
    lines: Sequence[Line], day: date, standard_id: str | None = None, known_at: str | None = None
) -> list[Result]:
    """The answers in the order asked; as of an instant, if one is given. ``Unavailable`` if nothing could be read."""
    asked = _Asked(day, standard_id, known_at)
    readings = {line.number: _reading(line.number) for line in lines}
    known = _read(readings.values(), standard_id)
    judged = {typed: _judge(reading, known, asked) for typed, reading in readings.items()}
    results = [Result(line, *judged[line.number]) for line in lines]
    if results and all(result.status == UNAVAILABLE for result in results):
        raise Unavailable("The registry could not be reached just now.")
    return results


def summary(results: Sequence[Result]) -> dict[str, int]:
    """How many lines got each answer; and how many of the valid ones no certifier has confirmed."""
    counted = Counter(result.status for result in results)
    statuses = {status: counted[status] for status in (*(each.value for each in Status), UNAVAILABLE)}
    declared = sum(result.face == "declared" for result in results)
    return {"total": len(results), **statuses, "valid_not_confirmed": declared}


def as_known_now(results: Sequence[Result]) -> list[Result]:
    """The same lines by all that is known now, without reading anything again: each for the best of its bearers now."""
    return [result if result.answer is None else _known_now(result, result.answer.day) for result in results]


def _known_now(result: Result, day: date) -> Result:
    now = _best(result.bearers, day)
    return replace(result, status=now.status.value, answer=now)


def _reading(typed: str) -> _Reading:
    code, advice = None, None
    try:
        code = identity.parse_certificate_code(typed)
    except Malformed as error:
        squeezed = identity.squeeze(typed)
        if len(squeezed) == len("C4J7K2M9QXD") and squeezed.startswith(identity.CERTIFICATE_PREFIX):
            advice = error.detail
    try:
        return _Reading(code, identity.squeeze_number(typed), advice)
    except Malformed as error:
        return _Reading(code, None, error.detail)


def _read(wanted: Collection[_Reading], standard_id: str | None) -> _Known:
    until = clock.ticking() + SECONDS
    numbers = {reading.number for reading in wanted if reading.number}
    entries, lost_numbers = batch.entries(numbers, SECONDS / 2)
    codes = {number: found.codes(standard_id) for number, found in entries.items()}
    all_codes = {reading.code for reading in wanted if reading.code}
    all_codes.update(code for found in codes.values() for code in found)
    pages, lost_codes = batch.certificates(all_codes, until - clock.ticking())
    return _Known(pages, codes, frozenset(lost_codes), frozenset(lost_numbers))


def _judge(
    reading: _Reading, known: _Known, asked: _Asked
) -> tuple[str, CertificateAnswer | None, tuple[PublicCertificate, ...], str | None]:
    if reading.code in known.lost_codes:
        return UNAVAILABLE, None, (), None
    page = known.pages.get(reading.code or "")
    if page is not None and asked.standard_id in (None, page.standard_id):
        answer = answer_on(page, asked.day, asked.known_at)
        return answer.status.value, answer, (page,), None
    number = reading.number or ""
    codes = known.codes.get(number, ())
    if number in known.lost_numbers or known.lost_codes.intersection(codes):
        return UNAVAILABLE, None, (), None
    bearers = tuple(known.pages[code] for code in codes if code in known.pages)
    if not bearers:
        return Status.UNKNOWN.value, None, (), reading.advice
    best = _best(bearers, asked.day, asked.known_at)
    return best.status.value, best, bearers, None


def _best(bearers: Iterable[PublicCertificate], day: date, known_at: str | None = None) -> CertificateAnswer:
    return min((answer_on(page, day, known_at) for page in bearers), key=_rank)


def _rank(answer: CertificateAnswer) -> tuple[bool, int, int, str]:
    """A confirmed one that is valid first; then the other confirmed ones, whatever a factory declares."""
    page = answer.certificate
    return not answer.confirmed, _ORDER.index(answer.status), -page.valid_to.toordinal(), page.code
