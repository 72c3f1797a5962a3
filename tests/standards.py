"""Entries of the map for tests: a certification, an audit scheme, a method; and one that is a name only."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from tests.world import Answer

SOURCE = {"title": "The standard itself", "url": "https://standard.example/text"}
ORGANIC: dict[str, Any] = {
    "name": "Global Organic Textile",
    "short_name": "ORGANIC",
    "owner": "Organic Owners",
    "website": "https://organic.example",
    "kind": "certification",
    "summary": "Textiles from organic fibres.",
    "sectors": ["textiles", "clothing"],
    "facts": [{"topic": "validity", "text": "A certificate is valid for one year.", "source": SOURCE}],
    "criteria": [
        {"topic": "chemicals", "degree": "recommended", "source": SOURCE},
        {"topic": "chemicals", "degree": "immediate", "title": "Inputs", "source": SOURCE},
        {"topic": "child_labour", "degree": "term", "source": SOURCE},
        {"topic": "wastewater", "degree": "unspecified", "source": {"title": "A leaflet"}},
    ],
    "sources": [SOURCE],
    "reviewed": "2026-01-15",
}
AUDIT: dict[str, Any] = {
    "name": "Joint social audit",
    "owner": "Joint Auditors",
    "kind": "audit_scheme",
    "countries": ["BD", "TR"],
    "criteria": [{"topic": "child_labour", "degree": "immediate", "source": SOURCE}],
}
METHOD: dict[str, Any] = {
    "name": "Water method",
    "owner": "Measurers",
    "kind": "method",
    "sectors": ["leather"],
    "criteria": [{"topic": "water_use", "degree": "unspecified", "source": SOURCE}],
}
NAME_ONLY: dict[str, Any] = {"name": "Unread Standard", "owner": "Somebody"}
ENTRIES = {"gots": ORGANIC, "joint-audit": AUDIT, "water-method": METHOD, "unread": NAME_ONLY}


def told(answer: Answer) -> str:
    """The words of a page."""
    body = re.sub(r"</?(bdi|span)[^>]*>", "", answer.text[answer.text.index("<main") :])
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())
