"""From what was measured to ``results.json``, plain numbers first, and to tables that people read."""

from __future__ import annotations

from itertools import product
from typing import Any

from bench import goals, labels, scale, sync
from bench.method import METHOD
from bench.weather import disturbed

Row = tuple[str, ...]  # of five cells or fewer
HEAD: Row = ("what", "median", "quartiles", "compared", "the other clock")
GOAL_HEAD: Row = ("goal", "wanted", "measured", "met", "where the rest goes", "what was tried")
SYNC = {
    "percent_of_bare": "% of the bare loop",
    "write_units_per_item": "write units an item",
    "signatures_per_item": "signatures an item",
    "registry_items_per_item": "items kept, of an item",
    "registry_bytes_per_item": "bytes kept, as billed",
    "public_items_per_item": "items kept, of an item",
    "public_bytes_per_item": "bytes kept, as billed",
    "unchanged_cpu_ms_per_item": "ms of CPU an item",
    "unchanged_read_units_per_item": "read units an item",
    "unchanged_write_units_per_item": "write units an item",
}
"""Units of the sync's figures besides its rates, by how their names end."""


def results(measured: dict[str, Any]) -> dict[str, Any]:
    """The figures by name, and under ``details`` all that was measured."""
    cold, warm, pages = measured["cold"], measured["warm"], measured["pages"]
    found = {
        "measured_at": measured["measured_at"],
        "quick": measured["quick"],
        "machine": measured["machine"],
        "weather": measured["weather"],
        "seconds": measured["seconds"],
        "cold_start_cpu_ms": {name: each["cpu_ms"]["median"] for name, each in cold.items()},
        "warm_cpu_us": {name: each["cpu_us"]["median"] for name, each in warm.items()},
        "warm_breakdown_us": {name: each["median"] for name, each in measured["breakdown"].items()},
        "reads": {name: each["requests"] for name, each in measured["reads"].items()},
        "read_units": {name: each["read_units"] for name, each in measured["reads"].items()},
        "items": measured["items"],
        "page_bytes": {path: size + pages["headers"][path] for path, size in pages["gzipped"].items()},
        "qr_per_second": measured["qr"]["factory_id"]["per_second"]["median"],
        "labels": labels.figures(measured["labels"]),
        "scale": scale.figures(measured["scale"]),
        "sync": sync.figures(measured["sync"]),
        "cost_per_million_scans": measured["cost"]["total"],
        "cost_per_million_scans_without_snapshots": measured["cost"]["total_without_snapshots"],
        "cost_per_million_receipts": measured["cost_of_receipts"]["total"],
        "cost_per_10000_factories_a_year": measured["cost_per_year"]["total"],
        "details": measured,
    }
    return found | {"goals": {each.name: goals.plain(each) for each in goals.goals(found)}}


def markdown(found: dict[str, Any]) -> str:
    """The tables, and how their figures came about."""
    about, details = found["machine"], found["details"]
    rows = [*_functions(details), *_looks(details), *_codes(details), *_syncs(details["sync"])]
    rows += [*_growth(details["scale"]), *_costs(found)]
    machine = f"{about['processor']}, {about['cores']} cores, {about['system']}, Python {about['python']}"
    form = "the quick form: a few rounds, not to be quoted" if found["quick"] else "`make bench`"
    prices = details["cost"]
    return (
        f"# How fast, against whom\nMeasured {found['measured_at']} by {form}, in {found['seconds']} s on {machine}. "
        f"{_weather(found['weather'])} Prices: {prices['region']}, {prices['as_of']}.\n\n"
        f"## Goals\n{_table(GOAL_HEAD, _goals(found))}\n\n## Figures\n{_table(HEAD, rows)}\n\n"
        f"{METHOD}\n{_left_out(prices['left_out'])}"
    )


def _table(head: Row, rows: list[Row]) -> str:
    whole = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join([*row, *[""] * (len(head) - len(row))]) + " |" for row in whole)


def _weather(weather: dict[str, Any]) -> str:
    worst = max(weather["parts"], key=lambda name: weather["parts"][name]["others_cores"])
    most = weather["parts"][worst]["others_cores"]
    told = f"Load {weather['load']:g} at the start; others kept {most:g} cores busy at the most, in the part {worst}."
    busy = disturbed(weather["load"], weather["parts"])
    return told if not busy else f"**Not quiet: {', '.join(busy)}.** {told}"


def _goals(found: dict[str, Any]) -> list[Row]:
    told = {True: "yes", False: "**no**"}
    return [
        (each.name, each.wanted, each.measured, told[each.met], each.rest, each.tried) for each in goals.goals(found)
    ]


def _functions(details: dict[str, Any]) -> list[Row]:
    rows = _speeds("cold start", "ms of CPU", details["cold"], "cpu_ms", "wall_ms", "ms")
    rows += _speeds("warm request", "µs of CPU", details["warm"], "cpu_us", "wall_us", "µs")
    rows += [(f"of a warm page: {name}", *_said(each, "µs of CPU")) for name, each in details["breakdown"].items()]
    return rows


def _speeds(kind: str, unit: str, found: dict[str, Any], cpu: str, wall: str, wall_unit: str) -> list[Row]:
    floor = found["floor"][cpu]["median"]
    return [
        (
            f"{kind}: {name.replace('_', ' ')}",
            *_said(each[cpu], unit),
            f"{each[cpu]['median'] / floor:.1f} × the floor",
            _other(each[wall], f"{wall_unit} of wall"),
        )
        for name, each in found.items()
    ]


def _looks(details: dict[str, Any]) -> list[Row]:
    rows: list[Row] = [
        (f"look-up: {name}", _times(each["requests"], "request"), _units(each["read_units"]))
        for name, each in details["reads"].items()
    ]
    rows += [
        (
            f"item: {name}",
            f"{each['bytes']:,} bytes",
            f"{each['signed_bytes']:,} of them signed",
            _units(each["read_units"]),
        )
        for name, each in details["items"].items()
    ]
    pages = details["pages"]
    rows += [
        (
            f"page: `{path}`",
            f"{size + pages['headers'][path]:,} bytes",
            f"{pages['headers'][path]:,} of them headers",
            f"{pages['plain'][path]:,} before gzip",
        )
        for path, size in pages["gzipped"].items()
    ]
    rows.append(("a scan's line in the log", f"{details['scan_line']} bytes"))
    return rows


def _codes(details: dict[str, Any]) -> list[Row]:
    ours = details["qr"]["factory_id"]["per_cpu_second"]["median"]
    rows: list[Row] = [
        (
            f"QR codes: {name}",
            *_said(each["per_cpu_second"], "a CPU second"),
            f"{each['per_cpu_second']['median'] / ours:.2f} × ours",
            _other(each["per_second"], "a second of wall"),
        )
        for name, each in details["qr"].items()
    ]
    number = details["labels"]["labels"]
    rows += [
        (f"{number:,} labels: {name.replace('_', ' ')}", *_said(each, labels.UNITS[name]))
        for name, each in details["labels"].items()
        if isinstance(each, dict)
    ]
    return rows


def _syncs(found: dict[str, Any]) -> list[Row]:
    """The rates of ours and the bare loop's with their CPU, then what is billed for an item."""
    rows: list[Row] = []
    for mode, end in product((sync.SIGNED, sync.UNSIGNED), ("", sync.ONE_WORKER)):
        workers = "one worker" if end else f"{found['workers']} workers"
        title = f"audit sync, {'unsigned' if mode else 'signed'}, {workers}"
        share = found[f"{mode}percent_of_bare{end}"]
        for whose, name, compared in (("", "ours", _other(share, "% of the loop")), ("bare_", "bare loop", "")):
            rate, cpu = found[f"{mode}{whose}items_per_second{end}"], found[f"{mode}{whose}cpu_ms_per_item{end}"]
            rows.append(
                (f"{title}: {name}", *_said(rate, "items a second"), compared, _other(cpu, "ms of CPU an item"))
            )
    for name, each in found.items():
        unit = SYNC.get(name.removeprefix(sync.UNSIGNED))
        if isinstance(each, dict) and unit and "percent" not in name:
            rows.append((f"audit sync: {name.removesuffix('_per_item').replace('_', ' ')}", *_said(each, unit)))
    return rows


def _growth(found: dict[str, Any]) -> list[Row]:
    """By number of factories, measured where there are times; beyond, computed by the formula that stands beside."""
    rows: list[Row] = []
    for number, each in found["sizes"].items():
        rows += [
            (
                f"with {int(number):,} factories: {kind}",
                *_said(each["latency_ms"][kind], "ms of wall"),
                f"{_number(units['median'])} read units ({_number(units['lower'])}–{_number(units['upper'])})",
                _other(each["cpu_ms"][kind], "ms of CPU"),
            )
            for kind, units in each["read_units"].items()
        ]
    for number, each in found["counted"].items():
        title = f"with {int(number):,} factories, computed"
        largest = f"{each['largest_list_gigabytes']:g} GB of them in one list"
        rows.append((f"{title}: the public table", f"{each['items']:,} items", f"{each['gigabytes']:g} GB", largest))
        rows += [
            (f"{title}: {kind}", _units(units), each["formulas"][kind]) for kind, units in each["read_units"].items()
        ]
    return rows


def _costs(found: dict[str, Any]) -> list[Row]:
    cost, year = found["details"]["cost"], found["details"]["cost_per_year"]
    rows: list[Row] = [
        (
            f"a million scans: {road.replace('_', ' ')}",
            f"{total:.2f} $",
            _parts(cost["parts"][road]),
            f"{cost['total_without_snapshots'][road]:.2f} $ without SnapStart",
        )
        for road, total in cost["total"].items()
    ]
    rows += [
        (
            f"10,000 factories a year: {road.replace('_', ' ')}",
            f"{total:.2f} $",
            f"firewalls {year['firewalls'][road]:.2f}",
        )
        for road, total in year["total"].items()
    ]
    receipts = found["details"]["cost_of_receipts"]
    parts = {name: value for name, value in receipts.items() if name != "total"}
    rows.append(("a million receipts: rest api", f"{receipts['total']:.2f} $", _parts(parts)))
    rows.append(
        ("of a year, besides scans and firewalls", f"{sum(year['parts'].values()):.2f} $", _parts(year["parts"]))
    )
    return rows


def _left_out(left_out: list[str]) -> str:
    return "- **Left out of the cost**: " + "; ".join(left_out) + ".\n"


def _said(each: dict[str, Any], unit: str) -> tuple[str, str]:
    between = "" if each["lower"] is None else f"{_number(each['lower'])}–{_number(each['upper'])}"
    return f"{_number(each['median'])} {unit}".strip(), between


def _other(each: dict[str, Any], unit: str) -> str:
    return f"{_number(each['median'])} ({_number(each['lower'])}–{_number(each['upper'])}) {unit}"


def _number(value: float) -> str:
    """Four digits, and all of those before the point."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _times(number: float, name: str) -> str:
    return f"{_number(number)} {name}" + ("" if number == 1 else "s")


def _units(number: float) -> str:
    return _times(number, "read unit")


def _parts(parts: dict[str, float]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {value:.2f}" for name, value in parts.items())
