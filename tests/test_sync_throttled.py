"""A sync where the tables are busy or replies are lost: all applied, none twice, fewer in flight until it is over."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.domain import finding
from chalicelib.domain.errors import Unavailable
from chalicelib.store import public_keys, wire
from chalicelib.store.keys import Key
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import audits, commit, hints, history, lookup, pace
from chalicelib.store.registry.commit import Collision, Commit, Throttled
from chalicelib.store.registry.pace import Pace
from chalicelib.store.registry.replies import Request
from chalicelib.store.wire import Wire
from tests.moto_wire import MotoWire
from tests.stack import Tables
from tests.test_store_contract import ACTOR, renamed, row
from tests.world import World, audit_item

Answer = tuple[int, dict[str, Any]]
TOO_FAST = (400, {"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException"})
WORKERS = 8


def cancelled(*codes: str) -> Answer:
    """A transaction that was cancelled, and why, action by action."""
    return 400, {"__type": "x#TransactionCanceledException", "CancellationReasons": [{"Code": code} for code in codes]}


BUSY = [
    TOO_FAST,
    (400, {"__type": "x#ProvisionedThroughputExceededException"}),
    cancelled("None", "ThrottlingError"),
    cancelled("ProvisionedThroughputExceeded", "None"),
]


@pytest.fixture
def between(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[..., Answer]], None]:
    """Step between the store and the engine for each transaction: given the way on and the request. Nobody pauses."""
    for module in (wire, commit, pace):
        monkeypatch.setattr(module, "_FIRST_PAUSE", 0.0)

    def step(answers: Callable[..., Answer]) -> None:
        for kind in (Wire, MotoWire):
            asked = kind._asked

            def stepped(self: Wire, operation: str, body: bytes, asked: Any = asked) -> Answer:
                if operation != "TransactWriteItems":
                    return asked(self, operation, body)  # type: ignore[no-any-return]
                return answers(lambda sent=body: asked(self, operation, sent), body)

            monkeypatch.setattr(kind, "_asked", stepped)

    return step


def applied_once(tables: Tables, sites: int) -> None:
    """Each site has its record, one event, its page, and its row in the notes of the request."""
    made = [body["factory_id"] for body in tables.bodies(tables.registry, "SITE#")]
    assert len(set(made)) == len(made) == sites
    for factory_id in made:
        events = history.of(f"FACTORY#{factory_id}")
        assert [event["action"] for event in events] == ["audit_created"]
        assert history.first_false(events) is None
    pages = {pk for pk, sk in tables.keys(tables.public) if sk == "PAGE"}
    assert pages == {f"FACTORY#{factory_id}" for factory_id in made}
    assert len([sk for _, sk in tables.keys(tables.registry) if sk.startswith("ROW#")]) == sites


def pushed(sites: int, key: str = "k", workers: int = WORKERS) -> list[str]:
    rows = [row(f"S-{number}", index=number) for number in range(sites)]
    return [each.outcome.value for each in audits.apply(rows, Request("ics", key, "d"), ACTOR, workers)]


def test_in_a_burst_of_throttling_fewer_fly_and_afterwards_more_and_all_is_applied_once(
    ministack: Tables, monkeypatch: pytest.MonkeyPatch, between: Callable[..., None]
) -> None:
    limits: list[int] = []
    numbers, reasons = itertools.count(), itertools.cycle(BUSY)

    class Watched(Pace):
        def send(self, transaction: Commit) -> None:
            super().send(transaction)
            limits.append(self.limit)

    def bursting(goes_on: Callable[[], Answer], _body: bytes) -> Answer:
        return next(reasons) if 20 <= next(numbers) < 60 else goes_on()

    monkeypatch.setattr(audits, "Pace", Watched)
    between(bursting)
    assert pushed(80) == ["created"] * 80
    applied_once(ministack, 80)
    assert limits[0] == WORKERS
    assert min(limits) <= 2
    assert limits[-1] == WORKERS


def test_never_more_fly_than_the_pace_allows_and_one_burst_is_one_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "_FIRST_PAUSE", 0.0)
    kept = Pace(WORKERS)

    class Scripted:
        """Throttled as told, one answer each time that it is sent."""

        def __init__(self, *throttled: bool) -> None:
            self.told = iter(throttled)
            self.sent = 0

        def once(self) -> None:
            self.sent += 1
            if next(self.told):
                raise Throttled("busy")

    def sent(*throttled: bool) -> int:
        transaction = Scripted(*throttled)
        kept.send(transaction)  # type: ignore[arg-type]
        assert transaction.sent == len(throttled)
        return kept.limit

    assert sent(False) == WORKERS
    with kept._place() as first, kept._place() as second:
        kept._fewer(first)
        kept._fewer(second)
    assert kept.limit == WORKERS // 2
    assert sent(True, True, False) == 2
    assert sent(True, True, True, True, False) == 2
    grown = [sent(False) for _ in range(60)]
    assert grown == sorted(grown)
    assert grown[-1] == WORKERS
    assert 20 < grown.index(WORKERS) < 40  # one more for each round that went through, not for each transaction


def test_a_collision_says_nothing_about_the_pace() -> None:
    class Colliding:
        def once(self) -> None:
            raise Collision

    kept = Pace(WORKERS)
    with suppress(Collision):
        kept.send(Colliding())  # type: ignore[arg-type]
    assert (kept.limit, kept._flying) == (WORKERS, 0)


IN_PROGRESS = (400, {"__type": "com.amazonaws.dynamodb.v20120810#TransactionInProgressException"})


@pytest.fixture
def unsure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a transaction that is in progress."""
    monkeypatch.setattr(commit, "_IN_PROGRESS_PAUSES", (0.0, 0.0, 0.0))


def counted(anew: list[str]) -> Callable[[], None]:
    """One more on a counter, as whoever decides by what is held does it."""

    def attempt() -> None:
        held = lookup.item(Key("COUNTER#c", "RECORD"))
        body = {"n": held.body["n"] + 1 if held is not None else 1}
        transaction = Commit()
        anew.append(transaction._write_id)
        transaction.replace(
            RegistryItem("COUNTER#c", "RECORD", body=body), int(held.version) if held is not None else 0
        )
        transaction.now()

    return attempt


@pytest.mark.safety("mechanisms.own-write", "faults.reply-lost")
@pytest.mark.usefixtures("unsure")
def test_a_transaction_that_is_still_in_progress_is_sent_again_as_it_is_and_applied_once(
    moto: Tables, between: Callable[..., None]
) -> None:
    sent: list[bytes] = []
    anew: list[str] = []

    def landing(goes_on: Callable[[], Answer], body: bytes) -> Answer:
        sent.append(body)
        if len(sent) == 5:
            goes_on()  # the first one lands at last, and its reply is lost as well
        return goes_on() if len(sent) > 6 else IN_PROGRESS

    between(landing)
    commit.persistently(counted(anew))
    assert (len(anew), len(set(sent))) == (1, 1)
    assert moto.bodies(moto.registry, "COUNTER#") == [{"n": 1}]


@pytest.mark.usefixtures("moto", "unsure")
@pytest.mark.parametrize(
    "answered", [IN_PROGRESS, cancelled(), cancelled("None"), (400, {"__type": "x#TransactionCanceledException"})]
)
def test_an_outcome_that_cannot_be_learned_is_neither_decided_anew_nor_called_throttled(
    between: Callable[..., None], answered: Answer
) -> None:
    anew: list[str] = []
    between(lambda _goes_on, _body: answered)
    with pytest.raises(Unavailable) as told:
        commit.persistently(counted(anew))
    assert (type(told.value), len(anew)) == (Unavailable, 1)


def test_where_nothing_goes_through_the_batch_gives_up_and_the_same_batch_goes_on_later(
    either: Tables, monkeypatch: pytest.MonkeyPatch, between: Callable[..., None]
) -> None:
    numbers, ticks = itertools.count(), itertools.count(step=1.0)
    closed = True
    monkeypatch.setattr(clock, "ticking", lambda: next(ticks))

    def closing(goes_on: Callable[[], Answer], _body: bytes) -> Answer:
        return TOO_FAST if closed and next(numbers) >= 2 else goes_on()

    between(closing)
    with pytest.raises(Unavailable, match="send the same batch again"):
        pushed(5, workers=1)
    assert len(either.bodies(either.registry, "SITE#")) == 2
    closed = False
    assert pushed(5, workers=1) == ["created"] * 5
    applied_once(either, 5)


@pytest.mark.parametrize("known", [True, False], ids=["the token is known", "ten minutes later"])
def test_a_transaction_whose_reply_was_lost_is_sent_again_and_applied_once(
    either: Tables, between: Callable[..., None], known: bool
) -> None:
    lost: list[bytes] = []

    def losing(goes_on: Callable[..., Answer], body: bytes) -> Answer:
        if body not in lost:
            lost.append(body)
            assert goes_on()[0] == 200
            raise ConnectionResetError
        if known:
            return goes_on()
        return goes_on(json.dumps({**json.loads(body), "ClientRequestToken": f"late{len(lost)}"}).encode())

    between(losing)
    assert pushed(4, workers=1) == ["created"] * 4
    assert len(lost) == 4
    applied_once(either, 4)


def test_a_reply_that_is_lost_while_the_tables_get_busy_is_known_again_when_they_are_free(
    either: Tables, between: Callable[..., None]
) -> None:
    told: Iterator[str] = iter(["lost", "busy", "busy"])

    def answers(goes_on: Callable[..., Answer], body: bytes) -> Answer:
        match next(told, ""):
            case "lost":
                assert goes_on()[0] == 200
                raise ConnectionResetError
            case "busy":
                return cancelled("None", "ThrottlingError")
            case _:
                return goes_on(json.dumps({**json.loads(body), "ClientRequestToken": "much later"}).encode())

    between(answers)
    assert pushed(1, workers=1) == ["created"]
    applied_once(either, 1)


@pytest.mark.parametrize("busy", BUSY)
def test_other_changes_are_tried_thrice_where_the_tables_are_busy(
    moto: Tables, between: Callable[..., None], busy: Answer
) -> None:
    from chalicelib.store.registry import factories

    pushed(1, workers=1)
    [factory_id] = [body["factory_id"] for body in moto.bodies(moto.registry, "SITE#")]
    told = itertools.chain([busy] * 2, [None], [busy] * 3)

    def answers(goes_on: Callable[[], Answer], _body: bytes) -> Answer:
        return next(told) or goes_on()

    between(answers)
    factories.change(factory_id, lambda held: renamed(held, "Second"), ACTOR)
    before = moto.everything()
    with pytest.raises(Unavailable):
        factories.change(factory_id, lambda held: renamed(held, "Third"), ACTOR)
    assert moto.everything() == before
    assert factories.need(factory_id).factory.value("name") == "Second"


def test_hints_that_a_killed_batch_did_not_write_are_written_when_it_is_sent_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: Any) -> None:
        raise RuntimeError("killed")

    def hinted() -> set[str]:
        return {pk for pk, _ in world.tables.keys(world.tables.public) if pk.startswith("HALF#")}

    items = [audit_item("S-1", factory={"name": "Meghna Rahimafrooz", "country": "BD"}), audit_item("S-2")]
    before = hinted()
    monkeypatch.setattr(hints.Hints, "write", killed)
    assert world.push(*items, key="k").status == 500
    assert hinted() == before
    monkeypatch.undo()
    assert world.push(*items, key="k").ok().json["counts"]["created"] == 2
    wanted = {public_keys.half(half).pk for word in ("meghna", "rahimafrooz") for half in finding.halves(word)}
    assert wanted
    assert wanted <= hinted()
