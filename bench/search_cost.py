"""What a search reads of DynamoDB at 1,000 and at 100,000 factories: ``python -m bench.search_cost``.

The lists are filled by the very function that publishes factories, and kept in memory: what DynamoDB bills is
arithmetic (a consistent query costs one unit per 4,096 bytes read, at least one). ``--engine`` checks the arithmetic:
it loads the smaller registry into the local engine too, and compares queries and items search by search.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import statistics
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

from tqdm import tqdm

from bench.made_up import DAY, MadeUp, mistyped
from chalicelib import settings
from chalicelib.domain import finding
from chalicelib.domain.disclosure import public_factory
from chalicelib.domain.finding import Wish
from chalicelib.public.search import Found, search
from chalicelib.store import keys, models, public_keys, public_table
from chalicelib.store.public_table import Between, Raw
from chalicelib.store.registry.factories import public_items
from chalicelib.store.wire import Wire
from infra.engine import CREDENTIALS, REGION, Engine

_SAMPLE = 300


@dataclass
class Bill:
    """What was read."""

    queries: int = 0
    items: int = 0
    units: int = 0


class InMemory:
    """The public table as ``finder`` asks it, with the bill of each question."""

    def __init__(self) -> None:
        self._lists: dict[str, dict[str, str]] = defaultdict(dict)
        self._order: dict[str, list[str]] = {}
        self.bill = Bill()
        self.names: list[str] = []
        self.size = 0

    def fill(self, number: int) -> None:
        """Publish so many factories."""
        for factory, certificates in tqdm(MadeUp().factories(number), total=number, desc=f"{number:,}", unit=""):
            self.names.append(str(factory.value("name")))
            listed = {key: body for key, body in public_items(factory, certificates, {}).items() if _is_list(key)}
            self.size += len(listed)
            page = public_factory(factory, certificates, {})
            words = finding.entries(page).forgiven if page else ()
            listed |= {public_keys.half(half, word): {} for word in words for half in finding.halves(word)}
            for key, body in listed.items():
                self._lists[key.pk][key.sk] = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        self._order = {partition: sorted(rows) for partition, rows in self._lists.items()}

    def query(self, partition: str, within: str | Between = "", *, limit: int) -> list[Raw]:
        """As ``public_table.query``."""
        places = self._order.get(partition, [])
        start, end = within if isinstance(within, Between) else (within, f"{within}\U0010ffff")
        first = bisect_left(places, start)
        found = [place for place in places[first : first + limit] if place <= end]
        rows = self._lists[partition] if found else {}
        self.bill.queries += 1
        self.bill.items += len(found)
        taken = sum(len(f"pkskbody{partition}{place}{rows[place]}".encode()) for place in found)
        self.bill.units += max(1, math.ceil(taken / 4096))
        return [{"sk": {"S": place}, "body": {"S": rows[place]}} for place in found]

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """Everything, to be loaded elsewhere."""
        for partition, rows in self._lists.items():
            for place, body in rows.items():
                yield partition, place, body


def _is_list(key: keys.Key) -> bool:
    return key.pk.partition("#")[0].lower() in public_keys.LISTINGS


@contextmanager
def _asked_of(table: Any) -> Iterator[None]:
    with patch.object(public_table, "query", table.query):
        yield


def _wishes(name: str) -> dict[str, Wish]:
    own = name.split(maxsplit=1)[0]
    typed = finding.asked
    return {
        "a name, in another order and without accents": Wish(typed(" ".join(reversed(name.upper().split())))),
        "the same with a typing error": Wish(typed(mistyped(name, random.Random(3)))),
        "the first word of it, a letter short": Wish(typed(own[:-1])),
        "a name nobody has": Wish(typed("Qwertzuiop Asdfghjk")),
        "one word of the trade": Wish(typed("textile")),
        "the same in one country": Wish(typed("textile"), country="PT"),
        "two words of the trade": Wish(typed("knitwear spinning")),
        "a word of the trade with a typing error": Wish(typed("garmetns")),
        "part of a Chinese name": Wish(typed("锦绣")),
        "nothing: the whole directory": Wish(),
        "a country": Wish(country="BD"),
        "a country and a category": Wish(country="BD", category="denim"),
        "a standard, valid today": Wish(standard="gots", valid=True),
        "a rare standard and a category": Wish(standard="fairtrade-textile", category="yarn"),
        "a certificate valid today, in a country": Wish(country="TN", valid=True),
        "a word, a country, a category, valid today": Wish(typed("denim"), "BD", "denim", None, True),
    }


def _priced(table: InMemory, wish: Wish) -> tuple[Bill, Found]:
    table.bill = Bill()
    with _asked_of(table):
        found = search(wish, DAY)
    return table.bill, found


def _told(found: Found) -> str:
    more = "+" if found.next else ""
    return f"{len(found.cards)}{more} {'close' if found.close else 'found'}"


def _table(small: InMemory, large: InMemory) -> None:
    print(f"\n{'':46}{len(small.names):>26,}{len(large.names):>26,} factories")
    print(f"{'search':46}" + f"{'queries items  units':>26}" * 2)
    for what, wish in _wishes(small.names[17]).items():
        cells = []
        for table in (small, large):
            bill, found = _priced(table, wish)
            cells.append(f"{bill.queries:>9}{bill.items:>7}{bill.units:>7}  {_told(found):>11}")
        print(f"{what:46}" + "  ".join(cells))


def _sampled(table: InMemory) -> None:
    pick = random.Random(11)
    for what, typed in (("names as they are", lambda name: name), ("with one edit", lambda name: mistyped(name, pick))):
        bills, hits = [], 0
        for name in pick.sample(table.names, _SAMPLE):
            bill, found = _priced(table, Wish(finding.asked(typed(name))))
            hits += name in [card["name"] for card in found.cards]
            bills.append(bill)
        for unit in ("queries", "items", "units"):
            figures = sorted(getattr(bill, unit) for bill in bills)
            print(f"{len(table.names):>9,}  {what:18} {unit:8}", end=" ")
            print(f"median {statistics.median(figures):g}, 95 of 100 at most {figures[int(len(figures) * 0.95)]}, "
                  f"most {figures[-1]}")  # fmt: skip
        print(f"{len(table.names):>9,}  {what:18} found    {hits} of {_SAMPLE}")


def _checked(small: InMemory) -> None:
    """The local engine's answer to the same searches: as many queries, as many items."""
    with Engine() as engine:
        names = {name.upper(): value for name, value in CREDENTIALS.items()}
        os.environ.update(names, AWS_REGION=REGION)
        chosen = replace(settings.load(), public_table=engine.public_table, dynamodb_endpoint=engine.url)
        models.connect(chosen)
        client = engine.client("dynamodb")
        rows = list(small.rows())
        for start in tqdm(range(0, len(rows), 25), desc="engine", unit=" batches"):
            puts = [
                {"PutRequest": {"Item": {"pk": {"S": pk}, "sk": {"S": sk}, "body": {"S": body}}}}
                for pk, sk, body in rows[start : start + 25]
            ]
            client.batch_write_item(RequestItems={engine.public_table: puts})
        for what, wish in _wishes(small.names[17]).items():
            counted = Bill()
            with _counting(counted):
                found = search(wish, DAY)
            bill, expected = _priced(small, wish)
            same = (counted.queries, counted.items, found) == (bill.queries, bill.items, expected)
            print(
                f"{'as computed' if same else 'DIFFERENT':12} {counted.queries:>3} queries {counted.items:>4}  {what}"
            )


@contextmanager
def _counting(bill: Bill) -> Iterator[None]:
    call = Wire.call

    def counted(self: Wire, operation: str, payload: dict[str, Any]) -> dict[str, Any]:
        reply = call(self, operation, payload)
        bill.queries += 1
        bill.items += len(reply["Items"])
        return reply

    with patch.object(Wire, "call", counted):
        yield


def main() -> None:
    """Fill both registries, print what each search reads."""
    parser = argparse.ArgumentParser(prog="python -m bench.search_cost", description=__doc__)
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--engine", action="store_true", help="compare with the local engine, at 1,000 factories")
    chosen = parser.parse_args()
    began = time.monotonic()
    small, large = InMemory(), InMemory()
    small.fill(1_000)
    if chosen.engine:
        _checked(small)
    large.fill(chosen.large)
    _table(small, large)
    print()
    for table in (small, large):
        _sampled(table)
        print(f"{len(table.names):>9,}  {table.size / len(table.names):.1f} entries a factory")
    print(f"{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
