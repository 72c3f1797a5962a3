"""Webhooks: to which addresses they may go, and how they are signed (Standard Webhooks, ``v1``)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
from urllib.parse import urlsplit

from chalicelib.domain.errors import Malformed

TOLERANCE = 300
"""Seconds: what is older, or comes from the future, is refused by whoever verifies."""

_LONGEST = 500
_PREFIX = "whsec_"
_PORTS = (None, 443, 8443)
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
_GIVEN_UP = (ipaddress.ip_network("192.88.99.0/24"), ipaddress.ip_network("fec0::/10"))
"""Relays to IPv6 (RFC 7526) and site-local addresses (RFC 3879): whatever still answers there is an inside."""
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def clean(value: object) -> str:
    """An https address of a named host; ``Malformed`` otherwise. Where the name leads is looked at when it is used."""
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise Malformed("must be an https address")
    text = value.strip()
    try:
        parts = urlsplit(text)
        port, host = parts.port, (parts.hostname or "").rstrip(".")
    except ValueError as error:
        raise Malformed("must be an https address") from error
    if parts.scheme != "https" or "." not in host or any(not "!" <= letter <= "~" for letter in text):
        raise Malformed("must be an https address")
    if "\\" in text or "@" in parts.netloc or parts.fragment or port not in _PORTS:
        raise Malformed("must be an https address")
    if ":" in host or host.rpartition(".")[2].isdigit() or host.endswith((".local", ".internal", ".localhost")):
        raise Malformed("must be an address that can be reached from the internet")
    return text


def is_public(address: str) -> bool:
    """Whether an IP address is one of the internet: none of this machine, of a private network, of a cloud's inside."""
    try:
        found: _Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(
        each.is_global and not (each.is_multicast or each.is_reserved or any(each in old for old in _GIVEN_UP))
        for each in _meant(found)
    )


def _meant(address: _Address) -> list[_Address]:
    """The address, and those that hide in it: IPv4 written as IPv6, or tunnelled in it."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    hidden = [address.sixtofour, *(address.teredo or ())]
    if address in _TRANSLATED:
        return [ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)]
    return [address, *(each for each in hidden if each is not None)]


def secret_text(key: bytes) -> str:
    """A secret as its owner gets it."""
    return _PREFIX + base64.b64encode(key).decode()


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The value of ``webhook-signature``."""
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    signed = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(signed).decode()
