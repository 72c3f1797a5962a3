"""``make safety`` never passes on nothing: what was not tried, or less than was asked, is a failure."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.safety import __main__ as whole
from tests.safety import crash, lines, load_run, long_form, model_run, page, statements, texts
from tests.safety import invariants as must
from tests.safety.invariants import Broken, Tally
from tests.safety.lines import Line
from tests.safety.model_run import ENDED, ENOUGH, many, on_moto
from tests.safety.play import Play
from tests.safety.showing import Outcome
from tests.safety.test_planted import no_privacy

Patch = pytest.MonkeyPatch
Run = Callable[..., int]
PASSED, SKIPPED, FAILED = (
    {"passed": 0, "failed": 0, "skipped": 0, name: 1} for name in ("passed", "skipped", "failed")
)


@pytest.fixture
def run(monkeypatch: Patch, tmp_path: Path) -> Run:
    """``make safety``, whose tests end as they are told to; it writes into a folder of its own."""
    monkeypatch.setattr(whole, "RAN", tmp_path / "ran.json")
    monkeypatch.setattr(page, "FILE", tmp_path / "safety.json")
    monkeypatch.setattr(page, "PAGE", tmp_path / "safety.md")

    def started(*arguments: str, ran: Mapping[str, Any] | None = None, ending: int = 0) -> int:
        def tests(*_command: Any, **_more: Any) -> Any:
            if ran is not None:
                whole.RAN.write_text(json.dumps(ran))
            return SimpleNamespace(returncode=ending)

        monkeypatch.setattr(subprocess, "run", tests)
        monkeypatch.setattr(sys, "argv", ["safety", *arguments])
        return whole.main()

    return started


def each_test(became: Mapping[str, int]) -> dict[str, Any]:
    return {test: became for tests in statements.marks().values() for test in tests}


def test_all_is_well_where_every_test_of_every_statement_passed(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--only", "tests", ran=each_test(PASSED)) == 0
    assert "none of its tests ran" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("became", "ending", "said"),
    [
        (SKIPPED, 0, r"certificates\.random-codes: none of its tests ran \([1-9] skipped, 0 not found\)\."),
        (FAILED, 1, r"Certificates: ([1-9]) of [0-9]+ did not hold\."),
        (PASSED, 2, r"The tests did not come to their end: pytest ended with 2\."),
    ],
)
def test_tests_that_did_not_run_or_not_to_their_end_are_a_failure_with_a_sentence(
    run: Run, capsys: pytest.CaptureFixture[str], became: Mapping[str, int], ending: int, said: str
) -> None:
    only = dict.fromkeys(statements.marks()["certificates.random-codes"], became)
    assert run("--only", "tests", ran={**each_test(PASSED), **only}, ending=ending) == 1
    assert re.search(f"^{said}$", capsys.readouterr().out, re.M)


def test_a_statement_whose_tests_are_nowhere_and_a_run_without_results_are_failures(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--only", "tests", ran=None, ending=4) == 1
    out = capsys.readouterr().out
    assert "pytest ended with 4" in out
    assert "certificates.random-codes: none of its tests ran (0 skipped, " in out
    unknown = statements.Statement("sync.unheard-of", "Nobody proves it.")
    assert lines.unproved([unknown], {}, {}) == ["sync.unheard-of: none of its tests ran (it has none)."]


def test_fewer_requests_than_were_asked_for_are_a_failure(
    run: Run, monkeypatch: Patch, capsys: pytest.CaptureFixture[str]
) -> None:
    fuzzed_with(monkeypatch, mutated=9, texts=Outcome())
    assert run("--only", "fuzz", "--requests", "10") == 1
    out = capsys.readouterr().out
    assert "Mutated requests: only 9 of 10 were done." in out
    for what in ("Any text, in 0 fields", texts.TAKEN, texts.MET):
        assert f"{what}: this was never tried." in out


def fuzzed_with(patch: Patch, *, mutated: int, texts: Outcome) -> None:
    """So many mutated requests were sent, and such texts."""
    patch.setattr(whole.mutated, "run", lambda *_, **__: SimpleNamespace(tried=mutated, lost=[]))
    patch.setattr(whole.texts, "run", lambda *_, **__: texts)


@pytest.mark.parametrize(
    ("taken", "met", "said"),
    [(20, 149, f"{texts.MET}: 1 of 150 did not hold."), (17, 999, f"{texts.TAKEN}: 3 of 20 did not hold.")],
)
def test_texts_that_are_hardly_taken_or_met_again_are_a_failure_with_a_sentence(
    run: Run, monkeypatch: Patch, capsys: pytest.CaptureFixture[str], taken: int, met: int, said: str
) -> None:
    fuzzed_with(monkeypatch, mutated=10, texts=Outcome(tried=100, taken=20, met=150))
    assert run("--only", "fuzz", "--requests", "10") == 0
    fuzzed_with(monkeypatch, mutated=10, texts=Outcome(tried=100, taken=taken, met=met))
    assert run("--only", "fuzz", "--requests", "10") == 1
    assert said in capsys.readouterr().out.splitlines()


def test_the_page_of_a_whole_run_has_a_line_for_all_that_was_tried_and_says_first_what_did_not_hold(
    run: Run, monkeypatch: Patch
) -> None:
    fuzzed_with(monkeypatch, mutated=10, texts=Outcome(tried=100, taken=20, met=150, fields={"a", "b"}))
    monkeypatch.setattr(load_run, "run", lambda: [("Under load", 2_000, 2_000)])
    monkeypatch.setattr(model_run, "run", lambda **_: [(must.STATUS, 9, 9), (crash.COUNTED, 3, 2)])
    assert run("--requests", "10", ran=each_test(PASSED)) == 1
    text = page.PAGE.read_text("utf-8")
    assert text.startswith(f"# Safety\n{page.ALARM}\n\n- {crash.COUNTED}: 1 of 3 did not hold.\n\n")
    tried = text.partition(f"\n{page.TRIED}\n")[2].partition("\n## ")[0].splitlines()
    assert tried[0].startswith("Run on ")
    many = len({test for name, tests in statements.marks().items() if name.startswith("qr.") for test in tests})
    for row in (
        f"| QR | {many} | {many} | 0 | 0 |",
        "| Mutated requests | 10 | 10 | 0 | 0 |",
        "| Any text, in 2 fields | 100 | 100 | 0 | 0 |",
        f"| {must.STATUS} | 9 | 9 | 0 | 0 |",
        f"| {crash.COUNTED} | 3 | 2 | 1 | 0 |",
        "| Under load | 2,000 | 2,000 | 0 | 0 |",
    ):
        assert row in tried
    assert re.fullmatch(r"\| all of it \| 2,\d+ \| 2,\d+ \| 1 \| 0 \|", tried[-1])
    assert page.written(None) == text, "what a run said stays until the next one"
    assert page.written(page._of_run(page.FILE)) == text
    monkeypatch.setattr(model_run, "run", lambda **_: [(must.STATUS, 9, 9)])
    assert run("--requests", "10", ran=each_test(PASSED)) == 0
    assert page.PAGE.read_text("utf-8").startswith(f"# Safety\n{page.HEAD}")


def test_a_run_that_leaves_something_out_leaves_the_page_as_it_is(run: Run) -> None:
    assert run("--only", "tests", ran=each_test(PASSED)) == 0
    assert page.FILE.exists()
    assert not page.PAGE.exists()
    assert page._of_run(page.FILE) is None


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ((must.STATUS, 0, 0), f"{must.STATUS}: this was never tried."),
        ((must.STATUS, 3, 2), f"{must.STATUS}: 1 of 3 did not hold."),
        ((f"{must.PRIVATE} (behind faults)", 3, 1), f"{must.PRIVATE} (behind faults): 2 leaked."),
    ],
)
def test_what_the_longer_runs_lost_or_never_tried_is_a_failure_with_a_sentence(
    run: Run, monkeypatch: Patch, capsys: pytest.CaptureFixture[str], row: lines.Row, said: str
) -> None:
    monkeypatch.setattr(load_run, "run", lambda: [("Something else", 1, 1)])
    monkeypatch.setattr(model_run, "run", lambda **_: [row])
    assert run("--only", "further") == 1
    assert said in capsys.readouterr().out.splitlines()
    monkeypatch.setattr(sys, "argv", ["model"])
    with pytest.raises(SystemExit) as ended:
        long_form.main()
    assert ended.value.code == 1
    assert said in capsys.readouterr().out.splitlines()
    monkeypatch.setattr(model_run, "run", lambda **_: [(row[0], 3, 3)])
    assert run("--only", "further") == 0


def test_nothing_at_all_is_no_proof() -> None:
    assert lines.amiss([]) == ["Nothing at all was tried."]
    assert lines.amiss([Line("One", 1, 1)]) == []


def test_an_invariant_that_was_never_tried_is_told_of() -> None:
    tally = Tally()
    tally.must(must.STATUS, True)
    untried = [sentence for sentence in lines.amiss([lines.of_row(row) for row in tally.rows()]) if "never" in sentence]
    assert len(untried) == len(must.ALL) - 1


def test_a_fault_that_does_not_come_twice_and_breaks_no_promise_is_not_passed_over(
    capsys: pytest.CaptureFixture[str],
) -> None:
    tally, opened = Tally(), []

    @contextmanager
    def once() -> Iterator[Play]:
        opened.append(1)
        if len(opened) == 1:
            raise KeyError("once only")
        with on_moto(tally) as play:
            yield play

    rows = {what: (tried, held) for what, tried, held in many(once, "steps", steps=9, seconds=60)}
    assert rows[f"{ENDED} (steps)"] == (1, 0)
    assert "FlakyFailure" in capsys.readouterr().err


def test_steps_that_were_not_taken_in_time_are_told_of(monkeypatch: Patch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(model_run, "run_state_machine_as_test", lambda *_, **__: None)
    rows = many(lambda: on_moto(Tally()), "steps", steps=1000, seconds=0)
    assert rows == [(f"{ENOUGH} (steps)", 1000, 0), (f"{ENDED} (steps)", 1, 1)]
    assert "steps: only 0 of 1,000 were done." in capsys.readouterr().err


def test_what_leaks_in_the_model_counts_as_leaked(monkeypatch: Patch) -> None:
    tally = Tally()
    with on_moto(tally) as play:
        no_privacy(monkeypatch)
        with pytest.raises(Broken):
            play.sync([(0, "X", 1, 0, 1)])
    found = {line.what: line.leaked for line in map(lines.of_row, tally.rows())}
    assert found[must.PRIVATE] == 1
    assert sum(found.values()) == 1
