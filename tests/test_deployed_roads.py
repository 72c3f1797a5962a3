"""The public zip behind a REST API, an HTTP API and a function URL: the three answer the same questions alike."""

from __future__ import annotations

import gzip
import json
import re
from typing import TYPE_CHECKING, Any

import pytest
import urllib3

import app
from infra.deploy import deploy_surface
from infra.target import Target

if TYPE_CHECKING:
    from infra.package import Built
    from tests.conftest_deployment import Deployment

pytest_plugins = ["tests.conftest_builds", "tests.conftest_deployment"]
pytestmark = pytest.mark.xdist_group("deployment")

ROADS = ("rest", "http", "url")
# The gateway's and the engine's own, and what differs from one moment to the next.
NOT_OURS = {"date", "server", "content-length", "connection", "apigw-requestid", "lambda-request-id"}
TIME = re.compile(rb"\d{4}-\d\d-\d\dT[\d:]+Z|\d\d:\d\d")
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
JSON = {"Content-Type": "application/json"}
QUESTIONS: list[tuple[str, str, dict[str, str], bytes]] = [
    ("GET", "/healthz", {}, b""),
    ("GET", "/healthz/", {}, b""),
    ("HEAD", "/healthz", {}, b""),
    ("GET", "/", {"Accept": "text/html", "Accept-Language": "fr"}, b""),
    ("GET", "/nothing", {}, b""),
    ("GET", "/nothing/at/all?q=1", {}, b""),
    ("POST", "/find", {}, b""),
    ("DELETE", "/healthz", {}, b""),
    ("GET", "/v1/certificates/C1EWZEPEEX1", {}, b""),
    ("GET", "/f/no%20such%20one", {"Accept": "text/html"}, b""),
    ("GET", "/find?q=a+b%26c&q=%C3%A9", {"Accept": "text/html"}, b""),
    ("GET", "/v1/directory?q=&country=BD&country=FR", {}, b""),
    ("GET", "/qr/f/BD7K3M9Q2XWC.svg", {}, b""),
    ("POST", "/v1/verify", JSON, b'{"numbers": ["CU 1", "caf\xc3\xa9"]}'),
    ("POST", "/v1/verify", JSON, b"{"),
    ("POST", "/verify", FORM, b"q=CU+1%0D%0Acaf%C3%A9"),
    (
        "POST",
        "/verify",
        {"Content-Type": "multipart/form-data; boundary=b0", "Accept": "text/html"},
        b'--b0\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
        b"number\nCU \xc3\xa9\r\n--b0--\r\n",
    ),
]


def deployed(deployment: Deployment, road: str, name: str = "", **changed: str) -> dict[str, str]:
    """The outputs of a public stack of its own on this road, over the same table; ``name``: the road's if not told."""
    archive = deployment.build / "public.zip"
    known = {**deployment.parameters, "PublicTable": deployment.outputs["data"]["PublicTable"], "Road": road}
    known |= {"ReceiptKey": deployment.outputs["keys"]["ReceiptKey"], **changed}
    target = Target(deployment.engine.client, f"trial-{name or road}", "trial-code", emulated=True)
    return deploy_surface(target, "public", archive, archive.with_suffix(".json"), known)


@pytest.fixture(scope="module")
def outputs(deployment: Deployment) -> dict[str, dict[str, str]]:
    return {road: deployed(deployment, road) for road in ("http", "url")}


@pytest.fixture(scope="module")
def addresses(deployment: Deployment, outputs: dict[str, dict[str, str]]) -> dict[str, str]:
    """Where the public surface answers, by road."""
    engine = deployment.engine.url
    url = outputs["url"]["FunctionURL"].partition("//")[2].partition(".")[0]
    return {
        "rest": deployment.address("public"),
        "http": f"{engine}/_aws/execute-api/{outputs['http']['HttpAPIId']}/$default",
        "url": f"{engine}/_aws/lambda-url/{url}",
    }


def ask(base: str, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> Any:
    pool = urllib3.PoolManager(retries=False, timeout=30)
    reply = pool.request(method, base + path, headers=headers, body=body, redirect=False, decode_content=False)
    own = {
        name.lower(): "of this second" if name.lower() == "etag" else value
        for name, value in reply.headers.items()
        if name.lower() not in NOT_OURS and not name.lower().startswith(("x-amz", "x-localstack"))
    }
    body = gzip.decompress(reply.data) if own.get("content-encoding") == "gzip" else reply.data
    return reply.status, own, TIME.sub(b"", body)


@pytest.mark.parametrize(
    ("method", "path", "headers", "body"),
    QUESTIONS,
    ids=[f"{number} {each[0]} {each[1]}" for number, each in enumerate(QUESTIONS)],
)
def test_the_three_roads_answer_alike(
    addresses: dict[str, str], method: str, path: str, headers: dict[str, str], body: bytes
) -> None:
    answers = {road: ask(addresses[road], method, path, headers, body) for road in ROADS}
    assert answers["rest"][0] < 500
    assert answers == dict.fromkeys(ROADS, answers["rest"])


def test_they_ask_no_gateway_what_may_be_asked_from_elsewhere(addresses: dict[str, str]) -> None:
    # The engine answers this for an HTTP API by itself; AWS hands it to the function, as it does for a URL.
    asked = ("OPTIONS", "/v1/certificates/C1EWZEPEEX1", {"Origin": "https://shop.example"})
    assert ask(addresses["url"], *asked) == ask(addresses["rest"], *asked)
    assert ask(addresses["url"], *asked)[1]["access-control-allow-origin"] == "*"


def test_a_page_is_compressed_where_no_gateway_does_it(addresses: dict[str, str]) -> None:
    plain = ask(addresses["rest"], "GET", "/", {"Accept": "text/html"})
    for road in ("http", "url"):
        status, headers, body = ask(addresses[road], "GET", "/", {"Accept": "text/html", "Accept-Encoding": "gzip"})
        assert (status, headers["content-encoding"]) == (200, "gzip")
        assert body == plain[2]


def test_a_stack_has_one_road(deployment: Deployment, outputs: dict[str, dict[str, str]]) -> None:
    assert {"EndpointURL", "RestAPIId"} <= set(deployment.outputs["public"])
    every = {"EndpointURL", "RestAPIId", "HttpURL", "HttpAPIId", "FunctionURL"}
    assert every & set(deployment.outputs["public"]) == {"EndpointURL", "RestAPIId"}
    assert every & set(outputs["http"]) == {"HttpURL", "HttpAPIId"}
    assert every & set(outputs["url"]) == {"FunctionURL"}


def test_a_url_has_a_brake_and_moving_it_makes_no_new_version(
    deployment: Deployment, outputs: dict[str, dict[str, str]], builds: dict[str, Built]
) -> None:
    # The engine's CloudFormation takes no notice of the brake: that it is there, the template says.
    function = json.loads(builds["public"].template.read_text())["Resources"]["APIHandler"]["Properties"]
    brake = ["ByUrl", {"Ref": "MostAtOnce"}, {"Ref": "AWS::NoValue"}]
    assert function["ReservedConcurrentExecutions"] == {"Fn::If": brake}

    def version() -> str:
        found = deployment.engine.client("lambda").get_alias(FunctionName=outputs["url"]["APIHandlerName"], Name="live")
        return str(found["FunctionVersion"])

    before = version()
    assert deployed(deployment, "url", MostAtOnce="7") == outputs["url"]
    assert version() == before
    deployed(deployment, "url", BaseUrl="https://moved.example")
    assert version() != before


def test_a_stack_can_change_its_road(deployment: Deployment) -> None:
    function = deployed(deployment, "rest", name="moving")["APIHandlerArn"]
    outputs = deployed(deployment, "http", name="moving")
    assert outputs["APIHandlerArn"] == function
    assert "RestAPIId" not in outputs
    base = f"{deployment.engine.url}/_aws/execute-api/{outputs['HttpAPIId']}/$default"
    assert ask(base, "GET", "/healthz", {})[0] == 200
    back = deployed(deployment, "rest", name="moving")
    assert "HttpAPIId" not in back
    base = f"{deployment.engine.url}/restapis/{back['RestAPIId']}/api/_user_request_"
    assert ask(base, "GET", "/healthz", {})[0] == 200


def test_what_signs_by_the_piece_has_a_tighter_brake_on_an_http_api(
    deployment: Deployment, outputs: dict[str, dict[str, str]], builds: dict[str, Built]
) -> None:
    gateway, api = deployment.engine.client("apigatewayv2"), outputs["http"]["HttpAPIId"]
    routes = {route["RouteKey"] for route in gateway.get_routes(ApiId=api)["Items"]}
    stage = json.loads(builds["public"].template.read_text())["Resources"]["HttpStage"]["Properties"]
    braked = set(stage["RouteSettings"])
    assert routes == {"$default", *braked}
    assert all(app.app.routes[key.partition(" ")[2]][key.partition(" ")[0]] for key in braked)
    assert "sourceIp" not in stage["AccessLogSettings"]["Format"]
    assert "path" not in stage["AccessLogSettings"]["Format"]
