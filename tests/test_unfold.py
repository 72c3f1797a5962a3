"""The dataclasses of a package, whose methods are written out, are what the standard library makes of their source."""

from __future__ import annotations

import ast
import copy
import dataclasses
import inspect
import json
import pickle
import shutil
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import pytest

from infra import archive, unfold

ROOT = Path(__file__).resolve().parent.parent
SOURCE = '''"""A module."""

from __future__ import annotations

from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Thing:
    """Something."""

    name: str
    count: int = 3
    kept: dict[str, int] = field(default_factory=dict)
    secret: str = field(default="s", repr=False)

    @property
    def double(self) -> int:
        return self.count * 2

    def more(self) -> Thing:
        return replace(self, count=self.count + 1)


@dataclass(frozen=True, slots=True)
class Plain:
    name: str
    parts: tuple[str, ...] = ()


def fails() -> None:
    raise ValueError("here")
'''
ALL = """
import dataclasses, importlib, inspect, json, pathlib, sys
dataclasses._MISSING_TYPE.__repr__ = lambda _: "missing"
told = {}
for path in sorted(pathlib.Path("chalicelib").rglob("*.py")):
    name = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
    module = importlib.import_module(name)
    for kind in vars(module).values():
        if isinstance(kind, type) and kind.__module__ == name and dataclasses.is_dataclass(kind):
            parameters = inspect.signature(kind).parameters.values()
            told[f"{name}.{kind.__qualname__}"] = {
                "parameters": [(each.name, str(each.kind), repr(each.default)) for each in parameters],
                "fields": [(each.name, each.type, each.repr, each.compare, each.init, repr(each.default),
                    getattr(each.default_factory, "__name__", "missing")) for each in dataclasses.fields(kind)],
                "params": repr(kind.__dataclass_params__), "match": kind.__match_args__,
                "slots": kind.__dict__.get("__slots__"), "dict": hasattr(kind, "__dict__") and "__dict__" in dir(kind),
                "dunders": sorted(each for each in ("__eq__", "__hash__", "__repr__", "__setattr__", "__delattr__",
                    "__getstate__", "__setstate__", "__init__") if kind.__dict__.get(each) is not None),
                # One is made of the signature where the source has none, which nobody reads.
                "doc": None if (kind.__doc__ or "").startswith(kind.__name__ + "(") else kind.__doc__,
            }
kinds = [(module, kind) for module in list(sys.modules.values()) for kind in list(vars(module).values())]
unfolded = sum(getattr(kind.__setattr__, "__module__", "") == "chalicelib.unfolded" for module, kind in kinds
    if isinstance(kind, type) and kind.__module__ == module.__name__)
print(json.dumps({"told": told, "unfolded": unfolded}))
"""


def made(name: str, source: str, *, unfolded: bool) -> types.ModuleType:
    module = types.ModuleType(name)
    sys.modules[name] = module
    tree = ast.parse(source)
    exec(compile(unfold.unfold(tree) if unfolded else tree, f"{name}.py", "exec", dont_inherit=True), module.__dict__)
    return module


@pytest.fixture(params=[False, True], ids=["as it is", "unfolded"])
def module(request: pytest.FixtureRequest) -> Any:
    name = f"unfold_example_{request.param}"
    yield made(name, SOURCE, unfolded=request.param)
    del sys.modules[name]


def test_a_class_behaves_alike_unfolded_and_not(module: Any) -> None:
    one, same, other = module.Thing("a"), module.Thing("a"), module.Thing("a", count=4)
    assert repr(one) == "Thing(name='a', count=3, kept={})"
    assert one == same
    assert one != other
    assert one != ("a", 3, {}, "s")
    assert one.kept is not same.kept
    assert one.more() == other
    assert one.double == 6
    assert hash(module.Plain("a", ("b",))) == hash(module.Plain("a", ("b",))) == hash(("a", ("b",)))
    with pytest.raises(TypeError, match="unhashable"):
        hash(one)
    for copied in (copy.copy(one), copy.deepcopy(one), pickle.loads(pickle.dumps(one))):
        assert copied == one
        assert type(copied) is module.Thing
    assert dataclasses.replace(one, count=4) == other
    assert dataclasses.asdict(one) == {"name": "a", "count": 3, "kept": {}, "secret": "s"}
    match one:
        case module.Thing(name, count):
            assert (name, count) == ("a", 3)


def test_a_class_refuses_alike_unfolded_and_not(module: Any) -> None:
    one = module.Thing("a")
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'count'"):
        one.count = 5
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot delete field 'count'"):
        del one.count
    with pytest.raises((AttributeError, TypeError)):
        one.unheard_of = 1
    for wrong in ({}, {"name": "a", "unheard_of": 1}):
        with pytest.raises(TypeError):
            module.Thing(**wrong)
    with pytest.raises(TypeError):
        dataclasses.replace(one, unheard_of=1)
    assert not hasattr(one, "__dict__")


def test_a_traceback_shows_the_line_of_the_source(module: Any) -> None:
    with pytest.raises(ValueError, match="here") as raised:
        module.fails()
    lines = SOURCE.splitlines()
    assert lines[raised.traceback[-1].lineno] == '    raise ValueError("here")'
    assert inspect.unwrap(module.Thing.more).__code__.co_firstlineno == lines.index("    def more(self) -> Thing:") + 1


@pytest.mark.parametrize(
    "source",
    [
        "@dataclass\nclass A:\n    a: int",
        "@dataclass(slots=True)\nclass A:\n    a: int",
        "@dataclass(frozen=True, slots=True)\n@final\nclass A:\n    a: int",
        "@dataclass(frozen=True, slots=True)\nclass A(B):\n    a: int",
        "@dataclass(frozen=True, slots=True)\nclass A:\n    a: int\nclass C(A): ...",
        "@dataclass(frozen=True, slots=True)\nclass A:\n    a: ClassVar[int] = 1",
        "@dataclass(frozen=True, slots=True)\nclass A:\n    a: int\n    def __post_init__(self): ...",
        "@dataclass(frozen=True, slots=True)\nclass A:\n    a: int\n    def __eq__(self, other): ...",
    ],
)
def test_what_is_another_kind_of_class_is_left_alone(source: str) -> None:
    assert ast.dump(unfold.unfold(ast.parse(source))) == ast.dump(ast.parse(source))


def test_a_field_of_an_unknown_kind_stops_the_build() -> None:
    source = "@dataclass(frozen=True, slots=True)\nclass A:\n    a: int = field(compare=False)"
    with pytest.raises(NotImplementedError, match="compare"):
        unfold.unfold(ast.parse(source))


def test_each_of_our_classes_is_the_same_in_a_package(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "chalicelib", tmp_path / "chalicelib", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "factory_labels", tmp_path / "factory_labels", ignore=shutil.ignore_patterns("__pycache__"))
    as_it_is = _told(ROOT)
    archive.compile_all(tmp_path)
    unfolded = _told(tmp_path)
    assert unfolded["told"].keys() == as_it_is["told"].keys()
    assert [name for name, told in unfolded["told"].items() if told != as_it_is["told"][name]] == []
    assert as_it_is["unfolded"] == 0
    assert unfolded["unfolded"] > 150, "are there so few frozen dataclasses?"


def _told(folder: Path) -> dict[str, Any]:
    environment = {"PATH": "/usr/bin:/bin", "AWS_REGION": "eu-central-1", "PYTHONPATH": "", "PYTHONHASHSEED": "0"}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    done = subprocess.run(
        [sys.executable, "-c", ALL], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told
