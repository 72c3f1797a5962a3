"""What must hold, and which test says so: the statements' own file, and the marks in the tests' source."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
FILE = Path(__file__).with_name("statements.toml")


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that must hold, by its ``id``, ``group.name``."""

    id: str
    text: str

    @property
    def group(self) -> str:
        """The group that it belongs to."""
        return self.id.partition(".")[0]


def groups() -> dict[str, str]:
    """The title of each group, in their order."""
    return {name: said["title"] for name, said in _read().items()}


def statements() -> list[Statement]:
    """All of them, in their order."""
    return [
        Statement(f"{group}.{name}", text)
        for group, said in _read().items()
        for name, text in said.items()
        if name != "title"
    ]


@cache
def marks() -> dict[str, list[str]]:
    """The tests that prove each statement, as ``file::name`` below ``tests``, in their order."""
    found: dict[str, list[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        if "node_modules" in path.parts:
            continue
        source = path.read_text("utf-8")
        if "mark.safety" in source:
            for name, statement in _marked(ast.parse(source)):
                found.setdefault(statement, []).append(f"{path.relative_to(TESTS).as_posix()}::{name}")
    return found


def _read() -> dict[str, dict[str, str]]:
    return tomllib.loads(FILE.read_text("utf-8"))


def _marked(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.safety":
                    yield from ((node.name, ast.literal_eval(argument)) for argument in decorator.args)
