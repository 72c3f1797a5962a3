"""Who sees what: each field's audience, how it starts and why; and which links to brands show in public."""

from __future__ import annotations

from collections.abc import Mapping

from chalice.app import Response

from chalicelib.domain.disclosure import RULES, audience_of, clean_privacy
from chalicelib.domain.errors import Fault, Malformed, StaleVersion
from chalicelib.domain.factory import Link, Source
from chalicelib.internal import profiles
from chalicelib.internal.links import linked
from chalicelib.internal.portal import door, form, view
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import factories, organisations
from chalicelib.web import form_words
from chalicelib.web.responses import Problem

PATH = "/portal/factories/{factory_id}/privacy"
SEEN_BY = "seen-"
LINK = "link-"


@door.page("GET", PATH, who=door.FACTORY)
def privacy(visit: Visit, factory_id: str) -> Response:
    """The present audiences and links."""
    return shown(visit, None, factory_id)


def shown(visit: Visit, problem: Problem | None, factory_id: str) -> Response:
    """The page, after a form of it that could not be taken too."""
    factory = factories.need(factory_id).factory
    known = linked(factory)
    links = {member: link for member, link in known.items() if link.ended is None}
    ended = {member: link for member, link in known.items() if link.ended_by is Source.FACTORY}
    boxes = boxes_of(links)
    chosen = {name: visit.form.get(f"{SEEN_BY}{name}", audience_of(factory, name).value) for name in RULES}
    return view.render(
        visit,
        "portal/privacy.html",
        http_status=problem.status if problem else 200,
        problem=problem,
        faults=view.faults_by_input(problem),
        names={f"{SEEN_BY}{name}": form_words.LABELS[name] for name in RULES},
        factory_id=factory_id,
        factory=factory,
        rules=RULES,
        chosen=chosen,
        now={name: audience_of(factory, name).value for name in RULES},
        audiences=form_words.AUDIENCES,
        links=links,
        boxes=form.together(ticked(visit.form, boxes), boxes, visit.form.get("seen", "")),
        overtaken=form.edited(boxes, visit.form["seen"]) if problem and "seen" in visit.form else set(),
        seen=form.fingerprints(boxes),
        ended=ended,
        names_of_members=organisations.member_names({**links, **ended}),
    )


def boxes_of(links: Mapping[str, Link]) -> dict[str, str]:
    """The box of each link that goes on, by its name, as the record has it: ``public`` if it is ticked."""
    going_on = {member: link for member, link in links.items() if link.ended is None}
    return {f"{LINK}{member}": "public" if link.factory_agrees else "" for member, link in going_on.items()}


def ticked(sent: Mapping[str, str], boxes: Mapping[str, str]) -> dict[str, str]:
    """The same boxes as a form has them: one that is not ticked is not sent."""
    return {name: "public" if sent.get(name) == "public" else "" for name in boxes}


@door.page("POST", PATH, who=door.FACTORY, again=shown)
def decided(visit: Visit, factory_id: str) -> Response:
    """Apply the audiences. A change takes effect on every public answer at once."""
    version = visit.form.get("version", "")
    if not (version.isascii() and version.isdigit()) or len(version) > 15:
        raise Malformed("The form is not complete. Check it and send it again.")
    given = {name: text for name, text in visit.form.items() if name not in ("csrf_token", "version")}
    foreign = [name for name in given if not name.startswith(SEEN_BY)]
    if foreign:
        faults = [Fault(f"/{name[:60]}", "is not a field of this form") for name in foreign]
        raise Malformed("Some fields cannot be taken as sent.", faults)
    try:
        wanted = clean_privacy({name.removeprefix(SEEN_BY): text for name, text in given.items()})
    except Malformed as error:
        faults = [Fault(f"/{SEEN_BY}{fault.pointer.strip('/')}", fault.detail) for fault in error.faults]
        raise Malformed(error.detail, faults) from error
    try:
        profiles.set_privacy(visit.person, factory_id, wanted, {int(version)})
    except StaleVersion as error:
        raise StaleVersion("The record was changed meanwhile.") from error
    return view.go(visit, f"/portal/factories/{factory_id}/privacy?done=saved")


@door.page("POST", "/portal/factories/{factory_id}/relay", who=door.FACTORY)
def relayed(visit: Visit, factory_id: str) -> Response:
    """Whether buyers may write to the factory. A box that is not ticked says no."""
    profiles.set_relay(visit.person, factory_id, visit.form.get("relay") == "open")
    return view.go(visit, f"/portal/factories/{factory_id}/privacy?done=relay")
