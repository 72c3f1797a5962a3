"""The log of changes in the portal of the registry's staff."""

from __future__ import annotations

from email.message import EmailMessage

from tests.portal_browser import Browser, as_staff
from tests.world import World

pytest_plugins = ["tests.conftest_portal"]


def test_staff_make_a_checkpoint_by_a_button_and_an_empty_log_says_why_it_has_none(
    world: World, mails: list[EmailMessage]
) -> None:
    staff = as_staff(Browser(world.client), mails)
    refused = staff.send("/portal/staff/log", number=-1)
    assert refused.status == 409
    assert "The log has no entry yet." in refused.text
    world.a_certificate(world.a_factory())
    assert staff.send("/portal/staff/log").headers["Location"] == "/portal/staff/log?done=made"
    page = staff.get("/portal/staff/log?done=made").text
    assert "The checkpoint is made." in page
    assert world.anyone.get("/v1/log/checkpoint").ok().json["size"] == 1
