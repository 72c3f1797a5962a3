"""Commands that deploy, on an account in memory (tests/cloud.py): a pytest plugin."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from infra import deploy, edge, photos, rollback
from tests.deploying import FUNCTIONS, SECRET, Cloud, built


@pytest.fixture
def cloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    made = Cloud(tmp_path)
    for surface in FUNCTIONS:
        (tmp_path / f"{surface}.json").write_text(json.dumps(built(surface)), encoding="utf-8")
        made.code(surface, b"a zip")
    monkeypatch.setattr(photos, "build", lambda place: place.write_bytes(b"a zip") and place)
    monkeypatch.setattr(deploy, "BUILD", tmp_path)
    for module in (deploy, rollback, edge):
        session = lambda: SimpleNamespace(client=made.of_region, region_name=made.region)  # noqa: E731
        monkeypatch.setattr(module, "boto3", SimpleNamespace(Session=session))
    for name in ("SCAN_SECRET", "ORIGIN_SECRET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CSRF_SECRET", SECRET)
    return made
