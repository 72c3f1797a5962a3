"""``make bench``: measures everything, prints goals and figures; writes ``bench/RESULTS.md``, ``bench/results.json``
and ``docs/scale.md``.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from infra import locales

locales.build()

from bench import (  # noqa: E402
    codes,
    contenders,
    cost,
    labels,
    looks,
    on_paper,
    report,
    scale,
    speed,
    sync,
    world,
)
from bench.stats import machine, plain  # noqa: E402
from bench.weather import Weather  # noqa: E402

HERE = Path(__file__).parent


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few rounds, nothing written: does it work at all?")
    parser.add_argument("--write", action="store_true", help="write even so; the page says that it was quick")
    chosen = parser.parse_args()
    began, weather = time.monotonic(), Weather()
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ")
    measured: dict[str, Any] = {"machine": plain(machine()), "measured_at": now, "quick": chosen.quick}
    measured |= measure(weather, 2 if chosen.quick else None)
    measured |= {"weather": weather.told(), "seconds": round(time.monotonic() - began)}
    results = report.results(measured)
    print("\n" + report.markdown(results))
    if chosen.write or not chosen.quick:
        write(results)


def write(results: dict[str, Any]) -> None:
    """The figures, the tables, and the page that reckons with them."""
    (HERE / "results.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    (HERE / "RESULTS.md").write_text(report.markdown(results), encoding="utf-8")
    on_paper.PAGE.write_text(on_paper.page(results), encoding="utf-8")


def measure(weather: Weather, rounds: int | None) -> dict[str, Any]:
    """All parts, with their own numbers of rounds or so many."""
    some = {} if rounds is None else {"rounds": rounds}
    found: dict[str, Any] = {}
    with world.loaded() as loaded, tempfile.TemporaryDirectory(prefix="factory-id-bench-") as folder:
        scratch = Path(folder)
        with weather.part("look-ups"):
            found["reads"] = looks.reads(loaded)
            found["items"] = looks.items(loaded)
            found["receipt"] = looks.receipt(loaded)
            found["pages"] = looks.page_bytes(loaded)
            found["scan_line"] = looks.scan_line(loaded)
        compared = contenders.build(loaded, scratch)
        with weather.part("cold starts"):
            found["cold"] = speed.cold(compared, scratch, **some)
        with weather.part("warm requests"):
            found["warm"] = speed.warm(compared, scratch, **some)
            page = next(each for each in compared if each.name == "public_page")
            found["breakdown"] = speed.breakdown(page, found["warm"], **some)
        with weather.part("QR codes"):
            found["qr"] = codes.qr(**some)
        with weather.part("audit sync"):
            found["sync"] = sync.sync(loaded, **some)
    with weather.part("labels"):
        found["labels"] = labels.labels(**({} if rounds is None else {"rounds": 1, "number": 1000}))
    with weather.part("growth"):
        found["scale"] = scale.scale(sizes=scale.SIZES if rounds is None else (100, 1000))
    return found | costs(found)


def costs(found: dict[str, Any]) -> dict[str, Any]:
    """What was measured, in dollars."""
    warm = {name: each["cpu_us"]["median"] / 1e3 for name, each in found["warm"].items()}
    path = "/f/{factory_id}"
    scan = cost.Scan(
        warm_cpu_ms=warm["public_page"],
        cold_cpu_ms=found["cold"]["public_page"]["cpu_ms"]["median"],
        read_units=found["reads"]["factory"]["read_units"],
        page_bytes=found["pages"]["gzipped"][path],
        header_bytes=found["pages"]["headers"][path],
        log_bytes=found["scan_line"],
        packing_cpu_ms=max(0.0, warm["public_page_by_url_gzip"] - warm["public_page"]),
    )
    taken, synced = found["receipt"], sync.figures(found["sync"])
    receipt = cost.Receipt(taken["cpu_ms"], taken["read_units"], taken["signatures"], taken["bytes"])
    sync_costs = cost.Sync(
        write_units=synced["write_units_per_item"],
        signatures=synced["signatures_per_item"],
        bytes=synced["registry_bytes_per_item"] + synced["public_bytes_per_item"],
        unchanged_write_units=synced["unchanged_write_units_per_item"],
        unchanged_read_units=synced["unchanged_read_units_per_item"],
        unchanged_cpu_ms=synced["unchanged_cpu_ms_per_item"],
    )
    scans, receipts = cost.per_million_scans(scan), cost.per_million_receipts(receipt)
    yearly = cost.per_10000_factories_a_year(scans, receipts["total"], sync_costs)
    return {"cost": scans, "cost_of_receipts": receipts, "cost_per_year": yearly}


if __name__ == "__main__":
    main()
