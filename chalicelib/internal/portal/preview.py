"""A factory's page as others see it: everybody, or the members that it supplies. Drafts, too."""

from __future__ import annotations

from typing import Any

from chalice.app import Response

from chalicelib import clock
from chalicelib.domain.disclosure import answer_on, audience_of, seen_by
from chalicelib.domain.errors import NotFound
from chalicelib.domain.factory import Audience, Factory
from chalicelib.internal.portal import door, view
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import factories, organisations
from chalicelib.web import claims

AUDIENCES = (Audience.PUBLIC, Audience.NETWORK)


@door.page("GET", "/portal/factories/{factory_id}/preview", who=door.FACTORY)
def preview(visit: Visit, factory_id: str) -> Response:
    """The public page by the public template (``?as=public``), or that and what a network sees besides."""
    audience = visit.ask.query.get("as", Audience.PUBLIC)
    if audience not in AUDIENCES:
        raise NotFound("The page can be seen as everybody sees it, or as the brands that you supply see it.")
    held = factories.need(factory_id)
    names = organisations.member_names(member for member, link in held.factory.links.items() if link.is_public)
    shown = seen_by(Audience(audience), held.factory, held.certificates.values(), names)
    today = clock.today()
    return view.render(
        visit,
        "portal/preview.html",
        factory=shown,
        factory_id=factory_id,
        audience=audience,
        published=held.factory.published,
        certificates=[answer_on(each, today) for each in shown.certificates],
        claims=claims.shown(shown.claims, {each.code: each for each in shown.certificates}, today),
        besides=_besides(held.factory) if audience == Audience.NETWORK else [],
    )


def _besides(factory: Factory) -> list[dict[str, Any]]:
    """What only the network sees: each field with its value in a line, or the audits with none."""
    names = [*factory.known_fields, *(["site"] if factory.site else []), *(["audits"] if factory.audits else [])]
    return [
        {"name": name, "value": None if name == "audits" else _plain(factory, name)}
        for name in names
        if audience_of(factory, name) is Audience.NETWORK and (name in ("site", "audits") or factory.value(name))
    ]


def _plain(factory: Factory, name: str) -> str:
    value = factory.site if name == "site" else factory.value(name)
    if isinstance(value, dict):
        return ", ".join(str(each) for each in value.values())
    return ", ".join(value) if isinstance(value, list) else str(value)
