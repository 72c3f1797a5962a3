"""Which alarms a line that is printed rings: what Lambda sends of it to the log, and the filters of the templates."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from infra import alarms, template

LEVELS = ("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL")
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
    heard: set[str] = set()
    if not sent(line, template.LOGGING):
        return heard
    for each in made.values():
        told = each["Properties"]
        if each["Type"] != "AWS::Logs::MetricFilter" or told["LogGroupName"] != {"Ref": f"{function}Logs"}:
            continue
        if matches(_filled(told["FilterPattern"]), line):
            heard |= {transformed["MetricName"] for transformed in told["MetricTransformations"]}
    names = {name for name, each in made.items() if each["Type"] == "AWS::CloudWatch::Alarm"}
    assert heard <= names, "counted, and nothing rings"
    return heard


def sent(line: Mapping[str, Any], logging: Mapping[str, str]) -> bool:
    """Whether Lambda sends a printed line of JSON to the log of a function with this configuration.

    A level counts that is known, beside a time; whatever has none is INFO. "Log-level filtering" in Lambda's guide.
    """
    if logging["LogFormat"] != "JSON":
        return True
    level = str(line.get("level", "")).upper()
    found = level if level in LEVELS and _is_time(line.get("timestamp")) else "INFO"
    return LEVELS.index(found) >= LEVELS.index(logging["ApplicationLogLevel"])


def _is_time(told: Any) -> bool:
    try:
        return datetime.fromisoformat(told).tzinfo is not None
    except (TypeError, ValueError):
        return False


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
