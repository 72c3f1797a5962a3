"""Makes the languages: catalogues out of templates, code and standards, and modules out of catalogues and CLDR.

``python -m infra.locales``            writes ``chalicelib/web/locale/``, unless it is up to date
``python -m infra.locales --extract``  updates ``templates/messages/*.po`` with the texts in use
"""

from __future__ import annotations

import ast
import gettext
import hashlib
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from pprint import pformat
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MESSAGES = ROOT / "templates" / "messages"
STANDARDS = ROOT / "standards"
TARGET = ROOT / "chalicelib" / "web" / "locale"
CLDR = {"en": "en_GB", "zh": "zh_Hans"}
ENOUGH = 0.95
_HEADER = '"""Made by ``python -m infra.locales``: do not edit."""\n\n'
_DAY_ONE = datetime(2026, 11, 22, tzinfo=UTC)  # a fixed date: catalogues change only when their texts do
_HEAD: dict[str, Any] = {
    "project": "Factory ID",
    "version": "1",
    "copyright_holder": "the Factory ID team",
    "header_comment": "# Texts of Factory ID. See infra/locales.py.",
    "creation_date": _DAY_ONE,
    "revision_date": _DAY_ONE,
    "charset": "utf-8",
}
_SAID = {"N_": (0,), "phrase": (0,), "Fault": (1,), "Problem": (1, 2), "__init__": (0,)}
"""What hands texts to people, beside the errors, and which of its arguments they are. ``__init__``: an error's own."""
_KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "ngettext": (1, 2)}


def build() -> bool:
    """Write the modules; ``False`` if they were up to date already."""
    digest = _digest()
    index = TARGET / "__init__.py"
    if index.exists() and f'DIGEST = "{digest}"' in index.read_text("utf-8"):
        return False
    from chalicelib.web.language import LANGUAGES

    TARGET.mkdir(exist_ok=True)
    offered = []
    for code in LANGUAGES:
        source, complete = _module(code)
        (TARGET / f"{code}.py").write_text(source, "utf-8")
        if complete >= ENOUGH:
            offered.append(code)
    index.write_text(f'{_HEADER}OFFERED = {tuple(offered)!r}\nDIGEST = "{digest}"\n', "utf-8")
    return True


def _digest() -> str:
    """What the modules depend on. Babel and its CLDR are pinned, and their pin is read here."""
    total = hashlib.sha256()
    for path in [Path(__file__), ROOT / "pyproject.toml", *sorted(MESSAGES.glob("*.po"))]:
        total.update(path.read_bytes())
    return total.hexdigest()


def narrow(target: Path, without: tuple[str, ...]) -> None:
    """Write the languages' modules in ``target`` anew, without the texts that stand only in files beginning so."""
    for path in sorted(target.glob("??.py")):
        path.write_text(_module(path.stem, without)[0], "utf-8")


def _module(code: str, without: tuple[str, ...] = ()) -> tuple[str, float]:
    """The source of a language's module, and how complete its catalogue is (0 to 1)."""
    from babel import Locale

    locale = Locale.parse(CLDR.get(code, code))
    messages, complete, plural = _messages(code, without)
    months = locale.months["format"]["wide"]
    countries = {tag: name for tag, name in sorted(locale.territories.items()) if len(tag) == 2 and tag.isalpha()}
    choose = gettext.c2py(plural)
    constants = {
        "DIRECTION": locale.text_direction,
        "COMPLETE": round(complete, 3),
        "DAY": _day_pattern(locale.date_formats["long"].pattern),
        "DAY_AND_TIME": locale.datetime_formats["long"].replace("'", ""),
        "MONTHS": tuple(months[number] for number in range(1, 13)),
        "PLURALS": "".join(str(choose(number)) for number in range(200)),
        "COUNTRIES": countries,
        "MESSAGES": messages,
    }
    types = {"MESSAGES": ": dict[str, str | tuple[str, ...]]", "COUNTRIES": ": dict[str, str]"}
    lines = [
        f"{name}{types.get(name, '')} = {pformat(value, width=110, sort_dicts=False)}"
        for name, value in constants.items()
    ]
    source = _HEADER + "\n".join(lines) + "\n"
    ast.parse(source)
    return source, complete


def _day_pattern(pattern: str) -> str:
    """A CLDR pattern such as ``d 'de' MMMM 'de' y`` as a Python format string."""
    names = {"d": "{day}", "MMMM": "{month}", "M": "{month_number}", "y": "{year}"}
    parts = []
    for place, piece in enumerate(pattern.split("'")):
        if place % 2:
            parts.append(piece)
            continue
        for run in _runs(piece):
            if run[0].isascii() and run[0].isalpha() and run not in names:
                raise ValueError(f"unknown field {run} in the date pattern {pattern}")
            parts.append(names.get(run, run))
    return "".join(parts)


def _runs(piece: str) -> Iterator[str]:
    """The runs of one and the same character in a string."""
    start = 0
    for place in range(1, len(piece) + 1):
        if place == len(piece) or piece[place] != piece[start]:
            yield piece[start:place]
            start = place


def _messages(code: str, without: tuple[str, ...]) -> tuple[dict[str, str | tuple[str, ...]], float, str]:
    """The translations of a language, the share that is translated, and its plural rule as gettext writes it."""
    from babel.messages.pofile import read_po

    with (MESSAGES / f"{code}.po").open("rb") as file:
        catalogue = read_po(file, locale=CLDR.get(code, code))
    messages: dict[str, str | tuple[str, ...]] = {}
    wanted = done = 0
    for message in catalogue:
        if not message.id:
            continue
        wanted += 1
        key = message.id if isinstance(message.id, str) else message.id[0]
        said = message.string if isinstance(message.string, str) else tuple(message.string)
        if said and all(said) and not message.fuzzy:
            done += 1
            if not without or not all(path.startswith(without) for path, _ in message.locations):
                messages[key] = said
    complete = done / wanted if wanted else 1.0
    if code == "en":  # the texts themselves are English: only the plurals need a table
        messages = {key: said for key, said in messages.items() if isinstance(said, tuple)}
    return messages, complete, catalogue.plural_expr


def extract() -> None:
    """Update the template catalogue and the eight languages with the texts in use; new ones are left empty."""
    from babel import Locale
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po, write_po

    from chalicelib.web.language import LANGUAGES

    template = Catalog(**_HEAD)
    for path, lineno, message, comments in _found():
        template.add(message, locations=[(path, lineno)], auto_comments=comments)
    with (MESSAGES / "messages.pot").open("wb") as file:
        write_po(file, template, include_lineno=False, sort_output=True, width=0)
    for code in LANGUAGES:
        path = MESSAGES / f"{code}.po"
        locale = Locale.parse(CLDR.get(code, code))
        held = Catalog(locale=locale)
        if path.exists():
            with path.open("rb") as file:
                held = read_po(file, locale=locale)
        catalogue = Catalog(locale=locale, fuzzy=False, **_HEAD)
        for message in template:
            if message.id:
                known = held.get(message.id)
                said = message.id if code == "en" else known.string if known else None
                catalogue.add(message.id, said, message.locations, auto_comments=message.auto_comments)
        with path.open("wb") as file:
            write_po(file, catalogue, include_lineno=False, sort_output=True, width=0)


def _found() -> Iterator[tuple[str, int, str | tuple[str, ...], list[str]]]:
    """Every text in use: file, line, text (or singular and plural), comments for translators."""
    from babel.messages.extract import extract_from_file

    options = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
    templates = [path for path in sorted((ROOT / "templates").rglob("*")) if path.suffix in (".html", ".txt")]
    for path in templates:
        for lineno, message, comments, _context in extract_from_file(
            "jinja2.ext:babel_extract", str(path), keywords=_KEYWORDS, comment_tags=("i18n:",), options=options
        ):
            yield path.relative_to(ROOT).as_posix(), lineno, message, list(comments)
    for path, tree in _code().items():
        for lineno, message in _said(tree):
            yield path.relative_to(ROOT).as_posix(), lineno, message, []
    yield from _of_standards()


def _of_standards() -> Iterator[tuple[str, int, str, list[str]]]:
    """What the map says of standards in words of its own. Names, owners and titles of sources stay as they are."""
    for path in sorted(set(STANDARDS.glob("*.json")) - {STANDARDS / "schema.json"}):
        entry = json.loads(path.read_text("utf-8"))
        told = [entry.get("summary"), *(fact["text"] for fact in entry.get("facts", ()))]
        told += [criterion.get("title") for criterion in entry.get("criteria", ())]
        for text in dict.fromkeys(text for text in told if text):
            yield path.relative_to(ROOT).as_posix(), 1, text, []


def _code() -> dict[Path, ast.Module]:
    """Every module of ours, parsed, but for those made here."""
    paths = sorted(path for path in (ROOT / "chalicelib").rglob("*.py") if TARGET not in path.parents)
    return {path: ast.parse(path.read_text("utf-8")) for path in paths if "compiled" not in path.parts}


def _said(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The literals in code that people may read, and the lines where they stand."""
    places = {**_SAID, **dict.fromkeys(errors(), (0,))}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for place in places.get(called(node), ()):
                if place < len(node.args):
                    yield from ((literal.lineno, literal.value) for literal in _literals(node.args[place]))


def _literals(node: ast.expr) -> Iterator[ast.Constant]:
    """The texts that an expression may come to, as far as they are written out and not empty."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _literals(value)
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body)
        yield from _literals(node.orelse)


@lru_cache(maxsize=1)
def errors() -> frozenset[str]:
    """What the errors are called that carry a text for people: ``DomainError`` and all that are made of it."""
    classes = [node for tree in _code().values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    found = {"DomainError"}
    while more := {each.name for each in classes if found & {_name(base) for base in each.bases}} - found:
        found |= more
    return frozenset(found)


def called(call: ast.Call) -> str:
    """The name of what is called, whatever it is reached through."""
    return _name(call.func)


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def main() -> None:
    """Run as a command."""
    if "--extract" in sys.argv[1:]:
        extract()
    print("languages written" if build() else "languages up to date")


if __name__ == "__main__":
    main()
