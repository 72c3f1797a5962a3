"""A member invites factories by form and by list. See SAFETY: Invitations; Exports: import bomb; Faults: mail down."""

from __future__ import annotations

import re
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.factory import Factory, Link, Said, Source
from chalicelib.internal import inviting, letters, mail
from chalicelib.store.registry import addresses, duplicates, factories, invitations, organisations, people
from chalicelib.store.registry import invitation_items as items
from chalicelib.store.registry.factories import Change
from chalicelib.store.registry.people import Role
from chalicelib.web import invite_sheet
from tests.portal_browser import STAFF, Browser, filled, invited, signed_in
from tests.test_verify import multipart, workbook

pytest_plugins = ["tests.conftest_portal"]

LIST, NEW, UPLOAD, SEND = (f"/portal/invitations{end}" for end in ("", "/new", "/upload", "/send"))
KOLMILATA = "BDF8QY40YGE1"
NEW_MILL = {"email": "office@padma.example", "name": "Padma Weaving", "country": "BD", "language": "bn"}


@pytest.fixture
def claire(browser: Browser, mails: list[EmailMessage]) -> Browser:
    """Somebody of a member's team, signed in; nobody was mailed anything yet."""
    people.add(Role("member", "maison"), "claire@maison.example", STAFF)
    signed_in(browser, "claire@maison.example", mails)
    mails.clear()
    return browser


@pytest.fixture
def kolmilata(_tables: None) -> str:
    """A factory on record that an audit for Maison named, with a public page that nobody runs."""
    return on_record(KOLMILATA, "Kolmilata Knit Ltd.", links={"maison": Link(Source.ICS_AUDIT, "2026-01-01")})


def on_record(factory_id: str, name: str, **more: Any) -> str:
    said = {"name": name, "country": "BD", "city": "Gazipur", "address": "17 Mill Road"}
    own = {field: Said(value, Source.FACTORY, "2026-01-01") for field, value in said.items()}
    factories.commit(None, Change(Factory(factory_id, own=own, published=True, **more)), STAFF, clock.now())
    return factory_id


def csv(*rows: str, heading: str = "email,name,country,city") -> str:
    return "\n".join((heading, *rows))


def upload(browser: Browser, content: bytes, name: str = "list.csv", **fields: str) -> SimpleNamespace:
    typed = {**browser.form(UPLOAD), **fields}
    body = multipart(content, name, typed)
    return browser._call("POST", UPLOAD, body, {"Content-Type": "multipart/form-data; boundary=b0"})


def looked_at(browser: Browser, *rows: str, **more: str) -> SimpleNamespace:
    return browser.send(UPLOAD, rows=csv(*rows), **more)


def states() -> list[str]:
    return [line.state_at(clock.now()) for line in items.lines("maison")]


def test_one_factory_is_invited_by_form_and_stands_in_the_list(claire: Browser, mails: list[EmailMessage]) -> None:
    answer = claire.send(NEW, {**NEW_MILL, "city": "Savar"})
    assert (answer.status, answer.headers["Location"]) == (303, f"{LIST}?done=sent")
    assert [each["To"] for each in mails] == ["office@padma.example"]
    assert mails[0]["Content-Language"] == "bn"
    page = claire.get(LIST).text
    assert "Padma Weaving" in page
    assert "Waiting for an answer" in page
    [line] = items.lines("maison")
    assert items.several([line.invitation_id])[0].city == "Savar"


def test_a_form_sent_twice_invites_once_and_a_changed_one_again(claire: Browser, mails: list[EmailMessage]) -> None:
    form = {**claire.form(NEW), **NEW_MILL}
    for typed in (form, form, {**form, "email": "other@padma.example"}):
        assert claire.post(NEW, typed).status == 303
    assert [each["To"] for each in mails] == ["office@padma.example", "other@padma.example"]
    assert len(items.lines("maison")) == 2


def test_a_form_with_faults_comes_back_with_what_was_typed(claire: Browser, mails: list[EmailMessage]) -> None:
    answer = claire.send(NEW, {**NEW_MILL, "email": "nobody", "country": "", "name": "Mill & Sons"})
    assert answer.status == 400
    assert 'value="nobody"' in answer.text
    assert 'value="Mill &amp; Sons"' in answer.text
    assert mails == []
    assert items.lines("maison") == []


@pytest.mark.safety("invitations.header-injection")
def test_a_line_break_in_a_name_brings_no_header_in(claire: Browser, mails: list[EmailMessage]) -> None:
    answer = claire.send(NEW, {**NEW_MILL, "name": "Mill\r\nBcc: everybody@elsewhere.example"})
    assert answer.status == 400
    assert mails == []
    letters.invitation("Maison\r\nBcc: x@y.example", invitations.invite("maison", *_plain("a@mill.example"))[0], "t")
    assert mails[0]["Bcc"] is None


def _plain(email: str) -> tuple[str, str, None, str, str]:
    return (email, "en", None, "A Mill", "BD")


def test_a_likely_duplicate_is_shown_with_why_and_the_person_decides(
    claire: Browser, kolmilata: str, mails: list[EmailMessage]
) -> None:
    typed = {**NEW_MILL, "name": "KOLMILATA KNIT", "city": "Gazipur"}
    question = claire.send(NEW, typed)
    assert question.status == 200
    assert "The same name, The same town, The same country" in question.text
    assert mails == []
    undecided = claire.post(NEW, filled(question.text))
    assert "Choose one." in undecided.text
    assert mails == []
    chosen = claire.post(NEW, {**filled(question.text), "same": kolmilata})
    assert chosen.headers["Location"].endswith("done=sent")
    [line] = items.lines("maison")
    assert items.several([line.invitation_id])[0].factory_id == kolmilata


def test_none_of_these_invites_a_new_factory(claire: Browser, kolmilata: str, mails: list[EmailMessage]) -> None:
    question = claire.send(NEW, {**NEW_MILL, "name": "Kolmilata Knit"})
    assert kolmilata[:2] in question.text
    assert claire.post(NEW, {**filled(question.text), "same": "new"}).status == 303
    [line] = items.lines("maison")
    assert items.several([line.invitation_id])[0].factory_id is None
    assert len(mails) == 1


def test_an_invitation_of_a_factory_on_record_links_it_and_makes_no_second_one(
    claire: Browser, kolmilata: str, mails: list[EmailMessage]
) -> None:
    claire.send(NEW, email="owner@kolmilata.example", factory_id="bd-f8qy4 oyge1")
    token = re.search(r"/portal/invitations/(\S+)", mails[0].get_body(("plain",)).get_content()).group(1)
    assert invitations.accept(token).factory_id == kolmilata
    assert set(factories.need(kolmilata).factory.links) == {"maison"}


def test_a_factory_that_runs_itself_is_added_to_the_network_and_nobody_is_mailed(
    claire: Browser, mails: list[EmailMessage]
) -> None:
    factory_id = on_record(KOLMILATA, "Kolmilata Knit Ltd.", claimed=True)
    answer = claire.send(NEW, email="other@kolmilata.example", factory_id=factory_id)
    assert answer.headers["Location"].endswith("done=linked")
    assert set(factories.need(factory_id).factory.links) == {"maison"}
    assert (mails, items.lines("maison")) == ([], [])


def test_a_list_is_looked_at_row_by_row_and_nothing_is_sent(
    claire: Browser, kolmilata: str, mails: list[EmailMessage]
) -> None:
    invitations.invite("maison", "again@mill.example", "en", None, "Old Mill", "BD")
    page = looked_at(
        claire,
        "a@mill.example,First Mill,BD,Savar",
        "nobody,Second Mill,BD,",
        "c@mill.example,Third Mill,Atlantis,",
        "A@mill.example,First Mill,Bangladesh,",
        "e@mill.example,Kolmilata Knit,BD,Gazipur",
        "again@mill.example,Old Mill,BD,",
    )
    assert page.status == 200
    assert "3 rows can be sent." in page.text
    assert "3 rows cannot be sent as they are." in page.text
    assert "E-mail address: must be an e-mail address" in page.text
    assert "Country: must be an ISO 3166-1" in page.text
    assert "Line <bdi>2</bdi> says the same." in page.text
    assert f'name="same-6" value="{kolmilata}"' in page.text
    assert "waiting for an answer" in page.text
    assert mails == []
    assert len(items.lines("maison")) == 1


def test_good_rows_go_at_once_and_the_rest_comes_back_to_be_mended(
    claire: Browser, kolmilata: str, mails: list[EmailMessage]
) -> None:
    page = looked_at(
        claire,
        "a@mill.example,First Mill,BD,Savar",
        "nobody,Second Mill,BD,",
        "c@mill.example,Kolmilata Knit,BD,Gazipur",
        "d@mill.example,Kolmilata Knit,BD,Gazipur",
        "e@mill.example,Kolmilata Knit,BD,Gazipur",
    )
    decided = {**filled(page.text, -2), "same-5": kolmilata, "same-6": "new"}
    done = claire.post(SEND, decided)
    assert done.status == 200
    assert [each["To"] for each in mails] == ["a@mill.example", "d@mill.example", "e@mill.example"]
    left = filled(done.text)["rows"]
    assert left.splitlines() == [
        "email,name,country,city",
        "c@mill.example,Kolmilata Knit,BD,Gazipur",
        "nobody,Second Mill,BD,",
    ]
    mended = claire.post(UPLOAD, {**filled(done.text), "rows": left.replace("nobody", "b@mill.example")})
    assert "2 rows can be sent." in mended.text
    held = {each.email: each.factory_id for each in items.several([x.invitation_id for x in items.lines("maison")])}
    assert held == {"a@mill.example": None, "d@mill.example": kolmilata, "e@mill.example": None}


def test_a_list_sent_twice_invites_once_and_says_the_same(claire: Browser, mails: list[EmailMessage]) -> None:
    form = filled(looked_at(claire, "a@mill.example,First Mill,BD,", "b@mill.example,Other House,BD,").text, -2)
    first, second = claire.post(SEND, form), claire.post(SEND, form)
    assert len(mails) == 2
    assert "2 × Invited: the mail is on its way." in first.text
    assert "2 × Invited: the mail is on its way." in second.text


@pytest.mark.parametrize("where", ["packed", "signature"])
def test_a_list_that_was_changed_on_its_way_is_refused_and_stays_on_the_page(
    claire: Browser, mails: list[EmailMessage], where: str
) -> None:
    form = filled(looked_at(claire, "a@mill.example,First Mill,BD,").text, -2)
    packed = form["packed"]
    form["packed"] = packed[:-4] + "AAA=" if where == "packed" else ("1" if packed[0] == "0" else "0") + packed[1:]
    answer = claire.post(SEND, form)
    assert answer.status == 400
    assert "a@mill.example,First Mill,BD" in answer.text
    assert mails == []


def test_a_list_of_one_member_cannot_be_sent_for_another(claire: Browser, mails: list[EmailMessage]) -> None:
    form = filled(looked_at(claire, "a@mill.example,First Mill,BD,").text, -2)
    organisations.put("member", "autre", {"name": "Autre", "country": "FR"}, STAFF)
    people.add(Role("member", "autre"), "claire@maison.example", STAFF)
    token = claire.form("/portal")["csrf_token"]
    assert claire.post("/portal/acting", {"csrf_token": token, "kind": "member", "tenant": "autre"}).status == 303
    assert claire.post(SEND, form).status == 403
    assert claire.post(SEND, {**form, "csrf_token": claire.form(NEW)["csrf_token"]}).status == 400
    assert mails == []


def test_a_workbook_and_the_template_are_read(claire: Browser) -> None:
    rows = (["Supplier", "E-mail", "Country", "Colour"], ["Büyük Tekstil", "a@tekstil.example", "Turkey", "red"])
    page = upload(claire, workbook(*rows), "list.xlsx")
    assert "1 row can be sent." in page.text
    assert "Büyük Tekstil" in page.text
    assert "These columns are not read: <bdi>Colour</bdi>" in page.text
    template = claire.get(f"{UPLOAD}/template")
    assert template.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "1 row can be sent." in upload(claire, template.text.encode()).text


@pytest.mark.parametrize(
    ("content", "status", "told"),
    [
        (b"name,country\nA,BD", 400, "no column with e-mail addresses"),
        (b"x" * 1_000_001, 413, "more than 1 MB"),
        (b"email,name,country\n" + b"a@b.example,A,BD\n" * 501, 413, "At most 500"),
        (b"PK\x03\x04 no workbook", 400, "could not be read as an XLSX workbook"),
        (b"", 400, "Choose a file, or paste a list."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(
    claire: Browser, content: bytes, status: int, told: str
) -> None:
    answer = upload(claire, content)
    assert answer.status == status
    assert told in answer.text


def test_what_was_in_a_file_stays_on_the_page_where_the_registry_fails(
    claire: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_member: str) -> None:
        raise Unavailable("The registry could not be reached just now.")

    monkeypatch.setattr(items, "lines", fails)
    answer = upload(claire, csv("a@mill.example,First Mill,BD,Savar").encode())
    assert answer.status == 503
    assert "a@mill.example,First Mill,BD,Savar" in filled(answer.text)["rows"]


def test_rows_that_were_not_compared_in_time_are_not_sent_unasked(
    claire: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = iter([0.0, 0.0, 99.0])
    monkeypatch.setattr(clock, "ticking", lambda: next(ticks))
    page = looked_at(claire, "a@mill.example,First Mill,BD,", "b@mill.example,Other House,BD,")
    assert "1 row can be sent." in page.text
    assert "There was no time left for this row." in page.text


def test_500_rows_are_looked_at_at_once(claire: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates, "likely", lambda _about: [])
    page = looked_at(claire, *(f"a{number}@mill.example,Mill {number},BD," for number in range(500)))
    assert "500 rows can be sent." in page.text


def test_what_there_was_no_time_to_mail_is_queued_for_the_next_errand_and_the_list_is_paged(
    claire: Browser, mails: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duplicates, "likely", lambda _about: [])
    page = looked_at(claire, *(f"a{number}@mill.example,Mill {number},BD," for number in range(55)))
    whole = inviting.abreast
    seconds = iter([600.0, -1.0])
    monkeypatch.setattr(inviting, "abreast", lambda work, rows, _seconds: whole(work, rows, next(seconds)))
    done = claire.post(SEND, filled(page.text, -2))
    assert "55 × Invited. The mail has not been sent yet" in done.text
    assert states() == ["pending"] * 55
    assert mails == []
    last = claire.get(f"{LIST}?page=2").text
    assert (last.count("@mill.example</bdi></p>"), "Older ones" in last, "Newer ones" in last) == (5, False, True)
    assert "Older ones" in claire.get(LIST).text


@pytest.mark.safety("faults.mail-down")
def test_while_the_mail_service_is_down_an_invitation_is_queued_and_can_be_sent_again(
    claire: Browser, mails: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as down:
        down.setattr(mail, "send", _not_sent)
        assert claire.send(NEW, NEW_MILL).headers["Location"].endswith("done=queued")
    page = claire.get(LIST).text
    assert "Queued: the mail has not been sent yet." in page
    assert claire.post(f"{LIST}/resend", filled(page, 1)).headers["Location"].endswith("done=sent")
    assert len(mails) == 1
    assert "Queued" not in claire.get(LIST).text


def _not_sent(_message: EmailMessage) -> None:
    raise mail.NotSent


def test_a_bounced_invitation_says_so_and_goes_to_a_corrected_address(
    claire: Browser, mails: list[EmailMessage]
) -> None:
    invitation, _ = invitations.invite("maison", "wrong@mill.example", "en", None, "A Mill", "BD")
    invitations.came_back(invitation.invitation_id, ["wrong@mill.example"], "NoEmail")
    page = claire.get(f"{LIST}?state=bounced").text
    assert "There is no such mailbox." in page
    form = f"{LIST}/resend?invitation={invitation.invitation_id}"
    again = claire.post(f"{LIST}/resend", {**claire.form(form), "email": "no address"})
    assert (again.status, 'value="no address"' in again.text) == (400, True)
    sent = claire.post(f"{LIST}/resend", {**claire.form(form), "email": "right@mill.example"})
    assert sent.status == 303
    assert mails[-1]["To"] == "right@mill.example"
    assert states() == ["pending"]


def test_the_list_counts_by_state_narrows_and_withdraws(claire: Browser) -> None:
    first = invitations.invite("maison", *_plain("a@mill.example"))[0]
    token = invited("B Mill", email="b@mill.example")
    invitations.accept(token)
    page = claire.get(LIST).text
    assert "Accepted (1)" in page
    assert "Waiting for an answer (1)" in page
    assert "b@mill.example" not in claire.get(f"{LIST}?state=pending").text
    form = {"csrf_token": filled(page, 1)["csrf_token"], "invitation": first.invitation_id}
    assert claire.post(f"{LIST}/withdraw", form).status == 303
    assert sorted(states()) == ["accepted", "withdrawn"]
    [accepted] = [line.invitation_id for line in items.lines("maison") if line.state == "accepted"]
    assert claire.post(f"{LIST}/withdraw", {**form, "invitation": accepted}).status == 409


def test_invitations_of_another_member_are_not_there(claire: Browser) -> None:
    organisations.put("member", "autre", {"name": "Autre", "country": "FR"}, STAFF)
    foreign = invitations.invite("autre", *_plain("a@mill.example"))[0].invitation_id
    assert "a@mill.example" not in claire.get(LIST).text
    token = claire.form(NEW)["csrf_token"]
    for action in ("resend", "withdraw"):
        answer = claire.post(f"{LIST}/{action}", {"csrf_token": token, "invitation": foreign})
        assert answer.status == 404
    assert claire.get(f"{LIST}/resend?invitation={foreign}").status == 404


@pytest.mark.safety("invitations.limited")
def test_a_hundred_invitations_to_one_address_are_limited_whoever_sends_them(
    claire: Browser, mails: list[EmailMessage]
) -> None:
    for number in range(100):
        claire.send(NEW, {**NEW_MILL, "name": f"Mill {'abcdefghij'[number % 10]}{number}", "same": "new"})
    assert len(mails) == addresses.MOST_MAILS
    answer = claire.send(NEW, {**NEW_MILL, "name": "One more mill", "same": "new"})
    assert answer.status == 409
    assert "within a day" in answer.text
    assert 'value="One more mill"' in answer.text


@pytest.mark.safety("invitations.member-gone")
def test_a_member_that_has_left_invites_nobody_and_its_pending_invitations_are_void(
    claire: Browser, mails: list[EmailMessage]
) -> None:
    token = invited()
    organisations.put("member", "maison", {"name": "Maison", "country": "FR", "ended": "2026-01-01"}, STAFF)
    assert claire.get(f"/portal/invitations/{token}").status == 410
    assert claire.send(NEW, NEW_MILL).status == 403
    assert mails == []


def test_only_members_invite(runner: SimpleNamespace) -> None:
    for path in (LIST, NEW, UPLOAD):
        assert runner.browser.get(path).status == 403


def test_cells_are_kept_as_written_and_formulas_made_inert_come_back_as_they_were() -> None:
    text = invite_sheet.written([{"email": "a@b.example", "name": "=1+1", "latitude": "-23.5"}])
    assert "'=1+1" in text
    [entry] = invite_sheet.pasted(text).entries
    assert dict(entry.cells) == {"email": "a@b.example", "name": "=1+1", "latitude": "-23.5"}


def test_a_list_that_lacks_a_column_is_shown_with_its_faults(claire: Browser) -> None:
    for rows in ("email,country\na@mill.example,BD", "email\na@mill.example", "name,country\nPadma,BD"):
        looked = claire.send(UPLOAD, {"rows": rows})
        assert looked.status in (200, 400), rows
        assert "Line" in looked.text or 'role="alert"' in looked.text, rows


def test_a_list_without_headings_is_read_in_the_order_of_the_template() -> None:
    [entry] = invite_sheet.pasted("a@b.example\tA Mill\tBD").entries
    assert dict(entry.cells) == {"email": "a@b.example", "name": "A Mill", "country": "BD"}
