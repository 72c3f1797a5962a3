"""The words of the portal's forms: what a field is called, what is asked, why it starts as it does.

Translated when shown. The reasons are those of ``domain.disclosure``, repeated so that the catalogues have them.
"""

from __future__ import annotations

from chalicelib.web.words import N_

LABELS = {
    "name": N_("Legal name"),
    "country": N_("Country"),
    "local_name": N_("Name in your own script"),
    "aliases": N_("Other names"),
    "address": N_("Street and number"),
    "city": N_("Town or city"),
    "region": N_("Region or district"),
    "postal_code": N_("Postal code"),
    "coordinates": N_("Exact place on the map"),
    "latitude": N_("Latitude"),
    "longitude": N_("Longitude"),
    "gln": N_("GS1 location number (GLN)"),
    "product_categories": N_("What you make"),
    "processes": N_("Processes on site"),
    "workforce": N_("People at work"),
    "languages": N_("Languages spoken"),
    "descriptions": N_("Your own words"),
    "website": N_("Website"),
    "contact_name": N_("Contact person"),
    "contact_email": N_("E-mail address"),
    "contact_phone": N_("Telephone"),
    "site": N_("ICS site number"),
    "audits": N_("ICS audit dates"),
    "number": N_("Number on the certificate"),
    "standard_id": N_("Standard"),
    "certifier": N_("Who issued it"),
    "scope": N_("What it covers"),
    "valid_from": N_("First day"),
    "valid_to": N_("Last day"),
    "products": N_("Products covered"),
    "email": N_("E-mail address"),
}
"""What each input is called."""

HINTS = {
    "name": N_("As it is registered."),
    "local_name": N_("If you also write it in another script."),
    "aliases": N_("Former and trading names, one a line."),
    "address": N_("Where the work is done, not the office."),
    "latitude": N_("In degrees, such as 23.99934."),
    "longitude": N_("In degrees, such as 90.42049."),
    "gln": N_("13 digits, if you have one."),
    "product_categories": N_("In English, separated by commas: knitwear, home textiles, footwear."),
    "processes": N_("In English, separated by commas: knitting, dyeing, cutting, sewing."),
    "languages": N_("As codes, separated by commas: bn, en, zh."),
    "website": N_("Such as https://www.example.com/factory."),
    "number": N_("Exactly as it is printed."),
    "certifier": N_("The certification body, as it is named on the certificate."),
    "scope": N_("As it stands on the certificate: products and processes."),
    "products": N_("If it names some: one a line. You may leave it empty."),
    "email": N_("The address to which the invitation was sent."),
    "team_email": N_("They sign in with this address, by a link that we mail to it."),
}
"""What helps to fill an input in."""

AUDIENCES = {
    "public": N_("Everybody"),
    "network": N_("Brands that I supply"),
    "private": N_("Only me"),
}

REASONS = (
    N_("Says who and where you are: an ID that names nobody would help no one."),
    N_("Lets a buyer tell you from a namesake."),
    N_("Personal: shown to nobody until you decide otherwise."),
    N_("Lets people find you in your own script."),
    N_("Lets people find you under former and trading names."),
    N_("The exact place: for the members that you supply."),
    N_("Your GS1 location number: lets machines find you."),
    N_("Lets buyers find what you make."),
    N_("Lets buyers find what you do."),
    N_("A size band, never a count."),
    N_("Tells a buyer how to talk with you."),
    N_("Your own words, in each language that you choose."),
    N_("Leads people to your own site."),
    N_("Your number at ICS: for the members that you supply."),
    N_("Dates and types of your audits. Never how they went."),
)

PROBLEMS = (
    N_("This link no longer works"),
    N_("Ask whoever sent it for a new one."),
    N_("Changed in the meantime"),
    N_("Not allowed"),
    N_("Conflict"),
    N_("Malformed request"),
    N_("There is no such factory of yours."),
    N_("This form was open for too long or came from elsewhere. Go back, reload it and send it again."),
    N_("is missing"),
    N_("is not on record: ask the staff"),
    N_("lies before valid_from"),
    N_("must be a date written YYYY-MM-DD"),
    N_("must lie between 1990 and 2100"),
    N_("must be a number of degrees, such as 23.99934"),
    N_("must both be given, or neither"),
    N_("is not a field of this form"),
    N_("The registry could not be reached just now."),
    N_("The factory has no name yet: it must complete its profile first."),
    N_("A factory holds at most 40 certificates on record."),
)
"""What routes and rules say when something is wrong."""
