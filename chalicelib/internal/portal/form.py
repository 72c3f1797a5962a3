"""A factory's profile as the inputs of a form, and back: lists as lines or commas, an emptied input as no word."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from chalicelib.domain.errors import Fault, Malformed, StaleVersion
from chalicelib.domain.factory import Factory
from chalicelib.domain.fields import FIELDS, clean_fields
from chalicelib.internal.portal import picks
from chalicelib.web.language import LANGUAGES, Language

LINES = frozenset({"aliases"})
REQUIRED = frozenset({"name", "country"})
PLACES = ("latitude", "longitude")
TEXT_IN = "descriptions-"
"""What the name of a description's input begins with; its language follows."""


def inputs(factory: Factory) -> dict[str, str]:
    """Every input of the form, by name, with the text that the record gives it."""
    texts: dict[str, str] = {}
    for name in FIELDS:
        texts.update(_written(name, factory.value(name)))
    return texts


def field_of(name: str) -> str:
    """The field that an input belongs to."""
    if name in PLACES:
        return "coordinates"
    return "descriptions" if name.startswith(TEXT_IN) else picks.field_of(name) or name


def parsed(
    given: Mapping[str, str], factory: Factory, spoken: Language | None = None
) -> tuple[dict[str, Any], list[Fault]]:
    """What a form changes, as cleaned fields to be merged, and every fault with the input where it lies.

    Inputs that say what the record says change nothing; those that are absent neither. ``spoken`` is the language in
    whose words things may be named.
    """
    held = inputs(factory)
    changed = {name: tidy(text) for name, text in given.items() if name in held and tidy(text) != tidy(held[name])}
    faults = [Fault(f"/{name[:60]}", "is not a field of this form") for name in given if name not in held]
    cleaned: dict[str, Any] = {}
    for name in dict.fromkeys(field_of(entry) for entry in changed):
        said = {entry: text for entry, text in changed.items() if field_of(entry) == name}
        try:
            value = _read(name, {**held, **changed}, said, factory, spoken)
        except Malformed as fault:
            faults.extend(fault.faults)
            continue
        taken, wrong = clean_fields({name: value}, "", removable=True)
        cleaned.update(taken)
        faults.extend(wrong)
    return cleaned, faults


def fingerprints(texts: Mapping[str, str]) -> str:
    """A short hash of each input's text, as one line: so that a form that comes back says what it was made from."""
    return " ".join(f"{name}:{_fingerprint(text)}" for name, text in texts.items() if tidy(text))


def edited(given: Mapping[str, str], seen: str) -> set[str]:
    """The inputs whose text is not what the form was made with."""
    known = dict(entry.split(":", 1) for entry in seen.split() if ":" in entry)
    nothing = _fingerprint("")
    return {name for name, text in given.items() if _fingerprint(text) != known.get(name, nothing)}


def together(given: Mapping[str, str], held: Mapping[str, str], seen: str) -> dict[str, str]:
    """What was typed where something was typed, and what the record says everywhere else."""
    touched = edited(given, seen)
    return {name: given[name] if name in touched else text for name, text in held.items()}


def same_still(held: Mapping[str, str], seen: str | None) -> None:
    """Refuse a form that was made from something else than the record says now. ``None``: it does not say from what."""
    if seen is not None and edited(held, seen):
        raise StaleVersion("The record was changed meanwhile.")


def tidy(text: str) -> str:
    """A text as it is compared: browsers send line ends of their own."""
    return text.replace("\r\n", "\n").strip()


def _fingerprint(text: str) -> str:
    return hashlib.sha256(tidy(text).encode()).hexdigest()[:10]


def _written(name: str, value: Any) -> dict[str, str]:
    if name == "coordinates":
        return {place: str(value[place]) if value else "" for place in PLACES}
    if name == "descriptions":
        texts = value or {}
        return {f"{TEXT_IN}{tag}": texts.get(tag, "") for tag in dict.fromkeys((*LANGUAGES, *texts))}
    if name in picks.KNOWN:
        return picks.written(name, value or [])
    if name in LINES:
        return {name: "\n".join(value or [])}
    return {name: value or ""}


def _read(
    name: str, texts: Mapping[str, str], said: Mapping[str, str], factory: Factory, spoken: Language | None
) -> Any:
    """The value that the inputs of a field say; ``None`` where the factory has no word of its own any more."""
    if name == "coordinates":
        return _place(texts)
    if name == "descriptions":
        return _descriptions(texts, said) or _nothing(name, factory)
    if name in picks.KNOWN:
        return picks.read(name, texts, factory.value(name) or [], spoken) or _nothing(name, factory)
    text = said[name]
    if name in LINES:
        return [line.strip() for line in text.split("\n") if line.strip()] or _nothing(name, factory)
    if not text and name in REQUIRED:
        raise Malformed("", [Fault(f"/{name}", "is missing")])
    return text or None


def _nothing(name: str, factory: Factory) -> Any:
    """An emptied list contradicts what ICS said of it; where ICS said nothing there is nothing to contradict."""
    if factory.ics is None or not factory.ics.fields.get(name):
        return None
    return {} if name == "descriptions" else []


def _place(texts: Mapping[str, str]) -> dict[str, float] | None:
    given = {place: tidy(texts[place]) for place in PLACES}
    if not any(given.values()):
        return None
    faults, degrees = [], {}
    for place, text in given.items():
        try:
            if not text:
                raise Malformed("must both be given, or neither")
            degrees[place] = _degrees(place, text)
        except Malformed as fault:
            faults.append(Fault(f"/{place}", fault.detail))
    if faults:
        raise Malformed("", faults)
    return degrees


def _degrees(place: str, text: str) -> float:
    try:
        degrees = float(text.replace(",", "."))
    except ValueError as error:
        raise Malformed("must be a number of degrees, such as 23.99934") from error
    cleaned: dict[str, float] = FIELDS["coordinates"]({"latitude": 0, "longitude": 0, place: degrees})
    return cleaned[place]


def _descriptions(texts: Mapping[str, str], said: Mapping[str, str]) -> dict[str, str]:
    faults: list[Fault] = []
    words: dict[str, str] = {}
    for name, text in texts.items():
        if name.startswith(TEXT_IN) and text:
            tag = name.removeprefix(TEXT_IN)
            try:
                words.update(FIELDS["descriptions"]({tag: text}) if name in said else {tag: text})
            except Malformed as fault:
                faults.append(Fault(f"/{name}", fault.detail))
    if faults:
        raise Malformed("", faults)
    return words
