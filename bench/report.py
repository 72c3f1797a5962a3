"""From what was measured to ``results.json``, plain numbers first, and to a table that people read."""

from __future__ import annotations

from typing import Any

from bench import labels, scale

Row = tuple[str, ...]  # of five cells or fewer
METHOD = """\
## Method
- **Everything that is compared is measured in the same run, in turn**: round by round, each contender once. Figures are
  medians, in brackets the quartiles. Peers (`bench/peers/`) read the same records from the same engine.
- **CPU** is that of the function's process, user and system, all threads, by its own clock; **wall** is what the caller
  waits, the local engine's work included, so it says less of the function than of this machine.
- **Cold start**: from `python -m awslambdaric` to the first answer, files in the page cache, the zip unpacked. All have
  bytecode of the same kind; "without bytecode" is a peer as its tools ship it. The first TLS handshake is not in it.
- **Warm**: a process that answers request after request; Lambda's runtime client is in it: see `floor`, which says two
  bytes, and `floor of a page`, which says a page made beforehand. The rows "of a warm page" add up to the page's
  median: parts are measured in the packaged function, each again and again; the last two rows are what the same code
  takes longer for in its place behind a wait.
- **Reads** are counted where they are sent; units follow from the items' bytes by DynamoDB's rules.
- **Sync**: new factories with one audit each. The bare loop writes the same transactions, byte for byte, with other
  keys, and neither reads nor decides. Both are mostly the engine's work: one process on the same machine.
- **Labels**: `factory-id labels` for 10,000 items, by two processes, start and reading back in it; memory of all.
- **With so many factories**: made-up ones in the local engine, asked through the public function in this process; the
  time is mostly the engine's, which sorts a whole list for each query of the directory. "Counted": from the items that
  a factory has.
- **A night of sync** sends all audits again; its rows are measured by sending a batch twice.
- **Cost** is computed from these figures and `bench/prices.json`, whose assumptions stand there too: among them that
  DynamoDB answers in 5 ms, and that one request in a hundred starts a function.
- Not measured here: the gateway, the network, DynamoDB itself, SnapStart.
"""


def results(measured: dict[str, Any]) -> dict[str, Any]:
    """The figures by name, and under ``details`` all that was measured."""
    cold, warm, sync = measured["cold"], measured["warm"], measured["sync"]
    return {
        "measured_at": measured["measured_at"],
        "machine": measured["machine"],
        "seconds": measured["seconds"],
        "cold_start_cpu_ms": {name: each["cpu_ms"]["median"] for name, each in cold.items()},
        "warm_cpu_us": {name: each["cpu_us"]["median"] for name, each in warm.items()},
        "warm_breakdown_us": {name: each["median"] for name, each in measured["breakdown"].items()},
        "reads": {name: each["requests"] for name, each in measured["reads"].items()},
        "read_units": {name: each["read_units"] for name, each in measured["reads"].items()},
        "page_bytes": measured["pages"]["gzipped"],
        "qr_per_second": measured["qr"]["factory_id"]["per_second"]["median"],
        "labels": labels.figures(measured["labels"]),
        "scale": scale.figures(measured["scale"]),
        "sync": {
            "items_per_second": sync["items_per_second"]["median"],
            "bare_items_per_second": sync["bare_items_per_second"]["median"],
            "items_per_second_one_worker": sync["items_per_second_one_worker"]["median"],
            "bare_items_per_second_one_worker": sync["bare_items_per_second_one_worker"]["median"],
            "write_units_per_item": sync["write_units_per_item"]["median"],
            "unchanged_write_units_per_item": sync["unchanged_write_units_per_item"]["median"],
            "unchanged_read_units_per_item": sync["unchanged_read_units_per_item"]["median"],
        },
        "cost_per_million_scans": measured["cost"]["total"],
        "cost_per_million_receipts": measured["cost_of_receipts"]["total"],
        "cost_per_10000_factories_a_year": measured["cost_per_year"]["total"],
        "details": measured,
    }


def markdown(found: dict[str, Any]) -> str:
    """The table, and how its figures came about."""
    about, prices = found["machine"], found["details"]["cost"]
    rows: list[Row] = [("what", "median", "quartiles", "of the floor", "wall"), ("---",) * 5]
    details = found["details"]
    rows += [*_functions(details), *_looks(details), *_batches(details), *_growth(found["scale"]), *_costs(found)]
    table = "\n".join("| " + " | ".join([*row, *[""] * (5 - len(row))]) + " |" for row in rows)
    machine = f"{about['processor']}, {about['cores']} cores, {about['system']}, Python {about['python']}"
    return (
        f"# How fast, against whom\nMeasured {found['measured_at']} by `make bench` in {found['seconds']} s on "
        f"{machine}, load {about['load']} at the start. Prices: {prices['region']}, {prices['as_of']}.\n\n"
        f"{table}\n\n{METHOD}"
    )


def _functions(details: dict[str, Any]) -> list[Row]:
    rows = _speeds("cold start", "ms of CPU", details["cold"], "cpu_ms", "wall_ms", "ms")
    rows += _speeds("warm request", "µs of CPU", details["warm"], "cpu_us", "wall_us", "µs")
    rows += [(f"of a warm page: {name}", *_said(each, "µs of CPU")) for name, each in details["breakdown"].items()]
    return rows


def _looks(details: dict[str, Any]) -> list[Row]:
    rows: list[Row] = [
        (f"look-up: {name}", _times(each["requests"], "request"), f"{each['read_units']:g} read units")
        for name, each in details["reads"].items()
    ]
    plain = details["pages"]["plain"]
    rows += [
        (f"page: `{path}`", f"{size:,} bytes", f"{plain[path]:,} before gzip")
        for path, size in details["pages"]["gzipped"].items()
    ]
    return rows


def _batches(details: dict[str, Any]) -> list[Row]:
    rows: list[Row] = [
        (
            f"QR codes: {name}",
            *_said(each["per_cpu_second"], "a CPU second"),
            "",
            f"{each['per_second']['median']:.0f} a second",
        )
        for name, each in details["qr"].items()
    ]
    rows += [
        (f"labels: {name.replace('_', ' ')}", *_said(each, ""))
        for name, each in details["labels"].items()
        if isinstance(each, dict)
    ]
    rows += [
        (f"audit sync: {name.replace('_', ' ')}", *_said(each, ""))
        for name, each in details["sync"].items()
        if isinstance(each, dict)
    ]
    return rows


def _growth(sizes: dict[str, Any]) -> list[Row]:
    """By number of factories, measured where there are times, else counted."""
    rows: list[Row] = []
    for number, each in sizes.items():
        title = f"with {int(number):,} factories"
        if "latency_ms" not in each:
            told = f"{each['gigabytes']:g} GB, of them {each['largest_list_gigabytes']:g} GB in one list"
            rows.append((f"{title}: the public table, counted", f"{each['items']:,} items", told))
            continue
        rows += [
            (f"{title}: {kind}", f"{each['read_units'][kind]:g} read units", "", "", f"{milliseconds:g} ms")
            for kind, milliseconds in each["latency_ms"].items()
        ]
    return rows


def _costs(found: dict[str, Any]) -> list[Row]:
    cost = found["details"]["cost"]
    rows: list[Row] = [
        (f"a million scans: {road.replace('_', ' ')}", f"{total:.2f} $", _parts(cost["parts"][road]))
        for road, total in cost["total"].items()
    ]
    rows += [
        (f"10,000 factories a year: {road.replace('_', ' ')}", f"{total:.2f} $")
        for road, total in found["cost_per_10000_factories_a_year"].items()
    ]
    receipts, year = found["details"]["cost_of_receipts"], found["details"]["cost_per_year"]["parts"]
    parts = {name: value for name, value in receipts.items() if name != "total"}
    rows.append(("a million receipts: rest api", f"{receipts['total']:.2f} $", _parts(parts)))
    rows.append(("of a year, besides the scans", f"{sum(year.values()):.2f} $", _parts(year)))
    return rows


def _speeds(kind: str, unit: str, found: dict[str, Any], cpu: str, wall: str, wall_unit: str) -> list[Row]:
    floor = found["floor"][cpu]["median"]
    return [
        (
            f"{kind}: {name.replace('_', ' ')}",
            *_said(each[cpu], unit),
            f"{each[cpu]['median'] / floor:.1f} ×",
            f"{each[wall]['median']:,.0f} {wall_unit}",
        )
        for name, each in found.items()
    ]


def _said(each: dict[str, Any], unit: str) -> tuple[str, str]:
    return f"{each['median']:,.10g} {unit}".strip(), f"{each['lower']:,.10g}–{each['upper']:,.10g}"


def _times(number: int, name: str) -> str:
    return f"{number} {name}" + ("" if number == 1 else "s")


def _parts(parts: dict[str, float]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {value:.2f}" for name, value in parts.items())
