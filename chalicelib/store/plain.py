"""Items and requests as DynamoDB writes them: ``{"pk": {"S": …}, …}``."""

from __future__ import annotations

import json
from typing import Any

from pynamodb.models import Model

from chalicelib.store.keys import Key

Raw = dict[str, dict[str, Any]]
BODY = "body"


def encoded(request: dict[str, Any]) -> bytes:
    """A request as it is sent: in UTF-8, which for Bengali is half the bytes of escapes."""
    return json.dumps(request, ensure_ascii=False, separators=(",", ":"), check_circular=False).encode()


def key(of: Key) -> Raw:
    """The key of an item."""
    return {"pk": {"S": of.pk}, "sk": {"S": of.sk}}


def item(of: Model, encoded: dict[int, str]) -> Raw:
    """An item that a model describes, with the attributes that it has.

    ``encoded`` has the text of each content that is encoded already, by its ``id``: many items may have one content.
    """
    described = of.get_attributes()
    made = {}
    for name, value in of.attribute_values.items():
        if value is None:
            continue
        attribute = described[name]
        text = encoded.get(id(value)) if name == BODY else None
        if text is None:
            text = attribute.serialize(value)
            if name == BODY:
                encoded[id(value)] = text
        made[name] = {attribute.attr_type: text}
    return made
