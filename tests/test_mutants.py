"""The page on how well the tests hold the rules: it is of the modules that are tried, and nothing on it is open."""

from __future__ import annotations

import re

from infra import mutants

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
