"""Leaves of a module what is wanted of it: the names asked for, and what these need in turn."""

from __future__ import annotations

import ast
from collections.abc import Iterable


def shaken(source: str, wanted: Iterable[str]) -> str:
    """``source`` without the functions, classes, constants and imports that none of ``wanted`` leads to.

    Statements that define nothing stay, such as a star import, and so does what they use.
    """
    module = ast.parse(source)
    stay = [node for node in module.body if not _names(node)]
    names = set(wanted) | {used for node in stay for used in _used(node)}
    seen: set[str] = set()
    while names - seen:
        seen |= names
        names |= {used for node in module.body if _names(node) & seen for used in _used(node)}
    module.body = [node for node in module.body if node in stay or _names(node) & names]
    for node in module.body:
        if isinstance(node, ast.Import | ast.ImportFrom) and node not in stay:
            node.names = [each for each in node.names if _bound(each) in names]
    return ast.unparse(module) + "\n"


def _names(node: ast.stmt) -> set[str]:
    """What a statement at the top of a module defines, if that is all that it does."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Import):
        return {_bound(each) for each in node.names}
    if isinstance(node, ast.ImportFrom):
        starred = node.module == "__future__" or node.names[0].name == "*"
        return set() if starred else {_bound(each) for each in node.names}
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _bound(alias: ast.alias) -> str:
    return alias.asname or alias.name.partition(".")[0]


def _used(node: ast.stmt) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
