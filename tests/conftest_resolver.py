"""The public surface over a small world with GS1 numbers, its reads written down: a pytest plugin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from chalice.test import Client
from moto import mock_aws
from moto.dynamodb.responses import DynamoHandler

from chalicelib import settings
from chalicelib.domain.factory import State
from chalicelib.domain.product import Product, Stage
from chalicelib.store import models
from chalicelib.store.registry import products
from infra import locales, tables
from tests import kept_clients
from tests.numbered import (
    ACTOR,
    GDTI,
    GLN,
    GTIN,
    LOT,
    MERGED_GLN,
    MILL,
    NEW,
    OLD,
    OTHER,
    OWN_CODE,
    SECOND,
    SHARED_GDTI,
    SHARED_GLN,
    Resolver,
    a_certificate,
    a_factory,
)


@pytest.fixture(scope="module")
def resolver() -> Iterator[Resolver]:
    """Five factories, certificates with and without GDTI, one product; all reads are written down."""
    locales.build()
    reads: list[str] = []
    called = DynamoHandler.call_action
    patch = pytest.MonkeyPatch()

    def counted(handler: DynamoHandler) -> Any:
        reads.append(handler.get_endpoint_name(handler.headers) or "?")
        return called(handler)

    patch.setattr(DynamoHandler, "call_action", counted)
    with mock_aws():
        import app

        chosen = settings.load()
        models.connect(chosen)
        tables.create_tables(kept_clients.dynamodb())
        a_factory(MILL, "Meghna Mill", GLN)
        a_factory(OTHER, "First claimant", SHARED_GLN)
        a_factory(OLD, "Old record", MERGED_GLN, state=State.MERGED, successor=NEW)
        a_factory(NEW, "New record", MERGED_GLN)
        a_factory(SECOND, "Second claimant", SHARED_GLN)
        codes = {
            "declared twin": a_certificate(OTHER, "N-9", GDTI, certifier=None),
            GDTI: a_certificate(MILL, "N-1", GDTI),
            "without": a_certificate(MILL, "N-2", None),
        }
        a_certificate(MILL, "N-3", SHARED_GDTI, certifier=None)
        a_certificate(OTHER, "N-4", SHARED_GDTI, certifier=None)
        stages = (Stage("dyeing", MILL), Stage("sewing", OTHER))
        products.put(Product(GTIN, "maison", "Maison", "Shirt", "apparel", (LOT, "A/B"), stages), ACTOR)
        products.put(Product(OWN_CODE, "maison", "Maison", "Scarf", "apparel", (), ()), ACTOR)
        with Client(app.app) as client:
            yield Resolver(client, reads, codes)
    patch.undo()
    models.connect(settings.load())
