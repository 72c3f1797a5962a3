"""Called when something was uploaded: draws it anew, or refuses it, and says in the registry which.

It may read and delete uploads, write photos, and write ``PHOTOS#…`` items; nothing else.
"""

from __future__ import annotations

import json
import logging
import os
import time
from typing import Any
from urllib.parse import unquote_plus

import boto3

from chalicelib.domain import photo
from chalicelib.domain.errors import Malformed
from photos.reencode import drawn

KEPT_SECONDS = 24 * 3600
"""How long a photo waits to be shown. What is uploaded is deleted after a day, too."""
_log = logging.getLogger(__name__)


def handler(event: dict[str, Any], _context: object = None) -> None:
    """Each object that S3 tells of. What cannot be read is tried again by Lambda; what is no photo is refused."""
    for record in event["Records"]:
        take(record["s3"]["bucket"]["name"], unquote_plus(record["s3"]["object"]["key"]))


def take(bucket: str, key: str) -> None:
    """One upload. Taken twice it comes to the same."""
    parts = key.split("/")
    if len(parts) != 3 or parts[0] != "uploads" or not photo.ID.match(parts[2]):
        _log.warning("an object that is no upload")
        return
    _, factory_id, photo_id = parts
    s3 = boto3.client("s3", endpoint_url=os.environ.get("S3_ENDPOINT") or None)
    try:
        found = s3.get_object(Bucket=bucket, Key=key)
    except s3.exceptions.NoSuchKey:
        return  # taken before
    content = found["Body"].read(photo.MOST_BYTES + 1)
    try:
        made = drawn(content)
    except Malformed as error:
        _say(factory_id, photo_id, {"state": "refused", "detail": getattr(error.detail, "message", error.detail)})
    else:
        for name, picture in zip(photo.shown_keys(factory_id, photo_id), (made.whole, made.small), strict=True):
            s3.put_object(
                Bucket=bucket, Key=name, Body=picture, ContentType="image/jpeg", CacheControl="public, max-age=300"
            )
        _say(factory_id, photo_id, {"state": "ready", "width": made.width, "height": made.height})
    s3.delete_object(Bucket=bucket, Key=key)


def _say(factory_id: str, photo_id: str, said: dict[str, Any]) -> None:
    dynamodb = boto3.client("dynamodb", endpoint_url=os.environ.get("DYNAMODB_ENDPOINT") or None)
    body = json.dumps({"photo_id": photo_id, **said}, separators=(",", ":"))
    dynamodb.put_item(
        TableName=os.environ["REGISTRY_TABLE"],
        Item={
            "pk": {"S": f"PHOTOS#{factory_id}"},
            "sk": {"S": photo_id},
            "body": {"S": body},
            "expires": {"N": str(int(time.time()) + KEPT_SECONDS)},
        },
    )
