"""Where a function's AWS credentials come from: its environment, or with SnapStart Lambda's own endpoint."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from chalicelib import clock
from chalicelib.domain.errors import Unavailable
from chalicelib.settings import Settings
from chalicelib.store.signature import Credentials

_EARLY = timedelta(minutes=5)
_SECONDS = 2.0


def source(chosen: Settings) -> Callable[[], Credentials]:
    """What gives the credentials to sign with now. They are asked for when first needed, never kept in a snapshot."""
    if chosen.container_credentials:
        return _Container(chosen.container_credentials, chosen.container_token)
    fixed = Credentials(chosen.access_key_id, chosen.secret_access_key, chosen.session_token)
    return lambda: fixed


class _Container:
    """Credentials by HTTP (AWS SDKs reference, "Container credential provider"), asked for anew before they end."""

    def __init__(self, address: str, token: str) -> None:
        self._address, self._token = urlsplit(address), token
        self._held: tuple[Credentials, datetime] | None = None

    def __call__(self) -> Credentials:
        held = self._held
        if held is None or held[1] - _EARLY <= clock.now():
            held = self._held = self._asked()
        return held[0]

    def _asked(self) -> tuple[Credentials, datetime]:
        from http.client import HTTPConnection, HTTPException  # half of a starting function's modules; seldom needed

        connection = HTTPConnection(self._address.hostname or "", self._address.port, timeout=_SECONDS)
        try:
            path = f"{self._address.path}?{self._address.query}" if self._address.query else self._address.path
            connection.request("GET", path, headers={"Authorization": self._token} if self._token else {})
            told = json.loads(connection.getresponse().read())
            found = Credentials(told["AccessKeyId"], told["SecretAccessKey"], told["Token"])
            return found, datetime.fromisoformat(told["Expiration"])
        except (OSError, HTTPException, ValueError, KeyError) as error:
            raise Unavailable("The registry could not be reached just now.") from error
        finally:
            connection.close()
