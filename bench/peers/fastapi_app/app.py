"""A factory's page and a certificate's JSON with FastAPI, Mangum, boto3 and Jinja."""

import os
from datetime import UTC, datetime
from pathlib import Path

import boto3
from fastapi import FastAPI, HTTPException, Request
from fastapi.templating import Jinja2Templates
from mangum import Mangum
from status import document, status_on

api = FastAPI()
table = boto3.resource("dynamodb", endpoint_url=os.environ["DYNAMODB_ENDPOINT"]).Table(os.environ["TABLE"])
templates = Jinja2Templates(Path(__file__).with_name("templates"))


def load(key):
    item = table.get_item(Key={"pk": key, "sk": "PAGE"}, ConsistentRead=True).get("Item")
    if item is None:
        raise HTTPException(404)
    return item["page"]


@api.get("/f/{factory_id}")
def factory(request: Request, factory_id: str):
    today = datetime.now(UTC).date()
    found = load(f"FACTORY#{factory_id}")
    certificates = [(certificate, status_on(certificate, today)) for certificate in found["certificates"]]
    return templates.TemplateResponse(
        request, "factory.html", {"factory": found, "certificates": certificates, "today": today}
    )


@api.get("/v1/certificates/{code}")
def certificate(code: str):
    return document(load(f"CERTIFICATE#{code}"), datetime.now(UTC).date())


app = Mangum(api, lifespan="off")
