"""The functions that are compared, each as a folder that Lambda's runtime client can start."""

from __future__ import annotations

import base64
import gzip
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.world import PEERS_TABLE, World
from infra import archive, package
from infra.function_process import FunctionProcess
from infra.template import HANDLER
from tests import events

FLOOR_OF_A_PAGE = "floor_of_a_page"
"""What answers every event with the public page, made beforehand: Lambda's client, with an answer of that size."""
PEERS = Path(__file__).with_name("peers")
PYTHON = package.PROJECT / ".venv-bench" / "bin" / "python"
LIBRARIES = "import sysconfig; print(sysconfig.get_path('purelib'))"
PEER_HANDLER = "app.app"
INSTALLERS = ("pip*", "setuptools*", "wheel*", "_distutils_hack", "*.pth")
BYTECODE = "__pycache__"


@dataclass(frozen=True)
class Contender:
    """A function and one event for it. ``holds``: what its answer must hold, lest something else be measured."""

    name: str
    folder: Path
    event: dict[str, Any]
    environment: dict[str, str]
    holds: str
    libraries: Sequence[Path] = field(default=())
    handler: str = PEER_HANDLER

    def process(self, scratch: Path) -> FunctionProcess:
        """The function, not started yet."""
        folder = Path(tempfile.mkdtemp(dir=scratch))
        return FunctionProcess(self.folder, folder, self.environment, handler=self.handler, libraries=self.libraries)

    def ask(self, process: FunctionProcess) -> None:
        """Invoke it, and look at the answer."""
        answer = process.invoke(self.event)
        body = answer["body"]
        if answer.get("isBase64Encoded"):
            body = gzip.decompress(base64.b64decode(body)).decode()
        if answer["statusCode"] != 200 or self.holds not in body:
            raise RuntimeError(f"{self.name} answered {answer['statusCode']}: {body[:500]}")


def build(world: World, scratch: Path) -> list[Contender]:
    """All contenders: ours from the zip that is deployed, the peers from their sources and locked libraries."""
    ours = scratch / "ours"
    built = package.build(package.SURFACES["public"], scratch / "build", sys.executable)
    shutil.unpack_archive(built.archive, ours)
    compiled, bare, installed = (scratch / f"libraries-{name}" for name in ("compiled", "bare", "as-installed"))
    _copy_libraries(compiled, bare, installed)
    page = events.get("/f/{factory_id}", path={"factory_id": world.factory})
    check = events.get("/v1/certificates/{code}", path={"code": world.certificate})
    by_url = f"/f/{world.factory}"
    own = world.environment(SURFACE="public", SCAN_SECRET="bench", SIGNING_KEY="")
    theirs = world.environment(TABLE=PEERS_TABLE)
    name, valid = "Kolmilata", f'"code":"{world.certificate}"'
    fastapi, chalice = (_peer(each, scratch) for each in ("fastapi_app", "plain_chalice"))
    sources = {each: _peer(each, scratch / "sources", compiled=False) for each in ("fastapi_app", "plain_chalice")}
    public_page = Contender("public_page", ours, page, own, name, handler=HANDLER)
    return [
        Contender("floor", _peer("floor", scratch), page, {}, "ok"),
        Contender(FLOOR_OF_A_PAGE, _constant(public_page, scratch), page, {}, name),
        public_page,
        Contender("public_page_by_url", ours, events.get_by_url(by_url), own, name, handler=HANDLER),
        Contender(
            "public_page_by_url_gzip",
            ours,
            events.get_by_url(by_url, Accept_Encoding="gzip"),
            own,
            name,
            handler=HANDLER,
        ),
        Contender("certificate_json", ours, check, own, valid, handler=HANDLER),
        Contender("fastapi", fastapi, page, theirs, name, [compiled]),
        Contender("plain_chalice", chalice, page, theirs, name, [compiled]),
        Contender("fastapi_json", fastapi, check, theirs, valid, [compiled]),
        Contender("plain_chalice_json", chalice, check, theirs, valid, [compiled]),
        Contender("fastapi_as_installed", sources["fastapi_app"], page, theirs, name, [installed]),
        Contender("plain_chalice_as_packaged", sources["plain_chalice"], page, theirs, name, [bare]),
    ]


def _peer(name: str, scratch: Path, *, compiled: bool = True) -> Path:
    from chalicelib.web import pages

    folder = scratch / name
    shutil.copytree(PEERS / name, folder)
    if name != "floor":
        shutil.copytree(PEERS / "shared", folder, dirs_exist_ok=True)
        (folder / "templates" / "style.css").write_text(pages.style(), encoding="utf-8")
    if compiled:
        archive.compile_all(folder)
    return folder


def _constant(asked: Contender, scratch: Path) -> Path:
    """A function that answers as ``asked`` did once."""
    folder = scratch / FLOOR_OF_A_PAGE
    folder.mkdir()
    with asked.process(scratch) as process:
        answer = process.invoke(asked.event)
    source = f"ANSWER = {answer!r}\n\n\ndef app(event, context):\n    return ANSWER\n"
    (folder / "app.py").write_text(source, encoding="utf-8")
    archive.compile_all(folder)
    return folder


def _copy_libraries(compiled: Path, bare: Path, installed: Path) -> None:
    """The peers' installed libraries: with bytecode of the kind that ours has, with none, and with what pip wrote."""
    found = subprocess.run([PYTHON, "-c", LIBRARIES], check=True, capture_output=True, text=True).stdout.strip()
    shutil.copytree(found, installed, ignore=shutil.ignore_patterns(*INSTALLERS))  # with its times, which pip's knows
    shutil.copytree(found, bare, ignore=shutil.ignore_patterns(*INSTALLERS, BYTECODE))
    shutil.copytree(bare, compiled, copy_function=shutil.copyfile)
    archive.compile_all(compiled)
