"""A factory's photos: sent straight to the store, looked at, named, and shown; or taken away."""

from __future__ import annotations

from typing import Any

from chalice.app import Response

from chalicelib import clock
from chalicelib.domain import text
from chalicelib.domain.errors import Fault, Malformed
from chalicelib.domain.photo import MOST_PHOTOS, shown_keys
from chalicelib.internal import uploads
from chalicelib.internal.portal import door, view
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import factories
from chalicelib.store.registry import photos as store
from chalicelib.web import form_words, shown
from chalicelib.web.responses import Problem

PATH = "/portal/factories/{factory_id}/photos"


@door.page("GET", PATH, who=door.FACTORY)
def photos(visit: Visit, factory_id: str) -> Response:
    """Those that are shown, those that arrived, and a form for another."""
    return _shown(visit, None, factory_id)


def _shown(visit: Visit, problem: Problem | None, factory_id: str) -> Response:
    factory = factories.need(factory_id).factory
    arrived = store.arrived(factory_id)
    sent = visit.ask.query.get("sent", "")
    known = {each["photo_id"] for each in arrived} | {each.photo_id for each in factory.photos}
    named = visit.form.get("photo", "")
    faults = view.faults_by_input(problem)
    has_room = len(factory.photos) < MOST_PHOTOS and bool(shown.SETTINGS.photos_url)
    back_to = shown.url(f"/portal/factories/{factory_id}/photos?sent=")
    return view.render(
        visit,
        "portal/photos.html",
        http_status=problem.status if problem else 200,
        problem=problem,
        faults={f"{name}-{named}" if name == "about" else name: detail for name, detail in faults.items()},
        names={f"about-{named}": form_words.LABELS["about"]},
        factory_id=factory_id,
        factory=factory,
        mine=[_picture(factory_id, each.photo_id, each.about) for each in factory.photos],
        arrived=[{**_picture(factory_id, each["photo_id"], ""), **each} for each in arrived],
        is_coming=bool(sent) and sent not in known,
        typed={named: visit.form.get("about", "")},
        form=uploads.form(factory_id, back_to, clock.now()) if has_room else None,
        most=MOST_PHOTOS,
        photos_from=shown.photos_origin(),
        sends_to=shown.origin_of(uploads.address()) if has_room else "",
    )


@door.page("POST", PATH, who=door.FACTORY, again=_shown)
def added(visit: Visit, factory_id: str) -> Response:
    """Show a photo that arrived, with what it shows in words."""
    try:
        about = text.clean(visit.form.get("about", "").strip())
    except Malformed as error:
        raise Malformed("Some fields cannot be taken as sent.", [Fault("/about", error.detail)]) from error
    store.add(factory_id, visit.form.get("photo", ""), about, visit.person.actor)
    return view.go(visit, f"/portal/factories/{factory_id}/photos?done=added")


@door.page("POST", f"{PATH}/remove", who=door.FACTORY, again=_shown)
def removed(visit: Visit, factory_id: str) -> Response:
    """Take a photo away: from the page first, then from the store."""
    photo_id = visit.form.get("photo", "")
    store.remove(factory_id, photo_id, visit.person.actor)
    uploads.delete(shown_keys(factory_id, photo_id))
    return view.go(visit, f"/portal/factories/{factory_id}/photos?done=removed")


def _picture(factory_id: str, photo_id: str, about: str) -> dict[str, Any]:
    _, small = shown_keys(factory_id, photo_id)
    return {"photo_id": photo_id, "about": about, "address": shown.photo_url(small)}
