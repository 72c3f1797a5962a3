"""Who acts for an organisation. See SAFETY: Mechanisms 7; Portal: role removed mid-session, who, when and why kept."""

from __future__ import annotations

from email.message import EmailMessage
from types import SimpleNamespace

import pytest

from chalicelib import clock
from chalicelib.domain.errors import NotFound
from chalicelib.internal import access
from chalicelib.store.registry import callers, history, organisations, people
from chalicelib.store.registry.people import Role
from tests.portal_browser import EMAIL, STAFF, Browser, as_staff, invited, link_in, signed_in

pytest_plugins = ["tests.conftest_portal"]

CLAIRE = "claire@maison.example"
MAISON = Role("member", "maison")


@pytest.fixture
def claire(browser: Browser, mails: list[EmailMessage]) -> Browser:
    people.add(MAISON, CLAIRE, STAFF)
    return signed_in(browser, CLAIRE, mails)


def test_somebody_new_is_told_by_a_mail_without_a_token_and_can_sign_in(
    claire: Browser, mails: list[EmailMessage]
) -> None:
    added = claire.send("/portal/team/member/maison", page="/portal/team/member", email="Paul@Maison.example")
    assert added.status == 303
    assert mails[-1]["To"] == "Paul@maison.example"
    assert link_in(mails[-1]) == "/portal/sign-in"
    signed_in(claire, "paul@maison.example", mails)
    assert "Maison Lumière" in claire.get("/portal").text


@pytest.mark.safety("mechanisms.present-membership", "portal.role-removed")
def test_a_role_removed_acts_no_more_on_the_very_next_request(claire: Browser) -> None:
    assert claire.get("/portal/team/member").status == 200
    people.remove(MAISON, callers.person(CLAIRE), STAFF)
    assert claire.get("/portal/team/member").status == 403
    assert "Maison" not in claire.get("/portal").text


def test_a_team_is_not_to_be_seen_from_another_organisation(claire: Browser) -> None:
    organisations.put("member", "autre", {"name": "Autre", "country": "FR"}, STAFF)
    assert claire.get("/portal/team/member/autre").status == 404
    assert claire.get("/portal/team/staff/staff").status == 404
    assert claire.get("/portal/team/nonsense").status == 404
    assert claire.get("/portal/team/staff").status == 403


def test_staff_make_no_team_for_an_organisation_that_is_not_on_record(
    browser: Browser, mails: list[EmailMessage]
) -> None:
    as_staff(browser, mails)
    page = "/portal/team/member/maison"
    for tenant, status in (("nobody", 404), ("%C3%A9", 400), ("x%23PERSON", 400)):
        path = f"/portal/team/member/{tenant}"
        assert browser.get(path).status == status
        assert browser.send(path, page=page, email="paul@maison.example").status == status
    assert not people.authority(callers.person("paul@maison.example"))


def test_adding_and_removing_somebody_again_and_again_does_not_flood_their_mailbox(
    claire: Browser, mails: list[EmailMessage]
) -> None:
    page, victim = "/portal/team/member", "victim@else.example"
    form = claire.form(page)
    for _ in range(people.ADDED.most):
        assert claire.post(f"{page}/maison", {**form, "email": victim}).status == 303
        people.remove(MAISON, callers.person(victim), STAFF)
    sent = len(mails)
    refused = claire.post(f"{page}/maison", {**form, "email": victim})
    assert (refused.status, f'value="{victim}"' in refused.text, len(mails)) == (429, True, sent)


def test_nobody_removes_themselves_and_a_wrong_address_is_shown_again(claire: Browser) -> None:
    page = "/portal/team/member"
    own = {"person": callers.person(CLAIRE)}
    refused = claire.send(f"{page}/maison/remove", own, page=page)
    assert refused.status == 409
    assert "Ask a colleague" in refused.text
    again = claire.send(f"{page}/maison", page=page, email="paul at maison")
    assert (again.status, 'value="paul at maison"' in again.text) == (400, True)


def test_somebody_with_two_organisations_chooses_and_the_choice_holds(claire: Browser) -> None:
    organisations.put("member", "autre", {"name": "Autre Marque", "country": "FR"}, STAFF)
    people.add(Role("member", "autre"), CLAIRE, STAFF)
    assert "Team of Autre Marque" in claire.get("/portal/team/member").text
    assert claire.send("/portal/acting", page="/portal").status == 303
    assert "Team of Maison Lumière" in claire.get("/portal/team/member").text
    foreign = {"kind": "staff", "tenant": "staff"}
    assert claire.send("/portal/acting", foreign, page="/portal").status == 403


def test_a_session_in_json_acts_in_the_capacity_that_may_and_asks_where_several_could(
    runner: SimpleNamespace, mails: list[EmailMessage]
) -> None:
    people.add(MAISON, EMAIL, STAFF)
    browser = signed_in(runner.browser, EMAIL, mails)
    assert browser.get("/internal/v1/network").status == 200
    assert browser.get(f"/internal/v1/factories/{runner.factory_id}").status == 200
    record = f"/internal/v1/events?record={runner.factory_id}"
    asked = browser.get(record)
    assert asked.status == 400
    assert "member:maison" in asked.text
    assert browser.get(record, X_Acting_For="factory").status == 200
    assert browser.get(record, X_Acting_For="member:maison").status == 404
    assert browser.get(record, X_Acting_For="staff").status == 403
    assert browser.get("/internal/v1/people?kind=member&tenant=maison").status == 403


def test_staff_enter_a_factorys_pages_as_staff_and_members_do_not(
    runner: SimpleNamespace, mails: list[EmailMessage]
) -> None:
    people.add(MAISON, CLAIRE, STAFF)
    signed_in(runner.browser, CLAIRE, mails)
    assert runner.browser.get(runner.profile).status == 404
    people.add(Role("staff", "staff"), CLAIRE, STAFF)
    assert runner.browser.get(runner.profile).status == 200
    assert runner.browser.send(runner.profile, page=runner.profile, number=-1, city="Savar").status == 303
    last = history.of(f"FACTORY#{runner.factory_id}")[-1]
    assert last["actor"]["kind"] == "staff"


@pytest.mark.usefixtures("claire")
def test_every_change_of_a_team_is_an_event_without_an_address_and_the_chain_holds() -> None:
    people.remove(MAISON, callers.person(CLAIRE), STAFF)
    with pytest.raises(NotFound):
        people.remove(MAISON, callers.person(CLAIRE), STAFF)
    events = history.of("TEAM#member#maison")
    assert [each["action"] for each in events] == ["person_added", "person_removed"]
    assert history.first_false(events) is None
    assert CLAIRE not in str(events)


def test_staff_keep_teams_by_key(claire: Browser, mails: list[EmailMessage]) -> None:
    claire.cookie = ""
    _, secret = callers.create_key("staff", "staff", access.SCOPES["staff"], "test")
    ask = claire.client.http.request
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    path = "/internal/v1/people"
    body = b'{"kind": "staff", "tenant": "staff", "email": "first@registry.example"}'
    for _ in range(2):
        assert ask("POST", path, headers=headers, body=body).status_code == 200
    assert [mail["To"] for mail in mails if mail["To"].startswith("first")] == ["first@registry.example"]
    unknown = b'{"kind": "member", "tenant": "nobody", "email": "first@registry.example"}'
    assert ask("POST", path, headers=headers, body=unknown).status_code == 404
    person = callers.person("first@registry.example")
    assert ask("DELETE", f"{path}/{person}?kind=staff&tenant=staff", headers=headers).status_code == 204
    assert not people.authority(person)


@pytest.mark.usefixtures("claire")
def test_a_session_remembers_its_choice_only_while_it_lasts() -> None:
    with pytest.raises(NotFound):
        callers.act_for("x" * 43, "member", "maison")
    assert callers.by_session("x" * 43, clock.now()) is None


@pytest.mark.safety("invitations.member-gone")
def test_a_member_that_takes_part_no_more_acts_by_nobody_and_invites_nobody_until_it_does_again(
    claire: Browser, mails: list[EmailMessage]
) -> None:
    _, key = callers.create_key("member", "maison", access.SCOPES["member"], "test", STAFF)
    token = invited()
    ask = claire.client.http.request

    def by_key() -> int:
        return int(ask("GET", "/internal/v1/network", headers={"Authorization": f"Bearer {key}"}).status_code)

    assert (by_key(), claire.get("/portal/team/member").status) == (200, 200)
    people.add(Role("staff", "staff"), "staff@registry.example", STAFF)
    staff = signed_in(Browser(claire.client), "staff@registry.example", mails)
    page = "/portal/staff/organisations/member/maison"
    silent = staff.send(f"{page}/part", page=page)
    assert (silent.status, 'id="reason-fault"' in silent.text) == (400, True)
    assert staff.send(f"{page}/part", page=page, reason="Left the initiative").status == 303
    assert "It takes part no more" in staff.get(page).text
    assert (by_key(), claire.get("/portal/team/member").status) == (401, 403)
    assert claire.get(f"/portal/invitations/{token}").status == 410
    organisations.put("member", "maison", {"name": "Maison Lumière", "country": "FR"}, STAFF)
    assert by_key() == 401, "a change of its name is no return"
    assert staff.send(f"{page}/part", page=page, reason="Came back").status == 303
    assert (by_key(), claire.get("/portal/team/member").status) == (200, 200)
    assert claire.get(f"/portal/invitations/{token}").status == 200
    ended, resumed = [each for each in history.of("MEMBER#maison") if each["action"] in ("ended", "resumed")]
    assert (ended["reason"], resumed["reason"]) == ("Left the initiative", "Came back")
    assert history.first_false(history.of("MEMBER#maison")) is None
