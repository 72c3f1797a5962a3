"""A member's public page as a form: its website, and its text in each language, to look at before it is public."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chalice.app import Response

from chalicelib.domain import brand_words as rules
from chalicelib.domain.errors import Fault, Malformed, StaleVersion
from chalicelib.internal import member_pages as api
from chalicelib.internal.portal import door, view
from chalicelib.internal.portal.form import tidy
from chalicelib.internal.portal.view import Visit
from chalicelib.web import brand_words
from chalicelib.web.language import LANGUAGES
from chalicelib.web.responses import Problem

PATH = "/portal/page"
_TEXT_IN = "texts-"


@door.page("GET", PATH, who=door.MEMBER)
def page(visit: Visit) -> Response:
    """The form, filled with what is on record."""
    return _shown(visit, None)


def _shown(visit: Visit, problem: Problem | None, look: dict[str, Any] | None = None) -> Response:
    told, version = api.described(visit.person.tenant)
    held = _inputs(told)
    texts = {**held, **{name: text for name, text in visit.form.items() if name in held}}
    tags = view.languages_first(visit.language.code)
    faults = view.faults_by_input(_by_input(problem), list(held))
    is_open = {tag for tag in tags if tag in ("en", visit.language.code) or f"{_TEXT_IN}{tag}" in faults}
    named = {f"{_TEXT_IN}{tag}": LANGUAGES[tag] for tag in tags}
    return view.render(
        visit,
        "portal/member_page.html",
        http_status=problem.status if problem else 200,
        problem=problem,
        faults=faults,
        names={**brand_words.LABELS, **named},
        told=told,
        look=look,
        inputs=texts,
        written={tag for tag in tags if texts[f"{_TEXT_IN}{tag}"].strip()},
        tags=tags,
        is_open=is_open,
        tongues=LANGUAGES,
        version=version if problem and problem.status == 412 else visit.form.get("version", version),
    )


@door.page("POST", PATH, who=door.MEMBER, again=_shown)
def saved(visit: Visit) -> Response:
    """Save what was changed, or show what it would look like: then nothing is saved."""
    told, _ = api.described(visit.person.tenant)
    patch = _patch(visit, told)
    if "look" in visit.form:
        said = rules.merged({name: told[name] for name in rules.FIELDS_OF_PAGE if told[name]}, patch)
        return _shown(visit, None, {"website": said.get("website"), "texts": said.get("texts", {})})
    version = visit.form.get("version", "")
    if not (version.isascii() and version.isdigit()) or len(version) > 15:
        raise StaleVersion("The record was changed meanwhile.")
    api.edit(visit.person, patch, {int(version)})
    return view.go(visit, f"{PATH}?done=saved")


def _inputs(told: dict[str, Any]) -> dict[str, str]:
    return {
        "website": told["website"] or "",
        **{f"{_TEXT_IN}{tag}": told["texts"].get(tag, "") for tag in dict.fromkeys((*LANGUAGES, *told["texts"]))},
    }


def _patch(visit: Visit, told: dict[str, Any]) -> dict[str, Any]:
    """What the form changes. An emptied input takes the word away; one that is not there changes nothing."""
    held = _inputs(told)
    known = {"csrf_token", "version", "look", *held}
    unknown = [Fault(f"/{name[:60]}", "is not a field of this form") for name in visit.form if name not in known]
    if unknown:
        raise Malformed("Some fields cannot be taken as sent.", unknown)
    typed = {name: tidy(text) for name, text in visit.form.items() if name in held}
    changed = {name: text or None for name, text in typed.items() if text != tidy(held[name])}
    patch: dict[str, Any] = {"website": changed["website"]} if "website" in changed else {}
    texts = {name.removeprefix(_TEXT_IN): text for name, text in changed.items() if name != "website"}
    return {**patch, **({"texts": texts} if texts else {})}


def _by_input(problem: Problem | None) -> Problem | None:
    """The problem with its faults at the inputs of the form: ``/texts/fr`` is ``texts-fr``."""
    if problem is None:
        return None
    placed = [replace(fault, pointer=fault.pointer.replace("/texts/", f"/{_TEXT_IN}")) for fault in problem.faults]
    return replace(problem, faults=tuple(placed))
