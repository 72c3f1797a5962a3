"""A factory's profile as a form: what each field says, who said it, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalice.app import Response
from iso3166 import countries_by_alpha2

from chalicelib.domain.disclosure import audience_of
from chalicelib.domain.errors import Malformed, StaleVersion
from chalicelib.domain.factory import Factory
from chalicelib.domain.fields import WORKFORCE_BANDS
from chalicelib.internal import contacts, profiles
from chalicelib.internal.portal import door, form, meter, picks, view
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import factories
from chalicelib.web import form_words
from chalicelib.web.language import LANGUAGES, Language
from chalicelib.web.responses import Problem

PATH = "/portal/factories/{factory_id}/profile"
GROUPS: Mapping[str, tuple[str, ...]] = {
    "who": ("name", "local_name", "aliases"),
    "where": ("country", "address", "city", "region", "postal_code", *form.PLACES, "gln"),
    "make": ("product_categories", "processes", "workforce", "languages"),
    "contact": ("website", "contact_name", "contact_email", "contact_phone"),
}
OWN_INPUTS = frozenset({"csrf_token", "version", "seen"})


@door.page("GET", PATH, who=door.FACTORY)
def profile(visit: Visit, factory_id: str) -> Response:
    """The form, filled with what is on record."""
    return _shown(visit, None, factory_id)


def _shown(visit: Visit, problem: Problem | None, factory_id: str) -> Response:
    factory = factories.need(factory_id).factory
    held = form.inputs(factory)
    seen = visit.form.get("seen", "")
    edited = form.edited(_typed(visit), seen)
    texts = {**held, **{name: text for name, text in _typed(visit).items() if name in edited and name in held}}
    overtaken = form.edited(held, seen) if problem and problem.status == 412 else set()
    faults = view.faults_by_input(problem, [name for names in GROUPS.values() for name in names])
    shown = [name for name in held if picks.field_of(name) is None]
    entries = {name: _entry(name, factory, texts, held, visit) for name in shown}
    return view.render(
        visit,
        "portal/profile.html",
        http_status=problem.status if problem else 200,
        problem=problem,
        faults=faults,
        names={name: form_words.LABELS[entry["label"]] for name, entry in entries.items()},
        overtaken={form.field_of(name) if picks.field_of(name) else name for name in overtaken},
        factory_id=factory_id,
        factory=factory,
        groups={title: [entries[name] for name in names] for title, names in GROUPS.items()},
        words=_words(entries, visit.language.code, faults),
        seen=form.fingerprints(held),
        meter=meter.of(factory),
    )


@door.page("POST", PATH, who=door.FACTORY, again=_shown)
def saved(visit: Visit, factory_id: str) -> Response:
    """Save what was changed in the form."""
    version = visit.form.get("version", "")
    if not (version.isascii() and version.isdigit()) or len(version) > 15:
        raise Malformed("The form is not complete. Check it and send it again.")
    factory = factories.need(factory_id).factory
    if factory.version != int(version):
        raise StaleVersion("The record was changed meanwhile.")
    cleaned, faults = form.parsed(_typed(visit), factory, visit.language)
    if faults:
        raise Malformed("Some fields cannot be taken as sent.", faults)
    profiles.edit(visit.person, factory_id, cleaned, {int(version)})
    return view.go(visit, f"/portal/factories/{factory_id}/profile?done=saved")


@door.page("POST", "/portal/factories/{factory_id}/publish", who=door.FACTORY)
def published(visit: Visit, factory_id: str) -> Response:
    """Show a draft to the public."""
    profiles.show(visit.person, factory_id)
    return view.go(visit, f"/portal/factories/{factory_id}/profile?done=published")


@door.page("POST", "/portal/factories/{factory_id}/contact-mail", who=door.FACTORY, again=_shown)
def mailed(visit: Visit, factory_id: str) -> Response:
    """Mail the link that confirms the contact address once more."""
    contacts.send(visit.person, factories.need(factory_id).factory)
    return view.go(visit, f"/portal/factories/{factory_id}/profile?done=mailed#contact_email")


def _typed(visit: Visit) -> dict[str, str]:
    return picks.whole({name: text for name, text in visit.form.items() if name not in OWN_INPUTS})


def _entry(
    name: str, factory: Factory, texts: Mapping[str, str], held: Mapping[str, str], visit: Visit
) -> dict[str, Any]:
    """One input: what it holds, and who said so."""
    field = form.field_of(name)
    said = factory.said(field)
    tag = name.removeprefix(form.TEXT_IN) if field == "descriptions" else ""
    audited = factory.ics.fields.get(field) if factory.ics and field in factory.own and not tag else None
    record = held[name]
    if name in picks.KNOWN:
        record = ", ".join(picks.named(name, factory.value(name) or [], visit.language))
        audited = picks.named(name, audited or [], visit.language)
    return {
        "id": name,
        "label": "descriptions" if tag else name,
        "tag": tag,
        "text": texts[name],
        "kind": _kind(name),
        "options": _options(name, texts[name], visit.language),
        "boxes": picks.boxes(name, texts, visit.language) if name in picks.KNOWN else [],
        "said": said if record else None,
        "audited": _plain(audited),
        "audience": audience_of(factory, field).value,
        "held": record,
        "same": all(texts[each] == held[each] for each in held if each == name or picks.field_of(each) == name),
        "required": name in form.REQUIRED,
    }


def _kind(name: str) -> str:
    if name in ("country", "workforce"):
        return "select"
    if name in picks.KNOWN:
        return "pick"
    if name in form.LINES or name.startswith(form.TEXT_IN):
        return "textarea"
    return {"contact_email": "email", "contact_phone": "tel", "website": "url"}.get(name, "text")


def _options(name: str, text: str, spoken: Language) -> list[tuple[str, str]]:
    if name == "workforce":
        known = [("", ""), *((band, band.replace("-", "–")) for band in WORKFORCE_BANDS)]
    elif name == "country":
        known = sorted(((code, spoken.country(code)) for code in countries_by_alpha2), key=lambda pair: pair[1])
    else:
        return []
    return known if text in dict(known) else [(text, text), *known]


def _plain(value: Any) -> str | None:
    """What ICS said, in a line."""
    if isinstance(value, dict):
        return ", ".join(str(each) for each in value.values())
    if isinstance(value, list):
        return ", ".join(value)
    return value or None


def _words(entries: Mapping[str, dict[str, Any]], code: str, faults: Mapping[str, str]) -> dict[str, Any]:
    """The descriptions: English, the page's language, and what is wrong stand open; the others are folded away."""
    tags = [*view.languages_first(code), *(entry["tag"] for entry in entries.values() if entry["tag"])]
    ordered = [entries[f"{form.TEXT_IN}{tag}"] for tag in dict.fromkeys(tags)]
    is_open = [entry["tag"] in ("en", code) or entry["id"] in faults for entry in ordered]
    return {
        "open": [entry for entry, shown in zip(ordered, is_open, strict=True) if shown],
        "folded": [entry for entry, shown in zip(ordered, is_open, strict=True) if not shown],
        "names": LANGUAGES,
    }
