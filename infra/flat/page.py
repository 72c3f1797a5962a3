"""A page with all that it extends, as the source of one module."""

from __future__ import annotations

from jinja2 import Environment, nodes

from infra.flat import known
from infra.flat.known import Unsupported
from infra.flat.scopes import Scope
from infra.flat.statements import Blocks, Parse, Statements


def source(environment: Environment, template: str) -> str:
    """The module of a page. Raises Unsupported, with the template's name."""

    def parse(name: str) -> nodes.Template:
        assert environment.loader is not None
        return environment.parse(environment.loader.get_source(environment, name)[0], name)

    try:
        lineage = _lineage(parse, template)
        return _source(template, lineage, Statements(parse, _blocks(lineage)))
    except Unsupported as error:
        raise Unsupported(f"{template}: {error}") from error


def _lineage(parse: Parse, template: str) -> list[nodes.Template]:
    """A template and what it extends, the base last."""
    found = [parse(template)]
    while extends := found[-1].find(nodes.Extends):
        if not isinstance(extends.template, nodes.Const):
            raise Unsupported("it extends a template whose name is not written out")
        found.append(parse(extends.template.value))
    return found


def _blocks(lineage: list[nodes.Template]) -> Blocks:
    blocks: Blocks = {}
    for each in lineage:
        for block in each.find_all(nodes.Block):
            blocks.setdefault(block.name, []).append(block)
    return blocks


def _source(template: str, lineage: list[nodes.Template], page: Statements) -> str:
    for each in lineage[:-1]:
        page.declare(each.body, page.root)
        page.body(each.body, page.root, silent=True)
    base = Scope(page.root)
    page.declare(lineage[-1].body, base)
    page.body(lineage[-1].body, base)
    page.flush()
    kept = "".join(f"        {code},\n" for code in page.kept)
    given = "".join(f'    {variable} = context.get("{name}", _{variable})\n' for name, variable in page.given.items())
    missing = "".join(f'_{variable} = Missing("{name}")\n' for name, variable in page.given.items())
    body = "\n".join(page.lines)
    return (
        f'"""Made of templates/{template} by ``infra.flat``: do not edit."""\n\n{known.IMPORTS}\n{missing}\n\n'
        f"def texts(page, voice):\n    return (\n{kept}    )\n\n\n"
        f'def body(page, voice, texts, context):\n{given}    out = []\n{body}\n    return "".join(out)\n'
    )
