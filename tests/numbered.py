"""A small world with GS1 numbers, and what the public surface answers about it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import date
from typing import Any

os.environ.setdefault("AWS_ACCESS_KEY_ID", "test")
os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "test")
os.environ.setdefault("AWS_DEFAULT_REGION", "eu-central-1")

from chalice.test import Client

from chalicelib import clock
from chalicelib.domain.factory import Factory, Said, Source
from chalicelib.store.registry import certificates, factories
from chalicelib.store.registry.certificates import Particulars
from chalicelib.store.registry.factories import Change
from chalicelib.store.registry.history import Actor

GTIN, LOT, OWN_CODE = "09521234543213", "L1", "PGP1XF3A7QT"
GLN, SHARED_GLN, MERGED_GLN = "9521234543213", "9520000000004", "9520000000011"
GDTI, SHARED_GDTI = "9521234543213aB-1", "9520000000004X"
MILL, OTHER, OLD, NEW, SECOND = "BDFK6SY9541N", "BDSJ3EQHB6GC", "BDD1GHCAKJQ7", "BD5NRFBFYH5A", "BDK0JKCTVJV3"
ACTOR = Actor("staff", "staff", "test")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass(frozen=True)
class Resolver:
    """The public surface over a small world; ``codes`` are the certificates' by GDTI."""

    client: Client
    reads: list[str]
    codes: dict[str, str]

    def __call__(self, path: str, method: str = "GET", **headers: str) -> Answer:
        self.reads.clear()
        got = self.client.http.request(method, path, headers=headers)
        return Answer(got.status_code, {name.lower(): value for name, value in got.headers.items()}, got.body.decode())


def a_factory(factory_id: str, name: str, gln: str, **more: Any) -> None:
    said = {"name": name, "country": "BD", "gln": gln}
    own = {field: Said(value, Source.FACTORY, "2026-01-01") for field, value in said.items()}
    wanted = Factory(factory_id, own=own, published=True, **more)
    factories.commit(None, Change(wanted), ACTOR, clock.now())


def a_certificate(factory_id: str, number: str, gdti: str | None, certifier: str | None = "sureseal") -> str:
    term = (date(2026, 1, 1), date(2099, 12, 31))
    said = Particulars(number, "gots", "GOTS", certifier, "Sure Seal", "Dyeing", (), *term, gdti)
    return certificates.register(factory_id, said, ACTOR)[0].code


THINGS = {
    "a product": f"/01/{GTIN}",
    "a lot": f"/01/{GTIN}/10/{LOT}",
    "a lot with a slash": f"/01/{GTIN}/10/A%2FB",
    "a factory by GLN": f"/414/{GLN}",
    "a certificate by GDTI": f"/253/{GDTI}",
    "several factories": f"/414/{SHARED_GLN}",
    "a factory": f"/f/{MILL}",
    "a product by our code": f"/p/{OWN_CODE}",
}


def things(resolver: Resolver) -> dict[str, str]:
    return {**THINGS, "a certificate": f"/c/{resolver.codes[GDTI]}"}
