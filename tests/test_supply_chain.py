"""What we deliver: each part known by name and licence, the same bytes of the same sources, and no secret."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra import commits, photos
from infra.package import SURFACES, Built
from infra.supply import contents, leaks, licences, sbom
from infra.supply.contents import Part, SupplyError

pytest_plugins = ["tests.conftest_builds"]
PROJECT = Path(__file__).resolve().parent.parent
NEEDED = ("chalicelib", ".chalice", "infra", "templates", "standards", "factory_labels")
FILES = ("app.py", "openapi.json", "pyproject.toml", "requirements.lock")
# Put together here, so that this file holds nothing that looks like a key.
PLANTED = {
    "aws.py": "key = '" + "AKIA" + "QYLPMN5HHHFPZAM2" + "'\n",
    "id.pem": "-----BEGIN " + "RSA PRIVATE KEY-----\n",
    "web.js": 'const password = "' + "r7Kp2-vQ9s_Lm4" + '";\n',
}


@pytest.fixture(scope="module")
def zips(builds: dict[str, Built], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """All that is deployed, by name."""
    drawer = photos.build(tmp_path_factory.mktemp("supply") / "photos.zip")
    return {**{name: built.archive for name, built in builds.items()}, "photos": drawer}


@pytest.mark.parametrize("name", [*SURFACES, "photos"])
def test_beside_each_zip_stands_a_bill_of_it_that_cyclonedx_accepts(zips: dict[str, Path], name: str) -> None:
    text = zips[name].with_name(f"{name}.cdx.json").read_text("utf-8")
    assert sbom.problems(text) == ""
    assert json.loads(text) == sbom.bill(zips[name])


@pytest.mark.parametrize("name", [*SURFACES, "photos"])
def test_beside_each_zip_stands_the_commit_that_it_is_of(zips: dict[str, Path], name: str) -> None:
    assert commits.noted(zips[name]).removesuffix(commits.DIRTY) == commits.of_tree().removesuffix(commits.DIRTY)


def test_a_bill_that_breaks_the_schema_is_refused(zips: dict[str, Path]) -> None:
    bill = sbom.bill(zips["public"])
    bill["components"][-1]["licenses"] = [{"license": {"id": "of my own"}}]
    assert sbom.problems(json.dumps(bill))


def test_a_bill_names_what_is_in_the_zip_and_nothing_else(zips: dict[str, Path]) -> None:
    named = {part.name for part in contents.parts(zips["public"]) if part.kind == "library"}
    assert {"idna", "segno"} <= named
    assert not named & {"pynamodb", "pint", "botocore", "dnspython"}  # needed by others, and left out
    assert "pynamodb" in {part.name for part in contents.parts(zips["internal"])}


def test_a_file_of_unknown_origin_has_no_bill(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "some.zip", "w") as packed:
        packed.writestr("leftpad/__init__.py", "")
    with pytest.raises(SupplyError, match="leftpad"):
        sbom.write(tmp_path / "some.zip")


def test_a_bill_has_a_date_only_if_it_is_given_one(zips: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert "timestamp" not in sbom.bill(zips["photos"])["metadata"]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795305600")
    assert sbom.bill(zips["photos"])["metadata"]["timestamp"] == "2026-11-22T00:00:00Z"


def test_what_is_delivered_has_a_licence_that_may_be_and_stands_on_the_page(zips: dict[str, Path]) -> None:
    found = licences.delivered(zips.values())
    assert licences.refused(found) == []
    assert licences.PAGE.read_text("utf-8") == licences.page(found)


@pytest.mark.parametrize("name", SURFACES)
def test_a_library_under_the_lgpl_that_the_build_shortens_says_so_and_keeps_its_notice(
    zips: dict[str, Path], name: str
) -> None:
    with zipfile.ZipFile(zips[name]) as packed:
        text = packed.read("stdnum/util.py").decode()
    assert "GNU Lesser General Public" in text
    assert "Changed on 2026" in text


@pytest.mark.parametrize(
    ("licence", "may_be"),
    [
        ("MIT", True),
        ("GPL-3.0-only OR MIT", True),
        ("MIT AND Zlib", True),
        ("MIT AND GPL-3.0-only", False),
        ("AGPL-3.0-only", False),
        ("unknown", False),
        ("", False),
    ],
)
def test_a_licence_that_asks_for_more_than_its_notice_is_refused(licence: str, may_be: bool) -> None:
    assert (licences.refused([Part("library", "new", "1", licence)]) == []) is may_be


def test_every_tool_has_a_licence_that_a_tool_may_have() -> None:
    assert licences.refused_tools() == []


def test_everything_that_is_fetched_is_pinned_by_its_hash() -> None:
    assert licences.without_integrity() == []


def test_the_same_sources_give_the_same_bytes_in_another_folder_at_another_hour(
    builds: dict[str, Built], tmp_path: Path
) -> None:
    there = tmp_path / "another place"
    for name in NEEDED:
        shutil.copytree(
            PROJECT / name, there / name, ignore=shutil.ignore_patterns("__pycache__", "locale", "compiled")
        )
    for name in FILES:
        shutil.copyfile(PROJECT / name, there / name)
    changed = {"PYTHONPATH": str(there), "TZ": "Pacific/Chatham", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    subprocess.run(
        [sys.executable, "-m", "infra.package", "public", "--python", sys.executable],
        cwd=there,
        env={**os.environ, **changed},
        umask=0o077,
        check=True,
        capture_output=True,
    )
    for name in ("public.zip", "public.json", "public.cdx.json"):
        assert (there / "build" / name).read_bytes() == builds["public"].archive.with_name(name).read_bytes(), name


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_secret_is_found(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("# harmless\n" + PLANTED[name])
    found = leaks.leaks(tmp_path, [name])
    assert {(leak.file, leak.line) for leak in found} == {(name, 2)}


def test_a_secret_that_was_taken_out_again_is_found_in_the_history(tmp_path: Path) -> None:
    def git(*words: str) -> None:
        who = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
        subprocess.run(["git", "-C", str(tmp_path), *who, *words], check=True, capture_output=True)

    git("init")
    for content in (PLANTED["aws.py"], "key = None\n"):
        (tmp_path / "aws.py").write_text(content)
        git("add", "aws.py")
        git("commit", "-m", "a change")
    command = [sys.executable, "-m", "infra.supply.leaks", "--root", str(tmp_path)]
    here = subprocess.run(command, check=False, capture_output=True, text=True, cwd=PROJECT)
    before = subprocess.run([*command, "--history"], check=False, capture_output=True, text=True, cwd=PROJECT)
    assert (here.returncode, here.stdout) == (0, "No secret found.\n")
    assert before.returncode == 1
    assert re.match(r"aws\.py:\d+: AWS Access Key", before.stdout)


def test_many_files_are_read_as_few_are(tmp_path: Path) -> None:
    names = [f"{number}-{name}" for number in range(2 * leaks.AT_ONCE) for name in PLANTED]
    for name in names:
        (tmp_path / name).write_text(PLANTED[name.partition("-")[2]])
    assert {leak.file for leak in leaks.leaks(tmp_path, names)} == set(names)


def test_each_run_of_the_checks_looks_for_secrets_in_our_own_files() -> None:
    target = (PROJECT / "Makefile").read_text("utf-8").partition("\ncheck:")[2].partition("\n\n")[0]
    assert "\n\t$(BIN)/python -m infra.supply.leaks\n" in f"{target}\n"
    assert "\nmake check\n" in (PROJECT / ".ci" / "run").read_text("utf-8")


def test_an_excuse_holds_for_its_text_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "two.js").write_text(PLANTED["web.js"] + PLANTED["web.js"].replace("Lm4", "Lm5"))
    first, second = leaks.leaks(tmp_path, ["two.js"])
    monkeypatch.setattr(leaks, "excused", lambda: {first.digest: "an example"})
    assert leaks.leaks(tmp_path, ["two.js"]) == [second]
