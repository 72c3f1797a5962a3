"""``python -m infra.check``: walk both tables, say what is wrong, and mend what is derived if asked to."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import boto3
from tqdm import tqdm

from infra import operating
from infra.tables import PUBLIC_SUFFIX, REGISTRY_SUFFIX

WHOLE, WRONG = 0, 1
_EPILOG = """\
exit codes: 0 nothing is wrong, or all that was is repaired; 1 something is wrong; 2 wrong use; 3 could not go on
(it says why in one line; the same command goes on where it was, on the same tables and within twelve hours)
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
    return operating.run(chosen, _run)


def _run(chosen: argparse.Namespace) -> int:
    from infra.check import report
    from infra.check.state import OtherWalk

    path = chosen.state or Path(".local") / f"check-{chosen.name}.sqlite"
    if chosen.afresh:
        path.unlink(missing_ok=True)
    client = boto3.client("dynamodb", endpoint_url=chosen.endpoint)
    tables = chosen.name + REGISTRY_SUFFIX, chosen.name + PUBLIC_SUFFIX
    total = sum(client.describe_table(TableName=table)["Table"]["ItemCount"] for table in tables)
    try:
        with tqdm(total=total, desc="items", unit="", disable=None) as bar:
            found = report.walked(client, *tables, path, repair=chosen.repair, advance=bar.update)
    except OtherWalk as error:
        print(error, file=sys.stderr)
        return operating.STOPPED
    print(found.text)
    return WHOLE if found.whole else WRONG


if __name__ == "__main__":
    sys.exit(main())
