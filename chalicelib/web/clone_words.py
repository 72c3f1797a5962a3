"""The words of the form by which a brand says what is too much for one item."""

from __future__ import annotations

from chalicelib.web.words import N_

LABELS = {
    "places": N_("Networks in a day, at least"),
    "days": N_("On so many days of thirty, at least"),
}
HINTS = {
    "places": N_("From 3 to 40. A phone at home and on the way are two."),
    "days": N_("From 1 to 10."),
}
