"""The words of the portal's forms: what a field is called, what is asked, who sees it.

Translated when shown.
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
    "photos": N_("Photos"),
    "about": N_("What it shows"),
    "file": N_("A photo"),
    "number": N_("Number on the certificate"),
    "standard_id": N_("Standard"),
    "certifier": N_("Who issued it"),
    "certifier_id": N_("Certification body"),
    "scope": N_("What it covers"),
    "valid_from": N_("First day"),
    "valid_to": N_("Last day"),
    "products": N_("Products covered"),
    "email": N_("E-mail address"),
    "reason": N_("Reason"),
    "into": N_("The other Factory ID"),
    "effective": N_("Since"),
    "id": N_("Identifier"),
    "sure": N_("Yes, erase it. It cannot be taken back."),
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
    "product_categories": N_("What is not in the list, in English, separated by commas."),
    "processes": N_("What is not in the list, in English, separated by commas."),
    "languages": N_("What is not in the list, as codes, separated by commas: lo, sq."),
    "website": N_("Such as https://www.example.com/factory."),
    "number": N_("Exactly as it is printed."),
    "certifier": N_("The certification body, as it is named on the certificate."),
    "scope": N_("As it stands on the certificate: products and processes."),
    "products": N_("If it names some: one a line. You may leave it empty."),
    "about": N_("In a few words, for people who do not see it: the sewing hall, seen from the door."),
    "file": N_("JPEG, PNG or WebP, at most 8 megabytes."),
    "email": N_("The address to which the invitation was sent."),
    "reason": N_("Why, in a sentence. It stays in the history for ever: name no private persons."),
    "into": N_("As it is printed: case, blanks and dashes do not matter."),
    "effective": N_("Today, if you leave it empty."),
    "id": N_("Two to forty lower-case letters, digits or -. It can never be changed."),
    "team_email": N_("They sign in with this address, by a link that we mail to it."),
}
"""What helps to fill an input in."""

AUDIENCES = {
    "public": N_("Everybody"),
    "network": N_("Brands that I supply"),
    "private": N_("Only me"),
}
