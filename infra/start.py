"""The function's entrance: the package build puts it beside ``app.py``, and Lambda calls ``start.app``.

What every request needs is made here, while Lambda gives a starting function a whole core, and before a snapshot is
taken: the database client, the style sheet, the default language. All of it stays for good, so the garbage collector
neither runs meanwhile nor looks at it later.
"""

from __future__ import annotations

import gc

gc.disable()

from app import app as _app  # noqa: E402
from chalicelib import settings  # noqa: E402
from chalicelib.web import language, origin, pages, roads  # noqa: E402

if settings.load().surface == "public":
    from chalicelib.store import public_table

    public_table.warm()
else:
    from chalicelib.store import models

    _client = models.RegistryItem._get_connection().connection.client
pages.style_hash()
language.choose(None, None)
_chosen = settings.load()
app = origin.closed(roads.Roads(_app, _app.routes, _chosen.base_url), _chosen.origin_secret)

gc.freeze()
gc.enable()

__all__ = ["app"]
