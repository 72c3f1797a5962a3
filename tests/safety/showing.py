"""How texts show: in a page, a picture, a table, a document or a mail, a text must be nothing but that text.

Each text that is sent ends with a token of its own. Where the token turns up, the whole text must stand before it.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pypdfium2

TOKEN = re.compile(r"Zq[0-9]{5}z")
HEADERS = {"From", "To", "Subject", "MIME-Version", "Content-Type", "Content-Language", "Reply-To", "Auto-Submitted"}
HEADERS |= {"Content-Transfer-Encoding", "Date", "Message-ID"}
RUNS = ("=", "+", "-", "@", "\t", "\r")


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

    def next(self, *, in_form: bool, apart: str = "") -> str:
        """A text that nobody sent yet, without what would part it. No browser sends half a letter."""
        token = f"Zq{len(self.sent):05}z"
        text = f"{next(self._drawn)} {token}"
        text = text.encode("utf-8", "replace").decode() if in_form else text
        text = text.translate(dict.fromkeys(map(ord, apart), " "))
        self.sent[token] = text
        return text

    def whole(self, shown: str) -> list[str]:
        """The tokens in a shown text that stand there without the whole of their text before them."""
        seen = "".join(_plain(shown).split())
        tokens = set(TOKEN.findall(shown))
        return [one for one in tokens if "".join(_plain(self.sent.get(one, one)).split()) not in seen]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def shown(answer: Any, texts: Texts, done: Outcome) -> list[str]:
    """What is wrong with how texts show in an answer."""
    kind = {name.lower(): value for name, value in answer.headers.items()}.get("content-type", "").partition(";")[0]
    parts = {
        "html": _in_html,
        "json": _in_json,
        "csv": _in_csv,
        "xml": _in_xml,
        "pdf": _in_pdf,
        "sheet": _in_sheet,
    }
    read = next((parts[each] for each in parts if kind.endswith(each)), None)
    if read is None or not answer.body:
        return []
    try:
        found = list(read(answer.body))
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


def _in_html(content: bytes) -> list[str]:
    return _Page(content.decode()).parts


def _in_json(content: bytes) -> list[str]:
    return list(_strings(json.loads(content)))


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    for each in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _strings(each)


def _in_csv(content: bytes) -> list[str]:
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    cells = [cell for row in csv.reader(text) for cell in row]
    assert not [cell for cell in cells if TOKEN.search(cell) and cell.lstrip().startswith(RUNS)], "a formula"
    return cells


def _in_xml(content: bytes) -> list[str]:
    root = ElementTree.fromstring(content)
    assert not [each for each in root.iter() if "fz-" in each.tag or "script" in each.tag], "an element came through"
    told = " ".join(part.strip() for part in root.itertext())
    return [told, *(value for each in root.iter() for value in each.attrib.values())]


def _in_pdf(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    return [page.get_textpage().get_text_bounded() for page in document]


def _in_sheet(content: bytes) -> list[str]:
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows() for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f"], "a formula"
    return [str(cell.value) for cell in cells if cell.value is not None]


def in_mail(message: EmailMessage, texts: Texts, done: Outcome) -> list[str]:
    """What is wrong with how texts show in a mail."""
    wrong = [f"the header {name}" for name in message if name not in HEADERS and not name.startswith(("X-", "List-"))]
    wrong += [f"{name} has two lines" for name, value in message.items() if re.search("[\r\n]", str(value))]
    bytes(message)
    for kind, read in (("plain", lambda content: [content.decode()]), ("html", _in_html)):
        body = message.get_body((kind,))
        parts = read(body.get_content().encode()) if body is not None else []
        done.met += sum(len(TOKEN.findall(part)) for part in parts)
        wrong += [f"{token} is not whole in {part!r:.200}" for part in parts for token in texts.whole(part)]
    return wrong
