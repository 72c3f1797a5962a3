"""What holds on every route of both surfaces, whatever it is for."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.client import BaseClient

from chalicelib.domain.errors import NotAllowed
from chalicelib.internal import access
from tests.safety import lines, mutated, real, texts
from tests.safety.real import Request
from tests.safety.showing import Outcome
from tests.safety.stage import Stage, stage

IN_CI = 1500
FORWARDS = "&".join(f"{name}=//evil.example/" for name in ("next", "url", "return_to", "redirect", "continue", "to"))


@dataclass
class Seen:
    """What came of the requests of every route: where answers led, and what was written into histories."""

    led: list[str] = field(default_factory=list)
    told: list[tuple[str, str]] = field(default_factory=list)


@pytest.fixture(scope="module")
def seen() -> Seen:
    found = Seen()
    with stage() as staged, pytest.MonkeyPatch.context() as patch:
        call = BaseClient._make_api_call

        def noted(self: BaseClient, operation: str, arguments: Any) -> Any:
            found.told += [(how, needed) for pk, how, needed in _writes(operation, arguments) if pk[:7] == "EVENTS#"]
            return call(self, operation, arguments)

        patch.setattr(BaseClient, "_make_api_call", noted)
        found.led += _led(staged)
    return found


def _writes(operation: str, arguments: Any) -> Iterator[tuple[str, str, str]]:
    """Each item that a call writes: its partition, how, and under what condition."""
    match operation:
        case "TransactWriteItems":
            several = [each for action in arguments["TransactItems"] for each in action.items()]
        case "BatchWriteItem":
            asked = [each for requests in arguments["RequestItems"].values() for each in requests]
            several = [(how.removesuffix("Request"), about) for each in asked for how, about in each.items()]
        case "PutItem" | "UpdateItem" | "DeleteItem":
            several = [(operation.removesuffix("Item"), arguments)]
        case _:
            return
    for how, about in several:
        needed = about.get("ConditionExpression", "")
        for short, name in about.get("ExpressionAttributeNames", {}).items():
            needed = needed.replace(short, name)
        yield (about.get("Item") or about["Key"])["pk"]["S"], how, needed


@pytest.mark.safety("resolver.next-ignored")
def test_no_address_can_be_made_to_lead_to_another_site(seen: Seen) -> None:
    assert len(seen.led) > 20
    elsewhere = [each for each in seen.led if not each.startswith(("http://127.0.0.1:8000/", "/")) or each[:2] == "//"]
    assert elsewhere == []


@pytest.mark.safety("mechanisms.append-only-events")
def test_whatever_is_asked_an_event_is_put_where_there_is_none_and_nothing_else(seen: Seen) -> None:
    assert len(seen.told) > 60
    assert set(seen.told) == {("Put", "attribute_not_exists (pk)")}


def _led(staged: Stage) -> Iterator[str]:
    """Where the requests of every route lead, with words in their questions that lead elsewhere with others."""
    for sent in real.all_of(staged):
        query = "&".join(filter(None, [sent.query, FORWARDS]))
        headers = {"Content-Type": sent.media, **staged.callers[sent.caller], **sent.headers}
        answer = staged.ask(sent.method, f"{sent.path}?{query}", headers, sent.content)
        if "Location" in answer.headers:
            yield str(answer.headers["Location"])
        if staged.wrote:
            staged.put_back()


@pytest.mark.safety("requests.mutated")
def test_mutated_requests_of_every_route_bring_no_fault_of_ours_and_nobody_elses_data() -> None:
    done = mutated.run(IN_CI)
    assert done.lost == []
    assert done.tried == IN_CI
    assert len([route for route, answered in done.routes.items() if answered]) > 350
    assert {200, 303, 400, 401, 403, 404} <= set(done.statuses)


@pytest.mark.safety("requests.any-text")
def test_any_text_in_every_field_is_refused_by_name_or_shown_as_nothing_but_text() -> None:
    done = texts.run(1, every=2)
    assert done.lost == []
    assert lines.amiss([lines.of_row(row) for row in texts.rows(done)]) == []
    assert len(done.fields) > 150


def test_a_text_that_nobody_looks_at_is_lost_and_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    with stage() as held:
        path = "/portal/page"
        each = Request("POST", path, path, "everybody", real.form(held, path, "everybody"), real.FORM)

        def sent() -> Outcome:
            done = Outcome()
            texts.round_of(held, [each], itertools.repeat("Plain"), done)
            return done

        well = sent()
        assert well.lost == []
        assert well.taken > 3
        ask = held.ask
        monkeypatch.setattr(held, "ask", lambda *given: _as(409 if b"Zq" in given[3] else 0, ask(*given)))
        assert (
            len([fault for fault in sent().lost if fault.startswith(f"POST {path}: a 409 to a text in ")]) == well.tried
        )
        monkeypatch.setattr(held, "ask", ask)
        monkeypatch.setattr(access, "check_csrf", _refusing)
        stale = sent()
        assert stale.tried == 0
        assert stale.lost == [f"POST {path}: a 403 to the request as it is: no text in it is looked at"]


def _as(status: int, answer: Any) -> Any:
    answer.status_code = status or answer.status_code
    return answer


def _refusing(*_given: str) -> None:
    raise NotAllowed("This form is too old. Try again.")
