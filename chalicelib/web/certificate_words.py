"""The words of a certifier's forms. Translated when shown."""

from __future__ import annotations

from chalicelib.web import form_words
from chalicelib.web.words import N_

LABELS = {
    **form_words.LABELS,
    "factory_id": N_("Factory ID of the holder"),
    "gdti": N_("GS1 document number (GDTI)"),
    "standing": N_("New standing"),
    "reason": N_("Reason, as everybody will read it"),
    "effective": N_("In force from"),
    "code": N_("Code"),
    "rows": N_("Rows"),
    "file": N_("File, CSV or XLSX"),
}

HINTS = {
    **form_words.HINTS,
    "factory_id": N_("As it is printed: case, blanks and dashes do not matter. You will see the factory's name next."),
    "gdti": N_("If the document has one: 13 digits and up to 17 characters."),
    "reason": N_("One sentence. It stays in the history for ever: name no private persons."),
    "effective": N_("Today, if you leave it empty; it may lie in the past. Never a day to come."),
}

OUTCOMES = {
    "created": N_("New"),
    "updated": N_("Changed"),
    "unchanged": N_("As it is on record"),
    "conflict": N_("Contradicts the record"),
    "rejected": N_("Not taken"),
}
"""By ``certificate.Outcome``."""
