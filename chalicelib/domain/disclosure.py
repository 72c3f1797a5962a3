"""All that the public may see. Privacy is decided here and nowhere else.

What these types hold is what the public table holds, and the public function can read nothing more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from chalicelib.domain.certificate import Certificate
from chalicelib.domain.claim import Claims
from chalicelib.domain.errors import Fault, Malformed
from chalicelib.domain.factory import Audience, Factory, Lead, State
from chalicelib.domain.photo import Photo
from chalicelib.domain.phrase import phrase
from chalicelib.domain.product import Product
from chalicelib.domain.public_certificate import (
    CertificateAnswer,
    PublicCertificate,
    answer_on,
    public_certificate,
    told_later,
)

__all__ = ["CertificateAnswer", "PublicCertificate", "answer_on", "public_certificate", "told_later"]
_Listed = TypeVar("_Listed", Certificate, PublicCertificate)
_PUBLIC, _NETWORK = Audience.PUBLIC, Audience.NETWORK


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may see a field until the factory decides otherwise, and why. ``fixed``: nobody can decide otherwise."""

    audience: Audience
    why: str
    fixed: bool = False


_WHO = phrase("Says who and where you are: an ID that names nobody would help no one.")
_NAMESAKE = phrase("Lets a buyer tell you from a namesake.")
_PERSONAL = phrase("Personal: shown to nobody until you decide otherwise.")

RULES: Mapping[str, Rule] = {
    "name": Rule(_PUBLIC, _WHO, fixed=True),
    "country": Rule(_PUBLIC, _WHO, fixed=True),
    "local_name": Rule(_PUBLIC, phrase("Lets people find you in your own script.")),
    "aliases": Rule(_PUBLIC, phrase("Lets people find you under former and trading names.")),
    "address": Rule(_PUBLIC, _NAMESAKE),
    "city": Rule(_PUBLIC, _NAMESAKE),
    "region": Rule(_PUBLIC, _NAMESAKE),
    "postal_code": Rule(_PUBLIC, _NAMESAKE),
    "coordinates": Rule(_NETWORK, phrase("The exact place: for the members that you supply.")),
    "gln": Rule(_PUBLIC, phrase("Your GS1 location number: lets machines find you.")),
    "product_categories": Rule(_PUBLIC, phrase("Lets buyers find what you make.")),
    "processes": Rule(_PUBLIC, phrase("Lets buyers find what you do.")),
    "workforce": Rule(_PUBLIC, phrase("A size band, never a count.")),
    "languages": Rule(_PUBLIC, phrase("Tells a buyer how to talk with you.")),
    "descriptions": Rule(_PUBLIC, phrase("Your own words, in each language that you choose.")),
    "website": Rule(_PUBLIC, phrase("Leads people to your own site.")),
    "contact_name": Rule(Audience.PRIVATE, _PERSONAL),
    "contact_email": Rule(Audience.PRIVATE, _PERSONAL),
    "contact_phone": Rule(Audience.PRIVATE, _PERSONAL),
    "site": Rule(_NETWORK, phrase("Your number at ICS: for the members that you supply.")),
    "photos": Rule(_PUBLIC, phrase("What you show in pictures. To hide one, take it away."), fixed=True),
    "audits": Rule(_PUBLIC, phrase("Dates and types of your audits. Never how they went.")),
}
"""A field that has no rule here is private, and stays so."""


def audience_of(factory: Factory, name: str) -> Audience:
    """Who may see a field or record of a factory. What nobody decided about is private."""
    rule = RULES.get(name)
    if rule is None:
        return Audience.PRIVATE
    return rule.audience if rule.fixed else factory.privacy.get(name, rule.audience)


def clean_privacy(given: Mapping[str, Any]) -> dict[str, Audience]:
    """Check a set of audiences by field; ``Malformed`` with every fault."""
    cleaned: dict[str, Audience] = {}
    faults = []
    for name, value in given.items():
        rule = RULES.get(name)
        if rule is None:
            faults.append(Fault(f"/{name[:100]}", "is not a field whose audience can be set"))
        elif value not in tuple(Audience):
            faults.append(Fault(f"/{name}", "must be public, network or private"))
        elif rule.fixed and value != rule.audience:
            faults.append(
                Fault(f"/{name}", phrase("is always %(audience)s. %(why)s", audience=rule.audience.value, why=rule.why))
            )
        else:
            cleaned[name] = Audience(value)
    if faults:
        raise Malformed("Some audiences cannot be set as asked.", faults)
    return cleaned


@dataclass(frozen=True, slots=True)
class PublicAudit:
    """Date and type of an audit. Codes of open lists."""

    scope: str
    type: str
    notice: str | None
    date: str


@dataclass(frozen=True, slots=True)
class PublicMember:
    """An ICS member that buys from the factory, where both sides agreed to show it."""

    member_id: str
    name: str


@dataclass(frozen=True, slots=True)
class PublicFactory:
    """A factory as anyone may see it. ``sources`` maps a field to its source and date.

    ``merged`` are the records that were merged into it, ``former`` is its address before it moved.
    ``writable``: one may write to it through us. That says nothing of its address, which is no part of this.
    """

    factory_id: str
    state: str
    state_since: str | None
    successor: str | None
    claimed: bool
    fields: Mapping[str, Any]
    sources: Mapping[str, Mapping[str, str]]
    audits: tuple[PublicAudit, ...]
    certificates: tuple[PublicCertificate, ...]
    members: tuple[PublicMember, ...]
    updated_at: str
    merged: tuple[str, ...] = ()
    former: Mapping[str, Any] | None = None
    writable: bool = False
    photos: tuple[Photo, ...] = ()
    programmes: tuple[str, ...] = ()
    claims: Claims = ()

    @property
    def name(self) -> str:
        """The legal name."""
        return str(self.fields["name"])

    @property
    def country(self) -> str:
        """ISO 3166-1 alpha-2."""
        return str(self.fields["country"])


@dataclass(frozen=True, slots=True)
class PublicStage:
    """One step of making, and the factory that did it."""

    process: str
    factory_id: str


@dataclass(frozen=True, slots=True)
class PublicProduct:
    """A product as anyone may see it. ``member_id`` is the ICS member that answers for it."""

    product_id: str
    brand: str
    name: str
    category: str
    lots: tuple[str, ...]
    stages: tuple[PublicStage, ...]
    updated_at: str
    member_id: str | None = None
    claims: Claims = ()


def public_factory(
    factory: Factory, certificates: Iterable[Certificate], member_names: Mapping[str, str]
) -> PublicFactory | None:
    """What anyone may see of a factory; ``None`` while it is a draft."""
    if not factory.published or factory.said("name") is None:
        return None
    return seen_by(_PUBLIC, factory, certificates, member_names)


def seen_by(
    audience: Audience, factory: Factory, certificates: Iterable[Certificate], member_names: Mapping[str, str]
) -> PublicFactory:
    """What an audience sees of a factory that shows, or of a draft once it will: a network sees what all see, too."""
    may_see = {_PUBLIC, audience}
    fields, sources = {}, {}
    for name in factory.known_fields:
        said = factory.said(name)
        if said is not None and said.value and audience_of(factory, name) in may_see:
            fields[name] = said.value
            sources[name] = {"source": said.source.value, "date": said.on}
    shows_audits = audience_of(factory, "audits") in may_see
    return PublicFactory(
        factory_id=factory.factory_id,
        state=factory.state.value,
        state_since=factory.state_since,
        successor=factory.successor,
        claimed=factory.claimed,
        fields=fields,
        sources=sources,
        audits=tuple(PublicAudit(a.scope, a.type, a.notice, a.date) for a in factory.audits if shows_audits),
        certificates=tuple(public_certificate(certificate) for certificate in _in_order(certificates)),
        members=tuple(
            PublicMember(member, member_names[member])
            for member, link in sorted(factory.links.items())
            if link.is_public and member in member_names
        ),
        updated_at=factory.updated_at,
        merged=tuple(sorted(each for each, lead in factory.led.items() if lead is Lead.MERGED)),
        former=_former(factory),
        writable=factory.writable,
        photos=factory.photos,
        programmes=factory.programmes,
        claims=factory.claims,
    )


def united(page: PublicFactory, others: Iterable[PublicFactory]) -> PublicFactory:
    """A factory with what is known of it under the IDs that were merged into its own.

    Audits, certificates, claims and members stay on the records that they were made for, each under what that record
    shows to anyone.
    """
    led = [each for each in others if each.state == State.MERGED and each.successor == page.factory_id]
    parts = [page, *sorted(led, key=lambda each: each.factory_id)]
    audits = [audit for part in parts for audit in part.audits]
    certificates = [certificate for part in parts for certificate in part.certificates]
    members = {member.member_id: member for part in reversed(parts) for member in part.members}
    return replace(
        page,
        members=tuple(members[member_id] for member_id in sorted(members)),
        audits=tuple(sorted(dict.fromkeys(audits), key=lambda audit: audit.date, reverse=True)),
        certificates=tuple(_in_order(certificates)),
        claims=tuple(claim for part in parts for claim in part.claims),
        merged=tuple(part.factory_id for part in parts[1:]),
    )


def _former(factory: Factory) -> dict[str, Any] | None:
    if factory.state is not State.MOVED or factory.successor is not None or factory.former is None:
        return None
    return {name: value for name, value in factory.former.items() if audience_of(factory, name) is Audience.PUBLIC}


def _in_order(certificates: Iterable[_Listed]) -> list[_Listed]:
    return sorted(certificates, key=lambda certificate: (certificate.valid_to, certificate.code), reverse=True)


def public_product(product: Product) -> PublicProduct:
    """What anyone may see of a product: what its brand published."""
    return PublicProduct(
        product_id=product.product_id,
        brand=product.brand,
        name=product.name,
        category=product.category,
        lots=product.lots,
        stages=tuple(PublicStage(stage.process, stage.factory_id) for stage in product.stages),
        updated_at=product.updated_at,
        member_id=product.member_id,
        claims=product.claims,
    )
