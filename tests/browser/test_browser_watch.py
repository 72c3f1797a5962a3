"""A buyer watches a certificate: from its page to the mail that tells of its suspension, and out again in one click."""

from __future__ import annotations

import json
import re
import secrets

import pytest
from playwright.sync_api import Page, expect

from tests.browser.demo import Demo

pytestmark = pytest.mark.xdist_group("browser")


def test_a_buyer_is_told_of_a_suspension_and_leaves_in_one_click(demo: Demo, phone: Page):
    if demo.post is None:
        pytest.skip("this demo hands its mails to nobody")
    code = demo.new_certificate(demo.new_factory("WATCHED", name="Watched Mills Ltd"), "WATCHED")
    buyer = f"{secrets.token_hex(4)}@buyer.example"

    phone.goto(f"{demo.base}/c/{code}")
    phone.get_by_role("link", name="Tell me when this changes").click()
    expect(phone.get_by_label("What do you want to watch?")).to_have_value(code)
    phone.get_by_label("Your e-mail address").fill(buyer)
    phone.get_by_role("button", name="Go on: confirm my address").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    phone.goto(demo.link_mailed_to(buyer))
    phone.get_by_role("button", name="Yes, tell me of changes").click()
    expect(phone.get_by_role("status")).to_have_text("From now on you are told of changes.")

    said = {"standing": "suspended", "reason": "Audit overdue"}
    demo.api("certifier").send("POST", f"/internal/v1/certificates/{code}/standing", said)
    record = json.loads(demo.read(f"{demo.base}/v1/certificates/{code}")[1])
    mail = demo.post.mail(buyer, f"Changed: Watched Mills Ltd, {record['standard']['name']} {record['number']}")
    body = mail.get_body(("plain",))
    assert body is not None
    told = body.get_content()
    assert "Watched Mills Ltd" in told
    assert "Audit overdue" in told
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    leave = re.search(r"https?://\S+/stop\b", told)
    assert leave is not None
    assert mail["List-Unsubscribe"] == f"<{leave.group()}>"
    phone.goto(leave.group())
    phone.get_by_role("button", name="End the watch").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("The watch is ended")
    assert phone.request.get(leave.group()).status == 410
