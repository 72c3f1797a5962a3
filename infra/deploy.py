"""Brings the tables and both functions to a CloudFormation endpoint: ``python -m infra.deploy``, or from a test.

Against AWS it uses the credentials and region of the environment, as the AWS command line does. It expects what
``python -m infra.package`` built.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import ClientError

from infra import gateway, keys, release, stack, tables
from infra.package import BUILD

_TABLES = {"RegistryTable": "RegistryTable", "PublicTable": "PublicTable", "RegistryStream": "RegistryStreamArn"}
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


def deploy_tables(target: Target) -> dict[str, str]:
    """The data stack's outputs: RegistryTable, PublicTable, their ARNs and the stream's. Raises stack.DeployError."""
    template = {"TemplateBody": tables.TEMPLATE.read_text(encoding="utf-8")}
    return stack.deploy(target.client("cloudformation"), f"{target.name}-data", template, {"Prefix": target.name})


def deploy_surface(
    target: Target, surface: str, archive: Path, template: Path, parameters: dict[str, str]
) -> dict[str, str]:
    """The outputs of a function's stack: APIHandlerName, APIHandlerArn, and EndpointURL, HttpURL or FunctionURL.

    ``parameters``: those of the template but for CodeBucket and CodeKey. Raises stack.DeployError.
    """
    key = upload(target, surface, archive.read_bytes(), "zip")
    document = json.loads(template.read_text(encoding="utf-8"))
    if target.emulated:
        document = gateway.as_resources(document)
    every = {**parameters, "CodeBucket": target.bucket, "CodeKey": key}
    wanted = {name: value for name, value in every.items() if name in document["Parameters"]}
    release.name_version(document, wanted)
    # A template of this many routes is too long to be sent in the request.
    source = upload(target, surface, json.dumps(document).encode(), "json")
    client = target.client("cloudformation")
    url = f"https://s3.{client.meta.region_name}.amazonaws.com/{target.bucket}/{source}"
    return stack.deploy(client, f"{target.name}-{surface}", {"TemplateURL": url}, wanted)


def other_tables(target: Target, name: str) -> dict[str, str]:
    """The parameters by which both functions use the tables that begin with ``name``: made, if there are none."""
    made = deploy_tables(replace(target, name=name))
    return {each: made[of] for each, of in _TABLES.items()}


def upload(target: Target, surface: str, content: bytes, suffix: str) -> str:
    """Put ``content`` under a key that follows from it, and say the key."""
    key = f"{surface}-{hashlib.sha256(content).hexdigest()[:32]}.{suffix}"
    target.client("s3").put_object(Bucket=target.bucket, Key=key, Body=content)
    return key


def ensure_bucket(target: Target, region: str) -> None:
    """Create the bucket for the zips, closed to the public, if there is none."""
    s3 = target.client("s3")
    try:
        s3.head_bucket(Bucket=target.bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"404", "NoSuchBucket"}:
            raise
        # S3 wants us-east-1 unsaid.
        place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        s3.create_bucket(Bucket=target.bucket, **place)
        closed = dict.fromkeys(
            ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
        )
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


def deploy_all(
    target: Target, region: str, parameters: dict[str, str], build: Path = BUILD
) -> dict[str, dict[str, str]]:
    """Tables and keys, then both functions: the outputs of each by ``data``, ``keys``, ``internal``, ``public``.

    ``parameters`` may name other keys than those of the stack: so they rotate.
    """
    ensure_bucket(target, region)
    outputs = {"data": deploy_tables(target), "keys": keys.deploy(target.client("cloudformation"), target.name)}
    named = {"RegistryTable": outputs["data"]["RegistryTable"], "PublicTable": outputs["data"]["PublicTable"]}
    named |= {"RegistryStream": outputs["data"]["RegistryStreamArn"], **outputs["keys"]}
    for surface in ("public", "internal"):
        archive, template = build / f"{surface}.zip", build / f"{surface}.json"
        outputs[surface] = deploy_surface(target, surface, archive, template, {**named, **parameters})
        if surface == "public" and parameters.get("ScanSecret"):
            named["PublicLogs"] = f"/aws/lambda/{outputs['public']['APIHandlerName']}"
    return outputs


def main() -> None:
    """The command line. Secrets come from the environment, so that they stand in no history.

    CSRF_SECRET always; SCAN_SECRET where scans are counted; ORIGIN_SECRET where a distribution stands in front.
    """
    parser = argparse.ArgumentParser(description="Deploy to AWS with the credentials and region of the environment.")
    parser.add_argument("--name", default="factory-id", help="begins every stack's and table's name")
    parser.add_argument("--tables", help="begins the names of other tables: those that a backup was put back into")
    parser.add_argument("--signing-key", help="the ARN of another key for credentials than that of the stack")
    parser.add_argument("--receipt-key", help="the same for receipts")
    parser.add_argument("--bucket", required=True, help="holds the zips; created if there is none")
    parser.add_argument("--base-url", required=True, help="where the public reaches the service; printed in every code")
    parser.add_argument("--mail-from", required=True, help="the sender of invitations")
    parser.add_argument("--photos-url", default="", help="where photos are shown from; without it there are none")
    parser.add_argument("--photos-distribution", default="", help="the ARN of the CloudFront distribution behind it")
    parser.add_argument("--road", default="rest", choices=["rest", "http", "url"], help="how the public is answered")
    parser.add_argument("--mail-identity", required=True, help="the SES identity that the sender belongs to")
    parser.add_argument("--alarm-topic", default="", help="the ARN of the SNS topic that alarms go to")
    arguments = parser.parse_args()
    session = boto3.Session()
    behind = os.environ.get("ORIGIN_SECRET", "")
    parameters = {
        "BaseUrl": arguments.base_url,
        "MailFrom": arguments.mail_from,
        "MailIdentity": arguments.mail_identity,
        "CsrfSecret": os.environ["CSRF_SECRET"],
        "Road": arguments.road,
        "AlarmTopic": arguments.alarm_topic,
        "ScanSecret": os.environ.get("SCAN_SECRET", ""),
        "OriginSecret": behind,
        # The distribution has a firewall of its own, and tells where a request comes from.
        "BehindCloudFront": "1" if behind else "0",
        "Firewall": "0" if behind else "1",
    }
    target = Target(session.client, arguments.name, arguments.bucket)
    named = {"SigningKey": arguments.signing_key, "ReceiptKey": arguments.receipt_key}
    parameters |= {name: value for name, value in named.items() if value}
    if arguments.tables:
        parameters |= other_tables(target, arguments.tables)
    if arguments.photos_url:
        from infra import photos  # which imports this module

        ensure_bucket(target, session.region_name)
        registry = deploy_tables(target)["RegistryTable"]
        store = photos.deploy(target, photos.build(BUILD / "photos.zip"), registry, arguments.photos_distribution)
        parameters |= {"PhotosUrl": arguments.photos_url, "PhotosBucket": store["PhotosBucket"]}
        parameters |= {"Drawer": store["DrawerName"]}  # so that its failures ring
    for stack_name, outputs in deploy_all(target, session.region_name, parameters).items():
        for name, value in outputs.items():
            print(f"{stack_name}\t{name}\t{value}")


if __name__ == "__main__":
    main()
