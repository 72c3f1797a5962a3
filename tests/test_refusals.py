"""What we refuse, we refuse in the reader's language: every such text is a literal that the catalogues can have."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import pkgutil
from datetime import date

import pytest
from babel.messages.pofile import read_po

import chalicelib
from chalicelib.domain.errors import Conflict, DomainError, Malformed, NotFound
from chalicelib.domain.phrase import Phrase, phrase
from chalicelib.web import language, responses
from infra import locales
from tests.test_pages_render import page

locales.build()

from chalicelib.web import pages  # noqa: E402  (its languages must have been made first)

TEXTS = {"__init__": (0,), "Fault": (1,), "Problem": (1, 2), "phrase": (0,), "N_": (0,)}
PASSED_ON = {"detail"}  # attributes that hold what was looked at where it was made
HANDED_ON = {"slip", "title", "otherwise", "detail"}  # names of what was looked at elsewhere, or is in N_
MOST = phrase("A batch has at most %(most)s items: send the rest in another.", most="1,000")


@pytest.fixture
def bengali(monkeypatch):
    speaks = language.language("bn")
    said = {MOST.message: "[%(most)s]", "lies before %(day)s": "<%(day)s>", "Some <b>": "Kichu <b>", "its date": "[D]"}
    monkeypatch.setattr(speaks.words, "MESSAGES", {**speaks.words.MESSAGES, **said, "wrong: %(fault)s": "!%(fault)s"})
    return speaks


def error_classes() -> set[type[DomainError]]:
    """The errors as Python knows them, once everything is imported."""
    for module in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
        if ".compiled" not in module.name:
            importlib.import_module(module.name)
    found = {DomainError}
    while more := {each for known in found for each in known.__subclasses__()} - found:
        found |= more
    return {each for each in found if each.__module__.startswith("chalicelib.")}


def is_given_its_text(error: type[DomainError]) -> bool:
    """Whether what it says is its first argument; an error of another make says it in its own ``super().__init__``."""
    return list(inspect.signature(error.__init__).parameters)[1] in ("args", "detail")


def uses() -> list[tuple[str, ast.expr, ast.Module]]:
    """Every text that is handed to an error, a fault, a problem or a phrase: where, what, and its module."""
    places = {**TEXTS, **dict.fromkeys((each.__name__ for each in error_classes() if is_given_its_text(each)), (0,))}
    return [
        (f"{path.relative_to(locales.ROOT)}:{node.lineno}", node.args[place], tree)
        for path, tree in locales._code().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for place in places.get(locales.called(node), ())
        if place < len(node.args)
    ]


def is_sayable(node: ast.expr, tree: ast.Module) -> bool:
    """A literal, a phrase, a name or table that holds such, or what another error said."""
    match node:
        case ast.Constant():
            return isinstance(node.value, str)
        case ast.Call():
            return locales.called(node) in ("phrase", "N_")
        case ast.IfExp():
            return is_sayable(node.body, tree) and is_sayable(node.orelse, tree)
        case ast.BoolOp():
            return all(is_sayable(value, tree) for value in node.values)
        case ast.Attribute():
            return node.attr in PASSED_ON or any(
                is_sayable(value, module)
                for module in locales._code().values()
                for value in constants(node.attr, module)
            )
        case ast.Subscript():
            return is_sayable(node.value, tree)
        case ast.Dict():
            return all(is_sayable(value, tree) for value in node.values)
        case ast.Name():
            return node.id in HANDED_ON or any(is_sayable(value, tree) for value in assigned(node.id, tree))
    return False


def assigned(name: str, tree: ast.Module) -> list[ast.expr]:
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and any(isinstance(to, ast.Name) and to.id == name for to in node.targets)
    ]


def constants(name: str, tree: ast.Module) -> list[ast.expr]:
    """What another module may be asked for by this name."""
    return assigned(name, tree) if name.isupper() else []


def test_every_text_that_refuses_something_is_written_out_so_that_it_can_be_translated():
    found = uses()
    assert len(found) > 150
    odd = [where for where, text, tree in found if not is_sayable(text, tree)]
    assert not odd, f"write a literal, or phrase('… %(name)s …', name=…): {odd}"


def test_every_such_text_is_collected_for_the_catalogues():
    collected = {message for _, _, message, _ in locales._found()}
    for where, text, _ in uses():
        if isinstance(text, ast.Constant) and text.value:
            assert text.value in collected, where


def test_the_catalogues_have_them():
    with (locales.MESSAGES / "messages.pot").open("rb") as file:
        held = {message.id for message in read_po(file)}
    missing = {text.value for _, text, _ in uses() if isinstance(text, ast.Constant) and text.value} - held
    assert not missing, "run python -m infra.locales --extract"


def test_extraction_knows_every_error_that_python_knows():
    assert locales.errors() == {each.__name__ for each in error_classes()}


def test_a_phrase_is_its_english_text():
    assert MOST == "A batch has at most 1,000 items: send the rest in another."
    assert json.loads(responses.dumps({"detail": MOST})) == {"detail": str(MOST)}
    assert phrase("100 %% of %(what)s", what="it") == "100 % of it"


def test_an_error_keeps_its_phrase_until_it_is_told():
    for error in (Malformed(MOST), NotFound(MOST), Conflict(MOST)):
        assert str(error) == MOST
        assert isinstance(responses.problem_of(error).detail, Phrase)


def test_a_phrase_is_said_in_the_language_of_the_reader(bengali):
    said = problem_page(MOST, "bn")
    assert "[<bdi>1,000</bdi>]" in said
    assert 'lang="en" dir="ltr"' not in said.partition("<main")[2].partition("</main>")[0]
    assert bengali.say(MOST) == "[1,000]"


def test_days_and_phrases_within_a_phrase_are_said_in_the_language_too(bengali):
    day = phrase("lies before %(day)s", day=date(2026, 3, 1))
    assert day == "lies before 2026-03-01"
    assert bengali.say(day) == f"<{bengali.date(date(2026, 3, 1))}>"
    assert "&lt;<time" in problem_page(day, "bn")
    assert bengali.say(phrase("wrong: %(fault)s", fault=phrase("its date"))) == "![D]"


def test_neither_a_translation_nor_a_value_brings_markup_into_a_page(bengali):
    assert "Kichu &lt;b&gt;" in problem_page("Some <b>", bengali.code)
    assert "<bdi>&lt;script&gt;</bdi>" in problem_page(phrase("wrong: %(fault)s", fault="<script>"), "bn")


def test_what_no_catalogue_has_is_marked_as_english():
    odd = phrase("Nobody wrote %(this)s down.", this="<i>")
    assert '<span lang="en" dir="ltr">Nobody wrote &lt;i&gt; down.</span>' in problem_page(odd, "bn")


def problem_page(detail: str, code: str) -> str:
    return pages.render(
        "problem.html", page(code, index=False), status=400, title="Not found", detail=detail, retry=False
    )
