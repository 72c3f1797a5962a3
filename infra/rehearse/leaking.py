"""Keys that sign are rotated; one that leaked is revoked; an API key and a person lose what they could do."""

from __future__ import annotations

import base64
import json
import tempfile
from pathlib import Path
from typing import Any

from chalicelib.domain import p256
from infra import keys
from infra.rehearse.restoring import WHOLE, checked
from infra.rehearse.scene import Scene, says


def rehearse(scene: Scene) -> None:
    """What a rotated key signed verifies, what a revoked one signed does not; a leaked API key ends at once."""
    _api_key(scene)
    old = _rotated(scene)
    _revoked(scene, old)


def _api_key(scene: Scene) -> None:
    scene.step("The member's API key leaked: a second one is made, then the first is revoked")
    leaked = scene.keys["maison"]
    scene.keys["maison"] = scene.did("staff", "POST", "/internal/v1/keys", {"kind": "member", "tenant": "maison"})[
        "key"
    ]
    active = scene.did("staff", "GET", "/internal/v1/keys?kind=member&tenant=maison")["results"]
    prefix = next(each["prefix"] for each in active if each["prefix"] in leaked)
    scene.did("staff", "DELETE", f"/internal/v1/keys/{prefix}")
    fresh, scene.keys["maison"] = scene.keys["maison"], leaked
    scene.see("the next request with the leaked one", scene.ask("maison", "GET", "/internal/v1/network")[0], 401)
    scene.keys["maison"] = fresh
    scene.see("a request with the new one", scene.ask("maison", "GET", "/internal/v1/network")[0], 200)


def _rotated(scene: Scene) -> str:
    scene.step("The key that signs is rotated: another one is named, and the former stays published")
    before = _credential(scene, scene.codes[0])
    old = _kid(before)
    fresh = keys.deploy(scene.engine.client("cloudformation"), f"{scene.prefix}-second")
    scene.setting(SIGNING_KEY=fresh["SigningKey"])
    says(scene, scene.codes[2], "suspended", "Audit overdue")
    says(scene, scene.codes[2], "active", "Audit done")
    after = _list(scene, "suspension")
    scene.see("what changed is signed by the new key", _kid(after) != old, True)
    scene.see("what was signed before verifies", _verifies(scene, before), True)
    scene.see("what is signed now verifies", _verifies(scene, after), True)
    return old


def _revoked(scene: Scene, old: str) -> None:
    scene.step("The former key leaked: it is revoked, and all that it signed is signed anew")
    before = _credential(scene, scene.codes[0])
    scene.did("staff", "DELETE", f"/internal/v1/signing-keys/{old}")
    scene.see("what it signed verifies", _verifies(scene, before), False)
    where = scene.whose(scene.prefix)
    scene.run("infra.sign_anew", "--reason", "A signing key leaked", *where)
    scene.did("staff", "POST", "/internal/v1/log/checkpoints")
    for code in scene.codes:
        scene.see(f"the credential of {code} verifies", _verifies(scene, _credential(scene, code)), True)
    for purpose in ("revocation", "suspension"):
        scene.see(f"the list for {purpose} verifies", _verifies(scene, _list(scene, purpose)), True)
    signed = scene.did("", "GET", "/v1/log/checkpoint")["signed"]
    scene.see("the log's last checkpoint verifies", _verifies(scene, signed), True)
    with tempfile.TemporaryDirectory(prefix="factory-id-rehearsal-") as scratch:
        scene.see("the checker says", checked(scene, Path(scratch), scene.prefix), WHOLE)


def _credential(scene: Scene, code: str) -> str:
    answer = scene.http.get(f"/c/{code}", headers={"Accept": "application/vc+jwt"})
    return str(answer.body.decode())


def _list(scene: Scene, purpose: str) -> str:
    answer = scene.http.get(f"/credentials/status/{purpose}/0", headers={"Accept": "application/vc+jwt"})
    return str(answer.body.decode())


def _header(signed: str) -> dict[str, Any]:
    text = signed.partition(".")[0]
    return dict(json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))))


def _kid(signed: str) -> str:
    return str(_header(signed)["kid"]).partition("#")[2]


def _verifies(scene: Scene, signed: str) -> bool:
    """Whether a signature is by a key that anybody can look up now."""
    published = scene.did("", "GET", "/.well-known/did.json")
    kid = _header(signed)["kid"] if _header(signed)["kid"] in published["assertionMethod"] else None
    key = next((each["publicKeyJwk"] for each in published["verificationMethod"] if each["id"] == kid), None)
    message, _, signature = signed.rpartition(".")
    raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    return key is not None and p256.verify(key, message.encode(), raw)
