"""A row for each route of the public side that answers machines."""

from __future__ import annotations

from collections.abc import Mapping

from infra.api.row import JSON, LEARNING, LOG, LOOK_UP, SITE, Row

STANDARDS_SOUGHT = ("standard_kind", "area", "topic", "sector", "country")
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
}
