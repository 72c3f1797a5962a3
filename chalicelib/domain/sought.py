"""Which suppliers of its network a member looks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date

from chalicelib.domain.certificate import Status, status_on
from chalicelib.domain.errors import Fault, Malformed
from chalicelib.domain.factory import Link
from chalicelib.domain.fields import clean_country
from chalicelib.domain.network import Supplier, expiring, last_audits
from chalicelib.domain.phrase import phrase
from chalicelib.domain.wording import fold, tokens

STANDINGS = ("valid", "declared", "not_yet_valid", "expired", "suspended", "withdrawn", "none")
EXPIRING = ("30", "60", "90")
AUDIT_OLDER = ("6", "12", "18", "24", "36")
LINKS = ("public", "wants_factory", "wants_member", "private")
RUN_BY = ("factory", "nobody")
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Wish:
    """What is sought, as it was asked for; an empty word asks for nothing."""

    q: str = ""
    country: str = ""
    category: str = ""
    standing: str = ""
    expiring: str = ""
    audit_older: str = ""
    link: str = ""
    run_by: str = ""

    @property
    def asked(self) -> dict[str, str]:
        """What is asked for, by name."""
        return {each.name: getattr(self, each.name) for each in fields(self) if getattr(self, each.name)}


_ONE_OF: Mapping[str, tuple[str, ...]] = {
    "standing": STANDINGS,
    "expiring": EXPIRING,
    "audit_older": AUDIT_OLDER,
    "link": LINKS,
    "run_by": RUN_BY,
}


def wish(given: Mapping[str, str]) -> Wish:
    """A question read from what somebody chose; ``Malformed`` with every fault. Other names are none of ours."""
    said = {each.name: given.get(each.name, "").strip() for each in fields(Wish)}
    said["country"] = said["country"].upper()
    said["category"] = "_".join(said["category"].lower().split())
    faults = [
        Fault(f"/{name}", phrase("must be one of %(allowed)s", allowed=", ".join(allowed)))
        for name, allowed in _ONE_OF.items()
        if said[name] and said[name] not in allowed
    ]
    faults += [
        Fault(f"/{name}", phrase("is longer than %(most)s characters", most=LONGEST))
        for name, text in said.items()
        if len(text) > LONGEST
    ]
    try:
        if said["country"]:
            clean_country(said["country"])
    except Malformed as error:
        faults.append(Fault("/country", error.detail))
    if faults:
        raise Malformed("Some filters cannot be taken as sent.", faults)
    return Wish(**said)


def admits(wanted: Wish, found: Supplier, today: date) -> bool:
    """Whether a supplier is one of those sought."""
    return (
        wanted.country in ("", found.fields.get("country"))
        and (not wanted.category or wanted.category in found.fields.get("product_categories", ()))
        and wanted.link in ("", link_state(found.link))
        and (not wanted.run_by or found.run_by_factory == (wanted.run_by == "factory"))
        and (not wanted.standing or wanted.standing in standings(found, today))
        and (not wanted.expiring or bool(expiring(found.certificates, today, int(wanted.expiring))))
        and (not wanted.audit_older or _older(found, int(wanted.audit_older), today))
        and _named(found, wanted.q)
    )


def link_state(link: Link) -> str:
    """Who still has to agree that a link shows in public: nobody, one side, or both."""
    if link.is_public:
        return "public"
    if link.member_agrees:
        return "wants_factory"
    return "wants_member" if link.factory_agrees else "private"


def standings(found: Supplier, today: date) -> set[str]:
    """How the certificates of a supplier stand today; ``declared`` for one that holds, if nobody confirmed it."""
    if not found.certificates:
        return {"none"}
    stand = [(status_on(each, today), each.confirmed) for each in found.certificates]
    return {"declared" if status is Status.VALID and not confirmed else status.value for status, confirmed in stand}


def _older(found: Supplier, months: int, today: date) -> bool:
    """Whether the last audit of a scope is so many months old; a supplier without audits has no old one."""
    return any(last.months_ago >= months for last in last_audits(found.audits, today))


def _named(found: Supplier, typed: str) -> bool:
    """Whether each word typed is part of a name, of the place, or of the numbers of a supplier."""
    names = [found.fields.get(name) or "" for name in ("name", "local_name", "city", "site", "gln")]
    names += found.fields.get("aliases", ())
    held = " ".join([*map(fold, names), *(" ".join(tokens(name)) for name in names)])
    codes = found.factory_id.lower()
    return all(word in held or word.replace("-", "") in codes for word in fold(typed).split())
