"""A page as an HTTP answer, in the reader's language: what both surfaces show people."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from chalice.app import Response

from chalicelib import clock, settings
from chalicelib.web import language, pages, responses, words
from chalicelib.web.language import Language
from chalicelib.web.request import Ask

SETTINGS = settings.load()


def spoken(ask: Ask | None) -> Language:
    """The language for whoever asks."""
    if ask is None:
        return language.choose(None, None)
    return language.choose(ask.query.get("lang"), ask.header("accept-language"))


def about(chosen: Language, path: str, *, index: bool, sheets: tuple[str, ...] = pages.SHEETS) -> pages.Page:
    """What every page knows. ``path`` is its canonical path, ``sheets`` the style sheets that it is made with."""
    return pages.Page(
        language=chosen,
        base_url=SETTINGS.base_url,
        base_path=SETTINGS.base_path,
        host=SETTINGS.host,
        path=path,
        checked_at=clock.now(),
        index=index,
        sheets=sheets,
    )


def render(ask: Ask | None, template: str, *, path: str = "/", http_status: int = 200, **context: Any) -> Response:
    """A page in the reader's language. ``path`` is canonical.

    One may say ``cache``, ``headers``, ``index``, and the ``sheets`` of style that it is made with.
    """
    cache = context.pop("cache", responses.NO_STORE)
    named = context.pop("headers", {})
    sheets = context.pop("sheets", pages.SHEETS)
    known = about(spoken(ask), path, index=context.pop("index", True) and SETTINGS.index_pages, sheets=sheets)
    own_sheet = context.get("sheet_style", "")
    photos_from = context.pop("photos_from", "")
    runs_script = context.pop("runs_script", False)
    html = pages.render(template, known, **context)
    return answer(html, known, http_status, cache, named, own_sheet, photos_from=photos_from, runs_script=runs_script)


def answer(  # noqa: PLR0913  (each is a word of the policy or a header)
    html: str,
    known: pages.Page,
    status: int,
    cache: str,
    named: dict[str, str],
    own_sheet: str = "",
    *,
    photos_from: str = "",
    sends_to: str = "",
    runs_script: bool = False,
) -> Response:
    """The HTML of a page with its headers; ``named`` adds some, their names written with ``_`` for ``-``.

    ``own_sheet`` is a style sheet that stands in this page only; ``photos_from`` and ``sends_to`` are origins besides
    our own that this page loads photos from, and sends a form to.
    """
    headers = {"Content_Language": known.language.code, **named}
    style_hash = pages.style_hash(known.sheets)
    if own_sheet:
        style_hash = f"{style_hash}' '{pages.hash_of(own_sheet)}"
    return responses.html_response(
        html,
        style_hash=style_hash,
        status=status,
        cache=cache,
        photos_from=photos_from,
        sends_to=sends_to,
        runs_script=runs_script,
        **headers,
    )


def problem_page(ask: Ask | None, problem: responses.Problem) -> Response:
    """What went wrong, as a page that says what to do next."""
    return render(ask, "problem.html", http_status=problem.status, headers=retry(problem), **told(problem))


def told(problem: responses.Problem) -> dict[str, Any]:
    """What the template of a problem wants to know. People are not told that they made a malformed request."""
    title = words.NOT_RIGHT if problem.status == 400 else problem.title
    return {"status": problem.status, "title": title, "detail": problem.detail, "retry": problem.retry}


def retry(problem: responses.Problem) -> dict[str, str]:
    """When to try again, as a header of ``answer``."""
    return {name.replace("-", "_"): value for name, value in responses.retry_header(problem).items()}


def photos_origin() -> str:
    """Where photos are loaded from, as a policy of a page names it."""
    return origin_of(SETTINGS.photos_url)


def origin_of(address: str) -> str:
    """Scheme, host and port of an address."""
    split = urlsplit(address)
    return f"{split.scheme}://{split.netloc}" if split.netloc else ""


def photo_url(key: str) -> str:
    """The address of a photo, by its key in the store."""
    return f"{SETTINGS.photos_url}/{key}"


def url(path: str) -> str:
    """A link of our own, from ``BASE_URL``."""
    return SETTINGS.base_url + path
