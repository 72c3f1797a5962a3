"""What commands of operators have in common: whose tables, which key signs, with which AWS credentials."""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
from collections.abc import Callable, Mapping
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError, ProfileNotFound
from pynamodb.exceptions import PynamoDBException

from infra.stack import DeployError
from infra.tables import PUBLIC_SUFFIX, REGISTRY_SUFFIX

WRONG_USE, STOPPED = 2, 3
_AGAIN = "Run the same command again: it goes on."
_MISSING = ("ResourceNotFoundException", "NotFoundException")
_DENIED = ("AccessDeniedException", "AccessDenied", "UnauthorizedOperation")
_SIGNED_OUT = (
    *("UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId", "ExpiredTokenException"),
    *("ExpiredToken", "RequestExpired", "InvalidSignatureException", "SignatureDoesNotMatch"),
)
_BUSY = (
    *("ProvisionedThroughputExceededException", "ThrottlingException", "ThrottledException", "Throttling"),
    "RequestLimitExceeded",
)
_FILE = ("a file",)
Advice = Mapping[tuple[str, ...], str]
"""What to do about AWS's own names for what went wrong."""
_ALWAYS: Advice = {_SIGNED_OUT: "AWS does not take these credentials (any more): sign in anew"}
WALKING: Advice = {
    **_ALWAYS,
    _MISSING: "There is no such table or key in this account and region: look at --name, --signing-key and AWS_REGION",
    _DENIED: "These credentials may not do that: take those of an operator, with the rights that docs/check.md names",
    _BUSY: "The tables take no more at this moment: wait some minutes",
    _FILE: "The file of --state must be writable, whole, and in no other use",
}
DEPLOYING: Advice = {
    **_ALWAYS,
    _MISSING: "There is no such thing in this account and region: look at --name and AWS_REGION",
    _DENIED: "These credentials may not do that: take those of an operator who deploys",
    _BUSY: "AWS takes no more at this moment: wait some minutes",
}


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


def run(chosen: argparse.Namespace, work: Callable[[argparse.Namespace], int]) -> int:
    """Do a command's work with the environment it needs. What stops it is told in one line: the exit code is 3 then."""

    def prepared() -> int:
        environment(chosen)
        return work(chosen)

    return in_one_line(prepared, WALKING)


def in_one_line(work: Callable[[], int], advice: Advice) -> int:
    """Do a command's work. What stops it is told in one line, with ``advice``: the exit code is 3 then.

    Of what is refused before it is begun, or fails in AWS, ``DeployError`` says all that is to be told: the code is 2.
    """
    try:
        return work()
    except DeployError as error:
        print(error, file=sys.stderr)
        return WRONG_USE
    except (Exception, KeyboardInterrupt) as error:
        told = _stopped(error, advice)
        if told is None:
            raise
        print(told, file=sys.stderr)
        return STOPPED


def _stopped(error: BaseException, advice: Advice) -> str | None:
    """Why a command could not go on, and what to do, in one line; ``None``: the fault is the command's own."""
    from chalicelib.domain.errors import DomainError

    if isinstance(error, KeyboardInterrupt):
        return f"Stopped: interrupted. {_AGAIN}"
    if not isinstance(error, DomainError | BotoCoreError | ClientError | PynamoDBException):
        if not isinstance(error, sqlite3.Error | OSError):
            return None
        file = f" {advice[_FILE]}." if _FILE in advice else ""
        return f"Stopped: {_one_line(error)}.{file}"
    code = _code(error)
    what = next((what for codes, what in advice.items() if code in codes), None)
    if what is None and isinstance(error, NoCredentialsError | NoRegionError | ProfileNotFound):
        what = "Set AWS_PROFILE and AWS_REGION, or sign in"
    return f"Stopped: {_one_line(error)}{f' ({code})' if code else ''}. {f'{what}. ' if what else ''}{_AGAIN}"


def _code(error: BaseException | None) -> str:
    """AWS's own name for what went wrong, from the error or what it came from."""
    while error is not None:
        answered: Any = getattr(error, "response", None)
        if isinstance(answered, dict) and answered.get("Error", {}).get("Code"):
            return str(answered["Error"]["Code"])
        if getattr(error, "kind", None):
            return str(error.kind)  # type: ignore[attr-defined]
        error = getattr(error, "cause", None) or error.__cause__
    return ""


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__
