"""Proof that somebody checked: given on request, kept by nobody but them, and checked by anyone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from operator import itemgetter
from typing import Any
from urllib.parse import quote

from chalice.app import Blueprint, Response

from chalicelib import clock
from chalicelib.domain import did, identity, jws, receipt
from chalicelib.domain.disclosure import answer_on
from chalicelib.domain.errors import Malformed, NotFound, TooLarge
from chalicelib.domain.receipt import Position, Read
from chalicelib.public import edge, log_position
from chalicelib.public.asked import day_asked, day_of, known_asked, known_of
from chalicelib.store import codec, reader, receipts
from chalicelib.web import receipt_sheet, responses, upload
from chalicelib.web.request import Ask

routes = Blueprint(__name__)

_standing = itemgetter("status", "confirmed")
MOST_BYTES = 4_000_000
"""Of what is given to be checked: a list of a thousand rows, or a PDF."""


@edge.page(routes, "/c/{code}/receipt", methods=("POST",))
def certificate_receipt(ask: Ask, code: str) -> Response:
    """Check a certificate, and keep proof of it."""
    form = ask.form(2_000)
    day, known = day_of(form.get("on", "")), known_of(form.get("known_at", ""))
    return _shown(ask, _of_certificate(code, day, known))


@edge.document(routes, "/v1/certificates/{code}/receipt", methods=("POST",))
def certificate_receipt_document(ask: Ask, code: str) -> Response:
    """The same for machines. Nothing is sent but the question: ``?on=`` and ``?known_at=`` as in a look-up."""
    if b"".join(ask.body.split()) not in (b"", b"{}"):
        raise Malformed("Send no body: on and known_at go into the address, as in ?on=2026-03-01.").at("")
    return responses.json_response(described(_of_certificate(code, day_asked(ask), known_asked(ask))))


@edge.page(routes, "/receipts", methods=("GET", "HEAD", "POST"))
def check_page(ask: Ask) -> Response:
    """Check a receipt: pasted, uploaded, or in the address, as a printed code has it."""
    if ask.method != "POST":
        token = ask.query.get("r", "")
        return _checked(ask, token) if token else _form(ask)
    try:
        form = upload.form(ask, MOST_BYTES)
    except TooLarge as error:
        return _form(ask, fault=error.detail, http_status=413)
    held = form.files.get("file")
    return _checked(ask, held.decode("utf-8", "replace") if held else form.fields.get("receipt", ""))


@edge.document(routes, "/v1/receipts/check", methods=("POST",))
def check_document(ask: Ask) -> Response:
    """Whether a receipt is genuine, what it says, and what the record says to the same question now."""
    said = ask.json(MOST_BYTES)
    token, rows = said.get("receipt"), said.get("rows")
    if said.keys() - {"receipt", "rows"} or not isinstance(token, str) or not isinstance(rows, list | None):
        wrong = "/receipt" if not isinstance(token, str) else "/rows" if not isinstance(rows, list | None) else ""
        raise Malformed('Send {"receipt": "eyJ…"}, and "rows" with it for a receipt over a list.').at(wrong)
    read = _found_in(token, "/receipt")
    genuine = receipts.genuine(read)
    body: dict[str, Any] = {"genuine": genuine, "says": dict(read.said) if genuine else None}
    if genuine and rows is not None:
        body["rows_match"] = _rows_match(rows, read)
    now = _now(read) if genuine else None
    if now is not None:
        body["now"] = {"status": now["status"], "confirmed_by_certifier": now["confirmed"]}
    return responses.json_response(body)


@edge.document(routes, "/receipts/file")
def receipt_file(ask: Ask) -> Response:
    """A receipt as a file: ``?r=`` the receipt; ``?as=pdf`` or ``jws``. A file is made of genuine receipts only."""
    read = _found_in(ask.query.get("r", ""), "/r")
    if not receipts.genuine(read):
        raise Malformed("This receipt is not of this registry, or was changed.").at("/r")
    name = f"receipt-{str(read.said.get('jti', ''))[:8]}"
    token = _token(read)
    if ask.query.get("as") == "jws":
        return responses.file_response(token, "application/jose", f"{name}.jws")
    return responses.pdf_response(
        receipt_sheet.written(token, _address(token), read.said, edge.spoken(ask)), f"{name}.pdf"
    )


def given() -> bool:
    """Whether this registry gives receipts."""
    return receipts.given()


def of_list(
    rows: Sequence[Mapping[str, Any]],
    day: date,
    known: str | None,
    counts: Mapping[str, int],
    counts_now: Mapping[str, int] | None,
) -> str:
    """A receipt over a list of answers."""
    return _signed(receipt.of_list(rows, day, known, counts, counts_now))


def described(token: str) -> dict[str, Any]:
    """A receipt for machines: itself, what it says, and where anyone checks it."""
    return {"receipt": token, "says": dict(receipt.found_in(token).said), "url": _address(token)}


def _found_in(content: str, pointer: str) -> Read:
    """The receipt in a member or parameter; ``Malformed`` says in which there is none."""
    try:
        return receipt.found_in(content)
    except Malformed as error:
        raise error.at(pointer) from None


def _of_certificate(code: str, day: date, known: str | None) -> str:
    canonical = identity.parse_certificate_code(code)
    found = reader.certificate(canonical)
    if found is None:
        raise NotFound("This number is not on record here. Check it once more.")
    version = receipt.data_version(codec.to_json(found))
    return _signed(receipt.of_answer(answer_on(found, day, known), version))


def _signed(said: Mapping[str, Any]) -> str:
    if not receipts.given():
        raise NotFound("This registry gives no receipts.")
    import secrets  # which a scan need not load

    now, identifier = int(clock.now().timestamp()), secrets.token_urlsafe(12)
    position: Position | None = log_position.now()
    return receipts.signed(receipt.payload(did.did_of(edge.SETTINGS.base_url), now, identifier, said, position))


def _checked(ask: Ask, content: str) -> Response:
    try:
        read = receipt.found_in(content)
    except Malformed as error:
        return _form(ask, typed=content[:20_000], fault=error.detail, http_status=400)
    if not receipts.genuine(read):
        fault = (
            "This receipt is not of this registry, or it was changed. Ask whoever gave it to you for the file itself."
        )
        return _form(ask, typed=content[:20_000], fault=fault, http_status=400)
    rows = _rows_in(content)
    matches = None if rows is None else _rows_match(rows, read)
    return _shown(ask, _token(read), rows_match=matches, fresh=False)


def _shown(ask: Ask, token: str, *, rows_match: bool | None = None, fresh: bool = True) -> Response:
    """What a genuine receipt says, and what the record says now: a fresh one says that itself if it must."""
    read = receipt.found_in(token)
    now = read.said.get("known_now") if fresh else _now(read)
    told = [read.said[name] for name in ("answer", "known_now") if name in read.said]
    return edge.render(
        ask,
        "receipt.html",
        path="/receipts",
        index=False,
        token=token,
        address=_address(token),
        said=read.said,
        faces=receipt.faces,
        at=datetime.fromtimestamp(int(read.said["iat"]), UTC),
        fresh=fresh,
        now=now,
        differs=now is not None and any(_standing(each) != _standing(now) for each in told),
        rows_match=rows_match,
    )


def _form(ask: Ask, *, typed: str = "", fault: str | None = None, http_status: int = 200) -> Response:
    return edge.render(ask, "receipts.html", path="/receipts", http_status=http_status, typed=typed, fault=fault)


def _now(read: Read) -> dict[str, Any] | None:
    """What the record says now to the question of a receipt; ``None`` for a list, or what is not on record."""
    question = read.said["question"]
    found = reader.certificate(question["code"]) if "code" in question else None
    return None if found is None else receipt.standing(answer_on(found, date.fromisoformat(question["on"])))


def _rows_in(content: str) -> list[Any] | None:
    """The rows of a list's receipt, if the file holds them."""
    try:
        held = json.loads(content)
    except (ValueError, RecursionError):
        return None
    rows = held.get("results", held.get("rows")) if isinstance(held, dict) else None
    return rows if isinstance(rows, list) else None


def _rows_match(rows: Sequence[Any], read: Read) -> bool:
    """Whether these rows were answered. A receipt of one certificate vouches for none."""
    expected = read.said.get("rows")
    if not isinstance(expected, str) or not all(isinstance(row, dict) for row in rows):
        return False
    try:
        return receipt.root_over(rows) == expected
    except UnicodeEncodeError:  # half of a letter, which nobody has hashed
        return False


def _token(read: Read) -> str:
    return jws.compact(read.signed, read.signature)


def _address(token: str) -> str:
    return edge.url(f"/receipts?r={quote(token, safe='')}")
