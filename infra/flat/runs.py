"""Runs of what a page puts out, so that neighbours which are alike on each page become one string."""

from __future__ import annotations

import ast

from infra.flat.expressions import Made


def runs(found: list[Made]) -> list[tuple[bool, list[Made]]]:
    """What is put out, parted into what is alike on each page and what is not."""
    parted: list[tuple[bool, list[Made]]] = []
    for each in found:
        if parted and parted[-1][0] == each.same:
            parted[-1][1].append(each)
        else:
            parted.append((each.same, [each]))
    return parted


def literal(made: Made) -> str:
    """The text of a literal."""
    return str(ast.literal_eval(made.code))


def joined(run: list[Made]) -> str:
    """One string of several, neighbouring literals made one."""
    parts: list[str] = []
    held = ""
    for each in run:
        if each.const:
            held += literal(each)
            continue
        parts += [repr(held)] if held else []
        held = ""
        parts.append(each.code)
    parts += [repr(held)] if held else []
    return parts[0] if len(parts) == 1 else f"''.join(({', '.join(parts)}))"


def one(run: list[Made]) -> Made:
    """Texts that are alike on each page, as one."""
    if all(each.const for each in run):
        return text("".join(map(literal, run)))
    return Made(joined(run), html=True, same=True)


def text(data: str) -> Made:
    """Text of a template."""
    return Made(repr(data), html=True, same=True, const=True)
