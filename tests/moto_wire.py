"""The public table's wire, laid through botocore, where moto stands: it can't see a socket.

Only where no endpoint is set. On MiniStack the tests read over the wire that is deployed.
"""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.errors import Unavailable
from chalicelib.settings import Settings
from chalicelib.store import both_tables, public_table
from chalicelib.store.wire import Wire
from tests import kept_clients

DEPLOYED = both_tables.wire_to
"""The way to an operator's DynamoDB that ``install`` replaces."""


class MotoWire(Wire):
    """Answers what moto answers, as DynamoDB writes it."""

    def _asked(self, operation: str, body: bytes) -> tuple[int, dict[str, Any]]:
        try:
            return 200, kept_clients.dynamodb()._make_api_call(operation, json.loads(body))
        except ClientError as error:
            told: dict[str, Any] = {**error.response, "__type": f"#{error.response['Error']['Code']}"}
            return 400, told

    def call(self, operation: str, payload: dict[str, Any]) -> dict[str, Any]:
        try:
            reply: dict[str, Any] = kept_clients.dynamodb()._make_api_call(operation, payload)
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("The registry could not be reached just now.") from error
        return reply


def install() -> None:
    """From now on, where no endpoint is set."""
    public_table.wire_to = both_tables.wire_to = _wire_to
    public_table.connect(public_table.settings.load())
    both_tables.connect(public_table.settings.load())


def _wire_to(chosen: Settings) -> Wire:
    return Wire(chosen) if chosen.dynamodb_endpoint else MotoWire(chosen)
