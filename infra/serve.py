"""Both surfaces on one port of a desk: Chalice's local server, with what it does otherwise than API Gateway mended."""

from __future__ import annotations

import json
import sys
import threading
from http import HTTPStatus
from typing import Any

from chalice.app import Chalice
from chalice.config import Config
from chalice.local import ChaliceRequestHandler, ForbiddenError, LocalDevServer

from chalicelib import settings
from chalicelib.web import nowhere
from infra import gateway

MOST_BYTES = 10_000_000  # what API Gateway takes


class Handler(ChaliceRequestHandler):
    """Chalice's handler, without the stall of Nagle's algorithm and without a body in answers to HEAD."""

    disable_nagle_algorithm = True
    timeout = 60

    def _generic_handle(self) -> None:
        if not self._length_fits():
            self._problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body may have at most 10,000,000 bytes.")
            return
        allowed = self._methods()
        if allowed and self.command not in allowed:
            self._drain()
            self._problem(
                HTTPStatus.METHOD_NOT_ALLOWED, f"Here one can {', '.join(allowed)}.", Allow=", ".join(allowed)
            )
            return
        super()._generic_handle()

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = do_PATCH = do_OPTIONS = _generic_handle

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """A method that no handler is named for, ``TRACE`` or ``PROPFIND``, is answered as one that a route has not."""
        if code == HTTPStatus.NOT_IMPLEMENTED:
            self._generic_handle()
        else:
            super().send_error(code, message, explain)

    def _send_error_response(self, error: Any) -> None:
        if not isinstance(error, ForbiddenError):
            super()._send_error_response(error)
        elif self.path.startswith(("/v1/", "/internal/")):
            self._problem(HTTPStatus.NOT_FOUND, "There is nothing at this address.")
        else:
            chosen = settings.load()
            page = gateway.not_found_page(chosen.base_url, chosen.base_path)
            self._send_http_response(404, dict(nowhere.HEADERS), page)  # Chalice takes the type out of what it is given

    def _send_http_response_with_body(self, code: int, headers: dict[str, Any], body: str | bytes) -> None:
        if self.command != "HEAD":
            super()._send_http_response_with_body(code, headers, body)
            return
        self.send_response(code)
        if body:  # routes leave it out themselves, and 0 would be the length of another answer
            self.send_header("Content-Length", str(len(body if isinstance(body, bytes) else body.encode())))
        self._send_headers(headers)

    def _problem(self, status: HTTPStatus, detail: str, **headers: str) -> None:
        problem = {"type": "about:blank", "title": status.phrase, "status": int(status), "detail": detail}
        fixed = {"Content-Type": "application/problem+json", **nowhere.SAFE}
        if self.path.startswith("/v1/"):
            fixed["Access-Control-Allow-Origin"] = "*"
        self._send_http_response(int(status), {**fixed, **headers}, json.dumps(problem))

    def _methods(self) -> list[str]:
        try:
            matched = self.local_gateway.event_converter._route_matcher.match_route(self.path)
        except ValueError:
            return []
        return sorted(self.local_gateway._app_object.routes[matched.route])

    def _length_fits(self) -> bool:
        given = self.headers.get("content-length", "0")
        if given.isdigit() and int(given) <= MOST_BYTES:
            return True
        self.close_connection = True
        return False

    def _drain(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", "0")))

    def log_message(self, format: str, *args: Any) -> None:
        """Addresses may hold the token of an invitation: only the status is written."""
        if len(args) > 1 and str(args[1]).startswith("5"):
            sys.stderr.write(f"answered {args[1]}\n")


class Site:
    """The app served on an address, in threads of this process."""

    def __init__(self, app: Chalice, host: str, port: int) -> None:
        """Bind at once: raises ``OSError`` if the port is taken."""
        config = Config.create(chalice_app=app, project_dir=".", lambda_timeout=60)
        self._local = LocalDevServer(app, config, host, port, handler_cls=Handler)
        self._thread = threading.Thread(target=self._local.server.serve_forever, daemon=True)

    @property
    def port(self) -> int:
        """The port that was bound."""
        return int(self._local.server.server_address[1])

    def start(self) -> Site:
        """Serve in the background."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving."""
        self._local.shutdown()
        self._local.server.server_close()
