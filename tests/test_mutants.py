"""The page on how well the tests hold the rules: it is of the modules that are tried, and nothing on it is open."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from pathlib import Path

from infra import mutant_record, mutant_subjects, mutants
from infra.mutant_record import Tried
from infra.mutant_report import report
from infra.mutant_subjects import PROJECT, Subject
from infra.mutant_tests import nothing_is_gone, said_in, statements

ROW = re.compile(
    r"^\| ((?:domain|internal)/\w+)(?: \\\*)? \| [\d-]{10} \| \d+ \| (?:all|\d+) \| \d+ \| (\d+) % \| \d+ \|$",
    re.MULTILINE,
)


def test_every_module_that_is_tried_and_every_test_that_should_notice_is_there() -> None:
    _, known = mutant_subjects.subjects()
    named = {name for subject in known for name in (subject.source, *subject.files)}
    assert not [name for name in named if not (PROJECT / name).is_file()]
    for each in (name for subject in known for name in subject.tests if "::" in name):
        file, _, test = each.partition("::")
        assert f"def {test}(" in (PROJECT / file).read_text("utf-8")


def changeable(file: Path) -> bool:
    functions = (node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.FunctionDef))
    return any(not each.decorator_list for each in functions)


def test_every_module_of_the_domain_with_something_to_change_is_tried() -> None:
    tried = {subject.module for subject in mutant_subjects.subjects()[1]}
    domain = PROJECT / "chalicelib" / "domain"
    rules = {f"domain/{file.stem}" for file in domain.rglob("*.py") if changeable(file)}
    assert {module for module in tried if module.startswith("domain/")} == rules


def test_of_each_module_nine_changes_in_ten_are_noticed_and_every_survivor_was_read() -> None:
    page = mutants.REPORT.read_text("utf-8")
    shares = {module: int(share) for module, share in ROW.findall(page)}
    assert set(shares) == {subject.module for subject in mutant_subjects.subjects()[1]}
    assert min(shares.values()) >= 90
    assert "nobody has read" not in page


LOG = Subject("domain/log", ("tests/test_proof_exactly.py",), 0, True, (("now", "It is the same."),))
SURVIVOR = ("chalicelib.domain.log.x_body__mutmut_1", "was", "now")
TESTS = statements(LOG.tests)
FEWER = TESTS.partition(" ")[2]
TRIED = Tried("2026-01-02", LOG.digest, TESTS, 7, 0, 10, 10, 9, (SURVIVOR,))


def test_a_module_keeps_its_row_with_its_day_and_is_marked_once_what_was_noticed_may_not_be() -> None:
    page = report([LOG], {"domain/log": TRIED}, 7)
    assert "| domain/log | 2026-01-02 | 10 | all | 9 | 90 % | 1 |" in page
    assert "- `domain/log`, `x_body__mutmut_1`: `was` → `now`. It is the same." in page
    assert "nobody has read" in report([replace(LOG, read=())], {"domain/log": TRIED}, 7)
    for since in (replace(TRIED, source="another"), replace(TRIED, tests=f"{TESTS} gone")):
        changed = report([LOG], {"domain/log": since}, 7)
        assert "| domain/log \\* | 2026-01-02 |" in changed
        assert ROW.findall(changed) == [("domain/log", "90")]
    assert "| domain/log |" in report([LOG], {"domain/log": replace(TRIED, tests=FEWER)}, 7)


def test_a_module_is_tried_again_once_its_rules_its_tests_or_what_is_drawn_have_changed() -> None:
    assert TRIED.holds(LOG, 7)
    assert not replace(TRIED, source="another").holds(LOG, 7)
    assert not TRIED.holds(replace(LOG, sample=5), 7)
    assert not TRIED.holds(LOG, 8)


def test_a_test_that_is_gone_is_missed_though_nothing_survived_and_one_more_is_asked_of_survivors_alone() -> None:
    perfect = replace(TRIED, noticed=10, survivors=())
    assert perfect.holds(LOG, 7)
    for each in (TRIED, perfect):
        assert not replace(each, tests=f"{TESTS} gone").holds(LOG, 7)
        assert not replace(each, tests=f"{TESTS} gone").stands(LOG, 7)
        assert replace(each, tests=FEWER).stands(LOG, 7)
    assert replace(perfect, tests=FEWER).holds(LOG, 7)
    assert not replace(TRIED, tests=FEWER).holds(LOG, 7)


FILE = '''"""Words."""

from a import b
X = 1


@mark(
    "one"
)
def test_it() -> None:
    assert X
'''


def test_whatever_a_file_of_tests_says_counts_but_for_comments_and_for_what_is_added() -> None:
    said = set(said_in(FILE))
    more = FILE.replace("import b\n", "import b, c\n# Said apart.\n").replace("Words.", "Other words.") + "\n\nY = 2\n"
    assert said < set(said_in(more))
    for now, then in (("X = 1", "X = 2"), ('"one"', '"two"'), ("assert X", "assert 1"), ("from a", "from d")):
        assert not said <= set(said_in(FILE.replace(now, then)))
    assert not nothing_is_gone("a b", "a c")
    assert nothing_is_gone("a b", "c b a")


def test_a_file_from_which_tests_take_their_examples_is_one_of_theirs() -> None:
    examples = statements(["tests/published.py"]).split()
    held = statements(["tests/test_finding_exactly.py"]).split()
    assert len(set(examples) - set(held)) == 1  # its name


def test_what_is_on_record_of_a_module_comes_back_as_it_was_written() -> None:
    record = mutant_record.read()
    assert set(record) == {subject.module for subject in mutant_subjects.subjects()[1]}
    for each in record.values():
        assert (each.noticed + len(each.survivors), each.tried <= each.made) == (each.tried, True)
