"""Certificates that a factory declares, and what it takes home."""

from __future__ import annotations

import base64
import json
import re
from email.message import EmailMessage
from types import SimpleNamespace

import pytest

from chalicelib.internal import mail
from chalicelib.store.registry import factories, history, organisations, people, requests
from chalicelib.store.registry.people import Role
from tests.portal_browser import STAFF, Browser, filled, invited

pytest_plugins = ["tests.conftest_portal"]


CERTIFICATE = {
    "number": "GOTS 2026-117",
    "standard_id": "gots",
    "certifier": "Control Union <b>",
    "scope": "Knitting\r\nand dyeing",
    "valid_from": "2020-01-01",
    "valid_to": "2099-01-01",
    "products": "T-shirts\r\nSocks",
}


def test_a_declared_certificate_is_public_as_not_confirmed(runner: SimpleNamespace) -> None:
    path = f"{runner.home}/certificates"
    assert runner.browser.send(path, CERTIFICATE).status == 303
    assert "Declared valid" in runner.browser.get(path).text
    assert "The certifier has not confirmed it." in runner.browser.get(f"/f/{runner.factory_id}").text
    document = json.loads(runner.browser.get(f"/v1/factories/{runner.factory_id}").text)["certificates"][0]
    assert document["confirmed_by_certifier"] is False
    assert (document["scope"], document["products"]) == ("Knitting and dyeing", ["T-shirts", "Socks"])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("number", ""),
        ("standard_id", ""),
        ("standard_id", "nothing"),
        ("certifier", ""),
        ("scope", "a\u202eb"),
        ("valid_from", "yesterday"),
        ("valid_to", "2019-12-31"),
        ("products", "\u200b"),
    ],
)
def test_a_certificate_with_a_fault_is_not_declared_and_kept(runner: SimpleNamespace, name: str, value: str) -> None:
    path = f"{runner.home}/certificates"
    answer = runner.browser.send(path, {**CERTIFICATE, name: value})
    assert answer.status == 400
    assert f'<a href="#{name}">' in answer.text
    kept = filled(answer.text)
    assert all(kept[each] == text for each, text in CERTIFICATE.items() if each != name)
    assert kept[name] == value or name == "standard_id"
    assert not factories.need(runner.factory_id).certificates


def test_the_share_page_has_the_id_in_groups_the_link_and_the_code(runner: SimpleNamespace) -> None:
    page = runner.browser.get(f"{runner.home}/share").text
    factory_id = runner.factory_id
    assert f"{factory_id[:2]}-{factory_id[2:7]}-{factory_id[7:]}" in page
    assert f"http://127.0.0.1:8000/f/{factory_id}" in page
    assert f"/qr/f/{factory_id}.svg?size=30" in page
    assert 'src="data:image/svg+xml;base64,' in page


@pytest.fixture
def declared(runner: SimpleNamespace) -> str:
    """The code of a certificate that was declared; two certifiers are on record, one with people."""
    for identifier, name in (("control", "Control Union <b>"), ("other", "Other Seal")):
        organisations.put("certifier", identifier, {"name": name, "country": "NL"}, STAFF)
    people.add(Role("certifier", "control"), "ann@control.example", STAFF)
    assert runner.browser.send(f"{runner.home}/certificates", CERTIFICATE).status == 303
    return next(iter(factories.need(runner.factory_id).certificates))


def test_the_certifier_named_is_asked_at_a_press_and_its_people_are_mailed_once_a_week_at_most(
    runner: SimpleNamespace, declared: str, mails: list[EmailMessage]
) -> None:
    path = f"{runner.home}/certificates"
    form = runner.browser.form(path, 1)
    assert (form["code"], form["certifier_id"]) == (declared, "control")
    for _ in range(2):
        asked = runner.browser.post(f"{path}/ask", form)
        assert (asked.status, asked.headers["Location"]) == (303, f"{path}?done=asked")
    assert [mail["To"] for mail in mails] == ["ann@control.example"]
    text = mails[0].get_body(("plain",)).get_content()
    assert "GOTS 2026-117" in text
    assert "token" not in text
    assert "/portal/certificates" in text
    assert [entry.certificate.code for entry in requests.listed("control")] == [declared]
    shown = runner.browser.get(path).text
    assert "You asked <bdi>Control Union &lt;b&gt;</bdi> on" in shown
    assert f"{path}/ask" not in shown


def test_a_certifier_that_is_not_known_by_its_name_is_chosen_and_none_is_not_taken(
    runner: SimpleNamespace, declared: str, mails: list[EmailMessage]
) -> None:
    path = f"{runner.home}/certificates"
    runner.browser.send(path, {**CERTIFICATE, "number": "X-2", "certifier": "Somebody Else"})
    codes = list(factories.need(runner.factory_id).certificates)
    other = next(code for code in codes if code != declared)
    forms = [runner.browser.form(path, number) for number in (1, 2)]
    form = next(each for each in forms if each["code"] == other)
    assert form["certifier_id"] == ""
    refused = runner.browser.post(f"{path}/ask", form)
    assert refused.status == 400
    assert f'href="#ask-{other}"' in refused.text
    assert runner.browser.post(f"{path}/ask", {**form, "certifier_id": "other"}).status == 303
    assert [entry.certificate.number for entry in requests.listed("other")] == ["X-2"]
    assert mails == []
    assert runner.browser.post(f"{path}/ask", {**form, "code": "C0000000000"}).status == 404


def test_a_mail_service_that_is_down_leaves_the_request_and_asking_again_sends_the_mail(
    runner: SimpleNamespace, declared: str, mails: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"{runner.home}/certificates"

    def down(_message: EmailMessage) -> None:
        raise mail.NotSent

    with monkeypatch.context() as outage:
        outage.setattr(mail, "send", down)
        assert runner.browser.send(f"{path}/ask", page=path, number=1).status == 303
    assert [entry.certificate.code for entry in requests.listed("control")] == [declared]
    assert "The mail could not be sent yet" in runner.browser.get(path).text
    assert runner.browser.send(f"{path}/ask", page=path, number=1).status == 303
    assert len(mails) == 1


def test_a_no_is_shown_with_its_reason_and_another_certifier_may_be_asked(
    runner: SimpleNamespace, declared: str, mails: list[EmailMessage]
) -> None:
    path = f"{runner.home}/certificates"
    runner.browser.send(f"{path}/ask", page=path, number=1)
    requests.done("control", declared, "No such <i>number</i>.", STAFF)
    assert "No such &lt;i&gt;number&lt;/i&gt;." in runner.browser.get(path).text
    again = runner.browser.send(f"{path}/ask", {"certifier_id": "control"}, page=path, number=1)
    assert again.status == 409
    assert "You may ask again a week after that." in again.text
    assert runner.browser.send(f"{path}/ask", {"certifier_id": "other"}, page=path, number=1).status == 303
    assert [each["action"] for each in history.of(f"CERTIFICATE#{declared}")][-1] == "confirmation_asked"
    assert len(mails) == 1


def test_the_share_page_leads_to_all_that_can_be_printed_or_shown(runner: SimpleNamespace) -> None:
    page, factory_id = runner.browser.get(f"{runner.home}/share").text, runner.factory_id
    for path in ("poster", "poster.pdf", "labels", "labels.pdf"):
        assert f'href="http://127.0.0.1:8000/f/{factory_id}/{path}"' in page
        assert runner.browser.get(f"/f/{factory_id}/{path}").status == 200
    assert f'href="http://127.0.0.1:8000/qr/f/{factory_id}#badge"' in page
    assert 'id="badge"' in runner.browser.get(f"/qr/f/{factory_id}").text
    [png] = re.findall(r'download="[^"]+\.png" href="data:image/png;base64,([^"]+)"', page)
    assert base64.b64decode(png).startswith(b"\x89PNG")


def test_a_draft_is_offered_no_page_that_nobody_could_open(browser: Browser) -> None:
    answer = browser.send(f"/portal/invitations/{invited()}")
    home = re.sub(r"/profile.*", "", answer.headers["Location"])
    page = browser.get(f"{home}/share").text
    assert "Your page is a draft" in page
    assert "/poster" not in page
