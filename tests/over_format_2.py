"""Sends what Chalice's test client sends by another road: ``pytest -p tests.over_format_2 tests/test_portal.py``.

A plugin for a look now and then: nothing but the road changes, so whatever passes otherwise should pass.
"""

from __future__ import annotations

import os
from typing import Any

from chalice.test import HTTPResponse, TestHTTPClient

ROAD = os.environ.get("ROAD", "a function URL")


def _request(
    self: TestHTTPClient, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b""
) -> HTTPResponse:
    from tests.by_road import Http  # after the environment that the tests set

    return Http(ROAD).request(method, path, headers, body)


def pytest_configure(config: Any) -> None:
    """Put it in the place of Chalice's."""
    TestHTTPClient.request = _request
