"""A small client of the internal API, as a program of a member or of ICS would have it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import urllib3


class Refused(Exception):
    """The service answered with a problem; the message says which."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        faults = "; ".join(f"{fault['pointer']}: {fault['detail']}" for fault in problem.get("errors", []))
        super().__init__(f"{status} {problem.get('title')}: {problem.get('detail')} {faults}".strip())
        self.status = status


@dataclass
class Api:
    """The service at ``base``, called with a key or a session."""

    base: str
    key: str | None = None
    session: str | None = None
    csrf: str | None = None

    def __post_init__(self) -> None:
        self._pool = urllib3.PoolManager(maxsize=4, retries=False, timeout=60)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[Any, dict[str, str]]:
        """The JSON answer and its headers; ``Refused`` for a problem."""
        sent = {
            "Content-Type": "application/json",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        if self.key:
            sent["Authorization"] = f"Bearer {self.key}"
        if self.session:
            sent["Cookie"] = self.session
            sent["X-CSRF-Token"] = self.csrf or ""
        payload = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        answer = self._pool.request(method, self.base + path, body=payload, headers=sent)
        content = json.loads(answer.data) if answer.data else None
        if answer.status >= 400:
            raise Refused(answer.status, content or {})
        return content, dict(answer.headers)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """As ``call``, without the headers."""
        return self.call(method, path, body, **headers)[0]
