"""A receipt on paper: what it says, and a code that leads to where anyone checks it. The receipt is in the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from chalicelib.domain import identity, receipt
from chalicelib.domain.errors import Malformed
from chalicelib.web import pdf, qr
from chalicelib.web.language import Language
from chalicelib.web.words import N_, STATUS

LARGEST = 25
"""The highest version of the code (ISO/IEC 18004): phones begin to fail with more. The file has the receipt anyway."""
_CODE = 75.0  # mm
_TITLE = N_("Proof of a check")
_LEAD = N_("The registry signed what it answered. It says nothing of what holds today.")
_SCAN = N_("Scan to check this proof, or give this file to %(address)s")
_ROWS = (
    ("answered", N_("Answered at")),
    ("on", N_("Day asked about")),
    ("answer", N_("Answer")),
    ("known_at", N_("By what was known at")),
    ("number", N_("Number")),
    ("standard", N_("Standard")),
    ("holder", N_("Holder")),
    ("factory_id", N_("Factory ID")),
    ("certifier", N_("Certifier")),
    ("dates", N_("Holds by its dates")),
    ("lines", N_("Lines")),
    ("version", N_("State of the record")),
    ("log", N_("Log of changes")),
    ("jti", N_("Number of this proof")),
)


def written(token: str, address: str, said: Mapping[str, Any], language: Language) -> str:
    """The PDF, in the reader's language where its letters can be set, else in English."""
    for speak, tongue in ((language.gettext, language), (_plain, None)):
        texts = _texts(said, speak, tongue)
        if all(pdf.printable(text) for text in texts.values()):
            return _drawn(token, address, texts, speak)
    return _drawn(token, address, {name: _settable(text) for name, text in texts.items()}, _plain)


def _texts(said: Mapping[str, Any], speak: Callable[[str], str], language: Language | None) -> dict[str, str]:
    answer, question = said["answer"], said["question"]
    moment = datetime.fromtimestamp(int(said["iat"]), UTC)
    texts = {
        "answered": language.day_and_time(moment) if language else f"{moment:%Y-%m-%d %H:%M:%S} UTC",
        "on": language.date(date.fromisoformat(question["on"])) if language else question["on"],
        **_answers(said, speak),
        "dates": f"{answer['valid_from']} – {answer['valid_to']}" if "valid_from" in answer else "",
        "lines": str(question.get("lines", "")),
        "version": said.get("version", said.get("rows", "")),
        "log": str(said["log"]["size"]) if said.get("log") else "",
        "jti": said["jti"],
        "factory_id": identity.shown(answer["factory_id"]) if "factory_id" in answer else "",
    }
    texts |= {name: str(answer.get(name, "")) for name in ("number", "standard", "holder", "certifier")}
    return {name: text for name, text in texts.items() if text} | {"title": speak(_TITLE), "lead": speak(_LEAD)}


def _answers(said: Mapping[str, Any], speak: Callable[[str], str]) -> dict[str, str]:
    """The answer by all that was known when it was given, if it says so; what was known before stands apart from it."""
    known_at, told = said["question"].get("known_at"), _answer(said["answer"], speak)
    if known_at is None:
        return {"answer": told}
    now = _answer(said["known_now"], speak) if "known_now" in said else ""
    return {"answer": now, "known_at": f"{known_at} – {told}"}


def _answer(answer: Mapping[str, Any], speak: Callable[[str], str]) -> str:
    if "counts" in answer:
        shown = receipt.faces(answer["counts"])
        return ", ".join(f"{number} × {speak(_word(face))}" for face, number in shown.items())
    return speak(_word("declared" if answer["status"] == "valid" and not answer["confirmed"] else answer["status"]))


def _word(status: str) -> str:
    return STATUS.get(status, status)


def _drawn(token: str, address: str, texts: Mapping[str, str], speak: Callable[[str], str]) -> str:
    width, height = pdf.PAPERS["a4"]
    modules = _modules(address)
    page = pdf.Document((width, height), f"{texts['title']} {texts['jti']}", modules or [[0]])
    page.text(texts["title"], 20, 30, 24)
    y = 40.0
    for line in pdf.wrapped(texts["lead"], 11, width - 40):
        page.text(line, 20, y, 11)
        y += 5.5
    y += 6
    for name, label in _ROWS:
        if name in texts:
            page.text(_settable(speak(label)), 20, y, 10)
            for line in pdf.wrapped(texts[name], 11, width - 100):
                page.text(line, 80, y, 11)
                y += 6
            y += 1.5
    if modules:
        page.code(20, y, _CODE, qr.QUIET)
        y += _CODE + 4
    for line in pdf.wrapped(_settable(speak(_SCAN) % {"address": address.partition("?")[0]}), 10, width - 40):
        page.text(line, 20, y, 10)
        y += 5
    page.keep(token)
    return page.written()


def _modules(address: str) -> Any:
    try:
        modules = qr.modules(address, "L")
    except Malformed:
        return None
    return modules if len(modules) <= 17 + 4 * LARGEST else None


def _settable(text: str) -> str:
    """A text with ? for the letters that a PDF's fonts do not have; the receipt in the file has them."""
    return "".join(letter if pdf.printable(letter) else "?" for letter in text)


def _plain(text: str) -> str:
    return text
