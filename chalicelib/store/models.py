"""The two tables as PynamoDB models. An item's content is one JSON attribute: a list of maps costs thrice as much."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.exceptions import PynamoDBException
from pynamodb.models import Model

from chalicelib import settings
from chalicelib.domain.errors import Unavailable
from chalicelib.store import both_tables, public_table
from chalicelib.store.keys import Key


class CompactJSON(JSONAttribute):
    """JSON without blanks, and with scripts as they are written: half the bytes for Bengali."""

    def serialize(self, value: Any) -> str:
        """The text that is stored."""
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class _Meta:
    connect_timeout_seconds = 1
    read_timeout_seconds = 3
    max_retry_attempts = 2
    max_pool_connections = 32
    region: str
    host: str | None
    table_name: str


class RegistryItem(Model):
    """An item of the registry table.

    ``counter``: how many numbers were drawn. ``seal``: binds the content to the last event (``seals``).
    In epoch seconds: ``expires``, when DynamoDB deletes it; ``used``, when a key was used.
    """

    class Meta(_Meta):
        """Where the table is; set by ``connect``."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    body = CompactJSON()
    version = NumberAttribute(null=True)
    write_id = UnicodeAttribute(null=True)
    events = NumberAttribute(null=True)
    event_hash = UnicodeAttribute(null=True)
    seal = UnicodeAttribute(null=True)
    expires = NumberAttribute(null=True)
    used = NumberAttribute(null=True)
    counter = NumberAttribute(null=True)

    @property
    def key(self) -> Key:
        """Where this item lies."""
        return Key(self.pk, self.sk)


class PublicItem(Model):
    """An item of the public table: ready to show. ``credential`` is what the registry signed about it, if anything.

    ``code``: what stands in its QR code that can be checked offline, after ``/S/``.
    """

    class Meta(_Meta):
        """Where the table is; set by ``connect``."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    body = CompactJSON()
    credential = UnicodeAttribute(null=True)
    code = UnicodeAttribute(null=True)


class NumberItem(Model):
    """An item of the public table: which certificates bear a number, each as ``<standard>#<code>``."""

    class Meta(_Meta):
        """Where the table is; set by ``connect``."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    confirmed = UnicodeSetAttribute(null=True)
    declared = UnicodeSetAttribute(null=True)


def connect(chosen: settings.Settings) -> None:
    """Point the models at an operator's tables. Called once at import; tests call it again."""
    tables = chosen.registry_table, chosen.public_table, chosen.public_table
    for model, table in zip((RegistryItem, PublicItem, NumberItem), tables, strict=True):
        meta: Any = model.Meta
        meta.table_name, meta.region, meta.host = table, chosen.region, chosen.dynamodb_endpoint
        model._connection = None
    public_table.connect(chosen)
    both_tables.connect(chosen)


def refusal(error: PynamoDBException) -> str | None:
    """Why DynamoDB refused; ``None`` if no answer came. PynamoDB's own property fails where a connection was closed."""
    response = getattr(error.cause, "response", None) or {}
    code: str | None = response.get("Error", {}).get("Code")
    return code


@contextmanager
def reaching() -> Iterator[None]:
    """Turn any failure to read or write into ``Unavailable``: not knowing is not knowing."""
    try:
        yield
    except (PynamoDBException, BotoCoreError, ClientError) as error:
        raise Unavailable("The registry could not be reached just now.") from error


connect(settings.load())
