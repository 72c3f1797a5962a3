"""What ``/scan`` is made of: the reader that others made, how it is served, and how well it reads our codes."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path

from chalicelib.public import scan as module
from tests import tools
from tests.world import World

HERE = Path(module.__file__).parents[1] / "web" / "scan_reader"
PACKED = {"zxing_reader.js": "iife/reader/index.js", "zxing_reader.wasm.gz": "reader/zxing_reader.wasm"}
BINARY = "application/octet-stream"


def ours(name: str) -> bytes:
    content = (HERE / name).read_bytes()
    return gzip.decompress(content) if name.endswith(".gz") else content


def test_the_address_of_the_reader_is_another_one_if_a_byte_of_it_is() -> None:
    digest = hashlib.sha256(b"".join(ours(name) for name in PACKED)).hexdigest()
    assert digest.startswith(module.READER)
    assert len(module.READER) == 16


def test_the_reader_is_what_npm_s_lock_file_names_and_its_licences_lie_beside_it() -> None:
    lock = json.loads((tools.MODULES.parent / "package-lock.json").read_text())["packages"]["node_modules/zxing-wasm"]
    assert f"zxing-wasm {lock['version']} " in (HERE / "LICENSE").read_text()
    assert json.loads(tools.npm_file("zxing-wasm/package.json").read_text())["version"] == lock["version"]
    for name, theirs in PACKED.items():
        assert ours(name) == tools.npm_file(f"zxing-wasm/dist/{theirs}").read_bytes(), name


def test_the_reader_is_kept_for_ever_and_comes_packed_and_only_under_its_own_name(world: World) -> None:
    script = world.anyone.get(f"/scan/reader/{module.READER}.js").ok()
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    compiled = world.anyone.get(f"/scan/reader/{module.READER}.wasm", Accept=BINARY).ok()
    assert compiled.headers["content-encoding"] == "gzip"
    assert gzip.decompress(compiled.content).startswith(b"\0asm")
    for answer in (script, compiled):
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert world.anyone("HEAD", f"/scan/reader/{module.READER}.wasm", Accept=BINARY).status == 200
    for other in (f"{'0' * 16}.js", f"{module.READER}.map", "..%2Fscan.js"):
        assert world.anyone.get(f"/scan/reader/{other}").status == 404


def test_nothing_but_the_form_and_our_own_files_can_be_reached_from_the_page(world: World) -> None:
    page = world.anyone.get("/scan").ok()
    policy = page.headers["content-security-policy"]
    assert re.sub("'sha256-[^']*'", "#", policy) == (
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src # #; "
        "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert "wasm" not in world.anyone.get("/verify").headers["content-security-policy"]
