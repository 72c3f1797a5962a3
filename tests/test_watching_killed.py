"""The worker as a process of its own, killed with SIGKILL in the middle of its work; and as deployed, woken by the
stream. MiniStack.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from chalicelib import clock
from chalicelib.internal import mail
from chalicelib.store.registry import callers, outbox, watches
from infra.engine import Engine
from tests.stack import Tables
from tests.watching import Watched
from tests.world import World

ROOT = Path(__file__).resolve().parent.parent
WORKER = """
import sys
from datetime import datetime
from chalicelib.internal import watch_letters, watching
from chalicelib.store.registry import deliveries

module, name = {"spread": (deliveries, "spread"), "mail": (watch_letters, "news_by_mail"), "": (None, "")}[sys.argv[2]]
done = []
if module:
    whole = getattr(module, name)
    def step(*given):
        if done:
            print("in the middle", flush=True)
            sys.stdin.read()  # until killed
        done.append(whole(*given))
        return done[-1]
    setattr(module, name, step)
print(watching.run(datetime.fromisoformat(sys.argv[1]), workers=1), flush=True)
"""


@pytest.fixture
def watched(ministack: Tables, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    for world in World.begun(ministack, monkeypatch):
        mails: list[EmailMessage] = []
        monkeypatch.setattr(mail, "send", mails.append)
        factory_id = world.a_factory()
        yield Watched(world, mails, None, factory_id, world.a_certificate(factory_id))  # type: ignore[arg-type]


def worker(engine: Engine, tables: Tables, at: str, halts_in: str) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "DYNAMODB_ENDPOINT": engine.url,
        "SES_ENDPOINT": engine.url,
        "REGISTRY_TABLE": tables.registry,
        "PUBLIC_TABLE": tables.public,
        "SURFACE": "internal",
    }
    program = [sys.executable, "-c", WORKER, at, halts_in]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    return subprocess.Popen(program, cwd=ROOT, env=environment, text=True, **pipes)  # type: ignore[call-overload,no-any-return]


def test_a_worker_killed_in_the_middle_tells_each_watcher_once_and_in_order(
    stack: Engine, ministack: Tables, watched: Watched
) -> None:
    owners = [f"owner-{number}@{ministack.registry}.example" for number in range(3)]
    for owner in owners:
        watched.by_mail(email=owner)
    watched.standing("suspended")
    watched.standing("active", "Seen again")
    now = clock.now()
    for halts_in, minutes in (("spread", 0), ("mail", 2)):
        process = worker(stack, ministack, (now + timedelta(minutes=minutes)).isoformat(), halts_in)
        assert process.stdout is not None
        assert "in the middle\n" in process.stdout
        process.kill()
        process.communicate(timeout=60)
        assert process.returncode == -9
    mails = {owner: [] for owner in owners}

    def look() -> None:
        for owner in owners:
            mails[owner] = [each["BodyText"] for each in stack.mails() if owner in each["To"]]

    look()
    assert sum(map(len, mails.values())) == 1
    last = worker(stack, ministack, (now + timedelta(minutes=4)).isoformat(), "")
    said, _ = last.communicate(timeout=60)
    assert said.splitlines()[-1] == "2"
    look()
    for owner, texts in mails.items():
        assert len(texts) == 1, owner
        assert texts[0].index("Suspended from") < texts[0].index("no longer suspended or withdrawn")
    assert outbox.waiting() == []
    assert json.dumps(ministack.bodies(ministack.registry, "TELL#")) == "[]"
    held = [each for owner in owners for each in watches.of_person(callers.person(owner))]
    assert [watches.count(each.watch_id) for each in held] == [0, 0, 0]
