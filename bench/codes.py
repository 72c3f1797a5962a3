"""QR codes: ours, segno by itself, and the package called qrcode. Each in a process of its own, in turn."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from tqdm import tqdm

from bench.contenders import PYTHON
from bench.stats import in_turn, plain, spread
from infra.package import PROJECT

ROUNDS = 9
CODES = 150  # a round
PROGRAM = """
import io, sys, time
name, count = sys.argv[1], int(sys.argv[2])
{imports}
contents = [f"HTTPS://FACTORY-ID.EXAMPLE/F/BD{{number:010d}}" for number in range(count)]
draw(contents[0])
began, wall = time.process_time(), time.perf_counter()
for content in contents:
    draw(content)
print(time.process_time() - began, time.perf_counter() - wall)
"""
DRAWN_BY = {
    "factory_id": "from chalicelib.web.qr import svg as draw",
    "segno": """
import segno
def draw(content):
    held = io.BytesIO()
    segno.make_qr(content, error="m", boost_error=False).save(held, kind="svg", border=4)
    return held.getvalue()
""",
    "qrcode": """
import qrcode
from qrcode.image.svg import SvgPathImage
def draw(content):
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
    code.add_data(content)
    return code.make_image(image_factory=SvgPathImage).to_string()
""",
}


def qr(rounds: int = ROUNDS) -> dict[str, Any]:
    """Codes of one kind, 39 characters at level M as SVG: a second of CPU and a second on the wall, one process."""
    cpu: dict[str, list[float]] = {name: [] for name in DRAWN_BY}
    wall: dict[str, list[float]] = {name: [] for name in DRAWN_BY}
    with tqdm(total=rounds * len(DRAWN_BY), desc="QR codes", unit="") as bar:
        for turn in range(rounds):
            for name in in_turn(list(DRAWN_BY), turn):
                seconds, elapsed = _run(name)
                cpu[name].append(CODES / seconds)
                wall[name].append(CODES / elapsed)
                bar.update()
    return {name: {"per_cpu_second": plain(spread(cpu[name])), "per_second": plain(spread(wall[name]))} for name in cpu}


def _run(name: str) -> tuple[float, float]:
    interpreter: Path | str = sys.executable if name == "factory_id" else PYTHON
    command = [interpreter, "-c", PROGRAM.format(imports=DRAWN_BY[name]), name, str(CODES)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=PROJECT)
    seconds, elapsed = done.stdout.split()
    return float(seconds), float(elapsed)
