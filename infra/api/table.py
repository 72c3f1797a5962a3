"""A row for each route that answers machines: what it takes, what it answers, what can go wrong beyond the usual."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.web import workbook

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Row:
    """``replies`` maps a status to the name of a schema, or to ``None`` for an empty body.

    ``problems`` are the statuses beyond those that every route may answer. ``parameters`` are names of
    ``parameters.PARAMETERS``. ``may_be_empty``: the body may be left out.
    """

    tag: str
    replies: Mapping[int, str | None]
    request: tuple[str, ...] = ()
    problems: tuple[int, ...] = ()
    parameters: tuple[str, ...] = ()
    takes: str = JSON
    gives: str = JSON
    may_be_empty: bool = False
    headers: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


LOOK_UP, LOG, SITE, PAGES, LEARNING, CLAIMS = "look-up", "log", "site", "pages", "learning", "claims"
ICS, CERTIFIERS, FACTORIES, MEMBERS, STAFF, PORTAL = "ics", "certifiers", "factories", "members", "staff", "portal"
PROGRAMMES, FACTORY_PORTAL = "programmes", "portal-factories"

TAGS: Mapping[str, tuple[str, str]] = {
    LOOK_UP: ("Looking up", "Factories, certificates and products as JSON. For anyone, without a key."),
    LOG: ("Log of changes", "Every change of a certificate's standing, in a list that only grows, with proofs."),
    SITE: ("Codes and site", "QR codes, and what the site says of itself."),
    LEARNING: ("Guides and lessons", "What to read, in eight languages; what a person has done of it."),
    PAGES: ("Pages", "What people see when they scan or search: HTML in eight languages."),
    ICS: ("ICS: audits", "ICS pushes the dates and types of its audits. Never how they went."),
    CERTIFIERS: ("Certificates", "Certifiers confirm them and change their standing; factories declare theirs."),
    CLAIMS: ("Claims", "Sustainability claims of factories, products and members, and who verified them."),
    FACTORIES: ("A factory's own record", "What a factory says of itself, who may see what, and its history."),
    PROGRAMMES: (
        "Resource use and programmes",
        "What a factory measures, and the programmes in which organisers support it.",
    ),
    MEMBERS: ("ICS members", "Invitations, the network of suppliers, products, and watches."),
    STAFF: ("Staff", "Members, certifiers, standards and keys; the owner of a standard confirms its review."),
    PORTAL: ("Portal", "What people who were invited or signed in see: HTML forms."),
    FACTORY_PORTAL: ("Portal: a factory", "What those who keep a factory's record see of it: HTML forms."),
}

SOUGHT = ("q", "country", "category", "standing", "expiring", "audit_older", "link", "run_by", "cursor")
STANDARDS_SOUGHT = ("standard_kind", "area", "topic", "sector", "country")
RECORD_TAG: Mapping[int, tuple[str, ...]] = {200: ("ETag",)}
_CLAIM_TAGS: Mapping[int, tuple[str, ...]] = {200: ("ETag",), 201: ("ETag",)}
_CLAIMS: Mapping[tuple[str, str], Row] = {
    ("GET", ""): Row(CLAIMS, {200: "Claims"}, problems=(404,), headers=RECORD_TAG),
    ("POST", ""): Row(
        CLAIMS,
        {200: "OwnClaim", 201: "OwnClaim"},
        request=("ClaimRequest",),
        problems=(404, 409, 412),
        parameters=("If-Match-optional",),
        headers=_CLAIM_TAGS,
    ),
    ("PUT", "/{claim_id}"): Row(
        CLAIMS,
        {200: "OwnClaim"},
        request=("ClaimRequest",),
        problems=(404, 409, 412),
        parameters=("If-Match",),
        headers=RECORD_TAG,
    ),
    ("DELETE", "/{claim_id}"): Row(CLAIMS, {204: None}, problems=(404, 409, 412), parameters=("If-Match-optional",)),
    ("POST", "/{claim_id}/verify"): Row(
        CLAIMS, {200: "OwnClaim"}, request=("ClaimVerification",), problems=(404, 409), headers=RECORD_TAG
    ),
    ("POST", "/{claim_id}/unverify"): Row(
        CLAIMS, {200: "OwnClaim"}, request=("Reason",), problems=(404, 409), headers=RECORD_TAG
    ),
}
"""What there is to do with the claims of each kind of record."""

ROWS: Mapping[tuple[str, str], Row] = {
    ("GET", "/v1/factories/{factory_id}"): Row(LOOK_UP, {200: "Factory"}, problems=(404,)),
    ("GET", "/v1/factories/{factory_id}/efficiency"): Row(LOOK_UP, {200: "PublicEfficiency"}, problems=(404,)),
    ("GET", "/v1/factories/{factory_id}/climate"): Row(LOOK_UP, {200: "PublicClimatePlan"}, problems=(404,)),
    ("GET", "/v1/certificates/{code}"): Row(
        LOOK_UP, {200: "Certificate"}, problems=(404,), parameters=("on", "known_at")
    ),
    ("GET", "/v1/certificates"): Row(
        LOOK_UP, {200: "Certificates"}, problems=(404,), parameters=("number", "standard", "on", "known_at")
    ),
    ("GET", "/v1/products/{product_id}"): Row(LOOK_UP, {200: "Product"}, problems=(404,)),
    ("POST", "/v1/verify"): Row(
        LOOK_UP,
        {200: "VerifyReply"},
        request=("VerifyRequest",),
        problems=(413,),
        parameters=("on", "known_at", "standard", "receipt"),
    ),
    ("GET", "/v1/log/checkpoint"): Row(LOG, {200: "LogCheckpoint"}, problems=(404,)),
    ("GET", "/v1/log/checkpoints"): Row(LOG, {200: "LogCheckpoints"}, parameters=("log-after", "log-limit")),
    ("GET", "/v1/log/entries"): Row(LOG, {200: "LogEntries"}, parameters=("log-from", "log-limit", "log-code")),
    ("GET", "/v1/log/proof/inclusion"): Row(
        LOG,
        {200: "LogInclusion"},
        problems=(404,),
        parameters=("log-entry", "log-code", "log-line", "log-size"),
    ),
    ("GET", "/v1/log/proof/consistency"): Row(
        LOG, {200: "LogConsistency"}, problems=(404,), parameters=("log-old", "log-new")
    ),
    ("GET", "/v1/directory"): Row(
        LOOK_UP, {200: "Directory"}, parameters=("q", "country", "category", "standard", "valid", "cursor")
    ),
    ("GET", "/v1/resources"): Row(LEARNING, {200: "Lessons"}, parameters=("for", "lang")),
    ("GET", "/v1/resources/{slug}"): Row(LEARNING, {200: "Lesson"}, problems=(404,), parameters=("lang",)),
    ("GET", "/internal/v1/learning"): Row(LEARNING, {200: "Progress"}, parameters=("lang",)),
    ("PUT", "/internal/v1/learning/{slug}"): Row(
        LEARNING, {200: "Marks"}, request=("Answers",), problems=(404,), parameters=("lang",)
    ),
    ("GET", "/v1/members"): Row(LOOK_UP, {200: "Brands"}, parameters=("q",)),
    ("GET", "/v1/members/{member_id}"): Row(LOOK_UP, {200: "Brand"}, problems=(404,)),
    ("GET", "/v1/members/{member_id}/factories"): Row(
        LOOK_UP, {200: "BrandFactories"}, problems=(404,), parameters=("country", "tier", "cursor")
    ),
    ("GET", "/v1/members/{member_id}/products"): Row(
        LOOK_UP, {200: "BrandProducts"}, problems=(404,), parameters=("cursor",)
    ),
    **{
        ("GET", f"/v1/members/{{member_id}}/factories.{ending}"): Row(
            LOOK_UP, {200: schema}, problems=(404,), gives=media
        )
        for ending, media, schema in (
            ("csv", "text/csv", "Text"),
            ("json", JSON, "SupplierList"),
            ("geojson", "application/geo+json", "BrandPlaces"),
        )
    },
    ("GET", "/v1/standards"): Row(LOOK_UP, {200: "Standards"}, parameters=STANDARDS_SOUGHT),
    ("GET", "/v1/standards/{standard_id}"): Row(LOOK_UP, {200: "StandardOnMap"}, problems=(404,)),
    ("GET", "/v1/standards/compare"): Row(LOOK_UP, {200: "StandardsCompared"}, parameters=("ids",)),
    ("GET", "/v1/standards/topics/{topic}"): Row(LOOK_UP, {200: "StandardsOnTopic"}, problems=(404,)),
    ("GET", "/v1/factories/{factory_id}/topics"): Row(LOOK_UP, {200: "TopicsCovered"}, problems=(404,)),
    **{
        ("GET", path): Row(
            SITE,
            {200: "Picture"},
            problems=(404,),
            parameters=("size", "level", "label", "offline", "dpi"),
            gives="image/svg+xml",
        )
        for path in ("/qr/{kind}/{file}", "/QR/{kind}/{file}")
    },
    ("GET", "/badge/{kind}/{file}"): Row(SITE, {200: "Picture"}, problems=(404,), gives="image/svg+xml"),
    ("GET", "/f/{factory_id}/{sheet}"): Row(
        SITE, {200: "Sheet"}, problems=(404,), parameters=("paper", "cols", "rows", "size"), gives="text/html"
    ),
    ("GET", "/.well-known/gs1resolver"): Row(SITE, {200: "ResolverDescription"}),
    ("GET", "/.well-known/did.json"): Row(SITE, {200: "DidDocument"}),
    ("GET", "/did.json"): Row(SITE, {200: "DidDocument"}),
    ("GET", "/credentials/{kind}/{identifier}"): Row(
        LOOK_UP, {200: "Credential"}, problems=(404,), gives="application/vc+jwt"
    ),
    ("GET", "/credentials/status/{purpose}/{number}"): Row(
        LOOK_UP, {200: "Credential"}, problems=(404,), gives="application/vc+jwt"
    ),
    ("POST", "/v1/certificates/{code}/receipt"): Row(
        LOOK_UP, {200: "Receipt"}, problems=(404,), parameters=("on", "known_at")
    ),
    ("POST", "/v1/receipts/check"): Row(LOOK_UP, {200: "ReceiptChecked"}, request=("ReceiptToCheck",), problems=(413,)),
    ("GET", "/receipts/file"): Row(LOOK_UP, {200: "Text"}, parameters=("r", "as"), gives="application/pdf"),
    ("GET", "/healthz"): Row(SITE, {200: "Health"}),
    ("GET", "/scan/verifier.js"): Row(SITE, {200: "Text"}, gives="text/javascript"),
    ("GET", "/scan/reading.js"): Row(SITE, {200: "Text"}, gives="text/javascript"),
    ("GET", "/scan/reader/{file}"): Row(SITE, {200: "Text"}, problems=(404,), gives="text/javascript"),
    ("GET", "/scan/worker.js"): Row(SITE, {200: "Text"}, gives="text/javascript"),
    ("GET", "/robots.txt"): Row(SITE, {200: "Text"}, gives="text/plain"),
    ("GET", "/sitemap.xml"): Row(SITE, {200: "Text"}, gives="application/xml"),
    ("GET", "/sitemap/{file}"): Row(SITE, {200: "Text"}, problems=(404, 503), gives="application/xml"),
    ("GET", "/openapi.json"): Row(SITE, {200: "ApiDescription"}),
    ("POST", "/internal/v1/audit-syncs"): Row(
        ICS,
        {200: "AuditSyncReply"},
        request=("AuditSyncRequest",),
        problems=(422,),
        parameters=("Idempotency-Key", "dry_run"),
    ),
    ("GET", "/internal/v1/syncs"): Row(ICS, {200: "AuditSyncs"}, parameters=("cursor",)),
    **{
        (method, f"/internal/v1/claims/{kind}/{{{kind}_id}}{end}"): row
        for kind in ("factory", "product", "member")
        for (method, end), row in _CLAIMS.items()
    },
    ("POST", "/internal/v1/certificates"): Row(
        CERTIFIERS,
        {200: "CertificateRecord", 201: "CertificateRecord"},
        request=("CertificateRequest",),
        problems=(404, 409),
    ),
    ("GET", "/internal/v1/certificates"): Row(
        CERTIFIERS,
        {200: "CertificateRecords"},
        problems=(404,),
        parameters=("status", "of_standard", "part_of_number", "holder", "cursor"),
    ),
    ("POST", "/internal/v1/certificates/batch"): Row(
        CERTIFIERS,
        {200: "CertificateBatchReply"},
        request=("CertificateBatch",),
        problems=(413, 422),
        parameters=("Idempotency-Key-optional", "dry_run"),
    ),
    ("GET", "/internal/v1/certificates/{code}"): Row(CERTIFIERS, {200: "CertificateRecord"}, problems=(404,)),
    ("POST", "/internal/v1/certificates/{code}/standing"): Row(
        CERTIFIERS,
        {200: "CertificateRecord"},
        request=("StandingRequest",),
        problems=(404, 409, 422),
        parameters=("Idempotency-Key-optional",),
    ),
    ("POST", "/internal/v1/certificates/{code}/requests"): Row(
        CERTIFIERS, {200: "Confirmation"}, request=("ConfirmationRequest",), problems=(404, 409)
    ),
    ("GET", "/internal/v1/factories/{factory_id}"): Row(
        FACTORIES, {200: "FactoryRecord"}, problems=(404,), headers=RECORD_TAG
    ),
    ("PATCH", "/internal/v1/factories/{factory_id}"): Row(
        FACTORIES,
        {200: "FactoryRecord"},
        request=("FactoryPatch",),
        problems=(404, 409, 412),
        parameters=("If-Match",),
        takes="application/merge-patch+json",
        headers=RECORD_TAG,
    ),
    ("PUT", "/internal/v1/factories/{factory_id}/privacy"): Row(
        FACTORIES,
        {200: "FactoryRecord"},
        request=("Privacy",),
        problems=(404, 412),
        parameters=("If-Match-optional",),
        headers=RECORD_TAG,
    ),
    ("PUT", "/internal/v1/factories/{factory_id}/relay"): Row(
        FACTORIES, {200: "FactoryRecord"}, request=("Relay",), problems=(404,), headers=RECORD_TAG
    ),
    ("POST", "/internal/v1/factories/{factory_id}/contact-mail"): Row(
        FACTORIES, {200: "FactoryRecord"}, problems=(404, 409), headers=RECORD_TAG, may_be_empty=True
    ),
    ("POST", "/internal/v1/factories/{factory_id}/publish"): Row(
        FACTORIES, {200: "FactoryRecord"}, problems=(404, 409), headers=RECORD_TAG
    ),
    ("GET", "/internal/v1/factories/{factory_id}/climate"): Row(
        FACTORIES, {200: "ClimateRecord"}, problems=(404,), headers=RECORD_TAG
    ),
    ("PUT", "/internal/v1/factories/{factory_id}/climate"): Row(
        FACTORIES,
        {200: "ClimateRecord"},
        request=("ClimatePlan",),
        problems=(404, 409, 412),
        parameters=("If-Match",),
        headers=RECORD_TAG,
    ),
    **{
        ("POST", f"/internal/v1/factories/{{factory_id}}/climate/{action}"): Row(
            FACTORIES, {200: "ClimateRecord"}, problems=(404, 409), headers=RECORD_TAG
        )
        for action in ("publish", "keep")
    },
    ("PUT", "/internal/v1/factories/{factory_id}/links/{member_id}"): Row(
        FACTORIES, {200: "FactoryRecord"}, request=("LinkAgreement",), problems=(404, 409), headers=RECORD_TAG
    ),
    ("DELETE", "/internal/v1/factories/{factory_id}/links/{member_id}"): Row(FACTORIES, {204: None}, problems=(404,)),
    ("GET", "/internal/v1/factories/{factory_id}/scans"): Row(
        FACTORIES, {200: "Scans"}, problems=(404,), parameters=("scan_days",)
    ),
    ("GET", "/internal/v1/certificates/{code}/scans"): Row(
        CERTIFIERS, {200: "Scans"}, problems=(404,), parameters=("scan_days",)
    ),
    ("GET", "/internal/v1/products/{product_id}/scans"): Row(
        MEMBERS, {200: "Scans"}, problems=(404,), parameters=("scan_days", "serial")
    ),
    ("GET", "/internal/v1/clones"): Row(MEMBERS, {200: "Clones"}),
    ("PUT", "/internal/v1/clones/rule"): Row(MEMBERS, {200: "CloneRule"}, request=("CloneRule",)),
    ("GET", "/internal/v1/factories/{factory_id}/indicators"): Row(
        PROGRAMMES, {200: "Efficiency"}, problems=(404,), headers=RECORD_TAG
    ),
    ("PUT", "/internal/v1/factories/{factory_id}/indicators/{indicator_id}"): Row(
        PROGRAMMES,
        {200: "Efficiency"},
        request=("IndicatorRequest",),
        problems=(404, 409, 412),
        parameters=("If-Match-optional",),
        headers=RECORD_TAG,
    ),
    ("DELETE", "/internal/v1/factories/{factory_id}/indicators/{indicator_id}"): Row(
        PROGRAMMES, {204: None}, problems=(404, 409, 412), parameters=("If-Match-optional",)
    ),
    ("POST", "/internal/v1/factories/{factory_id}/indicators/{indicator_id}/readings"): Row(
        PROGRAMMES,
        {200: "Efficiency"},
        request=("ReadingsRequest",),
        problems=(404, 409, 412),
        parameters=("If-Match-optional",),
        headers=RECORD_TAG,
    ),
    ("DELETE", "/internal/v1/factories/{factory_id}/indicators/{indicator_id}/readings/{period}"): Row(
        PROGRAMMES, {204: None}, problems=(404, 412), parameters=("If-Match-optional",)
    ),
    **{
        ("POST", f"/internal/v1/factories/{{factory_id}}/efficiency/{action}"): Row(
            PROGRAMMES, {200: "Efficiency"}, problems=(404, 409), headers=RECORD_TAG
        )
        for action in ("publish", "keep")
    },
    ("GET", "/internal/v1/factories/{factory_id}/programmes"): Row(PROGRAMMES, {200: "FactoryParts"}, problems=(404,)),
    ("PUT", "/internal/v1/factories/{factory_id}/programmes/{programme_id}"): Row(
        PROGRAMMES, {200: "FactoryPart"}, request=("PartRequest",), problems=(404, 409)
    ),
    ("GET", "/internal/v1/programmes"): Row(PROGRAMMES, {200: "Programmes"}),
    ("GET", "/internal/v1/programmes/{programme_id}"): Row(
        PROGRAMMES, {200: "Programme"}, problems=(404,), headers=RECORD_TAG
    ),
    ("PUT", "/internal/v1/programmes/{programme_id}"): Row(
        PROGRAMMES,
        {200: "Programme", 201: "Programme"},
        request=("ProgrammeRequest",),
        problems=(404, 409, 412),
        parameters=("If-Match-optional",),
        headers={200: ("ETag",), 201: ("ETag",)},
    ),
    ("GET", "/internal/v1/programmes/{programme_id}/cohort.csv"): Row(
        PROGRAMMES, {200: "Text"}, problems=(404,), gives="text/csv"
    ),
    ("GET", "/internal/v1/programmes/{programme_id}/factories/{factory_id}"): Row(
        PROGRAMMES, {200: "CohortMember"}, problems=(404,)
    ),
    ("PUT", "/internal/v1/programmes/{programme_id}/factories/{factory_id}"): Row(
        PROGRAMMES, {200: "CohortMember"}, problems=(404, 409)
    ),
    ("DELETE", "/internal/v1/programmes/{programme_id}/factories/{factory_id}"): Row(
        PROGRAMMES, {204: None}, problems=(404, 409)
    ),
    ("PUT", "/internal/v1/programmes/{programme_id}/factories/{factory_id}/done"): Row(
        PROGRAMMES, {200: "CohortMember"}, request=("DoneRequest",), problems=(404, 409)
    ),
    ("GET", "/internal/v1/events"): Row(FACTORIES, {200: "Events"}, problems=(404,), parameters=("record", "after")),
    ("POST", "/internal/v1/invitations"): Row(
        MEMBERS,
        {200: "InvitationResults", 201: "Invited"},
        request=("InvitationRequest", "InvitationBatch"),
        problems=(404, 409),
    ),
    ("GET", "/internal/v1/invitations"): Row(
        MEMBERS, {200: "Invitations"}, parameters=("invitation-state", "after-invitation")
    ),
    ("POST", "/internal/v1/invitations/{invitation_id}/resend"): Row(
        MEMBERS, {200: "Invitation"}, request=("Resend",), problems=(404, 409), may_be_empty=True
    ),
    ("DELETE", "/internal/v1/invitations/{invitation_id}"): Row(MEMBERS, {204: None}, problems=(404, 409)),
    ("POST", "/internal/v1/invitations/accept"): Row(
        MEMBERS, {200: "Accepted"}, request=("Acceptance",), problems=(410,), headers={200: ("Set-Cookie",)}
    ),
    ("GET", "/internal/v1/duplicates"): Row(
        MEMBERS, {200: "Duplicates"}, parameters=("name", "country", "address", "city", "site", "gln")
    ),
    ("GET", "/internal/v1/moderation"): Row(STAFF, {200: "Matters"}, parameters=("state", "cursor")),
    ("POST", "/internal/v1/moderation/{matter_id}"): Row(
        STAFF, {200: "Matter"}, request=("DecisionRequest",), problems=(404, 409)
    ),
    ("GET", "/internal/v1/network"): Row(MEMBERS, {200: "Network"}, parameters=SOUGHT),
    **{
        ("GET", f"/internal/v1/network.{ending}"): Row(
            MEMBERS, {200: schema}, problems=(413,), parameters=SOUGHT, gives=media, headers={200: ("Link",)}
        )
        for ending, media, schema in (
            ("csv", "text/csv", "Text"),
            ("xlsx", workbook.MEDIA, "Text"),
            ("geojson", "application/geo+json", "Places"),
        )
    },
    ("GET", "/internal/v1/network/{factory_id}"): Row(MEMBERS, {200: "Supplier"}, problems=(404,)),
    ("PUT", "/internal/v1/network/{factory_id}"): Row(
        MEMBERS, {200: "Supplier"}, request=("NetworkLink",), problems=(404, 409)
    ),
    ("DELETE", "/internal/v1/network/{factory_id}"): Row(MEMBERS, {204: None}, problems=(404,)),
    ("GET", "/internal/v1/watches"): Row(MEMBERS, {200: "Watches"}),
    ("POST", "/internal/v1/watches"): Row(
        MEMBERS, {201: "WatchMade"}, request=("WatchRequest",), problems=(409, 413, 429)
    ),
    ("DELETE", "/internal/v1/watches/{watch_id}"): Row(MEMBERS, {204: None}, problems=(404,)),
    ("POST", "/internal/v1/watches/{watch_id}/test"): Row(MEMBERS, {200: "WatchTested"}, problems=(404, 429)),
    ("GET", "/internal/v1/products"): Row(MEMBERS, {200: "Products"}, parameters=("cursor",)),
    ("GET", "/internal/v1/products/{product_id}"): Row(MEMBERS, {200: "ProductRecord"}, problems=(404,)),
    ("POST", "/internal/v1/products"): Row(MEMBERS, {201: "ProductRecord"}, request=("ProductRequest",)),
    ("PUT", "/internal/v1/products/{product_id}"): Row(
        MEMBERS,
        {200: "ProductRecord", 201: "ProductRecord"},
        request=("ProductRequest",),
        problems=(404, 409),
    ),
    ("GET", "/internal/v1/members/{member_id}/page"): Row(
        MEMBERS, {200: "BrandPage"}, problems=(404,), headers=RECORD_TAG
    ),
    ("PATCH", "/internal/v1/members/{member_id}/page"): Row(
        MEMBERS,
        {200: "BrandPage"},
        request=("BrandPagePatch",),
        problems=(404, 412),
        parameters=("If-Match",),
        takes="application/merge-patch+json",
        headers=RECORD_TAG,
    ),
    **{
        ("POST", f"/internal/v1/factories/{{factory_id}}/{action}"): Row(
            STAFF, {200: "FactoryRecord"}, request=(request,), problems=(404, 409), headers=RECORD_TAG
        )
        for action, request in (
            ("merge", "MergeRequest"),
            ("unmerge", "Reason"),
            ("move", "MoveRequest"),
            ("close", "CloseRequest"),
            ("reopen", "Reason"),
        )
    },
    ("POST", "/internal/v1/factories/{factory_id}/sign"): Row(STAFF, {204: None}, request=("Reason",), problems=(404,)),
    ("POST", "/internal/v1/products/{product_id}/sign"): Row(STAFF, {204: None}, request=("Reason",), problems=(404,)),
    ("GET", "/internal/v1/signing-keys"): Row(STAFF, {200: "SigningKeys"}),
    ("DELETE", "/internal/v1/signing-keys/{kid}"): Row(STAFF, {200: "SigningKey"}, problems=(404,)),
    ("GET", "/internal/v1/keys"): Row(STAFF, {200: "Keys"}, parameters=("key_kind", "tenant")),
    ("PUT", "/internal/v1/members/{member_id}"): Row(STAFF, {200: "Organisation"}, request=("OrganisationRequest",)),
    ("PUT", "/internal/v1/certifiers/{certifier_id}"): Row(
        STAFF, {200: "Organisation"}, request=("OrganisationRequest",)
    ),
    ("PUT", "/internal/v1/organisers/{organiser_id}"): Row(
        STAFF, {200: "Organisation"}, request=("OrganisationRequest",)
    ),
    **{
        ("POST", f"/internal/v1/organisers/{{organiser_id}}/{change}"): Row(
            STAFF, {200: "Organisation"}, request=("Reason",), problems=(404,)
        )
        for change in ("end", "resume")
    },
    ("POST", "/internal/v1/members/{member_id}/end"): Row(
        STAFF, {200: "Organisation"}, request=("Reason",), problems=(404,)
    ),
    ("POST", "/internal/v1/members/{member_id}/resume"): Row(
        STAFF, {200: "Organisation"}, request=("Reason",), problems=(404,)
    ),
    ("POST", "/internal/v1/certifiers/{certifier_id}/end"): Row(
        STAFF, {200: "Organisation"}, request=("Reason",), problems=(404,)
    ),
    ("POST", "/internal/v1/certifiers/{certifier_id}/resume"): Row(
        STAFF, {200: "Organisation"}, request=("Reason",), problems=(404,)
    ),
    ("PUT", "/internal/v1/standards/{standard_id}"): Row(STAFF, {200: "Standard"}, request=("StandardRequest",)),
    ("GET", "/internal/v1/standards/{standard_id}"): Row(STAFF, {200: "Standard"}, problems=(404,)),
    ("POST", "/internal/v1/standards/{standard_id}/review"): Row(
        STAFF, {200: "Standard"}, request=("ReviewRequest",), problems=(404,)
    ),
    ("GET", "/internal/v1/people"): Row(STAFF, {200: "Team"}, problems=(404,), parameters=("kind", "tenant")),
    ("POST", "/internal/v1/people"): Row(STAFF, {200: "Team"}, request=("PersonRequest",), problems=(404,)),
    ("DELETE", "/internal/v1/people/{person}"): Row(STAFF, {204: None}, problems=(404,), parameters=("kind", "tenant")),
    ("POST", "/internal/v1/log/checkpoints"): Row(STAFF, {201: "LogCheckpoint"}, problems=(409,)),
    ("POST", "/internal/v1/catch-ups"): Row(STAFF, {200: "CaughtUp"}, parameters=("cursor",)),
    ("POST", "/internal/v1/log/adoptions"): Row(STAFF, {200: "LogAdopted"}, parameters=("cursor",)),
    ("POST", "/internal/v1/erasures"): Row(STAFF, {200: "Erased"}, request=("ErasureRequest",)),
    ("POST", "/internal/v1/keys"): Row(STAFF, {201: "Key"}, request=("KeyRequest",), problems=(404, 409)),
    ("DELETE", "/internal/v1/keys/{prefix}"): Row(STAFF, {204: None}, problems=(404,)),
}

_QUALIFIERS = ("/{ai1}/{value1}", "/{ai2}/{value2}", "/{ai3}/{value3}")
PAGE_PARAMETERS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("/f/{factory_id}", "/F/{factory_id}", "/p/{code}", "/P/{code}"), ("linkType",)),
    **dict.fromkeys(
        ("/c/{code}", "/C/{code}", "/253/{gdti}", "/s/{token}/{kind}/{value}", "/S/{token}/{kind}/{value}"),
        ("on", "known_at", "linkType"),
    ),
    **dict.fromkeys(("/414/{gln}", "/414/{gln}/{ai1}/{value1}"), ("linkType",)),
    **dict.fromkeys(
        ("/01/{gtin}", *(f"/01/{{gtin}}{''.join(_QUALIFIERS[:most])}" for most in (1, 2, 3))), ("linkType",)
    ),
    "/find": ("q",),
    "/factories": ("q", "country"),
    "/resources": ("for",),
    "/members": ("q",),
    "/members/{member_id}/factories": ("country", "tier", "cursor"),
    "/members/{member_id}/products": ("cursor",),
    "/standards": (*STANDARDS_SOUGHT, "ids"),
    "/standards/compare": ("ids",),
    "/receipts": ("r",),
}
"""The query parameters of public pages, beside ``lang``, which all of them take."""
