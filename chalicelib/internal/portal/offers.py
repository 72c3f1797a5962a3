"""What the portal offers to each role: its pages, on the first page and in the menu above every other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chalicelib.web.words import N_


@dataclass(frozen=True, slots=True)
class Offer:
    """A page for a role: where it is, what it is called, and what one does there. Texts are translated when shown."""

    path: str
    title: str
    about: str


KEYS = {
    kind: Offer(f"/portal/keys/{kind}", N_("Keys"), N_("For programs of yours: make, replace and revoke them."))
    for kind in ("member", "certifier", "organiser", "owner")
}
OFFERS: Mapping[str, tuple[Offer, ...]] = {
    "member": (
        Offer(
            "/portal/invitations",
            N_("Invitations"),
            N_("Invite your suppliers, one or 500 at once, and see who has answered."),
        ),
        Offer(
            "/portal/network",
            N_("Suppliers"),
            N_("The factories that supply you: audits that fall due, certificates that end, the list as a file."),
        ),
        Offer(
            "/portal/products",
            N_("Products"),
            N_("What you sell, and the factories that made it: one by one, or from a file."),
        ),
        Offer(
            "/portal/page",
            N_("Your public page"),
            N_("What everybody reads about you, above the factories and products that you show."),
        ),
        Offer("/portal/claims", N_("Your claims"), N_("What you say of your whole business that no certificate says.")),
        Offer("/portal/clones", N_("Copied codes"), N_("Items whose code is scanned in too many places.")),
        KEYS["member"],
        Offer("/portal/member/history", N_("History"), N_("What happened to a product of yours.")),
    ),
    "certifier": (
        Offer(
            "/portal/certificates",
            N_("Certificates"),
            N_("All that you confirmed: look them up, change their standing."),
        ),
        Offer("/portal/certificates/requests", N_("Requests"), N_("What factories ask you to confirm.")),
        Offer("/portal/certificates/new", N_("Confirm a certificate"), N_("Put one on record.")),
        Offer(
            "/portal/certificates/upload",
            N_("Upload many rows"),
            N_("Certificates and changes of standing from a sheet."),
        ),
        KEYS["certifier"],
        Offer("/portal/certifier/history", N_("History"), N_("What happened to a certificate of yours.")),
    ),
    "owner": (
        Offer(
            "/portal/standard",
            N_("Your standard"),
            N_("What the map says of it, and where that comes from: confirm it, or say what is wrong."),
        ),
        KEYS["owner"],
    ),
    "organiser": (
        Offer(
            "/portal/programmes",
            N_("Programmes"),
            N_("What you organise, the factories that take part, and how far each has come."),
        ),
        KEYS["organiser"],
    ),
    "staff": (
        Offer(
            "/portal/staff/moderation",
            N_("To be decided"),
            N_("Names that look like others', contested certificate numbers, and what the public reports."),
        ),
        Offer(
            "/portal/staff/factories",
            N_("Factories"),
            N_("Find any record. Merge, move, close and reopen."),
        ),
        Offer("/portal/staff/organisations/member", N_("ICS members"), N_("Add and change them.")),
        Offer("/portal/staff/organisations/certifier", N_("Certification bodies"), N_("Add and change them.")),
        Offer("/portal/staff/organisations/organiser", N_("Organisers of programmes"), N_("Add and change them.")),
        Offer("/portal/staff/organisations/standard", N_("Standards"), N_("What is on record.")),
        Offer("/portal/staff/syncs", N_("Audit syncs"), N_("The last batches from ICS, and rows not applied.")),
        Offer("/portal/staff/log", N_("Log of changes"), N_("How far it has come; a checkpoint now.")),
        Offer("/portal/staff/keys", N_("Keys"), N_("Make, rotate and revoke the keys of programs.")),
        Offer("/portal/staff/history", N_("History"), N_("What happened to any record, and whether it is whole.")),
    ),
}
"""By role, in the order in which they are shown. The team's page is offered to every role, last."""

TEAM = Offer("/portal/team", N_("Team"), N_("Who may act for your organisation: add and remove people."))


def offers(kind: str) -> tuple[Offer, ...]:
    """What a role is offered; the team's page names the role, since a person may have several."""
    team = Offer(f"{TEAM.path}/{kind}", TEAM.title, TEAM.about)
    return (*OFFERS.get(kind, ()), team)


def section(path: str, kinds: Iterable[str]) -> tuple[str, Offer] | None:
    """In which of somebody's roles a page stands, and under which offer; ``None`` for a page of no role of theirs."""
    found = [(kind, offer) for kind in kinds for offer in offers(kind) if _leads(offer.path, path)]
    return max(found, key=lambda each: len(each[1].path), default=None)


def _leads(above: str, path: str) -> bool:
    return path == above or path.startswith(above + "/")
