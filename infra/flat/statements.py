"""What a template does, as lines of Python: what it puts out is gathered, so that runs of text become one string."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import nodes

from infra.flat.expressions import Expressions, Made
from infra.flat.known import Unsupported
from infra.flat.runs import joined, literal, one, runs, text
from infra.flat.scopes import Function, Names, Same, Scope, assigned, targets

Parse = Callable[[str], nodes.Template]
Blocks = dict[str, list[nodes.Block]]
"""The blocks of a page by name, each with those that it stands in the place of behind it."""


class Statements:
    """Writes the body of one page, and of the functions in it."""

    def __init__(self, parse: Parse, blocks: Blocks) -> None:
        self._parse, self._blocks = parse, blocks
        self._names = Names()
        self.kept: dict[str, int] = {}
        self.given: dict[str, str] = {}
        self._said = Expressions(self._keep, self._context)
        self.lines: list[str] = []
        self._run: list[Made] = []
        self._depth = 1
        self._supers: list[list[nodes.Block]] = []
        self._pages: dict[str, Scope] = {}
        self.root = Scope(None)

    def _keep(self, code: str) -> str:
        return f"texts[{self.kept.setdefault(code, len(self.kept))}]"

    def _context(self, name: str) -> str:
        return self.given.setdefault(name, f"given_{name}")

    def line(self, code: str) -> None:
        """A line of Python, behind what was put out before it."""
        self.flush()
        self.lines.append("    " * self._depth + code)

    def flush(self) -> None:
        """Write what was put out since the last line: neighbours that are alike on each page are one string."""
        parts: list[str] = []
        for same, run in runs(self._run):
            if not same:
                parts += [each.code for each in run]
            elif all(each.const for each in run):
                parts.append(repr("".join(map(literal, run))))
            else:
                parts.append(self._keep(joined(run)))
        self._run = []
        if parts:
            what = f"out.append({parts[0]})" if len(parts) == 1 else f"out += ({', '.join(parts)})"
            self.lines.append("    " * self._depth + what)

    def body(self, found: list[Any], scope: Scope, *, silent: bool = False) -> None:
        """A part of a template. ``silent``: what a page says outside its blocks is not put out."""
        for node in found:
            if isinstance(node, nodes.Output):
                if not silent:
                    for each in node.nodes:
                        self._put_out(each, scope)
            elif not (silent and isinstance(node, nodes.Block | nodes.Extends)):
                writer = getattr(self, f"_{type(node).__name__.lower()}", None)
                if writer is None:
                    raise Unsupported(f"{type(node).__name__} in line {node.lineno}")
                writer(node, scope)

    def inner(self, found: list[Any], outer: Scope, names: dict[str, str] | None = None) -> Scope:
        """A part with a scope of its own: what is set there begins as what it is outside, and is not seen outside."""
        scope = Scope(outer, dict(names or {}))
        self.declare(found, scope)
        self.body(found, scope)
        return scope

    def declare(self, found: list[Any], scope: Scope) -> None:
        """Variables for all that is set in a part."""
        for name in assigned(found):
            if name not in scope.names:
                before = self._said.made(nodes.Name(name, "load"), scope)
                variable = self._names.new(name)
                self.line(f"{variable} = {self._said.late(before)}")
                scope.names[name] = variable

    def _put_out(self, node: nodes.Expr, scope: Scope) -> None:
        if isinstance(node, nodes.TemplateData):
            self._run.append(text(node.data))
            return
        if isinstance(node, nodes.Call) and self._is_block(node):
            return
        self._run.append(self._said.html(node, scope))

    def _is_block(self, node: nodes.Call) -> bool:
        """``self.title()`` puts out a block once more, ``super()`` the one that this one stands in the place of."""
        called = node.node
        if isinstance(called, nodes.Getattr) and isinstance(called.node, nodes.Name) and called.node.name == "self":
            self._put_out_block(self._blocks[called.attr])
            return True
        if isinstance(called, nodes.Name) and called.name == "super":
            self._put_out_block(self._supers[-1])
            return True
        return False

    def _put_out_block(self, chain: list[nodes.Block]) -> None:
        self._supers.append(chain[1:])
        self.inner(chain[0].body, self.root)
        self._supers.pop()

    def _block(self, node: nodes.Block, _scope: Scope) -> None:
        self._put_out_block(self._blocks[node.name])

    def _assign(self, node: nodes.Assign, scope: Scope) -> None:
        variables = [str(scope.names[name]) for name in targets(node.target)]
        value = self._said.value(node.node, scope)
        self.line(f"{', '.join(variables)} = {value}")

    def _if(self, node: nodes.If, scope: Scope) -> None:
        if self._small(node, scope):
            return
        branches = [(node.test, node.body), *((each.test, each.body) for each in node.elif_)]
        for number, (test, part) in enumerate(branches):
            condition = self._said.late(self._said.made(test, scope))
            self.line(f"{'elif' if number else 'if'} {condition}:")
            self._indented(lambda part=part: self.body(part, scope))
        if node.else_:
            self.line("else:")
            self._indented(lambda: self.body(node.else_, scope))

    def _small(self, node: nodes.If, scope: Scope) -> bool:
        """Put a condition out as an expression, if it is one of texts that are alike on each page."""
        if node.elif_ or not all(isinstance(each, nodes.Output) for each in (*node.body, *node.else_)):
            return False
        parts = []
        for body in (node.body, node.else_):
            run = [self._piece(each, scope) for output in body for each in output.nodes]
            if not all(each is not None and each.same for each in run):
                return False
            parts.append(one([each for each in run if each]))
        test = self._said.made(node.test, scope)
        yes, no = (each.code if test.same else self._said.late(each) for each in parts)
        self._run.append(Made(f"({yes} if {test.code} else {no})", html=True, same=test.same))
        return True

    def _piece(self, node: nodes.Expr, scope: Scope) -> Made | None:
        if isinstance(node, nodes.TemplateData):
            return text(node.data)
        simple = (nodes.Call, nodes.Const, nodes.Name, nodes.Getattr)
        if not isinstance(node, simple) or (isinstance(node, nodes.Call) and not isinstance(node.node, nodes.Name)):
            return None
        if isinstance(node, nodes.Call) and node.node.name in ("super", "self"):  # type: ignore[attr-defined]
            return None
        return self._said.html(node, scope)

    def _for(self, node: nodes.For, scope: Scope) -> None:
        if node.recursive:
            raise Unsupported(f"a recursive loop in line {node.lineno}")
        if self._spread(node, scope):
            return
        names = {name: self._names.new(name) for name in targets(node.target)}
        variables = ", ".join(names.values())
        each = self._said.value(node.iter, scope)
        inside = Scope(scope, dict(names))
        if node.test is not None:
            test = self._said.late(self._said.made(node.test, inside))
            each = f"[{variables if len(names) == 1 else f'({variables})'} for {variables} in {each} if {test}]"
        loop = {name.attr for name in node.find_all(nodes.Getattr) if _is_loop(name)}
        listed = self._names.new("all")
        if loop or node.else_:
            self.line(f"{listed} = list({each})")
            each = listed
        if loop:
            names["loop"] = inside.names["loop"] = loop_name = self._names.new("loop")
            self.line(f"for {loop_name}, {variables if len(names) == 2 else f'({variables})'} in looped({each}):")
        else:
            self.line(f"for {variables} in {each}:")
        self._indented(lambda: self.inner(node.body, scope, names))
        if node.else_:
            self.line(f"if not {listed}:")
            self._indented(lambda: self.inner(node.else_, scope))

    def _spread(self, node: nodes.For, scope: Scope) -> bool:
        """Put out a loop over what is alike on each page as one kept text, with places for what is not."""
        values = self._said.made(node.iter, scope)
        if node.test or node.else_ or not values.same or not isinstance(node.iter, nodes.Name):
            return False
        names = {name: Same(self._names.new(name)) for name in targets(node.target)}
        before, holes = len(self.kept), {}  # type: ignore[var-annotated]
        each = self._with_holes(node.body, Scope(scope, dict(names)), holes)
        written = [*holes, *list(self.kept)[before:]]
        if each is None or any(variable in code for variable in names.values() for code in written):
            for code in list(self.kept)[before:]:
                del self.kept[code]
            return False
        pattern = self._keep(f"''.join([{each} for {', '.join(names.values())} in {values.code}])")
        filled = ", ".join(f"'{name}': {code}" for code, name in holes.items())
        self._run.append(Made(f"({pattern} % {{{filled}}})", html=True))
        return True

    def _with_holes(self, body: list[Any], scope: Scope, holes: dict[str, str]) -> str | None:
        """Text and conditions as an expression that makes a pattern; ``holes``: what goes where, by its code."""
        parts = ["''"]
        for node in body:
            if isinstance(node, nodes.If) and not node.elif_:
                test = self._said.made(node.test, scope)
                yes, no = (self._with_holes(part, scope, holes) for part in (node.body, node.else_))
                if not test.same or yes is None or no is None:
                    return None
                parts.append(f"({yes} if {test.code} else {no})")
            elif isinstance(node, nodes.Output):
                parts += [self._hole(each, scope, holes) for each in node.nodes]
            else:
                return None
        return f"''.join(({', '.join(parts)}))"

    def _hole(self, node: nodes.Expr, scope: Scope, holes: dict[str, str]) -> str:
        if isinstance(node, nodes.TemplateData):
            return repr(node.data.replace("%", "%%"))
        made = self._said.html(node, scope)
        if made.same:
            return f"{made.code}.replace('%', '%%')"
        return f"'%({holes.setdefault(made.code, f'hole{len(holes)}')})s'"

    def _macro(self, node: nodes.Macro, scope: Scope) -> None:
        variable = self._names.new(node.name)
        parameters = tuple(each.name for each in node.args)
        scope.names[node.name] = Function(variable, parameters)
        defaults = {each.name: None for each in node.args}
        for each, default in zip(reversed(node.args), reversed(node.defaults), strict=False):
            defaults[each.name] = self._said.value(default, scope)  # type: ignore[assignment]
        written = [f"p_{name}={value or f'Missing({name!r})'}" for name, value in defaults.items()]
        self.line(f"def {variable}({', '.join(written)}):")
        self._indented(lambda: self._function(node, scope))

    def _function(self, node: nodes.Macro, scope: Scope) -> None:
        self.line("out = []")
        self.inner(node.body, scope, {each.name: f"p_{each.name}" for each in node.args})
        self.line('return "".join(out)')

    def _include(self, node: nodes.Include, scope: Scope) -> None:
        self.inner(self._parsed(node.template).body, scope)

    def _fromimport(self, node: nodes.FromImport, scope: Scope) -> None:
        module = self._module(node.template, scope, node.with_context)
        for name in node.names:
            given, called = name if isinstance(name, tuple) else (name, name)
            scope.names[called] = module.names[given]

    def _import(self, node: nodes.Import, scope: Scope) -> None:
        scope.names[node.target] = Function(scope=self._module(node.template, scope, node.with_context))

    def _module(self, template: nodes.Expr, scope: Scope, with_context: bool) -> Scope:
        """A template of macros. Each is written once, even if a page and what it imports both want it."""
        name = template.value if isinstance(template, nodes.Const) else ""
        if name in self._pages:
            return self._pages[name]
        parsed = self._parsed(template)
        module = Scope(scope if with_context else None)
        self._pages[name] = module
        self.declare(parsed.body, module)
        self.body(parsed.body, module, silent=True)
        return module

    def _parsed(self, template: nodes.Expr) -> nodes.Template:
        if not isinstance(template, nodes.Const):
            raise Unsupported(f"a template whose name is not written out, in line {template.lineno}")
        return self._parse(template.value)

    def _indented(self, write: Callable[[], object]) -> None:
        self._depth += 1
        before = len(self.lines)
        write()
        self.flush()
        if len(self.lines) == before:
            self.line("pass")
        self._depth -= 1


def _is_loop(node: nodes.Getattr) -> bool:
    return isinstance(node.node, nodes.Name) and node.node.name == "loop"
