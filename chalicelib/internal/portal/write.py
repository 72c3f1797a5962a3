"""A buyer writes to a factory: the buyer's address is confirmed first, the factory's is shown nowhere."""

from __future__ import annotations

from chalice.app import Response

from chalicelib import journal
from chalicelib.domain import identity
from chalicelib.domain.errors import Conflict, Malformed, NotFound, Unavailable
from chalicelib.domain.factory import Factory
from chalicelib.domain.phrase import phrase
from chalicelib.domain.relay import clean_letter
from chalicelib.internal import access, letters
from chalicelib.internal.portal import door, hourly, view
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import factories
from chalicelib.store.registry import relay as store
from chalicelib.web import contact_words, language
from chalicelib.web.request import Ask
from chalicelib.web.responses import Problem

PATH = "/portal/factories/{factory_id}/write"
DONE = "/portal/letters"
LINK = "/portal/letters/{token}"
INPUTS = ("message", "sender", "company", "email")
CLOSED = phrase("This factory cannot be written to at present.")


def _token(ask: Ask) -> str:
    return ask.params["token"]


@door.page("GET", PATH, who=door.ANYONE)
def form(visit: Visit, factory_id: str) -> Response:
    """What to write, and who writes."""
    return _form(visit, None, factory_id)


def _form(visit: Visit, problem: Problem | None, factory_id: str) -> Response:
    factory = _public(factory_id)
    return view.render(
        visit,
        "portal/write.html",
        http_status=problem.status if problem else 200,
        code_shown=identity.shown(factory.factory_id),
        name=factory.value("name"),
        path=f"/portal/factories/{factory.factory_id}/write",
        page_path=f"/f/{factory.factory_id}",
        is_open=_is_open(factory),
        labels=contact_words.LABELS,
        hints=contact_words.HINTS,
        typed={name: visit.form.get(name, "") for name in INPUTS},
        problem=problem,
        faults=view.faults_by_input(problem, INPUTS),
        csrf=hourly.token("write"),
    )


@door.page("POST", PATH, who=door.ANYONE, again=_form, bound=hourly.bound("write"))
def written(visit: Visit, factory_id: str) -> Response:
    """Keep the letter, and mail a link to whoever wrote it."""
    factory = _public(factory_id)
    letter = clean_letter(factory.factory_id, visit.language.code, visit.form)
    if not _is_open(factory):
        raise Conflict(CLOSED)
    token = store.ask(letter)
    try:
        letters.confirm_letter(letter, factory.value("name"), token)
    except letters.NotSent as error:
        journal.failed("mail_not_sent", error, about="letter")
        raise Unavailable("The mail could not be sent just now.") from error
    return view.go(visit, f"{DONE}?done=asked")


@door.page("GET", DONE, who=door.ANYONE)
def done(visit: Visit) -> Response:
    """What happens next: look into your mail; or, the letter is on its way."""
    return view.render(visit, "portal/letter_done.html")


@door.page("GET", LINK, who=door.ANYONE)
def letter(visit: Visit, token: str) -> Response:
    """The letter as it will be sent, and a button. Programs that follow links in mails change nothing."""
    return _letter(visit, None, token)


def _letter(visit: Visit, problem: Problem | None, token: str) -> Response:
    found = store.check(token)
    return view.render(
        visit,
        "portal/letter.html",
        http_status=problem.status if problem else 200,
        problem=problem,
        letter=found,
        name=_public(found.factory_id).value("name"),
        csrf=access.csrf_token(token),
    )


@door.page("POST", LINK, who=door.ANYONE, again=_letter, bound=_token)
def confirmed(visit: Visit, token: str) -> Response:
    """Send the letter on, once."""
    factory = _public(store.check(token).factory_id)
    if not _is_open(factory):
        raise Conflict(CLOSED)
    found, until = store.consume(token)
    spoken = language.choose(None, ",".join(factory.value("languages") or ()))
    sent = 0
    for reader in store.readers(factory):
        try:
            letters.relayed_letter(reader, spoken, found, factory.value("name"))
            sent += 1
        except letters.NotSent as error:
            journal.failed("mail_not_sent", error, about="letter")
    if not sent:
        store.put_back(token, found, until)
        raise Unavailable("The mail could not be sent just now.")
    return view.go(visit, f"{DONE}?done=sent")


def _public(factory_id: str) -> Factory:
    """A factory that anybody may know of; a draft is as good as none."""
    try:
        held = factories.load(identity.parse_factory_id(factory_id))
    except Malformed as error:
        raise NotFound("There is no such factory.") from error
    if held is None or not held.factory.published or held.factory.value("name") is None:
        raise NotFound("There is no such factory.")
    return held.factory


def _is_open(factory: Factory) -> bool:
    return factory.writable and bool(store.readers(factory))
