"""The first staff key, with which all others are made: ``python -m infra.first_key``.

There is no route for it: an operator makes it with AWS credentials of their own that may read and write the registry
table. The key goes to standard output and is stored nowhere else; all the rest goes to standard error.
"""

from __future__ import annotations

import argparse
import os
import sys

import boto3

from infra.tables import REGISTRY_SUFFIX


def make(name: str, tenant: str) -> str:
    """Make a staff key in the tables that begin with ``name`` and return it.

    Raises Conflict if ``tenant`` has two active keys already, Unavailable if the table cannot be reached.
    """
    os.environ["REGISTRY_TABLE"] = name + REGISTRY_SUFFIX
    region = boto3.Session().region_name
    if region:
        os.environ["AWS_REGION"] = region
    from chalicelib.internal.access import SCOPES  # after the environment that it reads
    from chalicelib.store.registry import callers

    _, secret = callers.create_key("staff", tenant, SCOPES["staff"], "infra.first_key")
    return secret


def parser() -> argparse.ArgumentParser:
    """The command line."""
    found = argparse.ArgumentParser(
        prog="python -m infra.first_key",
        description="Make a staff key with the credentials and region of the environment.",
    )
    found.add_argument("--name", default="factory-id", help="begins every table's name, as given to infra.deploy")
    found.add_argument("--tenant", default="operators", help="whose key it is; two can be active, so that one rotates")
    return found


def main() -> None:
    """The command line."""
    arguments = parser().parse_args()
    from chalicelib.domain.errors import DomainError

    try:
        secret = make(arguments.name, arguments.tenant)
    except DomainError as error:
        cause = f" ({error.__cause__})" if error.__cause__ else ""
        raise SystemExit(f"No key was made: {error}{cause}") from error
    print(f"A staff key of {arguments.tenant}. It is shown this once:", file=sys.stderr)
    print(secret)


if __name__ == "__main__":
    main()
