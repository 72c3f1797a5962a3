"""The words of what factories measure, and of the programmes that support them. Translated when shown."""

from __future__ import annotations

from chalicelib.web.words import N_

RESOURCES = {
    "energy": N_("Energy"),
    "water": N_("Water"),
    "waste": N_("Waste"),
    "chemicals": N_("Chemicals"),
    "materials": N_("Materials"),
}

MEASURES = {
    "use": N_("So much for each unit of output: the less the better"),
    "share": N_("A share of the whole, such as recycled input or waste recovered: the more the better"),
}

UNITS = {"m3": "m³", "m2": "m²", "piece": N_("piece"), "pair": N_("pair")}
"""Signs and names of units; all others are shown by their codes."""

KINDS = {
    "resource_efficiency": N_("Resource efficiency"),
    "circular_production": N_("Circular production"),
    "climate": N_("Climate adaptation"),
    "other": N_("Another subject"),
}

PARTS = {
    "invited": N_("Invited"),
    "takes_part": N_("Takes part"),
    "declined": N_("Declined"),
    "left": N_("Left"),
}

ELEMENTS = {
    "session": N_("Session on site"),
    "e_learning": N_("E-learning"),
    "workshop": N_("Workshop"),
}
