"""Claims of a factory, a product or a member: each as the public sees it today, with what its wording risks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chalice.app import Response

from chalicelib import clock
from chalicelib.domain import claim as rules
from chalicelib.domain import claim_wording, identity
from chalicelib.domain.claim import Claim, Holder
from chalicelib.domain.errors import Malformed, NotFound
from chalicelib.internal import claims as api
from chalicelib.internal.portal import claim_form, door, view
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import factories
from chalicelib.store.registry.claims import Shelf
from chalicelib.web import claim_words
from chalicelib.web import claims as shown
from chalicelib.web.responses import Problem

PATHS: Mapping[Holder, tuple[str, str]] = {
    Holder.FACTORY: ("/portal/factories/{factory_id}/claims", door.FACTORY),
    Holder.PRODUCT: ("/portal/products/{product_id}/claims", door.MEMBER),
    Holder.MEMBER: ("/portal/claims", door.MEMBER),
}
"""Where the claims of each kind of record are, and who may call that."""
_VERSION = re.compile(r"[0-9]{1,15}\Z")


@dataclass(frozen=True, slots=True)
class _Place:
    """Whose claims a page shows: the record with its claims, and the path of its page of claims."""

    shelf: Shelf
    path: str

    @property
    def whose(self) -> tuple[Holder, str]:
        return self.shelf.kind, self.shelf.identifier


def _register(kind: Holder) -> None:
    """The pages of one kind of record: its claims, a new one, one of them, changing it, taking it away."""
    path, who = PATHS[kind]
    one = f"{path}/{{claim_id}}"

    def page(method: str, where: str, handler: door.Handler, again: door.Handler | None = None) -> None:
        def called(visit: Visit, *, claim_id: str = "", **named: str) -> Response:
            place = _found(visit, kind, named)
            return handler(visit, place, claim_id) if claim_id else handler(visit, place)

        def kept(visit: Visit, problem: Problem, *, claim_id: str = "", **named: str) -> Response:
            place = _found(visit, kind, named)
            return again(visit, place, *([claim_id] if claim_id else []), problem=problem)  # type: ignore[misc]

        called.__name__, called.__module__ = f"{handler.__name__.strip('_')}_of_{kind}", __name__
        called.__doc__ = handler.__doc__
        door.page(method, where, who=who, again=kept if again else None)(called)

    page("GET", path, _listed)
    page("POST", path, _added, _listed)
    page("GET", one, _one)
    page("POST", one, _changed, _one)
    page("POST", f"{one}/remove", _removed)


def _found(visit: Visit, kind: Holder, named: Mapping[str, str]) -> _Place:
    identifier = next(iter(named.values()), visit.person.tenant)
    if kind is Holder.PRODUCT:
        try:
            identifier = identity.parse_product_id(identifier)
        except Malformed as error:
            raise NotFound("There is no such product of yours.") from error
    path = PATHS[kind][0].format(**dict.fromkeys(named, identifier))
    return _Place(api.own(visit.person, kind, identifier), path)


def _listed(visit: Visit, place: _Place, problem: Problem | None = None) -> Response:
    """The claims as of today, and a form for one more."""
    texts = visit.form if problem else {"language": visit.language.code}
    shelf = place.shelf
    today = shown.shown(shelf.claims, shelf.certificates, clock.today())
    warned = {each.claim_id: claim_wording.warnings(each) for each in shelf.claims}
    is_factory = shelf.kind is Holder.FACTORY
    return view.render(
        visit,
        "portal/factory_claims.html" if is_factory else "portal/own_claims.html",
        claims=[(each, warned[each["claim_id"]]) for each in today],
        told=claim_words.DONE.get(visit.ask.query.get("done", "")),
        full=len(today) >= rules.MOST_CLAIMS,
        factory=factories.need(shelf.identifier).factory if is_factory else None,
        factory_id=shelf.identifier if is_factory else None,
        **_form(place, texts, problem),
    )


def _added(visit: Visit, place: _Place) -> Response:
    """Make a claim."""
    _, _, is_new = _placed(place, lambda body: api.add(visit.person, *place.whose, body), visit)
    return view.go(visit, f"{place.path}?done={'added' if is_new else 'same'}")


def _one(visit: Visit, place: _Place, claim_id: str, problem: Problem | None = None) -> Response:
    """One claim in a form."""
    claim = rules.one(place.shelf.claims, claim_id)
    texts = visit.form if problem else claim_form.inputs(claim, place.shelf)
    return view.render(visit, "portal/claim.html", claim=claim, warned=_warned(claim), **_form(place, texts, problem))


def _changed(visit: Visit, place: _Place, claim_id: str) -> Response:
    """Change it. Who had verified it had verified other words."""
    seen = visit.form.get("version", "")
    if not _VERSION.match(seen):
        raise Malformed("The form is not complete. Check it and send it again.")
    _placed(place, lambda body: api.change(visit.person, *place.whose, claim_id, body, {int(seen)}), visit)
    return view.go(visit, f"{place.path}?done=changed")


def _removed(visit: Visit, place: _Place, claim_id: str) -> Response:
    """Take it away."""
    api.remove(visit.person, *place.whose, claim_id)
    return view.go(visit, f"{place.path}?done=removed")


def _placed(place: _Place, act: Callable[[dict[str, Any]], Any], visit: Visit) -> Any:
    try:
        return act(claim_form.content(visit.form))
    except Malformed as error:
        raise claim_form.placed(error, place.shelf) from error


def _warned(claim: Claim) -> tuple[claim_wording.Warned, ...]:
    return claim_wording.warnings(claim)


def _form(place: _Place, texts: Mapping[str, str], problem: Problem | None) -> dict[str, Any]:
    return {
        "http_status": problem.status if problem else 200,
        "problem": problem,
        "faults": view.faults_by_input(problem, claim_form.INPUTS),
        "labels": claim_words.LABELS,
        "hints": claim_words.HINTS,
        "texts": {name: texts.get(name, "") for name in claim_form.INPUTS},
        "options": claim_form.options(place.shelf, texts),
        "path": place.path,
        "shelf": place.shelf,
    }


for _kind in Holder:
    _register(_kind)
