"""Which alarms a line of the log rings: the filters of the templates, read as CloudWatch reads them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from infra import alarms

_CONDITION = re.compile(r"\$\.(\w+) (=|!=|>) (.+)")
PARAMETERS = {"IcsTenant": "ics"}


def rung_by(function: str, line: Mapping[str, Any], surface: str = "internal") -> set[str]:
    """The alarms that one such line in the log of a function rings."""
    made = alarms.resources(surface)
    wanted = {"ComparisonOperator": "GreaterThanOrEqualToThreshold", "EvaluationPeriods": 1, "Threshold": 1}
    return {name for name in counted_for(function, line, surface) if wanted.items() <= made[name]["Properties"].items()}


def counted_for(function: str, line: Mapping[str, Any], surface: str = "internal") -> set[str]:
    """The alarms that a line in the log of a function is counted for."""
    made = alarms.resources(surface)
    heard = set()
    for each in made.values():
        told = each["Properties"]
        if each["Type"] != "AWS::Logs::MetricFilter" or told["LogGroupName"] != {"Ref": f"{function}Logs"}:
            continue
        if matches(_filled(told["FilterPattern"]), line):
            heard |= {transformed["MetricName"] for transformed in told["MetricTransformations"]}
    names = {name for name, each in made.items() if each["Type"] == "AWS::CloudWatch::Alarm"}
    assert heard <= names, "counted, and nothing rings"
    return heard


def matches(pattern: str, line: Mapping[str, Any]) -> bool:
    """Whether a filter takes a line: ``{ $.a = "x" && $.b > 1 }``."""
    assert pattern.startswith("{ ")
    assert pattern.endswith(" }")
    return all(_holds(condition, line) for condition in pattern[2:-2].split(" && "))


def _holds(condition: str, line: Mapping[str, Any]) -> bool:
    found = _CONDITION.fullmatch(condition)
    assert found, condition
    name, operator, wanted = found[1], found[2], json.loads(found[3])
    if name not in line:
        return False
    if operator == ">":
        return bool(line[name] > wanted)
    return bool(line[name] == wanted) is (operator == "=")


def _filled(pattern: str | dict[str, str]) -> str:
    if isinstance(pattern, str):
        return pattern
    text = pattern["Fn::Sub"]
    for name, value in PARAMETERS.items():
        text = text.replace(f"${{{name}}}", value)
    assert "${" not in text
    return text
