"""The small world of the examples: what it holds, as the API shows it."""

from __future__ import annotations

from typing import Any

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
PROBLEM: dict[str, Any] = {
    "type": "about:blank",
    "title": "Malformed request",
    "status": 400,
    "detail": "Some fields cannot be taken as sent.",
    "errors": [{"pointer": "/country", "detail": "must be an ISO 3166-1 alpha-2 country code in capitals, such as BD"}],
}
UNKNOWN: dict[str, Any] = {
    "type": "about:blank",
    "title": "Not found here",
    "status": "unknown",
    "detail": "This number is not on record here. Check it once more.",
    "number": "CU 1234567",
    "checked_at": "2026-11-22T15:20:00Z",
}
AUDIT: dict[str, Any] = {"scope": "social", "type": "initial", "notice": "semi_announced", "date": "2026-03-02"}
CERTIFICATE: dict[str, Any] = {
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
CLAIM: dict[str, Any] = {
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
FACTORY: dict[str, Any] = {
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
    "audits": [AUDIT],
    "photos": [],
    "claims": [CLAIM],
    "programmes": [{"programme": "climate", "url": f"{HERE}/f/{FACTORY_ID}/climate"}],
    "members": [{"member_id": "maison-lumiere", "name": "Maison Lumière"}],
    "sources": {"name": {"source": "ics_audit", "date": "2026-03-02"}},
    "updated_at": "2026-11-20T09:12:00Z",
    "url": f"{HERE}/f/{FACTORY_ID}",
}
CARD: dict[str, Any] = {
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
PRODUCT: dict[str, Any] = {
    "product_id": GTIN,
    "gtin": GTIN,
    "code": None,
    "brand": "Maison Lumière",
    "name": "T-shirt, organic cotton",
    "category": "t-shirts",
    "lots": ["L2026-07"],
    "stages": [{"process": "sewing", "factory_id": FACTORY_ID}],
    "factories": [FACTORY],
    "member_id": "maison-lumiere",
    "claims": [],
    "updated_at": "2026-11-20T09:12:00Z",
    "url": f"{HERE}/01/{GTIN}",
}

INVITATION: dict[str, Any] = {
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
CERTIFICATE_RECORD: dict[str, Any] = {
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
LINK: dict[str, Any] = {
    "source": "ics_audit",
    "since": "2026-03-02",
    "factory_agrees": False,
    "member_agrees": True,
    "ended": None,
    "ended_by": None,
    "confirmed": False,
}
FACTORY_RECORD: dict[str, Any] = {
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
    "audits": [{"reference": "A-2026-000815", "version": 1, "member_ids": ["maison-lumiere"], **AUDIT}],
    "links": {"maison-lumiere": LINK},
    "contact_check": {"confirmed_on": "2026-11-20", "mailed_on": "2026-11-19"},
    "photos": [],
    "programmes": ["climate"],
    "certificates": [],
    "updated_at": "2026-11-20T09:12:00Z",
    "url": f"{HERE}/f/{FACTORY_ID}",
}
SUPPLIER: dict[str, Any] = {
    "factory_id": FACTORY_ID,
    "linked_as": FACTORY_ID,
    "status": "open",
    "successor": None,
    "run_by_factory": True,
    "link": LINK,
    "name": "Meghna Knit S.T. Ltd",
    "country": "BD",
    "audits": [AUDIT],
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
