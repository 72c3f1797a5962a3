"""Labels of a finished file read back: drawn as a printer would, decoded by zxing-cpp, compared letter by letter."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path

from factory_id.label_file import in_order, pool
from factory_labels.layouts import Job
from factory_labels.links import Item

DPI = 300
_MM = 72 / 25.4
Asked = list[tuple[int, int, str]]
"""Page, place on it, and what its code says."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Which labels are read back: the first, the last, every so many, and some by chance, drawn with ``seed``."""

    total: int
    every: int
    by_chance: int
    seed: int

    @classmethod
    def of(cls, total: int, size: int, seed: int) -> Sample:
        """About so many: half of them at even distances, half by chance. All, if there are no more."""
        half = max(1, size // 2)
        return cls(total, 1 if total <= size else -(-total // half), 0 if total <= size else half, seed)

    def numbers(self) -> list[int]:
        """Of the labels, from 0, in order."""
        chance = random.Random(self.seed)  # nosec B311: the seed is told, so that anybody can draw the same again
        return sorted(
            {0, self.total - 1, *range(0, self.total, self.every), *chance.sample(range(self.total), self.by_chance)}
        )

    def __str__(self) -> str:
        if self.every == 1:
            return f"all {self.total:,}"
        return (
            f"{len(self.numbers()):,} of {self.total:,}: the first, the last, every {self.every:,}th, "
            f"{self.by_chance:,} by chance with --seed {self.seed}"
        )


def missing() -> str:
    """What has to be installed first, or nothing."""
    try:
        import PIL
        import pypdfium2
        import zxingcpp
    except ImportError as error:
        return error.name or "a library"
    return "" if all((PIL, pypdfium2, zxingcpp)) else "a library"


def unread(
    path: Path, job: Job, items: Iterable[Item], sample: Sample, workers: int, advance: Callable[[int], None]
) -> list[str]:
    """What the codes of the sample should have said and did not; empty if all can be read."""
    wanted = set(sample.numbers())
    each = job.layout.labels
    asked = ((*divmod(number, each), item.address) for number, item in enumerate(items) if number in wanted)
    pages = (list(group) for _, group in groupby(asked, key=lambda one: one[0]))
    look = partial(_unread, path, job)
    found: list[str] = []
    for labels, wrong in _looked(look, pages, workers):
        found += wrong
        advance(labels)
    return found


def _looked(
    look: Callable[[Asked], list[str]], pages: Iterator[Asked], workers: int
) -> Iterator[tuple[int, list[str]]]:
    if workers == 1:
        yield from ((len(each), look(each)) for each in pages)
        return
    with pool(workers) as processes:
        for each, wrong in in_order(processes, look, pages, 4 * workers):
            yield len(each), wrong


def _unread(path: Path, job: Job, asked: Asked) -> list[str]:
    """Of one page, each code with its white border cut out as it is printed."""
    import pypdfium2
    import zxingcpp

    wrong = []
    with pypdfium2.PdfDocument(path) as document:
        sheet = document[asked[0][0]]
        width, height = job.layout.paper
        for _, place, address in asked:
            left, bottom, right, top = job.code_box(place)
            crop = tuple(side * _MM for side in (left, bottom, width - right, height - top))
            picture = sheet.render(scale=DPI / 72, crop=crop, grayscale=True).to_pil()
            found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
            if [each.text for each in found] != [address]:
                wrong.append(address)
        sheet.close()
    return wrong
