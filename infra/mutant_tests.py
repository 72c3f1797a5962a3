"""What the tests of a module consist of, so that one that is gone, or says something else, is missed.

A test that is added takes nothing away: what others noticed they still notice. One that is changed or taken out may be
the one that noticed.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Iterator

from infra.mutant_subjects import PROJECT


def statements(tests: Iterable[str]) -> str:
    """Short hashes of the tests' names, and of each statement of their files and those in ``tests/`` they import."""
    tests = tuple(tests)
    sources = {name: (PROJECT / name).read_text("utf-8") for name in (each.partition("::")[0] for each in tests)}
    used = sorted({name for source in sources.values() for name in _used_by(source)} - set(sources))
    sources |= {name: (PROJECT / name).read_text("utf-8") for name in used}
    said = {*tests, *(each for source in sources.values() for each in said_in(source))}
    return " ".join(sorted(hashlib.sha256(each.encode()).hexdigest()[:8] for each in said))


def said_in(source: str) -> Iterator[str]:
    """The statements of a file as they are written, and each name that it imports; no comments between them."""
    lines = source.splitlines()
    for node in ast.parse(source).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from (f"{getattr(node, 'module', '')}: {each.name} {each.asname}" for each in node.names)
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
            yield "\n".join(lines[first - 1 : node.end_lineno])


def _used_by(source: str) -> Iterator[str]:
    for node in ast.parse(source).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tests."):
            yield f"{str(node.module).replace('.', '/')}.py"


def nothing_is_gone(before: str, now: str) -> bool:
    """Whether all that the tests said before they say now."""
    return set(before.split()) <= set(now.split())
