"""The packaged functions, built once for all tests that look at them. A pytest plugin."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from infra.package import SURFACES, Built, build


@pytest.fixture(scope="session")
def builds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Built]:
    """Both surfaces by name, their bytecode compiled by the Python that runs the tests."""
    out: Path = tmp_path_factory.mktemp("build")
    return {name: build(surface, out, sys.executable) for name, surface in SURFACES.items()}
