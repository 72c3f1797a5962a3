"""A certification body loses its accreditation: what it confirmed is suspended, and nobody acts for it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from infra.rehearse.restoring import WHOLE, checked
from infra.rehearse.scene import Scene, says

REASON = "Sure Seal is no longer accredited."


def rehearse(scene: Scene) -> None:
    """One command suspends all its certificates with a reason, but for those that it withdrew; nothing is rewritten.

    Its word on a claim is taken back.
    """
    says(scene, scene.codes[0], "withdrawn", "Holder left the programme")
    _verified(scene)
    where = scene.whose(scene.prefix)
    scene.step("How many would it be?")
    said = scene.run("infra.accreditation", "sureseal", "--reason", REASON, "--dry-run", *where)
    scene.see("foretold", said.strip(), "2 certificates would be suspended, 1 verifications of claims taken back")
    scene.step("It is done, and done once more")
    scene.run("infra.accreditation", "sureseal", "--reason", REASON, *where)
    said = scene.run("infra.accreditation", "sureseal", "--reason", REASON, *where)
    scene.see("the second time", said.split("at, ")[1].strip(), "0 suspended; 0 verifications of claims taken back")
    scene.see("the claim is", _claim(scene), "declared")
    scene.see("the certificates are", [scene.status(code) for code in scene.codes], ["withdrawn", *["suspended"] * 2])
    page = scene.http.get(f"/c/{scene.codes[1]}", headers={"Accept": "text/html"}).body.decode()
    scene.see("the page gives the reason", REASON in page, True)
    scene.see("its key is answered with", scene.ask("sureseal", "GET", "/internal/v1/events")[0], 401)
    with tempfile.TemporaryDirectory(prefix="factory-id-rehearsal-") as scratch:
        scene.see("the checker says", checked(scene, Path(scratch), scene.prefix), WHOLE)
    scene.step("It is accredited again: it takes part, and says itself what holds")
    scene.did("staff", "POST", "/internal/v1/certifiers/sureseal/resume", {"reason": "Accredited again"})
    says(scene, scene.codes[1], "active", "Accredited again")
    scene.see("the certificate is", scene.status(scene.codes[1]), "valid")


def _verified(scene: Scene) -> None:
    scene.step("It verified a claim of a brand")
    said = {"text": "We pay within 30 days.", "language": "en", "basis": {"kind": "none"}}
    made = scene.did("maison", "POST", "/internal/v1/claims/member/maison", said)
    where = f"/internal/v1/claims/member/maison/{made['claim_id']}/verify"
    scene.did("sureseal", "POST", where, {"version": made["version"]})
    scene.see("the claim is", _claim(scene), "verified")


def _claim(scene: Scene) -> str:
    return str(scene.did("", "GET", "/v1/members/maison")["claims"][0]["standing"])
