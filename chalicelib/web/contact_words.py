"""The words of the forms by which anybody reports a mismatch or writes to a factory, and of what staff decide."""

from __future__ import annotations

from chalicelib.web.words import N_

LABELS = {
    "kind": N_("What is wrong?"),
    "text": N_("What did you see?"),
    "email": N_("Your e-mail address"),
    "sender": N_("Your name"),
    "company": N_("Your company"),
    "message": N_("Your message"),
    "decision": N_("Your decision"),
    "reason": N_("Reason"),
}

HINTS = {
    "text": N_("What you hold or know, and what the page says instead. Please name nobody. At most 2,000 characters."),
    "report_email": N_("You may leave it empty. Only for a question of ours: it is shown to nobody else."),
    "message": N_("At most 2,000 characters."),
    "sender_email": N_("We send you a link first, to make sure that it is yours. The factory answers to this address."),
    "reason": N_("For the history: what you looked at, what you did."),
}

COMPLAINTS = {
    "paper_differs": N_("Number, name or date is different on the paper"),
    "not_from_here": N_("The product was not made here"),
    "closed": N_("The factory has closed or moved"),
    "out_of_date": N_("Something here is wrong or out of date"),
    "other": N_("Something else"),
}
"""By ``moderation.Complaint``."""

MATTERS = {
    "odd_name": N_("A name in odd letters"),
    "look_alike": N_("A factory that could be taken for another"),
    "number_of_another": N_("A certificate number that is confirmed for another factory"),
    "report": N_("Reported by the public"),
    "flagged_claim": N_("A claim whose wording the law warns of"),
    "run_on_one_word": N_("A factory that somebody runs on the word of one brand alone"),
}
"""By ``moderation.Kind``."""

DECISIONS = {
    "dismissed": N_("Nothing to be done"),
    "acted": N_("Something was done"),
}
"""By ``moderation.Decision``."""
