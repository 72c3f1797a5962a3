"""The map of standards: which there are, what each asks, how several compare, who covers a topic. Pages and JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from chalice.app import Blueprint, Response

from chalicelib import clock
from chalicelib.domain import standards_map, text
from chalicelib.domain.errors import Malformed, NotFound
from chalicelib.domain.finding import fold
from chalicelib.domain.phrase import phrase
from chalicelib.domain.standard import TOPICS, Area, Card, Kind, Standard
from chalicelib.domain.standards_map import FEWEST_COMPARED, MOST_COMPARED, Wish
from chalicelib.public import edge, standard_facts
from chalicelib.store import finder, reader
from chalicelib.web import language, responses, standard_words
from chalicelib.web.request import Ask

routes = Blueprint(__name__)

_MOST_IDS = 20
_MOST_SHOWN = 60
"""On the page, which is to stay small; the JSON has all."""
_UNKNOWN = "There is no standard of this name on record here."


@dataclass(frozen=True, slots=True)
class Chosen:
    """The standards that a reader picked to compare: those on record in the order asked, and names of no standard."""

    ids: tuple[str, ...]
    standards: list[Standard] = field(default_factory=list)
    unknown: tuple[str, ...] = ()

    @property
    def too_few(self) -> bool:
        """Whether there is nothing to compare with."""
        return len(self.standards) < FEWEST_COMPARED

    @property
    def too_many(self) -> bool:
        """Whether there are more than stand side by side."""
        return len(self.ids) > MOST_COMPARED


@edge.page(routes, "/standards")
def standards_page(ask: Ask) -> Response:
    """All standards, or those that fit; a box beside each picks it for a comparison."""
    wish, found = _listed(ask)
    ids = _ids(ask)
    shown = {card.standard_id for card in found[:_MOST_SHOWN]}
    cards = reader.standard_cards(each for each in ids if each not in shown) if set(ids) - shown else {}
    return _render(
        ask,
        "standards.html",
        _address("/standards", _named(wish), ids),
        index=wish.is_open and not ids,
        found=found[:_MOST_SHOWN],
        more=len(found) > _MOST_SHOWN,
        others=[cards[each] for each in ids if each in cards],
        wish=wish,
        ids=ids,
        choices=_choices(ask, wish, found),
    )


@edge.document(routes, "/v1/standards")
def standards_document(ask: Ask) -> Response:
    """All standards, or those that fit."""
    today = clock.today()
    cards = [standard_facts.card(each, today) for each in _listed(ask)[1]]
    return responses.json_response({"results": cards}, cache=responses.REVALIDATE)


@edge.page(routes, "/standards/{standard_id}")
def standard_page(ask: Ask, standard_id: str) -> Response:
    """One standard: what the map knows of it, where that is to be read, and what the map does not know."""
    found = _one(standard_id)
    return _render(
        ask, "standard.html", f"/standards/{found.standard_id}", index=found.kind is not None, standard=found
    )


@edge.document(routes, "/v1/standards/{standard_id}")
def standard_document(_ask: Ask, standard_id: str) -> Response:
    """One standard: the same facts as its page."""
    body = standard_facts.standard(_one(standard_id), clock.today())
    return responses.json_response(body, cache=responses.REVALIDATE)


@edge.page(routes, "/standards/compare")
def compare_page(ask: Ask) -> Response:
    """Two to five standards side by side. Of fewer or more the page says what to do."""
    chosen = _chosen(ask)
    wrong = chosen.too_few or chosen.too_many
    return _render(
        ask,
        "standards_compare.html",
        _address("/standards/compare", {}, chosen.ids),
        index=False,
        http_status=400 if wrong else 200,
        chosen=chosen,
        rows={} if wrong else standards_map.compared(each.topics for each in chosen.standards),
        again=_address("/standards", {}, chosen.ids),
        without={
            each: _address("/standards/compare", {}, [other for other in chosen.ids if other != each])
            for each in chosen.ids
        },
        fewest=FEWEST_COMPARED,
        most=MOST_COMPARED,
    )


@edge.document(routes, "/v1/standards/compare")
def compare_document(ask: Ask) -> Response:
    """Two to five standards side by side."""
    chosen = _chosen(ask)
    if chosen.too_few or chosen.too_many:
        raise Malformed(
            phrase(
                "Ask with ?ids=, %(fewest)s to %(most)s standards on record here, such as ids=gots,grs.",
                fewest=FEWEST_COMPARED,
                most=MOST_COMPARED,
            )
        ).at("/ids")
    body = standard_facts.compared(chosen.standards, chosen.unknown, clock.today())
    return responses.json_response(body, cache=responses.REVALIDATE)


@edge.page(routes, "/standards/topics/{topic}")
def topic_page(ask: Ask, topic: str) -> Response:
    """Which standards cover a topic, and how bindingly."""
    found = _covering(topic)
    near = [each for each in TOPICS if TOPICS[each] is TOPICS[topic] and each != topic]
    return _render(ask, "standards_topic.html", f"/standards/topics/{topic}", topic=topic, found=found, near=near)


@edge.document(routes, "/v1/standards/topics/{topic}")
def topic_document(_ask: Ask, topic: str) -> Response:
    """Which standards cover a topic, and how bindingly."""
    body = standard_facts.topic(topic, _covering(topic), clock.today())
    return responses.json_response(body, cache=responses.REVALIDATE)


def _render(ask: Ask, template: str, path: str, **context: Any) -> Response:
    """A page of the map. It hangs on the day: an entry grows old."""
    today = clock.today()
    return edge.render(
        ask,
        template,
        path=path,
        cache=responses.REVALIDATE,
        names=standard_words,
        areas=TOPICS,
        fresh=lambda each: standards_map.freshness(each.reviewed, today).value,
        **context,
    )


def _one(standard_id: str) -> Standard:
    code = standard_id.lower()
    found = reader.standard(code) if text.is_tenant(code) else None
    if found is None:
        raise NotFound(_UNKNOWN)
    return found


def _listed(ask: Ask) -> tuple[Wish, list[Card]]:
    wish = Wish(
        kind=Kind(asked) if (asked := _asked(ask, "kind", Kind)) else None,
        area=Area(asked) if (asked := _asked(ask, "area", Area)) else None,
        topic=_asked(ask, "topic", TOPICS),
        sector=_code(ask, "sector"),
        country=_country(ask),
    )
    return wish, standards_map.in_order(each for each in reader.standard_cards().values() if wish.admits(each))


def _covering(topic: str) -> dict[Any, list[Card]]:
    if topic not in TOPICS:
        raise NotFound("There is no such topic on the map.")
    return standards_map.by_degree(reader.standard_cards().values(), topic)


def _chosen(ask: Ask) -> Chosen:
    """More than can stand side by side are not looked up."""
    ids = _ids(ask)
    asked = [each for each in ids if text.is_tenant(each)][:MOST_COMPARED]
    held = reader.standards(asked) if asked else {}
    unknown = [each for each in ids if each not in held and (each in asked or not text.is_tenant(each))]
    return Chosen(ids, [held[each] for each in asked if each in held], tuple(unknown))


def _ids(ask: Ask) -> tuple[str, ...]:
    """What ``ids`` names, each once: parted by commas, or said again and again, as a form does."""
    given = [part.strip().lower() for name, value in ask.pairs if name == "ids" for part in value[:1000].split(",")]
    return tuple(dict.fromkeys(each[:60] for each in given if each))[:_MOST_IDS]


def _asked(ask: Ask, name: str, allowed: Iterable[str]) -> str | None:
    given = ask.query.get(name, "").strip().lower()
    if given and given not in [str(each) for each in allowed]:
        raise Malformed(
            phrase("%(name)s is one of %(allowed)s.", name=name, allowed=", ".join(str(each) for each in allowed))
        ).at(f"/{name}")
    return given or None


def _code(ask: Ask, name: str) -> str | None:
    given = ask.query.get(name, "").strip().lower()
    return text.clean_code(given) if given else None


def _country(ask: Ask) -> str | None:
    given = ask.query.get("country", "").strip().upper()
    if given and not (len(given) == 2 and given.isascii() and given.isalpha()):
        raise Malformed("A country is an ISO 3166-1 alpha-2 code, such as BD.").at("/country")
    return given or None


def _choices(ask: Ask, wish: Wish, found: Iterable[Card]) -> dict[str, list[tuple[str, str]]]:
    """What the list can be narrowed to, in the reader's words and their order: of countries, those with factories."""
    spoken = language.choose(ask.query.get("lang"), ask.header("accept-language"))
    sectors = {code: spoken.gettext(name) for code, name in standard_words.SECTORS.items()}
    if wish.sector:
        sectors.setdefault(wish.sector, wish.sector)
    countries = {*finder.facets()["country"], *(code for card in found for code in card.countries)}
    countries |= {wish.country} if wish.country else set()
    named = {"sector": sectors, "country": {code: spoken.country(code) for code in countries}}
    return {kind: sorted(names.items(), key=lambda each: fold(each[1])) for kind, names in named.items()}


def _named(wish: Wish) -> dict[str, str | None]:
    return {
        "kind": wish.kind,
        "area": wish.area,
        "topic": wish.topic,
        "sector": wish.sector,
        "country": wish.country,
    }


def _address(path: str, asked: dict[str, str | None], ids: Iterable[str]) -> str:
    """A path of the map with its question, as short as it can be written."""
    given = {name: str(value) for name, value in asked.items() if value}
    picked = ",".join(ids)
    question = urlencode({**given, **({"ids": picked} if picked else {})}, quote_via=quote, safe=",")
    return f"{path}?{question}" if question else path
