"""Alarms, metrics of the logs and the dashboard of a surface, made of the list in ``infra/watched.py``.

An alarm goes to the topic ``AlarmTopic`` if there is one.
"""

from __future__ import annotations

import json
from typing import Any

from infra.watched import ALARMS, Alarm, Line

__all__ = ["ALARMS", "Alarm", "Line", "resources"]


def resources(surface: str) -> dict[str, dict[str, Any]]:
    """The CloudFormation resources of a surface: alarms, what counts lines of the logs, the dashboard."""
    made: dict[str, dict[str, Any]] = {}
    for alarm in ALARMS[surface]:
        made[alarm.name] = _alarm(alarm)
        if isinstance(alarm.metric, Line):
            for each in alarm.metric.functions:
                made[f"{alarm.name}Of{each}"] = _counted(alarm.name, alarm.metric, each)
    made["Dashboard"] = _dashboard(surface)
    return made


def _named(alarm: Alarm) -> tuple[Any, str]:
    return ({"Ref": "AWS::StackName"}, alarm.name) if isinstance(alarm.metric, Line) else alarm.metric


def _alarm(alarm: Alarm) -> dict[str, Any]:
    namespace, name = _named(alarm)
    kind = "ExtendedStatistic" if alarm.statistic.startswith("p") else "Statistic"
    topic = {"Fn::If": ["HasAlarmTopic", [{"Ref": "AlarmTopic"}], {"Ref": "AWS::NoValue"}]}
    properties = {
        "AlarmDescription": alarm.says,
        "Namespace": namespace,
        "MetricName": name,
        "Dimensions": [{"Name": key, "Value": value} for key, value in alarm.of.items()],
        kind: alarm.statistic,
        "Period": alarm.period,
        "EvaluationPeriods": alarm.periods,
        "Threshold": alarm.at,
        "ComparisonOperator": "LessThanThreshold" if alarm.below else "GreaterThanOrEqualToThreshold",
        "TreatMissingData": alarm.missing,
        "AlarmActions": topic,
        "OKActions": topic,
    }
    return {
        "Type": "AWS::CloudWatch::Alarm",
        **({"Condition": alarm.when} if alarm.when else {}),
        "Properties": properties,
    }


def _counted(name: str, line: Line, function_name: str) -> dict[str, Any]:
    return {
        "Type": "AWS::Logs::MetricFilter",
        "Properties": {
            "LogGroupName": {"Ref": f"{function_name}Logs"},
            "FilterPattern": {"Fn::Sub": line.pattern} if "${" in line.pattern else line.pattern,
            "MetricTransformations": [
                {"MetricNamespace": {"Ref": "AWS::StackName"}, "MetricName": name, "MetricValue": line.value}
            ],
        },
    }


def _dashboard(surface: str) -> dict[str, Any]:
    """A graph for each alarm, with the line that it must not cross. What a stack hasn't stays empty."""
    values: dict[str, Any] = {}
    widgets = []
    for number, alarm in enumerate(ALARMS[surface]):
        namespace, name = _named(alarm)
        shown: list[Any] = ["${AWS::StackName}" if isinstance(namespace, dict) else namespace, name]
        for key, value in alarm.of.items():
            shown += [key, _filled(value, alarm.when, values)]
        widgets.append(
            {
                "type": "metric",
                "x": number % 3 * 8,
                "y": number // 3 * 6,
                "width": 8,
                "height": 6,
                "properties": {
                    "title": alarm.name,
                    "region": "${AWS::Region}",
                    "stat": alarm.statistic,
                    "period": alarm.period,
                    "metrics": [shown],
                    "annotations": {"horizontal": [{"value": alarm.at, "label": alarm.says}]},
                },
            }
        )
    body = json.dumps({"widgets": widgets}, separators=(",", ":"))
    return {
        "Type": "AWS::CloudWatch::Dashboard",
        "Properties": {
            # The names of dashboards are one list for all regions.
            "DashboardName": {"Fn::Sub": "${AWS::StackName}-${AWS::Region}"},
            "DashboardBody": {"Fn::Sub": [body, values]} if values else {"Fn::Sub": body},
        },
    }


def _filled(value: Any, when: str, values: dict[str, Any]) -> str:
    """A dimension's value in the text of the dashboard; what is not always there is looked up by its condition."""
    if not isinstance(value, dict):
        return str(value)
    name = value["Ref"]
    if when and name not in ("APIHandler", "AWS::StackName"):
        values[f"{name}Value"] = {"Fn::If": [when, value, "none"]}
        return f"${{{name}Value}}"
    return f"${{{name}}}"
