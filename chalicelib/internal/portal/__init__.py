"""The portal: what people who were invited or signed in see and do, as HTML forms over the same functions as the API.

``door`` says who may call a page, ``view`` how it is shown; every other module is one page with its forms.
"""

from chalicelib.internal.portal import (
    accept,
    certificate_upload,
    certificates,
    certified,
    certify,
    history,
    home,
    moderation,
    own_keys,
    privacy,
    profile,
    report,
    share,
    sign_in,
    staff_actions,
    staff_factories,
    staff_keys,
    staff_organisations,
    syncs,
    team,
    write,
)
from chalicelib.internal.portal.door import routes

__all__ = [
    "accept",
    "certificate_upload",
    "certificates",
    "certified",
    "certify",
    "history",
    "home",
    "moderation",
    "own_keys",
    "privacy",
    "profile",
    "report",
    "routes",
    "share",
    "sign_in",
    "staff_actions",
    "staff_factories",
    "staff_keys",
    "staff_organisations",
    "syncs",
    "team",
    "write",
]
