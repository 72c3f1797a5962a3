"""Forms for people without a session: their token is good until the end of the next hour, for one kind of form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from chalicelib import clock
from chalicelib.internal import access
from chalicelib.internal.portal import view
from chalicelib.web.request import Ask


def token(form: str) -> str:
    """The token of a form that is shown now."""
    return access.csrf_token(_hour(form, 0))


def bound(form: str) -> Callable[[Ask], str]:
    """What the token of such a form is bound to, for ``door.page``."""

    def bound_to(ask: Ask) -> str:
        given = ask.form(view.MOST_BYTES).get("csrf_token", "")
        now, before = _hour(form, 0), _hour(form, 1)
        return before if given == access.csrf_token(before) else now

    return bound_to


def _hour(form: str, ago: int) -> str:
    return f"{form} {clock.now() - timedelta(hours=ago):%Y-%m-%dT%H}"
