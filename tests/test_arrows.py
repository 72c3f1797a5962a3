"""The rooms and the arrows between them, read from the source."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in [ROOT / "app.py", *sorted((ROOT / "chalicelib").rglob("*.py"))]
    if not {"locale", "compiled"} & set(path.parts)
}
MAY_IMPORT = {  # of our own
    "app": ("settings", "public", "internal"),
    "settings": (),
    "clock": (),
    "journal": (),
    "unfolded": (),
    "domain": ("domain",),
    "store": ("domain", "store", "settings", "clock", "journal"),
    "web": ("domain", "web", "settings", "clock", "journal"),
    "public": ("public", "web", "store", "domain", "settings", "clock", "journal"),
    "internal": ("internal", "web", "store", "domain", "settings", "clock", "journal"),
}
IDENTIFIER_LIBRARIES = {"stdnum", "email_validator", "iso3166"}
KNOWS_UNITS = "chalicelib.domain.units"
SIGNING = {"cryptography", "joserfc", "jose", "jwt", "jwcrypto", "cbor2", "cwt", "authlib"}
ENGINE = {"boto3", "botocore", "pynamodb", "aioboto3"}
TALKS_TO_AWS = {"chalicelib.internal.mail", "chalicelib.internal.uploads"}


def imports(path: Path) -> Iterator[str]:
    """Every module that a file names, also inside functions; ``from a import b`` as ``a.b``."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(module: str) -> str:
    return "app" if module == "app" else module.split(".")[1] if "." in module else "chalicelib"


def ours(path: Path) -> set[str]:
    found = {name for name in imports(path) if name.split(".")[0] == "chalicelib"}
    return found - {"chalicelib.web.locale"}


def foreign(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imports(path)} - set(sys.stdlib_module_names) - {"chalicelib", "__future__"}


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_module_imports_only_along_the_arrows(module: str) -> None:
    path, place = MODULES[module], room(module)
    if place != "chalicelib":
        assert {name.split(".")[1] for name in ours(path)} <= set(MAY_IMPORT[place])
    others = foreign(path)
    if place == "domain":
        assert others - {"pint"} <= IDENTIFIER_LIBRARIES
    if module != KNOWS_UNITS:
        assert "pint" not in others
    if place == "store":
        assert "chalice" not in others
    if place == "public":
        assert not [name for name in ours(path) if name.startswith("chalicelib.store.registry")]
    if place in ("public", "domain", "store", "web"):
        assert not others & SIGNING
    if place != "store" and module not in TALKS_TO_AWS:
        assert not others & ENGINE
    if module != "chalicelib.web.qr":
        assert "segno" not in others


def test_the_walk_meets_every_room() -> None:
    assert {room(module) for module in MODULES} == {*MAY_IMPORT, "chalicelib"}


@pytest.mark.parametrize("module", sorted(set(MODULES) - {"chalicelib.settings"}))
def test_only_settings_reads_the_environment(module: str) -> None:
    for node in ast.walk(ast.parse(MODULES[module].read_text("utf-8"))):
        if isinstance(node, ast.Attribute):
            assert node.attr not in ("environ", "environb", "getenv"), f"line {node.lineno}"
    assert not {"os.environ", "os.getenv"} & set(imports(MODULES[module]))


@pytest.mark.parametrize("module", sorted(set(MODULES) - {"chalicelib.clock"}))
def test_only_the_clock_asks_the_time(module: str) -> None:
    asked = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}
    asked |= {("time", name) for name in ("time", "time_ns", "monotonic", "localtime", "gmtime")}
    for node in ast.walk(ast.parse(MODULES[module].read_text("utf-8"))):
        if isinstance(node, ast.Attribute):
            owner = node.value
            name = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
            assert (name, node.attr) not in asked, f"line {node.lineno}"


@pytest.mark.parametrize("module", sorted(MODULES))
def test_no_file_grows_over_three_hundred_lines(module: str) -> None:
    assert len(MODULES[module].read_text("utf-8").splitlines()) <= 300


@pytest.mark.parametrize("path", sorted((ROOT / "factory_labels").glob("*.py")), ids=lambda path: path.stem)
def test_what_draws_labels_knows_neither_the_service_nor_the_command(path: Path) -> None:
    assert foreign(path) - {"factory_labels"} <= {"segno"}
    assert not ours(path)
    assert len(path.read_text("utf-8").splitlines()) <= 300


def test_labels_are_drawn_on_the_inside_only() -> None:
    users = {module for module, path in MODULES.items() if "factory_labels" in foreign(path)}
    assert users == {"chalicelib.internal.item_labels"}
