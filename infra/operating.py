"""What commands of operators have in common: whose tables, which key signs, with which AWS credentials."""

from __future__ import annotations

import argparse
import os

import boto3

from infra.tables import PUBLIC_SUFFIX, REGISTRY_SUFFIX


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments by which a command knows the tables and the keys."""
    parser.add_argument("--name", default="factory-id", help="begins both tables' names, as given to infra.deploy")
    parser.add_argument("--base-url", help="where the service is: signed documents say it")
    parser.add_argument("--signing-key", help="the KMS key that signs, as its ARN")
    parser.add_argument("--endpoint", help="a local engine")


def environment(chosen: argparse.Namespace) -> None:
    """What the store reads when it is imported, which is therefore done later."""
    session = boto3.Session()
    wanted = {
        "REGISTRY_TABLE": chosen.name + REGISTRY_SUFFIX,
        "PUBLIC_TABLE": chosen.name + PUBLIC_SUFFIX,
        "BASE_URL": chosen.base_url,
        "SIGNING_KEY": chosen.signing_key,
        "DYNAMODB_ENDPOINT": chosen.endpoint,
        "KMS_ENDPOINT": chosen.endpoint,
        "AWS_REGION": session.region_name,
    }
    found = session.get_credentials()
    if found is not None:
        held = found.get_frozen_credentials()
        wanted |= {"AWS_ACCESS_KEY_ID": held.access_key, "AWS_SECRET_ACCESS_KEY": held.secret_key}
        wanted["AWS_SESSION_TOKEN"] = held.token
    os.environ.update({name: value for name, value in wanted.items() if value})
