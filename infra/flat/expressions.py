"""An expression of a template as one of Python's, with what is known of its value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jinja2 import nodes
from markupsafe import escape

from infra.flat import known
from infra.flat.known import Unsupported
from infra.flat.scopes import Function, Same, Scope

_COMPARED = {
    "eq": "==",
    "ne": "!=",
    "gt": ">",
    "gteq": ">=",
    "lt": "<",
    "lteq": "<=",
    "in": "in",
    "notin": "not in",
}
_COUNTED = {nodes.Add: "+", nodes.Sub: "-", nodes.Mul: "*", nodes.Div: "/"}


@dataclass(frozen=True, slots=True)
class Made:
    """Python for an expression. ``html``: a ``str`` that needs no escaping; ``same``: alike on each page of a language.

    ``const``: a literal.
    """

    code: str
    html: bool = False
    same: bool = False
    const: bool = False


class Expressions:
    """Writes the expressions of one page. ``kept`` puts a value that is alike on each page where it is made once."""

    def __init__(self, kept: Callable[[str], str], context: Callable[[str], str]) -> None:
        self._kept, self._context = kept, context

    def value(self, node: nodes.Expr, scope: Scope) -> str:
        """An expression as a value that is handed on: HTML is marked as such, for whoever gets it does not know."""
        made = self.made(node, scope)
        return self.late(Made(f"Markup({made.code})", same=made.same) if made.html else made)

    def html(self, node: nodes.Expr, scope: Scope) -> Made:
        """An expression as it stands in a page, escaped if need be."""
        if isinstance(node, nodes.Const):
            return Made(repr(str(escape(node.value))), html=True, same=True, const=True)
        if isinstance(node, nodes.CondExpr):
            return self._either(node, scope)
        made = self.made(node, scope)
        return made if made.html else Made(f"esc({made.code})", html=True, same=made.same)

    def late(self, made: Made) -> str:
        """What to write where the value is needed at each request."""
        if made.same and not made.const:
            return self._kept(made.code)
        return made.code

    def made(self, node: nodes.Expr, scope: Scope) -> Made:
        """Any expression."""
        writer = getattr(self, f"_{type(node).__name__.lower()}", None)
        if writer is not None:
            found: Made = writer(node, scope)
            return found
        if type(node) in _COUNTED:
            left, right = self.made(node.left, scope), self.made(node.right, scope)  # type: ignore[attr-defined]
            return self._of([left, right], f"({{}} {_COUNTED[type(node)]} {{}})")  # type: ignore[index]
        raise Unsupported(f"{type(node).__name__} in line {node.lineno}")

    def _of(self, parts: list[Made], pattern: str, *, html: bool = False) -> Made:
        """An expression of others. It is the same if they all are; if not, those that are get kept."""
        marked = [Made(f"Markup({each.code})", same=each.same) if each.html and not html else each for each in parts]
        same = all(each.same for each in parts)
        codes = [each.code if same else self.late(each) for each in marked]
        return Made(pattern.format(*codes), html=html, same=same)

    def _const(self, node: nodes.Const, _scope: Scope) -> Made:
        return Made(repr(node.value), same=True, const=True)

    def _name(self, node: nodes.Name, scope: Scope) -> Made:
        found = scope.find(node.name)
        if isinstance(found, Function):
            raise Unsupported(f"the macro {node.name} as a value, in line {node.lineno}")
        if found is not None:
            return Made(found, same=isinstance(found, Same))
        if node.name == "css":
            return Made("voice.css", html=True, same=True)
        if node.name in known.VALUES:
            return Made(known.VALUES[node.name], same=True)
        helper = known.HELPERS.get(node.name)
        if helper is not None:
            if helper.html:
                raise Unsupported(f"{node.name} as a value, in line {node.lineno}: what it returns is HTML")
            return Made(helper.code)
        if node.name == "page":
            return Made("page")
        return Made(self._context(node.name))

    def _getattr(self, node: nodes.Getattr, scope: Scope) -> Made:
        if isinstance(node.node, nodes.Name) and scope.find(node.node.name) is None:
            if node.node.name == "page":
                return Made(f"page.{node.attr}", same=node.attr in known.SAME_OF_PAGE)
            if node.node.name in known.MODULES:
                return Made(f"{known.MODULES[node.node.name]}.{node.attr}")
        thing = self.made(node.node, scope)
        if thing.same:
            return Made(f"{thing.code}.{node.attr}", same=True)
        if hasattr(dict, node.attr):  # an attribute before what a mapping holds by that name
            return Made(f"{thing.code}.{node.attr}")
        if thing.code.isidentifier():  # without a call, since this stands in every other line
            return Made(
                f'({thing.code}.{node.attr} if type({thing.code}) is not dict else {thing.code}["{node.attr}"])'
            )
        return Made(f'attr({thing.code}, "{node.attr}")')

    def _getitem(self, node: nodes.Getitem, scope: Scope) -> Made:
        thing = self.made(node.node, scope)
        if isinstance(node.arg, nodes.Slice):
            ends = [self.value(each, scope) if each else "" for each in (node.arg.start, node.arg.stop)]
            return Made(f"{self.late(thing)}[{ends[0]}:{ends[1]}]")
        return self._of([thing, self.made(node.arg, scope)], "{}[{}]")

    def _tuple(self, node: nodes.Tuple, scope: Scope) -> Made:
        items = [self.made(each, scope) for each in node.items]
        return self._of(items, "(" + "{}, " * len(items) + ")")

    def _list(self, node: nodes.List, scope: Scope) -> Made:
        return Made("[" + ", ".join(self.value(each, scope) for each in node.items) + "]")

    def _dict(self, node: nodes.Dict, scope: Scope) -> Made:
        pairs = (f"{self.value(each.key, scope)}: {self.value(each.value, scope)}" for each in node.items)
        return Made("{" + ", ".join(pairs) + "}")

    def _concat(self, node: nodes.Concat, scope: Scope) -> Made:
        parts = [self.made(each, scope) for each in node.nodes]
        return self._of(parts, "joined(" + ", ".join("{}" for _ in parts) + ")")

    def _compare(self, node: nodes.Compare, scope: Scope) -> Made:
        parts = [self.made(each, scope) for each in (node.expr, *(operand.expr for operand in node.ops))]
        pattern = "({}" + "".join(f" {_COMPARED[operand.op]} {{}}" for operand in node.ops) + ")"
        return self._of(parts, pattern)

    def _and(self, node: nodes.And, scope: Scope) -> Made:
        return self._of([self.made(node.left, scope), self.made(node.right, scope)], "({} and {})")

    def _or(self, node: nodes.Or, scope: Scope) -> Made:
        return self._of([self.made(node.left, scope), self.made(node.right, scope)], "({} or {})")

    def _not(self, node: nodes.Not, scope: Scope) -> Made:
        return self._of([self.made(node.node, scope)], "(not {})")

    def _condexpr(self, node: nodes.CondExpr, scope: Scope) -> Made:
        other = self.made(node.expr2, scope) if node.expr2 else Made("''", same=True, const=True)
        return self._of([self.made(node.expr1, scope), self.made(node.test, scope), other], "({} if {} else {})")

    def _either(self, node: nodes.CondExpr, scope: Scope) -> Made:
        other = self.html(node.expr2, scope) if node.expr2 else Made("''", html=True, same=True, const=True)
        one, test = self.html(node.expr1, scope), self.made(node.test, scope)
        return self._of([one, test, other], "({} if {} else {})", html=True)

    def _test(self, node: nodes.Test, scope: Scope) -> Made:
        if node.name == "defined" and isinstance(node.node, nodes.Getattr):
            return Made(f'has({self.late(self.made(node.node.node, scope))}, "{node.node.attr}")')
        tested = self.made(node.node, scope)
        patterns = {
            "defined": "(type({}) is not Missing)",
            "none": "({} is None)",
            "false": "({} is False)",
            "even": "({} % 2 == 0)",
        }
        if node.name not in patterns or node.args:
            raise Unsupported(f"the test {node.name} in line {node.lineno}")
        return self._of([tested], patterns[node.name])

    def _filter(self, node: nodes.Filter, scope: Scope) -> Made:
        if node.node is None or node.kwargs:
            raise Unsupported(f"the filter {node.name} in line {node.lineno}")
        parts = [self.made(node.node, scope), *(self.made(each, scope) for each in node.args)]
        if node.name in known.PLAIN_FILTERS and len(parts) == 1:
            return self._of(parts, known.PLAIN_FILTERS[node.name] + "({})")
        if node.name in known.HTML_FILTERS and len(parts) == 1:
            made = self._of(parts, known.HTML_FILTERS[node.name] + "({})")
            return Made(made.code, html=True, same=made.same)
        chosen = [each.value for each in node.args[:1] if isinstance(each, nodes.Const)]
        patterns: dict[tuple[str, Any], str] = {
            ("select", "in"): "[each for each in {0} if each in {2}]",
            ("reject", "in"): "[each for each in {0} if each not in {2}]",
            ("map", "in_area"): "[{2}[each] for each in {0}]",
        }
        pattern = patterns.get((node.name, *chosen)) if len(chosen) == 1 else None
        pattern = pattern or {"replace": "{}.replace({}, {})", "join": "{1}.join(map(str, {0}))"}.get(node.name)
        pattern = pattern or {"format": "({} % {})"}.get(node.name)
        if pattern is None:
            raise Unsupported(f"the filter {node.name} in line {node.lineno}")
        return self._of(parts, pattern)

    def _call(self, node: nodes.Call, scope: Scope) -> Made:
        if node.dyn_kwargs:
            raise Unsupported(f"** in line {node.lineno}")
        if isinstance(node.node, nodes.Name) and scope.find(node.node.name) is None:
            special = {"_": self._text, "ngettext": self._number, "other_language": self._other_language}
            if node.node.name in special:
                return special[node.node.name](node, scope)
        function = self._function(node.node, scope)
        if function is not None:
            return self._macro(function, node, scope)
        helper = self._helper(node.node, scope)
        parts = [self.made(each, scope) for each in node.args]
        if helper is not None and helper.same and not node.kwargs and not node.dyn_args:
            made = self._of(parts, helper.code + "(" + ", ".join("{}" for _ in parts) + ")")
            return Made(made.code, html=helper.html, same=made.same)
        called = helper.code if helper else self._called(node.node, scope)
        given = [self.value(each, scope) for each in node.args]
        given += [f"*{self.value(node.dyn_args, scope)}"] if node.dyn_args else []
        given += [f"{each.key}={self.value(each.value, scope)}" for each in node.kwargs]
        return Made(f"{called}({', '.join(given)})", html=bool(helper and helper.html))

    def _called(self, node: nodes.Expr, scope: Scope) -> str:
        if isinstance(node, nodes.Getattr) and node.attr in known.DIRECT_METHODS:
            return f"{self.late(self.made(node.node, scope))}.{node.attr}"
        return self.late(self.made(node, scope))

    def _helper(self, node: nodes.Expr, scope: Scope) -> known.Helper | None:
        if isinstance(node, nodes.Name) and scope.find(node.name) is None:
            return known.HELPERS.get(node.name)
        return None

    def _function(self, node: nodes.Expr, scope: Scope) -> Function | None:
        if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
            module = scope.find(node.node.name)
            scope = module.scope if isinstance(module, Function) and module.scope else Scope(None)
            node = nodes.Name(node.attr, "load")
        found = scope.find(node.name) if isinstance(node, nodes.Name) else None
        return found if isinstance(found, Function) else None

    def _macro(self, function: Function, node: nodes.Call, scope: Scope) -> Made:
        named = zip(function.parameters, node.args, strict=False)
        pairs = [*named, *((each.key, each.value) for each in node.kwargs)]
        if len(pairs) < len(node.args) or node.dyn_args:
            raise Unsupported(f"too many arguments in line {node.lineno}")
        given = ", ".join(f"p_{name}={self.value(each, scope)}" for name, each in pairs)
        return Made(f"{function.code}({given})", html=True)

    def _text(self, node: nodes.Call, scope: Scope) -> Made:
        """``_("…", name=…)``: what is said is the same on each page of a language, what is put into it need not be."""
        message, values = self.made(node.args[0], scope), self._values(node, scope)
        if not values:
            made = self._of([message], "voice.text({})")
            return Made(made.code, html=True, same=made.same)
        said = self._of([message], "voice.pattern({})")
        pattern = "({} % {{" + ", ".join(f"'{name}': {{}}" for name in values) + "}})"
        return self._of([Made(said.code, html=True, same=said.same), *values.values()], pattern, html=True)

    def _number(self, node: nodes.Call, scope: Scope) -> Made:
        parts = [self.value(each, scope) for each in node.args]
        values = [f"{name}={self.late(each)}" for name, each in self._values(node, scope).items()]
        return Made(f"voice.number({', '.join([*parts, *values])})", html=True)

    def _values(self, node: nodes.Call, scope: Scope) -> dict[str, Made]:
        return {each.key: self.html(each.value, scope) for each in node.kwargs}

    def _other_language(self, node: nodes.Call, scope: Scope) -> Made:
        return Made(f"voice.other_language(page, {self.value(node.args[0], scope)})")
