"""Photos go from a browser straight to Amazon S3, by a form that is good for one file and ten minutes."""

from __future__ import annotations

import functools
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import botocore.session
from botocore.auth import S3SigV4Auth, S3SigV4PostAuth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError
from botocore.httpsession import URLLib3Session

from chalicelib import clock, journal, settings
from chalicelib.domain.photo import MOST_BYTES, upload_key

VALID_FOR = timedelta(minutes=10)
MEDIA = "application/octet-stream"
"""What every upload is stored as: nothing of it is ever shown as it came."""


@dataclass(frozen=True, slots=True)
class Form:
    """Where a form is sent to and its fields, in order; the file comes last. ``photo_id`` is what will be uploaded."""

    photo_id: str
    address: str
    fields: dict[str, str]


def form(factory_id: str, back_to: str, now: datetime) -> Form:
    """A form for one photo of a factory. ``back_to`` is where the browser goes then; the photo's name is added."""
    chosen = settings.load()
    photo_id = secrets.token_hex(16)
    fields = {
        "key": upload_key(factory_id, photo_id),
        "Content-Type": MEDIA,
        "success_action_redirect": f"{back_to}{photo_id}",
    }
    conditions: list[Any] = [{"bucket": chosen.photos_bucket}, ["content-length-range", 1, MOST_BYTES]]
    policy = {
        "expiration": clock.instant(now + VALID_FOR),
        "conditions": [*conditions, *({name: text} for name, text in fields.items())],
    }
    request = AWSRequest("POST", address())
    request.context = {"s3-presign-post-fields": fields, "s3-presign-post-policy": policy}
    S3SigV4PostAuth(_session().get_credentials(), "s3", chosen.region).add_auth(request)
    return Form(photo_id, address(), fields)


def address() -> str:
    """Where photos are sent to."""
    chosen = settings.load()
    if chosen.s3_endpoint:
        return f"{chosen.s3_endpoint}/{chosen.photos_bucket}"
    return f"https://{chosen.photos_bucket}.s3.{chosen.region}.amazonaws.com/"


def delete(keys: Iterable[str]) -> None:
    """Delete photos. What cannot be deleted now is shown nowhere all the same."""
    for key in keys:
        request = AWSRequest("DELETE", f"{address().rstrip('/')}/{key}")
        try:
            S3SigV4Auth(_session().get_credentials(), "s3", settings.load().region).add_auth(request)
            status = URLLib3Session(timeout=5).send(request.prepare()).status_code
        except BotoCoreError as error:
            status = type(error).__name__
        if status not in (200, 204):
            journal.say("photo_not_deleted", photo=key, status=status)


@functools.cache
def _session() -> Any:
    return botocore.session.get_session()
