"""A row for each route behind a key or session that answers machines."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.web import workbook
from infra.api.row import CERTIFIERS, CLAIMS, FACTORIES, ICS, LEARNING, MEMBERS, PROGRAMMES, STAFF, Row

SOUGHT = ("q", "country", "category", "standing", "expiring", "audit_older", "link", "run_by", "cursor")
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
        problems=(404, 409, 422),
        parameters=("Idempotency-Key-optional",),
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
    ("POST", "/internal/v1/products"): Row(
        MEMBERS,
        {201: "ProductRecord"},
        request=("ProductRequest",),
        problems=(422,),
        parameters=("Idempotency-Key-optional",),
    ),
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
    ("GET", "/internal/v1/learning"): Row(LEARNING, {200: "Progress"}, parameters=("lang",)),
    ("PUT", "/internal/v1/learning/{slug}"): Row(
        LEARNING, {200: "Marks"}, request=("Answers",), problems=(404,), parameters=("lang",)
    ),
}
