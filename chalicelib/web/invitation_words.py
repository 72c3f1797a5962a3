"""The words of invitations: how one stands, why its mail came back, what comes of a row of a list."""

from __future__ import annotations

from chalicelib.domain.invitation import COMPLAINT
from chalicelib.web.words import N_

STATES = {
    "pending": N_("Waiting for an answer"),
    "accepted": N_("Accepted"),
    "expired": N_("Ran out"),
    "withdrawn": N_("Withdrawn"),
    "bounced": N_("The mail came back"),
}
"""By ``domain.invitation.STATES``."""

OUTCOMES = {
    "sent": N_("Invited: the mail is on its way."),
    "queued": N_("Invited. The mail has not been sent yet: we try again by ourselves every ten minutes."),
    "linked": N_("Added to your network. The factory runs its own profile already, so nobody was invited."),
    "undecided": N_("Not sent: decide about it first."),
    "failed": N_("Not sent."),
    "faulty": N_("Not sent: it has to be mended first."),
}
"""What came of a row."""

COLUMNS = {
    "email": N_("E-mail address"),
    "name": N_("Legal name"),
    "country": N_("Country"),
    "language": N_("Language of the mail"),
    "address": N_("Street and number"),
    "city": N_("Town or city"),
    "factory_id": N_("Factory ID"),
    "site": N_("ICS site number"),
    "latitude": N_("Latitude"),
    "longitude": N_("Longitude"),
    "coordinates": N_("Exact place on the map"),
    "same": N_("Which factory it is"),
    "file": N_("Your file"),
    "rows": N_("Your list"),
}
"""What the columns and inputs are called."""

HINTS = {
    "email": N_("The person at the factory who will run its page."),
    "name": N_("As it is registered. Leave it empty if you give a Factory ID."),
    "factory_id": N_("If you know it: then name and country are not needed."),
    "site": N_("If you know it: it finds a factory that is on record already."),
    "address": N_("Where the work is done. It helps to tell a factory from its namesakes."),
    "language": N_("In which the factory gets its mail."),
}
"""What helps to fill an input in."""

_TROUBLE = {
    COMPLAINT: N_("Whoever reads this address told their mail service that they did not want it. Ask by other means."),
    "NoEmail": N_("There is no such mailbox."),
    "Suppressed": N_("Mails to this address came back before: there is no such mailbox."),
    "OnAccountSuppressionList": N_("Mails to this address came back before: there is no such mailbox."),
}
_OTHER = N_("Their mail service refused it for good.")


def trouble(told: str) -> str:
    """Why a mail came back, as far as the mail service told; empty if it did not come back."""
    return _TROUBLE.get(told, _OTHER) if told else ""
