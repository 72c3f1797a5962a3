"""The page that checks signed codes without a network: the only one of this service with a script."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from chalice.app import Blueprint, Response

from chalicelib.domain.errors import NotFound
from chalicelib.public import edge
from chalicelib.web import responses
from chalicelib.web.request import Ask

routes = Blueprint(__name__)

READER = "fdcd3e0b6340c485"
"""The beginning of the SHA-256 of the reader's two files, one behind the other: its address is another if it is."""
_HERE = Path(responses.__file__).parent
_SHEET = (
    "[hidden]{display:none!important}.seen{display:block;width:100%;max-height:70vh;background:#0b0c0c}"
    "#pictures{margin-block-start:0}#pictures>:last-child{margin-block-end:0}#several .code{width:100%;"
    "text-align:start}#pictures label{display:block}"
)
_FOREVER = "public, max-age=31536000, immutable"


@edge.page(routes, "/scan")
def scan(ask: Ask) -> Response:
    """Where people show or paste a code. Once opened, it works without a network."""
    return edge.render(
        ask,
        "scan.html",
        path="/scan",
        cache=responses.REVALIDATE,
        runs_script=True,
        reader=READER,
        sheet_style=_SHEET,
    )


@edge.document(routes, "/scan/verifier.js")
def verifier(_ask: Ask) -> Response:
    """The script of the page that checks what a code says."""
    return _script("scan.js")


@edge.document(routes, "/scan/reading.js")
def reading(_ask: Ask) -> Response:
    """The script of the page that looks through the camera and at pictures."""
    return _script("scan_reading.js")


@edge.document(routes, "/scan/worker.js")
def worker(_ask: Ask) -> Response:
    """What keeps page, scripts and keys. It may do so for the page only, which is its scope."""
    answer = _script("scan_worker.js")
    answer.headers["Service-Worker-Allowed"] = f"{edge.SETTINGS.base_path}/scan"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; connect-src 'self'"
    return answer


@edge.document(routes, "/scan/reader/{file}")
def reader(_ask: Ask, file: str) -> Response:
    """A file of the reader of QR codes: ``.js``, and ``.wasm`` for who asks for ``application/octet-stream``."""
    if file == f"{READER}.js":
        return _script("scan_reader/zxing_reader.js", _FOREVER)
    if file != f"{READER}.wasm":
        raise NotFound("There is nothing at this address.")
    answer = _script("scan_reader/zxing_reader.js", _FOREVER)
    answer.body = (_HERE / "scan_reader" / "zxing_reader.wasm.gz").read_bytes()
    answer.headers |= {"Content-Type": "application/octet-stream", "Content-Encoding": "gzip"}
    return answer


def _script(name: str, cached: str = responses.REVALIDATE) -> Response:
    answer = responses.text_response(_text(name), cache=cached)
    answer.headers["Content-Type"] = "text/javascript; charset=utf-8"
    return answer


@cache
def _text(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")
