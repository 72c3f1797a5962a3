"""Answers that may be kept: who holds the present one is not sent it again."""

from __future__ import annotations

import pytest
from chalice.app import Response

from chalicelib.web import responses


def _page(body: str = "hello", cache: str = responses.REVALIDATE, status: int = 200) -> Response:
    return Response(body, headers={"Cache-Control": cache, "Content-Type": "text/html"}, status_code=status)


def _tag(body: str = "hello") -> str:
    return str(responses.unless_held(_page(body), "").headers["ETag"])


def test_what_is_held_already_is_not_sent_again() -> None:
    answer = responses.unless_held(_page(), _tag())
    assert (answer.status_code, answer.body) == (304, "")
    assert answer.headers["ETag"] == _tag()
    assert answer.headers["Cache-Control"] == responses.REVALIDATE
    assert answer.headers["Content-Type"] == "text/html"


@pytest.mark.parametrize("held", ["", "*x", '"other"', 'W/"other", "more"'])
def test_what_is_not_held_is_sent_whole(held: str) -> None:
    answer = responses.unless_held(_page(), held)
    assert (answer.status_code, answer.body) == (200, "hello")


def test_one_of_several_tags_held_is_enough_strong_or_weak() -> None:
    held = f'"other", {_tag().removeprefix("W/")}'
    assert responses.unless_held(_page(), held).status_code == 304


def test_whoever_holds_anything_holds_this() -> None:
    assert responses.unless_held(_page(), "*").status_code == 304


def test_another_content_has_another_tag() -> None:
    assert _tag("hello") != _tag("hello!")


@pytest.mark.parametrize(("cache", "status"), [(responses.NO_STORE, 200), (responses.REVALIDATE, 404)])
def test_what_may_not_be_kept_gets_no_tag(cache: str, status: int) -> None:
    answer = responses.unless_held(_page(cache=cache, status=status), _tag())
    assert answer.status_code == status
    assert "ETag" not in answer.headers
