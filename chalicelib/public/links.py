"""What leads on from a thing: its linkset (RFC 9264), and redirects by ``?linkType=`` (GS1-Conformant Resolver 1.2).

Every link is a page or document of our own, and stands there only if it has something to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from chalice.app import Response

from chalicelib.domain import credential, identity
from chalicelib.domain.disclosure import PublicCertificate, PublicFactory, PublicProduct
from chalicelib.domain.errors import NotFound
from chalicelib.public import credentials, edge
from chalicelib.store import reader
from chalicelib.store.keys import Key
from chalicelib.web import language, negotiation, responses
from chalicelib.web.request import Ask

VOCABULARY = "https://ref.gs1.org/voc/"
CONTEXT = "https://ref.gs1.org/standards/resolver/linkset-context"
_PREFIXES = ("gs1:", VOCABULARY, "https://gs1.org/voc/", "https://www.gs1.org/voc/", "http://gs1.org/voc/")
_PAGE, _JSON = "text/html", "application/json"
_SIGNED = ("dfr", "dcc", "dpp")
_PLAIN = ("alternate", *_SIGNED)


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a path of ours. ``relation`` is a term of GS1's vocabulary, or a name registered with IANA or by UNTP.

    Those are ``alternate`` for the JSON, and ``dfr``, ``dcc``, ``dpp`` for a credential.
    """

    relation: str
    path: str
    title: str

    @property
    def name(self) -> str:
        """The relation as it stands in a linkset: a URL, or a name registered with IANA."""
        return self.relation if self.relation in _PLAIN else VOCABULARY + self.relation


@dataclass(frozen=True, slots=True)
class Thing:
    """What a linkset is about: the path that names it, what it is, what leads on, and how long that may be kept.

    ``signed`` leads to what the registry signed about it, if it did, which only who asks for that has to look up.
    """

    path: str
    description: str
    links: tuple[Link, ...]
    cache: str = responses.REVALIDATE
    signed: Link | None = None


def of_factory(found: PublicFactory, path: str | None = None) -> Thing:
    """A factory, by its own page or by the path of a GLN."""
    page, name = f"/f/{found.factory_id}", found.name
    links = [Link("registryEntry", page, f"Factory ID of {name}")]
    if found.certificates:
        links.append(Link("certificationInfo", f"{page}#certificates", f"Certificates of {name}, as of today"))
    links.append(Link("alternate", f"/v1/factories/{found.factory_id}", f"{name} as JSON"))
    signed = Link("dfr", credential.path_of("f", found.factory_id), f"{name} as a signed record")
    return Thing(path or page, name, _with_default(path or page, name, links), signed=signed)


def of_certificate(found: PublicCertificate, path: str | None = None) -> Thing:
    """A certificate, by its own page or by the path of a GDTI."""
    page, name = f"/c/{found.code}", f"Certificate {found.number}, {found.standard_name}"
    links = [
        Link("certificationInfo", page, f"{name}: whether it holds"),
        Link("alternate", f"/v1/certificates/{found.code}", f"{name} as JSON"),
    ]
    signed = Link("dcc", credential.path_of("c", found.code), f"{name} as a signed credential")
    return Thing(path or page, name, _with_default(path or page, name, links), responses.NO_STORE, signed)


def of_product(found: PublicProduct, path: str | None = None) -> Thing:
    """A product, by its own page or by the path of one of its lots."""
    page = path or identity.product_path(found.product_id)
    name = f"{found.brand} {found.name}"
    links = [Link("pip", page, name)]
    if found.stages:
        links.append(Link("traceability", f"{page}#stages", f"Which factories made {name}, stage by stage"))
    links.append(Link("alternate", f"/v1/products/{found.product_id}", f"{name} as JSON"))
    signed = Link("dpp", credential.path_of("p", found.product_id), f"{name} as a signed passport")
    return Thing(page, name, _with_default(page, name, links), signed=signed)


def _with_default(path: str, title: str, links: list[Link]) -> tuple[Link, ...]:
    return (Link("defaultLink", path, title), *links)


def answer(ask: Ask, thing: Thing) -> Response | None:
    """The linkset, redirect or credential asked for; ``None`` if it was the page. ``NotFound`` if there is none."""
    if negotiation.wants_credential(ask):
        return _credential(thing)
    if negotiation.wants_linkset(ask):
        return linkset(thing)
    link_type = ask.query.get("linkType")
    if link_type is None:
        return None
    wanted = _term(link_type)
    leading = _with_signed(thing) if wanted in _SIGNED else thing.links
    link = next((each for each in leading if each.relation == wanted), None)
    if link is None:
        raise NotFound("There is no link of this type here. Ask with ?linkType=linkset for those that there are.")
    path, _, fragment = link.path.partition("#")
    onward = urlencode([pair for pair in ask.pairs if pair[0] != "linkType"], errors="replace")
    location = edge.url(path) + (f"?{onward}" if onward else "") + (f"#{fragment}" if fragment else "")
    return responses.redirect(location, 307, **headers(thing))


def _with_signed(thing: Thing) -> tuple[Link, ...]:
    """What leads on, with the credential if there is one: that costs a read."""
    if thing.signed is None or reader.credential(_place(thing.signed)) is None:
        return thing.links
    return (*thing.links, thing.signed)


def _credential(thing: Thing) -> Response:
    if thing.signed is None:
        raise NotFound("There is no credential of this.")
    answer = credentials.served(_place(thing.signed), "c" if thing.signed.relation == "dcc" else "f")
    answer.headers.update(headers(thing))
    return answer


def _place(signed: Link) -> Key:
    _, _, kind, identifier = signed.path.split("/")
    return credentials.place_of(kind, identifier)


def headers(thing: Thing) -> dict[str, str]:
    """What every answer about a thing says: where its linkset is, and what the answer depends on."""
    return {**responses.CORS, "Link": _to_linkset(thing), "Vary": "Accept, Accept-Language"}


def missing(ask: Ask, what: str, typed: str) -> Response:
    """Not on record, said to people or to a machine."""
    if negotiation.wants_linkset(ask):
        raise NotFound("Nothing with this number is on record here. Check it once more.")
    return edge.render(ask, "not_found.html", http_status=404, what=what, typed=typed)


def linkset(thing: Thing) -> Response:
    """All that leads on from a thing, as RFC 9264 writes it."""
    body: dict[str, Any] = {"anchor": edge.url(thing.path), "itemDescription": thing.description}
    for link in _with_signed(thing):
        body.setdefault(link.name, []).append(_target(link))
    named = headers(thing)
    named["Link"] += f', <{CONTEXT}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'
    answer = responses.json_response({"linkset": [body]}, cache=thing.cache)
    answer.headers.update({**named, "Content-Type": negotiation.LINKSET})
    return answer


def _target(link: Link) -> dict[str, Any]:
    target: dict[str, Any] = {"href": edge.url(link.path), "title": link.title}
    if link.relation == "alternate":
        target["type"] = _JSON
    elif link.relation in _SIGNED:
        target["type"] = credential.MEDIA
    elif link.relation != "defaultLink":  # of which GS1 wants an address and a title only
        target |= {"type": _PAGE, "hreflang": list(language.offered())}
    return target


def _to_linkset(thing: Thing) -> str:
    address = quote(edge.url(thing.path), safe=":/%")
    return f'<{address}?linkType=linkset>; rel="linkset"; type="{negotiation.LINKSET}"'


def _term(link_type: str) -> str | None:
    """A term of GS1's vocabulary, however its prefix was written, or a name without one; else ``None``."""
    if link_type in _PLAIN:
        return link_type
    prefix = next((each for each in _PREFIXES if link_type.startswith(each)), None)
    return link_type[len(prefix) :] if prefix else None
