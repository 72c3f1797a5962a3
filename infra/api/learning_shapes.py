"""Shapes of lessons, and of what people have done of them."""

from __future__ import annotations

from chalicelib.domain.learning import LESSONS, Audience
from chalicelib.web.language import LANGUAGES
from infra.api.shapes import DATE, URL, YES_NO, Schema, body, listed, nullable, one_of, record, said, whole

_SLUG = one_of(tuple(LESSONS))
_TEXT = said("in the language of the answer; English where it is not translated")
_CARD = {
    "slug": _SLUG,
    "title": _TEXT,
    "about": _TEXT,
    "audiences": listed(one_of(Audience)),
    "minutes": whole(1, about="to read it, by its words"),
    "url": URL,
}
_LANGUAGE = one_of(tuple(LANGUAGES))


def schemas() -> dict[str, Schema]:
    """All of them by name."""
    return {
        "Lessons": record({"language": _LANGUAGE, "results": listed(record(_CARD))}),
        "Lesson": record(
            {
                **_CARD,
                "language": _LANGUAGE,
                "sections": listed(record({"title": _TEXT, "paragraphs": listed(_TEXT)})),
                "next": listed(record({"title": _TEXT, "url": URL}), least=1),
                "questions": listed(
                    record(
                        {
                            "question": _TEXT,
                            "answers": listed(_TEXT),
                            "right": whole(0, about="the number of the right answer, counted from 0"),
                            "why": _TEXT,
                        }
                    )
                ),
            }
        ),
        "Progress": record(
            {
                "lessons": listed(
                    record({**_CARD, "done": nullable(DATE), "for_you": YES_NO}, about="One for you comes first.")
                ),
                "next": {"anyOf": [_SLUG, {"type": "null"}], "description": "What to do next; null if all is done."},
            }
        ),
        "Answers": body({"answers": listed(whole(0), most=3, least=3)}, about="One number a question, counted from 0."),
        "Marks": record(
            {
                "slug": _SLUG,
                "done": {**YES_NO, "description": "All answers are right: the lesson is done."},
                "results": listed(record({"right": YES_NO, "why": _TEXT})),
            }
        ),
    }
