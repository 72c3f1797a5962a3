"""The public surface alone, in a fresh process: what it loads, and what it does not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = """
import json, sys
from datetime import date
import app
from chalicelib.domain.certificate import Standing, StandingChange
from chalicelib.domain.disclosure import PublicCertificate, PublicFactory
from chalicelib.store import reader

issued = StandingChange(Standing.ACTIVE, "", date(2026, 1, 1), "2026-01-01T00:00:00Z")
certificate = PublicCertificate("C4J7K2M9QXD", "N-1", "gots", "Organic", "Seal", "BD7K3M9Q2XWC", "Mill", "all", (),
    date(2026, 1, 1), date(2099, 1, 1), True, (issued,))
fields = {"name": "Mill", "country": "BD", "city": "Dhaka", "website": "https://mill.example"}
said = {name: {"source": "factory", "date": "2026-01-01"} for name in fields}
factory = PublicFactory("BD7K3M9Q2XWC", "open", None, None, True, fields, said, (), (certificate,), (),
    "2026-01-01T00:00:00Z")
reader.factory = lambda _code: factory
reader.certificate = lambda _code: certificate

# Chalice's test client loads all of its command line, and botocore with it: so the function is called as Lambda does.
def get(resource, parameters, path):
    event = {"resource": resource, "httpMethod": "GET", "pathParameters": parameters, "headers": {},
        "multiValueHeaders": {}, "multiValueQueryStringParameters": None, "body": None, "isBase64Encoded": False,
        "stageVariables": None,
        "requestContext": {"resourcePath": resource, "httpMethod": "GET", "path": path, "identity": {}}}
    return app.app(event, None)

from chalicelib.domain import identity
identity.mod_37_36.is_valid = lambda _code: True
answers = [
    get("/f/{factory_id}", {"factory_id": "BD7K3M9Q2XWC"}, "/f/BD7K3M9Q2XWC"),
    get("/v1/certificates/{code}", {"code": "C4J7K2M9QXD"}, "/v1/certificates/C4J7K2M9QXD"),
]
routes = sorted(app.app.routes)
before = sorted(sys.modules)
drawn = get("/qr/{kind}/{file}", {"kind": "f", "file": "BD7K3M9Q2XWC.svg"}, "/qr/f/BD7K3M9Q2XWC.svg")
print(json.dumps({"statuses": [answer["statusCode"] for answer in answers], "texts": [a["body"] for a in answers],
    "modules": before, "routes": routes, "drawn": drawn["statusCode"], "after": sorted(sys.modules)}))
"""
FORBIDDEN = (
    "chalicelib.internal",
    "chalicelib.store.registry",
    "chalicelib.web.lessons",
    "segno",
    "cryptography",
    "jose",
    "joserfc",
    "jwt",
    "cbor2",
    "email_validator",
    "babel",
    "boto3",
    "botocore",
    "pynamodb",
    "urllib3",
    "chalice.cli",
    "pint",
    "chalicelib.domain.units",
)


def test_serving_a_page_and_a_check_loads_nothing_of_the_inside_and_no_segno() -> None:
    environment = {"SURFACE": "public", "AWS_REGION": "eu-central-1", "PATH": "/usr/bin:/bin"}
    finished = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr
    told = json.loads(finished.stdout)
    assert told["statuses"] == [200, 200], told["texts"]
    assert "Mill" in told["texts"][0]
    assert json.loads(told["texts"][1])["status"] == "valid"
    loaded = [name for name in told["modules"] if name.startswith(FORBIDDEN)]
    assert loaded == []
    assert not [route for route in told["routes"] if route.startswith(("/internal", "/portal"))]
    # Only a drawn code brings segno.
    assert told["drawn"] == 200
    assert "segno" in told["after"]
