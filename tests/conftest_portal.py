"""What the tests of the portal stand on: tables, a mailbox, a browser, and somebody who runs a factory."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from email.message import EmailMessage
from types import SimpleNamespace

import pytest
from chalice.test import Client
from moto import mock_aws

os.environ.update(
    AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="x", AWS_REGION="eu-central-1", AWS_DEFAULT_REGION="eu-central-1"
)

import app
from chalicelib import settings
from chalicelib.internal import mail
from chalicelib.store import models
from chalicelib.store.registry import organisations
from infra import locales
from tests import kept_clients
from tests.portal_browser import STAFF, Browser, invited

locales.build()


@pytest.fixture
def _tables() -> Iterator[None]:
    with mock_aws():
        client = kept_clients.dynamodb()
        for name in ("factory-id-registry", "factory-id-public"):
            client.create_table(
                TableName=name,
                KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
                AttributeDefinitions=[
                    {"AttributeName": "pk", "AttributeType": "S"},
                    {"AttributeName": "sk", "AttributeType": "S"},
                ],
                BillingMode="PAY_PER_REQUEST",
            )
        models.connect(settings.load())
        organisations.put("member", "maison", {"name": "Maison Lumière", "country": "FR"}, STAFF)
        organisations.put("standard", "gots", {"name": "Global Organic Textile Standard", "owner": "G"}, STAFF)
        yield


@pytest.fixture
def mails(monkeypatch: pytest.MonkeyPatch) -> list[EmailMessage]:
    sent: list[EmailMessage] = []
    monkeypatch.setattr(mail, "send", sent.append)
    return sent


@pytest.fixture
def browser(_tables: None) -> Iterator[Browser]:
    with Client(app.app) as client:
        yield Browser(client)


@pytest.fixture
def runner(browser: Browser) -> SimpleNamespace:
    """Somebody who accepted an invitation and published the factory's page."""
    answer = browser.send(f"/portal/invitations/{invited()}")
    factory_id = re.search(r"/factories/([A-Z0-9]+)/", answer.headers["Location"]).group(1)
    home = f"/portal/factories/{factory_id}"
    assert browser.send(f"{home}/publish", page=f"{home}/profile", number=1).status == 303
    return SimpleNamespace(browser=browser, factory_id=factory_id, home=home, profile=f"{home}/profile")
