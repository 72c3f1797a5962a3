"""The page that checks signed codes without a network: the only one of this service with a script."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from chalice.app import Blueprint, Response

from chalicelib.public import edge
from chalicelib.web import responses
from chalicelib.web.request import Ask

routes = Blueprint(__name__)

_HERE = Path(responses.__file__).parent


@edge.page(routes, "/scan")
def scan(ask: Ask) -> Response:
    """Where people paste what a code says. Once opened, it works without a network."""
    return edge.render(ask, "scan.html", path="/scan", cache=responses.REVALIDATE, runs_script=True)


@edge.document(routes, "/scan/verifier.js")
def verifier(_ask: Ask) -> Response:
    """The script of the page."""
    return _script("scan.js")


@edge.document(routes, "/scan/worker.js")
def worker(_ask: Ask) -> Response:
    """What keeps page, script and keys. It may do so for the page only, which is its scope."""
    answer = _script("scan_worker.js")
    answer.headers["Service-Worker-Allowed"] = f"{edge.SETTINGS.base_path}/scan"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; connect-src 'self'"
    return answer


def _script(name: str) -> Response:
    answer = responses.text_response(_text(name), cache=responses.REVALIDATE)
    answer.headers["Content-Type"] = "text/javascript; charset=utf-8"
    return answer


@cache
def _text(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")
