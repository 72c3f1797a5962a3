"""The words of labels for the items of a product."""

from __future__ import annotations

from chalicelib.web.words import N_

LABELS = {
    "first": N_("First serial number"),
    "last": N_("Last serial number"),
    "lot": N_("Lot (optional)"),
    "layout": N_("Sheets"),
}
HINTS = {
    "first": N_("It ends in digits, such as A0001: they are counted up."),
}
LAYOUTS = {
    "avery-l7160": N_("A4: 21 labels of 63.5 × 38.1 mm (L7160)"),
    "avery-l7159": N_("A4: 24 labels of 63.5 × 33.9 mm (L7159)"),
    "avery-l7163": N_("A4: 14 labels of 99.1 × 38.1 mm (L7163)"),
    "avery-5160": N_("Letter: 30 labels of 66.7 × 25.4 mm (5160)"),
}
"""By the names of ``factory_labels.layouts``. The smallest sheet is left out: it takes less error correction."""
