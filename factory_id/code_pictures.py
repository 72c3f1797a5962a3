"""The QR codes in a picture, by zxing-cpp: a photo, a scan, or the file that was made for print."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from factory_id.endings import WrongUse

_ENDINGS = (".png", ".jpg", ".jpeg", ".webp")


def is_one(given: str) -> bool:
    """Whether something is the name of a picture rather than the text of a code."""
    return given.lower().endswith(_ENDINGS)


def texts(name: str) -> list[str]:
    """What its QR codes say, each once; bar codes beside them are left out. ``ImportError`` without the libraries."""
    import zxingcpp
    from PIL import Image

    try:
        with Image.open(name) as picture:
            for grey in _opaque(picture):
                found = zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
                if found:
                    return list(dict.fromkeys(str(each.text) for each in found))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise WrongUse(f"{name} cannot be read as a picture.") from error
    return []


def _opaque(picture: Any) -> Iterator[Any]:
    """In shades of grey. What is transparent is taken for white paper first, then for black."""
    from PIL import Image

    if "A" not in picture.mode and "transparency" not in picture.info:
        yield picture.convert("L")
        return
    whole = picture.convert("RGBA")
    for ground in ("white", "black"):
        yield Image.alpha_composite(Image.new("RGBA", whole.size, ground), whole).convert("L")
