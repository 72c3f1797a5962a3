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
    "avery-l7160": "L7160 (A4, 63.5 × 38.1 mm)",
    "avery-l7159": "L7159 (A4, 63.5 × 33.9 mm)",
    "avery-l7163": "L7163 (A4, 99.1 × 38.1 mm)",
    "avery-5160": "5160 (Letter, 66.7 × 25.4 mm)",
}
"""By the names of ``factory_labels.layouts``; the smallest is left out, since it takes less error correction."""
