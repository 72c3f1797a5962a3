"""What judges the answers does say no: to a fault of ours, a leak, markup that came through, a formula, a header."""

from __future__ import annotations

from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.web import qr, responses
from tests.safety import judging, mutated, showing
from tests.safety.real import Request
from tests.safety.showing import Outcome, Texts

EVIL = "</script><b>\"' =1+1"
ASKED = Request("GET", "/f/{factory_id}", "/f/x", "nobody")
HEADERS = {**responses._SAFE, "Content-Security-Policy": "default-src 'none'"}


def answer(body: str, kind: str = "text/html; charset=utf-8", status: int = 200, **headers: str) -> Any:
    held = {**HEADERS, "Content-Type": kind, **headers}
    return SimpleNamespace(status_code=status, headers=held, body=body.encode())


@pytest.mark.parametrize(
    ("given", "word"),
    [
        (answer("<p>x</p>", status=500), "a 500"),
        (answer("<p>Traceback (most recent call last)</p>"), "Traceback"),
        (answer("<p>rahima.secret@private-mill.example</p>"), "a stranger of private-mill"),
        (answer("{}", "application/json", 404), "a 404 as application/json"),
        (answer('<p title=""><fz-x onfocus=alert(1)></p>'), "markup"),
        (answer("", Location="https://evil.example/", status=303), "leads to"),
        (answer("<p>x</p>", **{"Content-Security-Policy": "default-src 'self'"}), "no policy"),
        (answer("<p>x</p>", **{"X-Content-Type-Options": ""}), "no x-content-type-options"),
        (answer("<p>x</p>", ETag="a\r\nSet-Cookie: b"), "line break"),
    ],
)
def test_an_answer_that_is_wrong_is_named(given: Any, word: str) -> None:
    stage: Any = SimpleNamespace(wrote=[])
    assert judging.faults(stage, ASKED, answer("<p>x</p>")) == []
    assert any(word in fault for fault in judging.faults(stage, ASKED, given))


def test_a_get_that_writes_is_named_and_an_echo_is_no_leak() -> None:
    stage: Any = SimpleNamespace(wrote=["PutItem"])
    assert judging.faults(stage, ASKED, answer("<p>x</p>")) == ["a GET wrote: ['PutItem']"]
    stage.wrote = []
    echoing = Request("GET", "/find", "/find", "nobody", query="q=Secretova")
    assert judging.faults(stage, echoing, answer("<p>Secretova</p>")) == []


def sent(text: str) -> Texts:
    held = Texts(iter([text]))
    held.next(in_form=False)
    return held


LD = '<script type="application/ld+json">{"name":"%s"}</script>'


@pytest.mark.parametrize(
    ("kind", "shown", "right"),
    [
        ("text/html", "<p>&lt;/script>&lt;b>&quot;&#39; =1+1 Zq00000z</p>", True),
        ("text/html", "<p></script><b>\"' =1+1 Zq00000z</b></p>", False),
        ("text/html", '<p title="</script><b>">" =1+1 Zq00000z</p>', False),
        ("text/html", LD % "\\u003c/script>\\u003cb>\\\"' =1+1 Zq00000z", True),
        ("text/html", LD % "</script><b>\\\"' =1+1 Zq00000z", False),
        ("application/json", '{"a": "</script><b>\\"\' =1+1 Zq00000z"}', True),
        ("application/json", '{"a": "=1+1 Zq00000z"}', False),
        ("application/json", '{"a": "</script><b>"\' =1+1 Zq00000z"}', False),
        ("text/csv", 'a\r\n"</script><b>""\' =1+1 Zq00000z"\r\n', True),
        ("text/csv", "a\r\n=1+1 Zq00000z\r\n", False),
        ("image/svg+xml", "<svg><text>&lt;/script>&lt;b>&quot;' =1+1 Zq00000z</text></svg>", True),
        ("image/svg+xml", "<svg><text></script><b>\"' =1+1 Zq00000z</b></text></svg>", False),
    ],
)
def test_a_text_that_is_not_shown_as_nothing_but_text_is_named(kind: str, shown: str, right: bool) -> None:
    assert (showing.shown(answer(shown, kind), sent(EVIL), Outcome()) == []) is right


def test_a_mail_with_a_header_that_came_in_by_a_text_is_named() -> None:
    mail = EmailMessage()
    mail["Subject"] = "x"
    mail["Bcc"] = "victim@elsewhere.example"
    mail.set_content("hello\n")
    assert showing.in_mail(mail, sent(EVIL), Outcome()) == ["the header Bcc"]


def test_a_route_that_breaks_is_found_by_the_mutated_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    def planted(*_given: Any, **_named: Any) -> Any:
        raise KeyError

    monkeypatch.setattr(qr, "svg", planted)
    assert any("planted" in each for each in mutated.run(400).lost)
