"""The function's entrance: the package build puts it beside ``app.py``, and Lambda calls ``start.app``.

What every request needs is made here, while Lambda gives a starting function a whole core: the database client, the
style sheet, the default language. A public route's module comes when it is asked for
(``chalicelib/public/when_asked.py``). Where a snapshot will be taken (SnapStart), all of them come before it, and the
pages that are scanned are drawn once. All of it stays for good, so the garbage collector neither runs meanwhile nor
looks at it later.
"""

from __future__ import annotations

import gc

gc.disable()

from app import app as _app  # noqa: E402
from chalicelib import settings  # noqa: E402
from chalicelib.web import language, origin, pages, roads  # noqa: E402

_chosen = settings.load()
if _chosen.surface == "public":
    from chalicelib.store import public_table

    public_table.warm()
else:
    from chalicelib.store import models

    _client = models.RegistryItem._get_connection().connection.client
pages.style_hash()
language.choose(None, None)
if _chosen.snapshot:
    import random

    from snapshot_restore_py import register_after_restore

    register_after_restore(random.seed)  # else the pauses before a second try would be the same in every copy
    if _chosen.surface == "public":
        from chalicelib.public import rehearsal

        rehearsal.rehearse(_app)
app = origin.closed(roads.Roads(_app, _app.routes, _chosen.base_url), _chosen.origin_secret)

gc.freeze()
gc.enable()

__all__ = ["app"]
