"""Every credential of the demo world, verified by implementations that are not ours."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests import second_opinion, untp
from tests.browser.demo import Demo

pytestmark = pytest.mark.xdist_group("browser")


def _documents(demo: Demo) -> dict[str, Any]:
    """The keys, and the status lists, by address."""
    _, body = demo.read(f"{demo.base}/.well-known/did.json")
    document = json.loads(body)
    lists = [f"{demo.base}/credentials/status/{purpose}/0" for purpose in ("revocation", "suspension")]
    return {document["id"]: document, **{url: demo.read(url)[1].decode() for url in lists}}


def _factories(demo: Demo) -> Iterator[dict[str, Any]]:
    query = ""
    while True:
        page = json.loads(demo.read(f"{demo.base}/v1/directory{query}")[1])
        for card in page["results"]:
            yield json.loads(demo.read(f"{demo.base}/v1/factories/{card['factory_id']}")[1])
        if page["next_cursor"] is None:
            return
        query = f"?cursor={page['next_cursor']}"


@pytest.fixture(scope="module")
def signed(demo: Demo) -> dict[str, tuple[str | None, str]]:
    """Every credential by its path, with the status of its certificate."""
    wanted: dict[str, str | None] = {}
    for factory in _factories(demo):
        if factory["status"] != "merged":
            wanted[f"f/{factory['factory_id']}"] = None
        wanted |= {f"c/{each['code']}": each["status"] for each in factory["certificates"] if _confirmed(each)}
    products = demo.api("member").send("GET", "/internal/v1/products")["results"]
    wanted |= {f"p/{each['product_id']}": None for each in products}
    answers = {path: demo.read(f"{demo.base}/credentials/{path}") for path in wanted}
    assert {path: status for path, (status, _) in answers.items() if status != 200} == {}
    return {path: (wanted[path], body.decode()) for path, (_, body) in answers.items()}


def test_every_credential_of_the_demo_world_is_as_untp_s_schema_wants_it(signed: dict[str, tuple[str | None, str]]):
    for path, (_, token) in signed.items():
        payload = token.split(".")[1]
        untp.check(path[0], json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))))


def test_verifiers_of_others_verify_every_credential_of_the_demo_world_and_see_each_standing(
    demo: Demo, signed: dict[str, tuple[str | None, str]]
):
    opinions = second_opinion.opinions([token for _, token in signed.values()], _documents(demo))
    assert len(opinions) > 300
    assert [each["error"] for each in opinions if not each["verified"]] == []
    for (path, (status, _)), opinion in zip(signed.items(), opinions, strict=True):
        if path.startswith("c/"):
            bits = {"revocation": status == "withdrawn", "suspension": status == "suspended"}
            assert opinion["statuses"] == bits, path
            if status not in ("withdrawn", "suspended"):
                assert opinion["timely"] == (status == "valid"), path


def _confirmed(certificate: dict[str, Any]) -> bool:
    return bool(certificate["confirmed_by_certifier"])
