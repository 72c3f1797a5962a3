"""Lessons for who is signed in: the list with what is done, and each lesson with its questions as a form."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.domain import learning as rules
from chalicelib.domain.errors import Fault, Malformed
from chalicelib.internal import learning
from chalicelib.internal.portal import door, view
from chalicelib.internal.portal.view import Visit
from chalicelib.web import lesson_sheet, lessons
from chalicelib.web.lessons import Lesson, lesson
from chalicelib.web.responses import Problem

PATH = "/portal/learning"


@door.page("GET", PATH, who=door.PERSON)
def listed(visit: Visit) -> Response:
    """All lessons, done and not done; the next one first."""
    found = learning.learner(visit.person)
    return view.render(
        visit,
        "portal/learning.html",
        found=found,
        theirs=lesson_sheet.lines(found.theirs),
        others=lesson_sheet.lines(found.others),
        advised=lesson_sheet.line(found.advice.slug) if found.advice else None,
        just_done=next(
            (each for each in lesson_sheet.lines((*found.theirs, *found.others)) if _told(visit, each)), None
        ),
        readers=lessons.AUDIENCE,
        reasons=lessons.NEED,
    )


@door.page("GET", f"{PATH}/{{slug}}", who=door.PERSON)
def one(visit: Visit, slug: str) -> Response:
    """A lesson with its questions."""
    return _shown(visit, None, slug)


def _shown(visit: Visit, problem: Problem | None, slug: str, marks: tuple[bool, ...] = ()) -> Response:
    """``marks``: which answers were right, where some were not."""
    slug, mine = rules.known(slug), visit.person.authority.factories
    return view.render(
        visit,
        "portal/lesson.html",
        http_status=problem.status if problem else 200,
        problem=problem,
        faults=view.faults_by_input(problem),
        slug=slug,
        lesson=lesson(slug),
        line=lesson_sheet.line(slug),
        readers=lessons.AUDIENCE,
        names={_input(place): each.text for place, each in enumerate(lesson(slug).questions)},
        chosen=[visit.form.get(_input(place), "") for place in range(len(lesson(slug).questions))],
        marks=marks,
        only=mine[0] if len(mine) == 1 else "",
        done_on=learning.learner(visit.person).progress.done.get(slug),
    )


@door.page("POST", f"{PATH}/{{slug}}", who=door.PERSON, again=_shown)
def answered(visit: Visit, slug: str) -> Response:
    """Check the answers: if all are right the lesson is done, else each is explained and nothing is lost."""
    given = _given(visit, lesson(slug))
    marks = learning.answer(visit.person, slug, given)
    if all(marks):
        return view.go(visit, f"{PATH}?done={slug}")
    return _shown(visit, None, slug, marks)


def _given(visit: Visit, asked: Lesson) -> list[int]:
    given, faults = [], []
    for place, question in enumerate(asked.questions):
        known = {str(number): number for number in range(len(question.answers))}
        number = known.get(visit.form.get(_input(place), ""))
        if number is None:
            faults.append(Fault(f"/{_input(place)}", "Choose one of the answers."))
        else:
            given.append(number)
    if faults:
        raise Malformed("Some questions have no answer yet.", faults)
    return given


def _input(place: int) -> str:
    return f"question-{place + 1}"


def _told(visit: Visit, line: lesson_sheet.Line) -> bool:
    return line.slug == visit.ask.query.get("done")
