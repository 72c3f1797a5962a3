"""The commands that a document shows, taken apart as a shell takes them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
_INLINE = re.compile(r"(?<!`)`((?:[A-Z_]+=\S+ )?(?:python -m|aws|factory-id|make|curl|lines) [^`\n]+)`")
_CRON = re.compile(r"^(?:\S+ ){2}(?:\* ){3}")
_INNER = re.compile(r"\$\(([^()]*)\)")
_VARIABLE = re.compile(r"\$\{?([A-Z][A-Z_]+)")
_GIVEN = re.compile(r"[A-Z][A-Z_]*=")
_STRUCTURE = {"do", "done", "until", "then", "{", "}", "!"}
SUBSTITUTED = "SUBSTITUTED"
"""What stands where a command's output would."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A command of a document. ``line``: all that stands on its line."""

    words: tuple[str, ...]
    line: str

    @property
    def module(self) -> str:
        """What ``python -m`` runs; empty, if it is another command."""
        is_ours = self.words[0].endswith("python") and self.words[1:2] == ("-m",)
        return self.words[2] if is_ours else ""

    def option(self, name: str) -> str | None:
        """The word after an option; ``None``, if it is not given."""
        return self.words[self.words.index(name) + 1] if name in self.words else None


def lines(text: str) -> list[str]:
    """Every line with commands: of blocks, of a crontab, and in a sentence."""
    found = []
    for kind, block in _FENCE.findall(text):
        for line in (each.strip() for each in block.splitlines()):
            if line.startswith("$ "):
                found.append(line.removeprefix("$ "))
            elif not kind:
                found.append(_CRON.sub("", line).replace("\\%", "%"))
    return found + _INLINE.findall(_FENCE.sub("", text))


def commands(text: str) -> list[Shown]:
    """Every command, also one whose output is a word of another."""
    return [command for line in lines(text) for command in _of(line, line)]


def variables(text: str) -> tuple[set[str], set[str]]:
    """Those that are used, and those that are given."""
    shown = "\n".join(lines(text))
    given = set(re.findall(r"\b([A-Z][A-Z_]+)=", shown)) | set(re.findall(r"\bfor ([A-Z]+) in", shown))
    return set(_VARIABLE.findall(shown)), given


def _of(part: str, line: str) -> Iterator[Shown]:
    while inner := _INNER.search(part):
        yield from _of(inner[1], line)
        part = part[: inner.start()] + SUBSTITUTED + part[inner.end() :]
    read = shlex.shlex(part, posix=True, punctuation_chars=True)
    read.whitespace_split = True
    words: list[str] = []
    for word in [*read, ";"]:
        if set(word) <= set("();|&<>"):
            yield from _one(words, line)
            words = []
        else:
            words.append(word)


def _one(words: list[str], line: str) -> Iterator[Shown]:
    while words and (words[0] in _STRUCTURE or _GIVEN.match(words[0])):
        words = words[1:]
    if words and words[0] not in ("for", "export"):
        yield Shown(tuple(words), line)
