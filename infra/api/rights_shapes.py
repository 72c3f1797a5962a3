"""Shapes of the requests that people make of each other: to confirm a certificate, to erase what is held of them."""

from __future__ import annotations

from infra.api.public_shapes import CODE_SHAPE, FACTORY_ID_SHAPE
from infra.api.shapes import DATE, TENANT, YES_NO, Schema, body, nullable, record, said, text, whole

PHOTO = record(
    {
        "photo_id": {"type": "string"},
        "about": said("in the factory's words"),
        "width": whole(1),
        "height": whole(1),
    },
    about="A photo that the factory shows.",
)


def schemas() -> dict[str, Schema]:
    """All of them by name."""
    return {
        "ConfirmationRequest": body({"certifier_id": TENANT}),
        "Confirmation": record(
            {
                "code": CODE_SHAPE,
                "factory_id": FACTORY_ID_SHAPE,
                "certifier_id": TENANT,
                "asked": DATE,
                "mailed": nullable(DATE),
                "open": YES_NO,
                "answered": nullable(DATE),
                "reason": said("why the certifier said no"),
                "version": whole(0),
            },
            about="A holder's request that a certifier confirm a certificate. Open until it does, or says no.",
        ),
        "ErasureRequest": body(
            {
                "email": {"type": "string", "format": "email", "maxLength": 254},
                "reason": text(about="kept in the histories; never names the person"),
            }
        ),
        "Erased": record(
            {
                "contacts": whole(0, about="factories whose contact this was"),
                "invitations": whole(0, about="that held the address"),
                "factories": whole(0, about="that the person ran"),
                "roles": whole(0, about="organisations that the person acted for"),
                "watches": whole(0, about="that told the address of changes"),
            }
        ),
    }
