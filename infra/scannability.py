"""Whether a code can be read back: printed, damaged, photographed out of focus, and given to an independent decoder.

``python -m infra.scannability --url https://factory-id.example --size 25 --dpi 300 --level M``  judges one code
``python -m infra.scannability --measure``  the table in ``docs/qr.md``, from which ``chalicelib.web.qr`` has its rule

The decoder is zxing-cpp: compiled, and not part of what is deployed. What is deployed follows the measured rule, and
the tests hold the rule against this module.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
from dataclasses import dataclass
from typing import Any

QUIET = 4
Matrix = list[list[int]]


@dataclass(frozen=True)
class Print:
    """How a code is printed. ``size_mm``: the whole width, quiet zone and all."""

    size_mm: float
    dpi: float


@dataclass(frozen=True)
class Camera:
    """How it is seen: a phone's video of 1280 × 720 at 15 cm, a little out of focus and askew, in poor light."""

    pixels_per_mm: float = 6.7
    blur_mm: float = 0.1  # standard deviation
    degrees: float = 4.0
    dark: int = 60
    light: int = 200
    noise: float = 6.0  # standard deviation, in grey values of 256


PHONE = Camera()
DAMAGE = {"L": 0.0, "M": 0.05, "Q": 0.08, "H": 0.08}
"""How much of its area each level of error correction must do without, in one blot."""
TRIALS = 12


def readable(content: str, level: str, printed: Print, damage: float | None = None, trials: int = TRIALS) -> float:
    """The share of trials (0 to 1) in which the decoder reads the very content; blots lie elsewhere in each."""
    return readable_on(paper(modules(content, level), printed), content, level, printed.size_mm, damage, trials)


def readable_on(
    sheet: Any, content: str, level: str, size_mm: float, damage: float | None = None, trials: int = TRIALS
) -> float:
    """The same of a picture of the code (PIL, black on white, with its quiet zone) that is printed that wide."""
    share = DAMAGE[level] if damage is None else damage
    width = len(modules(content, level)) + 2 * QUIET
    read = 0
    for trial in range(trials):
        chance = random.Random(trial)
        spoilt = damaged(sheet, sheet.width / width, share, chance)
        read += decoded(photograph(spoilt, size_mm, chance)) == content
    return read / trials


def passes(content: str, level: str, printed: Print) -> bool:
    """The gate: read in every trial, with the damage that the level is meant for."""
    return readable(content, level, printed) == 1.0


def modules(content: str, level: str) -> Matrix:
    """The modules of a code, 1 for dark, without its quiet zone."""
    import segno

    code = segno.make_qr(content, error=level, boost_error=False)
    return [[1 if module else 0 for module in row] for row in code.matrix]


def paper(matrix: Matrix, printed: Print) -> Any:
    """A grey PIL image of the code, one pixel a dot; edges between modules are rounded to whole dots."""
    from PIL import Image, ImageDraw

    width = len(matrix) + 2 * QUIET
    edges = [round(place * printed.size_mm / width / 25.4 * printed.dpi) for place in range(width + 1)]
    sheet = Image.new("L", (edges[-1], edges[-1]), 255)
    draw = ImageDraw.Draw(sheet)
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            left, right, top, bottom = (edges[at + QUIET] for at in (x, x + 1, y, y + 1))
            if dark and right > left and bottom > top:
                draw.rectangle((left, top, right - 1, bottom - 1), fill=0)
    return sheet


def damaged(sheet: Any, module: float, share: float, chance: random.Random) -> Any:
    """The picture with a round blot on so much of the code, clear of the corners by which a reader finds it.

    ``module``: pixels a module. The blot is dark or bare, by chance.
    """
    from PIL import ImageDraw

    spoilt = sheet.copy()
    if share:
        start, end = QUIET * module, sheet.width - QUIET * module
        radius = math.sqrt(share / math.pi) * (end - start)
        x, y = _clear_of_corners(start, end, radius, 8 * module, chance)
        fill = chance.choice((0, 255))
        ImageDraw.Draw(spoilt).ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)
    return spoilt


def photograph(sheet: Any, size_mm: float, chance: random.Random, camera: Camera = PHONE) -> Any:
    """The picture, printed that wide, as the camera sees it."""
    from PIL import Image, ImageFilter

    contrast = (camera.light - camera.dark) / 255
    seen = sheet.convert("L").point(lambda grey: camera.dark + grey * contrast)
    # Twice the camera's pixels while it is turned and blurred, then its own.
    fine = 2 * camera.pixels_per_mm
    pixels = max(1, round(size_mm * fine))
    seen = seen.resize((pixels, pixels), Image.Resampling.BOX if pixels < sheet.width else Image.Resampling.NEAREST)
    seen = seen.rotate(camera.degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=camera.light)
    seen = seen.filter(ImageFilter.GaussianBlur(camera.blur_mm * fine))
    seen = seen.resize((seen.width // 2, seen.height // 2), Image.Resampling.BOX)
    return _noisy(seen, camera.noise, chance)


def decoded(image: Any) -> str | None:
    """What zxing-cpp reads in an image; ``None`` if it finds no single QR code."""
    import zxingcpp

    found = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)
    return str(found[0].text) if len(found) == 1 else None


def _clear_of_corners(
    start: float, end: float, radius: float, corner: float, chance: random.Random
) -> tuple[float, float]:
    while True:
        x, y = (chance.uniform(start + radius, end - radius) for _ in range(2))
        mirrored = [(x, y), (start + end - x, y), (x, start + end - y)]
        if all(math.hypot(max(0, a - start - corner), max(0, b - start - corner)) > radius for a, b in mirrored):
            return x, y


def _noisy(image: Any, deviation: float, chance: random.Random) -> Any:
    """With grain. The mean of four even spreads is near enough to a normal one, and quick."""
    from PIL import Image, ImageChops

    one, two, three, four = (
        Image.frombytes("L", image.size, chance.randbytes(image.width * image.height)) for _ in range(4)
    )
    mean = Image.blend(Image.blend(one, two, 0.5), Image.blend(three, four, 0.5), 0.5)
    grain = mean.point([round(128 + (value - 127.5) / 36.9 * deviation) for value in range(256)])
    return ImageChops.add(image, grain, 1, -128)


def smallest(content: str, level: str, dpi: float) -> float:
    """The smallest width of a module in mm, in steps of 0.02, from which on the gate is passed."""
    width = len(modules(content, level)) + 2 * QUIET
    good = math.nan
    for step in range(40, 7, -1):
        module = step * 0.02
        if not passes(content, level, Print(module * width, dpi)):
            break
        good = module
    return good


def main() -> int:
    """Run as a command: 0 if the code can be read."""
    parser = argparse.ArgumentParser(prog="python -m infra.scannability", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--url", default="https://factory-id.example", help="BASE_URL of the operator")
    parser.add_argument("--size", type=float, default=25.0, help="whole width in mm")
    parser.add_argument("--dpi", type=float, default=300.0)
    parser.add_argument("--level", choices=list("LMQH"), default="M")
    parser.add_argument("--measure", action="store_true", help="the smallest module by level and dpi; a few minutes")
    chosen = parser.parse_args()
    from chalicelib.web import qr

    content = qr.payload(chosen.url, "f", "BDF8QY40YGE1")
    if chosen.measure:
        print("| level | damage | " + " | ".join(f"{dpi} dpi" for dpi in (150, 203, 300, 600)) + " |")
        for level, share in DAMAGE.items():
            found = [f"{smallest(content, level, dpi):.2f} mm" for dpi in (150, 203, 300, 600)]
            print(f"| {level} | {share:.0%} | " + " | ".join(found) + " |", flush=True)
        return 0
    share = readable(content, chosen.level, Print(chosen.size, chosen.dpi))
    width = len(modules(content, chosen.level)) + 2 * QUIET
    print(f"{content}\n{chosen.size / width:.3f} mm a module; read in {share:.0%} of {TRIALS} trials")
    return 0 if share == 1.0 else 1


if __name__ == "__main__":
    sys.exit(main())
