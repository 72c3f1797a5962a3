"""The portal: what people who were invited or signed in see and do, as HTML forms over the same functions as the API.

``door`` says who may call a page, ``view`` how it is shown; every other module is one page with its forms.
"""

from chalicelib.internal.portal import (
    accept,
    certificates,
    data,
    home,
    me,
    photos,
    preview,
    privacy,
    profile,
    share,
    sign_in,
    team,
)
from chalicelib.internal.portal.door import routes

__all__ = [
    "accept",
    "certificates",
    "data",
    "home",
    "me",
    "photos",
    "preview",
    "privacy",
    "profile",
    "routes",
    "share",
    "sign_in",
    "team",
]
