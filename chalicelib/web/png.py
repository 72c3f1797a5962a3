"""A black and white PNG, written dot by dot: for codes whose modules are not all of as many dots."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def written(rows: Sequence[Sequence[int]], edges: Sequence[int], dpi: int) -> bytes:
    """A picture of modules, 1 for dark: each reaches from one of the ``edges`` to the next, in dots, both ways."""
    width = edges[-1]
    lines = []
    for number, row in enumerate(rows):
        dots = 0
        for place, dark in enumerate(row):
            run = edges[place + 1] - edges[place]
            dots = (dots << run) | (0 if dark else (1 << run) - 1)
        padding = -width % 8
        line = b"\0" + (dots << padding).to_bytes((width + padding) // 8)
        lines.append(line * (edges[number + 1] - edges[number]))
    metre = round(dpi / 0.0254)
    return (
        _SIGNATURE
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, width, 1, 0, 0, 0, 0))
        + _chunk(b"pHYs", struct.pack(">IIB", metre, metre, 1))
        + _chunk(b"IDAT", zlib.compress(b"".join(lines), 9))
        + _chunk(b"IEND", b"")
    )


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
