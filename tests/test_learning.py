"""Guides and short lessons: what they say, who finds them where, and what is kept of who learned them."""

from __future__ import annotations

import gzip
import json
import re
from datetime import date
from email.message import EmailMessage
from types import SimpleNamespace

import boto3
import pytest
from chalice.test import Client

from app import app
from chalicelib.domain.errors import Malformed, NotFound
from chalicelib.domain.factory import Factory, IcsStatement
from chalicelib.domain.learning import (
    HELPS,
    LESSONS,
    Advice,
    Audience,
    Need,
    Progress,
    advise,
    audience,
    audiences_of,
    known,
    lessons_for,
    needs,
)
from chalicelib.internal import rights
from chalicelib.internal.portal import door
from chalicelib.public import edge
from chalicelib.store.registry import callers, erasure, learning, people
from chalicelib.store.registry.people import Role
from chalicelib.web import language
from chalicelib.web.lessons import AUDIENCE, NEED, lesson
from tests.portal_browser import EMAIL, STAFF, Browser, filled, signed_in
from tests.world import World

pytest_plugins = ["tests.conftest_portal"]

SLUGS = list(LESSONS)
PERSON = callers.person(EMAIL)
RIGHT = {f"question-{place + 1}": str(number) for place, number in enumerate(lesson("profile").right)}
WRONG = {**RIGHT, "question-2": str((lesson("profile").right[1] + 1) % 3)}
PAGE = "/portal/learning/profile"


def of_factories(*kinds: str) -> list[Audience]:
    return audiences_of(True, kinds)


# What the lessons say


@pytest.mark.parametrize("slug", SLUGS)
def test_a_lesson_has_all_its_parts_and_stays_short(slug: str) -> None:
    said = lesson(slug)
    assert all(text.strip() for text in said.texts)
    assert 3 <= len(said.sections) <= 5
    assert all(each.paragraphs for each in said.sections)
    assert said.onward
    assert len(said.questions) == 3
    for each in said.questions:
        assert len(set(each.answers)) == len(each.answers) == 3
        assert 0 <= each.right < 3
    assert sum(len(text.split()) for text in said.texts) <= 310
    assert said.minutes in (2, 3)
    assert LESSONS[slug]


def test_the_right_answer_does_not_stand_in_the_same_place_in_every_lesson() -> None:
    assert len({lesson(slug).right for slug in SLUGS}) > 3


@pytest.mark.parametrize("slug", SLUGS)
def test_a_lesson_leads_only_to_pages_that_there_are(slug: str) -> None:
    there = edge.PAGES | {page.path for page in door.PAGES}
    for each in lesson(slug).onward:
        assert each.path in there
        assert not each.tab or f"/portal/factories/{{factory_id}}/{each.tab}" in there


@pytest.mark.parametrize("slug", SLUGS)
def test_no_lesson_calls_an_audit_a_certificate_or_says_how_one_went(slug: str) -> None:
    said = lesson(slug)
    taught = [text for each in said.sections for text in (each.title, *each.paragraphs)]
    taught += [text for each in said.questions for text in (each.answers[each.right], each.why)]
    for sentence in re.split(r"(?<=[.?!:])\s", " ".join([said.title, said.about, *taught]).lower()):
        if "audit" in sentence:
            assert "certif" not in sentence or " not " in sentence, sentence
            assert not re.search(r"\b(passed|failed|score|compliant)\b", sentence) or "nobody" in sentence, sentence


def test_every_kind_of_reader_and_every_need_has_a_lesson_and_words() -> None:
    for reader in Audience:
        assert lessons_for([reader])
    assert set(AUDIENCE) == set(Audience)
    assert set(NEED) == set(HELPS) == set(Need)
    assert set(HELPS.values()) <= set(LESSONS)


# Who learns what next


def test_what_helps_with_a_need_comes_first_then_the_order_of_lessons_then_nothing() -> None:
    factory = of_factories()
    assert advise(Progress(), factory, {Need.CONFIRMATION}) == Advice("checking-a-certificate", Need.CONFIRMATION)
    assert advise(Progress(), factory, {Need.CONFIRMATION, Need.PROFILE}) == Advice("profile", Need.PROFILE)
    done = Progress({"profile": "2026-11-22"})
    assert advise(done, factory, {Need.PROFILE}) == Advice("qr-code")
    assert advise(Progress(dict.fromkeys(LESSONS, "2026-11-22")), factory, set(Need)) is None


def test_who_acts_for_a_member_is_offered_no_lesson_that_is_only_for_factories() -> None:
    readers = audiences_of(False, ["member"])
    assert advise(Progress(), readers, ()) == Advice("privacy")
    assert "profile" not in lessons_for(readers)
    assert lessons_for(audiences_of(False, ["staff"])) == SLUGS


def test_a_factory_needs_a_lesson_for_what_its_record_lacks() -> None:
    draft = Factory("BD", "S", IcsStatement(1, "2026-01-02", {"name": "Mill", "country": "BD"}))
    assert needs(draft) == {Need.PAGE, Need.PROFILE}


def test_the_day_on_which_a_lesson_was_first_done_stays() -> None:
    done = Progress().with_done("claims", "2026-01-01").with_done("claims", "2026-02-02")
    assert done.done == {"claims": "2026-01-01"}


def test_what_is_no_lesson_and_no_reader_is_refused() -> None:
    assert audience("") is None
    with pytest.raises(Malformed):
        audience("robots")
    with pytest.raises(NotFound):
        known("../secrets")


# In public


@pytest.fixture(scope="module")
def anyone() -> Browser:
    return Browser(Client(app))


@pytest.mark.parametrize("slug", SLUGS)
def test_a_lesson_is_one_small_page_in_every_language_with_each_answer_behind_a_summary(
    anyone: Browser, slug: str
) -> None:
    for code in language.offered():
        answer = anyone.get(f"/resources/{slug}?lang={code}")
        assert (answer.status, answer.headers["Content-Language"]) == (200, code)
        assert len(gzip.compress(answer.text.encode())) <= 14_000
        assert answer.text.count("<details>") == len(lesson(slug).questions)
        assert "<script" not in answer.text
        assert f'hreflang="{code}" href="{edge.url(f"/resources/{slug}")}?lang={code}"' in answer.text


def test_a_lesson_is_told_in_the_language_asked_for(anyone: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    said, bengali = lesson("audit-dates"), language.language("bn")
    words = {said.title: "<b>শিরোনাম", said.sections[0].paragraphs[0]: "অনুচ্ছেদ", said.questions[0].why: "কারণ"}
    monkeypatch.setattr(bengali.words, "MESSAGES", {**bengali.words.MESSAGES, **words})
    page = anyone.get("/resources/audit-dates?lang=bn").text
    assert "&lt;b&gt;শিরোনাম" in page
    assert all(text in page for text in ("অনুচ্ছেদ", "কারণ"))
    answer = anyone.get("/v1/resources/audit-dates", Accept_Language="bn")
    told = json.loads(answer.text)
    assert (answer.headers["Vary"], told["language"], told["title"]) == ("Accept-Language", "bn", "<b>শিরোনাম")
    assert (told["sections"][0]["paragraphs"][0], told["questions"][0]["why"]) == ("অনুচ্ছেদ", "কারণ")


def test_the_list_is_narrowed_to_a_kind_of_reader_on_the_page_and_in_json(anyone: Browser) -> None:
    page = anyone.get("/resources?for=organiser").text
    assert re.findall(r'href="/resources/([a-z-]+)"', page) == lessons_for([Audience.ORGANISER])
    assert 'name="robots" content="noindex"' in page
    assert re.findall(r'href="/resources/([a-z-]+)"', anyone.get("/resources").text) == SLUGS
    told = json.loads(anyone.get("/v1/resources?for=consumer").text)["results"]
    assert [each["slug"] for each in told] == lessons_for([Audience.CONSUMER])
    assert told[0]["url"] == edge.url(f"/resources/{told[0]['slug']}")
    assert all(each["minutes"] == lesson(each["slug"]).minutes for each in told)


def test_what_is_not_there_is_said_as_on_any_page(anyone: Browser) -> None:
    assert anyone.get("/resources/nothing").status == 404
    assert anyone.get("/resources?for=robots").status == 400
    refused = anyone.get("/v1/resources?for=robots")
    assert (refused.status, refused.headers["Content-Type"]) == (400, "application/problem+json")
    assert anyone.get("/v1/resources/nothing").status == 404


def test_search_engines_and_every_page_find_the_guides(anyone: Browser) -> None:
    listed = anyone.get("/sitemap/guides.xml").text
    assert all(f"<loc>{edge.url(f'/resources/{slug}')}</loc>" in listed for slug in SLUGS)
    for path in ("/", "/verify", "/resources/claims"):
        assert 'href="/resources"' in anyone.get(path).text
    assert 'href="/resources/checking-a-certificate"' in anyone.get("/verify").text


def test_who_reads_a_certificate_or_an_audit_date_is_led_to_the_lesson_about_it(world: World) -> None:
    factory_id = world.a_factory()
    code = world.a_certificate(factory_id)
    world.run_by(factory_id)("POST", f"/internal/v1/factories/{factory_id}/publish").ok()
    assert "/resources/checking-a-certificate" in world.anyone.get(f"/c/{code}").text
    assert "/resources/audit-dates" in world.anyone.get(f"/f/{factory_id}").text


# In the portal


def chosen(page: str) -> dict[str, str]:
    """The answers that are ticked."""
    return {name: value for name, value in filled(page).items() if name.startswith("question-")}


def test_a_wrong_answer_is_explained_nothing_is_lost_and_the_right_ones_complete_the_lesson(
    runner: SimpleNamespace,
) -> None:
    again = runner.browser.send(PAGE, WRONG)
    assert (again.status, chosen(again.text)) == (200, WRONG)
    assert lesson("profile").questions[1].why in again.text
    assert 'href="#question-2"' in again.text
    assert 'href="#question-1"' not in again.text
    assert learning.progress(PERSON) == Progress()
    done = runner.browser.post(PAGE, {**filled(again.text), **RIGHT})
    assert (done.status, done.headers["Location"]) == (303, "/portal/learning?done=profile")
    page = runner.browser.get(done.headers["Location"]).text
    assert "All answers are right." in page.split("<h1>")[0]
    assert "1 of 8 lessons for you are done." in page
    assert list(learning.progress(PERSON).done) == ["profile"]
    assert "Done on" in runner.browser.get(PAGE).text


@pytest.mark.parametrize("odd", ["", "3", "-1", "²", "1.0", "true"])
def test_a_question_without_an_answer_is_named_and_the_other_answers_stay(runner: SimpleNamespace, odd: str) -> None:
    again = runner.browser.send(PAGE, {**RIGHT, "question-3": odd})
    assert again.status == 400
    assert 'href="#question-3"' in again.text
    assert chosen(again.text) == {name: value for name, value in RIGHT.items() if name != "question-3"}
    assert learning.progress(PERSON) == Progress()


def test_what_the_profile_lacks_comes_next_and_each_page_of_a_factory_leads_to_its_lesson(
    runner: SimpleNamespace,
) -> None:
    page = runner.browser.get("/portal/learning").text
    assert f'class="button" href="{PAGE}"' in page
    assert NEED["profile"] in page
    for tab, slug in (("profile", "profile"), ("privacy", "privacy"), ("share", "qr-code"), ("certificates", "claims")):
        assert f'href="/portal/learning/{slug}"' in runner.browser.get(f"{runner.home}/{tab}").text, tab
        assert f'href="{runner.home}/{tab}"' in runner.browser.get(f"/portal/learning/{slug}").text, slug


def test_a_link_from_elsewhere_completes_nothing(runner: SimpleNamespace) -> None:
    assert runner.browser.get("/portal/learning?done=profile").status == 200
    assert "is done" not in runner.browser.get("/portal/learning?done=profile").text
    assert runner.browser.post(PAGE, RIGHT).status == 403
    assert runner.browser.get("/portal/learning/nothing").status == 404
    assert learning.progress(PERSON) == Progress()


def test_who_is_not_signed_in_is_asked_to_sign_in(browser: Browser) -> None:
    for path in ("/portal/learning", PAGE):
        assert browser.get(path).headers["Location"] == "/portal/sign-in"


def test_a_lesson_counts_once_for_a_factory_whoever_did_it_and_the_count_names_nobody(runner: SimpleNamespace) -> None:
    runner.browser.send(PAGE, RIGHT)
    other = callers.person("second@kolmilata.example")
    learning.note_done(other, "profile", date(2026, 11, 22), [runner.factory_id])
    learning.note_done(other, "claims", date(2026, 11, 22), [runner.factory_id])
    found = learning.modules_done([runner.factory_id, "BDF8QY40YGE1"])
    assert found == {runner.factory_id: ("profile", "claims"), "BDF8QY40YGE1": ()}
    counted = [item for item in items() if item["pk"]["S"].startswith("LEARNED#")]
    assert len(counted) == 2
    assert not [item for item in counted if PERSON in str(item) or other in str(item)]


def test_a_factory_that_somebody_came_to_run_later_is_made_up_for(runner: SimpleNamespace) -> None:
    learning.note_done(PERSON, "privacy", date(2026, 1, 1), [])
    assert learning.modules_done([runner.factory_id])[runner.factory_id] == ()
    runner.browser.send(PAGE, RIGHT)
    assert learning.modules_done([runner.factory_id])[runner.factory_id] == ("profile", "privacy")
    assert learning.progress(PERSON).done["privacy"] == "2026-01-01"


@pytest.mark.usefixtures("browser")
def test_somebody_who_runs_many_factories_has_each_of_them_counted() -> None:
    many = [f"F{number:03}" for number in range(150)]
    learning.note_done(PERSON, "privacy", date(2026, 1, 1), many)
    assert set(learning.modules_done(many).values()) == {("privacy",)}


# For programs of people who signed in


def test_a_person_learns_by_api_as_in_the_portal_and_a_key_does_not(world: World) -> None:
    owner = world.run_by(world.a_factory())
    before = owner.get("/internal/v1/learning").ok().json
    assert (before["next"], before["lessons"][0]["done"]) == ("profile", None)
    right = list(lesson("profile").right)
    path = "/internal/v1/learning/profile"
    wrong = owner("PUT", path, {"answers": [right[0], right[1], (right[2] + 1) % 3]}).ok().json
    assert (wrong["done"], [each["right"] for each in wrong["results"]]) == (False, [True, True, False])
    assert wrong["results"][2]["why"] == lesson("profile").questions[2].why
    assert owner("PUT", path, {"answers": right}).ok().json["done"]
    after = owner.get("/internal/v1/learning").ok().json
    assert after["next"] != "profile"
    assert [each["slug"] for each in after["lessons"] if each["done"]] == ["profile"]
    for answers in ([0, 1], [0, 1, 2, 0], [0, 1, 3], [0, 1, True], [0, 1, "2"], "012"):
        assert owner("PUT", path, {"answers": answers}).status == 400
    assert owner("PUT", "/internal/v1/learning/nothing", {"answers": right}).status == 404
    assert world.member.get("/internal/v1/learning").status == 403
    assert world.anyone.get("/internal/v1/learning").status == 401


# The rights of who learned


def items() -> list[dict[str, dict[str, str]]]:
    client = boto3.client("dynamodb")
    tables = ("factory-id-registry", "factory-id-public")
    return [item for name in tables for item in client.scan(TableName=name)["Items"]]


def test_progress_is_taken_along_and_erased_and_the_factorys_count_stays(
    runner: SimpleNamespace, mails: list[EmailMessage]
) -> None:
    signed_in(runner.browser, EMAIL, mails)
    runner.browser.send(PAGE, RIGHT)
    held = json.loads(runner.browser.get("/portal/me/export").text)
    assert list(held["lessons"]) == ["profile"]
    taken = json.loads(runner.browser.get(f"{runner.home}/export").text)
    assert taken["lessons"] == ["profile"]
    assert [item for item in items() if item["pk"]["S"] == f"LEARNING#{PERSON}"]
    erasure.person(PERSON, STAFF)
    assert not [item for item in items() if item["pk"]["S"] == f"LEARNING#{PERSON}"]
    assert rights.of_person(PERSON)["lessons"] == {}
    assert learning.modules_done([runner.factory_id])[runner.factory_id] == ("profile",)


def test_who_acts_for_a_member_learns_too_and_no_factory_is_counted(
    browser: Browser, mails: list[EmailMessage]
) -> None:
    people.add(Role("member", "maison"), "claire@maison.example", STAFF)
    claire = signed_in(browser, "claire@maison.example", mails)
    page = claire.get("/portal/learning").text
    assert 'class="button" href="/portal/learning/privacy"' in page
    right = {f"question-{place + 1}": str(number) for place, number in enumerate(lesson("claims").right)}
    assert claire.send("/portal/learning/claims", right).status == 303
    assert not [item for item in items() if item["pk"]["S"].startswith("LEARNED#")]
