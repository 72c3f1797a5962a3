"""Where something is deployed to, and the bucket that holds what is uploaded for it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from infra.stack import DeployError

Client = Callable[[str], Any]  # the name of a service to a boto3 client of it


@dataclass(frozen=True, slots=True)
class Target:
    """Where to: ``name`` begins every stack's and table's name, ``bucket`` holds the zips.

    ``emulated``: MiniStack, which takes an API's answers only as resources of their own.
    """

    client: Client
    name: str
    bucket: str
    emulated: bool = False


def account(client: Client) -> str:
    """Whose credentials these are."""
    return str(client("sts").get_caller_identity()["Account"])


def usual_bucket(client: Client, name: str, region: str) -> str:
    """The bucket for the zips, unless another is named. The names of buckets are one list for all the world."""
    return f"{name}-code-{account(client)}-{region}"


def key_of(surface: str, content: bytes, suffix: str) -> str:
    """What ``upload`` calls ``content``."""
    return f"{surface}-{hashlib.sha256(content).hexdigest()[:32]}.{suffix}"


def upload(target: Target, surface: str, content: bytes, suffix: str) -> str:
    """Put ``content`` under a key that follows from it, and say the key."""
    key = key_of(surface, content, suffix)
    target.client("s3").put_object(
        Bucket=target.bucket, Key=key, Body=content, ExpectedBucketOwner=account(target.client)
    )
    return key


def ensure_bucket(target: Target, region: str) -> None:
    """Create the bucket for the zips, closed to the public, if there is none.

    Raises ``DeployError`` for a bucket of another region, from which Lambda takes no zips, or of another account.
    """
    s3 = target.client("s3")
    try:
        s3.head_bucket(Bucket=target.bucket, ExpectedBucketOwner=account(target.client))
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == "403":
            raise DeployError(f"The bucket {target.bucket} is not this account's. Name another: --bucket.") from error
        if code not in {"404", "NoSuchBucket"}:
            raise
        _create(target, region)
        return
    # S3 leaves us-east-1 unsaid, and calls eu-west-1 by an older name, too.
    held = s3.get_bucket_location(Bucket=target.bucket)["LocationConstraint"] or "us-east-1"
    if {"EU": "eu-west-1"}.get(held, held) != region:
        raise DeployError(
            f"The bucket {target.bucket} is in {held}, and a function in {region} takes its zip from there only."
            " Name another: --bucket."
        )


def _create(target: Target, region: str) -> None:
    s3 = target.client("s3")
    # S3 wants us-east-1 unsaid.
    place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    s3.create_bucket(Bucket=target.bucket, **place)
    closed = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
    s3.put_public_access_block(Bucket=target.bucket, PublicAccessBlockConfiguration=closed)
    s3.put_bucket_policy(Bucket=target.bucket, Policy=json.dumps(_only_encrypted(target.bucket)))


def _only_encrypted(bucket: str) -> dict[str, Any]:
    """A policy that turns away whoever asks without TLS."""
    named = f"arn:aws:s3:::{bucket}"
    statement = {
        "Sid": "OnlyEncrypted",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [named, f"{named}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}
