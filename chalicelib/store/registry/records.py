"""How records are read back from items of the registry table."""

from __future__ import annotations

from datetime import date

from chalicelib.domain.audit import Audit
from chalicelib.domain.certificate import Certificate
from chalicelib.domain.factory import Audience, Factory, IcsStatement, Link, Said, Source, State
from chalicelib.domain.photo import Photo
from chalicelib.domain.product import Product, Stage
from chalicelib.store.codec import Body, standing_change


def factory(body: Body, version: int) -> Factory:
    """A factory's record."""
    return Factory(
        **{
            **body,
            "ics": _ics(body["ics"]) if body["ics"] else None,
            "own": {
                name: Said(said["value"], Source(said["source"]), said["on"]) for name, said in body["own"].items()
            },
            "privacy": {name: Audience(audience) for name, audience in body["privacy"].items()},
            "audits": tuple(Audit(**{**each, "member_ids": tuple(each["member_ids"])}) for each in body["audits"]),
            "links": {
                member: Link(**{**link, "source": Source(link["source"])}) for member, link in body["links"].items()
            },
            "photos": tuple(Photo(**photo) for photo in body.get("photos", ())),
            "state": State(body["state"]),
            "version": version,
        }
    )


def _ics(body: Body) -> IcsStatement:
    return IcsStatement(**{**body, "erased": tuple(body.get("erased", ()))})


def certificate(body: Body, version: int) -> Certificate:
    """A certificate's record."""
    return Certificate(
        **{
            **body,
            "products": tuple(body["products"]),
            "valid_from": date.fromisoformat(body["valid_from"]),
            "valid_to": date.fromisoformat(body["valid_to"]),
            "history": tuple(standing_change(change) for change in body["history"]),
            "version": version,
        }
    )


def product(body: Body, version: int) -> Product:
    """A product's record."""
    return Product(
        **{
            **body,
            "lots": tuple(body["lots"]),
            "stages": tuple(Stage(**stage) for stage in body["stages"]),
            "version": version,
        }
    )
