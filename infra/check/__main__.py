"""``python -m infra.check``: walk both tables, say what is wrong, and mend what is derived if asked to."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import boto3
from tqdm import tqdm

from infra.tables import PUBLIC_SUFFIX, REGISTRY_SUFFIX

WHOLE, WRONG, STOPPED = 0, 1, 3
_EPILOG = """\
exit codes: 0 nothing is wrong, or all that was is repaired; 1 something is wrong; 2 wrong use; 3 could not go on
(run the same command again: it goes on where it was)
"""


def parser() -> argparse.ArgumentParser:
    """The command line."""
    found = argparse.ArgumentParser(
        prog="python -m infra.check",
        description="Look whether both tables are whole, with the AWS credentials of the environment.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    found.add_argument("--name", default="factory-id", help="begins every table's name, as given to infra.deploy")
    found.add_argument("--base-url", help="where the service is: signed documents say it")
    found.add_argument("--signing-key", help="the KMS key that signs; without it, what is signed is not looked at")
    found.add_argument("--endpoint", help="a local engine")
    found.add_argument("--repair", action="store_true", help="write anew what is derived; never a record or an event")
    found.add_argument("--state", type=Path, help="where the walk notes how far it has come")
    found.add_argument("--afresh", action="store_true", help="begin anew, whatever an earlier walk left")
    return found


def main(arguments: list[str] | None = None) -> int:
    """Run it; its exit code."""
    chosen = parser().parse_args(arguments)
    _environment(chosen)
    from chalicelib.domain.errors import DomainError
    from infra.check import report

    path = chosen.state or Path(".local") / f"check-{chosen.name}.sqlite"
    if chosen.afresh:
        path.unlink(missing_ok=True)
    client = boto3.client("dynamodb", endpoint_url=chosen.endpoint)
    tables = chosen.name + REGISTRY_SUFFIX, chosen.name + PUBLIC_SUFFIX
    total = sum(client.describe_table(TableName=table)["Table"]["ItemCount"] for table in tables)
    try:
        with tqdm(total=total, desc="items", unit="", disable=None) as bar:
            found = report.walked(client, *tables, path, repair=chosen.repair, advance=bar.update)
    except (DomainError, KeyboardInterrupt) as error:
        print(f"Stopped: {error or 'interrupted'}. Run the same command again: it goes on.", file=sys.stderr)
        return STOPPED
    print(found.text)
    return WHOLE if found.whole else WRONG


def _environment(chosen: argparse.Namespace) -> None:
    """What the store reads when it is imported, which is therefore done later."""
    region = boto3.Session().region_name
    wanted = {
        "REGISTRY_TABLE": chosen.name + REGISTRY_SUFFIX,
        "PUBLIC_TABLE": chosen.name + PUBLIC_SUFFIX,
        "BASE_URL": chosen.base_url,
        "SIGNING_KEY": chosen.signing_key,
        "DYNAMODB_ENDPOINT": chosen.endpoint,
        "KMS_ENDPOINT": chosen.endpoint,
        "AWS_REGION": region,
    }
    os.environ.update({name: value for name, value in wanted.items() if value})
    credentials = boto3.Session().get_credentials()
    if credentials is not None:
        held = credentials.get_frozen_credentials()
        os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"] = held.access_key, held.secret_key
        if held.token:
            os.environ["AWS_SESSION_TOKEN"] = held.token


if __name__ == "__main__":
    sys.exit(main())
