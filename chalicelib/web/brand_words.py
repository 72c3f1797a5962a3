"""The words of brands' pages. Translated when shown."""

from __future__ import annotations

from chalicelib.web.words import N_

AREAS = {
    "environment": N_("Environmental protection"),
    "labour": N_("Worker and labour rights"),
    "economic": N_("Economic development"),
    "quality": N_("Quality and food safety"),
    "ethics": N_("Business ethics"),
}
"""By ``standard.Area``."""

LABELS = {"website": N_("Website"), "texts": N_("Your text")}
