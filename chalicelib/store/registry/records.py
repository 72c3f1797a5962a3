"""How records are read back from items of the registry table."""

from __future__ import annotations

from datetime import date

from chalicelib.domain.audit import Audit
from chalicelib.domain.certificate import Certificate
from chalicelib.domain.contact import ContactCheck
from chalicelib.domain.factory import Audience, Before, Factory, IcsStatement, Lead, Link, Said, Source, State
from chalicelib.domain.photo import Photo
from chalicelib.domain.product import Product, Stage
from chalicelib.store.codec import Body, claims, declared, made, standing_change


def factory(body: Body, version: int) -> Factory:
    """A factory's record."""
    return made(
        Factory,
        {
            **body,
            "ics": _ics(body["ics"]) if body["ics"] else None,
            "own": {
                name: Said(said["value"], Source(said["source"]), said["on"]) for name, said in body["own"].items()
            },
            "privacy": {name: Audience(audience) for name, audience in body["privacy"].items()},
            "audits": tuple(made(Audit, {**each, "member_ids": tuple(each["member_ids"])}) for each in body["audits"]),
            "links": {member: _link(link) for member, link in body["links"].items()},
            "photos": tuple(made(Photo, photo) for photo in body.get("photos", ())),
            "programmes": tuple(body.get("programmes", ())),
            "claims": claims(body.get("claims", ())),
            "contact": made(ContactCheck, body["contact"]) if body.get("contact") else None,
            "state": State(body["state"]),
            "before": _before(body.get("before")),
            "led": {factory_id: Lead(lead) for factory_id, lead in body.get("led", {}).items()},
            "version": version,
        },
    )


def _link(body: Body) -> Link:
    ended_by = body.get("ended_by")
    told = {"source": Source(body["source"]), "ended_by": Source(ended_by) if ended_by else None}
    return made(Link, {**body, **told})


def _ics(body: Body) -> IcsStatement:
    return made(IcsStatement, {**body, "erased": tuple(body.get("erased", ()))})


def certificate(body: Body, version: int) -> Certificate:
    """A certificate's record."""
    return made(
        Certificate,
        {
            **body,
            "products": tuple(body["products"]),
            "valid_from": date.fromisoformat(body["valid_from"]),
            "valid_to": date.fromisoformat(body["valid_to"]),
            "history": tuple(standing_change(change) for change in body["history"]),
            "declared": declared(body.get("declared")),
            "version": version,
        },
    )


def product(body: Body, version: int) -> Product:
    """A product's record."""
    return made(
        Product,
        {
            **body,
            "lots": tuple(body["lots"]),
            "stages": tuple(made(Stage, stage) for stage in body["stages"]),
            "claims": claims(body.get("claims", ())),
            "version": version,
        },
    )


def _before(body: Body | None) -> Before | None:
    return Before(State(body["state"]), body["since"]) if body else None
