"""Credentials verified by npm's jose and @digitalbazaar/vc, which know nothing of us: ``tests/js/credentials.mjs``."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.credential import CONTEXT
from tests import tools

CONTEXTS = Path(__file__).resolve().parents[2] / "shared" / "untp"
_FILES = dict(zip(CONTEXT, ("credentials-v2.jsonld", "untp-context.jsonld"), strict=True))
_PROGRAM = Path(__file__).parent / "js" / "credentials.mjs"


def opinions(tokens: list[str], documents: dict[str, Any]) -> list[dict[str, Any]]:
    """What they say of each token. ``documents``: by address, the keys' document and status lists as they are served.

    Each is ``{verified, type, statuses: {revocation, suspension}}``, or ``{verified: false, error}``.
    """
    if not CONTEXTS.exists():
        pytest.skip(f"the JSON-LD contexts are not at {CONTEXTS}")
    tools.npm_file("@digitalbazaar/vc/package.json")
    contexts = {url: json.loads((CONTEXTS / name).read_text(encoding="utf-8")) for url, name in _FILES.items()}
    given = json.dumps({"tokens": tokens, "documents": {**contexts, **documents}})
    command = [tools.command("node"), str(_PROGRAM)]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found
