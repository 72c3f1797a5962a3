"""The edge of the public surface: how a route is registered, and how what goes wrong becomes a page or a document."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from chalice.app import Blueprint, Response

from chalicelib import clock, settings
from chalicelib.web import language, pages, responses
from chalicelib.web.request import Ask

Handler = Callable[..., Response]
SETTINGS = settings.load()
_log = logging.getLogger(__name__)


def page(routes: Blueprint, *paths: str, methods: tuple[str, ...] = ("GET", "HEAD")) -> Callable[[Handler], Handler]:
    """Register a page under one or more paths. Its errors are pages."""
    return _register(routes, paths, [*methods, "OPTIONS"], problem_page)


def document(
    routes: Blueprint, *paths: str, methods: tuple[str, ...] = ("GET", "HEAD")
) -> Callable[[Handler], Handler]:
    """Register an answer for machines. Its errors are problem documents (RFC 9457)."""
    return _register(routes, paths, [*methods, "OPTIONS"], lambda _ask, problem: responses.problem_response(problem))


def page_or_file(routes: Blueprint, *paths: str) -> Callable[[Handler], Handler]:
    """Register an answer that is a file where its address ends like one, else a page. Errors are of the same kind."""

    def on_problem(ask: Ask | None, problem: responses.Problem) -> Response:
        if ask is not None and ask.path.lower().endswith((".svg", ".pdf")):
            return responses.problem_response(problem)
        return problem_page(ask, problem)

    return _register(routes, paths, ["GET", "HEAD", "OPTIONS"], on_problem)


def _register(
    routes: Blueprint,
    paths: tuple[str, ...],
    methods: list[str],
    on_problem: Callable[[Ask | None, responses.Problem], Response],
) -> Callable[[Handler], Handler]:
    def decorate(handler: Handler) -> Handler:
        @wraps(handler)
        def view(**encoded: Any) -> Response:
            if routes.current_request.method == "OPTIONS":
                return responses.empty()
            ask = None
            try:
                ask = Ask.of(routes.current_request)
                answer = handler(ask, **{name: ask.params[name] for name in encoded})
            except Exception as error:
                problem = responses.problem_of(error)
                if problem.status == 500:
                    _log.exception("unforeseen")
                answer = on_problem(ask, problem)
            if routes.current_request.method == "HEAD":
                answer.body = ""
            return answer

        for number, path in enumerate(paths):
            name = f"{handler.__module__.rpartition('.')[2]}_{handler.__name__}_{number}"
            routes.route(path, methods=methods, content_types=[], name=name)(view)
        return handler

    return decorate


def render(ask: Ask | None, template: str, *, path: str = "/", http_status: int = 200, **context: Any) -> Response:
    """A page in the reader's language. ``path`` is its canonical path."""
    cache = context.pop("cache", responses.NO_STORE)
    headers = context.pop("headers", {})
    seen = about(ask, path)
    html = pages.render(template, seen, **context)
    headers = {"Content_Language": seen.language.code, **headers}
    hashes = [pages.style_hash()]
    if context.get("sheet_style"):
        hashes.append(pages.hash_of(context["sheet_style"]))
    return responses.html_response(html, style_hash="' '".join(hashes), status=http_status, cache=cache, **headers)


def spoken(ask: Ask | None) -> language.Language:
    """The language in which this reader is answered."""
    return language.choose(ask.query.get("lang") if ask else None, ask.header("accept-language") if ask else None)


def about(ask: Ask | None, path: str) -> pages.Page:
    """What a page at ``path`` knows."""
    return pages.Page(
        language=spoken(ask),
        base_url=SETTINGS.base_url,
        base_path=SETTINGS.base_path,
        host=SETTINGS.host,
        path=path,
        checked_at=clock.now(),
        index=SETTINGS.index_pages,
    )


def problem_page(ask: Ask | None, problem: responses.Problem) -> Response:
    """What went wrong, as a page that says what to do next."""
    headers = {name.replace("-", "_"): value for name, value in responses.retry_header(problem).items()}
    return render(
        ask,
        "problem.html",
        http_status=problem.status,
        status=problem.status,
        title=problem.title,
        detail=problem.detail,
        retry=problem.retry,
        headers=headers,
    )


def url(path: str) -> str:
    """A link of our own, from ``BASE_URL``."""
    return SETTINGS.base_url + path
