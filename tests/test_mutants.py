"""The page on how well the tests hold the rules: it is of the modules that are tried, and nothing on it is open."""

from __future__ import annotations

import re
from dataclasses import replace

from infra import mutant_record, mutants
from infra.mutant_record import Tried
from infra.mutant_report import report
from infra.mutants import Subject

ROW = re.compile(
    r"^\| ((?:domain|internal)/\w+)(?: \\\*)? \| [\d-]{10} \| \d+ \| (?:all|\d+) \| \d+ \| (\d+) % \| \d+ \|$",
    re.MULTILINE,
)


def test_every_module_that_is_tried_and_every_test_that_should_notice_is_there() -> None:
    _, known = mutants.subjects()
    named = {name for subject in known for name in (subject.source, *subject.files)}
    assert not [name for name in named if not (mutants.PROJECT / name).is_file()]
    for each in (name for subject in known for name in subject.tests if "::" in name):
        file, _, test = each.partition("::")
        assert f"def {test}(" in (mutants.PROJECT / file).read_text("utf-8")


def test_of_each_module_nine_changes_in_ten_are_noticed_and_every_survivor_was_read() -> None:
    page = mutants.REPORT.read_text("utf-8")
    shares = {module: int(share) for module, share in ROW.findall(page)}
    assert set(shares) == {subject.module for subject in mutants.subjects()[1]}
    assert min(shares.values()) >= 90
    assert "nobody has read" not in page


LOG = Subject("domain/log", ("tests/test_proof_exactly.py",), 0, True, (("now", "It is the same."),))
SURVIVOR = ("chalicelib.domain.log.x_body__mutmut_1", "was", "now")
TRIED = Tried("2026-01-02", LOG.digest, LOG.digest_of_tests, 7, 0, 10, 10, 9, (SURVIVOR,))


def test_a_module_keeps_its_row_with_its_day_and_is_marked_once_its_rules_have_changed() -> None:
    page = report([LOG], {"domain/log": TRIED}, 7)
    assert "| domain/log | 2026-01-02 | 10 | all | 9 | 90 % | 1 |" in page
    assert "- `domain/log`, `x_body__mutmut_1`: `was` → `now`. It is the same." in page
    assert "nobody has read" in report([replace(LOG, read=())], {"domain/log": TRIED}, 7)
    changed = report([LOG], {"domain/log": replace(TRIED, source="another")}, 7)
    assert "| domain/log \\* | 2026-01-02 |" in changed
    assert ROW.findall(changed) == [("domain/log", "90")]


def test_a_module_is_tried_again_once_its_rules_its_tests_or_what_is_drawn_have_changed() -> None:
    assert TRIED.holds(LOG, 7)
    assert not replace(TRIED, source="another").holds(LOG, 7)
    assert not replace(TRIED, tests="another").holds(LOG, 7)
    assert replace(TRIED, tests="another", survivors=()).holds(LOG, 7)
    assert not TRIED.holds(replace(LOG, sample=5), 7)
    assert not TRIED.holds(LOG, 8)


def test_what_is_on_record_of_a_module_comes_back_as_it_was_written() -> None:
    record = mutant_record.read()
    assert set(record) == {subject.module for subject in mutants.subjects()[1]}
    for each in record.values():
        assert (each.noticed + len(each.survivors), each.tried <= each.made) == (each.tried, True)
