"""``factory-id verify-offline CODE``: is this code ours, and what did it say when it was signed? Asks nobody.

All that it takes is the registry's keys, in a file that was fetched some day from ``/.well-known/did.json``.
"""

from __future__ import annotations

import argparse
import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from factory_id.endings import DONE, SOME_REFUSED, WrongUse
from factory_id.service import Service

SUBJECT, EXPIRES, NOT_BEFORE, ISSUED, ABOUT = 2, 4, 5, 6, -65537
_PICTURES = (".png", ".jpg", ".jpeg", ".webp")
_MISSING = "This command needs some libraries more: pip install 'factory-id[offline]'."


class NotOurs(Exception):
    """Not a code that this registry signed. The message says why."""


@dataclass(frozen=True)
class Keys:
    """A registry's keys: its host, public halves (JWK), and since when we have them."""

    host: str
    found: tuple[dict[str, str], ...]
    since: datetime


def add(commands: Any) -> None:
    """Its part of the command line."""
    parser = commands.add_parser(
        "verify-offline",
        help="check a code that was signed, without a network",
        description="Check a code by its text or a picture of it. With --keys nothing is sent or asked.",
    )
    parser.add_argument("code", help="a picture (PNG, JPEG) or the text of the code, HTTPS://…/S/…")
    parser.add_argument("--keys", type=Path, metavar="FILE", help="did.json of the registry, fetched before")
    parser.set_defaults(run=run, needs_key=False, needs_url=False)


def run(chosen: argparse.Namespace, service: Service | None) -> int:
    """Check it; the exit code says whether it is ours and holds by its dates."""
    text = _text(chosen.code)
    keys = _keys(chosen.keys, service)
    try:
        claims, tail = verified(text, keys)
    except NotOurs as error:
        print(f"Not verified: {error}")
        return SOME_REFUSED
    now = datetime.now(UTC)
    for line in told(claims, tail, keys, now):
        print(line)
    return DONE if holds(claims, now) else SOME_REFUSED


def verified(text: str, keys: Keys) -> tuple[dict[int, Any], str]:
    """What a code says, and the end of its address; ``NotOurs`` unless its signature is good."""
    signed, tail, host = taken_apart(text)
    if host != keys.host:
        raise NotOurs(f"it is a code of {host}, and the keys are those of {keys.host}.")
    try:
        import cbor2
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec, utils
    except ImportError as error:
        raise WrongUse(_MISSING) from error
    try:
        header, _, payload, signature = cbor2.loads(signed).value
        said = cbor2.loads(header)
        claims = dict(cbor2.loads(payload))
        kid, algorithm = bytes(said[4]), said[1]
        r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    except Exception as error:  # cbor2 has many ways to refuse, and the bytes are anybody's
        raise NotOurs("its signed part cannot be read. Was all of it copied?") from error
    if algorithm != -7 or len(signature) != 64:
        raise NotOurs("it is signed in another way than ours.")
    message = cbor2.dumps(["Signature1", header, bound(tail).encode(), payload])
    ours = [key for key in keys.found if _decoded(key["kid"])[:4] == kid]
    if not ours:
        raise NotOurs("its key is none of ours. It may be newer than these keys: fetch them again.")
    for key in ours:
        x, y = (int.from_bytes(_decoded(key[name]), "big") for name in "xy")
        try:
            public = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
            public.verify(utils.encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            continue
        return claims, tail
    raise NotOurs("the signature does not fit: something was changed.")


def taken_apart(text: str) -> tuple[bytes, str, str]:
    """The signed part of an address, its end, and its host."""
    address = urlsplit(text.strip())
    before, _, rest = address.path.replace("/s/", "/S/", 1).partition("/S/")
    parts = rest.split("/")
    if not address.netloc or before.count("/") > 1 or len(parts) != 3:
        raise NotOurs("this is no code of that kind: one has /S/ in its address.")
    token, kind, value = parts[0].upper(), parts[1].upper(), unquote(parts[2])
    try:
        signed = base64.b32decode(token + "=" * (-len(token) % 8))
    except ValueError as error:
        raise NotOurs("its signed part cannot be read. Was all of it copied?") from error
    return signed, f"{kind}/{value if kind == '253' else value.upper()}", (address.netloc + before).lower()


def bound(tail: str) -> str:
    """What the signature holds fast beside what it contains."""
    kind, _, value = tail.partition("/")
    return f"({kind}){value}" if kind == "253" else tail


def holds(claims: dict[int, Any], now: datetime) -> bool:
    """Whether an instant lies between the dates."""
    return bool(claims.get(NOT_BEFORE, 0) <= now.timestamp() < claims.get(EXPIRES, float("inf")))


def told(claims: dict[int, Any], tail: str, keys: Keys, now: datetime) -> list[str]:
    """What a code says, in lines."""
    issued = _instant(claims[ISSUED])
    about = claims[ABOUT]
    if tail.startswith("F/"):
        lines = [f"Factory {claims[SUBJECT]}: {about[0]}"]
    else:
        last = _instant(claims[EXPIRES] - 1)
        by_dates = "by its dates it holds" if holds(claims, now) else "BY ITS DATES IT DOES NOT HOLD"
        lines = [
            f"Certificate {tail.partition('/')[2]} of factory {claims[SUBJECT]}",
            f"Standard {about[0]}; scope: {about[1]}",
            f"From {_instant(claims[NOT_BEFORE]):%Y-%m-%d} to {last:%Y-%m-%d}: {by_dates}",
        ]
    return [
        "Signed by this registry.",
        *lines,
        f"As of {issued:%Y-%m-%d %H:%M} UTC, {max(0, (now - issued).days)} days ago. It may have changed since.",
        f"Checked without a network; keys as of {keys.since:%Y-%m-%d}.",
    ]


def _text(given: str) -> str:
    if not given.lower().endswith(_PICTURES):
        return given
    try:
        import zxingcpp
        from PIL import Image
    except ImportError as error:
        raise WrongUse(_MISSING) from error
    try:
        with Image.open(given) as picture:
            found = zxingcpp.read_barcodes(picture.convert("L"))
    except OSError as error:
        raise WrongUse(f"{given} cannot be read as a picture.") from error
    if len(found) != 1:
        raise WrongUse(f"In {given} there are {len(found)} codes. One is needed.")
    return str(found[0].text)


def _keys(path: Path | None, service: Service | None) -> Keys:
    if path is not None:
        try:
            document, since = json.loads(path.read_bytes()), datetime.fromtimestamp(path.stat().st_mtime, UTC)
        except (OSError, ValueError) as error:
            raise WrongUse(f"The keys in {path} cannot be read.") from error
    elif service is not None:
        document, since = service.call("GET", "/.well-known/did.json").json(), datetime.now(UTC)
    else:
        raise WrongUse("Give --keys with a did.json, or --url before the command to fetch it now.")
    try:
        keys = [method["publicKeyJwk"] for method in document["verificationMethod"]]
        host = "/".join(unquote(part) for part in document["id"].removeprefix("did:web:").split(":"))
    except (KeyError, TypeError, AttributeError) as error:
        raise WrongUse("This is no did.json of a registry.") from error
    return Keys(host.lower(), tuple(keys), since)


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
