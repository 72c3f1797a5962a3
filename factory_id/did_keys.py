"""The keys of a registry, from its ``/.well-known/did.json`` or a copy: what each may sign, and how old they are.

Keys that sign what the registry asserts (credentials, codes, checkpoints) stand in ``assertionMethod``. Those for
receipts stand in no verification relationship, so nothing else that one of them signed counts (W3C DID Core 1.0,
section 5.3). Each says its purpose in its JWK; a document whose keys do not is of before they did, and is refused.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from factory_id.endings import WrongUse
from factory_id.service import Service

PATH = "/.well-known/did.json"
CREDENTIALS, RECEIPTS = "credentials", "receipts"
FETCHED = "fetched_at"
"""What ``fetch-keys`` writes into the file: the one instant that copying the file does not change."""

Jwk = Mapping[str, str]
_NEEDED = ("kid", "x", "y")


@dataclass(frozen=True)
class Keys:
    """A registry's keys: its host, the document, when it was fetched, or (not ``stamped``) the date of its file."""

    host: str
    document: Mapping[str, Any]
    since: datetime
    stamped: bool

    def of(self, purpose: str) -> dict[str, Jwk]:
        """The public halves of the keys for a purpose, by name."""
        return of(self.document, purpose)

    def told(self) -> str:
        """How old they are, in words."""
        if self.stamped:
            return f"Keys as of {self.since:%Y-%m-%d %H:%M} UTC."
        return (
            f"The file of the keys is of {self.since:%Y-%m-%d}: how much older they are cannot be known. "
            "Fetch them with: factory-id fetch-keys."
        )


def of(document: Mapping[str, Any], purpose: str) -> dict[str, Jwk]:
    """The public halves of those of its keys that may sign for a purpose, by name."""
    asserting = document.get("assertionMethod", ())
    return {
        name: jwk
        for name, jwk in named(document)
        if jwk.get("purpose") == purpose and (name in asserting) == (purpose == CREDENTIALS)
    }


def named(document: Mapping[str, Any]) -> Iterator[tuple[str, Jwk]]:
    """All its keys, whatever they may sign."""
    for each in document.get("verificationMethod", ()):
        yield each["id"], each["publicKeyJwk"]


def says_purposes(document: Mapping[str, Any]) -> bool:
    """Whether each of its keys says what it may sign."""
    return all("purpose" in jwk for _, jwk in named(document))


def held(path: Path | None, service: Service | None) -> Keys:
    """The keys in a file, else those that the service has now. ``WrongUse`` if there are none to be had."""
    if path is not None:
        try:
            content, written = path.read_bytes(), path.stat().st_mtime
            document = json.loads(content)
            stamp = document.get(FETCHED)
            since = datetime.fromtimestamp(written, UTC) if stamp is None else _instant(stamp)
        except (OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
            raise WrongUse(f"The keys in {path} cannot be read.") from error
        return _keys(document, since, stamped=stamp is not None)
    if service is None:
        raise WrongUse("Give --keys with a did.json, or --url before the command to fetch it now.")
    return _keys(service.call("GET", PATH).json(), datetime.now(UTC), stamped=True)


def _instant(stamp: str) -> datetime:
    found = datetime.fromisoformat(stamp)
    if found.tzinfo is None:
        raise ValueError("not an instant")
    return found.astimezone(UTC)


def _keys(document: Any, since: datetime, *, stamped: bool) -> Keys:
    try:
        host = "/".join(unquote(part) for part in document["id"].removeprefix("did:web:").split(":"))
        if not isinstance(document.get("assertionMethod", []), list):
            raise TypeError("not a list")
        for _, jwk in named(document):
            for name in _NEEDED:
                base64.urlsafe_b64decode(jwk[name] + "==")
        tells = says_purposes(document)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WrongUse("This is no did.json of a registry.") from error
    if not tells:
        raise WrongUse(
            "These keys do not say what each of them may sign: they are of an older version. Fetch them anew."
        )
    return Keys(host.lower(), document, since, stamped)
