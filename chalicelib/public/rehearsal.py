"""What a function does once before its snapshot is taken: the pages that are scanned, in each language, for nobody.

Whoever is first to ask after a snapshot then waits for no import, no template and no catalogue. Nothing is read, no
connection is opened, nobody is counted and nothing is drawn by lot: all that would be the same in each copy.
"""

from __future__ import annotations

from datetime import date

from chalice.app import Chalice

from chalicelib import clock
from chalicelib.domain.certificate import Standing, StandingChange
from chalicelib.domain.disclosure import PublicCertificate, PublicFactory
from chalicelib.public import certificate, factory, facts, links, site
from chalicelib.public.when_asked import Routes
from chalicelib.web import language
from chalicelib.web.request import Ask

_SINCE = "2026-01-01T00:00:00Z"
_FIELDS = {"name": "Mill", "country": "BD", "city": "Dhaka", "website": "https://mill.example"}
CERTIFICATE = PublicCertificate(
    code="C4J7K2M9QXD",
    number="N-1",
    standard_id="gots",
    standard_name="Standard",
    certifier="Certifier",
    holder_id="BD7K3M9Q2XWC",
    holder_name="Mill",
    scope="all",
    products=(),
    valid_from=date(2026, 1, 1),
    valid_to=date(9999, 12, 31),
    confirmed=True,
    history=(StandingChange(Standing.ACTIVE, "", date(2026, 1, 1), _SINCE),),
)
FACTORY = PublicFactory(
    factory_id="BD7K3M9Q2XWC",
    state="open",
    state_since=None,
    successor=None,
    claimed=True,
    fields=_FIELDS,
    sources={name: {"source": "factory", "date": "2026-01-01"} for name in _FIELDS},
    audits=(),
    certificates=(CERTIFICATE,),
    members=(),
    updated_at=_SINCE,
)


def rehearse(app: Chalice) -> None:
    """Import what ``app`` would import when it is first asked for, and draw the pages."""
    import http.client  # noqa: F401  with which the function will ask for its credentials

    if isinstance(app.routes, Routes):
        app.routes.bring_all()
    for code in language.offered():
        ask = Ask("HEAD", "/", {}, {"lang": code}, {}, b"")  # HEAD: no scan is counted
        site.home(ask)
        factory.show(ask, FACTORY, links.of_factory(FACTORY))
        certificate.show(ask, CERTIFICATE, clock.today(), links.of_certificate(CERTIFICATE))
    facts.certificate(factory.answers_today(FACTORY)[0], clock.now())
