"""Certificates that a factory declares, and what it takes home."""

from __future__ import annotations

import base64
import json
import re
from types import SimpleNamespace

import pytest

from chalicelib.store.registry import factories
from tests.portal_browser import Browser, filled, invited

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
