"""What the public surface holds under load, in short; ``python -m tests.safety.load_run`` takes longer."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from infra.engine import Engine
from tests.safety.faulty import KINDS, faulty
from tests.safety.load import memory, serving, stage
from tests.safety.load.asked import Standings, right
from tests.safety.load.client import Ask, Shot, figures, fire
from tests.safety.load.stage import Stage, rules, set_up

CHECK = Ask("GET", "/v1/certificates/C", 200, "document", codes=("C",))


@pytest.fixture(scope="module")
def under_load(stack: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Two processes of the function from the sources, behind a proxy that makes faults."""
    folder = tmp_path_factory.mktemp("load")
    with faulty(stack) as proxy, set_up(stack, proxy, folder, serving.from_sources(folder), 2) as made:
        assert not made.wrong
        yield made


@pytest.fixture
def staged(under_load: Stage) -> Stage:
    """The same, with nothing counted yet."""
    return replace(under_load, counted={}, wrong=[])


def all_held(staged: Stage) -> bool:
    return not staged.wrong and all(tried == held > 0 for _, tried, held in staged.rows())


@pytest.mark.safety("faults.under-load")
def test_behind_few_faults_each_answer_is_right_while_standings_change(staged: Stage) -> None:
    told = staged.played(rules(0.01), rate=40, seconds=2, pause=0.05)
    assert all_held(staged), (staged.rows(), staged.wrong)
    assert staged.counted[stage.RIGHT]["tried"] == told.number == 80
    assert staged.counted[stage.NEXT]["tried"] > 0


@pytest.mark.safety("faults.under-load")
def test_where_most_requests_to_the_database_fail_an_answer_is_right_or_says_when_to_come_again(staged: Stage) -> None:
    staged.played(rules(0.7), rate=25, seconds=2, pause=0.2)
    staged.all_kinds()
    assert all_held(staged), (staged.rows(), staged.wrong)
    assert staged.counted[stage.SEEN]["held"] == len(KINDS)


@pytest.mark.safety("faults.outage")
def test_after_an_outage_every_look_up_is_answered_again(staged: Stage) -> None:
    during, after = staged.outage(rate=20, seconds=1)
    assert all_held(staged), (staged.rows(), staged.wrong)
    assert during.later > 5
    assert after.later == 0


def test_a_function_that_keeps_answers_and_files_is_caught(staged: Stage) -> None:
    task = staged.folder
    endpoint, table = staged.proxy.url, staged.tables.public
    with serving.serving(task / "task", endpoint, table, 1, "careless") as ports:
        careless = replace(staged, ports=ports)
        careless.warm()  # from now on it has an answer to everything
        careless.played([], rate=60, seconds=2, pause=0.02)
    for statement in (stage.RIGHT, stage.NEXT, stage.STEADY):
        assert careless.counted[statement]["held"] < careless.counted[statement]["tried"], statement
    assert careless.wrong


def test_what_a_check_may_say_is_what_held_at_some_moment_of_it() -> None:
    standings = Standings({"C": [(float("-inf"), float("-inf"), "valid"), (10, 11, "withdrawn"), (20, 21, "valid")]})
    for sent, ended, possible in (
        (1, 2, {"valid"}),
        (9, 10.5, {"valid", "withdrawn"}),
        (10.5, 10.6, {"valid", "withdrawn"}),
        (11, 11.1, {"withdrawn"}),
        (12, 30, {"withdrawn", "valid"}),
        (21, 22, {"valid"}),
    ):
        assert standings.possible("C", sent, ended) == possible, (sent, ended)
    said = Shot(0, 11, 11, 11.5, 200, ("valid",))
    assert not right(CHECK, said, standings)
    assert right(CHECK, replace(said, said=("withdrawn",)), standings)
    assert right(CHECK, replace(said, status=503, said=("later",)), standings)
    for status, told in ((503, "no word of when"), (404, "withdrawn"), (0, "hung up")):
        assert not right(CHECK, replace(said, status=status, said=(told,)), standings)


def test_a_stall_is_counted_for_all_that_were_due_meanwhile() -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    waits = iter([0.0] * 10 + [0.3] + [0.0] * 100)

    def serve() -> None:
        connection, _ = listening.accept()
        with connection:
            while connection.recv(65_536):
                time.sleep(next(waits))
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    threading.Thread(target=serve, daemon=True).start()
    with listening:
        shots = fire([listening.getsockname()[1]], [CHECK], lambda *_: (), rate=100, seconds=0.6)
    late = [shot for shot in shots if shot.ended - shot.due > 0.05]
    assert len(shots) == 60
    assert len(late) >= 20
    assert figures(100, shots, 0).p50 > 5


@pytest.mark.safety("faults.memory")
def test_a_function_holds_no_more_after_many_requests_of_all_kinds(tmp_path: Path) -> None:
    held = memory.watched(serving.from_sources(tmp_path), tmp_path, 1100)
    assert all(tried == kept for _, tried, kept in held.rows()), held.rows()
    assert held.lost > 0
    assert {200, 303, 400, 404} <= set(held.statuses)


def test_a_list_that_grows_with_each_request_is_caught(tmp_path: Path) -> None:
    held = memory.watched(serving.from_sources(tmp_path), tmp_path, 900, leak=True)
    assert held.growth > memory.MOST_GROWTH
    assert memory.GROWTH in [name for name, tried, kept in held.rows() if kept < tried]
