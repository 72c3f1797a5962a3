"""The public surface loads, reads, sends and calls no more than ``bench/guard.json`` holds."""

from __future__ import annotations

import copy
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from bench import guard
from infra import package

HELD: dict[str, Any] = json.loads(guard.FILE.read_text(encoding="utf-8"))


pytestmark = pytest.mark.xdist_group("guard")  # one build for all of them


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return package.build(package.SURFACES["public"], tmp_path_factory.mktemp("guard"), sys.executable).archive


@pytest.fixture(scope="module")
def now(archive: Path) -> dict[str, Any]:
    return guard.measured(archive)


def test_nothing_grew(now: dict[str, Any]) -> None:
    found = guard.grown(HELD, now)
    assert not found, "\n".join([*found, f"If it must be so: {guard.ACCEPT}"])


def test_two_counts_are_the_same(now: dict[str, Any], archive: Path) -> None:
    again = guard.measured(archive)
    for name, counted in now["asked"].items():
        assert again["asked"][name]["reads"] == counted["reads"], name
        slack = 0.1 if name.startswith("receipt") else 0.01  # a signature takes a step for each bit that is set
        assert again["asked"][name]["calls"] == pytest.approx(counted["calls"], rel=slack), name
    assert (again["modules"], again["packages"]) == (now["modules"], now["packages"])


def test_every_public_route_is_asked_and_answers(now: dict[str, Any]) -> None:
    refused = {name: each["status"] for name, each in now["asked"].items() if each["status"] not in (200, 303)}
    assert (now["not_asked"], refused) == ([], {"receipt of another registry, as a file": 400})


def test_what_is_loaded_is_that_of_the_zip_and_not_of_who_counts_it(now: dict[str, Any]) -> None:
    assert {"chalice", "chalicelib", "ssl"} <= set(now["packages"])
    assert not {"bench", "tests", "pydoc", "dataclasses", "jinja2", "botocore"} & set(now["packages"])


@pytest.mark.parametrize("name", ["factory", "factory, JSON", "certificate", "certificate, JSON"])
def test_a_factory_and_a_certificate_are_one_read_whatever_is_accepted(now: dict[str, Any], name: str) -> None:
    assert (now["asked"][name]["status"], now["asked"][name]["reads"]) == (200, {"GetItem": 1})


def test_a_receipt_looks_at_the_published_keys_once_before_it_is_signed(now: dict[str, Any]) -> None:
    proof = now["asked"]["receipt, JSON"]
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
