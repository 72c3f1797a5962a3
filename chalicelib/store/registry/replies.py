"""Requests under an idempotency key: what was answered, and before that what each row came to. Kept for thirty days.

What a row came to is noted in the very transaction of its change: whoever sends the request again, because it was cut
off or its reply was lost, is told that and repeats nothing, whatever happened to the record in the meantime.
"""

from __future__ import annotations

import hashlib
import zlib
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chalicelib import clock
from chalicelib.domain.errors import OtherContent
from chalicelib.store import keys
from chalicelib.store.codec import Body
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import lookup
from chalicelib.store.registry.commit import Collision, Commit, persistently

REMEMBERED = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Request:
    """An idempotent request: who sent it, under which key, with what content (SHA-256)."""

    caller: str
    key: str
    digest: str

    @property
    def place(self) -> str:
        """The key as it stands in the table: of fixed length, whatever was sent."""
        return hashlib.sha256(self.key.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Row:
    """One row of an idempotent request, by its number from 0. A request that is no list is its own row 0."""

    request: Request
    index: int = 0

    def note(self, transaction: Commit, result: Body) -> None:
        """Have it noted with a change what the row came to. Of two who note the same row, one commits."""
        key = keys.row(self.request.caller, self.request.place, self.index)
        body = {"digest": self.request.digest, "result": {**result, "index": self.index}}
        transaction.create(RegistryItem(key.pk, key.sk, body=body, expires=_expiry()))

    def noted(self) -> Body | None:
        """What the row came to in an earlier try; ``None`` if it changed nothing yet."""
        item = lookup.item(keys.row(self.request.caller, self.request.place, self.index))
        return None if item is None else _result(item.body, self.request)


def noted(request: Request) -> dict[int, Body]:
    """What the rows came to that an earlier try applied, by their numbers."""
    rows = lookup.below(keys.reply(request.caller, request.place).pk, "ROW#")
    return {result["index"]: result for result in (_result(row, request) for row in rows)}


def replied(request: Request) -> str | None:
    """The stored reply to a request that was answered before; ``None`` if it was not."""
    item = lookup.item(keys.reply(request.caller, request.place))
    if item is None:
        return None
    _same_content(item.body, request)
    return zlib.decompress(b64decode(item.body["reply"])).decode()


def remember(request: Request, reply: str, *beside: RegistryItem) -> str:
    """Store the reply, and items with it; the answer is the stored one. The first stored stays."""
    key = keys.reply(request.caller, request.place)
    packed = b64encode(zlib.compress(reply.encode())).decode()

    def attempt() -> str:
        transaction = Commit()
        body = {"digest": request.digest, "reply": packed}
        transaction.create(RegistryItem(key.pk, key.sk, body=body, expires=_expiry()))
        for item in beside:
            transaction.put(item)
        try:
            transaction.now()
        except Collision:
            stored = replied(request)
            if stored is None:
                raise
            return stored
        return reply

    return persistently(attempt)


def _result(body: dict[str, Any], request: Request) -> Body:
    _same_content(body, request)
    result: Body = body["result"]
    return result


def _same_content(body: dict[str, Any], request: Request) -> None:
    if body["digest"] != request.digest:
        raise OtherContent("This Idempotency-Key was used for another body. Use a new key for a new batch.")


def _expiry() -> int:
    return int((clock.now() + REMEMBERED).timestamp())
