"""What the runbook asks of AWS exists as it is written: operations, options, questions, parameters of our templates."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
import jmespath
import pytest
import yaml
from botocore import xform_name

from tests.shell_words import Shown, commands

PROJECT = Path(__file__).resolve().parent.parent
TEXT = (PROJECT / "docs/runbook.md").read_text(encoding="utf-8")
SHOWN = [each for each in commands(TEXT) if each.words[0] == "aws"]
ANYWHERE = {"--region", "--query", "--output"}
ITS_OWN = {
    # What the command line of AWS adds to the operations of the services, and the options that we use.
    ("cloudformation", "deploy"): {"--template-file", "--stack-name", "--parameter-overrides"},
    ("cloudwatch", "put-metric-data"): {"--namespace", "--metric-name", "--dimensions", "--value"},
    ("logs", "tail"): {"--since", "--filter-pattern"},
    ("s3", "ls"): {"--recursive"},
    ("s3", "mb"): set(),
    ("s3", "rm"): {"--recursive"},
    ("s3", "sync"): {"--delete", "--source-region"},
    # "--endpoint-url" is for all.
    ("sns", "subscribe"): {"--topic-arn", "--protocol", "--notification-endpoint"},
}


@cache
def operations(service: str) -> dict[str, Any]:
    """The operations of a service, as the command line calls them."""
    model = botocore.session.get_session().get_service_model({"s3api": "s3"}.get(service, service))
    return {xform_name(name, "-"): model.operation_model(name) for name in model.operation_names}


def waited(service: str, name: str) -> Any:
    """The operation that ``wait`` asks again and again."""
    waiters = botocore.session.get_session().get_waiter_model(service)
    (found,) = [each for each in waiters.waiter_names if xform_name(each, "-") == name]
    return operations(service)[xform_name(waiters.get_waiter(found).operation, "-")]


def options(shown: Shown) -> tuple[set[str], set[str]]:
    """The options that a command may be given, and those that it must."""
    service, name = shown.words[1:3]
    if (service, name) in ITS_OWN:
        return ITS_OWN[service, name], set()
    operation = waited(service, shown.words[3]) if name == "wait" else operations(service)[name]
    shape = operation.input_shape
    known = {f"--{xform_name(each, '-')}" for each in shape.members} if shape else set()
    return known, {f"--{xform_name(each, '-')}" for each in (shape.required_members if shape else ())}


@pytest.mark.parametrize("shown", SHOWN, ids=lambda shown: " ".join(shown.words[1:4]))
def test_a_command_of_aws_is_there_with_its_options(shown: Shown) -> None:
    known, needed = options(shown)
    given = {word for word in shown.words if word.startswith("--")}
    assert given <= known | ANYWHERE
    if given:  # else a sentence names it
        assert needed <= given
    if (question := shown.option("--query")) is not None:
        jmespath.compile(question)


@pytest.mark.parametrize("shown", [each for each in SHOWN if "--template-file" in each.words], ids=lambda e: e.line)
def test_a_template_is_there_and_takes_what_it_is_told(shown: Shown) -> None:
    declared = yaml.safe_load((PROJECT / str(shown.option("--template-file"))).read_text("utf-8"))["Parameters"]
    told = {shown.words[shown.words.index("--parameter-overrides") + 1].partition("=")[0]}
    assert {name for name, each in declared.items() if "Default" not in each} <= told <= set(declared)
    made = str(shown.option("--stack-name"))
    assert made == "factory-id-mail" or made.startswith("$"), "a name of its own each time: the first one is in use"


def test_what_a_restore_makes_has_a_name_of_its_own_each_time() -> None:
    names = re.findall(r"\b(?:NEW|PAIR)=(\S+)", TEXT)
    assert len(names) >= 5
    assert [each for each in names if "$(date" not in each and not each.endswith("…")] == []
    assert not re.search(r"(?:--name|--tables|table/|TableName=)\s?(?:restored|factory-id-registry)\b", TEXT)


def test_whatever_lies_in_the_bucket_of_backups_expires_there_before_a_request_for_erasure_is_forgotten() -> None:
    (shown,) = [each for each in SHOWN if "--lifecycle-configuration" in each.words]
    rules = json.loads(str(shown.option("--lifecycle-configuration")))["Rules"]
    gone = {each["Filter"]["Prefix"] for each in rules if each["Status"] == "Enabled"}
    assert all(each["Expiration"]["Days"] <= 35 for each in rules)
    used = set(re.findall(r"(?:s3://\$BACKUPS/|--s3-prefix )([a-z]+)", TEXT))
    assert {f"{each}/" for each in used - {"photos"}} == gone  # photos follow the store


def test_the_functions_that_are_stopped_are_those_that_the_templates_say() -> None:
    """``writing`` asks CloudFormation; what the question finds of an answer is what it is to find."""
    (shown,) = [each for each in SHOWN if "list-stack-resources" in each.words]
    kinds = [("a", "AWS::Lambda::Function"), ("b", "AWS::Lambda::Version"), ("c", "AWS::Lambda::Function")]
    answer = [{"PhysicalResourceId": name, "ResourceType": kind} for name, kind in kinds]
    found = jmespath.search(str(shown.option("--query")), {"StackResourceSummaries": answer})
    assert found == ["a", "c"]
    (asked,) = [each for each in SHOWN if "$1" in str(each.option("--query"))]
    held = {"ParameterKey": "RegistryTable", "ParameterValue": "restored-registry"}
    stack = {"Stacks": [{"Parameters": [{"ParameterKey": "BaseUrl", "ParameterValue": "https://x"}, held]}]}
    question = str(asked.option("--query")).replace("$1", "RegistryTable")
    assert jmespath.search(question, stack) == ["restored-registry"]
