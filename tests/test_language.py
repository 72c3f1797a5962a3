"""Which language a reader gets, and how it says things."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from infra import locales

locales.build()

from chalicelib.web import language  # noqa: E402  (its data must have been made first)

MOMENT = datetime(2026, 11, 22, 15, 20, tzinfo=UTC)
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


@pytest.fixture
def all_offered(monkeypatch):
    monkeypatch.setattr(language, "offered", lambda: tuple(language.LANGUAGES))


def test_all_eight_languages_are_complete_enough_to_be_offered():
    assert language.offered() == tuple(language.LANGUAGES)


@pytest.mark.parametrize(
    ("asked", "header", "code"),
    [
        ("fr", "es", "fr"),
        ("zh-Hant", None, "zh"),
        ("FR_ca", None, "fr"),
        ("xx", "es,fr;q=0.9", "es"),
        (None, "fr;q=0.3, tr;q=0.8, en;q=0.1", "tr"),
        (None, "de, pt;q=0.9, vi;q=0.2", "vi"),
        (None, "fr;q=0, bn", "bn"),
        (None, "*", "en"),
        (None, "fr;q=2", "en"),
        (None, "fr;q=nan", "en"),
        (None, "", "en"),
        (None, None, "en"),
    ],
)
@pytest.mark.usefixtures("all_offered")
def test_the_parameter_wins_then_the_header_by_quality(asked, header, code):
    assert language.choose(asked, header).code == code


@pytest.mark.usefixtures("all_offered")
def test_a_language_that_was_asked_for_by_parameter_says_so():
    assert language.choose("fr", None).asked
    assert not language.choose(None, "fr").asked
    assert not language.choose("xx", "fr").asked


def test_a_language_without_its_catalogue_is_not_chosen(monkeypatch):
    monkeypatch.setattr(language, "offered", lambda: ("en", "es"))
    assert language.choose("fr", "bn, es;q=0.5").code == "es"


@given(st.none() | st.text(), st.none() | st.text() | st.text(alphabet="aefnrs-,;=q.0123456789* \t", max_size=80))
def test_junk_never_raises(asked, header):
    assert language.choose(asked, header).code in language.LANGUAGES


def test_a_header_of_a_million_ranges_is_cut_short():
    assert language.choose(None, "de," * 300_000 + "fr").code == "en"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", "22 November 2026, 15:20 UTC"),
        ("fr", "22 novembre 2026, 15:20 UTC"),
        ("es", "22 de noviembre de 2026, 15:20 UTC"),
        ("tr", "22 Kasım 2026 15:20 UTC"),
        ("vi", "15:20 UTC 22 tháng 11, 2026"),
        ("zh", "2026年11月22日 15:20 UTC"),
    ],
)
def test_instants_are_said_in_utc_to_the_minute(code, said):
    assert language.language(code).day_and_time(MOMENT) == said
    assert language.language(code).day_and_time(MOMENT.astimezone(timezone(timedelta(hours=6)))) == said


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_every_language_knows_months_and_countries(code):
    speaks = language.language(code)
    days = {speaks.date(date(2026, month, 22)) for month in range(1, 13)}
    assert len(days) == 12
    assert all("2026" in day and "22" in day for day in days)
    assert speaks.country("BD") not in ("", "BD")
    assert speaks.country("XX") == "XX"


def test_arabic_runs_from_right_to_left_and_has_six_plurals():
    arabic = language.language("ar")
    assert arabic.direction == "rtl"
    assert [int(arabic.words.PLURALS[n]) for n in (0, 1, 2, 3, 100, 11)] == [0, 1, 2, 3, 4, 5]


def test_plurals_follow_the_number():
    english = language.language("en")
    assert english.ngettext("%(number)s factory", "%(number)s factories", 1) == "%(number)s factory"
    assert english.ngettext("%(number)s factory", "%(number)s factories", 1007) == "%(number)s factories"
    assert english.ngettext("one sheep", "many sheep", 3) == "many sheep"


def test_the_catalogues_hold_the_texts_that_are_in_use():
    used = {message for _, _, message, _ in locales._found()}
    for code in language.LANGUAGES:
        with (locales.MESSAGES / f"{code}.po").open("rb") as file:
            held = {message.id for message in read_po(file) if message.id}
        assert held == {*used}, f"{code}: run python -m infra.locales --extract"


def test_code_says_nothing_that_extraction_cannot_see():
    for path in (locales.ROOT / "chalicelib" / "web").glob("*.py"):
        assert not re.search(r"(self\.text|gettext)\(\s*[\"']", path.read_text("utf-8")), path.name


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_translations_keep_their_placeholders(code):
    with (locales.MESSAGES / f"{code}.po").open("rb") as file:
        catalogue = [message for message in read_po(file) if message.id]
    for message in catalogue:
        sources = [message.id] if isinstance(message.id, str) else message.id
        said = [message.string] if isinstance(message.string, str) else message.string
        wanted = set(PLACEHOLDER.findall(sources[-1]))
        for text in filter(None, said):
            found = set(PLACEHOLDER.findall(text))
            # "no factory", "one factory" and "two factories" may say the number in words
            in_words = len(said) > 2 or "%(number)s" not in sources[0]
            assert found == wanted or (in_words and found == wanted - {"number"}), (code, message.id)
            assert "%" not in PLACEHOLDER.sub("", text).replace("%%", ""), (code, text)


def test_languages_that_are_offered_are_complete_enough():
    for code in language.offered():
        assert language.language(code).words.COMPLETE >= locales.ENOUGH
