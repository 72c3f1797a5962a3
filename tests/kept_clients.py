"""What is dear to make and the same each time is made once for all tests: botocore's files, and clients where moto is.

A client for DynamoDB costs more than most tests do: botocore reads and compiles megabytes of descriptions for each
session. moto stands behind every client that there is, so one of a former test is as good as a new one.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import botocore.loaders
import botocore.session

from chalicelib.settings import Settings
from chalicelib.store import models

_MODELS = (models.RegistryItem, models.PublicItem, models.NumberItem)
_kept: dict[tuple[str, str, str], Any] = {}


@cache
def dynamodb() -> Any:
    """A client for DynamoDB on moto."""
    return botocore.session.get_session().create_client("dynamodb")


def install() -> None:
    """From now on."""
    botocore.session.create_loader = cache(botocore.loaders.create_loader)
    models.connect = _connecting(models.connect)


def _connecting(connect: Any) -> Any:
    """``models.connect`` that goes back to the connection of a former test, unless it was to an engine."""

    def connected(chosen: Settings) -> None:
        for model in _MODELS:
            if model._connection is not None and not model.Meta.host:
                _kept[_place(model)] = model._connection
        connect(chosen)
        for model in _MODELS:
            if not model.Meta.host:
                model._connection = _kept.get(_place(model))

    return connected


def _place(model: Any) -> tuple[str, str, str]:
    return model.__name__, model.Meta.table_name, model.Meta.region
