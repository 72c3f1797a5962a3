"""What a certifier does in the portal. See SAFETY: Portal: missing CSRF; role removed mid-session; who, when and why
kept for every standing changed."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from email.message import EmailMessage
from types import SimpleNamespace

import pytest

from chalicelib import clock
from chalicelib.internal.portal import certificate_upload
from chalicelib.store.registry import callers, certified, factories, history, organisations, people, requests
from chalicelib.store.registry.certificates import register
from chalicelib.store.registry.history import Actor
from chalicelib.store.registry.people import Role
from tests.portal_browser import STAFF, Browser, filled, signed_in
from tests.test_portal_certificates import CERTIFICATE
from tests.test_store_contract import particulars

pytest_plugins = ["tests.conftest_portal"]

SEAL = Role("certifier", "sureseal")
ASTRID = "astrid@sureseal.example"
HOME = "/portal/certificates"
ACTOR = Actor("certifier", "sureseal", "test")


@pytest.fixture
def astrid(runner: SimpleNamespace, mails: list[EmailMessage]) -> SimpleNamespace:
    """Somebody of a certifier, beside a factory whose page is published; ``code`` is a certificate of theirs."""
    for certifier in ("sureseal", "otherseal"):
        organisations.put("certifier", certifier, {"name": certifier.title(), "country": "NO"}, STAFF)
    people.add(SEAL, ASTRID, STAFF)
    factory_id = runner.factory_id
    code = register(factory_id, particulars(), ACTOR)[0].code
    browser = signed_in(runner.browser, ASTRID, mails)
    return SimpleNamespace(browser=browser, factory_id=factory_id, code=code, page=f"{HOME}/{code}")


def public(astrid: SimpleNamespace, code: str, query: str = "") -> dict:
    return json.loads(astrid.browser.get(f"/v1/certificates/{code}{query}").text)


def test_the_list_holds_the_certifiers_own_certificates_only_and_filters(astrid: SimpleNamespace) -> None:
    foreign = particulars(certifier_id="otherseal", certifier="Otherseal", number="FOREIGN 1")
    register(astrid.factory_id, foreign, ACTOR)
    page = astrid.browser.get(HOME).text
    assert "CU 123" in page
    assert "FOREIGN 1" not in page
    assert "CU 123" in astrid.browser.get(f"{HOME}?status=valid&number=cu1&holder=kolmilata&standard=gots").text
    for none in ("status=expired", "number=999", "holder=nobody", "standard=other"):
        answer = astrid.browser.get(f"{HOME}?{none}")
        assert "No certificate of yours fits here." in answer.text, none
    assert astrid.browser.get(f"{HOME}?status=nonsense").status == 400


def test_a_long_list_leads_on_with_its_filters(astrid: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    register(astrid.factory_id, particulars(number="CU 124"), ACTOR)
    monkeypatch.setattr("chalicelib.internal.certificates.PAGE", 1)
    first = astrid.browser.get(f"{HOME}?number=CU%2012").text
    following = re.search(r'href="(/portal/certificates\?[^"]*cursor=[^"]*)"', first)
    second = astrid.browser.get(following.group(1).replace("&amp;", "&")).text
    assert {"CU 123" in first, "CU 123" in second} == {True, False}
    assert {"CU 124" in first, "CU 124" in second} == {True, False}


def test_a_standing_changes_only_after_the_certifier_saw_what_everybody_will_see(astrid: SimpleNamespace) -> None:
    effective = (clock.today() - timedelta(days=30)).isoformat()
    typed = {"standing": "suspended", "reason": "Wastewater <b>", "effective": effective}
    shown = astrid.browser.send(f"{astrid.page}/standing", typed, page=astrid.page)
    assert shown.status == 200
    assert "What everybody will see from the moment you confirm" in shown.text
    assert "Wastewater &lt;b&gt;" in shown.text
    assert "in the past" in shown.text
    assert public(astrid, astrid.code)["status"] == "valid"

    kept = filled(shown.text)
    back = astrid.browser.post(f"{astrid.page}/standing", {**kept, "step": "mend"})
    assert filled(back.text) == {**filled(back.text), **typed}
    assert public(astrid, astrid.code)["status"] == "valid"

    done = astrid.browser.post(f"{astrid.page}/standing", {**kept, "step": "confirmed"})
    assert done.status == 303
    answer = public(astrid, astrid.code)
    assert (answer["status"], answer["status_reason"]) == ("suspended", "Wastewater <b>")
    assert "Recorded." in astrid.browser.get(done.headers["Location"]).text


@pytest.mark.safety("portal.who-when-why")
def test_who_when_and_why_are_kept_for_every_standing_changed_in_the_portal(astrid: SimpleNamespace) -> None:
    for standing in ("suspended", "active", "withdrawn"):
        typed = {"standing": standing, "reason": f"because {standing}", "step": "confirmed"}
        assert astrid.browser.send(f"{astrid.page}/standing", typed, page=astrid.page).status == 303
    events = history.of(f"CERTIFICATE#{astrid.code}")[1:]
    assert [each["reason"] for each in events] == ["because suspended", "because active", "because withdrawn"]
    for each in events:
        assert (each["actor"]["kind"], each["actor"]["tenant"], each["action"]) == ("certifier", "sureseal", "standing")
        assert each["actor"]["by"]
        assert clock.parsed(each["at"])
    who = re.search(r'href="(/portal/certifier/history[^"]*)"', astrid.browser.get(astrid.page).text).group(1)
    assert astrid.browser.get(who).status == 200
    page = astrid.browser.get(astrid.page).text
    assert page.index("because withdrawn") < page.index("because active") < page.index("because suspended")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("standing", ""),
        ("standing", "nonsense"),
        ("reason", ""),
        ("reason", "a\u202eb"),
        ("effective", "2999-01-01"),
        ("effective", "soon"),
    ],
)
def test_a_change_with_a_fault_changes_nothing_and_keeps_what_was_typed(
    astrid: SimpleNamespace, name: str, value: str
) -> None:
    typed = {"standing": "withdrawn", "reason": "Left", "effective": "2026-01-02", name: value, "step": "confirmed"}
    answer = astrid.browser.send(f"{astrid.page}/standing", typed, page=astrid.page)
    assert answer.status == 400
    assert f'<a href="#{name}">' in answer.text
    kept = filled(answer.text)
    assert all(kept.get(each, "") == text for each, text in typed.items() if each not in ("step", "standing"))
    assert public(astrid, astrid.code)["status"] == "valid"


def test_a_foreign_certificate_is_as_good_as_none(astrid: SimpleNamespace) -> None:
    said = particulars(certifier_id="otherseal", certifier="Otherseal", number="FOREIGN 1")
    foreign = register(astrid.factory_id, said, ACTOR)[0].code
    declared = particulars(certifier_id=None, number="DECLARED 1")
    own = register(astrid.factory_id, declared, ACTOR)[0].code
    typed = {"standing": "withdrawn", "reason": "x", "step": "confirmed"}
    for code in (foreign, own, "C00000000000", "nonsense"):
        assert astrid.browser.get(f"{HOME}/{code}").status == 404
        assert astrid.browser.send(f"{HOME}/{code}/standing", typed, page=astrid.page).status == 404
    assert public(astrid, foreign)["status"] == "valid"


def test_without_the_token_of_our_form_nothing_changes(astrid: SimpleNamespace) -> None:
    typed = {"standing": "withdrawn", "reason": "x", "step": "confirmed"}
    assert astrid.browser.post(f"{astrid.page}/standing", typed).status == 403
    assert public(astrid, astrid.code)["status"] == "valid"


@pytest.mark.safety("portal.role-removed")
def test_a_role_removed_mid_session_changes_nothing_more(astrid: SimpleNamespace) -> None:
    form = astrid.browser.form(astrid.page)
    people.remove(SEAL, callers.person(ASTRID), STAFF)
    typed = {**form, "standing": "withdrawn", "reason": "x", "step": "confirmed"}
    assert astrid.browser.post(f"{astrid.page}/standing", typed).status == 403
    assert astrid.browser.get(HOME).status == 403
    assert public(astrid, astrid.code)["status"] == "valid"


def new_certificate(astrid: SimpleNamespace, **changes: str) -> dict[str, str]:
    wanted = {name: text for name, text in CERTIFICATE.items() if name != "certifier"}
    return {**wanted, "factory_id": astrid.factory_id, "number": "NEW 7", **changes}


def test_a_certificate_is_confirmed_only_after_the_holders_name_was_shown(astrid: SimpleNamespace) -> None:
    typed = new_certificate(astrid)
    shown = astrid.browser.send(f"{HOME}/new", typed)
    assert shown.status == 200
    assert "Kolmilata Knit Ltd." in shown.text
    assert astrid.browser.get("/v1/certificates?number=NEW7").status == 404
    back = astrid.browser.post(f"{HOME}/new", {**filled(shown.text), "step": "mend"})
    assert {name: filled(back.text)[name] for name in typed} == typed
    done = astrid.browser.post(f"{HOME}/new", {**filled(shown.text), "step": "confirmed"})
    assert done.status == 303
    [found] = json.loads(astrid.browser.get("/v1/certificates?number=NEW7").text)["results"]
    assert (found["confirmed_by_certifier"], found["certifier"], found["scope"]) == (
        True,
        "Sureseal",
        "Knitting and dyeing",
    )
    assert "Confirmed." in astrid.browser.get(done.headers["Location"]).text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("factory_id", ""),
        ("factory_id", "BD-00000-00000"),
        ("factory_id", "BD-F8QY4-0YGE1"),
        ("number", ""),
        ("number", "---"),
        ("standard_id", ""),
        ("scope", ""),
        ("valid_to", "1999-01-01"),
        ("gdti", "12"),
    ],
)
def test_a_certificate_with_a_fault_is_not_confirmed_and_kept(astrid: SimpleNamespace, name: str, value: str) -> None:
    typed = new_certificate(astrid, **{name: value})
    answer = astrid.browser.send(f"{HOME}/new", typed)
    assert answer.status == 400
    assert f'<a href="#{name}">' in answer.text
    kept = filled(answer.text)
    assert all(kept[each] == text for each, text in typed.items() if each != "standard_id")


def test_a_number_that_contradicts_the_record_is_refused_and_kept(astrid: SimpleNamespace) -> None:
    answer = astrid.browser.send(f"{HOME}/new", new_certificate(astrid, number="CU 123"))
    assert answer.status == 409
    assert "with other particulars" in answer.text
    assert filled(answer.text)["number"] == "CU 123"


@pytest.fixture
def asked(astrid: SimpleNamespace) -> str:
    """The code of a certificate that the factory declared and asked to have confirmed."""
    declared = particulars(certifier_id=None, number="DECLARED 1")
    code = register(astrid.factory_id, declared, ACTOR)[0].code
    requests.ask(astrid.factory_id, code, "sureseal", Actor("factory", astrid.factory_id, "test"))
    return code


def test_a_request_is_confirmed_from_the_queue_and_leaves_it(astrid: SimpleNamespace, asked: str) -> None:
    assert "DECLARED 1" in astrid.browser.get(f"{HOME}/requests").text
    page = f"{HOME}/new?request={asked}"
    assert astrid.browser.form(page)["number"] == "DECLARED 1"
    shown = astrid.browser.send(f"{HOME}/new", page=page)
    assert "The factory declared it already" in shown.text
    done = astrid.browser.post(f"{HOME}/new", {**filled(shown.text), "step": "confirmed"})
    assert done.headers["Location"].startswith(f"/portal/certificates/{asked}")
    assert public(astrid, asked)["confirmed_by_certifier"] is True
    assert "Nobody waits for your word." in astrid.browser.get(f"{HOME}/requests").text


def test_a_request_is_declined_with_a_reason_that_the_factory_can_read(astrid: SimpleNamespace, asked: str) -> None:
    page = f"{HOME}/requests"
    answer = astrid.browser.send(page, reason="")
    assert (answer.status, 'href="#reason"' in answer.text) == (400, True)
    again = astrid.browser.send(page, reason="a\u202eb")
    assert filled(again.text)["reason"] == "a\u202eb"
    assert astrid.browser.send(page, reason="We issued no such number").status == 303
    held = requests.of([asked])[asked]
    assert (held.open, held.reason) == (False, "We issued no such number")
    assert public(astrid, asked)["confirmed_by_certifier"] is False
    event = history.of(f"CERTIFICATE#{asked}")[-1]
    assert (event["action"], event["reason"], event["actor"]["tenant"]) == (
        "confirmation_refused",
        "We issued no such number",
        "sureseal",
    )


def test_a_request_to_another_certifier_can_be_neither_seen_nor_declined(astrid: SimpleNamespace, asked: str) -> None:
    form = astrid.browser.form(f"{HOME}/requests")
    requests.ask(astrid.factory_id, asked, "otherseal", Actor("factory", astrid.factory_id, "test"))
    assert "DECLARED 1" not in astrid.browser.get(f"{HOME}/requests").text
    assert astrid.browser.form(f"{HOME}/new?request={asked}")["number"] == ""
    for code in (asked, astrid.code, "nonsense"):
        assert astrid.browser.post(f"{HOME}/requests", {**form, "code": code, "reason": "x"}).status == 404
    assert requests.of([asked])[asked].open


def multipart(browser: Browser, path: str, fields: dict[str, str], content: bytes | None = None) -> SimpleNamespace:
    """Send a form with a file, as browsers do."""
    mark = "----mark"
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{t}\r\n'.encode() for n, t in fields.items()
    ]
    if content is not None:
        head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="list.csv"\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
    body = b"".join(parts) + f"--{mark}--\r\n".encode()
    return browser._call("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={mark}"})


UPLOAD = f"{HOME}/upload"


def sheet(astrid: SimpleNamespace) -> bytes:
    return (
        "factory_id,number,standard_id,scope,valid_from,valid_to,standing,reason\r\n"
        f"{astrid.factory_id},UP 1,gots,Knitting,2026-01-01,2099-01-01,,\r\n"
        f"{astrid.factory_id},UP 2,gots,Knitting,yesterday,2099-01-01,,\r\n"
        ",CU 123,gots,,,,suspended,Dirty water\r\n"
        ",FOREIGN 9,gots,,,,withdrawn,x\r\n"
    ).encode()


def test_an_upload_shows_what_each_row_would_do_and_writes_nothing_until_told(astrid: SimpleNamespace) -> None:
    before = factories.need(astrid.factory_id).factory.version
    shown = multipart(astrid.browser, UPLOAD, astrid.browser.form(UPLOAD), sheet(astrid))
    assert shown.status == 200
    assert "Nothing is recorded yet." in shown.text
    for said in ("Kolmilata Knit Ltd.", "must be a date written YYYY-MM-DD", "There is no such certificate of yours."):
        assert said in shown.text
    assert "Record 2 rows" in shown.text
    assert factories.need(astrid.factory_id).factory.version == before

    kept = filled(shown.text)
    changed = {**kept, "step": "write", "rows": kept["rows"].replace("UP 1", "UP 5")}
    assert "Nothing is recorded yet." in multipart(astrid.browser, UPLOAD, changed).text
    assert factories.need(astrid.factory_id).factory.version == before

    done = multipart(astrid.browser, UPLOAD, {**kept, "step": "write"})
    assert "What was recorded" in done.text
    assert json.loads(astrid.browser.get("/v1/certificates?number=UP1").text)["results"][0]["confirmed_by_certifier"]
    assert public(astrid, astrid.code)["status"] == "suspended"
    again = multipart(astrid.browser, UPLOAD, {**kept, "step": "write"})
    assert "2 × As it is on record" in re.sub(r"\s+", " ", again.text)


@pytest.mark.parametrize("content", [b"", b"number\r\n", b"nonsense,more\r\n1,2\r\n", b"\x00\x01", b"PK\x03\x04bad"])
def test_a_sheet_that_cannot_be_read_says_why(astrid: SimpleNamespace, content: bytes) -> None:
    answer = multipart(astrid.browser, UPLOAD, astrid.browser.form(UPLOAD), content)
    assert answer.status == 400
    assert "There is a problem" in answer.text


def test_too_many_rows_or_bytes_are_refused_and_what_was_pasted_is_kept(astrid: SimpleNamespace) -> None:
    form = astrid.browser.form(UPLOAD)
    rows = "number\r\n" + "1\r\n" * 501
    pasted = multipart(astrid.browser, UPLOAD, {**form, "rows": rows})
    assert pasted.status == 413
    assert filled(pasted.text)["rows"].split() == rows.split()
    big = multipart(astrid.browser, UPLOAD, form, b"x" * (certificate_upload.MOST_FILE_BYTES + 1))
    assert big.status == 413


def test_the_sheets_to_fill_in_are_read_as_they_are(astrid: SimpleNamespace) -> None:
    for name in ("certificates.csv", "standings.csv"):
        answer = astrid.browser.get(f"{UPLOAD}/{name}")
        assert answer.headers["Content-Type"].startswith("text/csv")
        content = answer.text.encode()
        shown = multipart(astrid.browser, UPLOAD, astrid.browser.form(UPLOAD), content)
        assert "Row by row" in shown.text
        assert "There is no column" not in shown.text


def test_a_sheet_that_there_is_not_is_not_found(astrid: SimpleNamespace) -> None:
    assert astrid.browser.get(f"{UPLOAD}/nonsense.csv").status == 404


def test_what_is_confirmed_in_any_way_is_in_the_certifiers_list(astrid: SimpleNamespace, asked: str) -> None:
    register(astrid.factory_id, particulars(number="DECLARED 1"), ACTOR)
    found, _ = certified.listed("sureseal", lambda _: True, "", 10)
    assert {each.code for each in found} == {asked, astrid.code}
