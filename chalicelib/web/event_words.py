"""The words of a history: what was done, by whom, to what. An action that stands in no list is shown as it is."""

from __future__ import annotations

from chalicelib.domain.phrase import phrase
from chalicelib.web import climate_words
from chalicelib.web.form_words import LABELS
from chalicelib.web.words import N_, STEP

ACTIONS = {
    "audit_created": N_("An ICS audit put this factory on record"),
    "audit_updated": N_("An ICS audit changed the record"),
    "profile": N_("The profile was changed"),
    "privacy": N_("It was decided who sees what"),
    "published": N_("The page was published"),
    "programmes": N_("It was decided which programmes show"),
    "shown": N_("It was published"),
    "kept": N_("It shows to nobody any more"),
    "risk_added": N_("A risk was added"),
    "risk_changed": N_("A risk was changed"),
    "risk_removed": N_("A risk was taken away"),
    "risks_ordered": N_("The risks were put in another order"),
    "owners_erased": N_("Who sees to the measures was erased"),
    **{f"step_{code}": title for code, title in STEP.items()},
    "link": N_("The link to a brand was changed"),
    "invitation_accepted": N_("An invitation to run the page was accepted"),
    "confirmed": N_("The certifier confirmed the certificate"),
    "declared": N_("The factory declared the certificate"),
    "standing": N_("The certifier changed the standing"),
    "put": N_("Put on record or replaced"),
    "merged": N_("The record was merged into another"),
    "merged_here": N_("Another record was merged into this one"),
    "signed_anew": N_("What the registry says of it was signed anew"),
    "unmerged": N_("The merge was undone"),
    "unmerged_here": N_("The merge of another record into this one was undone"),
    "moved": N_("The factory moved"),
    "moved_here": N_("Another record says that it moved here"),
    "closed": N_("The factory closed"),
    "reopened": N_("The factory is open again"),
    "reopened_here": N_("Another record no longer says that it moved here"),
    "key_made": N_("A key was made"),
    "key_revoked": N_("A key was revoked"),
    "ended": N_("Takes part no more"),
    "resumed": N_("Takes part again"),
    "reviewed": N_("The entry on the map was reviewed"),
    "person_added": N_("Somebody joined the team"),
    "person_removed": N_("Somebody left the team"),
    "indicator_defined": N_("An indicator was added or changed"),
    "indicator_removed": N_("An indicator was taken away"),
    "readings": N_("Readings were added or changed"),
    "reading_removed": N_("A reading was taken away"),
    "efficiency_published": N_("The use of resources was published"),
    "efficiency_kept": N_("The use of resources was hidden again"),
    "programme_invited": N_("The factory was invited to a programme"),
    "programme_taken_back": N_("An invitation to a programme was taken back"),
    "programme_takes_part": N_("The factory takes part in a programme"),
    "programme_declined": N_("The factory declined a programme"),
    "programme_left": N_("The factory left a programme"),
    "programme_ticked": N_("The factory decided who sees its part in a programme"),
    "programme_done": N_("The organiser put on record what was done"),
}

NAMED = {"member": "member", "certifier": "certifier", "organiser": "organiser", "owner": "standard"}
"""Callers of which there are several, each with a name: that of what is on record as this."""

ACTORS = {
    "ics": N_("ICS"),
    "staff": N_("The staff of this registry"),
    "factory": N_("Who runs the factory's page"),
    "person": N_("Who accepted the invitation"),
    "operator": N_("Who operates the service"),
}

FIELDS = {
    **LABELS,
    "scope": N_("Scope"),
    "type": N_("Type"),
    "notice": N_("Notice"),
    "date": N_("Date"),
    "reference": N_("Reference"),
    "member_ids": N_("For these members"),
    "programmes": N_("Programmes"),
    **{name: label for name, label in climate_words.LABELS.items() if name not in ("owner", "other")},
    "state": N_("What became of it"),
    "state_since": N_("Since"),
    "successor": N_("Leads to"),
    "record": N_("Record"),
    "member": N_("ICS member"),
    "member_id": N_("ICS member"),
    "product_id": N_("GTIN or code"),
    "factory_agrees": N_("The factory shows the link"),
    "member_agrees": N_("The brand shows the link"),
    "site": N_("ICS site number"),
    "version": N_("Version at ICS"),
    "audit": N_("Audit"),
    "standing": N_("Standing"),
    "effective": N_("From this day on"),
    "confirmed": N_("Confirmed by the certifier"),
    "standard_name": N_("Standard"),
    "holder_name": N_("Holder as printed"),
    "brand": N_("Brand"),
    "category": N_("Category"),
    "lots": N_("Lots"),
    "stages": N_("Stages"),
    "owner": N_("Owner"),
    "kind": N_("Kind"),
    "summary": N_("Summary"),
    "sectors": N_("Sectors"),
    "countries": N_("Countries"),
    "facts": N_("Facts"),
    "criteria": N_("Criteria"),
    "sources": N_("Sources"),
    "reviewed": N_("Reviewed on"),
    "reviewed_by": N_("Reviewed by"),
    "short_name": N_("Short name"),
    "prefix": N_("Key"),
    "scopes": N_("What it may do"),
    "person": N_("Person"),
    "gdti": N_("Document number (GDTI)"),
}
"""What was changed, by its name in an event."""

KINDS = {
    "ics": N_("ICS"),
    "member": N_("ICS member"),
    "certifier": N_("Certification body"),
    "organiser": N_("Organiser of programmes"),
    "factory": N_("Factory"),
    "owner": N_("Owner of a standard"),
    "staff": N_("Staff"),
}
"""Kinds of callers that have keys."""

STATES = {
    "open": N_("Open"),
    "closed": N_("Closed"),
    "moved": N_("Moved"),
    "merged": N_("Merged into another record"),
}

NAME = N_("Name")
"""What a product's name is called: that of a factory is its legal name."""
YES, NO = N_("Yes"), N_("No")


def done(action: str) -> str:
    """What was done, as a text to be translated."""
    return ACTIONS.get(action, action)


def who(kind: str, name: str) -> str:
    """Who did it, as a text to be translated."""
    if kind == "member":
        return phrase("%(name)s, ICS member", name=name)
    if kind == "certifier":
        return phrase("%(name)s, certification body", name=name)
    if kind == "owner":
        return phrase("%(name)s, its owner", name=name)
    if kind == "organiser":
        return phrase("%(name)s, organiser of programmes", name=name)
    return ACTORS.get(kind, kind)


def verdict(events: int, broken: int | None, counted: int | None, *, more: bool) -> str:
    """What the check of a chain found: how many events, the first that is false, how many the record counts."""
    if broken is not None:
        return phrase("The chain is broken at event %(number)s. Tell whoever operates the service.", number=broken)
    if counted not in (None, events):
        return phrase(
            "The record counts %(counted)s events, and %(number)s are there. Tell whoever operates the service.",
            number=events,
            counted=counted,
        )
    if more:
        return phrase("The first %(number)s events were checked and hold. There are more.", number=events)
    return phrase(
        "The chain of %(number)s events holds: none was changed, taken out or added since it was written.",
        number=events,
    )
