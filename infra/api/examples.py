"""An example for each main body. The tests send those of requests, in a small world where they fit together."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.audit import Outcome
from infra.api import climate_examples
from infra.api.record_examples import (
    AUDIT,
    CARD,
    CERTIFICATE,
    CERTIFICATE_CODE,
    CERTIFICATE_RECORD,
    CLAIM,
    FACTORY,
    FACTORY_ID,
    FACTORY_RECORD,
    FIELDS,
    GTIN,
    HERE,
    INVITATION,
    OTHER_FACTORY_ID,
    PROBLEM,
    PRODUCT,
    SUPPLIER,
    UNKNOWN,
)

EXAMPLES: dict[str, dict[str, Any]] = {
    **climate_examples.of(FACTORY_ID, HERE),
    "Invitation": INVITATION,
    "Invited": INVITATION,
    "Invitations": {"results": [INVITATION], "next_after": None},
    "Resend": {"email": "office@meghna-knit.example"},
    "InvitationResults": {
        "results": [
            {"index": 0, "outcome": "created", **INVITATION},
            {"index": 1, "outcome": "rejected", "detail": "/email: must be an e-mail address"},
        ]
    },
    "Accepted": {"factory_id": FACTORY_ID, "csrf_token": "0d1f…"},
    "CertificateRecord": CERTIFICATE_RECORD,
    "FactoryRecord": FACTORY_RECORD,
    "Supplier": SUPPLIER,
    "Network": {"results": [SUPPLIER], "next_cursor": None},
    "Key": {
        "prefix": "0a1b2c3d4e5f",
        "kind": "member",
        "tenant": "maison-lumiere",
        "scopes": ["invitations:write", "network:write"],
        "key": "fid_0a1b2c3d4e5f_…",
    },
    "Keys": {
        "results": [
            {
                "prefix": "0a1b2c3d4e5f",
                "kind": "member",
                "tenant": "maison-lumiere",
                "scopes": ["invitations:write", "network:write"],
                "made_by": "5f0c1d2e3a4b",
                "made_at": "2026-11-22T09:30:00Z",
                "used_at": "2026-11-22T09:41:00Z",
            }
        ]
    },
    "Events": {
        "results": [
            {
                "record": f"FACTORY#{FACTORY_ID}",
                "number": 1,
                "at": "2026-11-20T09:12:00Z",
                "actor": {"kind": "factory", "tenant": "", "by": "9f86d081884c"},
                "action": "privacy",
                "changes": {"coordinates": {"from": "network", "to": "public"}},
                "reason": None,
                "previous": "0" * 64,
                "hash": "5d41402abc4b2a76b9719d911017c592ae3c8f3e5f7d4f4a2b1c0d9e8f7a6b5c",
            }
        ],
        "next_after": None,
    },
    "Problem": PROBLEM,
    "UnknownCertificate": UNKNOWN,
    "Audit": AUDIT,
    "Certificate": CERTIFICATE,
    "Factory": FACTORY,
    "Claim": CLAIM,
    "FactoryCard": CARD,
    "Product": PRODUCT,
    "Certificates": {"results": [CERTIFICATE]},
    "BrandPagePatch": {"texts": {"en": "We have made knitwear since 1954.", "fr": None}},
    "Directory": {
        "results": [CARD],
        "next_cursor": None,
        "match": "exact",
        "checked_at": "2026-11-22T15:20:00Z",
    },
    "VerifyRequest": {"numbers": ["CU 7190442-2026", CERTIFICATE_CODE]},
    "FactoryFields": FIELDS,
    "IcsFactory": FIELDS,
    "FactoryPatch": {"local_name": "মেঘনা নিট লিমিটেড", "contact_phone": "+880 2 5550 1234", "website": None},
    "AuditSyncRequest": {
        "items": [
            {
                "site": "ICS-BD-04711",
                "version": 1,
                "factory": FIELDS,
                "member_ids": ["maison-lumiere"],
                "audit": {
                    "reference": "A-2026-000815",
                    "scope": "social",
                    "type": "initial",
                    "notice": "semi_announced",
                    "date": "2026-03-02",
                },
            }
        ]
    },
    "AuditSyncReply": {
        "counts": {**dict.fromkeys((str(outcome) for outcome in Outcome), 0), "created": 1},
        "results": [{"index": 0, "outcome": "created", "factory_id": FACTORY_ID, "detail": None}],
    },
    "AuditSyncs": {
        "results": [
            {
                "at": "2026-11-22T02:00:07Z",
                "caller": "ics",
                "by": "0a1b2c3d4e5f",
                "counts": {**dict.fromkeys((str(outcome) for outcome in Outcome), 0), "created": 499, "rejected": 1},
                "refusals": [
                    {
                        "index": 17,
                        "site": "ICS-BD-01680",
                        "reference": "A-2026-000123",
                        "outcome": "rejected",
                        "detail": "/audit/date: lies in the future",
                    }
                ],
                "more": 0,
            }
        ],
        "next_cursor": None,
    },
    "Privacy": {"coordinates": "public", "contact_email": "network"},
    "LinkAgreement": {"public": True},
    "ClaimRequest": {
        "text": "We reuse 40 % of the water of our dye-house.",
        "language": "en",
        "basis": {"kind": "evidence", "url": "https://meghna-knit.example/water", "title": "Water report 2026"},
        "verifier": {"name": "River Institute", "on": "2026-03-01"},
    },
    "ClaimVerification": {"version": 1},
    "NetworkLink": {"public": True},
    "ReceiptToCheck": {"receipt": "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJ4In0." + "A" * 86},
    "ErasureRequest": {"email": "somebody@former-mill.example", "reason": "Asked for it by letter."},
    "Answers": {"answers": [2, 0, 2]},
    "Lesson": {
        "slug": "audit-dates",
        "title": "Read an audit date",
        "about": "What the date and the type of an audit say, and what they do not.",
        "audiences": ["consumer", "buyer", "member", "factory"],
        "minutes": 3,
        "url": f"{HERE}/resources/audit-dates",
        "language": "en",
        "sections": [
            {"title": "What you see", "paragraphs": ["ICS members have their suppliers audited together."]},
        ],
        "next": [{"title": "Find a factory", "url": f"{HERE}/factories"}],
        "questions": [
            {
                "question": "There is a follow-up. What does that mean?",
                "answers": ["Somebody came back to look at certain points.", "All problems are solved."],
                "right": 0,
                "why": "A follow-up is a usual step. It says neither good nor bad.",
            }
        ],
    },
    "Marks": {
        "slug": "audit-dates",
        "done": False,
        "results": [{"right": False, "why": "Date and type are all that is shared. How it went is not known here."}],
    },
    "ConfirmationRequest": {"certifier_id": "cert-example"},
    "CertificateRequest": {
        "factory_id": FACTORY_ID,
        "number": "CU 7190442-2026",
        "standard_id": "gots",
        "scope": "Knitting and sewing of organic cotton",
        "products": ["T-shirts"],
        "valid_from": "2026-01-01",
        "valid_to": "2026-12-31",
    },
    "StandingRequest": {"standing": "suspended", "reason": "Corrective action overdue"},
    "InvitationRequest": {"email": "office@meghna-knit.example", "factory_id": FACTORY_ID, "language": "bn"},
    "InvitationBatch": {
        "invitations": [
            {"email": "office@meghna-knit.example", "factory_id": FACTORY_ID, "language": "bn"},
            {
                "email": "info@new-mill.example",
                "name": "New Mill Ltd",
                "country": "TR",
                "language": "tr",
                "city": "Bursa",
                "unless_likely": True,
            },
        ]
    },
    "Acceptance": {"token": "the-token-from-the-link-in-the-mail"},
    "ProductRequest": {
        "brand": "Maison Lumière",
        "name": "T-shirt, organic cotton",
        "category": "t-shirts",
        "lots": ["L2026-07"],
        "stages": [{"process": "knitting", "factory_id": FACTORY_ID}, {"process": "sewing", "factory_id": FACTORY_ID}],
    },
    "ProductRecord": {
        "product_id": GTIN,
        "member_id": "maison-lumiere",
        "brand": "Maison Lumière",
        "name": "T-shirt, organic cotton",
        "category": "t-shirts",
        "lots": ["L2026-07"],
        "stages": [{"process": "sewing", "factory_id": FACTORY_ID}],
        "updated_at": "2026-11-20T09:12:00Z",
        "version": 1,
        "url": f"{HERE}/01/{GTIN}",
    },
    "CertificateBatch": {
        "rows": [
            {
                "factory_id": FACTORY_ID,
                "number": "CU 7190443-2026",
                "standard_id": "gots",
                "scope": "Knitting",
                "valid_from": "2026-01-01",
                "valid_to": "2026-12-31",
            },
            {
                "number": "CU 7190443-2026",
                "standard_id": "gots",
                "standing": "suspended",
                "reason": "Wastewater over the limit",
                "effective": "2026-03-01",
            },
        ]
    },
    "IndicatorRequest": {
        "resource": "water",
        "name": "Water of the dye house",
        "unit": "m3",
        "output_unit": "kg",
        "baseline": {"period": "2024", "amount": 96000, "output": 800000},
        "target": {"value": 0.09, "by": "2027"},
    },
    "ReadingRequest": {"period": "2026-01", "amount": 7150.5, "output": 64200},
    "ReadingsRequest": {
        "readings": [
            {"period": "2026-01", "amount": 7150.5, "output": 64200},
            {"period": "2026-02", "amount": 6980000, "unit": "L", "output": 65, "output_unit": "t"},
        ]
    },
    "ProgrammeRequest": {
        "name": "Dye houses save water",
        "kind": "resource_efficiency",
        "starts": "2026-01-01",
        "ends": "2027-06-30",
        "countries": ["BD"],
        "elements": [
            {"element_id": "session-1", "kind": "session", "title": "First visit"},
            {"element_id": "session-2", "kind": "session", "title": "Second visit"},
            {"element_id": "session-3", "kind": "session", "title": "Third visit"},
            {"element_id": "workshop-1", "kind": "workshop", "title": "Reuse of rinse water", "on": "2026-03-12"},
        ],
    },
    "DoneRequest": {"session-1": "2026-02-10", "workshop-1": None},
    "PartRequest": {"answer": "accept", "shares": True, "shows": False},
    "OrganisationRequest": {"name": "Maison Lumière", "country": "FR", "website": "https://maison-lumiere.example"},
    "StandardRequest": {
        "name": "Global Organic Textile Standard",
        "owner": "Global Standard gGmbH",
        "short_name": "GOTS",
        "website": "https://global-standard.org",
        "kind": "certification",
        "summary": "A standard for textiles made from certified organic fibres.",
        "sectors": ["textiles", "clothing"],
        "countries": [],
        "facts": [
            {
                "topic": "validity",
                "text": "A certificate is valid for one year.",
                "source": {"title": "Global Organic Textile Standard", "url": "https://global-standard.org"},
            }
        ],
        "criteria": [
            {
                "topic": "chemicals",
                "degree": "immediate",
                "title": "Use of chemical inputs",
                "source": {"title": "Global Organic Textile Standard", "url": "https://global-standard.org"},
            }
        ],
        "sources": [{"title": "Global Organic Textile Standard", "url": "https://global-standard.org"}],
        "reviewed": "2026-11-20",
    },
    "ReviewRequest": {"on": "2026-11-21"},
    "MergeRequest": {"into": OTHER_FACTORY_ID, "reason": "Registered twice: by an audit and by an invitation"},
    "MoveRequest": {
        "address": "17 Mill Road",
        "city": "Gazipur",
        "postal_code": "1702",
        "effective": "2026-10-01",
        "reason": "New lease, seen by the auditor",
    },
    "CloseRequest": {"effective": "2026-09-30", "reason": "Works closed, says the owner"},
    "Reason": {"reason": "Two factories after all: one across the road"},
    "PersonRequest": {"kind": "member", "tenant": "maison-lumiere", "email": "claire@maison.example"},
    "Relay": {"open": False},
    "DecisionRequest": {"decision": "acted", "reason": "Spoke with both factories; the name was corrected"},
    "CloneRule": {"places": 8, "days": 2},
    "KeyRequest": {"kind": "member", "tenant": "maison-lumiere"},
    "WatchRequest": {
        "about": [FACTORY_ID, CERTIFICATE_CODE, "CU 7190442-2026"],
        "webhook": "https://hooks.maison.example/factory-id",
        "email": "it@maison.example",
    },
    "WatchTested": {"delivered": False, "detail": "HTTP 500"},
}
