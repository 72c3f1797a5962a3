"""Somebody copies codes: onto another host, onto another certificate; and a buyer reports it."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from urllib.parse import urlencode

from chalicelib import settings
from chalicelib.store import public_keys
from chalicelib.store.models import PublicItem
from infra.rehearse.scene import Scene, says

_GOOD, _BAD = 0, 1


def rehearse(scene: Scene) -> None:
    """A code of another host and one that was put onto another certificate are refused; a report reaches staff."""
    with tempfile.TemporaryDirectory(prefix="factory-id-rehearsal-") as scratch:
        keys = Path(scratch) / "did.json"
        keys.write_text(json.dumps(scene.did("", "GET", "/.well-known/did.json")), encoding="utf-8")
        _codes(scene, keys)
    _report(scene)


def _codes(scene: Scene, keys: Path) -> None:
    one, two = (_printed(code) for code in scene.codes[:2])
    scene.step("A genuine code is checked without a network")
    scene.run("factory_id", "verify-offline", one, "--keys", str(keys), code=_GOOD)
    scene.step("The same code, leading to another host")
    other = one.replace(settings.load().host.upper(), "FACTORY-1D.EXAMPLE")
    scene.run("factory_id", "verify-offline", other, "--keys", str(keys), code=_BAD)
    scene.step("Its signed part, put onto another certificate")
    swapped = one.rpartition("/")[0] + "/" + two.rpartition("/")[2]
    scene.run("factory_id", "verify-offline", swapped, "--keys", str(keys), code=_BAD)
    scene.step("The genuine code of a certificate that is suspended: with a network, its page says so")
    says(scene, scene.codes[0], "suspended", "Audit overdue")
    path = "/S/" + one.partition("/S/")[2]
    page = scene.http.get(path, headers={"Accept": "text/html"}).body.decode()
    scene.see("the page gives the reason", "Audit overdue" in page, True)


def _printed(code: str) -> str:
    """What stands in the code that can be checked offline."""
    item = PublicItem.get(*public_keys.certificate_page(code))
    return f"{settings.load().base_url}/S/{item.code}".upper()


def _report(scene: Scene) -> None:
    scene.step("A buyer reports it, and staff decide")
    path = f"/portal/reports/new?about=/c/{scene.codes[1]}"
    opened = scene.http.get(path, headers={"Accept": "text/html"})
    held = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', opened.body.decode()))
    typed = {**held, "kind": "other", "text": "This code is on the site of somebody else."}
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if cookie := opened.headers.get("Set-Cookie"):
        headers["Cookie"] = cookie.partition(";")[0]
    sent = scene.http.request("POST", path, headers=headers, body=urlencode(typed).encode())
    scene.see("the form is answered with", sent.status_code, 303)
    waiting = scene.did("staff", "GET", "/internal/v1/moderation")["results"]
    about = [each["about"].rpartition("/")[2] for each in waiting]
    scene.see("what waits for staff is about", about, [scene.codes[1]])
    decided = {"decision": "acted", "reason": "The host was asked to take it down"}
    scene.did("staff", "POST", f"/internal/v1/moderation/{waiting[0]['id']}", decided)
    left = scene.did("staff", "GET", "/internal/v1/moderation")["results"]
    scene.see("matters that wait", len(left), 0)
