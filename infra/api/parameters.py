"""Parameters: those of paths by their names, and those of queries and headers by the names that rows use."""

from __future__ import annotations

from typing import Any

from chalicelib.domain import sought
from chalicelib.domain.climate import STEPS
from chalicelib.domain.invitation import STATES
from chalicelib.domain.learning import LESSONS, Audience
from chalicelib.domain.standard import TOPICS, Area, Kind
from chalicelib.internal.access import SCOPES
from chalicelib.internal.scan_counts import LONGEST_SERIAL, STRETCHES
from chalicelib.internal.teams import KINDS
from chalicelib.public.asked import EARLIEST, LATEST
from chalicelib.web.language import LANGUAGES
from infra.api import log_shapes
from infra.api.public_shapes import KNOWN_STATUS
from infra.api.record_examples import CERTIFICATE_CODE, FACTORY_ID, GTIN
from infra.api.shapes import CODE, DATE, Schema, one_of, text, whole

_FORGIVEN = "Case, blanks, dashes, O for 0 and I or L for 1 are forgiven."
_PATH: dict[str, tuple[Schema, str, str]] = {
    "factory_id": ({"type": "string"}, f"A Factory ID. {_FORGIVEN}", FACTORY_ID),
    "code": ({"type": "string"}, f"A code of ours. {_FORGIVEN}", CERTIFICATE_CODE),
    "product_id": ({"type": "string"}, "A GTIN of 8, 12, 13 or 14 digits, or a product code of ours.", GTIN),
    "gtin": ({"type": "string", "pattern": "^[0-9]{14}$"}, "A GTIN, with zeros in front.", GTIN),
    "gln": ({"type": "string", "pattern": "^[0-9]{13}$"}, "A GS1 location number.", "9521234000013"),
    "gdti": (text(30), "A GS1 document number: 13 digits and up to 17 characters of set 82.", "9521234000013A1"),
    "ai1": (one_of(("22", "10", "21", "235", "254", "7040")), "GS1 qualifier: variant, lot, serial number, …", "10"),
    "ai2": (one_of(("10", "21")), "The next qualifier in GS1's order.", "21"),
    "ai3": (one_of(("21",)), "The last qualifier: a serial number.", "21"),
    "value1": (text(28), "What the qualifier before it says.", "L2026-07"),
    "value2": (text(20), "What the qualifier before it says.", "0001"),
    "value3": (text(20), "What the qualifier before it says.", "0001"),
    "kind": ({"type": "string", "enum": ["f", "c", "p"]}, "Of a factory, a certificate or a product.", "f"),
    "file": ({"type": "string"}, "The code with the ending .svg.", f"{FACTORY_ID}.svg"),
    "/scan/reader/{file}": ({"type": "string"}, "As the page names it.", "fdcd3e0b6340c485.js"),
    "/sitemap/{file}": ({"type": "string"}, "A country (ISO 3166-1 alpha-2) with the ending .xml.", "BD.xml"),
    "sheet": (one_of(("poster", "poster.pdf", "labels", "labels.pdf")), "What to print.", "poster"),
    "invitation_id": ({"type": "string"}, "From the answer to the invitation.", "5f0c1d2e3a4b5c6d"),
    "matter_id": ({"type": "string"}, "From the list of what waits.", "5f0c1d2e3a4b5c6d"),
    "member_id": ({"type": "string"}, "An ICS member.", "maison-lumiere"),
    "claim_id": ({"type": "string", "pattern": "^[0-9a-f]{12}$"}, "A claim, from the list of claims.", "5f0c1d2e3a4b"),
    "certifier_id": ({"type": "string"}, "A certification body.", "cert-example"),
    "organiser_id": ({"type": "string"}, "An organiser of programmes.", "green-works"),
    "programme_id": ({"type": "string"}, "A programme.", "dye-houses"),
    "indicator_id": ({"type": "string"}, "An indicator of the factory.", "water-1"),
    "period": ({"type": "string"}, "A month, a quarter or a year.", "2026-07"),
    "standard_id": ({"type": "string"}, "A standard.", "gots"),
    "step": (one_of(STEPS), "A step of a climate plan.", "strategies"),
    "risk_id": ({"type": "string"}, "A risk of a climate plan.", "0a1b2c3d"),
    "topic": (one_of(tuple(TOPICS)), "A topic of the map.", "wastewater"),
    "token": ({"type": "string"}, "From the link in the mail.", "the-token-from-the-link-in-the-mail"),
    "slug": (one_of(tuple(LESSONS)), "A lesson.", "audit-dates"),
    "watch_id": ({"type": "string"}, "From the answer that made it.", "5f0c1d2e3a4b5c6d"),
    "prefix": ({"type": "string"}, "The twelve characters after fid_ in a key.", "0a1b2c3d4e5f"),
}

YES_OR_NO: Schema = {"type": "string", "enum": ["1", "true", "0", "false"]}
_ETAG = "The ETag that GET gave. If the record was changed meanwhile the answer is 412."
PARAMETERS: dict[str, dict[str, Any]] = {
    "lang": {
        "schema": one_of(tuple(LANGUAGES)),
        "description": "The language of the answer; wins over Accept-Language.",
    },
    "for": {"schema": one_of(Audience), "description": "Lessons for these readers only.", "example": "buyer"},
    "r": {
        "schema": {"type": "string"},
        "description": "A receipt.",
        "example": "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJ4In0." + "A" * 86,
    },
    "as": {"schema": one_of(("pdf", "jws")), "description": "The kind of file; PDF unless said otherwise."},
    "receipt": {"schema": YES_OR_NO, "description": "1 asks for a signed receipt over the answers."},
    "on": {
        "schema": DATE,
        "description": f"The day asked about, from {EARLIEST} to {LATEST}; today (UTC) unless given.",
        "example": "2026-03-01",
    },
    "known_at": {
        "schema": {"type": "string"},
        "description": "Answers by what was on record at this instant (RFC 3339), or at the end of this day (UTC).",
        "example": "2026-03-15",
    },
    "number": {
        "schema": text(),
        "description": "The number printed on the certificate. Case, blanks and punctuation do not matter.",
        "required": True,
        "example": "CU 7190442-2026",
    },
    "standard": {"schema": {"type": "string"}, "description": "Of this standard only.", "example": "gots"},
    "linkType": {
        "schema": {"type": "string"},
        "description": "`linkset`, or a link type of GS1's vocabulary: 307 to such a link, 404 if there is none.",
        "example": "gs1:defaultLink",
    },
    "q": {"schema": {"type": "string", "maxLength": 200}, "description": "What is sought.", "example": "meghna knit"},
    "country": {
        "schema": {"type": "string", "pattern": "^[A-Za-z]{2}$"},
        "description": "ISO 3166-1 alpha-2.",
        "example": "BD",
    },
    "name": {"schema": text(), "description": "What it is called, in any script.", "example": "Kolmilata Knit"},
    "address": {"schema": text(), "description": "Street and number.", "example": "17 Mill Road"},
    "city": {"schema": text(), "description": "Town or city.", "example": "Gazipur"},
    "site": {"schema": text(), "description": "Its number at ICS.", "example": "ICS-0042"},
    "gln": {"schema": text(), "description": "A GS1 location number, 13 digits.", "example": "9521234000013"},
    "category": {"schema": {"type": "string"}, "description": "Makes this.", "example": "knitwear"},
    "valid": {"schema": {"type": "string", "enum": ["1"]}, "description": "Holds a certificate that is valid today."},
    "tier": {
        "schema": {"type": "string", "pattern": "^[1-9][0-9]?$"},
        "description": "On this tier: 1 did the last step of making.",
        "example": "1",
    },
    "standard_kind": {
        "name": "kind",
        "schema": one_of(Kind),
        "description": "Standards of this kind.",
        "example": "certification",
    },
    "area": {"schema": one_of(Area), "description": "Standards that cover a topic of this area."},
    "topic": {"schema": one_of(tuple(TOPICS)), "description": "Standards that cover this topic."},
    "sector": {"schema": CODE, "description": "Standards for this sector, or for any.", "example": "textiles"},
    "ids": {
        "schema": {"type": "string"},
        "description": "Two to five standards, parted by commas or given again and again.",
        "required": True,
        "example": "gots,grs",
    },
    "cursor": {"schema": {"type": "string"}, "description": "`next_cursor` of the page before, as it came."},
    "state": {"schema": one_of(("open", "done")), "description": "What waits, or what was decided; open unless given."},
    "standing": {
        "schema": one_of(sought.STANDINGS),
        "description": "Holds a certificate that stands so today; `declared`: it would, if its certifier confirmed it.",
    },
    "expiring": {
        "schema": one_of(sought.EXPIRING),
        "description": "Holds a certificate that holds today and ends within so many days.",
    },
    "audit_older": {
        "schema": one_of(sought.AUDIT_OLDER),
        "description": "The last audit of a scope is so many months old. That says nothing of what it is worth.",
    },
    "link": {
        "schema": one_of(sought.LINKS),
        "description": "Who still has to agree that the link shows in public: nobody, one side, or both.",
    },
    "run_by": {"schema": one_of(sought.RUN_BY), "description": "Whether the factory runs its own page."},
    "level": {"schema": one_of(("L", "M", "Q", "H")), "description": "How much damage the code bears; M unless given."},
    "paper": {"schema": one_of(("a4", "letter")), "description": "The paper; a4 unless given."},
    "cols": {"schema": whole(1), "description": "Labels side by side.", "example": 3},
    "rows": {"schema": whole(1), "description": "Labels one below the other.", "example": 6},
    "size": {"schema": {"type": "number"}, "description": "Width in mm.", "example": 30},
    "dpi": {
        "schema": whole(72, 2400),
        "description": "Of the printer; where it is known, some codes may be smaller.",
        "example": 300,
    },
    "offline": {
        "schema": YES_OR_NO,
        "description": "With 1, a code that can be checked without a network.",
    },
    "label": {"schema": {"type": "string", "maxLength": 60}, "description": "Printed below; the code unless given."},
    "scan_days": {
        "name": "days",
        "schema": {"type": "integer", "enum": list(STRETCHES)},
        "description": f"The last days, today with them; {STRETCHES[0]} unless given.",
    },
    "serial": {
        "schema": text(LONGEST_SERIAL),
        "description": "The serial number of one item, as it stands in the code.",
        "example": "0001",
    },
    "record": {
        "schema": {"type": "string"},
        "description": "A Factory ID, certificate code, GTIN or product code. For staff also `member:maison`, "
        "`certifier:…`, `standard:…`, `team:member:maison`, `keys:member:maison`; and a record as the checker names "
        "it, `CERTIFICATE#…`, though it is lost.",
        "required": True,
        "example": FACTORY_ID,
    },
    "key_kind": {
        "name": "kind",
        "schema": one_of(tuple(SCOPES)),
        "description": "What kind of caller.",
        "required": True,
        "example": "member",
    },
    "kind": {
        "schema": one_of(KINDS),
        "description": "What kind of organisation.",
        "required": True,
        "example": "member",
    },
    "tenant": {
        "schema": {"type": "string"},
        "description": "Which one: its identifier.",
        "required": True,
        "example": "maison-lumiere",
    },
    "after": {"schema": whole(0), "description": "The number of the last event that you have.", "example": 0},
    "after-invitation": {
        "name": "after",
        "schema": {"type": "string"},
        "description": "`next_after` of the page before.",
        "example": "5f0c1d2e3a4b5c6d",
    },
    "invitation-state": {
        "name": "state",
        "schema": one_of(STATES),
        "description": "Those in this state only.",
        "example": "pending",
    },
    "dry_run": {
        "schema": YES_OR_NO,
        "description": "Answers what the batch would do, and does nothing. Needs no Idempotency-Key.",
    },
    "Idempotency-Key": {
        "in": "header",
        "schema": text(),
        "description": "A new one for each new batch. The same key and body get the same reply for thirty days.",
        "example": "nightly-2026-11-22-001",
    },
    "Idempotency-Key-optional": {
        "in": "header",
        "name": "Idempotency-Key",
        "schema": text(),
        "description": "For thirty days the same key and body change nothing more, and are told what they came to. "
        "May be left out here.",
        "example": "standings-2026-11-22",
    },
    "status": {
        "schema": one_of(KNOWN_STATUS),
        "description": "Only certificates that are worth this today.",
        "example": "valid",
    },
    "of_standard": {
        "name": "standard",
        "schema": {"type": "string"},
        "description": "Only certificates of this standard.",
        "example": "gots",
    },
    "part_of_number": {
        "name": "number",
        "schema": text(),
        "description": "Only certificates with this in their number; case, blanks and punctuation do not matter.",
        "example": "7190442",
    },
    "holder": {
        "schema": text(),
        "description": "A Factory ID, or for a certifier a part of the holder's name. Who runs several factories says "
        "here which.",
        "example": FACTORY_ID,
    },
    "If-Match": {
        "in": "header",
        "required": True,
        "schema": {"type": "string"},
        "description": _ETAG,
        "example": '"3"',
    },
    "If-Match-optional": {
        "in": "header",
        "name": "If-Match",
        "schema": {"type": "string"},
        "description": f"{_ETAG} May be left out here.",
        "example": '"3"',
    },
    "X-Acting-For": {
        "in": "header",
        "schema": {"type": "string"},
        "description": "With the session of somebody who acts for several: for which. Not with a key.",
        "example": "member:maison-lumiere",
    },
    "X-CSRF-Token": {
        "in": "header",
        "schema": {"type": "string"},
        "description": "Needed with a session, for anything but GET. Not with a key.",
    },
}

HEADERS: dict[str, dict[str, Any]] = {
    "ETag": {"schema": {"type": "string"}, "description": "For If-Match of the next change."},
    "Set-Cookie": {"schema": {"type": "string"}, "description": "The session: __Host-session, twelve hours."},
    "Retry-After": {"schema": {"type": "string"}, "description": "Seconds to wait."},
    "Location": {"schema": {"type": "string"}, "description": "Where to go on."},
    "Link": {
        "schema": {"type": "string"},
        "description": 'Where the following part is, with rel="next" (RFC 8288). Absent from the last part.',
    },
    "WWW-Authenticate": {"schema": {"type": "string"}, "description": "Bearer."},
}


def components() -> dict[str, dict[str, Any]]:
    """All query and header parameters by name."""
    return {
        name: {"name": name, "in": "query", **parameter}
        for name, parameter in {**PARAMETERS, **log_shapes.PARAMETERS}.items()
    }


def in_path(name: str, path: str) -> dict[str, Any]:
    """A parameter of a path. One that no row tells of is text, nothing more."""
    schema, about, example = _PATH.get(path) or _PATH.get(name) or ({"type": "string"}, "", "")
    found: dict[str, Any] = {"name": name, "in": "path", "required": True, "schema": schema}
    if about:
        found.update(description=about, example=example)
    return found
