"""Requests made up from the API's own description, sent to the stage: to records that are there, by who may send them.

An answer tells of what a handler does only if it is none of those that are given at the door.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
import schemathesis
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation import GenerationMode

from tests.safety import real
from tests.safety.real import FORM, Request
from tests.safety.stage import Stage

BASE = "http://127.0.0.1"
AT_THE_DOOR = frozenset((401, 403, 404, 405, 413))
"""What is answered to who may not ask, or names what is not there, or sends too much."""
OF_THE_CALLER = ("authorization", "cookie", "x-csrf-token", "x-acting-for")
Headers = dict[str, str]


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it is sent."""

    method: str
    address: str
    headers: Headers
    body: bytes = b""

    def by(self, caller: Headers) -> Sent:
        """The same from a caller. What was made up of keys and sessions stays for nobody only."""
        own = {name: value for name, value in self.headers.items() if name.lower() not in OF_THE_CALLER}
        return Sent(self.method, self.address, {**own, **caller} if caller else self.headers, self.body)


@dataclass(frozen=True)
class Described:
    """The stage, and for each operation what it is there for: real requests by who may send them."""

    stage: Stage
    real: dict[tuple[str, str], list[Request]]

    @classmethod
    def on(cls, stage: Stage, methods: frozenset[str] = real.METHODS) -> Described:
        """The stage with the real requests of every operation."""
        found = defaultdict(list)
        for each in real.all_of(stage, methods):
            found[each.method, each.route].append(each)
        stage.put_back()
        return cls(stage, dict(found))

    def ask(self, sent: Sent) -> Any:
        """Send one request to the stage as it was in the beginning."""
        answer = self.stage.ask(sent.method, sent.address, sent.headers, sent.body)
        if self.stage.wrote:
            self.stage.put_back()
        return answer

    def answered(self, place: tuple[str, str]) -> set[int]:
        """What the real requests of an operation are answered with."""
        return {int(self.ask(self.plain(each)).status_code) for each in self.real[place]}

    def plain(self, known: Request) -> Sent:
        """A real request as it is."""
        headers = {"Content-Type": known.media, **self.sender(known), **known.headers}
        return Sent(known.method, known.address, {n: v for n, v in headers.items() if v}, known.content)

    def sender(self, known: Request) -> Headers:
        """Who sends a real request, with the token of the form if it is one."""
        token = known.body.get("csrf_token", "") if isinstance(known.body, dict) else ""
        return {**self.stage.callers[known.caller], **({"X-CSRF-Token": token} if token else {})}


def made_up(case: schemathesis.Case) -> Sent:
    """A request as it was made up."""
    sent = requests.Request(**case.as_transport_kwargs(base_url=BASE)).prepare()
    address = urlsplit(str(sent.url))
    where = address.path + (f"?{address.query}" if address.query else "")
    body = sent.body.encode() if isinstance(sent.body, str) else sent.body or b""
    return Sent(str(sent.method), where, {str(name): str(value) for name, value in sent.headers.items()}, body)


def at_home(case: schemathesis.Case, known: Request, names: dict[str, str]) -> Sent:
    """The same to a record that is there. What was made up to be wrong stays wrong."""
    wrong = {place for place, part in case.meta.components.items() if part.mode is GenerationMode.NEGATIVE}
    if isinstance(case.body, dict):
        shown = known.body if known.media == FORM and isinstance(known.body, dict) else {}
        inputs = {name: typed for name, typed in shown.items() if name != "csrf_token"}
        case.body = {**inputs, **_named(case.body, names)}
    if ParameterLocation.QUERY not in wrong:
        case.query = {**(case.query or {}), **_asked(case, known)}
    sent = made_up(case)
    path, _, query = sent.address.partition("?")
    path = path if ParameterLocation.PATH in wrong else known.path
    headers = sent.headers if ParameterLocation.HEADER in wrong else {**sent.headers, **known.headers}
    return Sent(sent.method, f"{path}?{query}" if query else path, headers, sent.body)


def _asked(case: schemathesis.Case, known: Request) -> dict[str, str]:
    """What this one must ask as a real request asks it. What pages of the portal ask, the description leaves out."""
    free = {each.name for each in case.operation.query if not each.is_required}
    return {name: said for name, said in parse_qsl(known.query) if name not in free}


def _named(value: Any, names: dict[str, str]) -> Any:
    """The value with identifiers of what is there for those that were made up."""
    if isinstance(value, list):
        return [_named(each, names) for each in value]
    if not isinstance(value, dict):
        return value
    known = {name for name, each in value.items() if isinstance(each, str) and name.endswith("_id") and name in names}
    return {name: names[name] if name in known else _named(each, names) for name, each in value.items()}
