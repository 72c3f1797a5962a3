"""``python -m infra.accreditation``: a certification body lost its accreditation; what it confirmed is suspended.

Its word on claims is taken back. They are found by a scan, since no list says which claims a certifier verified.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import boto3
from tqdm import tqdm

from infra import operating
from infra.tables import REGISTRY_SUFFIX

if TYPE_CHECKING:
    from chalicelib.store.keys import Key

DONE, WRONG_USE = 0, 2
_EPILOG = """\
exit codes: 0 done; 2 wrong use, or no such certifier; 3 could not go on (run the same command again: it goes on)
"""


def parser() -> argparse.ArgumentParser:
    """The command line."""
    found = argparse.ArgumentParser(
        prog="python -m infra.accreditation",
        description="End a certifier's part, suspend what it confirmed, and take back its word on claims.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    found.add_argument("certifier", help="its identifier")
    found.add_argument("--reason", required=True, help="stands on the page of each certificate")
    found.add_argument(
        "--effective",
        type=date.fromisoformat,
        help="since which day, none to come; unless told, the day on which its part ended",
    )
    found.add_argument(
        "--dry-run", action="store_true", help="say how many certificates and claims it is about, and do nothing"
    )
    operating.add_arguments(found)
    return found


def main(arguments: list[str] | None = None) -> int:
    """Run it; its exit code."""
    chosen = parser().parse_args(arguments)
    return operating.run(chosen, _run)


def _run(chosen: argparse.Namespace) -> int:
    from chalicelib import clock
    from chalicelib.domain.errors import Malformed, NotFound
    from chalicelib.store.registry import accreditation
    from chalicelib.store.registry.history import Actor

    today, actor = clock.today(), Actor("staff", "operators", "infra.accreditation")
    try:
        accreditation.not_to_come(chosen.effective or today, today)
        if not chosen.dry_run:
            accreditation.end(chosen.certifier, chosen.reason, actor)
        effective = chosen.effective or accreditation.ended_on(chosen.certifier) or today
    except (Malformed, NotFound) as error:
        return _wrong(error)
    if chosen.dry_run:
        would = sum(1 for _ in accreditation.concerned(chosen.certifier, effective))
        claims = sum(len(accreditation.verified(root, chosen.certifier)) for root in _naming(chosen))
        print(f"{would:,} certificates would be suspended, {claims:,} verifications of claims taken back")
        return DONE
    changed = looked = 0
    for each in tqdm(accreditation.concerned(chosen.certifier, effective), desc="certificates", unit="", disable=None):
        changed += accreditation.suspend(each, chosen.reason, effective, clock.now(), actor)
        looked += 1
    claims = sum(accreditation.take_back(root, chosen.certifier, chosen.reason, actor) for root in _naming(chosen))
    print(
        f"{chosen.certifier} takes part no more. {looked:,} certificates looked at, {changed:,} suspended; "
        f"{claims:,} verifications of claims taken back"
    )
    return DONE


def _naming(chosen: argparse.Namespace) -> Iterator[Key]:
    """The records that name the certifier, claims with its word among them."""
    from chalicelib.store import keys, public_table

    client, table = boto3.client("dynamodb", endpoint_url=chosen.endpoint), chosen.name + REGISTRY_SUFFIX
    total = client.describe_table(TableName=table)["Table"]["ItemCount"]
    pages = client.get_paginator("scan").paginate(
        TableName=table,
        ConsistentRead=True,
        ProjectionExpression="pk, sk",
        FilterExpression="sk = :record AND contains(body, :named)",
        ExpressionAttributeValues={":record": {"S": keys.RECORD}, ":named": {"S": json.dumps(chosen.certifier)}},
    )
    with tqdm(total=total, desc="claims", unit="", disable=None) as bar:
        for page in pages:
            yield from map(public_table.key_of, page["Items"])
            bar.update(page["ScannedCount"])


def _wrong(error: Exception) -> int:
    print(error, file=sys.stderr)
    return WRONG_USE


if __name__ == "__main__":
    sys.exit(main())
