"""How the portal looks: its pages in the reader's language, and what happens to a form that cannot be taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chalice.app import Response

from chalicelib.domain.errors import NotAllowed
from chalicelib.internal import access
from chalicelib.internal.access import Caller
from chalicelib.internal.portal import offers
from chalicelib.web import form_words, language, pages, responses, shown, upload
from chalicelib.web.language import Language
from chalicelib.web.request import Ask
from chalicelib.web.words import N_

ROLES = {
    "member": N_("ICS member"),
    "certifier": N_("Certification body"),
    "owner": N_("Owner of a standard"),
    "organiser": N_("Organiser of programmes"),
    "ics": N_("ICS"),
    "staff": N_("Staff"),
}
SHEETS = ("style.css", "portal/style.css", "programme.css")
MOST_BYTES = 100_000


@dataclass(frozen=True, slots=True)
class Visit:
    """A request to the portal: who asks (``None``: not signed in), what was typed into the form, which files came."""

    ask: Ask
    known: Caller | None
    form: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, ask: Ask, most_bytes: int = MOST_BYTES) -> Visit:
        """A request whose sender is not known yet."""
        if ask.method != "POST":
            return cls(ask, None)
        sent = upload.form(ask, most_bytes)
        return cls(ask, None, sent.fields, sent.files)

    def identified(self) -> Visit:
        """With who asks, as of now: only people with a session, no machine with a key."""
        caller = access.identify(self.ask)
        return replace(self, known=caller if caller is not None and caller.person else None)

    @property
    def person(self) -> Caller:
        """Who is signed in; raises where a page for anyone asks for it by mistake."""
        if self.known is None:
            raise NotAllowed("Sign in first.")
        return self.known

    def in_role(self, kind: str) -> Visit:
        """The visitor acting for an organisation of a kind."""
        return replace(self, known=self.person.in_role(kind))

    @property
    def language(self) -> Language:
        """The language of the page."""
        return shown.spoken(self.ask)


def render(visit: Visit | None, template: str, *, http_status: int = 200, **context: Any) -> Response:
    """A page of the portal. A form's token is bound by ``form_secret`` unless ``csrf`` brings another.

    ``own_path`` is the page's path where a question belongs to it: so that it is kept when the language is changed.
    """
    ask = visit.ask if visit else None
    spoken = shown.spoken(ask)
    known = shown.about(spoken, context.pop("own_path", None) or _path(ask), index=False, sheets=SHEETS)
    known_secret = access.session_secret(ask) if ask and visit and visit.known else ""
    kinds = [kind for kind in ROLES if visit and visit.known and visit.known.authority.of_kind(kind)]
    section = offers.section(_path(ask), kinds)
    fixed = {
        "csrf": access.csrf_token(form_secret(visit)) if visit and known_secret else "",
        "session_csrf": access.csrf_token(known_secret) if known_secret else "",
        "labels": form_words.LABELS,
        "hints": form_words.HINTS,
        "kinds": kinds,
        "menu": offers.offers(section[0]) if section else (),
        "section": section,
        "role_titles": ROLES,
        "public": lambda path: shown.url(_speaking(spoken, path)),
        "factory_id": None,
        "problem": None,
        "faults": {},
        "done": ask.query.get("done", "") if ask and ask.method != "POST" else "",
    }
    named = context.pop("headers", {})
    origins = {name: context.pop(name) for name in ("photos_from", "sends_to") if name in context}
    html = pages.render(template, known, **{**fixed, **context})
    return shown.answer(html, known, http_status, responses.NO_STORE, named, **origins)


def form_secret(visit: Visit) -> str:
    """What the token of a form is bound to: the session, and the organisation that the person acts for.

    So a form that was opened for one organisation is not taken for another, which was chosen meanwhile in another tab.
    """
    secret, person = access.session_secret(visit.ask), visit.known
    return f"{secret} {person.kind}:{person.tenant}" if person is not None and person.tenant else secret


def problem(visit: Visit | None, told: responses.Problem) -> Response:
    """What went wrong, as a page; as a problem document for who asked for JSON."""
    if visit and wants_json(visit.ask):
        return responses.problem_response(told)
    details = shown.told(told)
    return render(visit, "portal/problem.html", http_status=told.status, headers=shown.retry(told), **details)


def kept(visit: Visit, told: responses.Problem) -> Response:
    """A page that holds what was typed, to be sent again as it is: nothing else is known just now."""
    if wants_json(visit.ask):
        return responses.problem_response(told)
    details = {"typed": dict(visit.form), **shown.told(told)}
    return render(visit, "portal/kept.html", http_status=told.status, headers=shown.retry(told), **details)


def go(visit: Visit, path: str, cookie: str | None = None) -> Response:
    """To another page of the portal, in the language that the reader asked for; ``cookie`` is one to set."""
    answer = responses.redirect(shown.SETTINGS.base_path + _speaking(visit.language, path))
    if cookie is not None:
        answer.headers["Set-Cookie"] = cookie
    return answer


def faults_by_input(told: responses.Problem | None, order: Sequence[str] = ()) -> dict[str, str]:
    """What is wrong with each input: the first fault of each, in the order of the form."""
    found: dict[str, str] = {}
    for fault in told.faults if told else ():
        found.setdefault(fault.pointer.strip("/").split("/")[0] or "form", fault.detail)
    places = {name: place for place, name in enumerate(order)}
    return dict(sorted(found.items(), key=lambda fault: places.get(fault[0], len(places))))


def wants_json(ask: Ask) -> bool:
    """Whether a program asks."""
    accepted = ask.header("accept")
    return "application/json" in accepted and "text/html" not in accepted


def languages_first(code: str) -> list[str]:
    """The languages, English and the reader's own first."""
    return list(dict.fromkeys(("en", code, *language.LANGUAGES)))


def _path(ask: Ask | None) -> str:
    """The path as we write it: a bare stage URL of API Gateway puts the stage before it."""
    return ask.path.removeprefix(shown.SETTINGS.base_path) if ask else "/portal"


def _speaking(spoken: Language, path: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}lang={spoken.code}" if spoken.asked else path
