"""What people learned: their progress, what to do next, and answers to a lesson's questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chalice.app import Blueprint, Response

from chalicelib import clock
from chalicelib.domain import learning as rules
from chalicelib.domain.errors import Malformed
from chalicelib.domain.learning import LESSONS, Advice, Need, Progress
from chalicelib.domain.phrase import phrase
from chalicelib.internal import access, body
from chalicelib.internal.access import Call, Caller
from chalicelib.store.registry import factories, learning
from chalicelib.web import lesson_sheet, responses, shown
from chalicelib.web.language import Language
from chalicelib.web.lessons import lesson

routes = Blueprint(__name__)

MOST_BYTES = 10_000
MOST_FACTORIES = 5
"""Of those that somebody runs, so many are looked at for what they lack."""


@dataclass(frozen=True, slots=True)
class Learner:
    """Somebody's progress: what they have done, the lessons for them and for others, and what to do next."""

    progress: Progress
    theirs: tuple[str, ...]
    others: tuple[str, ...]
    advice: Advice | None


@access.endpoint(routes, "GET", "/internal/v1/learning", scope=access.PERSON)
def get(call: Call) -> Response:
    """Your progress: each lesson with the day on which you did it, those for you first, and what to do next."""
    return responses.json_response(_told(learner(call.caller), shown.spoken(call.ask)))


@access.endpoint(routes, "PUT", "/internal/v1/learning/{slug}", scope=access.PERSON)
def put(call: Call, slug: str) -> Response:
    """Answer the questions of a lesson, each with the number of an answer counted from 0.

    If all are right, the lesson is done. Each is answered with why it is so, as often as you like.
    """
    slug, spoken = rules.known(slug), shown.spoken(call.ask)
    read = body.read(call.ask.json(MOST_BYTES), {"answers": _answers(slug)})
    marks = answer(call.caller, slug, read["answers"])
    results = [
        {"right": right, "why": spoken.gettext(question.why)}
        for right, question in zip(marks, lesson(slug).questions, strict=True)
    ]
    return responses.json_response({"slug": slug, "done": all(marks), "results": results})


def learner(person: Caller) -> Learner:
    """How far somebody has come."""
    progress = learning.progress(person.person)
    authority = person.authority
    readers = rules.audiences_of(bool(authority.factories), [role.kind for role in authority.roles])
    theirs = rules.lessons_for(readers)
    others = tuple(slug for slug in LESSONS if slug not in theirs)
    return Learner(progress, tuple(theirs), others, rules.advise(progress, readers, _needs(person)))


def answer(person: Caller, slug: str, given: Sequence[int]) -> tuple[bool, ...]:
    """Which answers are right. If all are, the lesson is noted as done."""
    marks = rules.marks(given, lesson(slug).right)
    if all(marks):
        learning.note_done(person.person, slug, clock.today(), person.authority.factories)
    return marks


def _needs(person: Caller) -> set[Need]:
    found: set[Need] = set()
    for factory_id in person.authority.factories[:MOST_FACTORIES]:
        held = factories.load(factory_id)
        if held is not None:
            found |= rules.needs(held.factory)
            if any(not each.confirmed for each in held.certificates.values()):
                found.add(Need.CONFIRMATION)
    return found


def _answers(slug: str) -> body.Check:
    questions = lesson(slug).questions

    def clean(value: Any) -> list[int]:
        given = body.listed(value, len(questions), len(questions))
        for number, question in zip(given, questions, strict=True):
            if type(number) is not int or not 0 <= number < len(question.answers):
                raise Malformed(phrase("must be whole numbers from 0 to %(most)s", most=len(question.answers) - 1))
        return given

    return clean


def _told(found: Learner, spoken: Language) -> dict[str, Any]:
    lessons = [
        {
            **lesson_sheet.card(slug, spoken, shown.url(f"/portal/learning/{slug}")),
            "done": found.progress.done.get(slug),
            "for_you": slug in found.theirs,
        }
        for slug in (*found.theirs, *found.others)
    ]
    return {"lessons": lessons, "next": found.advice.slug if found.advice else None}
