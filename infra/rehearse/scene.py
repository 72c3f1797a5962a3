"""A small registry on the local engine, and somebody of each kind who uses it over HTTP."""

from __future__ import annotations

import importlib
import io
import itertools
import json
import os
import subprocess  # nosec B404: our own commands
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chalice.test import Client

from chalicelib import settings
from chalicelib.store import kms, models, receipts
from chalicelib.store.registry import signing
from infra import keys, tables
from infra.engine import CREDENTIALS, REGION, Engine

PROJECT = Path(__file__).resolve().parents[2]
Tell = Callable[[str], Any]


class Unseen(Exception):
    """A step did not come to what it must; the message says which."""


@dataclass
class Scene:
    """``keys`` by tenant; ``factories`` and ``codes`` of their certificates, in order.

    ``apart``: commands are processes of their own, as an operator runs them; else they run here, which is quicker.
    """

    engine: Engine
    prefix: str
    tell: Tell
    http: Any = None
    keys: dict[str, str] = field(default_factory=dict)
    factories: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    apart: bool = True
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def dynamodb(self) -> Any:
        """A client of the engine's DynamoDB."""
        return self.engine.client("dynamodb")

    def ask(self, tenant: str, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Status and JSON of a request with the key of a tenant; ``""`` is anybody."""
        sent = {"Content-Type": "application/json", **{name.replace("_", "-"): text for name, text in headers.items()}}
        if tenant:
            sent["Authorization"] = f"Bearer {self.keys[tenant]}"
        answer = self.http.request(method, path, headers=sent, body=b"" if body is None else json.dumps(body).encode())
        is_json = "json" in answer.headers.get("Content-Type", "")
        return answer.status_code, json.loads(answer.body) if is_json and answer.body else answer.body.decode()

    def did(self, tenant: str, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """As ``ask``; ``Unseen`` if it was refused."""
        status, answered = self.ask(tenant, method, path, body, **headers)
        if status >= 400:
            raise Unseen(f"{method} {path}: {status} {answered}")
        return answered

    def see(self, what: str, seen: Any, wanted: Any) -> None:
        """Tell what was seen; ``Unseen`` if it is not what is wanted."""
        if seen != wanted:
            raise Unseen(f"{what}: {seen}, and not {wanted}")
        self.tell(f"   {what}: {seen}")

    def step(self, what: str) -> None:
        """Tell what is done next."""
        self.tell(f"{next(self._numbers)}. {what}")

    def run(self, *command: str, code: int = 0) -> str:
        """Run ``python -m …`` as an operator does; its output, whose last line is told. ``Unseen`` for another end."""
        shown = " ".join(command)
        ended, said = (_run_apart if self.apart else _run_here)(command)
        self.tell(f"   $ python -m {shown}\n     {(said.strip().splitlines() or [''])[-1]}")
        if ended != code:
            raise Unseen(f"{shown} ended with {ended}: {said}")
        return said

    def whose(self, prefix: str) -> list[str]:
        """The arguments by which a command knows tables, key and address."""
        chosen = settings.load()
        return ["--name", prefix, "--base-url", chosen.base_url, "--signing-key", chosen.signing_key]

    def use(self, prefix: str) -> None:
        """Let the service use another pair of tables, as a deploy with other parameters does."""
        self.setting(REGISTRY_TABLE=prefix + tables.REGISTRY_SUFFIX, PUBLIC_TABLE=prefix + tables.PUBLIC_SUFFIX)

    def setting(self, **changed: str) -> None:
        """Let the service run with other settings, as fresh processes after a deploy do."""
        os.environ.update(changed)
        _connect()

    def status(self, code: str) -> str:
        """What anybody is told of a certificate."""
        return str(self.did("", "GET", f"/v1/certificates/{code}")["status"])

    def pair(self, suffix: str) -> str:
        """An empty pair of tables: how its names begin."""
        prefix = f"{self.prefix}-{suffix}"
        tables.create_tables(self.dynamodb, prefix)
        return prefix


def _run_apart(command: Sequence[str]) -> tuple[int, str]:
    done = subprocess.run(  # nosec B603: our own commands
        [sys.executable, "-m", *command],
        cwd=PROJECT,
        env=dict(os.environ),
        check=False,
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout or done.stderr


def _run_here(command: Sequence[str]) -> tuple[int, str]:
    said, wrong = io.StringIO(), io.StringIO()
    module = importlib.import_module(command[0])
    if not hasattr(module, "main"):
        module = importlib.import_module(f"{command[0]}.__main__")
    with redirect_stdout(said), redirect_stderr(wrong):
        code: int = module.main(list(command[1:]))
    return code, said.getvalue() or wrong.getvalue()


@contextmanager
def opened(engine: Engine, prefix: str, tell: Tell = print, *, apart: bool = True) -> Iterator[Scene]:
    """A registry with three factories, their certificates and a product; its tables begin with ``prefix``."""
    kept = dict(os.environ)
    tables.create_tables(engine.client("dynamodb"), prefix)
    signing_keys = keys.deploy(engine.client("cloudformation"), prefix)
    os.environ.update(_environment(engine, prefix, signing_keys))
    _connect()
    try:
        import app

        with Client(app.app) as client:
            scene = Scene(engine, prefix, tell, client.http, apart=apart)
            _people(scene)
            _records(scene)
            yield scene
    finally:
        os.environ.clear()
        os.environ.update(kept)
        _connect()


def _environment(engine: Engine, prefix: str, signing_keys: Mapping[str, str]) -> dict[str, str]:
    endpoints = dict.fromkeys(("DYNAMODB_ENDPOINT", "KMS_ENDPOINT", "SES_ENDPOINT", "AWS_ENDPOINT_URL"), engine.url)
    return {
        **endpoints,
        "SIGNING_KEY": signing_keys["SigningKey"],
        "RECEIPT_KEY": signing_keys["ReceiptKey"],
        "REGISTRY_TABLE": prefix + tables.REGISTRY_SUFFIX,
        "PUBLIC_TABLE": prefix + tables.PUBLIC_SUFFIX,
        "CSRF_SECRET": "only for rehearsals, and as long as a real one",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": CREDENTIALS["aws_access_key_id"],
        "AWS_SECRET_ACCESS_KEY": CREDENTIALS["aws_secret_access_key"],
    }


def _connect() -> None:
    chosen = settings.load()
    models.connect(chosen)
    kms.connect(chosen)
    signing.forget()
    receipts.forget()


def _people(scene: Scene) -> None:
    from chalicelib.internal import access
    from chalicelib.store.registry import callers

    _, scene.keys["staff"] = callers.create_key("staff", "operators", access.SCOPES["staff"], "infra.rehearse")
    scene.did("staff", "PUT", "/internal/v1/members/maison", {"name": "Maison", "country": "FR"})
    scene.did("staff", "PUT", "/internal/v1/certifiers/sureseal", {"name": "Sure Seal", "country": "NL"})
    scene.did("staff", "PUT", "/internal/v1/standards/gots", {"name": "Global Organic Textile", "owner": "GOTS"})
    for kind, tenant in (("ics", "ics"), ("member", "maison"), ("certifier", "sureseal")):
        made = scene.did("staff", "POST", "/internal/v1/keys", {"kind": kind, "tenant": tenant})
        scene.keys[tenant] = made["key"]


def _records(scene: Scene) -> None:
    items = [audited(number) for number in (1, 2, 3)]
    answered = scene.did("ics", "POST", "/internal/v1/audit-syncs", {"items": items}, Idempotency_Key="first")
    scene.factories += [each["factory_id"] for each in answered["results"]]
    for number, factory_id in enumerate(scene.factories):
        scene.codes.append(certified(scene, factory_id, f"CU {number}"))
    stages = [{"process": process, "factory_id": scene.factories[0]} for process in ("dyeing", "sewing")]
    body = {"brand": "Maison", "name": "Shirt", "category": "apparel", "lots": ["L1"], "stages": stages}
    scene.did("maison", "PUT", "/internal/v1/products/09521234543213", body)
    scene.did("staff", "POST", "/internal/v1/log/checkpoints")


def audited(number: int, version: int = 1, day: str = "2026-01-02") -> dict[str, Any]:
    """A row of an audit sync."""
    audit = {"reference": f"A-{number}", "scope": "social", "type": "initial", "notice": "announced", "date": day}
    factory = {"name": f"Meghna Mill {number}", "country": "BD", "city": "Dhaka"}
    return {"site": f"S-{number}", "version": version, "factory": factory, "member_ids": ["maison"], "audit": audit}


def certified(scene: Scene, factory_id: str, number: str) -> str:
    """The code of a certificate that a factory is given."""
    dates = {"valid_from": "2026-01-01", "valid_to": "2099-12-31"}
    said = {"factory_id": factory_id, "number": number, "standard_id": "gots", "scope": "Knitting", **dates}
    return str(scene.did("sureseal", "POST", "/internal/v1/certificates", said)["code"])


def says(scene: Scene, code: str, standing: str, reason: str) -> None:
    """The certifier says how a certificate stands from now on."""
    scene.did(
        "sureseal", "POST", f"/internal/v1/certificates/{code}/standing", {"standing": standing, "reason": reason}
    )
