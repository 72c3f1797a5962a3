"""10,000 labels by the command ``factory-id labels``: seconds, memory, and how many were read back.

``python -m bench.labels`` prints it; ``--drawing`` compares two ways to draw a code: bytes, and grey where it is drawn.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tqdm import tqdm

from bench.stats import plain, spread
from bench.world import BASE_URL
from infra.package import PROJECT

LABELS = 10_000
ROUNDS = 3
WORKERS = 2
GTIN = "09521234543213"
UNITS = {
    "seconds": "s of wall",
    "cpu_seconds": "s of CPU",
    "labels_per_second": "labels a second",
    "pages_per_minute": "sheets a minute",
    "peak_mb": "MB",
    "read_back": "labels",
    "file_mb": "MB",
}
_LOOK = 0.05  # seconds between two looks at the memory


def labels(rounds: int = ROUNDS, number: int = LABELS) -> dict[str, Any]:
    """Sheets of 21 labels by two processes; reading the sample back is in the time."""
    found: dict[str, list[float]] = {}
    with _resolver() as url, tempfile.TemporaryDirectory(prefix="factory-id-labels-") as folder:
        for turn in tqdm(range(rounds), desc="labels", unit=""):
            for name, value in _run(url, Path(folder) / f"{turn}.pdf", number).items():
                found.setdefault(name, []).append(value)
    return {name: plain(spread(samples, 2)) for name, samples in found.items()} | {"labels": number, "workers": WORKERS}


def figures(found: dict[str, Any]) -> dict[str, float]:
    """The medians, by name."""
    return {name: each["median"] if isinstance(each, dict) else each for name, each in found.items()}


def _run(url: str, out: Path, number: int) -> dict[str, float]:
    serials = f"A{1:06d}..A{number:06d}"
    command = [sys.executable, "-m", "factory_id", "labels", "--gtin", GTIN, "--serials", serials, "--unpublished"]
    command += ["-o", str(out), "--workers", str(WORKERS)]
    began, before = time.perf_counter(), os.times()
    with subprocess.Popen(
        command,
        cwd=PROJECT,
        env={**os.environ, "FACTORY_ID_URL": url},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, _resident_mb(process.pid))
            time.sleep(_LOOK)
        said = process.stdout.read() if process.stdout else ""
    seconds, after = time.perf_counter() - began, os.times()
    told = re.search(r"on ([\d,]+) pages.*letter by letter: (?:all )?([\d,]+)", said, re.DOTALL)
    if process.returncode or told is None:
        raise RuntimeError(f"The labels were not written: {said}")
    pages, checked = (int(each.replace(",", "")) for each in told.groups())
    return {
        "seconds": seconds,
        "cpu_seconds": after.children_user + after.children_system - before.children_user - before.children_system,
        "labels_per_second": number / seconds,
        "pages_per_minute": 60 * pages / seconds,
        "peak_mb": peak,
        "read_back": checked,
        "file_mb": out.stat().st_size / 1e6,
    }


def _resident_mb(parent: int) -> float:
    """Memory of a process and its children together: what they share counts for each, so it is too much at worst."""
    children = {int(each) for each in _read(f"/proc/{parent}/task/{parent}/children").split()}
    pages = [_read(f"/proc/{process}/statm").split() for process in (parent, *children)]
    return sum(int(each[1]) for each in pages if each) * os.sysconf("SC_PAGE_SIZE") / 1e6


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="ascii")
    except OSError:  # it has just ended
        return ""


@contextmanager
def _resolver() -> Iterator[str]:
    """As much of the service as the command asks: where its codes lead."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps({"resolverRoot": BASE_URL}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_told: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def drawing() -> dict[str, dict[str, float]]:
    """A page of 21 codes as rectangles on whole dots, off them, and as pictures of one dot a module.

    Grey: of the pixels with ink at 300 dpi on a page that is whole dots wide, those that are neither black nor white.
    """
    import pypdfium2

    from factory_labels import document, layouts, links, page, symbols
    from factory_labels.layouts import Job

    sheet = replace(layouts.LAYOUTS["avery-l7160"], paper=(2480.95 * 25.4 / 300, 3507.99 * 25.4 / 300))
    items = [links.item(BASE_URL, GTIN, f"A{each:06d}") for each in range(sheet.labels)]
    version = symbols.version_of(items[0].address, "Q")
    job = layouts.job(sheet, "Q", version, (2, 18))
    off = replace(job, code=job.code * 1.03, dot=0.0)
    side, found = symbols.width(version), {}
    ways: dict[str, tuple[Job, Callable[..., str]]] = {
        "rectangles": (job, page._code),
        "rectangles off the dots": (off, page._code),
        "pictures": (job, lambda *each: _picture(side, *each)),
    }
    for name, (job, code) in ways.items():
        began = time.process_time()
        codes = [code(job, item.address, *job.code_box(place)[:2]) for place, item in enumerate(items)]
        seconds = time.process_time() - began
        content = "\n".join(codes).encode("ascii")
        start, places = document.head("")
        stream = b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content)
        body = document._page_object(job, 0) + document._object(6, stream)
        whole = start + body + document.tail(job, len(start), places, [len(body)])
        with pypdfium2.PdfDocument(whole) as opened:
            levels = opened[0].render(scale=300 / 72, grayscale=True).to_pil().histogram()
        found[name] = {
            "bytes_a_code": round(len(zlib.compress(content, 6)) / len(items)),
            "ms_a_code": round(1000 * seconds / len(items), 2),
            "grey_percent": round(100 * sum(levels[16:240]) / (sum(levels[:255]) or 1), 2),
        }
    return found


def _picture(side: int, job: Any, address: str, left: float, bottom: float) -> str:
    from factory_labels import symbols

    rows = symbols.rows(address, job.level, job.version)
    wide = -(-side // 8)
    dots = b"".join(int(row.ljust(8 * wide, "0"), 2).to_bytes(wide, "big") for row in rows).hex()
    module = job.code / (side + 2 * symbols.QUIET)
    size, x, y = (each * 72 / 25.4 for each in (module * side, left + 4 * module, bottom + 4 * module))
    described = f"/W {side} /H {side} /IM true /D [1 0] /BPC 1 /F /AHx"
    return f"q {size:.4f} 0 0 {size:.4f} {x:.3f} {y:.3f} cm BI {described} ID {dots}> EI Q"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.labels", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--drawing", action="store_true", help="compare the ways to draw a code, and end")
    chosen = parser.parse_args()
    if chosen.drawing:
        repeated = [drawing() for _ in range(5)]
        for name in repeated[0]:
            print(name, {each: statistics.median(one[name][each] for one in repeated) for each in repeated[0][name]})
        return
    for name, value in figures(labels(chosen.rounds)).items():
        print(f"{name:>20} {value:,}")


if __name__ == "__main__":
    main()
