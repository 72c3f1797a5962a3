"""What a row of the table says of a route, and what routes are grouped by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

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
