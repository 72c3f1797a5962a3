"""What a factory takes home: its Factory ID, its link, its QR code, poster, labels and badge."""

from __future__ import annotations

import base64

from chalice.app import Response

from chalicelib.domain import identity
from chalicelib.internal.portal import door, view
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import factories
from chalicelib.web import pdf, print_code, qr, shown

PNG_MM, PNG_DPI = 30, 300


@door.page("GET", "/portal/factories/{factory_id}/share", who=door.FACTORY)
def share(visit: Visit, factory_id: str) -> Response:
    """The code is drawn into the page: where the portal has a host of its own, the public one may not be loaded."""
    factory = factories.need(factory_id).factory
    content = qr.payload(shown.SETTINGS.base_url, "f", factory_id)
    drawn = qr.svg(content, label=identity.shown(factory_id))
    png, _ = print_code.png(content, size_mm=PNG_MM, dpi=PNG_DPI, level=print_code.LEVELS[1])
    return view.render(
        visit,
        "portal/share.html",
        factory_id=factory_id,
        factory=factory,
        picture=base64.b64encode(drawn.encode()).decode(),
        png=base64.b64encode(png).decode(),
        png_dpi=PNG_DPI,
        poster_has_pdf=pdf.printable(str(factory.value("name") or "")),
        address=shown.url(f"/f/{factory_id}"),
        print_address=shown.url(f"/qr/f/{factory_id}.svg"),
    )
