"""The words of a member's network and products: filters, habits of auditing, links. Translated when shown."""

from __future__ import annotations

from chalicelib.web.words import N_

LABELS = {
    "q": N_("Name, place or number"),
    "country": N_("Country"),
    "category": N_("Makes"),
    "standing": N_("Certificates"),
    "expiring": N_("Certificates that end within"),
    "audit_older": N_("Last audit older than"),
    "link": N_("Shown in public"),
    "run_by": N_("Who runs the page"),
    "factory_id": N_("Factory ID"),
    "public": N_("Show this link in public"),
}
"""What each filter and input is called."""

STANDINGS = {
    "valid": N_("One holds, confirmed"),
    "declared": N_("One holds, not confirmed"),
    "not_yet_valid": N_("One is not yet valid"),
    "expired": N_("One is expired"),
    "suspended": N_("One is suspended"),
    "withdrawn": N_("One is withdrawn"),
    "none": N_("None on record"),
}

LINKS = {
    "public": N_("Yes: both agree"),
    "wants_factory": N_("Waits for the factory"),
    "wants_member": N_("Waits for us"),
    "private": N_("No"),
}

RUN_BY = {
    "factory": N_("The factory"),
    "nobody": N_("Nobody yet"),
}

HABITS = {
    "follow_up_soon": N_("A follow-up is usual by %(day)s."),
    "follow_up_usual": N_("A follow-up was usual by %(day)s."),
    "re_audit_soon": N_("A re-audit is usual by %(day)s."),
    "re_audit_usual": N_("A re-audit was usual by %(day)s."),
}
"""By ``network.Habit``. They speak of scheduling, and never of what an audit is worth."""

PRODUCT_LABELS = {
    "gtin": N_("GTIN"),
    "brand": N_("Brand"),
    "name": N_("Name of the product"),
    "category": N_("Kind of product"),
    "lots": N_("Lots"),
    "process": N_("What is done"),
    "factory_id": N_("Factory ID"),
    "file": N_("File"),
    "pasted": N_("Or paste the rows here"),
}

PRODUCT_HINTS = {
    "gtin": N_("8, 12, 13 or 14 digits, as under the bar code. Leave it empty, and the product gets a code of ours."),
    "category": N_("In English: knitwear, home textiles, footwear."),
    "lots": N_("If you tell them apart: one a line."),
    "process": N_("In English: spinning, dyeing, sewing."),
}

COLUMNS = {
    "gtin_or_code": N_("GTIN or code"),
    "brand": PRODUCT_LABELS["brand"],
    "name": PRODUCT_LABELS["name"],
    "category": PRODUCT_LABELS["category"],
    "lots": PRODUCT_LABELS["lots"],
    "process": PRODUCT_LABELS["process"],
    "factory_id": PRODUCT_LABELS["factory_id"],
}
"""What the columns of a file of products are called."""

OUTCOMES = {
    "new": N_("New"),
    "changed": N_("Changed"),
    "same": N_("As it is on record"),
    "faulty": N_("Not taken"),
}
"""What would come of a product of a file."""
