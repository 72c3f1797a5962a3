"""Starts the local engine and the site, loads the demo world if it isn't there, and says what to try."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import shutil
import signal
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Any

from infra import keys, photos
from infra.demo import note, orphan, scans
from infra.engine import CREDENTIALS, REGION, Engine, EngineError
from infra.target import Target, ensure_bucket

LOCAL = Path(os.environ.get("LOCAL") or Path(__file__).resolve().parents[2] / ".local").resolve()
NOTE = LOCAL / "demo.json"
WORLD = LOCAL / "world.json"
STATE = LOCAL / "state"
ENGINE_PID = LOCAL / "engine.pid"


def main() -> int:
    """Run until interrupted. ``--once`` loads, writes the note and ends."""
    parser = argparse.ArgumentParser(prog="python -m infra.demo", description=__doc__)
    parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    parser.add_argument("--base-url", default=os.environ.get("BASE_URL"))
    parser.add_argument("--once", action="store_true", help="load the world, write the note, and end")
    chosen = parser.parse_args()
    shown_host = "127.0.0.1" if chosen.host == "0.0.0.0" else chosen.host  # nosec B104: compared only
    base_url = (chosen.base_url or f"http://{shown_host}:{chosen.port}").rstrip("/")
    stopped = _on_signals()
    try:
        return _run(chosen.host, chosen.port, base_url, stopped, once=chosen.once)
    except EngineError as error:
        print(
            f"The local engine failed: {error}\nIf its saved state is broken, `make clean` starts afresh.",
            file=sys.stderr,
        )
    except OSError as error:
        print(f"Could not serve on {chosen.host}:{chosen.port}: {error}. Try PORT=8001 make demo.", file=sys.stderr)
    return 1


def _run(host: str, port: int, base_url: str, stopped: threading.Event, *, once: bool) -> int:
    began = time.monotonic()
    print("Starting the local engine …", flush=True)
    if orphan.stop(ENGINE_PID):
        print("An earlier demo was killed; its engine was stopped and its changes are kept.", flush=True)
    if not WORLD.exists():
        shutil.rmtree(STATE, ignore_errors=True)  # a world that was never loaded to its end
    engine = Engine(state_dir=STATE, log=LOCAL / "engine.log").start()
    orphan.remember(ENGINE_PID, engine.pid)
    try:
        _environment(engine, base_url)
        site = _site(host, port)
        try:
            kept = _kept()
            if kept is None:
                local = f"http://127.0.0.1:{site.port}" if host in ("127.0.0.1", "0.0.0.0") else base_url  # nosec B104
                kept = _load(local, engine)
                engine.stop()  # saves what was loaded, should this process be killed later
                engine.start()
                orphan.remember(ENGINE_PID, engine.pid)
            _leave_note(kept, engine, base_url)
            _tell(kept, base_url, time.monotonic() - began)
            if not once:
                _run_errands(stopped)
                print("\nStopping; what you changed is kept for the next start.", flush=True)
        finally:
            site.stop()
    finally:
        engine.stop()
        orphan.remember(ENGINE_PID, None)
    return 0


def _environment(engine: Engine, base_url: str) -> None:
    """What the app reads when it is imported, which is therefore done later."""
    secret = LOCAL / "csrf-secret"
    if not secret.exists():
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_hex(32), encoding="utf-8")
    bucket = _photos(engine)
    signing = keys.deploy(engine.client("cloudformation"), engine.prefix)
    os.environ.update(
        KMS_ENDPOINT=engine.url,
        SIGNING_KEY=signing["SigningKey"],
        RECEIPT_KEY=signing["ReceiptKey"],
        S3_ENDPOINT=engine.url,
        PHOTOS_BUCKET=bucket,
        PHOTOS_URL=f"{engine.url}/{bucket}",
        SURFACE="all",
        BASE_URL=base_url,
        REGISTRY_TABLE=engine.registry_table,
        PUBLIC_TABLE=engine.public_table,
        DYNAMODB_ENDPOINT=engine.url,
        SES_ENDPOINT=engine.url,
        CSRF_SECRET=secret.read_text(encoding="utf-8"),
        SCAN_SECRET=secrets.token_hex(32),
        INDEX_PAGES=os.environ.get("INDEX_PAGES", "0"),
        AWS_REGION=REGION,
        AWS_ACCESS_KEY_ID=CREDENTIALS["aws_access_key_id"],
        AWS_SECRET_ACCESS_KEY=CREDENTIALS["aws_secret_access_key"],
    )


def _photos(engine: Engine) -> str:
    """The store of photos, with the function that draws them, on the engine."""
    target = Target(engine.client, engine.prefix, f"{engine.prefix}-code", emulated=True)
    ensure_bucket(target, REGION)
    return photos.deploy(target, photos.build(LOCAL / "photos.zip"), engine.registry_table)["PhotosBucket"]


def _site(host: str, port: int) -> Any:
    from app import app
    from chalicelib import journal
    from infra.serve import Site

    journal.write = (LOCAL / "journal.log").open("w", encoding="utf-8", buffering=1).write
    scans.Feed().start()
    return Site(app, host, port).start()


def _run_errands(stopped: threading.Event) -> None:
    """What EventBridge does where the service is deployed, until the demo is stopped: an errand every ten minutes.

    Watchers are told every five seconds, as if a stream woke the worker.
    """
    from chalicelib import clock
    from chalicelib.domain.errors import Unavailable
    from chalicelib.internal import errands, watching

    due = clock.ticking() + 600
    while not stopped.wait(5):
        try:
            watching.run(clock.now())
            if clock.ticking() > due:
                due = clock.ticking() + 600
                errands.handler({}, None)
        except (Unavailable, errands.Failed) as error:
            print(f"An errand failed: {error}", file=sys.stderr)


def _kept() -> dict[str, Any] | None:
    """The world of an earlier start, if the engine still has it."""
    if not WORLD.exists():
        return None
    kept: dict[str, Any] = json.loads(WORLD.read_text(encoding="utf-8"))
    from chalicelib.store import reader

    return kept if reader.factory(kept["factory"]) is not None else None


def _load(base: str, engine: Engine) -> dict[str, Any]:
    from chalicelib import clock
    from chalicelib.internal.access import SCOPES
    from chalicelib.store.registry import callers
    from infra.demo.loader import Loader

    print("Loading the demo world through the internal API …", flush=True)
    _, staff_key = callers.create_key("staff", f"demo-{secrets.token_hex(4)}", SCOPES["staff"], "make demo")
    loaded = Loader(base, staff_key, engine.mails, clock.today()).run()
    counts = ", ".join(f"{number} {outcome}" for outcome, number in sorted(loaded.outcomes.items()))
    print(f"\n{len(loaded.factories)} factories. Rows of the audit sync: {counts}.")
    print("The awkward rows, each answered for itself:")
    for told in loaded.rejects:
        print(f"  · {told}")
    kept = note.of(loaded, clock.today())
    note.write(WORLD, kept)
    return kept


def _leave_note(kept: dict[str, Any], engine: Engine, base_url: str) -> None:
    about = {
        "base_url": base_url,
        **kept,
        "mailbox": engine.mailbox,
        "tables": {"registry": engine.registry_table, "public": engine.public_table},
        "dynamodb_endpoint": engine.url,
    }
    note.write(NOTE, about)


def _tell(kept: dict[str, Any], base_url: str, seconds: float) -> None:
    from chalicelib.web import qr

    payload = qr.payload(base_url, "f", kept["factory"])
    print(f"\n{qr.terminal(payload)}\n{payload}\n")
    rows = [
        ("the site", "/"),
        ("a factory", f"/f/{kept['factory']}"),
        *((f"{status.replace('_', ' ')} certificate", f"/c/{code}") for status, code in kept["certificates"].items()),
        ("a product", f"/01/{kept['gtin']}"),
        ("its lot", f"/01/{kept['gtin']}/10/{kept['lot']}"),
        ("a code to print", f"/qr/f/{kept['factory']}.svg?size=30"),
        ("as JSON", f"/v1/factories/{kept['factory']}"),
        ("behind the sign-in", "/portal/sign-in"),
    ]
    for name, path in rows:
        print(f"  {name:<26} {base_url}{path}")
    noted = os.path.relpath(NOTE)
    print(f"\nKeys, codes, people to sign in as and their mailbox stand in {noted}. Ready after {seconds:.0f} s.")
    if base_url.startswith("http://127."):
        print("For a phone on your network: HOST=0.0.0.0 BASE_URL=http://<this machine's address>:8000 make demo")
    print("Ctrl-C stops it.", flush=True)


def _on_signals() -> threading.Event:
    stopped = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        if stopped.is_set():
            raise KeyboardInterrupt
        stopped.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    return stopped


if __name__ == "__main__":
    sys.exit(main())
