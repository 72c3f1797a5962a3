"""``factory-id verify-offline CODE``: is this code ours, and what did it say when it was signed? Asks nobody.

All that it takes is the registry's keys, in a file that ``factory-id fetch-keys`` wrote some day.
"""

from __future__ import annotations

import argparse
import base64
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from factory_id import code_pictures, did_keys
from factory_id.did_keys import Keys
from factory_id.endings import DONE, SOME_REFUSED, WrongUse
from factory_id.service import Service

SUBJECT, EXPIRES, NOT_BEFORE, ISSUED, ABOUT = 2, 4, 5, 6, -65537
_MISSING = "This command needs some libraries more: pip install 'factory-id[offline]'."
_KINDS = ("253", "C", "F")
_SIGN1 = 18  # the tag of COSE_Sign1 (RFC 9052)


class NotOurs(Exception):
    """Not a code that this registry signed. The message says why."""


def add(commands: Any) -> None:
    """Its part of the command line."""
    parser = commands.add_parser(
        "verify-offline",
        help="check a code that was signed, without a network",
        description="Check a code by its text or a picture of it. With --keys nothing is sent or asked.",
    )
    parser.add_argument("code", help="a picture (PNG, JPEG) or the text of the code, HTTPS://…/S/…")
    parser.add_argument("--keys", type=Path, metavar="FILE", help="did.json of the registry, of fetch-keys")
    parser.set_defaults(run=run, needs_key=False, needs_url=False)


def run(chosen: argparse.Namespace, service: Service | None) -> int:
    """Check it; the exit code says whether it is ours, all of them if there are several, and holds by its dates."""
    texts = _texts(chosen.code)
    keys = did_keys.held(chosen.keys, service)
    now = datetime.now(UTC)
    ending = DONE
    for number, text in enumerate(texts, start=1):
        if len(texts) > 1:
            print(f"Code {number} of {len(texts)}: {_shown(text)}")
        ending = max(ending, _checked(text, keys, now))
    print(f"Checked without a network. {keys.told()}" if chosen.keys else keys.told())
    return ending


def _checked(text: str, keys: Keys, now: datetime) -> int:
    try:
        claims, tail = verified(text, keys)
    except NotOurs as error:
        print(f"Not verified: {error}")
        return SOME_REFUSED
    for line in told(claims, tail, now):
        print(line)
    return DONE if holds(claims, now) else SOME_REFUSED


def verified(text: str, keys: Keys) -> tuple[dict[int, Any], str]:
    """What a code says, and the end of its address; ``NotOurs`` unless its signature is good."""
    token, tail, host = taken_apart(text)
    if host != keys.host:
        raise NotOurs(f"it is a code of {_shown(host)}, and the keys are those of {keys.host}.")
    try:
        import cbor2
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec, utils
    except ImportError as error:
        raise WrongUse(_MISSING) from error
    header, kid, payload, signature = _signed_part(token)
    message = cbor2.dumps(["Signature1", header, bound(tail).encode(), payload])
    ours = [key for key in keys.of(did_keys.CREDENTIALS).values() if _decoded(key["kid"])[:4] == kid]
    if not ours:
        raise NotOurs("its key is none of ours. It may be newer than these keys: fetch them again.")
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    for key in ours:
        try:
            x, y = (int.from_bytes(_decoded(key[name]), "big") for name in "xy")
            public = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
            public.verify(utils.encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
        except (InvalidSignature, ValueError):
            continue
        return dict(_canonical(payload)), tail
    raise NotOurs("the signature does not fit: something was changed.")


def _signed_part(token: str) -> tuple[bytes, bytes, bytes, bytes]:
    """Protected header, hint at the key, claims and signature. As strict as the page ``/scan``: what the registry
    would not write, byte for byte, is no code, though the same were signed."""
    import cbor2

    try:
        signed = base64.b32decode(token + "=" * (-len(token) % 8))
        header, _, payload, signature = cbor2.loads(signed).value
        as_ours = cbor2.dumps(cbor2.CBORTag(_SIGN1, [header, {}, payload, signature]))
        said = _canonical(header)
        kid, algorithm = said[4], said[1]
        whole = as_ours == signed and base64.b32encode(signed).decode().rstrip("=") == token
        whole = whole and all(isinstance(each, bytes) for each in (header, kid, payload, signature))
    except Exception as error:  # cbor2 has many ways to refuse, and the bytes are anybody's
        raise NotOurs("its signed part cannot be read. Was all of it copied?") from error
    if not whole:
        raise NotOurs("its signed part is not written as ours are. Was all of it copied?")
    if algorithm != -7 or len(signature) != 64:
        raise NotOurs("it is signed in another way than ours.")
    return header, kid, payload, signature


def _canonical(content: bytes) -> Any:
    """What CBOR says that is in the shortest form, with nothing after it; ``ValueError`` for any other."""
    import cbor2

    found = cbor2.loads(content)
    if cbor2.dumps(found) != content:
        raise ValueError("not canonical")
    return found


def taken_apart(text: str) -> tuple[str, str, str]:
    """The signed part of an address in base 32, its end, and its host."""
    try:
        address = urlsplit(text.strip())
    except ValueError as error:
        raise NotOurs("this is no address.") from error
    before, _, rest = address.path.replace("/s/", "/S/", 1).partition("/S/")
    parts = rest.split("/")
    if not address.netloc or before.count("/") > 1 or len(parts) != 3 or parts[1].upper() not in _KINDS:
        raise NotOurs("this is no code of that kind: one has /S/ in its address.")
    token, kind, value = parts[0].upper(), parts[1].upper(), unquote(parts[2])
    return token, f"{kind}/{value if kind == '253' else value.upper()}", (address.netloc + before).lower()


def bound(tail: str) -> str:
    """What the signature holds fast beside what it contains."""
    kind, _, value = tail.partition("/")
    return f"({kind}){value}" if kind == "253" else tail


def holds(claims: dict[int, Any], now: datetime) -> bool:
    """Whether an instant lies between the dates."""
    return bool(claims.get(NOT_BEFORE, 0) <= now.timestamp() < claims.get(EXPIRES, float("inf")))


def told(claims: dict[int, Any], tail: str, now: datetime) -> list[str]:
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
    ]


def _texts(given: str) -> list[str]:
    """What is to be checked: the text, or the codes in a picture, only those of our kind if any is."""
    if not code_pictures.is_one(given):
        return [given]
    try:
        found = code_pictures.texts(given)
    except ImportError as error:
        raise WrongUse(_MISSING) from error
    if not found:
        raise WrongUse(f"In {given} there is no QR code that can be read.")
    return [text for text in found if _is_of_our_kind(text)] or found


def _is_of_our_kind(text: str) -> bool:
    try:
        taken_apart(text)
    except NotOurs:
        return False
    return True


def _shown(text: str) -> str:
    """What anybody may have written, fit for a terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
