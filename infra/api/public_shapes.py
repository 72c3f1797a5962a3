"""Shapes of what anyone is answered."""

from __future__ import annotations

from chalicelib.domain.certificate import Standing, Status
from chalicelib.domain.factory import Source, State
from chalicelib.domain.lifecycle import PLACE
from chalicelib.domain.programme import PROGRAMMES
from infra.api import factory_fields, receipt_shapes
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

KNOWN_STATUS = tuple(status for status in Status if status is not Status.UNKNOWN)

FACTORY_ID_SHAPE: Schema = {
    "type": "string",
    "pattern": "^[A-Z]{2}[0-9A-HJKMNP-TV-Z]{10}$",
    "description": "country, nine random characters, check character",
}
CODE_SHAPE: Schema = {"type": "string", "pattern": "^C[0-9A-HJKMNP-TV-Z]{10}$"}
PRODUCT_ID_SHAPE: Schema = {
    "type": "string",
    "pattern": "^([0-9]{14}|P[0-9A-HJKMNP-TV-Z]{10})$",
    "description": "a GTIN as fourteen digits, or a code of our own",
}
_OWN_NAMES = ("name", "country", "local_name", "aliases")

AUDIT = record(
    {"scope": CODE, "type": CODE, "notice": nullable(CODE), "date": DATE},
    about="Date and type of an ICS audit. An audit is not a certificate; nothing here says how it went.",
)
PROBLEM = record(
    {
        "type": {"type": "string", "format": "uri-reference"},
        "title": said("what went wrong, in a few words"),
        "status": whole(400, 599, "the HTTP status"),
        "detail": said("what to do about it"),
    },
    {"errors": listed(record({"pointer": said("JSON Pointer (RFC 6901)"), "detail": said("what to mend")}))},
    about="RFC 9457, as application/problem+json.",
)
UNKNOWN = record(
    {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "string", "const": "unknown"},
        "detail": {"type": "string"},
        "number": said("what was asked for"),
        "checked_at": INSTANT,
    },
    about="A number that is not on record: no judgement, and no forgery proved. A problem document (RFC 9457) whose "
    "status is the certificate's; the HTTP status is 404.",
)


def schemas() -> dict[str, Schema]:
    """All of them by name."""
    return {
        "Problem": PROBLEM,
        "UnknownCertificate": UNKNOWN,
        "Health": record({"status": {"const": "ok"}}),
        "ResolverDescription": {
            "type": "object",
            "description": "GS1's resolver description file.",
            "required": ["resolverRoot", "supportedPrimaryKeys"],
        },
        "Credential": {
            "type": "string",
            "description": "A credential of UNTP 0.7 or a status list, as a JWS in compact form (docs/credentials.md).",
            "pattern": r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{86}$",
        },
        "DidDocument": {
            "type": "object",
            "description": "The registry's identifier and keys (W3C DID Core, did:web). What it asserts (credentials, "
            "status lists, codes, checkpoints) counts under the keys in assertionMethod only; others sign receipts. "
            "Each publicKeyJwk says so in its purpose: credentials or receipts.",
            "required": ["@context", "id", "verificationMethod", "assertionMethod"],
        },
        "Linkset": {"type": "object", "description": "A linkset (RFC 9264).", "required": ["linkset"]},
        "Audit": AUDIT,
        "Certificate": _certificate(),
        "Certificates": record({"results": listed(ref("Certificate"), 25, 1)}),
        "Factory": _factory(),
        "FactoryCard": _card(),
        "Directory": record(
            {
                "results": listed(ref("FactoryCard"), 50),
                "next_cursor": nullable({"type": "string"}),
                "match": one_of(("exact", "close"), "close: nothing fits, these nearly do"),
                "checked_at": INSTANT,
            }
        ),
        "VerifyRequest": body(
            {"numbers": listed(text(), 1000, 1)},
            {
                "on": DATE,
                "known_at": said("a day (its end) or an instant: what was recorded later is left out"),
                "standard": TENANT,
            },
            about="Numbers printed on certificates, or codes of ours. Or text/csv, a number a line.",
        ),
        "VerifyResult": _verify_result(),
        "VerifyReply": record(
            {
                "checked_at": INSTANT,
                "on": DATE,
                "summary": mapping(
                    whole(0, 1000),
                    "how many lines got each status, their total, and how many of the "
                    "valid ones no certifier has confirmed",
                ),
                "results": listed(ref("VerifyResult"), 1000, 1),
            },
            {"known_at": INSTANT, "receipt": ref("Receipt")},
        ),
        **receipt_shapes.schemas(),
        "Product": _product(),
        "ApiDescription": {"type": "object", "description": "An OpenAPI 3.1 document.", "required": ["openapi"]},
    }


def _certificate() -> Schema:
    change = record(
        {
            "standing": one_of(Standing),
            "at": {**DATE, "description": "from this day on"},
            "recorded_at": INSTANT,
            "reason": nullable({"type": "string"}),
        }
    )
    return record(
        {
            "code": CODE_SHAPE,
            "number": said("as printed on the certificate"),
            "gdti": nullable({"type": "string", "description": "the document's GS1 number"}),
            "standard": record({"id": TENANT, "name": {"type": "string"}}),
            "certifier": said("the certification body"),
            "holder": record({"factory_id": FACTORY_ID_SHAPE, "name": said("as the certificate names it")}),
            "scope": {"type": "string"},
            "products": listed({"type": "string"}),
            "valid_from": {**DATE, "description": "holds from the start of this day, UTC"},
            "valid_to": {**DATE, "description": "holds to the end of this day, UTC"},
            "status": one_of(
                Status,
                "what it is worth on the day `on`, computed as you ask; unknown only if not on record at `known_at`",
            ),
            "status_reason": nullable({"type": "string", "description": "why it is suspended or withdrawn"}),
            "on": DATE,
            "confirmed_by_certifier": {**YES_NO, "description": "false: declared by the factory, not confirmed"},
            "history": listed(change),
            "checked_at": INSTANT,
            "url": URL,
        },
        {
            "known_at": {**INSTANT, "description": "if asked: the instant up to which the record counts above"},
            "known_now": record(
                {
                    "status": one_of(KNOWN_STATUS),
                    "status_reason": nullable({"type": "string"}),
                    "confirmed_by_certifier": YES_NO,
                    "registered_at": nullable(INSTANT),
                    "confirmed_at": nullable(INSTANT),
                },
                about="Beside known_at: the answer to the same question by all that is on record now.",
            ),
        },
    )


def _factory() -> Schema:
    fields = factory_fields.shapes()
    names = {"legal": fields["name"], "local": nullable(fields["local_name"]), "aliases": fields["aliases"]}
    place = {name: fields[name] for name in PLACE}
    shown = {name: schema for name, schema in fields.items() if name not in (*_OWN_NAMES, "product_categories")}
    return record(
        {
            "factory_id": FACTORY_ID_SHAPE,
            "status": one_of(State),
            "status_since": nullable(DATE),
            "successor": nullable({**FACTORY_ID_SHAPE, "description": "where a moved or merged factory is now"}),
            "merged_from": listed({**FACTORY_ID_SHAPE, "description": "a record that was merged into this one"}),
            "moved_from": nullable(record({}, place, about="its address before it moved, as far as that is public")),
            "run_by_factory": {**YES_NO, "description": "the factory itself accepted an invitation to run this page"},
            "name": fields["name"],
            "names": record(names),
            "country": COUNTRY,
            "product_categories": fields["product_categories"],
            "certificates": listed(ref("Certificate")),
            "audits": listed(ref("Audit")),
            "photos": listed(
                record(
                    {"url": URL, "about": said("in the factory's words"), "width": whole(1), "height": whole(1)},
                    about="A JPEG, drawn anew.",
                )
            ),
            "claims": listed(ref("Claim")),
            "programmes": listed(
                record(
                    {"programme": one_of(PROGRAMMES), "url": URL},
                    about="A programme that the factory takes part in, told by itself, on a page of its own.",
                )
            ),
            "members": listed(
                record({"member_id": TENANT, "name": {"type": "string"}}, about="Shown where both sides agreed.")
            ),
            "sources": mapping(record({"source": one_of(Source), "date": DATE}), "who said each field, and when"),
            "updated_at": INSTANT,
            "url": URL,
        },
        shown,
        about="A factory as anyone may see it. A field that is not public is absent.",
    )


def _card() -> Schema:
    return record(
        {
            "factory_id": FACTORY_ID_SHAPE,
            "shown_id": said("the ID in groups, as it is printed"),
            "name": {"type": "string"},
            "local_name": nullable({"type": "string"}),
            "country": COUNTRY,
            "city": nullable({"type": "string"}),
            "aliases": listed({"type": "string"}),
            "state": one_of(State),
            "state_since": nullable({"type": "string"}),
            "successor": nullable({"type": "string"}),
            "product_categories": listed(CODE),
            "certificates": whole(0, about="on record"),
            "certificates_valid": whole(0, about="valid today and confirmed by the certifier"),
            "certificates_declared": whole(0, about="valid by their dates, but only declared by the factory"),
            "standards_valid": listed(TENANT),
            "url": URL,
        }
    )


def _verify_result() -> Schema:
    return record(
        {
            "line": whole(1, about="in the order asked"),
            "number": said("as it was sent"),
            "status": one_of((*Status, "unavailable"), "unavailable: this line could not be read; ask it again"),
        },
        {
            "confirmed_by_certifier": {"type": "boolean"},
            "code": CODE_SHAPE,
            "recorded_number": said("as it is on record"),
            "standard": record({"id": TENANT, "name": {"type": "string"}}),
            "holder": record({"factory_id": FACTORY_ID_SHAPE, "name": said("as the certificate names it")}),
            "certifier": said("the certification body"),
            "valid_from": DATE,
            "valid_to": DATE,
            "status_reason": nullable({"type": "string"}),
            "matches": whole(1, about="how many certificates bear this number; the best is told"),
            "url": URL,
            "advice": said("what to mend in the number"),
        },
    )


def _product() -> Schema:
    hidden = "null where anyone may not see the factory"
    stage = record({"process": CODE, "factory_id": nullable({**FACTORY_ID_SHAPE, "description": hidden})})
    return record(
        {
            "product_id": PRODUCT_ID_SHAPE,
            "gtin": nullable({"type": "string", "pattern": "^[0-9]{14}$"}),
            "code": nullable({"type": "string"}),
            "brand": {"type": "string"},
            "name": {"type": "string"},
            "category": CODE,
            "lots": listed({"type": "string"}),
            "stages": {**listed(stage), "description": "in the order of making"},
            "factories": listed(ref("Factory")),
            "member_id": nullable({**TENANT, "description": "the ICS member that answers for it"}),
            "claims": listed(ref("Claim")),
            "updated_at": INSTANT,
            "url": URL,
        }
    )
