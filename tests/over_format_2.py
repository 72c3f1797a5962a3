"""Sends what Chalice's test client sends by another road: ``pytest -p tests.over_format_2 tests/test_portal.py``.

A plugin for a look now and then: nothing but the road changes, so whatever passes otherwise should pass. But for JSON
that is no UTF-8: no gateway passes its bytes on, Chalice's client does.
"""

from __future__ import annotations

import os

from chalice.test import HTTPResponse, TestHTTPClient

ROAD = os.environ.get("ROAD", "a function URL")


def _request(
    _self: TestHTTPClient, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b""
) -> HTTPResponse:
    from tests.by_road import Http  # after the environment that the tests set

    return Http(ROAD).request(method, path, headers, body)


def pytest_configure() -> None:
    """Put it in the place of Chalice's."""
    TestHTTPClient.request = _request
