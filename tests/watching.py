"""What the tests of watches share: somebody who watches, a machine that is called, and changes to be told of."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.domain.watching import Watch
from chalicelib.internal import mail, outbound, watching
from chalicelib.store.registry import watches
from tests.world import World

BUYER = "claire@buyer.example"
HOOK = "https://hooks.buyer.example/in"


@dataclass
class Machine:
    """A machine at the other end of a webhook: it takes what comes once for each identifier, as it should."""

    calls: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    taken: dict[str, Any] = field(default_factory=dict)
    down: Callable[[str], bool] = lambda _url: False

    def post(self, url: str, content: bytes, headers: dict[str, str]) -> None:
        self.calls.append((url, headers, content))
        if self.down(url):
            raise outbound.NotDelivered("HTTP 500")
        self.taken.setdefault(headers["webhook-id"], json.loads(content))

    @property
    def types(self) -> list[str]:
        """What it was told, in order."""
        return [each["type"] for each in self.taken.values()]


@dataclass
class Watched:
    """A factory with a certificate, in a world with a mailbox and a machine."""

    world: World
    mails: list[EmailMessage]
    machine: Machine
    factory_id: str
    code: str
    now: datetime = field(default_factory=clock.now)

    def by_mail(self, *about: str, email: str = BUYER) -> Watch:
        """A watch by mail that is confirmed."""
        return watches.activate(watches.ask(email, "en", about or (self.code,), None).watch_id)

    def by_webhook(self, *about: str, url: str = HOOK) -> Watch:
        """A watch by webhook that is confirmed."""
        return watches.activate(watches.ask(BUYER, "en", about or (self.code,), url).watch_id)

    def standing(self, standing: str, reason: str = "Audit overdue") -> None:
        """The certifier says something."""
        path = f"/internal/v1/certificates/{self.code}/standing"
        self.world.certifier("POST", path, {"standing": standing, "reason": reason}).ok()

    def fate(self, action: str, **body: str) -> None:
        """Staff say what became of the factory."""
        path = f"/internal/v1/factories/{self.factory_id}/{action}"
        self.world.staff("POST", path, {"reason": "Seen on site", **body}).ok()

    def sweep(self, minutes: float = 0) -> int:
        """The worker runs, so many minutes later. No stream woke it."""
        self.now += timedelta(minutes=minutes)
        return watching.run(self.now, workers=1)


def begun(world: World, monkeypatch: pytest.MonkeyPatch) -> Watched:
    """A world in which something can be watched."""
    mails: list[EmailMessage] = []
    machine = Machine()
    monkeypatch.setattr(mail, "send", mails.append)
    monkeypatch.setattr(outbound, "post", machine.post)
    factory_id = world.a_factory()
    code = world.a_certificate(factory_id)
    return Watched(world, mails, machine, factory_id, code)


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    """A part of a mail."""
    return str(message.get_body((kind,)).get_content())


def link_of(message: EmailMessage) -> str:
    """The path of the page of a watch, as a mail names it."""
    found = re.search(r"(/portal/watches/[A-Za-z0-9_-]+)(?=\s|$)", text_of(message))
    assert found is not None
    return found.group(1)
