"""Photos: which files are taken, told by their first bytes and before anything is decoded, and how they are shown."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chalicelib.domain.errors import Malformed
from chalicelib.domain.phrase import phrase

MOST_BYTES = 8_000_000
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 1600
SMALL_SIDE = 320
MOST_PHOTOS = 12
"""How many a factory may show."""
ID = re.compile(r"[0-9a-f]{32}\Z")
_ELSE = re.compile(rb"<script|<svg|<html|<!doctype|<\?php|%PDF-|PK\x05\x06", re.IGNORECASE)
"""What belongs into other kinds of file: a picture that holds one is meant to be taken for something else."""
_JPEG_SIZES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_JPEG_BARE = frozenset({0x01, *range(0xD0, 0xD8)})
_NONE = Malformed("This is no photo: send a JPEG, PNG or WebP file.")


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo that a factory shows: its name in the store, what it shows in the factory's words, its size in pixels."""

    photo_id: str
    about: str
    width: int
    height: int


def upload_key(factory_id: str, photo_id: str) -> str:
    """Where a photo is sent to."""
    return f"uploads/{factory_id}/{photo_id}"


def shown_keys(factory_id: str, photo_id: str) -> tuple[str, str]:
    """Where a photo is shown from: whole, and small."""
    return f"photos/{factory_id}/{photo_id}.jpg", f"photos/{factory_id}/{photo_id}-small.jpg"


def measure(content: bytes) -> tuple[int, int]:
    """Width and height as the file says. ``Malformed`` for anything but one plain photo of a size that can be decoded.

    Nothing is decoded here: a file of a few bytes may claim to be a picture of a thousand million.
    """
    if len(content) > MOST_BYTES:
        raise Malformed(phrase("A photo has at most %(most)s megabytes.", most=MOST_BYTES // 1_000_000))
    if _ELSE.search(content):
        raise _NONE
    width, height = _size(content)
    if not 0 < width * height <= MOST_PIXELS:
        raise Malformed(phrase("A photo has at most %(most)s million pixels.", most=MOST_PIXELS // 1_000_000))
    return width, height


def _size(content: bytes) -> tuple[int, int]:
    try:
        if content.startswith(b"\xff\xd8\xff"):
            return _jpeg(content)
        if content.startswith(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"):
            return _number(content[16:20]), _number(content[20:24])
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return _webp(content)
    except IndexError as error:
        raise _NONE from error
    raise _NONE


def _jpeg(content: bytes) -> tuple[int, int]:
    place = 2
    while True:
        while content[place] == 0xFF and content[place + 1] == 0xFF:
            place += 1
        if content[place] != 0xFF:
            raise _NONE
        marker = content[place + 1]
        if marker in _JPEG_SIZES:
            content[place + 8]  # the header is all there
            return _number(content[place + 7 : place + 9]), _number(content[place + 5 : place + 7])
        if marker in (0xD9, 0xDA):  # the picture itself, without a word on its size
            raise _NONE
        place += 2 if marker in _JPEG_BARE else 2 + _number(content[place + 2 : place + 4])


def _webp(content: bytes) -> tuple[int, int]:
    kind, body = content[12:16], content[20:]
    body[9]
    if kind == b"VP8X":
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if kind == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF
    if kind == b"VP8L" and body[0] == 0x2F:
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    raise _NONE


def _number(taken: bytes) -> int:
    return int.from_bytes(taken, "big")
