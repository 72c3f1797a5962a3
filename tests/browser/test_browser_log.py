"""The log of changes as people and auditors meet it, on the demo world."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from factory_id.command import main
from tests import tools
from tests.browser.demo import Demo

pytestmark = pytest.mark.xdist_group("browser")

PROGRAM = Path(__file__).resolve().parent.parent / "js" / "jws.mjs"


def test_a_backdated_withdrawal_is_in_the_log_and_the_whole_log_passes_an_audit(
    demo: Demo, make_context: Any, capsys: pytest.CaptureFixture[str]
):
    phone = make_context().new_page()
    phone.goto(demo.url("/c/{withdrawn}"))
    phone.get_by_role("link", name="Its lines in the log of changes").click()
    withdrawn = phone.get_by_role("row").filter(has_text="Withdrawn")
    expect(withdrawn).to_contain_text("to hold since")
    expect(withdrawn).to_contain_text("in the checkpoint of")
    proof, _ = demo.api("staff").call("GET", withdrawn.get_by_role("link").get_attribute("href"))
    assert (proof["entry"]["what"], proof["backdated"]) == ("withdrawn", True)
    phone.get_by_role("link", name="About the log of changes").click()
    expect(phone.get_by_text(f"factory-id log-audit {demo.base}")).to_be_visible()

    assert main(["log-audit", demo.base]) == 0
    told = capsys.readouterr().out
    assert "The log is whole." in told
    assert " valid.\n" in told


def test_a_checkpoint_is_verified_by_a_library_that_is_not_ours(demo: Demo):
    tools.npm_file("jose/package.json")
    checkpoint = json.loads(demo.read(f"{demo.base}/v1/log/checkpoint")[1])
    document = json.loads(demo.read(f"{demo.base}/.well-known/did.json")[1])
    given = json.dumps({"token": checkpoint.pop("signed"), "did": document})
    command = [tools.command("node"), str(PROGRAM)]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(done.stdout) == {"log": demo.base, **checkpoint}
