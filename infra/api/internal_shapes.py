"""Shapes of what members, ICS, certifiers, factories and staff send and are answered."""

from __future__ import annotations

from chalicelib.domain.certificate import Standing
from chalicelib.domain.disclosure import RULES
from chalicelib.domain.factory import Audience, Lead, Source, State
from chalicelib.domain.invitation import STATES
from chalicelib.domain.programme import PROGRAMMES
from chalicelib.domain.text import LONG
from chalicelib.internal import invitations, teams
from chalicelib.internal.access import SCOPES
from chalicelib.web.language import LANGUAGES
from infra.api import batch_shapes, member_shapes, programme_shapes, rights_shapes, signing_shapes, sync_shapes
from infra.api.lifecycle_shapes import KEY_PREFIX
from infra.api.public_shapes import (
    CODE_SHAPE,
    FACTORY_ID_SHAPE,
    KNOWN_STATUS,
    PROBLEM,
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


def schemas() -> dict[str, Schema]:
    """All of them by name."""
    others = (sync_shapes, member_shapes, batch_shapes, rights_shapes, programme_shapes, signing_shapes)
    found = {name: shape for module in others for name, shape in module.schemas().items()}
    return {**found, **_factories(), **_certificates(), **_invitations(), **_staff()}


def _factories() -> dict[str, Schema]:
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
                "status_since": nullable(DATE),
                "successor": nullable(FACTORY_ID_SHAPE),
                "led_here": mapping(one_of(Lead), "the records that lead to this one, by Factory ID"),
                "published": {**YES_NO, "description": "false: a draft that nobody else sees"},
                "run_by_factory": YES_NO,
                "relay": {**YES_NO, "description": "buyers may write to it through us"},
                "site": nullable(said("its number at ICS")),
                "fields": ref("FactoryFields"),
                "sources": mapping(record({"source": one_of(Source), "date": DATE})),
                "ics": nullable(ref("FactoryFields")),
                "privacy": mapping(audience, "who may see each field"),
                "audits": listed(audit),
                "links": mapping(member_shapes.LINK, "by member"),
                "photos": listed(rights_shapes.PHOTO),
                "programmes": {**listed(one_of(PROGRAMMES)), "description": "those that it shows to all"},
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
            {
                "url": URL,
                "status": one_of(KNOWN_STATUS, "in a list: what it is worth today"),
                "registered_at": nullable({**INSTANT, "description": "since then it is on record"}),
                "confirmed_at": nullable({**INSTANT, "description": "when its certifier's word was recorded"}),
                "status_index": nullable(whole(0, about="its place in the status lists, once it is confirmed")),
                "declared": nullable(
                    record({"valid_from": DATE, "valid_to": DATE}, about="What the holder had declared before that.")
                ),
            },
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
        "state": one_of(STATES),
        "mail": one_of(("sent", "queued"), "queued: it has not been sent yet, and will be within ten minutes or so"),
        "trouble": {"type": ["string", "null"], "description": "of a bounced one: why, in a word of the mail service"},
        "reminders": whole(0, 2, "how many were sent since the last invitation"),
        "created_at": INSTANT,
        "expires_at": INSTANT,
    }
    found = "factories on record that it is likely to be; left out where there are none"
    duplicates: Schema = {**listed(ref("Duplicate")), "description": found}
    outcome = {"index": whole(0), "outcome": one_of(("created", "rejected", "possible_duplicate"))}
    result = record(outcome, {**invitation, "detail": said("why it was not sent"), "duplicates": duplicates})
    place = {"type": "number"}
    return {
        "InvitationRequest": body(
            {"email": _EMAIL},
            {
                "factory_id": said("a factory on record: or else name and country of a new one"),
                "name": text(),
                "country": COUNTRY,
                "language": one_of(tuple(LANGUAGES), "of the mail; en unless given"),
                "address": text(),
                "city": text(),
                "site": said("its ICS site number: only to find it among those on record"),
                "coordinates": {
                    **record({"latitude": place, "longitude": place}),
                    "description": "only to find it among those on record",
                },
                "unless_likely": {
                    **YES_NO,
                    "description": "true: nothing is sent where a factory on record is likely to be this one (409)",
                },
            },
        ),
        "Resend": body({}, {"email": said("a corrected address")}),
        "InvitationBatch": body({"invitations": listed(ref("InvitationRequest"), invitations.MOST_INVITATIONS, 1)}),
        "Invitation": record(invitation),
        "Invited": record(invitation, {"duplicates": duplicates}),
        "PossibleDuplicate": {
            **PROBLEM,
            "properties": {**PROBLEM["properties"], "duplicates": duplicates},
            "description": "Nothing was sent: see `duplicates`. Invite one of them, or leave `unless_likely` out.",
        },
        "InvitationResults": record({"results": listed(result)}),
        "Invitations": record(
            {
                "results": listed(ref("Invitation"), invitations.PAGE),
                "next_after": {"type": ["string", "null"], "description": "`after` of the next page; null: no more"},
            }
        ),
        "Acceptance": body({"token": text(about="from the mail")}),
        "Accepted": record(
            {"factory_id": FACTORY_ID_SHAPE, "csrf_token": said("send it as X-CSRF-Token with each change")}
        ),
    }


def _staff() -> dict[str, Schema]:
    kinds = one_of(tuple(SCOPES))
    actor = record({"kind": said("what kind of caller"), "tenant": said("whose"), "by": said("which key")})
    scopes = one_of(tuple(sorted({scope for several in SCOPES.values() for scope in several})))
    return {
        "OrganisationRequest": body({"name": text(), "country": COUNTRY}, {"website": _WEBSITE}),
        "Organisation": record(
            {"id": TENANT, "name": text(), "country": COUNTRY},
            {"website": _WEBSITE, "ended": {**DATE, "description": "takes part no more since then"}},
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
            {"scopes": listed(scopes, 20), "reason": text(LONG)},
        ),
        "Key": record(
            {
                "prefix": KEY_PREFIX,
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
