"""Where a warm factory page's time goes in the packaged function: each part by itself, in turn, in one process.

``python -m bench.parts FOLDER FACTORY ROUNDS`` writes the CPU that each part took, in µs and by round, as JSON. FOLDER
is what was packaged, FACTORY the ID of one in the table that the environment names. ``bench.speed`` starts it.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from bench.stats import in_turn

WARMING = 60
REQUESTS = 40  # a round
EVERYTHING = "everything"
KEPT = "everything, the record at hand"
READING = "reading: signature, socket, its JSON"

Parts = dict[str, Callable[[], Any]]


def measured(parts: Parts, rounds: int) -> dict[str, list[float]]:
    """A sample is the mean of a round."""
    samples: dict[str, list[float]] = {name: [] for name in parts}
    for part in parts.values():
        for _ in range(WARMING):
            part()
    for turn in range(rounds):
        for name, part in in_turn(list(parts.items()), turn):
            before = time.thread_time()
            for _ in range(REQUESTS):
                part()
            samples[name].append((time.thread_time() - before) / REQUESTS * 1e6)
    return samples


def of_a_page(factory_id: str) -> Parts:
    """The parts of a page. Those besides ``everything`` and its reading are hot: nothing else ran between two turns."""
    app: Any = import_module("start").app
    from chalice.app import Request, Response

    from chalicelib import clock
    from chalicelib.public import claims, factory, links, scans
    from chalicelib.store import codec, public_keys, public_table
    from chalicelib.web import pages, responses
    from chalicelib.web.request import Ask
    from tests import events

    log = os.open(os.devnull, os.O_WRONLY)
    scans.log_line = lambda line: os.write(log, line.encode())  # what is printed in Lambda goes line by line
    event = events.get("/f/{factory_id}", path={"factory_id": factory_id})
    key, read = public_keys.factory_page(factory_id), public_table.get
    raw = read(key)
    assert raw is not None
    body = public_table.body(raw)
    found = codec.public_factory(body)
    drawn = _drawn(pages, lambda: app(event, None))
    ask = Ask.of(Request(event, None))

    def asked(of: Callable[..., Any]) -> Any:
        public_table.get = of
        return app(event, None)

    def facts() -> None:
        thing = links.of_factory(found)
        links.answer(ask, thing)
        links.headers(thing)
        factory.answers_today(found)
        claims.of_factory(found, clock.today())

    html = drawn()
    kept = {"Cache-Control": responses.REVALIDATE}
    return {
        EVERYTHING: lambda: asked(read),
        KEPT: lambda: asked(lambda _: raw),
        READING: lambda: read(key),
        "the record from JSON": lambda: public_table.body(raw),
        "types from that": lambda: codec.public_factory(body),
        "certificates, claims, links as of today": facts,
        "rendering": drawn,
        "ETag": lambda: responses.unless_held(Response(html, kept), ""),
        "a scan's line in the log": lambda: scans.log_line(scans.line(ask, "f", factory_id) + "\n"),
        "Chalice, the question, headers (an answer of no content)": lambda: app(events.get("/healthz"), None),
    }


def _drawn(pages: Any, ask: Callable[[], Any]) -> Callable[[], Any]:
    """What draws the page once more."""
    render, seen = pages.render, []

    def noting(*given: Any, **named: Any) -> Any:
        seen.append((given, named))
        return render(*given, **named)

    pages.render = noting
    ask()
    pages.render = render
    given, named = seen[-1]
    return lambda: render(*given, **named)


def main() -> None:
    """The command line."""
    folder, factory_id, rounds = sys.argv[1:]
    sys.path.insert(0, folder)  # before the sources, which have the same names
    print(json.dumps(measured(of_a_page(factory_id), int(rounds))))


if __name__ == "__main__":
    main()
