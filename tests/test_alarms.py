"""What fails rings: the lines that functions really write, given to the filters that the templates really have."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib import clock, journal
from chalicelib.internal import came_back, clone_letters, errands, inviting, letters, mail, scans, watching
from chalicelib.internal.failing import Failed, Handler
from chalicelib.store.registry import callers, checkpoints, people, sequencer, signing
from chalicelib.store.registry.people import Role
from infra import alarms
from infra.watched import LATE_SYNC_HOURS
from tests.local_kms import LocalKms, keys_in_process
from tests.portal_browser import EMAIL, STAFF, Browser
from tests.ringing import counted_for, matches, rung_by
from tests.test_clone_letters import flag
from tests.test_invitation_errands import MEMBER, a_mill
from tests.test_portal_letters import TYPED
from tests.test_scans import payload
from tests.watching import Watched, begun
from tests.world import World, audit_item

pytest_plugins = ["tests.conftest_portal"]
ROOT = Path(__file__).resolve().parent.parent
SILENT = {
    "hints_not_written": "costs a suggestion while somebody types",
    "key_use_not_noted": "the day of a key's last use, for who rotates it",
    "errand_failed": "the function fails, which rings ErrandsErrors",
    "invitation_not_mailed": "the function fails, which rings ErrandsErrors",
    "function_failed": "the function fails, which rings ErrandsErrors, ScansErrors or WatchingErrors",
}
"""What is noted of failures and rings by no filter, and why."""


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What is written from now on."""
    written: list[dict[str, Any]] = []
    monkeypatch.setattr(journal, "write", lambda line: written.append(json.loads(line)))
    return written


@pytest.fixture
def signs(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalKms]:
    """A registry that signs."""
    monkeypatch.setenv("SIGNING_KEY", "first")
    with keys_in_process() as local:
        yield local


@pytest.fixture
def no_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the mail service takes nothing."""

    def refused(_message: EmailMessage) -> None:
        raise mail.NotSent

    monkeypatch.setattr(mail, "send", refused)


def rung(function: str, lines: list[dict[str, Any]]) -> set[str]:
    """The alarms that these lines ring in the log of a function."""
    return {name for line in lines for name in rung_by(function, line)}


def sources() -> Iterator[tuple[Path, ast.Module]]:
    """Our modules in which anything fails that has to be noted."""
    for path in sorted((ROOT / "chalicelib").rglob("*.py")):
        text = "" if {"locale", "compiled"} & set(path.parts) else path.read_text("utf-8")
        if "journal.failed" in text or "NotSent" in text:
            yield path, ast.parse(text)


def noted(node: ast.AST) -> set[str]:
    """The names of the failures that are noted somewhere in this code."""
    calls = [each for each in ast.walk(node) if isinstance(each, ast.Call)]
    return {ast.literal_eval(each.args[0]) for each in calls if ast.unparse(each.func) == "journal.failed"}


def test_every_failure_that_is_noted_rings_or_is_said_here_not_to() -> None:
    written = {name for _, tree in sources() for name in noted(tree)}
    counted = {
        alarm.metric.event
        for surface in alarms.ALARMS.values()
        for alarm in surface
        if isinstance(alarm.metric, alarms.Line) and not alarm.below
    }
    assert written - counted == set(SILENT)


def test_every_mail_that_is_not_sent_is_noted_where_that_is_met() -> None:
    met = 0
    for path, tree in sources():
        for handler in ast.walk(tree):
            if isinstance(handler, ast.ExceptHandler) and handler.type and "NotSent" in ast.unparse(handler.type):
                met += 1
                assert noted(handler) & {"mail_not_sent", "watcher_not_told"}, f"{path.name}:{handler.lineno}"
    assert met > 8


def test_a_checkpoint_that_is_not_signed_rings_though_nobody_asked_for_anything(
    world: World, signs: LocalKms, lines: list[dict[str, Any]]
) -> None:
    world.a_certificate(world.a_factory())
    signs.broken = True
    for operation in ("Sign", "GetPublicKey"):
        del lines[:]
        with pytest.raises(errands.Failed):
            errands.handler({"source": "aws.events"}, None)
        assert [line["operation"] for line in lines if line["event"] == "sign_failed"] == [operation]
        assert rung("Errands", lines) == {"SignFailures"}
        signing.forget()  # as in a fresh process, which first asks for the public half of the key
    assert rung_by("APIHandler", lines[0], "public") == {"SignFailures"}
    assert checkpoints.sequencer.head().size == 1


@pytest.mark.usefixtures("no_mail")
def test_an_invitation_that_is_not_sent_rings_in_either_function(browser: Browser, lines: list[dict[str, Any]]) -> None:
    assert browser.cookie == ""
    assert inviting.invite(MEMBER, a_mill()).mail == "queued"
    assert rung("APIHandler", lines) == rung("Errands", lines) == {"MailsUnsent"}


@pytest.mark.usefixtures("no_mail")
def test_a_warning_of_copies_that_is_not_sent_rings(world: World, lines: list[dict[str, Any]]) -> None:
    people.add(Role("member", "maison"), "ada@maison.example", STAFF)
    world.a_product(world.a_factory())
    assert flag("S9", 1, 0)
    assert clone_letters.run(clock.now(), clock.ticking() + 60) == 0
    assert rung("Errands", lines) == {"MailsUnsent"}


@pytest.mark.usefixtures("no_mail")
def test_a_link_that_is_not_mailed_to_who_asked_for_it_rings(
    runner: SimpleNamespace, lines: list[dict[str, Any]]
) -> None:
    asked = {
        "/portal/watch": {"things": runner.factory_id, "email": "claire@buyer.example"},
        "/portal/sign-in": {"email": EMAIL},
        f"{runner.home}/write": TYPED,
    }
    runner.browser.cookie = ""
    for path, typed in asked.items():
        runner.browser.send(path, typed)
        assert rung("APIHandler", lines) == {"MailsUnsent"}, path
        del lines[:]


@pytest.fixture
def watched(world: World, monkeypatch: pytest.MonkeyPatch) -> Watched:
    return begun(world, monkeypatch)


def test_a_watcher_who_is_not_told_rings_and_a_machine_that_is_down_rings_apart(
    watched: Watched, lines: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    watched.by_webhook()
    watched.machine.down = lambda _url: True
    watched.standing("suspended")
    watched.sweep()
    assert rung("Watching", lines) == {"WebhooksUntaken"}
    del lines[:]
    watched.by_mail()
    for broken in (mail.NotSent, KeyError):

        def refused(_message: EmailMessage, kind: type[Exception] = broken) -> None:
            raise kind

        monkeypatch.setattr(mail, "send", refused)
        watched.standing("active" if broken is KeyError else "suspended", "Seen")
        watched.sweep(3)
        told = [line for line in lines if line["event"] == "watcher_not_told"]
        assert rung("Watching", [line for line in told if "webhook" not in line["error"]]) >= {"WatchersUntold"}
        del lines[:]


def heard(lines: list[dict[str, Any]]) -> bool:
    """Whether the alarm of ICS's silence has heard of a sync."""
    return any("SyncSilence" in counted_for("APIHandler", line) for line in lines)


def test_only_a_batch_of_ics_of_which_something_could_be_taken_ends_the_silence(
    world: World, lines: list[dict[str, Any]]
) -> None:
    _, other = callers.create_key("ics", "another-scheme", ["audits:write"], "nightly")
    stranger = type(world.ics)(world.client, other)
    world.push(audit_item("S-9"), caller=stranger).ok()
    assert not heard(lines)
    assert {line["tenant"] for line in lines if line["event"] == "sync"} == {"another-scheme"}
    world.push(audit_item("S-1", rating="A"), audit_item("S-9")).ok()  # one is refused, the other is another's site
    assert not heard(lines)
    world.push(audit_item("S-1", rating="A"), audit_item("S-2")).ok()
    assert heard(lines)
    del lines[:]
    world.push(audit_item("S-2")).ok()  # as it was: ICS is there
    assert heard(lines)


def test_the_silence_rings_after_a_day_and_a_half() -> None:
    [silence] = [alarm for alarm in alarms.ALARMS["internal"] if alarm.name == "SyncSilence"]
    assert silence.period * silence.periods == LATE_SYNC_HOURS * 3600
    assert (silence.below, silence.missing) == (True, "breaching")


def test_an_errand_that_fails_keeps_no_other_from_being_run_and_fails_at_the_end_saying_nothing_of_anybody(
    browser: Browser, lines: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert browser.cookie == ""
    sent: list[EmailMessage] = []
    monkeypatch.setattr(mail, "send", sent.append)
    inviting.record(MEMBER, a_mill())
    later = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: later)

    def unforeseen(*_given: object) -> int:
        raise KeyError("office@padma.example")

    monkeypatch.setattr(sequencer, "run", unforeseen)
    monkeypatch.setattr(clone_letters, "run", unforeseen)
    with pytest.raises(errands.Failed) as failed:
        errands.handler({"source": "aws.events"}, None)
    assert len(sent) == 1
    assert str(failed.value) == "logged, warned"
    assert failed.value.__cause__ is failed.value.__context__ is None
    assert [(line["event"], line["errand"], line["error"]) for line in lines] == [
        ("errand_failed", "logged", "KeyError"),
        ("errand_failed", "warned", "KeyError"),
    ]


@pytest.mark.parametrize(
    ("handler", "event", "place"),
    [
        (errands.handler, {"source": "aws.ses"}, (came_back, "note")),
        (watching.handler, {}, (watching, "run")),
        (scans.handler, payload([]), (scans, "count")),
    ],
)
def test_a_function_that_fails_says_to_lambda_which_kind_of_error_it_was_and_nothing_of_anybody(
    lines: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, handler: Handler, event: Any, place: tuple[Any, str]
) -> None:
    def unforeseen(*_given: object) -> int:
        raise KeyError("office@padma.example")

    monkeypatch.setattr(*place, unforeseen)
    with pytest.raises(Failed, match=r"^KeyError$") as failed:
        handler(event, None)
    assert failed.value.__cause__ is failed.value.__context__ is None
    assert [(line["event"], line["error"]) for line in lines] == [("function_failed", "KeyError")]
    assert "padma" not in json.dumps(lines)


def test_an_invitation_that_fails_keeps_no_other_waiting(
    browser: Browser, lines: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert browser.cookie == ""
    monkeypatch.setattr(mail, "send", lambda _message: None)
    invited = [inviting.record(MEMBER, a_mill(number))[0].invitation_id for number in range(6)]
    later = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: later)
    whole = letters.invitation
    broken = set(sorted(invited)[:4])

    def write(member: str, invitation: Any, token: str) -> None:
        if invitation.invitation_id in broken:
            raise LookupError("a template without a word")
        whole(member, invitation, token)

    monkeypatch.setattr(letters, "invitation", write)
    with pytest.raises(errands.Failed, match=r"^mailed$"):
        errands.handler({"source": "aws.events"}, None)
    told = [line for line in lines if line["event"] == "invitation_not_mailed"]
    assert {line["invitation"] for line in told} == broken
    monkeypatch.setattr(letters, "invitation", whole)
    again = later + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: again)
    assert errands.handler({"source": "aws.events"}, None)["mailed"] == 4


def test_photos_that_are_not_drawn_ring_where_there_are_any() -> None:
    made = alarms.resources("internal")
    for name, metric in (("PhotosErrors", "Errors"), ("PhotosLost", "AsyncEventsDropped")):
        told = made[name]["Properties"]
        assert made[name]["Condition"] == "HasDrawer"
        assert (told["MetricName"], told["Threshold"], told["TreatMissingData"]) == (metric, 1, "notBreaching")
        assert told["Dimensions"] == [{"Name": "FunctionName", "Value": {"Ref": "Drawer"}}]


def test_what_dynamodb_turns_away_rings_for_each_table_that_a_function_uses() -> None:
    for surface, wanted in {
        "public": {("PublicTable", "ReadThrottleEvents")},
        "internal": {
            (table, f"{what}ThrottleEvents") for table in ("PublicTable", "RegistryTable") for what in ("Read", "Write")
        },
    }.items():
        made = [each["Properties"] for each in alarms.resources(surface).values()]
        found = [told for told in made if told.get("Namespace") == "AWS/DynamoDB"]
        assert {(told["Dimensions"][0]["Value"]["Ref"], told["MetricName"]) for told in found} == wanted
        assert {(told["Threshold"], told["Statistic"], told["ComparisonOperator"]) for told in found} == {
            (1, "Sum", "GreaterThanOrEqualToThreshold")
        }


@pytest.mark.parametrize(
    ("pattern", "line", "taken"),
    [
        ('{ $.event = "a" }', {"event": "a"}, True),
        ('{ $.event = "a" && $.error != "b" }', {"event": "a", "error": "b"}, False),
        ('{ $.event = "a" && $.n > 0 }', {"event": "a", "n": 0}, False),
        ('{ $.event = "a" && $.n > 0 }', {"event": "a"}, False),
    ],
)
def test_filters_are_read_here_as_cloudwatch_reads_them(pattern: str, line: dict[str, Any], taken: bool) -> None:
    assert matches(pattern, line) is taken
