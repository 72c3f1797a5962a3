"""Codes in words. Code lists are open: a code that stands in no list is shown as it was sent."""

from __future__ import annotations


def N_(message: str) -> str:  # noqa: N802  (gettext's own name for it)
    """Marks a text for the catalogue; it is translated when it is shown."""
    return message


STATUS = {
    "valid": N_("Valid"),
    "declared": N_("Declared valid"),
    "not_yet_valid": N_("Not yet valid"),
    "expired": N_("Expired"),
    "suspended": N_("Suspended"),
    "withdrawn": N_("Withdrawn"),
    "unknown": N_("Unknown"),
    "unavailable": N_("Could not be read now"),
}
"""``declared`` stands for ``valid`` where the certifier has not confirmed it: the reader must not mix the two up."""

STANDING = {
    "active": N_("In force"),
    "suspended": N_("Suspended"),
    "withdrawn": N_("Withdrawn"),
}

LOGGED = {
    "declared": N_("Declared by the factory"),
    "confirmed": N_("Confirmed by the certifier"),
    "suspended": N_("Suspended"),
    "reinstated": N_("In force again"),
    "withdrawn": N_("Withdrawn"),
}
"""What happened to the standing of a certificate, in the log of changes."""

PROCESS = {
    "assembly": N_("Assembly"),
    "coating": N_("Coating"),
    "cutting": N_("Cutting"),
    "dyeing": N_("Dyeing"),
    "embroidery": N_("Embroidery"),
    "farming": N_("Farming"),
    "finishing": N_("Finishing"),
    "food_processing": N_("Food processing"),
    "garment_making": N_("Garment making"),
    "ginning": N_("Ginning"),
    "knitting": N_("Knitting"),
    "lasting": N_("Shoe lasting"),
    "laundry": N_("Laundry"),
    "leather_cutting": N_("Leather cutting"),
    "moulding": N_("Moulding"),
    "packing": N_("Packing"),
    "painting": N_("Painting"),
    "printing": N_("Printing"),
    "quality_control": N_("Quality control"),
    "recycling": N_("Recycling"),
    "sewing": N_("Sewing"),
    "spinning": N_("Spinning"),
    "tanning": N_("Tanning"),
    "trimming": N_("Trimming"),
    "warehousing": N_("Warehousing"),
    "washing": N_("Washing"),
    "weaving": N_("Weaving"),
    "woodworking": N_("Woodworking"),
}

CATEGORY = {
    "accessories": N_("Accessories"),
    "apparel": N_("Clothing"),
    "bags": N_("Bags"),
    "ceramics": N_("Ceramics"),
    "clothing": N_("Clothing"),
    "cosmetics": N_("Cosmetics"),
    "denim": N_("Denim"),
    "electronics": N_("Electronics"),
    "fabric": N_("Fabrics"),
    "fabrics": N_("Fabrics"),
    "food": N_("Food"),
    "footwear": N_("Footwear"),
    "furniture": N_("Furniture"),
    "garments": N_("Clothing"),
    "home_textiles": N_("Home textiles"),
    "household": N_("Household goods"),
    "jewellery": N_("Jewellery"),
    "knitwear": N_("Knitwear"),
    "leather_goods": N_("Leather goods"),
    "packaging": N_("Packaging"),
    "sports": N_("Sports goods"),
    "sportswear": N_("Sportswear"),
    "textiles": N_("Textiles"),
    "toys": N_("Toys"),
    "trims": N_("Trims"),
    "underwear": N_("Underwear"),
    "woven_garments": N_("Woven clothing"),
    "yarn": N_("Yarns"),
    "yarns": N_("Yarns"),
}

SPOKEN = {
    "en": "English",
    "ar": "العربية",
    "bn": "বাংলা",
    "bg": "Български",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "gu": "ગુજરાતી",
    "hi": "हिन्दी",
    "id": "Bahasa Indonesia",
    "it": "Italiano",
    "ja": "日本語",
    "km": "ខ្មែរ",
    "ko": "한국어",
    "ms": "Bahasa Melayu",
    "my": "မြန်မာ",
    "ne": "नेपाली",
    "pa": "ਪੰਜਾਬੀ",
    "pl": "Polski",
    "pt": "Português",
    "ro": "Română",
    "ru": "Русский",
    "si": "සිංහල",
    "ta": "தமிழ்",
    "te": "తెలుగు",
    "th": "ไทย",
    "tr": "Türkçe",
    "uk": "Українська",
    "ur": "اردو",
    "vi": "Tiếng Việt",
    "zh": "中文",
}
"""Languages that factories speak, each by its own name: who speaks it reads it."""

AUDIT_SCOPE = {
    "environmental": N_("Environmental audit"),
    "social": N_("Social audit"),
}

AUDIT_TYPE = {
    "follow_up": N_("Follow-up"),
    "initial": N_("Initial"),
    "re_audit": N_("Re-audit"),
}

AUDIT_NOTICE = {
    "announced": N_("announced"),
    "semi_announced": N_("semi-announced"),
    "unannounced": N_("unannounced"),
}

PROGRAMME = {
    "climate": N_("Climate adaptation plan"),
    "efficiency": N_("Resource efficiency and circular production"),
}

STEP = {
    "risks": N_("Analyse risks and opportunities"),
    "strategies": N_("Draw up strategies"),
    "communication": N_("Communicate them"),
    "means": N_("Find technologies, finance and services"),
}
"""The four steps of a climate plan."""

STEP_STATE = {
    "open": N_("Not begun"),
    "under_way": N_("Under way"),
    "done": N_("Done"),
}

HAZARD = {
    "heat": N_("Heat"),
    "flood": N_("Flood"),
    "water_stress": N_("Drought and water stress"),
    "storm": N_("Storm"),
    "sea_level": N_("Rising sea"),
    "cold": N_("Cold and frost"),
    "landslide": N_("Landslide"),
    "fire": N_("Fire"),
    "disease": N_("Disease"),
    "supply_disruption": N_("Supplies that fail to come"),
    "energy_outage": N_("Power cuts"),
    "regulation_market": N_("New rules and markets"),
}

BAND = {
    "low": N_("Low"),
    "medium": N_("Medium"),
    "high": N_("High"),
}

MEASURE = {
    "open": N_("Planned"),
    "under_way": STEP_STATE["under_way"],
    "done": STEP_STATE["done"],
    "overdue": N_("Overdue"),
}
"""How far a measure is on the day."""

LISTS = {
    "status": STATUS,
    "standing": STANDING,
    "logged": LOGGED,
    "process": PROCESS,
    "spoken": SPOKEN,
    "category": CATEGORY,
    "audit_scope": AUDIT_SCOPE,
    "audit_type": AUDIT_TYPE,
    "audit_notice": AUDIT_NOTICE,
    "programme": PROGRAMME,
    "step": STEP,
    "step_state": STEP_STATE,
    "hazard": HAZARD,
    "band": BAND,
    "measure": MEASURE,
}

NOT_RIGHT = N_("This is not right yet")
"""What a page says above a 400, whose title in a problem document is for machines."""

TOO_MANY = N_("Too many requests")
WAIT = N_("Please wait a minute, then try again.")
"""What is said to whoever asks too often."""
