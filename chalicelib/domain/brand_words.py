"""What an ICS member says of itself on its public page, and how a change of it is checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.domain import text
from chalicelib.domain.errors import Fault, Malformed
from chalicelib.domain.fields import FIELDS, escaped

FIELDS_OF_PAGE = ("website", "texts")


def merged(page: Mapping[str, Any], patch: object) -> dict[str, Any]:
    """A member's own words after a JSON Merge Patch (RFC 7396): of ``texts``, too, what is not named stays.

    ``None`` takes a word away: the website that staff put on record shows again. ``Malformed`` with every fault.
    """
    if not isinstance(patch, dict):
        raise Malformed("Something is not as it should be.", [Fault("", "must be an object")])
    faults = [Fault(f"/{escaped(name)}", "is not known here") for name in patch if name not in FIELDS_OF_PAGE]
    after = dict(page)
    if "website" in patch:
        after["website"] = _checked("/website", patch["website"], text.clean_website, faults)
    texts = patch.get("texts", {})
    if texts is None:
        after["texts"] = {}
    elif not isinstance(texts, dict):
        faults.append(Fault("/texts", 'must map language tags to texts: {"en": "…", "bn": "…"}'))
    else:
        after["texts"] = _texts(page.get("texts", {}), texts, faults)
    if faults:
        raise Malformed("Some fields cannot be taken as sent.", faults)
    return {name: value for name, value in after.items() if value}


def _texts(held: Mapping[str, str], patch: Mapping[str, Any], faults: list[Fault]) -> dict[str, str]:
    after = dict(held)
    for tag, value in patch.items():
        one = _checked(
            f"/texts/{escaped(tag)}", value, lambda said, tag=tag: FIELDS["descriptions"]({tag: said}), faults
        )
        after.pop(tag, None)
        after.update(one or {})
    return _checked("/texts", after, FIELDS["descriptions"], faults) or {}


def _checked(pointer: str, value: Any, check: Any, faults: list[Fault]) -> Any:
    """A value that passed its check; ``None`` passes, too, and what does not is a fault."""
    try:
        return None if value is None else check(value)
    except Malformed as error:
        faults.append(Fault(pointer, error.detail))
        return None
