"""What is watched of a deployed surface: one list, of which ``infra/alarms.py`` makes what CloudFormation reads.

An alarm says in its description what to think.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.backup import EXPORTED

MINUTE, HOUR = 60, 3600
LATE_SYNC_HOURS = 36
"""A night's sync or export, and half a day to notice that it did not come."""
OLDEST_SECONDS = 900
WEBHOOK = "chalicelib.internal.outbound.NotDelivered"
"""The kind of error where a watcher's own machine did not take what it was told."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of ``chalicelib/journal.py`` that is counted, or a number in it that is kept.

    ``functions``: in whose logs. ``only``: what else must be true of it, as CloudWatch wants it said.
    """

    event: str
    functions: tuple[str, ...] = ("APIHandler",)
    value: str = "1"
    only: tuple[str, ...] = ()

    @property
    def pattern(self) -> str:
        """What CloudWatch looks for in the logs. It may name parameters of the template."""
        conditions = " && ".join([f'$.event = "{self.event}"', *self.only])
        return f"{{ {conditions} }}"


@dataclass(frozen=True, slots=True)
class Alarm:
    """A metric and when it is too much. ``metric``: namespace and name; of a ``Line`` both follow from the alarm.

    ``of``: dimensions, a value that CloudFormation fills in by name. ``when``: the condition under which there is it.
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
    when: str = ""


def function(name: str = "APIHandler") -> dict[str, Any]:
    """The dimension of a function."""
    return {"FunctionName": {"Ref": name}}


def _stage() -> dict[str, Any]:
    return {"ApiName": {"Ref": "AWS::StackName"}, "Stage": "api"}


def _throttled(name: str, metric: str, table: str, says: str) -> Alarm:
    return Alarm(name, says, ("AWS/DynamoDB", metric), {"TableName": {"Ref": table}}, period=MINUTE)


def _common(slow: int, signing: tuple[str, ...]) -> tuple[Alarm, ...]:
    """Of either surface. ``slow``: milliseconds that one of a hundred answers may take. ``signing``: what signs."""
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
        Alarm(
            "SignFailures",
            "KMS did not sign, asked three times: a change, a receipt or the day's checkpoint was not made.",
            Line("sign_failed", signing),
        ),
    )


_GATEWAY = "AWS/ApiGateway"
ALARMS: dict[str, tuple[Alarm, ...]] = {
    "public": (
        *_common(2_000, ("APIHandler",)),
        Alarm("GatewayErrors", "Answers of 500 and more.", (_GATEWAY, "5XXError"), _stage(), at=5, when="ByRest"),
        Alarm(
            "GatewaySlow",
            "One of a hundred answers takes more than 3 s, for a quarter of an hour.",
            (_GATEWAY, "Latency"),
            _stage(),
            "p99",
            3_000,
            periods=3,
            when="ByRest",
        ),
        Alarm(
            "HttpErrors",
            "Answers of 500 and more.",
            (_GATEWAY, "5xx"),
            {"ApiId": {"Ref": "HttpAPI"}},
            at=5,
            when="ByHttp",
        ),
        Alarm("UrlErrors", "Answers of 500 and more.", ("AWS/Lambda", "Url5xxCount"), function(), at=5, when="ByUrl"),
        _throttled(
            "TableThrottles", "ReadThrottleEvents", "PublicTable", "DynamoDB turned reads of the public table away."
        ),
    ),
    "internal": (
        *_common(15_000, ("APIHandler", "Errands")),
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
        *(
            _throttled(
                f"{table}{what}sThrottled",
                f"{what}ThrottleEvents",
                f"{table}Table",
                f"DynamoDB turned {what.lower()}s of the {'registry' if table == 'Registry' else 'public table'} away.",
            )
            for table in ("Registry", "Public")
            for what in ("Read", "Write")
        ),
        Alarm(
            "SyncSilence",
            "No audits that could be taken came from ICS for 36 hours. Before the first sync this alarm is right, too.",
            Line("sync", only=('$.tenant = "${IcsTenant}"', "$.taken > 0")),
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
            Line("outbox", ("Watching",), "$.oldest_seconds"),
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
            "WatchersUntold",
            "A watcher could not be told, by our fault: no mail left, or something unforeseen. It is tried again.",
            Line("watcher_not_told", ("Watching",), only=(f'$.error != "{WEBHOOK}"',)),
        ),
        Alarm(
            "WebhooksUntaken",
            "A watcher's machine did not take what it was told. It is tried again for more than a day; then the owner "
            "has a mail. Many at once: look whether the worker reaches the internet.",
            Line("watcher_not_told", ("Watching",), only=(f'$.error = "{WEBHOOK}"',)),
            period=HOUR,
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
            "PhotosErrors",
            "A photo that was sent could not be drawn anew. After three failures it is lost, and has to be sent again.",
            ("AWS/Lambda", "Errors"),
            function("Drawer"),
            when="HasDrawer",
        ),
        Alarm(
            "PhotosLost",
            "A photo that was sent was given up: it has to be sent again.",
            ("AWS/Lambda", "AsyncEventsDropped"),
            function("Drawer"),
            when="HasDrawer",
        ),
        Alarm(
            "MailsUnsent",
            "SES did not take a mail. Invitations and news are sent later; who asked for a link has to ask again.",
            Line("mail_not_sent", ("APIHandler", "Errands", "Watching")),
        ),
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
