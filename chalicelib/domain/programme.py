"""The programmes that a factory may tell of. Each is kept in a record of its own, and has a public page of its own."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.domain.errors import Conflict
from chalicelib.domain.factory import Factory
from chalicelib.domain.lifecycle import refuse_led

PROGRAMMES = ("climate", "efficiency")
"""In the order in which they are shown. A code is also the last part of the page's address."""


def with_programme(factory: Factory, programme: str, *, shows: bool) -> Factory:
    """The factory once a programme shows to all, or shows no more.

    A draft shows nothing to anyone, and a record that was merged into another gets nothing new.
    """
    if shows:
        refuse_led(factory)
        if not factory.published:
            raise Conflict("Publish your page first: this shows beside it.")
    wanted = {*factory.programmes, programme} if shows else {*factory.programmes} - {programme}
    return replace(factory, programmes=tuple(each for each in PROGRAMMES if each in wanted))
