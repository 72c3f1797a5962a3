"""Shapes of what members, ICS, certifiers, factories and staff send and are answered."""

from __future__ import annotations

from chalicelib.domain.audit import Outcome
from chalicelib.domain.certificate import Standing
from chalicelib.domain.disclosure import RULES
from chalicelib.domain.factory import Audience, Source, State
from chalicelib.domain.text import LONG
from chalicelib.internal import audits, invitations, products, teams
from chalicelib.internal.access import SCOPES
from chalicelib.web.language import LANGUAGES
from infra.api import factory_fields, rights_shapes
from infra.api.public_shapes import (
    CODE_SHAPE,
    FACTORY_ID_SHAPE,
    KNOWN_STATUS,
    PRODUCT_ID_SHAPE,
)
from infra.api.shapes import (
    CODE,
    COUNTRY,
    DATE,
    INSTANT,
    TENANT,
    URL,
    YES_NO,
    Schema,
    body,
    listed,
    mapping,
    nullable,
    one_of,
    record,
    ref,
    said,
    text,
    whole,
)

_EMAIL: Schema = {"type": "string", "format": "email", "maxLength": 254}
_WEBSITE: Schema = {"type": "string", "format": "uri", "maxLength": 200}
_LINK = record(
    {
        "source": one_of(Source),
        "since": DATE,
        "factory_agrees": YES_NO,
        "member_agrees": YES_NO,
        "ended": nullable(DATE),
    },
    about="That a factory supplies a member. Public only where both agree.",
)


def schemas() -> dict[str, Schema]:
    """All of them by name."""
    return {
        **_syncs(),
        **_factories(),
        **_certificates(),
        **_invitations(),
        **_products(),
        **_staff(),
        **rights_shapes.schemas(),
    }


def _syncs() -> dict[str, Schema]:
    version = "ICS numbers its statements; the highest version wins, whatever the order of arrival"
    audit = body({"reference": text(), "scope": CODE, "type": CODE, "date": DATE}, {"notice": CODE})
    number = whole(1, audits.LARGEST_VERSION, version)
    item = body(
        {"site": text(), "version": number, "factory": ref("IcsFactory"), "audit": audit},
        {"member_ids": listed(TENANT, 50)},
        about="Never a rating, a score or a finding: an item that has one is rejected.",
    )
    result = record(
        {
            "index": whole(0, about="which item of the batch"),
            "outcome": one_of(Outcome),
            "factory_id": nullable(FACTORY_ID_SHAPE),
            "detail": nullable({"type": "string"}),
        }
    )
    counts = record({outcome.value: whole(0) for outcome in Outcome})
    # Each item is checked for itself: one that does not fit is answered `rejected`, and the others are applied.
    return {
        "AuditSyncItem": item,
        "AuditSyncRequest": body({"items": listed(ref("AuditSyncItem"), audits.MOST_ITEMS, 1)}),
        "AuditSyncReply": record({"counts": counts, "results": listed(result)}),
    }


def _factories() -> dict[str, Schema]:
    fields = factory_fields.shapes()
    audience = one_of(Audience)
    audit = record(
        {
            "reference": {"type": "string"},
            "version": whole(1),
            "scope": CODE,
            "type": CODE,
            "notice": nullable(CODE),
            "date": DATE,
            "member_ids": listed(TENANT),
        }
    )
    return {
        "FactoryRecord": record(
            {
                "factory_id": FACTORY_ID_SHAPE,
                "status": one_of(State),
                "published": {**YES_NO, "description": "false: a draft that nobody else sees"},
                "run_by_factory": YES_NO,
                "site": nullable(said("its number at ICS")),
                "fields": ref("FactoryFields"),
                "sources": mapping(record({"source": one_of(Source), "date": DATE})),
                "ics": nullable(ref("FactoryFields")),
                "privacy": mapping(audience, "who may see each field"),
                "audits": listed(audit),
                "links": mapping(_LINK, "by member"),
                "photos": listed(rights_shapes.PHOTO),
                "certificates": listed(ref("CertificateRecord")),
                "updated_at": INSTANT,
                "url": URL,
            },
            about="The whole record, for its owner.",
        ),
        "Privacy": {
            "type": "object",
            "properties": {
                name: {"const": str(rule.audience)} if rule.fixed else audience for name, rule in RULES.items()
            },
            "additionalProperties": False,
        },
        "LinkAgreement": body({"public": YES_NO}),
        "NetworkLink": body({}, {"public": {**YES_NO, "description": "the member's side of a link that all may see"}}),
        "Supplier": record(
            {
                "factory_id": FACTORY_ID_SHAPE,
                "status": one_of(State),
                "run_by_factory": YES_NO,
                "link": _LINK,
                "audits": listed(ref("Audit")),
                "certificates": listed(
                    record(
                        {
                            "code": CODE_SHAPE,
                            "standard_id": TENANT,
                            "valid_to": DATE,
                            "status": one_of(KNOWN_STATUS, "as of today"),
                            "confirmed_by_certifier": YES_NO,
                        }
                    )
                ),
                "url": URL,
            },
            fields,
            about="A factory as it shows itself to its network.",
        ),
        "Network": record({"results": listed(ref("Supplier"))}),
    }


def _certificates() -> dict[str, Schema]:
    change = record(
        {"standing": one_of(Standing), "reason": {"type": "string"}, "effective": DATE, "recorded": INSTANT}
    )
    given: dict[str, Schema] = {"number": text(), "standard_id": TENANT, "valid_from": DATE, "valid_to": DATE}
    return {
        "CertificateRequest": body(
            {**given, "factory_id": said("the holder"), "scope": text(LONG)},
            {
                "products": listed(text(), 30),
                "certifier": text(about="who issued it: needed where a factory declares"),
                "gdti": text(30, about="the document's GS1 number: 13 digits and up to 17 characters"),
            },
        ),
        "StandingRequest": body(
            {"standing": one_of(Standing), "reason": text()},
            {"effective": {**DATE, "description": "from this day on; today unless given, never a day to come"}},
        ),
        "CertificateRecord": record(
            {
                **given,
                "code": CODE_SHAPE,
                "standard_name": {"type": "string"},
                "certifier_id": nullable(TENANT),
                "certifier": {"type": "string"},
                "holder_id": FACTORY_ID_SHAPE,
                "holder_name": {"type": "string"},
                "scope": {"type": "string"},
                "products": listed({"type": "string"}),
                "confirmed": YES_NO,
                "history": listed(change),
                "version": whole(0),
                "gdti": nullable(text(30)),
            },
            {"url": URL},
        ),
    }


def _invitations() -> dict[str, Schema]:
    invitation: dict[str, Schema] = {
        "invitation_id": {"type": "string"},
        "email": said("whom it was sent to; empty once the person had it erased"),
        "language": one_of(tuple(LANGUAGES)),
        "factory_id": nullable(FACTORY_ID_SHAPE),
        "name": text(),
        "country": COUNTRY,
        "state": one_of(("pending", "accepted", "withdrawn", "expired")),
        "mail": one_of(("sent", "queued"), "queued: the mail service did not take it; send it again"),
        "created_at": INSTANT,
        "expires_at": INSTANT,
    }
    outcome = {"index": whole(0), "outcome": one_of(("created", "rejected"))}
    result = record(outcome, {**invitation, "detail": said("why it was rejected")})
    return {
        "InvitationRequest": body(
            {"email": _EMAIL},
            {
                "factory_id": said("a factory on record: or else name and country of a new one"),
                "name": text(),
                "country": COUNTRY,
                "language": one_of(tuple(LANGUAGES), "of the mail; en unless given"),
            },
        ),
        "InvitationBatch": body({"invitations": listed(ref("InvitationRequest"), invitations.MOST_INVITATIONS, 1)}),
        "Invitation": record(invitation),
        "InvitationResults": record({"results": listed(result)}),
        "Invitations": record({"results": listed(ref("Invitation"))}),
        "Acceptance": body({"token": text(about="from the mail")}),
        "Accepted": record(
            {"factory_id": FACTORY_ID_SHAPE, "csrf_token": said("send it as X-CSRF-Token with each change")}
        ),
    }


def _products() -> dict[str, Schema]:
    lot: Schema = {"type": "string", "minLength": 1, "maxLength": 20}
    given: dict[str, Schema] = {"brand": text(), "name": text(), "category": CODE}
    stage = body({"process": CODE, "factory_id": said("a factory on record")})
    return {
        "ProductRequest": body(
            {**given, "stages": listed(stage, products.MOST_STAGES, 1)}, {"lots": listed(lot, 1000)}
        ),
        "ProductRecord": record(
            {
                **given,
                "product_id": PRODUCT_ID_SHAPE,
                "member_id": TENANT,
                "lots": listed(lot),
                "stages": listed(record({"process": CODE, "factory_id": FACTORY_ID_SHAPE})),
                "updated_at": INSTANT,
                "version": whole(1),
                "url": URL,
            }
        ),
    }


def _staff() -> dict[str, Schema]:
    kinds = one_of(tuple(SCOPES))
    actor = record({"kind": said("what kind of caller"), "tenant": said("whose"), "by": said("which key")})
    scopes = one_of(tuple(sorted({scope for several in SCOPES.values() for scope in several})))
    return {
        "OrganisationRequest": body({"name": text(), "country": COUNTRY}, {"website": _WEBSITE}),
        "Organisation": record({"id": TENANT, "name": text(), "country": COUNTRY}, {"website": _WEBSITE}),
        "StandardRequest": body({"name": text(), "owner": text()}, {"short_name": text(), "website": _WEBSITE}),
        "Standard": record(
            {"id": TENANT, "name": text(), "owner": text()}, {"short_name": text(), "website": _WEBSITE}
        ),
        "PersonRequest": body(
            {"kind": one_of(teams.KINDS), "tenant": TENANT, "email": said("an e-mail address")},
            {"language": one_of(tuple(LANGUAGES))},
        ),
        "Team": record(
            {
                "kind": one_of(teams.KINDS),
                "tenant": TENANT,
                "people": listed(
                    record(
                        {
                            "person": said("SHA-256 of the address"),
                            "email": said("the address they sign in with"),
                            "since": DATE,
                        }
                    )
                ),
            }
        ),
        "KeyRequest": body(
            {"kind": kinds, "tenant": text(about="a member, certifier or Factory ID on record")},
            {"scopes": listed(scopes, 20)},
        ),
        "Key": record(
            {
                "prefix": {"type": "string", "pattern": "^[0-9a-f]{12}$"},
                "kind": kinds,
                "tenant": {"type": "string"},
                "scopes": listed(scopes),
                "key": said("shown here and never again"),
            }
        ),
        "Event": record(
            {
                "record": said("FACTORY#…, CERTIFICATE#… or PRODUCT#…"),
                "number": whole(1),
                "at": INSTANT,
                "actor": actor,
                "action": {"type": "string"},
                "changes": {"type": "object"},
                "reason": nullable({"type": "string"}),
                "previous": said("the hash of the event before, or 64 zeros"),
                "hash": said("SHA-256 of this event without `hash`, as compact JSON with sorted names in UTF-8"),
            }
        ),
        "Events": record(
            {"results": listed(ref("Event"), 100), "next_after": nullable(whole(1, about="ask on with ?after="))}
        ),
    }
