"""A PDF written from its first byte to its last, however many pages it has: nothing is gone back to.

The same labels give the same bytes: no clock, no chance, and pages that do not depend on how the work was shared out.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence

from factory_labels import page
from factory_labels.layouts import Job
from factory_labels.links import Item

_POINTS = 72 / 25.4
_CATALOG, _PAGES, _FONT, _INFO, _FIRST = 1, 2, 3, 4, 5


def head(title: str) -> tuple[bytes, list[int]]:
    """What stands before the pages, and where its objects begin, by their number less one; 0 for the list of pages."""
    objects = {
        _CATALOG: "<< /Type /Catalog /Pages 2 0 R >>",
        _FONT: "<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>",
        _INFO: f"<< /Title <FEFF{title.encode('utf-16-be').hex().upper()}> /Producer (Factory ID) >>",
    }
    written, places = b"%PDF-1.4\n", [0] * (_FIRST - 1)
    for number, body in objects.items():
        places[number - 1] = len(written)
        written += _object(number, body.encode("ascii"))
    return written, places


def one_page(job: Job, number: int, items: Sequence[Item], *, as_text: bool = False) -> bytes:
    """Page ``number``, the first being 0. ``as_text``: pure ASCII, at twice the size, to pass where bytes cannot."""
    content = zlib.compress(page.drawn(job, items), 6)
    filters = "/FlateDecode"
    if as_text:
        content, filters = content.hex().encode("ascii") + b">", "[/ASCIIHexDecode /FlateDecode]"
    entries = f"<< /Length {len(content)} /Filter {filters} >>\nstream\n".encode("ascii")
    return _page_object(job, number) + _object(_FIRST + 2 * number + 1, entries + content + b"\nendstream")


def tail(job: Job, start: int, places: Sequence[int], sizes: Iterable[int]) -> bytes:
    """What stands behind the pages. ``places`` as from ``head``; ``start``: where the first page begins."""
    offsets, number, place = list(places), 0, start
    for number, size in enumerate(sizes, 1):
        offsets += [place, place + len(_page_object(job, number - 1))]
        place += size
    kids = " ".join(f"{_FIRST + 2 * each} 0 R" for each in range(number))
    pages = _object(_PAGES, f"<< /Type /Pages /Count {number} /Kids [{kids}] >>".encode("ascii"))
    offsets[_PAGES - 1] = place
    count = len(offsets) + 1
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    trailer = f"trailer\n<< /Size {count} /Root {_CATALOG} 0 R /Info {_INFO} 0 R >>\nstartxref\n{place + len(pages)}\n"
    return pages + f"xref\n0 {count}\n0000000000 65535 f \n{table}{trailer}%%EOF\n".encode("ascii")


def whole(job: Job, items: Sequence[Item], title: str) -> str:
    """A document of few pages at once, in ASCII."""
    start, places = head(title)
    each = job.layout.labels
    groups = [items[first : first + each] for first in range(0, len(items), each)]
    pages = [one_page(job, number, group, as_text=True) for number, group in enumerate(groups)]
    return (start + b"".join(pages) + tail(job, len(start), places, map(len, pages))).decode("ascii")


def _page_object(job: Job, number: int) -> bytes:
    box = " ".join(f"{side * _POINTS:.2f}" for side in job.layout.paper)
    return _object(
        _FIRST + 2 * number,
        f"<< /Type /Page /Parent {_PAGES} 0 R /MediaBox [0 0 {box}] /Contents {_FIRST + 2 * number + 1} 0 R "
        f"/Resources << /Font << /F {_FONT} 0 R >> >> >>".encode("ascii"),
    )


def _object(number: int, body: bytes) -> bytes:
    return b"%d 0 obj\n%b\nendobj\n" % (number, body)
