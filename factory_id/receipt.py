"""``factory-id check-receipt FILE``: is this proof genuine, and what does it say? Works without the service, too."""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from factory_id import did_keys, receipt_row
from factory_id.did_keys import Jwk
from factory_id.endings import DONE, SOME_REFUSED, WrongUse
from factory_id.service import Service

_TOKEN = re.compile(r"eyJ[A-Za-z0-9_-]+\.eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{86}(?![A-Za-z0-9_-])")


def add(commands: Any) -> None:
    """Its part of the command line."""
    parser = commands.add_parser(
        "check-receipt",
        help="check a proof of a check: a PDF, a JWS, or the file of a list",
        description="Checks the signature of a receipt here, with the keys that the registry publishes. Needs no API "
        "key, but the Python package cryptography. A file of a list is checked row by row.",
    )
    parser.add_argument("file", type=Path, help="the PDF, the .jws, or the .json with the rows of a list")
    parser.add_argument(
        "--keys", type=Path, metavar="DID.JSON", help="the registry's keys, of fetch-keys, to check without the service"
    )
    parser.add_argument("--row", type=int, metavar="N", help="of a list: cut out the row with this number, from 1")
    parser.add_argument("--save", type=Path, metavar="ROW.JSON", help="where to write that row with its proof")
    parser.set_defaults(run=run, needs_key=False, needs_url=False)


def run(chosen: argparse.Namespace, service: Service | None) -> int:
    """Say what it says if it is genuine; the exit code says whether it is."""
    try:
        content = chosen.file.read_bytes().decode("utf-8", "replace")
    except OSError as error:
        raise WrongUse(f"This cannot be read: {error}") from error
    tokens = set(_TOKEN.findall(content))
    if len(tokens) != 1:
        raise WrongUse("There is no receipt in this file." if not tokens else "There is more than one receipt in it.")
    [token] = tokens
    keys = did_keys.held(chosen.keys, service)
    said = _verified(token, keys.of(did_keys.RECEIPTS))
    print(keys.told(), file=sys.stderr)
    if said is None:
        print("Not genuine: this registry did not sign it, or something in it was changed.", file=sys.stderr)
        return SOME_REFUSED
    print(json.dumps(said, ensure_ascii=False, indent=1))
    print(f"Genuine. Answered at {datetime.fromtimestamp(said['iat'], UTC):%Y-%m-%d %H:%M:%S} UTC.", file=sys.stderr)
    if "known_at" in said["question"]:
        print(_known(said), file=sys.stderr)
    finding = _rows(content, said)
    if chosen.row is not None and finding == DONE:
        _cut_out(chosen, content, token)
    return finding


def _known(said: Mapping[str, Any]) -> str:
    """Of an answer by what was once known: what that was, and what was known when it was given."""
    then = f"By what was known at {said['question']['known_at']}: {_answer(said['answer'])}."
    if "known_now" not in said:
        return f"{then} It does not say what was known when it was given."
    return f"{then} By all that was known when it was given: {_answer(said['known_now'])}."


def _answer(told: Mapping[str, Any]) -> str:
    if "counts" in told:
        counts = dict(told["counts"])
        declared = counts.pop("valid_not_confirmed", 0)
        counts |= {"valid": counts.get("valid", 0) - declared, "declared_valid": declared}
        return ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in counts.items() if number)
    return str(told["status"]) if told["confirmed"] else f"{told['status']}, not confirmed by the certifier"


def _cut_out(chosen: argparse.Namespace, content: str, token: str) -> None:
    """Write one row with its proof, for somebody who is not to see the others."""
    try:
        rows = json.loads(content)["results"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise WrongUse("There are no rows in this file.") from error
    if chosen.save is None or not 1 <= chosen.row <= len(rows):
        raise WrongUse(f"Say --row from 1 to {len(rows)}, and with --save where to write it.")
    told = json.dumps(receipt_row.cut_out(token, rows, chosen.row), ensure_ascii=False, indent=1)
    chosen.save.write_text(told + "\n", encoding="utf-8")
    print(f"Row {chosen.row} is in {chosen.save}; check-receipt checks it there by itself.", file=sys.stderr)


def _verified(token: str, keys: Mapping[str, Jwk]) -> dict[str, Any] | None:
    """What a receipt says; ``None`` unless one of the keys for receipts signed it."""
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec, utils
    except ImportError as error:
        raise WrongUse("This needs the Python package cryptography: pip install cryptography") from error
    signed, _, signature = token.rpartition(".")
    try:
        header, said = (json.loads(_decoded(part)) for part in signed.split("."))
        raw = _decoded(signature)
        jwk = keys[header["kid"]]
        x, y = (int.from_bytes(_decoded(jwk[name])) for name in ("x", "y"))
        key = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
        der = utils.encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
        key.verify(der, signed.encode(), ec.ECDSA(hashes.SHA256()))
    except (ValueError, KeyError, TypeError, InvalidSignature):
        return None
    named = (header.get("typ"), header.get("alg")) == ("receipt+jwt", "ES256")
    return said if named and isinstance(said, dict) else None


def _rows(content: str, said: dict[str, Any]) -> int:
    """Whether the rows in the file are those that were answered, if it has any."""
    told = _object(content)
    if "rows" not in said:
        if told.keys() & {"results", "rows", "row"}:
            print("This receipt is of one certificate. The rows in this file were not answered.", file=sys.stderr)
            return SOME_REFUSED
        return DONE
    if "proof" in told:
        return _row(told, said)
    if "results" not in told:
        print("The rows are not in this file: keep the .json that came with the list.", file=sys.stderr)
        return DONE
    rows = told["results"]
    if isinstance(rows, list) and _root(rows) == said["rows"]:
        print(f"The {len(rows)} rows in this file are those that were answered.", file=sys.stderr)
        return DONE
    print("The rows in this file are not those that were answered.", file=sys.stderr)
    return SOME_REFUSED


def _object(content: str) -> dict[str, Any]:
    """The JSON object that a file is; of anything else, none."""
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _row(told: dict[str, Any], said: dict[str, Any]) -> int:
    size = said["question"]["lines"]
    if receipt_row.holds(told, size, said["rows"]):
        print(f"This is row {told['number']} of the {size} that were answered.", file=sys.stderr)
        return DONE
    print("The row in this file is none of those that were answered.", file=sys.stderr)
    return SOME_REFUSED


def _root(rows: list[Any]) -> str | None:
    """The Merkle root over the rows, as RFC 9162 hashes (section 2.1.1), in base64url; ``None`` if one has no bytes."""
    try:
        leaves = [receipt_row.canonical(row) for row in rows]
    except UnicodeEncodeError:  # half of a letter, which nobody has hashed
        return None
    layer = [hashlib.sha256(b"\x00" + each).digest() for each in leaves]
    while len(layer) > 1:
        pairs = [hashlib.sha256(b"\x01" + layer[at] + layer[at + 1]).digest() for at in range(0, len(layer) - 1, 2)]
        layer = pairs + layer[2 * len(pairs) :]
    found = layer[0] if layer else hashlib.sha256().digest()
    return base64.urlsafe_b64encode(found).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    content = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if base64.urlsafe_b64encode(content).rstrip(b"=").decode() != text:
        raise ValueError("not canonical")
    return content
