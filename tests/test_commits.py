"""Which commit a build is of: noted by `make package`, told by what answers, and held to while parameters change."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from infra import commits, rollback
from tests.deploying import FUNCTIONS, HERE, OTHER, SET, Cloud

pytest_plugins = ["tests.conftest_cloud"]

OLD, NEW = "0a1b2c3d4e5f", "f5e4d3c2b1a0"
ROTATING = ["--set", f"SigningKey=arn:aws:kms:{HERE}:123456789012:key/second", "--change-keys"]


@pytest.fixture
def answering(cloud: Cloud) -> Cloud:
    """A deployment of ``OLD``."""
    build(cloud, OLD)
    assert cloud.deploy(*SET) == 0
    return cloud


def build(cloud: Cloud, commit: str, content: str = "") -> None:
    """Build both surfaces of a commit."""
    for surface in FUNCTIONS:
        cloud.code(surface, f"{surface} of {content or commit}".encode(), commit)


def test_a_tree_is_its_commit_and_is_dirty_when_it_differs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commits, "PROJECT", tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert commits.of_tree() == "unknown"
    who = ["-c", "user.name=Somebody", "-c", "user.email=somebody@factory-id.example", "-c", "commit.gpgsign=false"]
    for words in (["init", "--quiet"], [*who, "commit", "--quiet", "--allow-empty", "--message", "A beginning"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    clean = commits.of_tree()
    assert len(clean) == 12
    assert int(clean, 16)
    (tmp_path / "more.py").write_text("")
    assert commits.of_tree() == f"{clean}-dirty"
    commits.note(tmp_path / "a.zip")
    assert commits.noted(tmp_path / "a.zip") == f"{clean}-dirty"
    assert commits.noted(tmp_path / "b.zip") == "unknown"


def test_a_list_of_releases_says_of_which_commit_each_is(answering: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    build(answering, NEW)
    assert answering.deploy() == 0
    capsys.readouterr()
    assert rollback.main(["internal", "--list"]) == 0
    assert [line.split()[-4] for line in capsys.readouterr().out.splitlines()] == [OLD, NEW]
    assert rollback.main(["internal"]) == 0
    assert f" of {OLD} answers now, in 2 functions." in capsys.readouterr().out


def test_a_commit_whose_code_is_the_same_is_a_release_of_its_own(answering: Cloud) -> None:
    before = answering.releases("public")
    build(answering, NEW, content=OLD)
    assert answering.deploy() == 0
    assert answering.releases("public") != before
    assert answering.releases("public")[0].endswith(f" of {NEW}")


@pytest.mark.parametrize(
    ("said", "named"),
    [
        (ROTATING, "SigningKey"),
        (["--tables", "restored", "--change-tables"], "PublicTable, RegistryTable"),
        (["--set", "IndexPages=0"], "IndexPages"),
        (["--set", f"CsrfSecret={OTHER}"], "CsrfSecret"),
    ],
)
def test_what_changes_parameters_brings_no_other_code_unless_that_is_said(
    answering: Cloud, said: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answering.pair("restored")
    build(answering, NEW)
    before = {surface: (answering.held(surface), answering.releases(surface)) for surface in FUNCTIONS}
    assert answering.deploy(*said) == 2
    told = capsys.readouterr().err
    assert f"would change {named}, and bring other code with it: public answers by {OLD}, and {NEW} is built" in told
    assert "make package" in told
    assert OTHER not in told
    assert {surface: (answering.held(surface), answering.releases(surface)) for surface in FUNCTIONS} == before
    assert answering.deploy(*said, "--new-code") == 0
    assert answering.releases("public")[0].endswith(NEW)


def test_the_build_that_answers_may_get_other_parameters(answering: Cloud) -> None:
    assert answering.deploy(*ROTATING) == 0
    build(answering, NEW)
    assert answering.deploy() == 0
    assert answering.deploy("--set", "IndexPages=0") == 0


def test_what_is_said_as_it_is_already_changes_nothing(answering: Cloud) -> None:
    build(answering, NEW)
    assert answering.deploy(*SET) == 0
    assert answering.releases("internal")[0].endswith(NEW)


def test_after_a_roll_back_the_newer_build_is_other_code(answering: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    build(answering, NEW)
    assert answering.deploy() == 0
    assert rollback.main(["public"]) == 0
    assert answering.deploy("--set", "IndexPages=0") == 2
    assert f"public answers by {OLD}, and {NEW} is built." in capsys.readouterr().err


@pytest.mark.parametrize("commit", [f"{OLD}-dirty", "unknown"])
def test_a_build_that_no_commit_tells_has_to_be_the_very_same(cloud: Cloud, commit: str) -> None:
    build(cloud, commit, "one thing")
    cloud.deploy(*SET)
    assert cloud.deploy("--set", "IndexPages=0") == 0
    build(cloud, commit, "another")
    assert cloud.deploy("--set", "IndexPages=1") == 2
