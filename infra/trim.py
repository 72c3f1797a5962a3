"""Leaves out of a function what it never reads, and makes cheaper what it reads at each cold start."""

from __future__ import annotations

import ast
import gzip
import importlib
import json
from collections.abc import Iterable
from itertools import takewhile
from pathlib import Path, PurePath
from typing import Any

from infra import shake

DOCUMENTERS = ("client", "example", "method", "paginator", "params", "service", "shape", "sharedexample", "waiter")
UNUSED = (
    "botocore/docs/bcdoc",
    *(f"botocore/docs/{name}.py" for name in (*DOCUMENTERS, "translator")),
    "dateutil/easter.py",
    "dateutil/rrule.py",
    "dateutil/zoneinfo",
    "jinja2/_identifier.py",
    "jinja2/bccache.py",
    "jinja2/ext.py",
    "jinja2/idtracking.py",
    "jinja2/meta.py",
    "jinja2/nativetypes.py",
    "jinja2/optimizer.py",
    "jinja2/sandbox.py",
    "jinja2/visitor.py",
    "pint/constants_en.txt",  # units are told in domain/units
    "pint/default_en.txt",
    "pint/testsuite",
    "dns",  # email_validator asks the DNS only when told to, and we never do
    "segno/cli.py",
    "urllib3/contrib/emscripten",
)
# The LGPL wants its own notice kept, and one of what was changed and when.
CHANGED = """#
# Changed on 2026-11-23 by Factory ID: its build leaves out what it does not need (infra/trim.py). The whole of it:
# https://arthurdejong.org/python-stdnum/
"""
UNWRITTEN = '''"""The texts of help() for methods of clients, which nobody reads here: left unwritten."""


class ClientMethodDocstring(str):
    def __new__(cls, *_args, **_named):
        return super().__new__(cls)


WaiterDocstring = PaginatorDocstring = ClientMethodDocstring
'''
UNCOMPILED = '''"""What compiles templates. They are compiled when the function is packaged."""


class Compiling:
    def __init__(self, *_args, **_named):
        raise RuntimeError("templates are compiled when the function is packaged")


CodeGenerator = generate = Parser = get_lexer = Lexer = TokenStream = Compiling
'''
REPLACED = {
    # Whoever renders a template imports what compiles one: a third of a cold start with Jinja.
    "jinja2/compiler.py": UNCOMPILED,
    "jinja2/lexer.py": UNCOMPILED,
    "jinja2/parser.py": UNCOMPILED,
    # Imported by all of urllib3 for a switch that nobody turns, at the price of importlib.metadata.
    "urllib3/http2/__init__.py": "",
    # Every client imports what writes its manual, and with it a parser of HTML.
    "botocore/docs/__init__.py": "",
    "botocore/docs/docstring.py": UNWRITTEN,
}
TABLE_OF_CHARACTERS = "_char_map"
# All that rendering needs of the tree that a template is parsed into; the other stands in annotations only.
JINJA_NODES, NODE_NAMED = ("EvalContext",), "\n\nclass Template: ...\n"
UNUSED_SUFFIXES = {".pyi", ".typed", ".c", ".pyx"}
# How a botocore service is called in endpoints.json.
ENDPOINT_NAMES = {"dynamodb": "dynamodb", "ses": "email"}


def is_unused(file: PurePath, services: Iterable[str]) -> bool:
    """Whether ``file``, relative to the function's root, can be left out where only ``services`` are called."""
    if file.suffix in UNUSED_SUFFIXES or any(file.is_relative_to(name) for name in UNUSED):
        return True
    in_data = file.is_relative_to("botocore/data") and len(file.parts) > 3
    return in_data and file.parts[2] not in services


def trim(root: Path, services: Iterable[str]) -> None:
    """Trim the unpacked function at ``root``, leaving botocore what it needs for ``services``."""
    _trim_stdnum(root)
    _trim_jinja(root / "jinja2", _sources(root))
    for name, text in REPLACED.items():
        if (root / name).is_file():
            (root / name).write_text(text)
    data = root / "botocore" / "data"
    if not data.is_dir():
        return
    kept = _botocore_data(data, list(services))
    for path in [path for path in data.rglob("*") if path.is_file()]:
        path.unlink()
    for relative, content in kept.items():
        (data / relative).write_text(json.dumps(content, separators=(",", ":")), encoding="utf-8")


def _botocore_data(data: Path, services: list[str]) -> dict[str, Any]:
    """The files of ``botocore/data`` that clients of ``services`` read, by path, without prose."""
    kept = {name: _load(data / name) for name in ("_retry.json", "partitions.json", "sdk-default-configuration.json")}
    kept["endpoints.json"] = _endpoints(_load(data / "endpoints.json"), {ENDPOINT_NAMES[name] for name in services})
    for service in services:
        version = max(path.name for path in (data / service).iterdir())
        for part in ("service-2", "endpoint-rule-set-1", "paginators-1", "waiters-2"):
            for path in sorted((data / service / version).glob(f"{part}.json*")):
                kept[f"{service}/{version}/{part}.json"] = _without_prose(_load(path))
    return kept


def _load(path: Path) -> Any:
    raw = path.read_bytes()
    return json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)


def _endpoints(endpoints: dict[str, Any], names: set[str]) -> dict[str, Any]:
    for partition in endpoints["partitions"]:
        partition["services"] = {name: entry for name, entry in partition["services"].items() if name in names}
    return endpoints


def _without_prose(node: Any) -> Any:
    """``node`` without its ``documentation`` strings. A shape's member may be called so too: that one is a map."""
    if isinstance(node, dict):
        return {
            key: _without_prose(value)
            for key, value in node.items()
            if not (key == "documentation" and isinstance(value, str))
        }
    return [_without_prose(value) for value in node] if isinstance(node, list) else node


def _trim_jinja(package: Path, ours: Iterable[Path]) -> None:
    """Leave of ``jinja2`` what our code imports of it, and of its nodes what rendering needs."""
    if not package.is_dir():
        return
    first, nodes = package / "__init__.py", package / "nodes.py"
    wanted = {alias.name for path in ours for alias in _imported_from("jinja2", path)}
    first.write_text(shake.shaken(first.read_text(encoding="utf-8"), wanted), encoding="utf-8")
    left = shake.shaken(nodes.read_text(encoding="utf-8"), JINJA_NODES)
    nodes.write_text(left + NODE_NAMED, encoding="utf-8")


def _sources(root: Path) -> list[Path]:
    """Our own modules in a function."""
    return [path for path in [root / "app.py", *sorted((root / "chalicelib").rglob("*.py"))] if path.is_file()]


def _trim_stdnum(root: Path) -> None:
    """Leave of ``stdnum`` the modules that our code imports, what these import, and the tables these name."""
    package = root / "stdnum"
    if not package.is_dir():
        return
    wanted = _stdnum_closure(root)
    text = "".join(path.read_text(encoding="utf-8") for path in wanted)
    for path in sorted(package.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path not in wanted and not (path.suffix == ".dat" and f"'{path.stem}'" in text):
            path.unlink()
    _shake_stdnum(package / "util.py", wanted - {package / "util.py"})


def _shake_stdnum(util: Path, others: set[Path]) -> None:
    """Leave of ``stdnum.util`` what the others import of it. It imports the writer of help() for a search of its own.

    Its table of characters is made of their names at each import: here it stands made.
    """
    wanted = {alias.name for path in others for alias in _imported_from("stdnum.util", path)}
    whole = util.read_text(encoding="utf-8")
    head = "".join(takewhile(lambda line: line.startswith("#"), whole.splitlines(keepends=True)))
    module = ast.parse(shake.shaken(whole, wanted))
    for node in module.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == TABLE_OF_CHARACTERS:
            made = getattr(importlib.import_module("stdnum.util"), TABLE_OF_CHARACTERS)
            node.value = ast.parse(repr(made), mode="eval").body
    util.write_text(head + CHANGED + shake.shaken(ast.unparse(module), wanted), encoding="utf-8")


def _imported_from(module: str, path: Path) -> list[ast.alias]:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return [
        alias for node in nodes if isinstance(node, ast.ImportFrom) and node.module == module for alias in node.names
    ]


def _stdnum_closure(root: Path) -> set[Path]:
    waiting = _sources(root)
    seen: set[Path] = {root / "stdnum" / "__init__.py"}
    waiting.extend(seen)
    while waiting:
        for module in _imports(waiting.pop()):
            parts = module.split(".")
            for depth in range(1, len(parts) + 1):
                path = root.joinpath(*parts[:depth])
                found = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
                if parts[0] == "stdnum" and found.is_file() and found not in seen:
                    seen.add(found)
                    waiting.append(found)
    return seen


def _imports(path: Path) -> set[str]:
    """The modules that ``path`` may import by absolute name; ``from a import b`` gives ``a`` and ``a.b``."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found
