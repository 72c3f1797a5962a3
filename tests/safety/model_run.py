"""Runs the model for longer, on moto or on MiniStack behind faults, and says how often each invariant held."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from moto import mock_aws

from chalicelib import settings
from chalicelib.store import models
from infra import tables
from tests import kept_clients
from tests.local_kms import keys_in_process
from tests.safety.invariants import Tally
from tests.safety.play import Play, playing
from tests.stack import Tables
from tests.world import World


@contextmanager
def on_moto(tally: Tally) -> Iterator[Play]:
    """A fresh world on moto, of a registry that signs."""
    with mock_aws(), pytest.MonkeyPatch.context() as patch, keys_in_process():
        patch.setenv("SIGNING_KEY", "first")
        chosen = settings.load()
        models.connect(chosen)
        client = kept_clients.dynamodb()
        tables.create_tables(client)
        for world in World.begun(Tables(client, chosen.registry_table, chosen.public_table), patch):
            with playing(world, tally) as play:
                yield play
    models.connect(settings.load())
