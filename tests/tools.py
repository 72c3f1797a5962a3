"""Tools that a desk may lack: a test that wants one is skipped there, with the reason; where CI is set it fails."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

MODULES = Path(__file__).parent / "js" / "node_modules"


def lacking(reason: str) -> None:
    """Skip, or fail where nothing may be lacking."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def command(name: str) -> str:
    """Where a program is."""
    found = shutil.which(name)
    if found is None:
        lacking(f"{name} is not installed")
    return str(found)


def npm_file(path: str) -> Path:
    """A file of a package that ``npm ci --prefix tests/js`` installs."""
    found = MODULES / path
    if not found.is_file():
        lacking(f"{path.partition('/')[0]} is not installed: npm ci --prefix tests/js")
    return found
