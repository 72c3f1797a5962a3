"""Anybody asks to be told of changes: a list, an address that is confirmed first, and a webhook for machines."""

from __future__ import annotations

from chalice.app import Response

from chalicelib import journal
from chalicelib.domain import webhook
from chalicelib.domain.errors import Fault, Malformed, Unavailable
from chalicelib.domain.fields import clean_email
from chalicelib.internal import mail, watch_letters, watch_lists
from chalicelib.internal.portal import door, hourly, view
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import watches
from chalicelib.web import listing, watch_words
from chalicelib.web.listing import Line
from chalicelib.web.responses import Problem

PATH = "/portal/watch"
INPUTS = ("things", "file", "email", "webhook")
MOST_BYTES = 500_000
MOST_NAMED = 5
"""So many of the list stand in the mail that asks for confirmation."""


@door.page("GET", PATH, who=door.ANYONE)
def form(visit: Visit) -> Response:
    """What to watch, and who is told."""
    return _form(visit, None)


def _form(visit: Visit, problem: Problem | None) -> Response:
    typed = {name: visit.form.get(name, "") for name in INPUTS}
    if visit.ask.method == "GET":
        typed["things"] = visit.ask.query.get("about", "")[:50]
    return view.render(
        visit,
        "portal/watch.html",
        http_status=problem.status if problem else 200,
        labels=watch_words.LABELS,
        hints=watch_words.HINTS,
        typed=typed,
        problem=problem,
        faults=view.faults_by_input(problem, INPUTS),
        csrf=hourly.token("watch"),
    )


@door.page("POST", PATH, who=door.ANYONE, again=_form, bound=hourly.bound("watch"), most_bytes=MOST_BYTES)
def asked(visit: Visit) -> Response:
    """Keep the watch, and mail a link to its owner."""
    faults: list[Fault] = []
    email, hook, about = "", None, list[str]()
    try:
        email = clean_email(visit.form.get("email", "").strip())
    except Malformed as error:
        faults.append(Fault("/email", error.detail))
    try:
        hook = webhook.clean(visit.form["webhook"]) if visit.form.get("webhook", "").strip() else None
    except Malformed as error:
        faults.append(Fault("/webhook", error.detail))
    try:
        about = watch_lists.codes(given(visit, "things"))
    except Malformed as error:
        faults += [Fault("/things", error.faults[0].detail if error.faults else error.detail)]
    if faults:
        raise Malformed("Some fields cannot be taken as sent.", faults)
    watch = watches.ask(email, visit.language.code, about, hook)
    named = watch_lists.names(set(about[:MOST_NAMED]))
    try:
        watch_letters.ask_to_confirm(watch, [f"{each.name}, {each.number or each.shown}" for each in named.values()])
    except mail.NotSent as error:
        journal.failed("mail_not_sent", error, about="watch")
        watches.end(watch)
        raise Unavailable("The mail could not be sent just now.") from error
    return view.go(visit, f"{PATH}/asked")


@door.page("GET", f"{PATH}/asked", who=door.ANYONE)
def done(visit: Visit) -> Response:
    """What happens next: look into your mail; or, the watch is ended."""
    return view.render(visit, "portal/watch_done.html")


def given(visit: Visit, name: str) -> list[Line]:
    """The list that was pasted, or the file."""
    content = visit.files.get("file")
    if content is not None:
        from chalicelib.web import spreadsheet

        return listing.from_file(content, spreadsheet.rows)
    return listing.pasted(visit.form.get(name, ""))
