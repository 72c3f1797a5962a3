"""An HTML form with files. The parser is imported only where such a form comes in."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.domain.errors import Malformed, TooLarge
from chalicelib.web.request import Ask
from chalicelib.web.words import N_

MULTIPART = "multipart/form-data"
_UNREADABLE = N_("The form could not be read.")


@dataclass(frozen=True, slots=True)
class Form:
    """The last value of each field, and the files that were chosen, by the name of their field."""

    fields: Mapping[str, str]
    files: Mapping[str, bytes] = field(default_factory=dict)


def form(ask: Ask, most_bytes: int) -> Form:
    """The body as a form, with files or without. ``Malformed``, or ``TooLarge`` for a body of more bytes."""
    ask.limit(most_bytes)
    media, _, _ = ask.header("content-type").partition(";")
    if media.strip().lower() != MULTIPART:
        return Form(ask.form(most_bytes))
    import multipart

    _, options = multipart.parse_options_header(ask.header("content-type"))
    boundary = options.get("boundary", "")
    if not boundary or len(boundary) > 200:
        raise Malformed(_UNREADABLE)
    fields: dict[str, str] = {}
    files: dict[str, bytes] = {}
    try:
        # spool_limit above most_bytes: nothing is ever written to disk
        parser = multipart.MultipartParser(
            io.BytesIO(ask.body), boundary, part_limit=20, spool_limit=most_bytes, memory_limit=most_bytes
        )
        for part in parser:
            if part.filename is None:
                fields[part.name] = part.raw.decode("utf-8")
            elif part.size:  # a file field that was left alone has no content
                files[part.name] = part.raw
    except multipart.ParserLimitReached as error:
        raise TooLarge("The form has too many parts.") from error
    except (multipart.MultipartError, UnicodeError) as error:
        raise Malformed(_UNREADABLE) from error
    return Form(fields, files)
