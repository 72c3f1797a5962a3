"""The portal: what people who were invited or signed in see."""

from __future__ import annotations

from chalice.app import Blueprint

routes = Blueprint(__name__)
