"""The brands that a factory is linked to, from its own side: which links show, which one it ends or takes up again."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.domain.errors import NotFound
from chalicelib.domain.factory import Source
from chalicelib.internal import links
from chalicelib.internal.portal import door, form, privacy, view
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import factories, organisations
from chalicelib.web.responses import Problem

PATH = "/portal/factories/{factory_id}/links"


def _again(visit: Visit, problem: Problem, factory_id: str, **_link: str) -> Response:
    """The page with the links as they are, and why what was sent cannot be done."""
    return privacy.shown(visit, problem, factory_id)


@door.page("POST", PATH, who=door.FACTORY, again=_again)
def agreed(visit: Visit, factory_id: str) -> Response:
    """The factory's side of each link that is to show in public. A box that is not ticked says no.

    If a colleague decided otherwise of one while the form was open, that is told first.
    """
    held = privacy.boxes_of(links.linked(factories.need(factory_id).factory))
    form.same_still(held, visit.form.get("seen"))
    for name, box in privacy.ticked(visit.form, held).items():
        if box != held[name]:
            links.agree(visit.person, factory_id, name.removeprefix(privacy.LINK), box == "public")
    return view.go(visit, f"/portal/factories/{factory_id}/privacy?done=links")


@door.page("GET", f"{PATH}/{{member_id}}/end", who=door.FACTORY)
def ending(visit: Visit, factory_id: str, member_id: str) -> Response:
    """What ending a link means, before it is ended."""
    factory = factories.need(factory_id).factory
    link = links.linked(factory).get(member_id)
    if link is None or link.ended is not None:
        raise NotFound("There is no such link of yours.")
    return view.render(
        visit,
        "portal/link_end.html",
        factory_id=factory_id,
        factory=factory,
        member_id=member_id,
        member=organisations.member_names([member_id]).get(member_id, member_id),
        public_link=link.is_public,
    )


@door.page("POST", f"{PATH}/{{member_id}}/end", who=door.FACTORY)
def ended(visit: Visit, factory_id: str, member_id: str) -> Response:
    """End a link."""
    links.end(visit.person, factory_id, member_id, Source.FACTORY)
    return view.go(visit, f"/portal/factories/{factory_id}/privacy?done=ended")


@door.page("POST", f"{PATH}/{{member_id}}/confirm", who=door.FACTORY, again=_again)
def confirmed(visit: Visit, factory_id: str, member_id: str) -> Response:
    """Say that the factory supplies a member who put it on its network. Whether that shows in public stays."""
    link = links.linked(factories.need(factory_id).factory).get(member_id)
    links.agree(visit.person, factory_id, member_id, link is not None and link.factory_agrees)
    return view.go(visit, f"/portal/factories/{factory_id}/privacy?done=links")


@door.page("POST", f"{PATH}/{{member_id}}/resume", who=door.FACTORY, again=_again)
def resumed(visit: Visit, factory_id: str, member_id: str) -> Response:
    """Take up a link that the factory ended. It shows in public only if both sides agree anew."""
    links.agree(visit.person, factory_id, member_id, False)
    return view.go(visit, f"/portal/factories/{factory_id}/privacy?done=links")
