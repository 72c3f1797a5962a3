"""A factory's page and a certificate's JSON with Chalice, PynamoDB and Jinja."""

import os
from datetime import UTC, datetime
from pathlib import Path

from chalice import Chalice, NotFoundError, Response
from jinja2 import Environment, FileSystemLoader, select_autoescape
from pynamodb.attributes import BooleanAttribute, ListAttribute, MapAttribute, UnicodeAttribute
from pynamodb.models import Model
from status import document, status_on

app = Chalice(app_name="peer")
templates = Environment(loader=FileSystemLoader(Path(__file__).with_name("templates")), autoescape=select_autoescape())


class Certificate(MapAttribute):
    code = UnicodeAttribute()
    number = UnicodeAttribute()
    standard_id = UnicodeAttribute()
    standard_name = UnicodeAttribute()
    certifier = UnicodeAttribute()
    holder_id = UnicodeAttribute()
    holder_name = UnicodeAttribute()
    scope = UnicodeAttribute()
    products = ListAttribute(of=UnicodeAttribute)
    valid_from = UnicodeAttribute()
    valid_to = UnicodeAttribute()
    confirmed = BooleanAttribute()
    history = ListAttribute(of=MapAttribute)


class Factory(MapAttribute):
    factory_id = UnicodeAttribute()
    claimed = BooleanAttribute()
    fields = MapAttribute()
    audits = ListAttribute(of=MapAttribute)
    certificates = ListAttribute(of=Certificate)
    members = ListAttribute(of=MapAttribute)
    updated_at = UnicodeAttribute()


class Page(Model):
    class Meta:
        table_name = os.environ["TABLE"]
        host = os.environ["DYNAMODB_ENDPOINT"]
        region = os.environ["AWS_REGION"]

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    credential = UnicodeAttribute(null=True)
    code = UnicodeAttribute(null=True)


class FactoryPage(Page):
    class Meta(Page.Meta):
        pass

    page = Factory()


class CertificatePage(Page):
    class Meta(Page.Meta):
        pass

    page = Certificate()


def load(model, key):
    try:
        return model.get(key, "PAGE", consistent_read=True).page
    except model.DoesNotExist:
        raise NotFoundError(key) from None


@app.route("/f/{factory_id}")
def factory(factory_id):
    today = datetime.now(UTC).date()
    found = load(FactoryPage, f"FACTORY#{factory_id}")
    certificates = [(certificate, status_on(certificate, today)) for certificate in found.certificates]
    html = templates.get_template("factory.html").render(factory=found, certificates=certificates, today=today)
    return Response(html, headers={"Content-Type": "text/html; charset=utf-8"})


@app.route("/v1/certificates/{code}")
def certificate(code):
    return document(load(CertificatePage, f"CERTIFICATE#{code}"), datetime.now(UTC).date())
