"""Compiles what goes into a package; of our own modules with each frozen dataclass's methods written out.

``python infra/unfold.py FOLDER`` compiles a folder with the Python that runs this, and says which Lambda runtime that
is. It needs the standard library only, since that Python has nothing else.

``@dataclass(frozen=True, slots=True)`` compiles six functions from text whenever a class is made: half of a cold start.
Here they become part of the bytecode. The source in the package stays as it was written, so that a traceback shows the
line that one knows; ``tests/test_unfold.py`` holds every class against what the standard library makes of it.
"""

from __future__ import annotations

import ast
import compileall
import py_compile
import sys
from collections.abc import Sequence
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any

OURS = "/var/task/chalicelib/"
HELPER = "chalicelib.unfolded"
MARK = "dataclass(frozen=True, slots=True)"
LEFT_ALONE = ("ClassVar", "InitVar", "KW_ONLY")
WRITTEN = {"__init__", "__repr__", "__eq__", "__hash__", "__setattr__", "__delattr__", "__getstate__", "__setstate__"}
NOT_WRITTEN = {"__post_init__", "__slots__", "__match_args__"}
BORROWED = ("replace", "fields", "is_dataclass", "asdict")
METHODS = """
class _:
    __slots__ = {names}
    __match_args__ = {names}
    __dataclass_fields__ = _unfolded.Told("__dataclass_fields__", lambda told: [{fields}])
    __dataclass_params__ = _unfolded.Told("__dataclass_params__", lambda told: [{fields}])
    def __init__(self, {parameters}):
        {assignments}
    def __repr__(self):
        return self.__class__.__qualname__ + f"({shown})"
    def __eq__(self, other):
        if other.__class__ is self.__class__:
            return ({own}) == ({others})
        return NotImplemented
    def __hash__(self):
        return hash(({own}))
    __setattr__ = _unfolded.refuse_to_set
    __delattr__ = _unfolded.refuse_to_delete
    __getstate__ = _unfolded.state
    __setstate__ = _unfolded.restore
"""
IMPORTED = "from chalicelib import unfolded as _unfolded\nfrom chalicelib.unfolded import set_field as _set"


class Field:
    """One field of a dataclass, as its source has it."""

    def __init__(self, node: ast.AnnAssign) -> None:
        assert isinstance(node.target, ast.Name)
        self.name, self.kind = node.target.id, ast.unparse(node.annotation)
        self.default = ast.unparse(node.value) if node.value else ""
        self.factory, self.shown = "", True
        if isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "field":
            said = {each.arg: ast.unparse(each.value) for each in node.value.keywords}
            if node.value.args or not said.keys() <= {"default", "default_factory", "repr"}:
                raise NotImplementedError(f"a field like {self.default}")
            self.shown = said.get("repr") != "False"
            self.default, self.factory = said.get("default", ""), said.get("default_factory", "")

    @property
    def told(self) -> str:
        """As ``dataclasses.make_dataclass`` takes it."""
        said = f"default={self.default}, " if self.default else ""
        said += f"default_factory={self.factory}, " if self.factory else ""
        return f"({self.name!r}, {self.kind!r}, told({said}repr={self.shown}))"

    @property
    def parameter(self) -> str:
        """As ``__init__`` takes it."""
        default = "_unfolded.FACTORY" if self.factory else self.default
        return f"{self.name}={default}" if default else self.name

    @property
    def assignment(self) -> str:
        """How ``__init__`` keeps it."""
        made = f"({self.factory})() if {self.name} is _unfolded.FACTORY else " if self.factory else ""
        return f"_set(self, {self.name!r}, {made}{self.name})"


def unfold(module: ast.Module) -> ast.Module:
    """``module`` with what its frozen dataclasses are, instead of how they are made. It is changed."""
    bases = {ast.unparse(base) for node in module.body if isinstance(node, ast.ClassDef) for base in node.bases}
    unfolded = [node for node in module.body if _can_be_unfolded(node, bases)]
    for node in unfolded:
        assert isinstance(node, ast.ClassDef)
        _write_out(node)
    if unfolded:
        _import_at_the_top(module)
    _import_dataclasses_no_more(module)
    return module


def _can_be_unfolded(node: ast.stmt, bases: set[str]) -> bool:
    """Whether a class is of the one kind that our rules use, without anything that changes what that means."""
    if not isinstance(node, ast.ClassDef) or [ast.unparse(each) for each in node.decorator_list] != [MARK]:
        return False
    if node.bases or node.keywords or node.name in bases:
        return False
    defined = {each.name for each in node.body if isinstance(each, ast.FunctionDef | ast.ClassDef)}
    fields = _fields(node)
    plain = not any(name in each.kind for each in fields for name in LEFT_ALONE)
    return plain and bool(fields) and not defined & (WRITTEN | NOT_WRITTEN)


def _fields(node: ast.ClassDef) -> list[Field]:
    return [Field(each) for each in node.body if isinstance(each, ast.AnnAssign)]


def _write_out(node: ast.ClassDef) -> None:
    fields = _fields(node)
    written = METHODS.format(
        names=repr(tuple(each.name for each in fields)),
        fields=", ".join(each.told for each in fields),
        parameters=", ".join(each.parameter for each in fields),
        assignments="; ".join(each.assignment for each in fields),
        shown=", ".join(f"{each.name}={{self.{each.name}!r}}" for each in fields if each.shown),
        own="".join(f"self.{each.name}, " for each in fields),
        others="".join(f"other.{each.name}, " for each in fields),
    )
    made = ast.parse(written).body[0]
    assert isinstance(made, ast.ClassDef)
    for each in node.body:
        if isinstance(each, ast.AnnAssign):
            each.value = None
    node.decorator_list = []
    node.body += _at_line(made.body, node.lineno)


def _import_at_the_top(module: ast.Module) -> None:
    place = next(
        number
        for number, node in enumerate(module.body)
        if not (isinstance(node, ast.Expr) or (isinstance(node, ast.ImportFrom) and node.module == "__future__"))
    )
    module.body[place:place] = _at_line(ast.parse(IMPORTED).body, 1)


def _import_dataclasses_no_more(module: ast.Module) -> None:
    """Leave of ``from dataclasses import …`` what is still used; what works on objects comes from ``unfolded``."""
    used = {node.id for node in ast.walk(module) if isinstance(node, ast.Name)}
    for place, node in reversed(list(enumerate(module.body))):
        if isinstance(node, ast.ImportFrom) and node.module == "dataclasses":
            wanted = [each for each in node.names if (each.asname or each.name) in used]
            split = {HELPER: [], "dataclasses": []}  # type: dict[str, list[ast.alias]]
            for each in wanted:
                split[HELPER if each.name in BORROWED else "dataclasses"].append(each)
            new = [ast.ImportFrom(source, names, 0) for source, names in split.items() if names]
            module.body[place : place + 1] = _at_line(new, node.lineno)


def _at_line(nodes: Sequence[ast.stmt], line: int) -> list[ast.stmt]:
    """Nodes as if they stood in a line of the source."""
    for top in nodes:
        for node in ast.walk(top):
            if "lineno" in node._attributes:
                node.lineno = node.end_lineno = line  # type: ignore[attr-defined]
                node.col_offset = node.end_col_offset = 0  # type: ignore[attr-defined]
    return list(nodes)


def _to_code(_loader: SourceFileLoader, data: bytes, path: str, *_: Any, **__: Any) -> Any:
    """In the place of ``SourceFileLoader.source_to_code``: how ``py_compile`` makes code of a source."""
    module = ast.parse(data, path)
    return compile(unfold(module) if path.startswith(OURS) else module, path, "exec", dont_inherit=True)


def compile_folder(root: Path) -> None:
    """Compile all modules below ``root``, as if it were /var/task. Raises RuntimeError if one does not compile."""
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    before, SourceFileLoader.source_to_code = SourceFileLoader.source_to_code, _to_code  # type: ignore[method-assign]
    try:
        if not compileall.compile_dir(
            root, quiet=1, invalidation_mode=mode, stripdir=str(root), prependdir="/var/task"
        ):
            raise RuntimeError("some modules do not compile")
    finally:
        SourceFileLoader.source_to_code = before  # type: ignore[method-assign]


if __name__ == "__main__":
    compile_folder(Path(sys.argv[1]))
    print(f"python{sys.version_info.major}.{sys.version_info.minor}")
