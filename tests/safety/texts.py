"""Any text in every field that takes one: refused with the field named, or shown as nothing but text wherever it shows.

Each text ends with a token of its own. Where the token turns up, in a page, a picture, a table, a document or a mail,
the whole text must stand before it, as text.
"""

from __future__ import annotations

import copy
import csv
import io
import json
import random
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.safety import judging, real
from tests.safety.mutations import TEXTS
from tests.safety.real import FORM, Request
from tests.safety.stage import Stage, stage

TOKEN = re.compile(r"Zq[0-9]{5}z")
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u3164\x00\x07\x1b\x7f\x85\u2028\u2029\ue000\U000e0041"
LIKE_LATIN = "аеорсхіӏΑΒΕΟΡΤօԁ"
MARKS = "\u0300\u0301\u0327\u0338\u20dd\u0e49\u0489"
EMOJI = "\U0001f469\U0001f3fd\u200d\U0001f52c\ufe0f\U0001f1e7\U0001f1e9"
SYNTAX = "<>\"'&{}%$=+-@\t\r\n\\/;`|#()[]!*_~^:,."
SCRIPTS = "abcXYZ 09éßمমেঘনা工場Ỉ"
TEXT = st.one_of(
    st.sampled_from([text[:120] for text in TEXTS]),
    st.text(SYNTAX + SCRIPTS, min_size=1, max_size=40),
    st.text(BIDI + UNSEEN + LIKE_LATIN + MARKS + EMOJI + SCRIPTS, min_size=1, max_size=40),
    *[st.text(LIKE_LATIN + MARKS + SCRIPTS + "<>&\"'=+-@{}%", min_size=1, max_size=60)] * 4,
    st.text(MARKS + SCRIPTS, min_size=1, max_size=25),
    st.text(st.characters(), min_size=1, max_size=40),
    st.text("\ud800\udfff\udbff" + SCRIPTS, min_size=1, max_size=5),
    st.builds("{}{}".format, st.sampled_from(list("=+-@\t\r'")), st.text(SCRIPTS + SYNTAX, max_size=20)),
    st.builds("{}{}".format, st.sampled_from(EMOJI + SCRIPTS), st.text(MARKS, min_size=50, max_size=120)),
    st.sampled_from(["x" * 1_000_000, "\u0301" * 30_000, "﷽" * 900, "\u202e" * 150]),
)
APART = (
    "/end",
    "/resume",
    "/merge",
    "/unmerge",
    "/close",
    "/move",
    "/reopen",
    "/erasures",
    "/keys",
    "/people",
    "/privacy",
)
APART += ("/acting", "/sign-out", "/erase", "/part", "/remove", "/revoke", "/{action}", "/stop", "/relay", "/links")
HEADERS = {"From", "To", "Subject", "MIME-Version", "Content-Type", "Content-Language", "Reply-To", "Auto-Submitted"}
HEADERS |= {"Content-Transfer-Encoding", "Date", "Message-ID"}


@dataclass
class Outcome:
    """How many texts were sent, taken and refused, where they were met again, and what was wrong."""

    tried: int = 0
    taken: int = 0
    met: int = 0
    fields: set[str] = field(default_factory=set)
    lost: list[str] = field(default_factory=list)


class Texts:
    """The texts of one round by their tokens."""

    def __init__(self, drawn: Iterator[str]) -> None:
        self.sent: dict[str, str] = {}
        self._drawn = drawn

    def next(self, *, in_form: bool) -> str:
        """A text that nobody sent yet. No browser sends half a letter."""
        token = f"Zq{len(self.sent):05}z"
        text = f"{next(self._drawn)} {token}"
        text = text.encode("utf-8", "replace").decode() if in_form else text
        self.sent[token] = text
        return text

    def whole(self, shown: str) -> list[str]:
        """The tokens in a shown text that stand there without the whole of their text before them."""
        seen = "".join(_plain(shown).split())
        tokens = set(TOKEN.findall(shown))
        return [one for one in tokens if "".join(_plain(self.sent.get(one, one)).split()) not in seen]


def drawn(many: int) -> list[str]:
    """So many texts, the same each time."""
    found: list[str] = []

    @settings(max_examples=many, database=None, deadline=None, derandomize=True, phases=[Phase.generate])
    @given(TEXT)
    def draw(text: str) -> None:
        found.append(text)

    draw()
    return found


def run(rounds: int, every: int = 1, tell: Callable[[int], None] = lambda _: None) -> Outcome:
    """So many rounds, each to every ``every``-th request that takes texts."""
    done, draw = Outcome(), random.Random(82)
    pool = drawn(400 if rounds == 1 else 4000)
    with stage() as held:
        requests = real.all_of(held)
        held.put_back()
        for number in range(rounds):
            chosen = [
                each for place, each in enumerate(requests) if each.method == "GET" or place % every == number % every
            ]
            round_of(held, chosen, iter(lambda: draw.choice(pool), None), done)
            tell(number + 1)
    return done


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def round_of(held: Stage, requests: list[Request], drawn: Iterator[str], done: Outcome) -> None:
    """Send texts in every field of every request, then look at everything that can be looked at.

    What ends something that others rest on is sent last, and its end undone.
    """
    texts = Texts(drawn)
    held.put_back()
    bodies = [each for each in requests if each.body is not None and each.real]
    late = [each for each in bodies if any(part in each.route for part in APART)]
    for each in bodies:
        if each not in late:
            _fill(held, each, texts, done)
    _look(held, requests, texts, done)
    for each in late:
        _fill(held, each, texts, done)
        held.put_back()


def _fill(held: Stage, each: Request, texts: Texts, done: Outcome) -> None:
    taken: dict[tuple[Any, ...], str] = {}
    for place in list(_places(each.body)):
        text = texts.next(in_form=each.media == FORM)
        answer = _sent(held, each, {place: text}, texts, done)
        done.tried += 1
        done.fields.add(f"{each.method} {each.route} {'/'.join(map(str, place))}")
        if answer.status_code < 400 and not _rejected(answer):
            taken[place] = text
            done.taken += 1
        elif answer.status_code == 400 and not _names(answer, place):
            done.lost.append(f"{each.method} {each.route} does not name {place}: {answer.body[:300]!r}")
    if taken:
        _sent(held, each, taken, texts, done)


def _sent(held: Stage, each: Request, put: Mapping[tuple[Any, ...], str], texts: Texts, done: Outcome) -> Any:
    body = real.form(held, each.path, each.caller) if each.media == FORM and len(put) > 1 else copy.deepcopy(each.body)
    for place, text in put.items():
        node = body
        for key in place[:-1]:
            node = node[key]
        node[place[-1]] = text
    sent = replace(each, body=body, headers=_fresh(held, each))
    answer = held.ask(sent.method, sent.address, {**_typed(sent), **held.callers[sent.caller]}, sent.content)
    wrong = [*judging.faults(held, sent, answer), *shown(answer, texts, done)]
    done.lost += [f"{each.method} {each.route} {list(put)[:1]}: {fault}" for fault in wrong]
    for message in held.mails:
        done.lost += [f"a mail after {each.route}: {fault}" for fault in in_mail(message, texts, done)]
    held.mails.clear()
    return answer


def _typed(sent: Request) -> dict[str, str]:
    return {name: value for name, value in {"Content-Type": sent.media, **sent.headers}.items() if value}


def _fresh(held: Stage, each: Request) -> dict[str, str]:
    if "If-Match" not in each.headers:
        return {
            **each.headers,
            **({"Idempotency-Key": f"k{id(object())}"} if "Idempotency-Key" in each.headers else {}),
        }
    return {**each.headers, "If-Match": real.tag(held, each.route, each.path, each.caller)}


def _places(node: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where texts stand in a body."""
    for key in node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ():
        if key in ("csrf_token", "version", "token", "seen", "made", "made_with"):
            continue
        if isinstance(node[key], str):
            yield (*above, key)
        yield from _places(node[key], (*above, key))


def _rejected(answer: Any) -> bool:
    return b'"rejected"' in answer.body and b'"created":0,"updated":0' in answer.body


def _names(answer: Any, place: tuple[Any, ...]) -> bool:
    """Whether a refusal says which field it is about, or that the whole could not be read."""
    text = answer.body.decode("utf-8", "replace")
    whole = any(word in text for word in ("JSON", "could not be read", "form", "surrogate", "UTF-8"))
    return whole or any(str(part) in text for part in place if not isinstance(part, int))


def _look(held: Stage, requests: list[Request], texts: Texts, done: Outcome) -> None:
    for each in requests:
        if each.method == "GET":
            answer = held.ask("GET", each.address, held.callers[each.caller], b"")
            wrong = [*judging.faults(held, each, answer), *shown(answer, texts, done)]
            done.lost += [f"GET {each.address}: {fault}" for fault in wrong]


def shown(answer: Any, texts: Texts, done: Outcome) -> list[str]:
    """What is wrong with how texts show in an answer."""
    kind = {name.lower(): value for name, value in answer.headers.items()}.get("content-type", "").partition(";")[0]
    parts = {
        "text/html": _in_html,
        "application/json": _in_json,
        "application/problem+json": _in_json,
        "application/geo+json": _in_json,
        "application/linkset+json": _in_json,
        "text/csv": _in_csv,
        "image/svg+xml": _in_xml,
        "application/xml": _in_xml,
    }
    if kind not in parts:
        return []
    try:
        found = list(parts[kind](answer.body.decode()))
    except (ValueError, AssertionError, ElementTree.ParseError) as error:
        return [f"it can't be read: {error!r}"]
    done.met += sum(len(TOKEN.findall(part)) for part in found)
    return [
        f"{token}, {texts.sent.get(token)!r:.80}, is not whole in {part!r:.200}"
        for part in found
        for token in texts.whole(part)
    ]


class _Page(HTMLParser):
    """The texts and the values of attributes of a page, each of them apart."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._data = False
        self._block = ""
        self.feed(html)
        self.close()
        self.parts.append(self._block)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not tag.startswith("fz-"), f"<{tag}> came through"
        assert not [name for name, _ in attrs if name.startswith("on")], f"{tag} {attrs}"
        self._data = tag == "script" and ("type", "application/ld+json") in attrs
        self.parts += [value for _, value in attrs if value]
        self._block += "" if tag in ("bdi", "br", "wbr", "mark", "b", "span") else "\n"

    def handle_endtag(self, tag: str) -> None:
        self._data = self._data and tag != "script"

    def handle_data(self, data: str) -> None:
        if self._data:
            self.parts += _strings(json.loads(data))
        else:
            self._block += data


def _in_html(text: str) -> list[str]:
    return _Page(text).parts


def _in_json(text: str) -> list[str]:
    return list(_strings(json.loads(text)))


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    for each in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _strings(each)


def _in_csv(text: str) -> list[str]:
    cells = [cell for row in csv.reader(io.StringIO(text.lstrip("\ufeff"), newline="")) for cell in row]
    assert not [
        cell for cell in cells if TOKEN.search(cell) and cell.lstrip()[:1] in ("=", "+", "-", "@", "\t", "\r")
    ], "a formula"
    return cells


def _in_xml(text: str) -> list[str]:
    root = ElementTree.fromstring(text)
    assert not [each for each in root.iter() if "fz-" in each.tag or "script" in each.tag], "an element came through"
    return [
        " ".join(filter(None, (part.strip() for part in root.itertext()))),
        *(v for e in root.iter() for v in e.attrib.values()),
    ]


def in_mail(message: EmailMessage, texts: Texts, done: Outcome) -> list[str]:
    """What is wrong with how texts show in a mail."""
    wrong = [f"the header {name}" for name in message if name not in HEADERS and not name.startswith(("X-", "List-"))]
    wrong += [f"{name} has two lines" for name, value in message.items() if re.search("[\r\n]", str(value))]
    bytes(message)
    for kind, read in (("plain", lambda text: [text]), ("html", _in_html)):
        body = message.get_body((kind,))
        parts = read(body.get_content()) if body is not None else []
        done.met += sum(len(TOKEN.findall(part)) for part in parts)
        wrong += [f"{token} is not whole in {part!r:.200}" for part in parts for token in texts.whole(part)]
    return wrong
