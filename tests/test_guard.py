"""The public surface loads, reads, sends and calls no more than ``bench/guard.json`` holds."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from bench import guard

HELD: dict[str, Any] = json.loads(guard.FILE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def now() -> dict[str, Any]:
    return guard.measured()


def test_nothing_grew(now: dict[str, Any]) -> None:
    found = guard.grown(HELD, now)
    assert not found, "\n".join([*found, f"If it must be so: {guard.ACCEPT}"])


def test_two_counts_are_the_same(now: dict[str, Any]) -> None:
    again = guard.measured()
    for name, counted in now["asked"].items():
        assert again["asked"][name]["reads"] == counted["reads"], name
        assert again["asked"][name]["calls"] == pytest.approx(counted["calls"], rel=0.01), name
    assert (again["modules"], again["packages"]) == (now["modules"], now["packages"])


@pytest.mark.parametrize("name", ["factory", "factory, JSON", "certificate", "certificate, JSON"])
def test_a_factory_and_a_certificate_are_one_read_whatever_is_accepted(now: dict[str, Any], name: str) -> None:
    assert (now["asked"][name]["status"], now["asked"][name]["reads"]) == (200, {"GetItem": 1})


def test_a_receipt_looks_at_the_published_keys_once_before_it_is_signed(now: dict[str, Any]) -> None:
    proof = now["asked"]["proof of a check"]
    assert proof["status"] == 200
    assert (proof["reads"]["Query"], proof["reads"]["Sign"]) == (1, 1)
    assert "GetPublicKey" not in proof["reads"]


@pytest.mark.parametrize(
    ("counted", "more", "told"),
    [
        ("reads", {"GetItem": 2}, "factory: reads 2 GetItem: held 1 GetItem"),
        ("bytes", 5000, "factory: 5000 bytes compressed: held 4000"),
        ("calls", 1101, "factory: 1101 calls of functions: held 1000"),
        ("status", 404, "factory: answers 404, not 200"),
    ],
)
def test_what_grew_is_named_with_both_figures(counted: str, more: Any, told: str) -> None:
    held = {**HELD, "asked": {"factory": {"status": 200, "reads": {"GetItem": 1}, "bytes": 4000, "calls": 1000}}}
    new = copy.deepcopy(held)
    assert guard.grown(held, new) == []
    new["asked"]["factory"][counted] = more
    assert guard.grown(held, new) == [told]


def test_a_new_package_and_a_new_route_are_named() -> None:
    new = {**HELD, "packages": [*HELD["packages"], "pandas"], "not_asked": [*HELD["not_asked"], "/new"]}
    found = guard.grown(HELD, new)
    assert found[0] == "loads pandas"
    assert found[1].startswith("/new is a public route that is not asked")
