"""Picks the surface and registers its blueprints; nothing else."""

from __future__ import annotations

from chalice.app import Chalice

from chalicelib import settings

app = Chalice(app_name="factory-id")
# Uploaded files come through the gateway as they are, and one file of ours goes out so. Chalice's own list names 16
# types, and each answer is held against every one of them three times.
app.api.binary_types = ["application/octet-stream", "multipart/form-data"]
_surface = settings.load().surface

if _surface in ("public", "all"):
    from chalicelib import public

    public.register(app)

if _surface in ("internal", "all"):
    from chalicelib.internal import blueprints as internal_blueprints

    for blueprint in internal_blueprints():
        app.register_blueprint(blueprint)
