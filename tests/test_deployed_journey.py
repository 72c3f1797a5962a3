"""The main job on what CloudFormation deployed: each function under its own role, everything over HTTP."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from infra.demo.api import Refused
from tests import walk
from tests.test_qr import pixels, read
from tests.walk import GTIN, PRIVATE_ADDRESS, PRIVATE_EMAIL, Walked

if TYPE_CHECKING:
    from tests.conftest_deployment import Deployment

pytest_plugins = ["tests.conftest_builds", "tests.conftest_deployment"]
pytestmark = pytest.mark.xdist_group("deployment")


@pytest.fixture(scope="module")
def walked(deployment: Deployment) -> Walked:
    return walk.walk(deployment.address("internal"), deployment.first_key(), deployment.engine.mails)


def test_who_scans_the_factory_sees_its_name_audit_and_certificate(deployment: Deployment, walked: Walked) -> None:
    status, headers, body = deployment.get("public", f"/f/{walked.factory_id}")
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    for shown in ("Kolmilata Knit Composite Ltd.", "Gazipur", "11 February 2026", "We knit, dye and sew", "Valid"):
        assert shown in body


def test_who_scans_the_product_sees_who_made_it(deployment: Deployment, walked: Walked) -> None:
    status, _, body = deployment.get("public", f"/01/{GTIN}/10/L26")
    assert status == 200
    for shown in ("Jersey T-shirt", "Kolmilata Knit Composite Ltd.", f"/f/{walked.factory_id}", "Sewing"):
        assert shown in body


def test_a_buyer_is_told_that_the_certificate_holds(deployment: Deployment, walked: Walked) -> None:
    code = walked.certificate["code"]
    status, headers, body = deployment.get("public", f"/v1/certificates/{code}")
    answer = json.loads(body)
    assert (status, headers["Cache-Control"], answer["status"]) == (200, "no-store", "valid")
    assert (answer["holder"]["factory_id"], answer["confirmed_by_certifier"]) == (walked.factory_id, True)
    assert '<h1 id="status">Valid</h1>' in deployment.get("public", f"/c/{code}")[2]


@pytest.mark.safety("certificates.withdrawn-at-once")
def test_once_withdrawn_the_very_next_check_says_so(deployment: Deployment, walked: Walked) -> None:
    code = walked.certify("GOTS-2026-0418")["code"]
    pages = (f"/v1/certificates/{code}", f"/c/{code}", f"/v1/factories/{walked.factory_id}")
    before = [deployment.get("public", path)[2] for path in pages]
    statement = {"standing": "withdrawn", "reason": "Records were forged."}
    walked.certifier.send("POST", f"/internal/v1/certificates/{code}/standing", statement)
    told, page, factory = [deployment.get("public", path)[2] for path in pages]
    assert (json.loads(before[0])["status"], json.loads(told)["status"]) == ("valid", "withdrawn")
    assert ('<h1 id="status">Valid</h1>' in before[1], '<h1 id="status">Withdrawn</h1>' in page) == (True, True)
    listed = {each["code"]: each["status"] for each in json.loads(factory)["certificates"]}
    assert listed[code] == "withdrawn"


def test_the_printed_code_leads_to_our_own_page(deployment: Deployment, walked: Walked) -> None:
    status, headers, svg = deployment.get("public", f"/qr/f/{walked.factory_id}.svg")
    assert (status, headers["Content-Type"]) == (200, "image/svg+xml")
    assert read(pixels(svg)) == f"HTTPS://FACTORY-ID.EXAMPLE/F/{walked.factory_id}"


def test_what_is_private_is_in_no_public_answer(deployment: Deployment, walked: Walked) -> None:
    code = walked.certificate["code"]
    places = [f"/f/{walked.factory_id}", f"/c/{code}", f"/01/{GTIN}", "/find?q=Kolmilata", "/factories?q=knit"]
    documents = [f"/factories/{walked.factory_id}", f"/certificates/{code}", f"/products/{GTIN}", "/directory?q=knit"]
    answers = [deployment.get("public", path) for path in [*places, *(f"/v1{path}" for path in documents)]]
    assert [status for status, _, _ in answers if status not in (200, 303)] == []
    told = "".join(body for _, _, body in answers).casefold()
    assert "kolmilata" in told
    assert [secret for secret in (PRIVATE_EMAIL, PRIVATE_ADDRESS) if secret.casefold() in told] == []


@pytest.mark.usefixtures("walked")
def test_what_is_private_is_in_no_item_of_the_public_table(deployment: Deployment) -> None:
    # As the account's root: neither role may scan.
    table = deployment.engine.client("dynamodb").get_paginator("scan").paginate
    held = {
        name: json.dumps([page["Items"] for page in table(TableName=f"trial-{name}")]).casefold()
        for name in ("public", "registry")
    }
    for secret in (PRIVATE_EMAIL, PRIVATE_ADDRESS):
        assert (secret.casefold() in held["registry"], secret.casefold() in held["public"]) == (True, False)


def test_the_same_batch_again_gets_the_same_reply(walked: Walked) -> None:
    assert walk.sync(walked.ics, "night-1") == walk.sync(walked.ics, "night-1")
    assert [row["outcome"] for row in walk.sync(walked.ics, "night-2")] == ["unchanged"]


def test_an_invitation_is_accepted_once(walked: Walked) -> None:
    with pytest.raises(Refused, match="410"):
        walked.visitor.send("POST", "/internal/v1/invitations/accept", {"token": walked.token})


def test_a_change_to_what_somebody_else_changed_is_refused(walked: Walked) -> None:
    path = f"/internal/v1/factories/{walked.factory_id}"
    with pytest.raises(Refused, match="412"):
        walked.factory.send("PATCH", path, {"workforce": "1-50"}, If_Match=walked.stale_etag)


def test_a_second_first_key_is_a_key_as_good(deployment: Deployment, walked: Walked) -> None:
    again = deployment.first_key()
    path = f"/internal/v1/events?record={walked.factory_id}"
    assert again != walked.staff.key
    assert walk.Api(deployment.address("internal"), again).send("GET", path)["results"]
