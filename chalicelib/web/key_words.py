"""The words of the page on which an organisation keeps its keys. Translated when shown."""

from __future__ import annotations

from chalicelib.web import form_words
from chalicelib.web.words import N_

LABELS = {"scopes": N_("What it may do"), "reason": N_("What it is for")}
HINTS = {"reason": N_("For your colleagues: which program, say. It stays in the history.")}
STAFF_LABELS = {**form_words.LABELS, "kind": N_("Whose keys"), "tenant": N_("Identifier")}
STAFF_HINTS = {
    **form_words.HINTS,
    "tenant": N_("Of the member or certification body; a Factory ID; for ICS: ics."),
}
SCOPES = {
    "invitations:write": N_("Invite factories"),
    "network:write": N_("Read and change the network"),
    "products:write": N_("Publish products"),
    "watches:write": N_("Watch certificates and factories"),
    "certificates:write": N_("Confirm certificates and change their standing"),
    "standards:review": N_("Confirm that the standard was reviewed"),
    "programmes:write": N_("Organise programmes"),
    "history:read": N_("Read histories"),
}
"""By scope: what a key may do."""
