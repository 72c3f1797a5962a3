"""What a factory takes home: its Factory ID, its link, and its QR code to print."""

from __future__ import annotations

import base64

from chalice.app import Response

from chalicelib.domain import identity
from chalicelib.internal.portal import door, view
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import factories
from chalicelib.web import qr, shown


@door.page("GET", "/portal/factories/{factory_id}/share", who=door.FACTORY)
def share(visit: Visit, factory_id: str) -> Response:
    """The code is drawn into the page: where the portal has a host of its own, the public one may not be loaded."""
    factory = factories.need(factory_id).factory
    drawn = qr.svg(qr.payload(shown.SETTINGS.base_url, "f", factory_id), label=identity.shown(factory_id))
    return view.render(
        visit,
        "portal/share.html",
        factory_id=factory_id,
        factory=factory,
        picture=base64.b64encode(drawn.encode()).decode(),
        address=shown.url(f"/f/{factory_id}"),
        print_address=shown.url(f"/qr/f/{factory_id}.svg"),
    )
