"""The words of the form for a brand's page. Translated when shown."""

from __future__ import annotations

from chalicelib.web.words import N_

LABELS = {"website": N_("Website"), "texts": N_("Your text")}
