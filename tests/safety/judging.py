"""What every answer must be, whatever was asked: no fault of ours, the right kind of content, nobody else's data."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from chalicelib.public import edge
from tests.safety.real import Request
from tests.safety.stage import SECRETS, Stage

INSIDE = (
    "Traceback",
    'File "/',
    "chalicelib/",
    "botocore",
    "pynamodb",
    "DynamoDB",
    "factory-id-registry",
    "Error at 0x",
)
STRANGERS = ("nobody", "neighbour", "other_member")
HTML, PROBLEM = "text/html; charset=utf-8", "application/problem+json"


def faults(stage: Stage, sent: Request, answer: Any) -> list[str]:
    """What is wrong with an answer; nothing, if all is well."""
    text = answer.body.decode("utf-8", "replace")
    headers = {name.lower(): str(value) for name, value in answer.headers.items()}
    found = [f"a {answer.status_code}"] if answer.status_code >= 500 and answer.status_code != 503 else []
    found += [f"it tells of {word}" for word in INSIDE if word in text and word not in _said(sent)]
    if sent.caller in STRANGERS:
        found += [f"it tells a stranger of {word}" for word in SECRETS if word in text and word not in _said(sent)]
    if sent.method == "GET" and stage.wrote:
        found.append(f"a GET wrote: {stage.wrote}")
    if any("\r" in value or "\n" in value for value in headers.values()):
        found.append("a header holds a line break")
    if by_the_gateway(answer):
        return found
    return found + _kind(sent, answer.status_code, headers) + _inert(headers, text) + _safe(headers)


def by_the_gateway(answer: Any) -> bool:
    """Whether no route has such an address: then the gateway answers by itself."""
    return answer.status_code in (403, 405) and "X-Content-Type-Options" not in answer.headers


def _said(sent: Request) -> str:
    """All that the request said, so that an echo is told from a leak."""
    typed = str(sent.body) + sent.content.decode("utf-8", "replace")
    return unquote(sent.address) + unquote(typed) + str(sent.headers)


def _kind(sent: Request, status: int, headers: dict[str, str]) -> list[str]:
    """Pages answer people in HTML, and tell them so what went wrong; all else answers machines, and never in HTML."""
    kind = headers.get("content-type", "")
    file = sent.route in edge.PAGES_OR_FILES
    page = file or sent.route in edge.PAGES or sent.route.startswith("/portal")
    asked = sent.headers.get("Accept", "") + sent.path.lower() + sent.query
    data = file or not page or any(word in asked for word in ("json", "linkset", "csv"))
    if status < 400:
        fits = bool(kind) and (page or not kind.startswith("text/html"))
    else:
        fits = (page and kind == HTML) or (data and (kind == PROBLEM or kind.startswith("image/svg")))
    return [] if fits else [f"a {status} as {kind}"]


def _inert(headers: dict[str, str], text: str) -> list[str]:
    kind = headers.get("content-type", "")
    if kind.startswith(("text/html", "image/svg")) and "<fz-x" in text:
        return ["markup came through"]
    location = headers.get("location", "")
    if location and not (location.startswith(("http://127.0.0.1:8000/", "/")) and not location.startswith("//")):
        return [f"it leads to {location[:80]}"]
    return []


def _safe(headers: dict[str, str]) -> list[str]:
    wanted = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}
    found = [f"no {name}" for name, value in wanted.items() if headers.get(name) != value]
    if "strict-transport-security" not in headers:
        found.append("no strict-transport-security")
    if headers.get("content-type", "").startswith("text/html"):
        policy = headers.get("content-security-policy", "")
        if "default-src 'none'" not in policy or "unsafe-inline" in policy:
            found.append("no policy")
    return found
