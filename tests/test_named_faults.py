"""Input that is refused says where it is wrong: every problem names the member or parameter in ``errors``."""

from __future__ import annotations

from typing import Any

import pytest

from tests.world import World

ADDRESSES = {
    "/v1/certificates": "/number",
    "/v1/certificates?number=-": "/number",
    "/v1/certificates?number=1&standard=_": "/standard",
    "/v1/certificates?number=1&on=bad": "/on",
    "/v1/certificates?number=1&known_at=bad": "/known_at",
    "/v1/certificates?number=1&known_at=2026-03-01T": "/known_at",
    "/v1/certificates?number=1&known_at=2099-01-01": "/known_at",
    "/v1/directory?valid=x": "/valid",
    "/v1/directory?country=x": "/country",
    "/v1/directory?category=_": "/category",
    "/v1/directory?standard=_": "/standard",
    "/v1/directory?cursor=x": "/cursor",
    f"/v1/directory?q={'x' * 300}": "/q",
    f"/v1/members?q={'x' * 300}": "/q",
    "/v1/standards?country=x": "/country",
    "/v1/standards?kind=x": "/kind",
    "/v1/standards/compare": "/ids",
    "/v1/log/checkpoints?limit=x": "/limit",
    "/v1/log/checkpoints?limit=0": "/limit",
    "/v1/resources?for=x": "/for",
    "/receipts/file": "/r",
    "/qr/f/BDMEFF57HJ71.svg?size=x": "/size",
    "/qr/f/BDMEFF57HJ71.svg?level=x": "/level",
    f"/qr/f/BDMEFF57HJ71.svg?label={'x' * 61}": "/label",
}
INTERNAL = {
    "/internal/v1/invitations?state=x": ("member", "/state"),
    "/internal/v1/invitations?after=x": ("member", "/after"),
    "/internal/v1/certificates?status=nope": ("certifier", "/status"),
    "/internal/v1/certificates?cursor=x": ("certifier", "/cursor"),
    "/internal/v1/moderation?state=x": ("staff", "/state"),
    "/internal/v1/events": ("staff", "/record"),
    "/internal/v1/keys?kind=x": ("staff", "/kind"),
    "/internal/v1/people?kind=x": ("staff", "/kind"),
}
BODIES: list[tuple[str, dict[str, Any], str]] = [
    ("/v1/verify", {"numbers": ["a"], "x/~": 1}, "/x~1~0"),
    ("/v1/verify", {"numbers": ["a"], "on": "2026-13-01"}, "/on"),
    ("/v1/verify", {"numbers": ["a"], "on": 5}, "/on"),
    ("/v1/verify", {"numbers": ["a"], "known_at": 5}, "/known_at"),
    ("/v1/verify", {"numbers": ["a"], "known_at": "x"}, "/known_at"),
    ("/v1/verify", {"numbers": ["a"], "standard": "GOTS!"}, "/standard"),
    ("/v1/verify", {"numbers": ["a"], "standard": 5}, "/standard"),
    ("/v1/verify", {"numbers": []}, "/numbers"),
    ("/v1/verify", {}, "/numbers"),
    ("/v1/receipts/check", {}, "/receipt"),
    ("/v1/receipts/check", {"receipt": "none"}, "/receipt"),
    ("/v1/receipts/check", {"receipt": "none", "rows": 5}, "/rows"),
    ("/v1/receipts/check", {"receipt": "none", "more": 5}, ""),
]


def test_what_is_wrong_in_an_address_is_named(world: World) -> None:
    asked = [(path, world.anyone.get(path), pointer) for path, pointer in ADDRESSES.items()]
    asked += [(path, getattr(world, who).get(path), pointer) for path, (who, pointer) in INTERNAL.items()]
    for path, answer, pointer in asked:
        assert answer.status == 400, path
        assert answer.json.get("errors") == [{"pointer": pointer, "detail": answer.json["detail"]}], path


@pytest.mark.parametrize(("path", "body", "pointer"), BODIES)
def test_what_is_wrong_in_a_body_is_named(world: World, path: str, body: dict[str, Any], pointer: str) -> None:
    answer = world.anyone("POST", path, body)
    assert answer.status == 400
    assert [fault["pointer"] for fault in answer.json["errors"]] == [pointer]


@pytest.mark.parametrize("path", ["/factories?valid=x", "/c/C-0KYBS-HR946?on=bad"])
def test_a_page_says_what_is_wrong_once(world: World, path: str) -> None:
    page = world.anyone.get(f"{path}&lang=en")
    told = {"/f": "for factories with a certificate that is valid today", "/c": "A day is written"}[path[:2]]
    assert (page.status, page.text.count(told)) == (400, 1)
