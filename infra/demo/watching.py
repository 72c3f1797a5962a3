"""Buyers of the demo world who watch: they fill the form in and press the button behind the mailed link."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import urllib3

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_LINK = re.compile(r"(/portal/watches/[A-Za-z0-9_-]+)")


class Watchers:
    """Plays ``demo/watches.json``."""

    def __init__(self, base: str, factories: Mapping[str, str], mails: Callable[[], list[dict[str, Any]]]) -> None:
        """``factories``: Factory IDs by ICS site. ``mails()`` reads the local mailbox."""
        self._base, self._factories, self._mails = base, factories, mails
        self._pool = urllib3.PoolManager(retries=False, timeout=60)

    def ask(self, row: Mapping[str, Any]) -> None:
        """One watch: asked for, and confirmed."""
        things = [*(self._factories[site] for site in row["sites"]), *row["numbers"]]
        fields = {"things": "\n".join(things), "email": row["email"], "webhook": row["webhook"]}
        self._post(f"/portal/watch?lang={row['lang']}", fields)
        mail = next(mail for mail in reversed(self._mails()) if row["email"] in mail["To"])
        link = _LINK.search(mail["BodyText"])
        if link is None:
            raise SystemExit("The mail to a watcher holds no link.")
        self._post(link.group(1), {})

    def _post(self, path: str, fields: dict[str, str]) -> None:
        url = self._base + path
        token = _TOKEN.search(self._pool.request("GET", url).data.decode())
        if token is None:
            raise SystemExit("The form for watches has changed.")
        sent = {"csrf_token": token.group(1), **fields}
        answer = self._pool.request_encode_body("POST", url, fields=sent, encode_multipart=False, redirect=False)
        if answer.status != 303:
            raise SystemExit(f"A watch was answered with {answer.status}.")
