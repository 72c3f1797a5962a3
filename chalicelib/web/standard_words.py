"""The words of the map of standards: kinds, areas, topics, how binding, for whom. Translated when shown."""

from __future__ import annotations

from chalicelib.web.words import N_

KINDS = {
    "certification": N_("Certification"),
    "audit_scheme": N_("Audit scheme"),
    "label": N_("Label"),
    "code_of_conduct": N_("Code of conduct"),
    "method": N_("Method"),
}
"""By ``standard.Kind``."""

LEADS_TO = {
    "certification": N_("It leads to a certificate, which can be checked here."),
    "audit_scheme": N_("It leads to audits. An audit is not a certificate."),
    "label": N_("It leads to a label on products."),
    "code_of_conduct": N_("It is a code that companies commit themselves to. It leads to no certificate."),
    "method": N_("It is a way to measure or assess. It leads to no certificate."),
}
"""What a standard of each kind leads to."""

AREAS = {
    "environment": N_("Environmental protection"),
    "labour": N_("Worker and labour rights"),
    "economic": N_("Economic development"),
    "quality": N_("Quality and food safety"),
    "ethics": N_("Business ethics"),
}
"""By ``standard.Area``."""

TOPICS = {
    "environmental_management": N_("Environmental management"),
    "energy": N_("Energy"),
    "greenhouse_gases": N_("Greenhouse gases"),
    "water_use": N_("Water use"),
    "wastewater": N_("Wastewater"),
    "air_emissions": N_("Emissions to air"),
    "waste": N_("Waste"),
    "chemicals": N_("Chemicals"),
    "environmental_emergencies": N_("Environmental emergencies"),
    "biodiversity": N_("Biodiversity"),
    "materials": N_("Materials"),
    "animal_welfare": N_("Animal welfare"),
    "child_labour": N_("Child labour"),
    "forced_labour": N_("Forced labour"),
    "discrimination": N_("Discrimination"),
    "harassment": N_("Harassment and abuse"),
    "freedom_of_association": N_("Freedom of association"),
    "grievance": N_("Grievances"),
    "working_hours": N_("Working hours"),
    "wages": N_("Wages"),
    "health_and_safety": N_("Health and safety"),
    "prices_and_premiums": N_("Prices and premiums"),
    "training": N_("Training"),
    "local_communities": N_("Local communities"),
    "quality_management": N_("Quality management"),
    "product_safety": N_("Product safety"),
    "food_safety": N_("Food safety"),
    "chain_of_custody": N_("Chain of custody"),
    "labelling": N_("Labelling"),
    "legal_compliance": N_("Compliance with the law"),
    "management_and_transparency": N_("Management and transparency"),
    "anti_corruption": N_("Anti-corruption"),
}
"""By ``standard.TOPICS``."""

DEGREES = {
    "immediate": N_("Binding at once"),
    "term": N_("Binding within a set time"),
    "recommended": N_("Recommended"),
    "unspecified": N_("Covered; how binding is not known"),
}
"""By ``standard.Degree``."""

SECTORS = {
    "agriculture": N_("Agriculture"),
    "clothing": N_("Clothing"),
    "construction": N_("Construction"),
    "cosmetics": N_("Cosmetics"),
    "electronics": N_("Electronics"),
    "food": N_("Food"),
    "footwear": N_("Footwear"),
    "forestry": N_("Forestry"),
    "furniture": N_("Furniture"),
    "home_textiles": N_("Home textiles"),
    "household": N_("Household goods"),
    "leather": N_("Leather"),
    "packaging": N_("Packaging"),
    "textiles": N_("Textiles"),
    "toys": N_("Toys"),
}
"""An open list: a code that does not stand here is shown as it was sent."""

FACTS = {"cost": N_("Cost"), "process": N_("How it works"), "validity": N_("Validity")}
"""By ``standard.FACT_TOPICS``."""

UNKNOWN_FACTS = {
    "cost": N_("The map does not know what it costs."),
    "process": N_("The map does not know how it works in detail."),
    "validity": N_("The map does not know how long it holds."),
}
"""What is said where no fact is on record."""

REVIEWERS = {"registry": N_("The registry"), "owner": N_("Its owner")}
"""Who reviewed an entry."""
