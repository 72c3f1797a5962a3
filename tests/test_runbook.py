"""The runbook names what exists: modules with their options, targets of make, addresses, alarms."""

from __future__ import annotations

import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from app import app
from factory_id import command
from infra import choices
from infra.alarms import ALARMS, Line
from tests.shell_words import Shown, commands, variables

PROJECT = Path(__file__).resolve().parent.parent
RUNBOOK = (PROJECT / "docs/runbook.md").read_text(encoding="utf-8")
TEXT = RUNBOOK + (PROJECT / "docs/backup.md").read_text(encoding="utf-8")
SHOWN = sorted(set(commands(TEXT)), key=lambda shown: shown.words)
MODULES = [each for each in SHOWN if each.module]
OF_A_SHELL = {"[[", ".", "cd", "crontab", "curl", "date", "echo", "openssl", "sed", "sleep"}
READS_TABLES = {f"infra.{name}" for name in ("check", "migrate", "backup", "accreditation", "sign_anew", "first_key")}


def named(shown: Shown) -> str:
    """For the names of tests."""
    return " ".join(shown.words)[:60]


def section(title: str) -> str:
    """A part of the runbook."""
    return RUNBOOK.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def parser_of(module: str) -> Any:
    """The parser of a module's command line."""
    module = {"infra.deploy": "infra.choices"}.get(module, module)
    found = find_spec(module)
    assert found is not None, module
    return import_module(f"{module}.__main__" if found.submodule_search_locations else module).parser()


@pytest.mark.parametrize("shown", MODULES, ids=named)
def test_a_module_that_the_runbook_runs_understands_it_word_by_word(
    shown: Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parser, words = parser_of(shown.module), list(shown.words[3:])
    if not words:
        return  # named in a sentence
    monkeypatch.chdir(tmp_path)
    Path("deploy.txt").write_text("--set\nIndexPages=0\n", encoding="utf-8")
    found = parser.parse_args(words)
    if shown.module == "infra.deploy":
        assert {each.partition("=")[0] for each in found.set} <= choices.settable()


def test_what_the_runbook_shows_is_found_at_all() -> None:
    assert {each.module for each in MODULES} > READS_TABLES | {"infra.edge", "infra.retire", "infra.rollback"}
    heads = {each.words[0] for each in SHOWN if not each.module}
    assert heads - OF_A_SHELL == {"aws", "factory-id", "make", "of", "writing", "lines"}


def test_a_variable_that_is_used_is_given_before_a_shell_needs_it() -> None:
    used, given = variables(RUNBOOK)
    assert {"TABLES", "KEY", "NEW", "OLD"} <= used
    assert used <= given


@pytest.mark.parametrize("shown", [each for each in commands(RUNBOOK) if each.module in READS_TABLES], ids=named)
def test_what_reads_tables_is_told_which(shown: Shown) -> None:
    """After a restore they are called otherwise than the stacks."""
    first = shown.module == "infra.first_key" or "compare" in shown.words
    if shown.words[3:]:
        assert shown.option("--name") in {"$TABLES", "$NEW", *(["factory-id"] if first else [])}


def test_options_that_are_named_alone_are_those_of_deploying() -> None:
    helped = choices.parser().format_help()
    for option in ("--tables", "--change-tables", "--change-keys", "--set", "--name"):
        assert option in TEXT
        assert option in helped


def test_the_first_deploy_of_the_runbook_says_all_that_a_first_deploy_has_to_be_told() -> None:
    firsts = [each.words[3:] for each in MODULES if "MailIdentity" in each.line]
    assert len(firsts) == 2  # in the first region, and in another
    for words in firsts:
        told = choices.chosen(choices.parser().parse_args(words).set, {"CSRF_SECRET": "x"}, choices.settable())
        assert set(choices.FIRST) <= set(told)


def test_the_first_deploy_ends_with_a_service_that_can_be_reached() -> None:
    order = (
        *(
            "acm request-certificate",
            "acm wait certificate-validated",
            "ORIGIN_SECRET=",
            "python -m infra.deploy --set B",
        ),
        *("infra.edge --domain", "infra.first_key", "DistributionArn=", "curl -s $BASE/healthz"),
    )
    places = [section("Deploy").index(each) for each in order]
    assert places == sorted(places)
    later = section("Deploy").partition("*Each later time*")[2]
    assert "`python -m infra.edge`" in later
    for alarm in (each for surface in ALARMS.values() for each in surface if each.missing == "breaching"):
        assert f"`{alarm.name}`" in later, "rings before it can know"


def test_a_new_secret_is_on_the_screen_before_it_is_deployed() -> None:
    lines = [line.strip().removeprefix("$ ") for line in RUNBOOK.splitlines()]
    made = [number for number, line in enumerate(lines) if "openssl rand" in line]
    assert len(made) >= 2
    for number in made:
        names = re.findall(r"([A-Z_]+)=\$\(openssl", lines[number])
        assert lines[number].startswith("export ")
        assert lines[number + 1].split()[:1] == ["echo"]
        assert {f"${name}" for name in names} <= set(lines[number + 1].split())


@pytest.mark.parametrize("shown", [each for each in SHOWN if each.words[0] == "factory-id"], ids=named)
def test_a_command_of_factory_id_is_understood(shown: Shown) -> None:
    words = list(shown.words[1:])
    if words[0] == "keys" or len(words) > 1:
        command.parser().parse_args(words)
    else:
        assert words[0] in command.parser().format_help()


@pytest.mark.parametrize("shown", [each for each in SHOWN if each.words[0] == "make"], ids=named)
def test_a_target_of_make_is_there(shown: Shown) -> None:
    assert f"\n{shown.words[1]}:" in (PROJECT / "Makefile").read_text(encoding="utf-8")


def test_each_address_is_one_of_the_service() -> None:
    found = set(re.findall(r"/(?:internal/v1|portal)/[A-Za-z/-]+", TEXT))
    assert len(found) > 8
    patterns = [re.sub(r"\{\w+\}", "[^/]+", route) for route in app.routes]
    for each in found - {"/portal/staff/"}:
        assert any(re.fullmatch(pattern, each) for pattern in patterns), each


def test_each_alarm_is_one_that_comes_and_each_that_comes_is_there() -> None:
    known = {each.name for surface in ALARMS.values() for each in surface}
    places = [line for line in RUNBOOK.splitlines() if line.startswith("**When**")]
    places += re.findall(r"^\| ((?:`[A-Z]\w+`(?:, )?)+) \|", section("Other alarms"), re.MULTILINE)
    assert {each for line in places for each in re.findall(r"`([A-Z]\w+)`", line)} == known


@pytest.mark.parametrize("shown", [each for each in SHOWN if each.words[0] == "lines" and each.words[1:]], ids=named)
def test_a_line_of_a_log_that_is_looked_for_is_written_by_that_function(shown: Shown) -> None:
    surface, function, event = shown.words[1:]
    merged = yaml.safe_load((PROJECT / f"infra/merge-{surface}.yaml").read_text(encoding="utf-8"))
    assert function in merged["Resources"]
    counted = [each.metric for each in ALARMS[surface] if isinstance(each.metric, Line) and each.metric.event == event]
    assert all(function in each.functions for each in counted)
    sources = "\n".join(path.read_text(encoding="utf-8") for path in PROJECT.glob("chalicelib/**/*.py"))
    assert re.search(rf'journal\.(?:say|failed)\("{event}"', sources)
