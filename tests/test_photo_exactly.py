"""Which files are taken for photos, byte by byte."""

from __future__ import annotations

import pytest

from chalicelib.domain import photo
from chalicelib.domain.errors import Malformed

JPEG = b"\xff\xd8\xff"
COMMENT = b"\xfe\x00\x04ab"
SIZE = b"\xc0\x00\x0b\x08\x01\x02\x03\x04\x01"  # 258 high, 772 wide
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


def webp(kind: bytes, body: bytes) -> bytes:
    return b"RIFF\0\0\0\0WEBP" + kind + b"\0\0\0\0" + body


LOSSLESS = ((772 - 1) | (258 - 1) << 14 | 1 << 28).to_bytes(4, "little")


@pytest.mark.parametrize(
    "content",
    [
        JPEG + SIZE,
        JPEG + SIZE[:-1],
        JPEG + COMMENT + b"\xff" + SIZE,
        JPEG + b"\xff\xff" + COMMENT + b"\xff\xff\xff" + SIZE,
        JPEG + b"\xff" + COMMENT + b"\xff" + SIZE,
        JPEG + b"\xfe\x01\x2c" + bytes(298) + b"\xff" + SIZE,
        JPEG + b"\x01\xff\xd0\xff\xd7\xff" + SIZE,
        JPEG + b"\xc4\x00\x02\xff\xc8\x00\x02\xff\xcc\x00\x02\xff" + SIZE,
        JPEG + b"\xcf" + SIZE[1:],
        PNG + b"\0\0\x03\x04\0\0\x01\x02",
        webp(b"VP8X", b"\x0f\0\0\0" + (771).to_bytes(3, "little") + (257).to_bytes(3, "little") + b"\x01"),
        webp(b"VP8 ", b"abc\x9d\x01\x2a" + (772 | 0x4000).to_bytes(2, "little") + (258 | 0x8000).to_bytes(2, "little")),
        webp(b"VP8L", b"\x2f" + LOSSLESS + bytes(5)),
    ],
)
def test_width_and_height_stand_where_the_kind_of_file_has_them(content: bytes) -> None:
    assert photo.measure(content) == (772, 258)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        JPEG[:2],
        JPEG + SIZE[:-2],
        JPEG + b"\xd9\xff" + SIZE,
        JPEG + b"\xd9\x00\x02\xff" + SIZE,
        JPEG + b"\xda\x00\x02\xff" + SIZE,
        JPEG + COMMENT + SIZE,
        JPEG + b"\xfe\x00\x05ab\xff" + SIZE,
        PNG[:-1] + b"X\0\0\x03\x04\0\0\x01\x02",
        b"XIFF\0\0\0\0WEBPVP8X" + bytes(14),
        b"RIFF\0\0\0\0WEBXVP8X" + bytes(14),
        webp(b"VP8X", bytes(9)),
        webp(b"VP8 ", b"abc\x9d\x01\x2b\x01\0\x01\0"),
        webp(b"VP8L", b"\x2e" + LOSSLESS + bytes(5)),
        webp(b"VP8Z", b"\x2f" + LOSSLESS + bytes(5)),
        JPEG + SIZE + b"<SVG",
    ],
)
def test_what_is_no_photo_is_told_so(content: bytes) -> None:
    with pytest.raises(Malformed, match="This is no photo"):
        photo.measure(content)


def png(width: int, height: int) -> bytes:
    return PNG + width.to_bytes(4) + height.to_bytes(4)


def test_a_photo_has_a_most_of_bytes_and_of_pixels() -> None:
    assert photo.measure(png(60_000_000, 1)) == (60_000_000, 1)
    assert photo.measure(png(1, 60_000_000)) == (1, 60_000_000)
    assert photo.measure(png(1, 1)) == (1, 1)
    for size in ((60_000_001, 1), (0, 5), (5, 0)):
        with pytest.raises(Malformed, match="at most 60 million pixels"):
            photo.measure(png(*size))
    full = png(2, 2) + bytes(8_000_000 - len(png(2, 2)))
    assert photo.measure(full) == (2, 2)
    with pytest.raises(Malformed, match="at most 8 megabytes"):
        photo.measure(full + b"\0")


def test_a_photo_is_sent_to_one_place_and_shown_from_two() -> None:
    assert photo.upload_key("F", "p") == "uploads/F/p"
    assert photo.shown_keys("F", "p") == ("photos/F/p.jpg", "photos/F/p-small.jpg")
