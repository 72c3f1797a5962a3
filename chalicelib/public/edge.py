"""The edge of the public surface: how a route is registered, and how what goes wrong becomes a page or a document."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from chalice.app import Blueprint, Response

from chalicelib import journal
from chalicelib.web import responses
from chalicelib.web.negotiation import wants_linkset
from chalicelib.web.request import Ask
from chalicelib.web.shown import SETTINGS, problem_page, render, spoken, url

__all__ = ["PAGES", "SETTINGS", "document", "page", "problem_page", "render", "spoken", "url"]

Handler = Callable[..., Response]
PAGES: set[str] = set()
"""The paths that answer people, with HTML. All others answer machines."""
PAGES_OR_FILES: set[str] = set()
"""The paths that do either, as the end of an address says."""


def page(routes: Blueprint, *paths: str, methods: tuple[str, ...] = ("GET", "HEAD")) -> Callable[[Handler], Handler]:
    """Register a page under one or more paths. Its errors are pages, unless JSON was wanted."""
    PAGES.update(paths)
    return _register(routes, paths, [*methods, "OPTIONS"], _problem_as_asked)


def document(
    routes: Blueprint, *paths: str, methods: tuple[str, ...] = ("GET", "HEAD")
) -> Callable[[Handler], Handler]:
    """Register an answer for machines. Its errors are problem documents (RFC 9457)."""
    return _register(routes, paths, [*methods, "OPTIONS"], lambda _ask, problem: responses.problem_response(problem))


def page_or_file(routes: Blueprint, *paths: str) -> Callable[[Handler], Handler]:
    """Register an answer that is a file where its address ends like one, else a page. Errors are of the same kind."""

    PAGES_OR_FILES.update(paths)

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
                    journal.failed("unforeseen", error)
                answer = on_problem(ask, problem)
            answer.headers = {**responses.CORS, **answer.headers}  # GS1 wants it on pages and errors too
            if ask is not None:
                answer = responses.unless_held(answer, ask.header("if-none-match"))
            if routes.current_request.method == "HEAD":
                answer.body = answer.body[:0] if isinstance(answer.body, bytes) else ""
            return answer

        for number, path in enumerate(paths):
            name = f"{handler.__module__.rpartition('.')[2]}_{handler.__name__}_{number}"
            routes.route(path, methods=methods, content_types=[], name=name)(view)
        return handler

    return decorate


def _problem_as_asked(ask: Ask | None, problem: responses.Problem) -> Response:
    if ask is not None and wants_linkset(ask):
        return responses.problem_response(problem)
    return problem_page(ask, problem)
