"""The headers of mails as they leave: what a mail program reads in them is what was put there, no more and no less."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.relay import Letter
from chalicelib.domain.tidings import News, Tiding
from chalicelib.domain.watching import State, Watch
from chalicelib.internal import headers, letters, mail, watch_letters
from chalicelib.web import language, shown

BUYER = "claire@buyer.example"
OFFICE = "office.secret@kolmilata.example"
WATCH = Watch("0" * 16, BUYER, "en", ("C4J7K2M9QXD",), "2026-01-01T00:00:00Z", State.ACTIVE, None)
TOLD = Tiding(News.SUSPENDED, "2026-03-01T09:30:00Z", "CERTIFICATE#C", 3, "BD7", "পদ্মা", "2026-03-01", "C", "CU 1", "G")
SMUGGLED = "=?utf-8?q?Dubois=0D=0ABcc:_eve=40buyer.example?="
ENGLISH = language.choose("en", None)
BENGALI = language.choose("bn", None)


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What the mail service is given."""
    sent: list[bytes] = []

    class Service:
        def send_raw_email(self, **asked: Any) -> None:
            sent.append(asked["RawMessage"]["Data"])

    monkeypatch.setattr(mail, "_client", Service)
    return sent


def read(content: bytes) -> EmailMessage:
    """A mail as a mail program reads it."""
    return cast(EmailMessage, message_from_bytes(content, policy=default))


def lines(content: bytes, name: str) -> list[str]:
    """The lines of a header."""
    head = content.partition(b"\n\n")[0].decode("ascii")
    [found] = re.findall(rf"^{name}: .*(?:\n .*)*", head, re.M)
    return str(found).split("\n")


def letter(company: str = "Dubois & Fils") -> Letter:
    return Letter("BD7", "Do you knit wool?", "Claire Dubois", company, BUYER, "en")


def test_mail_programs_find_the_address_that_ends_a_watch_by_one_click(wire: list[bytes]) -> None:
    watch_letters.news_by_mail(WATCH, [TOLD])
    stop = watch_letters.address(WATCH, "/stop")
    assert len(stop) > 78
    assert lines(wire[0], "List-Unsubscribe") == [f"List-Unsubscribe: <{stop}>"]
    assert lines(wire[0], "List-Unsubscribe-Post") == ["List-Unsubscribe-Post: List-Unsubscribe=One-Click"]
    assert lines(wire[0], "X-Watch") == [f"X-Watch: {WATCH.watch_id}"]


@pytest.mark.safety("invitations.header-injection")
def test_what_reads_like_an_encoded_header_in_a_name_stays_the_text_that_it_is(wire: list[bytes]) -> None:
    letters.relayed_letter(OFFICE, ENGLISH, letter(SMUGGLED), "Kolmilata")
    assert b"\nBcc:" not in wire[0].replace(b"\r", b"\n")
    taken = read(wire[0])
    assert taken["Subject"] == f"A letter to Kolmilata from {SMUGGLED}"
    assert set(taken) == {"Subject", "From", "To", "Reply-To", "MIME-Version", "Content-Type", "Content-Language"}


def test_an_address_that_reads_like_an_encoded_one_is_no_other(wire: list[bytes]) -> None:
    letters.sign_in("=?utf-8?q?claire?=@buyer.example", ENGLISH, "token")
    assert lines(wire[0], "To") == ["To: =?utf-8?q?claire?=@buyer.example"]


def test_a_name_of_the_sender_in_any_script_leaves_its_address_as_it_is(
    wire: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    sender = "Régistre des usines কলমিলতা <no-reply@factory-id.example>"
    monkeypatch.setattr(shown, "SETTINGS", replace(shown.SETTINGS, mail_from=sender))
    letters.sign_in(BUYER, BENGALI, "token")
    assert read(wire[0])["From"] == sender
    assert lines(wire[0], "From")[-1].endswith(" <no-reply@factory-id.example>")
    assert lines(wire[0], "To") == [f"To: {BUYER}"]


WORDS = ["Kolmilata", "Knit", "Ltd.", "কলমিলতা", "নিট", "东莞市", "İplik", '"S.T."', "—", "=", "=?x", SMUGGLED, "x" * 80]


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=25).map(" ".join))
def test_a_subject_is_read_as_it_was_written_and_no_line_of_it_is_too_long(subject: str) -> None:
    message = EmailMessage(policy=headers.POLICY)
    message["Subject"] = subject
    message.set_content("…")
    content = message.as_bytes()
    assert message["Subject"] == read(content)["Subject"] == subject
    assert max(map(len, lines(content, "Subject"))) <= 78


def test_a_subject_that_needs_no_encoding_gets_none_and_a_header_has_one_line(wire: list[bytes]) -> None:
    letters.relayed_letter(OFFICE, ENGLISH, letter("A & B"), "Kolmilata")
    assert lines(wire[0], "Subject") == ["Subject: A letter to Kolmilata from A & B"]
    for name in ("Subject", "List-Unsubscribe"):
        with pytest.raises(ValueError, match="one line"):
            EmailMessage(policy=headers.POLICY)[name] = "a\r\nBcc: eve@buyer.example"
