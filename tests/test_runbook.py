"""The runbook names what exists: modules with their options, targets of make, addresses, alarms."""

from __future__ import annotations

import re
import shlex
from importlib.util import find_spec
from pathlib import Path

import pytest

from app import app
from factory_id import command
from infra import choices, rollback
from infra.backup import __main__ as backup

PROJECT = Path(__file__).resolve().parent.parent
DOCS = ("docs/runbook.md", "docs/backup.md")
TEXT = "\n".join((PROJECT / each).read_text(encoding="utf-8") for each in DOCS)
COMMANDS = sorted(set(re.findall(r"(?:`|\$ )((?:python -m|factory-id|make) [^`\n]+)", TEXT)))


def _sources(module: str) -> str:
    found = find_spec(module)
    assert found is not None, module
    assert found.origin is not None
    path = Path(found.origin)
    folder = sorted(path.parent.glob("*.py")) if path.name == "__init__.py" else [path, PROJECT / "infra/operating.py"]
    return "\n".join(each.read_text(encoding="utf-8") for each in folder) + (PROJECT / "infra/operating.py").read_text()


@pytest.mark.parametrize("said", [each for each in COMMANDS if each.startswith("python -m ")])
def test_a_module_that_the_runbook_runs_is_there_with_the_options_that_it_names(said: str) -> None:
    sources = _sources({"infra.deploy": "infra.choices"}.get(said.split()[2], said.split()[2]))
    for option in re.findall(r"--[a-z-]+", said):
        assert f'"{option}"' in sources, option


def test_options_that_are_named_alone_are_those_of_deploying() -> None:
    deploying = _sources("infra.choices")
    for option in ("--tables", "--change-tables", "--change-keys", "--set", "--name"):
        assert option in TEXT
        assert f'"{option}"' in deploying


PARSERS = {"infra.deploy": choices.parser, "infra.rollback": rollback.parser, "infra.backup": backup.parser}


@pytest.mark.parametrize("said", [each for each in COMMANDS if each.split()[2:3] and each.split()[2] in PARSERS])
def test_a_command_that_brings_something_out_or_back_is_understood_word_by_word(
    said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, *words = shlex.split(said, comments=True)[2:]
    if not words and module == "infra.rollback":
        return  # named in a sentence
    monkeypatch.chdir(tmp_path)
    Path("deploy.txt").write_text("--set\nIndexPages=0\n", encoding="utf-8")
    found = PARSERS[module]().parse_args(words)
    if module == "infra.deploy":
        assert {each.partition("=")[0] for each in found.set} <= choices.settable()


def test_the_first_deploy_of_the_runbook_says_all_that_a_first_deploy_has_to_be_told() -> None:
    firsts = [shlex.split(each)[3:] for each in COMMANDS if "MailIdentity" in each]
    assert len(firsts) == 2  # in the first region, and in another
    for words in firsts:
        told = choices.chosen(choices.parser().parse_args(words).set, {"CSRF_SECRET": "x"}, choices.settable())
        assert set(choices.FIRST) <= set(told)


@pytest.mark.parametrize("said", [each for each in COMMANDS if each.startswith("factory-id ")])
def test_a_command_of_factory_id_is_understood(said: str) -> None:
    words = said.split()[1:]
    if words[0] == "keys" or len(words) > 1:
        command.parser().parse_args(words)
    else:
        assert words[0] in command.parser().format_help()


@pytest.mark.parametrize("said", [each for each in COMMANDS if each.startswith("make ")])
def test_a_target_of_make_is_there(said: str) -> None:
    assert f"\n{said.split()[1]}:" in (PROJECT / "Makefile").read_text(encoding="utf-8")


def test_each_address_is_one_of_the_service() -> None:
    named = set(re.findall(r"/(?:internal/v1|portal)/[A-Za-z/-]+", TEXT))
    assert len(named) > 8
    patterns = [re.sub(r"\{\w+\}", "[^/]+", route) for route in app.routes]
    for each in named - {"/portal/staff/"}:
        assert any(re.fullmatch(pattern, each) for pattern in patterns), each


def test_each_alarm_is_one_that_comes() -> None:
    alarms = pytest.importorskip("infra.alarms")
    known = {each.name for surface in alarms.ALARMS.values() for each in surface}
    named = {
        each for line in TEXT.splitlines() if line.startswith("**When**") for each in re.findall(r"`([A-Z]\w+)`", line)
    }
    assert named
    assert named <= known
