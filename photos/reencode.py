"""A photo drawn anew from its pixels: nothing else of the file stays, neither where it was taken nor what hid in it."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from chalicelib.domain import photo
from chalicelib.domain.errors import Malformed

MOST_BYTES = 300_000
QUALITIES = (82, 70, 58, 45, 30)
FORMATS = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A photo as it is shown: whole and small, both JPEG, and the size of the whole one."""

    whole: bytes
    small: bytes
    width: int
    height: int


def drawn(content: bytes) -> Drawn:
    """The photo as it is shown. ``Malformed`` for a file that is none, or that is too large to be decoded."""
    photo.measure(content)
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            if opened.width * opened.height > photo.MOST_PIXELS:  # whatever the header said
                raise Malformed("This is no photo: send a JPEG, PNG or WebP file.")
            opened.draft("RGB", (2 * photo.LONGEST_SIDE, 2 * photo.LONGEST_SIDE))
            upright = ImageOps.exif_transpose(opened)
            picture = _on_white(upright)
    except (OSError, SyntaxError, ValueError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise Malformed("This is no photo: send a JPEG, PNG or WebP file.") from error
    picture.thumbnail((photo.LONGEST_SIDE, photo.LONGEST_SIDE))
    small = picture.copy()
    small.thumbnail((photo.SMALL_SIDE, photo.SMALL_SIDE))
    return Drawn(_jpeg(picture), _jpeg(small), picture.width, picture.height)


def _on_white(opened: Image.Image) -> Image.Image:
    """The pixels alone, on white where they are transparent."""
    if opened.mode in ("RGBA", "LA", "PA") or "transparency" in opened.info:
        layered = opened.convert("RGBA")
        ground = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(ground, layered).convert("RGB")
    return opened.convert("RGB")


def _jpeg(picture: Image.Image) -> bytes:
    pixels = Image.frombytes("RGB", picture.size, picture.tobytes())  # brings nothing of the file along
    for quality in QUALITIES:
        written = io.BytesIO()
        pixels.save(written, "JPEG", quality=quality, optimize=True, progressive=True)
        if written.tell() <= MOST_BYTES:
            break
    return written.getvalue()
