"""Why two records are likely to be one factory, and what is odd about a name, in words."""

from __future__ import annotations

from chalicelib.web.words import N_

REASONS = {
    "same_site": N_("The same ICS site number"),
    "same_gln": N_("The same GS1 location number"),
    "looks_the_same": N_("A name that looks the same, in other letters"),
    "same_name": N_("The same name"),
    "name_alike": N_("A name much like it"),
    "near": N_("Less than 500 metres apart"),
    "address_alike": N_("Much the same address"),
    "same_city": N_("The same town"),
    "same_country": N_("The same country"),
}
"""By ``likeness.Reason``."""

ODDITIES = {
    "mixed_scripts": N_("A word of the name has letters of two scripts"),
    "looks_latin": N_("A word in another script looks like Latin letters"),
}
"""By ``lookalike.Oddity``."""
