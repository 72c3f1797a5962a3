"""What is watched of a deployed surface: one list, of which alarms, metrics of the logs and the dashboard are made.

An alarm says in its description what to think, and goes to the topic ``AlarmTopic`` if there is one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.backup import EXPORTED

MINUTE, HOUR = 60, 3600
LATE_SYNC_HOURS = 36
"""A night's sync or export, and half a day to notice that it did not come."""
OLDEST_SECONDS = 900


@dataclass(frozen=True, slots=True)
class Line:
    """A line of ``chalicelib/journal.py`` that is counted, or a number in it that is kept."""

    event: str
    function: str = "APIHandler"
    value: str = "1"


@dataclass(frozen=True, slots=True)
class Alarm:
    """A metric and when it is too much. ``metric``: namespace and name; of a ``Line`` both follow from the alarm.

    ``of``: dimensions, a value that CloudFormation fills in by name. ``road``: only where requests come by it.
    """

    name: str
    says: str
    metric: tuple[str, str] | Line
    of: Mapping[str, Any] = field(default_factory=dict)
    statistic: str = "Sum"
    at: float = 1
    period: int = 5 * MINUTE
    periods: int = 1
    below: bool = False
    missing: str = "notBreaching"
    road: str = ""


def function(name: str = "APIHandler") -> dict[str, Any]:
    """The dimension of a function."""
    return {"FunctionName": {"Ref": name}}


def _stage() -> dict[str, Any]:
    return {"ApiName": {"Ref": "AWS::StackName"}, "Stage": "api"}


def _common(slow: int) -> tuple[Alarm, ...]:
    """Of either surface. ``slow``: milliseconds that one of a hundred answers may take."""
    lambda_ = "AWS/Lambda"
    return (
        Alarm(
            "FunctionErrors",
            "The function raised, or ran out of time or memory.",
            (lambda_, "Errors"),
            function(),
            period=MINUTE,
        ),
        Alarm(
            "FunctionThrottles",
            "Requests were turned away for want of concurrent functions.",
            (lambda_, "Throttles"),
            function(),
            period=MINUTE,
        ),
        Alarm(
            "FunctionSlow",
            "One of a hundred requests keeps the function busy for too long, for a quarter of an hour.",
            (lambda_, "Duration"),
            function(),
            "p99",
            slow,
            periods=3,
        ),
        Alarm(
            "Unforeseen",
            "Somebody was answered that something went wrong on our side; the log has the way to it.",
            Line("unforeseen"),
        ),
        Alarm("SignFailures", "KMS did not sign: changes or receipts were refused.", Line("sign_failed"), at=3),
    )


_GATEWAY = "AWS/ApiGateway"
ALARMS: dict[str, tuple[Alarm, ...]] = {
    "public": (
        *_common(2_000),
        Alarm("GatewayErrors", "Answers of 500 and more.", (_GATEWAY, "5XXError"), _stage(), at=5, road="ByRest"),
        Alarm(
            "GatewaySlow",
            "One of a hundred answers takes more than 3 s, for a quarter of an hour.",
            (_GATEWAY, "Latency"),
            _stage(),
            "p99",
            3_000,
            periods=3,
            road="ByRest",
        ),
        Alarm(
            "HttpErrors",
            "Answers of 500 and more.",
            (_GATEWAY, "5xx"),
            {"ApiId": {"Ref": "HttpAPI"}},
            at=5,
            road="ByHttp",
        ),
        Alarm("UrlErrors", "Answers of 500 and more.", ("AWS/Lambda", "Url5xxCount"), function(), at=5, road="ByUrl"),
        Alarm(
            "TableThrottles",
            "DynamoDB turned reads of the public table away.",
            ("AWS/DynamoDB", "ReadThrottleEvents"),
            {"TableName": {"Ref": "PublicTable"}},
            period=MINUTE,
        ),
    ),
    "internal": (
        *_common(15_000),
        Alarm("GatewayErrors", "Answers of 500 and more.", (_GATEWAY, "5XXError"), _stage(), at=5),
        Alarm(
            "GatewaySlow",
            "One of a hundred answers takes more than 20 s, for a quarter of an hour.",
            (_GATEWAY, "Latency"),
            _stage(),
            "p99",
            20_000,
            periods=3,
        ),
        Alarm(
            "TableThrottles",
            "DynamoDB turned writes of the registry away.",
            ("AWS/DynamoDB", "WriteThrottleEvents"),
            {"TableName": {"Ref": "RegistryTable"}},
            period=MINUTE,
        ),
        Alarm(
            "SyncSilence",
            "No audits came from ICS for 36 hours. Before the first sync this alarm is right, too.",
            Line("sync"),
            period=HOUR,
            periods=LATE_SYNC_HOURS,
            below=True,
            missing="breaching",
        ),
        Alarm(
            "BackupSilence",
            "No export of the registry reached a bucket for 36 hours. Before the first one this alarm is right, too.",
            EXPORTED,
            {"TableName": {"Ref": "RegistryTable"}},
            period=HOUR,
            periods=LATE_SYNC_HOURS,
            below=True,
            missing="breaching",
        ),
        Alarm(
            "StreamAge",
            "The stream wakes the worker late; the schedule finds what waits within a minute.",
            ("AWS/Lambda", "IteratorAge"),
            function("Watching"),
            "Maximum",
            5 * MINUTE * 1000,
        ),
        Alarm(
            "OutboxAge",
            "Watchers wait for news of a quarter of an hour ago; or the worker does not run at all.",
            Line("outbox", "Watching", "$.oldest_seconds"),
            statistic="Maximum",
            at=OLDEST_SECONDS,
            periods=2,
            missing="breaching",
        ),
        Alarm(
            "WatchingErrors",
            "The worker failed; watchers may be waiting to be told of changes.",
            ("AWS/Lambda", "Errors"),
            function("Watching"),
        ),
        Alarm(
            "ErrandsErrors",
            "An errand failed; mails may be waiting, or mails that came back unnoted.",
            ("AWS/Lambda", "Errors"),
            function("Errands"),
            period=15 * MINUTE,
        ),
        Alarm(
            "ErrandsSilence",
            "No errand ran for half an hour: mails wait, and changes wait for their numbers in the log.",
            ("AWS/Lambda", "Invocations"),
            function("Errands"),
            period=30 * MINUTE,
            below=True,
            missing="breaching",
        ),
        Alarm("ScansErrors", "Scans were not added up.", ("AWS/Lambda", "Errors"), function("Scans")),
        Alarm(
            "MailsBounce",
            "One in twenty mails of this account comes back: SES stops an account that goes on so.",
            ("AWS/SES", "Reputation.BounceRate"),
            statistic="Average",
            at=0.05,
            period=HOUR,
        ),
        Alarm(
            "MailsComplained",
            "One in a thousand mails of this account is called unwanted: SES stops an account that goes on so.",
            ("AWS/SES", "Reputation.ComplaintRate"),
            statistic="Average",
            at=0.001,
            period=HOUR,
        ),
    ),
}


def resources(surface: str) -> dict[str, dict[str, Any]]:
    """The CloudFormation resources of a surface: alarms, what counts lines of the logs, the dashboard."""
    made: dict[str, dict[str, Any]] = {}
    for alarm in ALARMS[surface]:
        made[alarm.name] = _alarm(alarm)
        if isinstance(alarm.metric, Line):
            made[f"{alarm.name}Lines"] = _counted(alarm.name, alarm.metric)
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
        **({"Condition": alarm.road} if alarm.road else {}),
        "Properties": properties,
    }


def _counted(name: str, line: Line) -> dict[str, Any]:
    return {
        "Type": "AWS::Logs::MetricFilter",
        "Properties": {
            "LogGroupName": {"Ref": f"{line.function}Logs"},
            "FilterPattern": f'{{ $.event = "{line.event}" }}',
            "MetricTransformations": [
                {"MetricNamespace": {"Ref": "AWS::StackName"}, "MetricName": name, "MetricValue": line.value}
            ],
        },
    }


def _dashboard(surface: str) -> dict[str, Any]:
    """A graph for each alarm, with the line that it must not cross. A road that a stack hasn't stays empty."""
    values: dict[str, Any] = {}
    widgets = []
    for number, alarm in enumerate(ALARMS[surface]):
        namespace, name = _named(alarm)
        shown: list[Any] = ["${AWS::StackName}" if isinstance(namespace, dict) else namespace, name]
        for key, value in alarm.of.items():
            shown += [key, _filled(value, alarm.road, values)]
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


def _filled(value: Any, road: str, values: dict[str, Any]) -> str:
    """A dimension's value in the text of the dashboard; what is there on one road only is looked up by condition."""
    if not isinstance(value, dict):
        return str(value)
    name = value["Ref"]
    if road and name not in ("APIHandler", "AWS::StackName"):
        values[f"{name}Value"] = {"Fn::If": [road, value, "none"]}
        return f"${{{name}Value}}"
    return f"${{{name}}}"
