"""An example for each main body. The tests send those of requests, in a small world where they fit together."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.audit import Outcome
from infra.api import climate_examples

FACTORY_ID = "BDF8QY40YGE1"
OTHER_FACTORY_ID = "BD1SW0HXR0ZW"
CERTIFICATE_CODE = "CM9S346Q3D5"
GTIN = "09521234543213"
HERE = "https://factory-id.example"
FIELDS: dict[str, Any] = {
    "name": "Meghna Knit S.T. Ltd",
    "country": "BD",
    "local_name": "মেঘনা নিট",
    "city": "Gazipur",
    "gln": "9521234000013",
    "product_categories": ["t-shirts"],
    "processes": ["knitting", "sewing"],
    "workforce": "501-1000",
    "coordinates": {"latitude": 23.99, "longitude": 90.42},
    "website": "https://meghna-knit.example/",
    "contact_email": "office@meghna-knit.example",
}
_PROBLEM: dict[str, Any] = {
    "type": "about:blank",
    "title": "Malformed request",
    "status": 400,
    "detail": "Some fields cannot be taken as sent.",
    "errors": [{"pointer": "/country", "detail": "must be an ISO 3166-1 alpha-2 country code in capitals, such as BD"}],
}
_UNKNOWN: dict[str, Any] = {
    "type": "about:blank",
    "title": "Not found here",
    "status": "unknown",
    "detail": "This number is not on record here. Check it once more.",
    "number": "CU 1234567",
    "checked_at": "2026-11-22T15:20:00Z",
}
_AUDIT: dict[str, Any] = {"scope": "social", "type": "initial", "notice": "semi_announced", "date": "2026-03-02"}
_CERTIFICATE: dict[str, Any] = {
    "code": CERTIFICATE_CODE,
    "number": "CU 7190442-2026",
    "gdti": None,
    "standard": {"id": "gots", "name": "Global Organic Textile Standard"},
    "certifier": "Certification Example B.V.",
    "holder": {"factory_id": FACTORY_ID, "name": "Meghna Knit S.T. Ltd"},
    "scope": "Knitting and sewing of organic cotton",
    "products": ["T-shirts"],
    "valid_from": "2026-01-01",
    "valid_to": "2026-12-31",
    "status": "suspended",
    "status_reason": "Corrective action overdue",
    "on": "2026-11-22",
    "confirmed_by_certifier": True,
    "history": [
        {"standing": "active", "at": "2026-01-01", "recorded_at": "2026-01-03T08:00:00Z", "reason": None},
        {
            "standing": "suspended",
            "at": "2026-11-20",
            "recorded_at": "2026-11-20T09:12:00Z",
            "reason": "Corrective action overdue",
        },
    ],
    "checked_at": "2026-11-22T15:20:00Z",
    "url": f"{HERE}/c/{CERTIFICATE_CODE}",
}
_CLAIM: dict[str, Any] = {
    "claim_id": "5f0c1d2e3a4b",
    "version": 1,
    "text": "We reuse 40 % of the water of our dye-house.",
    "language": "en",
    "standing": "declared",
    "basis": {
        "kind": "evidence",
        "certificate": None,
        "standard": None,
        "programme": None,
        "evidence": {"url": "https://meghna-knit.example/water", "title": "Water report 2026"},
    },
    "verified_by": None,
    "names_verifier": {"name": "River Institute", "on": "2026-03-01", "url": None, "confirmed": False},
    "made_on": "2026-11-20",
    "made_by": "factory",
}
_FACTORY: dict[str, Any] = {
    "factory_id": FACTORY_ID,
    "status": "open",
    "status_since": None,
    "successor": None,
    "merged_from": [],
    "moved_from": None,
    "run_by_factory": True,
    "name": "Meghna Knit S.T. Ltd",
    "names": {"legal": "Meghna Knit S.T. Ltd", "local": "মেঘনা নিট", "aliases": []},
    "country": "BD",
    "product_categories": ["t-shirts"],
    "city": "Gazipur",
    "processes": ["knitting", "sewing"],
    "certificates": [],
    "audits": [_AUDIT],
    "photos": [],
    "claims": [_CLAIM],
    "programmes": [{"programme": "climate", "url": f"{HERE}/f/{FACTORY_ID}/climate"}],
    "members": [{"member_id": "maison-lumiere", "name": "Maison Lumière"}],
    "sources": {"name": {"source": "ics_audit", "date": "2026-03-02"}},
    "updated_at": "2026-11-20T09:12:00Z",
    "url": f"{HERE}/f/{FACTORY_ID}",
}
_CARD: dict[str, Any] = {
    "factory_id": FACTORY_ID,
    "shown_id": "BD-F8QY4-0YGE1",
    "name": "Meghna Knit S.T. Ltd",
    "local_name": "মেঘনা নিট",
    "aliases": ["MKST"],
    "country": "BD",
    "city": "Gazipur",
    "state": "open",
    "state_since": None,
    "successor": None,
    "certificates": 2,
    "certificates_valid": 1,
    "certificates_declared": 0,
    "standards_valid": ["gots"],
    "product_categories": ["t-shirts"],
    "url": f"{HERE}/f/{FACTORY_ID}",
}
_PRODUCT: dict[str, Any] = {
    "product_id": GTIN,
    "gtin": GTIN,
    "code": None,
    "brand": "Maison Lumière",
    "name": "T-shirt, organic cotton",
    "category": "t-shirts",
    "lots": ["L2026-07"],
    "stages": [{"process": "sewing", "factory_id": FACTORY_ID}],
    "factories": [_FACTORY],
    "member_id": "maison-lumiere",
    "claims": [],
    "updated_at": "2026-11-20T09:12:00Z",
    "url": f"{HERE}/01/{GTIN}",
}

_INVITATION: dict[str, Any] = {
    "invitation_id": "5f0c1d2e3a4b5c6d",
    "email": "office@meghna-knit.example",
    "language": "bn",
    "factory_id": FACTORY_ID,
    "name": "Meghna Knit S.T. Ltd",
    "country": "BD",
    "state": "pending",
    "mail": "sent",
    "trouble": None,
    "reminders": 0,
    "created_at": "2026-11-22T15:20:00Z",
    "expires_at": "2026-12-06T15:20:00Z",
}
_CERTIFICATE_RECORD: dict[str, Any] = {
    "code": CERTIFICATE_CODE,
    "number": "CU 7190442-2026",
    "standard_id": "gots",
    "standard_name": "Global Organic Textile Standard",
    "certifier_id": "cert-example",
    "certifier": "Certification Example B.V.",
    "holder_id": FACTORY_ID,
    "holder_name": "Meghna Knit S.T. Ltd",
    "scope": "Knitting and sewing of organic cotton",
    "products": ["T-shirts"],
    "valid_from": "2026-01-01",
    "valid_to": "2026-12-31",
    "confirmed": True,
    "history": [
        {"standing": "active", "reason": "", "effective": "2026-01-01", "recorded": "2026-01-03T08:00:00Z"},
    ],
    "version": 1,
    "gdti": None,
    "url": f"{HERE}/c/{CERTIFICATE_CODE}",
}
_LINK: dict[str, Any] = {
    "source": "ics_audit",
    "since": "2026-03-02",
    "factory_agrees": False,
    "member_agrees": True,
    "ended": None,
    "ended_by": None,
    "confirmed": False,
}
_FACTORY_RECORD: dict[str, Any] = {
    "factory_id": FACTORY_ID,
    "status": "open",
    "status_since": None,
    "successor": None,
    "led_here": {},
    "published": True,
    "run_by_factory": True,
    "relay": True,
    "site": "ICS-BD-04711",
    "fields": {"name": "Meghna Knit S.T. Ltd", "country": "BD", "city": "Gazipur"},
    "sources": {"name": {"source": "ics_audit", "date": "2026-03-02"}},
    "ics": {"name": "Meghna Knit S.T. Ltd", "country": "BD"},
    "privacy": {"name": "public", "coordinates": "network", "contact_email": "private"},
    "audits": [{"reference": "A-2026-000815", "version": 1, "member_ids": ["maison-lumiere"], **_AUDIT}],
    "links": {"maison-lumiere": _LINK},
    "contact_check": {"confirmed_on": "2026-11-20", "mailed_on": "2026-11-19"},
    "photos": [],
    "programmes": ["climate"],
    "certificates": [],
    "updated_at": "2026-11-20T09:12:00Z",
    "url": f"{HERE}/f/{FACTORY_ID}",
}
_SUPPLIER: dict[str, Any] = {
    "factory_id": FACTORY_ID,
    "linked_as": FACTORY_ID,
    "status": "open",
    "successor": None,
    "run_by_factory": True,
    "link": _LINK,
    "name": "Meghna Knit S.T. Ltd",
    "country": "BD",
    "audits": [_AUDIT],
    "contact_confirmed_on": None,
    "last_audits": [
        {
            "scope": "social",
            "type": "initial",
            "date": "2026-03-02",
            "months_ago": 8,
            "follow_up_usual_by": "2027-03-02",
            "re_audit_usual_by": "2028-03-02",
            "habit": "recent",
        }
    ],
    "certificates": [
        {
            "code": CERTIFICATE_CODE,
            "number": "CU 7190442-2026",
            "standard_id": "gots",
            "valid_to": "2026-12-31",
            "status": "valid",
            "days_left": 39,
            "confirmed_by_certifier": True,
        }
    ],
    "url": f"{HERE}/f/{FACTORY_ID}",
}

EXAMPLES: dict[str, dict[str, Any]] = {
    **climate_examples.of(FACTORY_ID, HERE),
    "Invitation": _INVITATION,
    "Invited": _INVITATION,
    "Invitations": {"results": [_INVITATION], "next_after": None},
    "Resend": {"email": "office@meghna-knit.example"},
    "InvitationResults": {
        "results": [
            {"index": 0, "outcome": "created", **_INVITATION},
            {"index": 1, "outcome": "rejected", "detail": "/email: must be an e-mail address"},
        ]
    },
    "Accepted": {"factory_id": FACTORY_ID, "csrf_token": "0d1f…"},
    "CertificateRecord": _CERTIFICATE_RECORD,
    "FactoryRecord": _FACTORY_RECORD,
    "Supplier": _SUPPLIER,
    "Network": {"results": [_SUPPLIER], "next_cursor": None},
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
    "Problem": _PROBLEM,
    "UnknownCertificate": _UNKNOWN,
    "Audit": _AUDIT,
    "Certificate": _CERTIFICATE,
    "Factory": _FACTORY,
    "Claim": _CLAIM,
    "FactoryCard": _CARD,
    "Product": _PRODUCT,
    "Certificates": {"results": [_CERTIFICATE]},
    "BrandPagePatch": {"texts": {"en": "We have made knitwear since 1954.", "fr": None}},
    "Directory": {
        "results": [_CARD],
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
