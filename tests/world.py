"""A small world for tests: callers of every kind, and short ways to do what each does over HTTP."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import quote

import pytest
from chalice.test import Client

import app
from chalicelib.internal import access, letters
from chalicelib.store.registry import callers
from tests.stack import Tables

PRIVATE_EMAIL = "rahima.secret@private-mill.example"
GTIN = "09521234543213"


@dataclass(frozen=True)
class Answer:
    """What came back. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def etag(self) -> str:
        return self.headers["etag"]

    def ok(self) -> Answer:
        """This answer, if it is a success."""
        assert self.status < 400, (self.status, self.text)
        return self


@dataclass(frozen=True)
class Caller:
    """Somebody who sends requests: with a key, a session, or nothing."""

    client: Client
    key: str = ""
    fixed: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, method: str, path: str, body: Any = None, /, **headers: str) -> Answer:
        """Send a request. ``body``: bytes as they are, anything else as JSON. ``_`` in a header's name is ``-``."""
        sent = {"Content-Type": "application/json", **self.fixed}
        if self.key:
            sent["Authorization"] = f"Bearer {self.key}"
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        got = self.client.http.request(method, path, headers=sent, body=raw)
        folded = {name.lower(): value for name, value in got.headers.items()}
        return Answer(got.status_code, folded, got.body)

    def get(self, path: str, **headers: str) -> Answer:
        return self("GET", path, **headers)


def audit_item(site: str = "S-1", version: int = 1, **changes: Any) -> dict[str, Any]:
    """A row of a batch. ``changes`` replaces whole members, and ``audit_…`` members of the audit."""
    audit = {"reference": f"A-{site}", "scope": "social", "type": "initial", "notice": "announced"}
    item = {
        "site": site,
        "version": version,
        "factory": {
            "name": "Meghna S.T. Screen Ltd",
            "country": "BD",
            "city": "Dhaka",
            "contact_email": PRIVATE_EMAIL,
            "contact_name": "Rahima Secretova",
            "gln": "4006381333931",
        },
        "member_ids": ["maison"],
        "audit": {**audit, "date": "2026-01-02"},
    }
    for name, value in changes.items():
        if name.startswith("audit_"):
            item["audit"][name.removeprefix("audit_")] = value  # type: ignore[index]
        else:
            item[name] = value
    return item


_foundation: dict[str, Any] = {}


def _founded(tables: Tables, client: Client) -> dict[str, str]:
    """The keys of the callers. Made through the API the first time; from then on the same items are put back."""
    if not _foundation:
        _foundation["keys"] = _found(client)
        _foundation["items"] = {name: tables.scan(name) for name in (tables.registry, tables.public)}
        return dict(_foundation["keys"])
    for name, items in zip((tables.registry, tables.public), _foundation["items"].values(), strict=True):
        requests = [{"PutRequest": {"Item": item}} for item in items]
        for start in range(0, len(requests), 25):
            left = tables.client.batch_write_item(RequestItems={name: requests[start : start + 25]})
            assert not left["UnprocessedItems"]
    return dict(_foundation["keys"])


def _found(client: Client) -> dict[str, str]:
    _, first = callers.create_key("staff", "staff", access.SCOPES["staff"], "test")
    staff = Caller(client, first)
    for kind, names in (("members", ("maison", "outfit")), ("certifiers", ("sureseal", "otherseal"))):
        for name in names:
            staff("PUT", f"/internal/v1/{kind}/{name}", {"name": name.title(), "country": "FR"}).ok()
    staff("PUT", "/internal/v1/standards/gots", {"name": "Global Organic Textile", "owner": "GOTS"}).ok()
    wanted = {
        "ics": ("ics", "ics"),
        "member": ("member", "maison"),
        "other_member": ("member", "outfit"),
        "certifier": ("certifier", "sureseal"),
        "other_certifier": ("certifier", "otherseal"),
    }
    made = {
        name: staff("POST", "/internal/v1/keys", {"kind": kind, "tenant": tenant}).ok().json["key"]
        for name, (kind, tenant) in wanted.items()
    }
    return {"staff": first, **made}


@dataclass
class World:
    """Both tables, a caller of every kind, and the tokens that were mailed."""

    tables: Tables
    client: Client
    anyone: Caller
    staff: Caller
    ics: Caller
    member: Caller
    other_member: Caller
    certifier: Caller
    other_certifier: Caller
    mailed: list[tuple[str, str]]
    numbers: Iterator[int]

    @classmethod
    def begun(cls, tables: Tables, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
        """A world with members, certifiers, a standard and a key for each kind of caller."""
        mailed: list[tuple[str, str]] = []
        monkeypatch.setattr(
            letters, "invitation", lambda _member, invited, token: mailed.append((invited.email, token))
        )
        with Client(app.app) as client:
            held = _founded(tables, client)
            yield cls(
                tables=tables,
                client=client,
                anyone=Caller(client),
                mailed=mailed,
                numbers=itertools.count(1),
                **{name: Caller(client, key) for name, key in held.items()},
            )

    def push(self, *items: Any, key: str | None = None, caller: Caller | None = None) -> Answer:
        """Send a batch of audits under a key of its own."""
        key = key or f"batch-{next(self.numbers)}"
        return (caller or self.ics)("POST", "/internal/v1/audit-syncs", {"items": list(items)}, Idempotency_Key=key)

    def a_factory(self, site: str = "S-1", **changes: Any) -> str:
        """A factory from one audit: its Factory ID."""
        return str(self.push(audit_item(site, **changes)).ok().json["results"][0]["factory_id"])

    def run_by(self, factory_id: str, email: str = PRIVATE_EMAIL) -> Caller:
        """Invite and accept: somebody signed in who may act for the factory."""
        self.member("POST", "/internal/v1/invitations", {"email": email, "factory_id": factory_id}).ok()
        return self.signed_in(self.accept(self.mailed[-1][1]).ok())

    def accept(self, token: str) -> Answer:
        """Accept an invitation by its token."""
        return self.anyone("POST", "/internal/v1/invitations/accept", {"token": token})

    def signed_in(self, accepted: Answer) -> Caller:
        """A caller with the session that an acceptance opened."""
        cookie = SimpleCookie(accepted.headers["set-cookie"])[access.COOKIE]
        headers = {"Cookie": f"{access.COOKIE}={cookie.value}", "X-CSRF-Token": accepted.json["csrf_token"]}
        return Caller(self.client, fixed=headers)

    def certificate_body(self, factory_id: str, **changes: Any) -> dict[str, Any]:
        """What a certifier sends to register a certificate."""
        return {
            "factory_id": factory_id,
            "number": "CU 123-456",
            "standard_id": "gots",
            "scope": "Knitting and dyeing",
            "valid_from": "2026-01-01",
            "valid_to": "2099-12-31",
            **changes,
        }

    def a_certificate(self, factory_id: str, **changes: Any) -> str:
        """A confirmed certificate: its code."""
        body = self.certificate_body(factory_id, **changes)
        return str(self.certifier("POST", "/internal/v1/certificates", body).ok().json["code"])

    def a_product(self, factory_id: str, product_id: str = GTIN) -> str:
        """A product with two stages at a factory."""
        stages = [{"process": process, "factory_id": factory_id} for process in ("dyeing", "sewing")]
        body = {"brand": "Maison", "name": "Shirt", "category": "apparel", "lots": ["L1"], "stages": stages}
        self.member("PUT", f"/internal/v1/products/{product_id}", body).ok()
        return product_id

    def public_paths(self, factory_id: str, code: str, product_id: str = GTIN) -> list[str]:
        """Every public address that shows something of a small world."""
        return [
            "/",
            f"/f/{factory_id}",
            f"/F/{factory_id}",
            f"/c/{code}",
            f"/C/{code}?on=2026-03-01",
            f"/01/{product_id}",
            f"/01/{product_id}/10/L1",
            f"/01/{product_id}/21/S9",
            f"/01/{product_id}/10/L1/21/S9",
            "/find?q=meghna",
            f"/find?q={quote(PRIVATE_EMAIL)}",
            "/factories?q=screen",
            "/factories?country=BD",
            f"/v1/factories/{factory_id}",
            f"/v1/certificates/{code}",
            "/v1/certificates?number=CU123456",
            f"/v1/products/{product_id}",
            "/v1/directory?q=screen",
            "/v1/directory?country=BD",
            f"/v1/directory?q={quote(PRIVATE_EMAIL)}",
            "/v1/directory?q=secretova",
            f"/qr/f/{factory_id}.svg",
            f"/qr/c/{code}.svg",
            f"/qr/p/{product_id}.svg",
            "/healthz",
            "/robots.txt",
        ]
