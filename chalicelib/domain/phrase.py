"""Words for people with values in them, which can still be said in another language."""

from __future__ import annotations

from collections.abc import Mapping


class Phrase(str):
    """A text in English, to be logged, compared and sent as it is; and what it was made of, to be said anew.

    A value may be a phrase too: it is translated as the sentence around it is.
    """

    __slots__ = ("message", "values")
    message: str
    values: Mapping[str, object]


def phrase(message: str, /, **values: object) -> Phrase:
    """``phrase("A batch has at most %(most)s items.", most=500)``. The catalogues know it by ``message``.

    A literal per cent sign is written ``%%``. ``infra.locales`` collects the messages: they have to be literals.
    """
    made = Phrase(message % values)
    made.message = message
    made.values = values
    return made
