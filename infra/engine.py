"""MiniStack, the AWS engine of a desk: started, given the tables, stopped so that its state is kept.

``with Engine() as engine:`` for a test; ``Engine(port=4566, state_dir=Path(".local/state")).start()`` for a demo.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import TracebackType
from typing import Any

import boto3
from botocore.config import Config

from infra import stack, tables

REGION = "eu-central-1"
DATA_STACK = "factory-id-data"
SENDER_DOMAIN = "factory-id.example"  # SES refuses senders that nobody verified, here as in production
MAILS = "/_ministack/ses/messages"
READY = "/_ministack/ready"
START_DEADLINE = 60.0  # seconds
STOP_DEADLINE = 30.0
# MiniStack takes this access key for the account's root, even with auth=True.
CREDENTIALS = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}


class EngineError(RuntimeError):
    """The engine did not come up, or did not go down; the message names its log."""


def free_port() -> int:
    """A TCP port on 127.0.0.1 that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Engine:
    """One MiniStack process on 127.0.0.1."""

    def __init__(
        self,
        port: int | None = None,
        *,
        prefix: str = "factory-id",
        state_dir: Path | None = None,
        auth: bool = False,
        with_tables: bool = True,
        log: Path | None = None,
        extra_env: Mapping[str, str] | None = None,
    ) -> None:
        """``port``: a free one if None. ``state_dir``: what was stored is saved there at ``stop``, read at ``start``.

        ``auth`` enforces IAM. ``log``: where the engine writes; a file in a fresh temporary directory if None.
        """
        self.port = port or free_port()
        self.prefix = prefix
        self.state_dir = state_dir
        self.auth = auth
        self._with_tables = with_tables
        self._scratch = None if log else tempfile.TemporaryDirectory(prefix="factory-id-engine-")
        self.log = log or Path(self._scratch.name if self._scratch else ".") / "engine.log"
        self._extra_env = dict(extra_env or {})
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The endpoint of every service."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def mailbox(self) -> str:
        """Where the mails sent through SES can be read, as JSON."""
        return self.url + MAILS

    @property
    def registry_table(self) -> str:
        return self.prefix + tables.REGISTRY_SUFFIX

    @property
    def public_table(self) -> str:
        return self.prefix + tables.PUBLIC_SUFFIX

    @property
    def pid(self) -> int | None:
        """The process to look at, None when it is not running."""
        return self._process.pid if self._process else None

    def client(self, service: str, **overrides: Any) -> Any:
        """A boto3 client of ``service`` on this engine, as the account's root unless ``overrides`` says otherwise."""
        config = Config(retries={"total_max_attempts": 2, "mode": "standard"}, connect_timeout=5, read_timeout=60)
        options: dict[str, Any] = {"region_name": REGION, "endpoint_url": self.url, "config": config, **CREDENTIALS}
        return boto3.client(service, **{**options, **overrides})

    def mails(self) -> list[dict[str, Any]]:
        """The mails sent so far: ``Source``, ``To``, ``Subject``, ``BodyText``, ``BodyHtml`` and more."""
        _, body = self._ask(MAILS)
        accounts = json.loads(body)["messages"]
        return [mail for mails in accounts.values() for mail in mails]

    def start(self) -> Engine:
        """Start, wait until it answers, create the tables unless kept state has them. Raises EngineError."""
        if self._process is not None:
            raise EngineError("already started")
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "ministack"],
                env=self._environment(),
                stdout=log,
                stderr=log,
                # Ctrl-C on a terminal goes to a whole group; the engine is to be stopped by us, once it is idle.
                start_new_session=True,
            )
        try:
            self._wait_until_ready()
            self.client("ses").verify_domain_identity(Domain=SENDER_DOMAIN)
            if self._with_tables:
                self._create_tables()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Stop cleanly, so that state is saved, and wait for it. Raises EngineError if it had to be killed."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_DEADLINE)
        except subprocess.TimeoutExpired as error:
            process.kill()
            process.wait()
            raise EngineError(f"did not stop in {STOP_DEADLINE} s and was killed: {self._log_tail()}") from error
        if self._scratch:
            self._scratch.cleanup()

    def __enter__(self) -> Engine:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _environment(self) -> dict[str, str]:
        inherited = {
            key: value for key, value in os.environ.items() if not key.startswith("AWS_") or key == "AWS_CA_BUNDLE"
        }
        settings = {
            "GATEWAY_PORT": str(self.port),
            "BIND_HOST": "127.0.0.1",
            "SFTP_ENABLED": "0",
            "IOT_MTLS_ENABLED": "0",
            "MINISTACK_REGION": REGION,
            "AUTH": "true" if self.auth else "false",
            "LOG_LEVEL": "WARNING",
        }
        if self.state_dir:
            self.state_dir.mkdir(parents=True, exist_ok=True)
            settings |= {"PERSIST_STATE": "1", "STATE_DIR": str(self.state_dir.resolve())}
        return {**inherited, **settings, **self._extra_env}

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_DEADLINE
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                raise EngineError(f"ended while starting: {self._log_tail()}")
            try:
                if self._ask(READY)[0] == HTTPStatus.OK:
                    return
            except (OSError, HTTPException):
                pass
            time.sleep(0.05)
        raise EngineError(f"not ready after {START_DEADLINE} s: {self._log_tail()}")

    def _ask(self, path: str) -> tuple[int, bytes]:
        """Status and body of a GET."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            reply = connection.getresponse()
            return reply.status, reply.read()
        finally:
            connection.close()

    def _create_tables(self) -> None:
        stack.deploy(
            self.client("cloudformation"),
            DATA_STACK,
            {"TemplateBody": tables.TEMPLATE.read_text(encoding="utf-8")},
            {"Prefix": self.prefix},
        )
        # MiniStack's CloudFormation leaves out expiry and point-in-time recovery.
        tables.apply_settings(self.client("dynamodb"), self.prefix)

    def _log_tail(self) -> str:
        text = self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""
        return f"{self.log}\n{text[-2000:]}"
