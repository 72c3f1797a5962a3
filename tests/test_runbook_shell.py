"""What the runbook has a shell do, a shell does: with an ``aws`` that answers as an account of two regions would."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests.shell_words import lines

RUNBOOK = (Path(__file__).resolve().parent.parent / "docs/runbook.md").read_text(encoding="utf-8")
AWS = r"""#!/bin/bash
case "$*" in
  *get-caller-identity*) echo 123456789012 ;;
  *"=='RegistryTable'"*) echo restored-20261123-0900-registry ;;
  *"=='SigningKey'"*) echo arn:aws:kms:x ;;
  *"=='BaseUrl'"*) echo https://factory-id.example ;;
  *list-stack-resources*factory-id-photos*) exit 254 ;;
  *list-stack-resources*)
    [ -e asked ] || { touch asked; exit 255; }
    printf 'factory-id-internal-APIHandler-1\tfactory-id-internal-Errands-2\n' ;;
  *describe-stack-resource*) echo factory-id-internal-Errands-2 ;;
  *) printf '%s|' "$@" >> said; echo >> said; [ -e twice ] || { touch twice; exit 1; } ;;
esac
"""


def shell(folder: Path, *said: str) -> str:
    """What bash prints of these lines, after those that a shell begins with."""
    (folder / "aws").write_text(AWS, encoding="utf-8")
    (folder / "aws").chmod(0o755)
    beginning = RUNBOOK.partition("**Begin with this")[2].partition("```console\n")[2].partition("```")[0]
    first = [line.removeprefix("$ ") for line in beginning.splitlines() if "make setup" not in line]
    script = "\n".join(["sleep() { echo slept; }", *first, *said])
    ran = ["bash", "-c", script]
    done = subprocess.run(
        ran, cwd=folder, env={"PATH": f"{folder}:/usr/bin:/bin"}, capture_output=True, text=True, check=False
    )
    return done.stdout


def written(start: str) -> str:
    """The line of the runbook that begins so."""
    (found,) = [line for line in lines(RUNBOOK) if line.startswith(start)]
    return found


def test_a_shell_can_read_each_line() -> None:
    shown = re.findall(r"^ *\$ (.+)$", RUNBOOK, re.MULTILINE)
    assert len(shown) > 50
    for line in shown:
        done = subprocess.run(["bash", "-n"], input=line, capture_output=True, text=True, check=False)
        assert done.stderr == "", line


def test_a_shell_begins_with_the_tables_key_and_address_that_are_in_use(tmp_path: Path) -> None:
    said = shell(tmp_path, 'echo "$TABLES $KEY $BASE $BACKUPS"')
    assert said == ("restored-20261123-0900 arn:aws:kms:x https://factory-id.example factory-id-backups-123456789012\n")


def test_a_line_of_a_log_is_asked_for_as_cloudwatch_wants_it(tmp_path: Path) -> None:
    shell(tmp_path, "lines internal Errands errand_failed")
    asked = (tmp_path / "said").read_text(encoding="utf-8").rstrip("|\n").split("|")
    group, pattern = "/aws/lambda/factory-id-internal-Errands-2", '{ $.event = "errand_failed" }'
    assert asked == ["logs", "tail", group, "--since", "3h", "--filter-pattern", pattern]


def test_a_lost_region_is_waited_for_and_each_of_its_functions_is_stopped(tmp_path: Path) -> None:
    slept = shell(tmp_path, written("until FUNCTIONS="), written("for each in $FUNCTIONS"))
    assert slept == "slept\nslept\n"  # until it lists its functions, and until it stops the first
    said = [line.split("|") for line in (tmp_path / "said").read_text(encoding="utf-8").splitlines()]
    stopped = ["factory-id-internal-APIHandler-1"] * 2 + ["factory-id-internal-Errands-2"]
    assert [each[3] for each in said] == stopped
    assert {(*each[:3], *each[4:6]) for each in said} == {
        ("lambda", "put-function-concurrency", "--function-name", "--reserved-concurrent-executions", "0")
    }
