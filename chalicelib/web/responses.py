"""Bodies, headers, caching; and the one place where what went wrong inside becomes an HTTP answer (RFC 9457)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from chalice.app import Response

from chalicelib.domain.errors import (
    Conflict,
    DomainError,
    Fault,
    Gone,
    Malformed,
    NotAllowed,
    NotFound,
    OtherContent,
    StaleVersion,
    TooLarge,
    TooMany,
    Unavailable,
)
from chalicelib.web.words import N_

NO_STORE = "no-store"
REVALIDATE = "public, max-age=0, must-revalidate"
LASTING = "public, max-age=3600"
RETRY_SECONDS = "5"
_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
}
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS, POST",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-None-Match",
    "Access-Control-Expose-Headers": "ETag, Link, Retry-After",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, for machines and for people."""

    status: int
    title: str
    detail: str
    faults: tuple[Fault, ...] = ()
    retry: bool = False
    seconds: int | None = None


_MEANINGS: tuple[tuple[type[DomainError], int, str, str], ...] = (
    (NotFound, 404, N_("Not found"), N_("Nothing of that name is on record.")),
    (StaleVersion, 412, N_("Changed in the meantime"), ""),
    (TooMany, 429, N_("Too many requests"), ""),
    (Conflict, 409, N_("Conflict"), ""),
    (OtherContent, 422, N_("Key used for another body"), ""),
    (NotAllowed, 403, N_("Not allowed"), N_("You may not do this.")),
    (TooLarge, 413, N_("Too large"), ""),
    (DomainError, 400, N_("Refused"), ""),
)
"""What an error is in HTTP, and what is said of one that says nothing. The first that fits counts."""


def problem_of(error: Exception) -> Problem:
    """What an error means to the caller. Anything unforeseen is a bare 500: no trace, no internals."""
    match error:
        case Malformed():
            return Problem(400, "Malformed request", error.detail, error.faults)
        case Gone():
            return Problem(410, "This link no longer works", "Ask whoever sent it for a new one.")
        case Unavailable():
            detail = error.detail or "Try again in a moment."
            return Problem(503, "We cannot confirm this now", detail, retry=True, seconds=error.seconds)
    for kind, status, title, otherwise in _MEANINGS:
        if isinstance(error, kind):
            return Problem(status, title, error.detail or otherwise)
    return Problem(500, "Something went wrong on our side", "It has been noted. Try again later.", retry=True)


def problem_response(problem: Problem, **extra: Any) -> Response:
    """A problem document. ``extra`` members stand beside the standard ones."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        **extra,
    }
    if problem.faults:
        body["errors"] = [{"pointer": fault.pointer, "detail": fault.detail} for fault in problem.faults]
    headers = {"Cache-Control": NO_STORE, "Content-Type": "application/problem+json", **retry_header(problem)}
    return Response(dumps(body), headers={**_SAFE, **CORS, **headers}, status_code=problem.status)


def json_response(body: Any, *, status: int = 200, cache: str = NO_STORE, **headers: str) -> Response:
    """A JSON answer. Header names in ``headers`` are written with ``_`` for ``-``."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    fixed = {"Content-Type": "application/json", "Cache-Control": cache}
    return Response(dumps(body), headers={**_SAFE, **CORS, **fixed, **named}, status_code=status)


def json_file(body: Any, filename: str) -> Response:
    """JSON for people, to be saved: indented. ``filename``: ASCII, without quotes."""
    fixed = {
        "Content-Type": "application/json",
        "Content-Disposition": f'attachment; filename="{filename}"',
        "Cache-Control": NO_STORE,
    }
    return Response(json.dumps(body, ensure_ascii=False, indent=1), headers={**_SAFE, **fixed})


def html_response(
    html: str,
    *,
    style_hash: str,
    status: int = 200,
    cache: str = NO_STORE,
    photos_from: str = "",
    sends_to: str = "",
    runs_script: bool = False,
    **headers: str,
) -> Response:
    """A page. Its only style is the one in it; it loads nothing from anywhere else.

    ``runs_script``: of one page only, whose scripts, reader of codes (compiled to WebAssembly) and service worker are
    files of ours.

    A page of photos names the origin that they come from, and one where photos are sent in the origin that takes them.

    No script runs that could connect anywhere: ``connect-src`` is there for Lighthouse, which asks for robots.txt in
    the page's name and holds a refusal against it.
    """
    images, forms = f"'self' data: {photos_from}".rstrip(), f"'self' {sends_to}".rstrip()
    scripts = " script-src 'self' 'wasm-unsafe-eval'; worker-src 'self';" if runs_script else ""
    policy = (
        f"default-src 'none';{scripts} style-src '{style_hash}'; img-src {images}; connect-src 'self'; "
        f"form-action {forms}; base-uri 'none'; frame-ancestors 'none'"
    )
    fixed = {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": cache,
        "Content-Security-Policy": policy,
        "Vary": "Accept-Language",
    }
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(html, headers={**_SAFE, **fixed, **named}, status_code=status)


def svg_response(svg: str, cache: str = LASTING) -> Response:
    """A picture that may be kept for an hour: the code of a thing never changes. Not so one that is signed."""
    fixed = {
        "Content-Type": "image/svg+xml",
        "Cache-Control": cache,
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    }
    return Response(svg, headers={**_SAFE, **CORS, **fixed})


def badge_response(svg: str, status: int = 200) -> Response:
    """A picture of what is so now: kept by nobody. It may stand in anybody's page."""
    fixed = {
        "Content-Type": "image/svg+xml",
        "Cache-Control": NO_STORE,
        "Content-Security-Policy": "default-src 'none'",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Vary": "Accept-Language",
    }
    return Response(svg, headers={**_SAFE, **CORS, **fixed}, status_code=status)


def pdf_response(ascii_text: str, filename: str) -> Response:
    """A PDF that is pure ASCII, and so can be sent as text. ``filename``: ASCII, without quotes."""
    fixed = {
        "Content-Type": "application/pdf",
        "Content-Disposition": f'attachment; filename="{filename}"',
        "Cache-Control": NO_STORE,
    }
    return Response(ascii_text, headers={**_SAFE, **CORS, **fixed})


def csv_response(text: str, filename: str) -> Response:
    """A table to be saved; never kept by caches. ``filename``: ASCII, without quotes."""
    fixed = {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": f'attachment; filename="{filename}"',
        "Cache-Control": NO_STORE,
    }
    return Response(text, headers={**_SAFE, **CORS, **fixed})


def file_response(ascii_or_text: str, media: str, filename: str) -> Response:
    """A file to be saved, that can be sent as text; never kept by caches. ``filename``: ASCII, without quotes."""
    fixed = {
        "Content-Type": media,
        "Content-Disposition": f'attachment; filename="{filename}"',
        "Cache-Control": NO_STORE,
    }
    return Response(ascii_or_text, headers={**_SAFE, **fixed})


def text_response(text: str, media: str = "text/plain; charset=utf-8", cache: str = LASTING) -> Response:
    """Plain text."""
    return Response(text, headers={**_SAFE, "Content-Type": media, "Cache-Control": cache})


def unless_held(answer: Response, held: str) -> Response:
    """An answer that may be kept gets an ETag; who holds that very one is told so (304, RFC 9110 section 13.1.2)."""
    if answer.status_code != 200 or not str(answer.headers.get("Cache-Control", "")).startswith("public"):
        return answer
    body = answer.body if isinstance(answer.body, bytes) else str(answer.body).encode()
    tag = f'W/"{hashlib.sha256(body).hexdigest()[:24]}"'
    answer.headers["ETag"] = tag
    if not held or not {tag.removeprefix("W/"), "*"} & {each.strip().removeprefix("W/") for each in held.split(",")}:
        return answer
    kept = {name: value for name, value in answer.headers.items() if name != "Content-Language"}
    if isinstance(answer.body, bytes):
        kept["Content-Type"] = "text/plain"  # of what is bytes Chalice demands bytes, and to be asked for its type
    return Response("", headers=kept, status_code=304)


def redirect(location: str, status: int = 303, **headers: str) -> Response:
    """To another page of ours. ``location`` is built from ``BASE_URL``, never from the request."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    fixed = {"Location": location, "Cache-Control": NO_STORE, "Content-Type": "text/plain; charset=utf-8"}
    return Response("", headers={**_SAFE, **fixed, **named}, status_code=status)


def empty(status: int = 204) -> Response:
    """Nothing to say. (``None`` as a body would be sent as ``null``.)"""
    return Response(
        "", headers={**_SAFE, **CORS, "Content-Type": "text/plain", "Cache-Control": NO_STORE}, status_code=status
    )


def dumps(body: Any) -> str:
    """Compact JSON with scripts as they are written."""
    return _compact(body)


def retry_header(problem: Problem) -> dict[str, str]:
    """When to try again, where trying again may help."""
    return {"Retry-After": str(problem.seconds or RETRY_SECONDS)} if problem.retry else {}
