"""``python -m infra.migrate``: give older records what newer ones have, with the AWS credentials of the environment."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

import boto3
from tqdm import tqdm

from infra import operating
from infra.tables import REGISTRY_SUFFIX

if TYPE_CHECKING:
    from chalicelib.store.keys import Key
    from chalicelib.store.registry.migrations import Migration
    from infra.migrate.walk import Came

DONE, REFUSED = 0, 1
_EPILOG = """\
exit codes: 0 done; 1 done, but for the records that are named; 2 wrong use; 3 could not go on, or was interrupted
(run the same command again: it goes on where it was)
"""


def parser() -> argparse.ArgumentParser:
    """The command line."""
    found = argparse.ArgumentParser(
        prog="python -m infra.migrate",
        description="Give older records what newer ones have, as far as that was not done yet.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    operating.add_arguments(found)
    found.add_argument("--list", action="store_true", help="say which there are and how far each has come")
    found.add_argument("--dry-run", action="store_true", help="say how many records want it, and write nothing")
    found.add_argument("--again", action="store_true", help="those that are over, too")
    found.add_argument("--only", metavar="NAME", help="this one")
    return found


def main(arguments: list[str] | None = None) -> int:
    """Run it; its exit code."""
    chosen = parser().parse_args(arguments)
    return operating.run(chosen, _run)


def _run(chosen: argparse.Namespace) -> int:
    from chalicelib.store.registry.migrations.every import ALL

    wanted = [each for each in ALL if chosen.only in (None, each.name)]
    if not wanted:
        print(f"There is no migration {chosen.only}.", file=sys.stderr)
        return 2
    client = boto3.client("dynamodb", endpoint_url=chosen.endpoint)
    return max(_one(client, each, chosen) for each in wanted)


def _one(client: Any, each: Migration, chosen: argparse.Namespace) -> int:
    from infra.migrate import walk

    before = walk.came(each.name)
    over = before is not None and before.ended is not None
    if chosen.list or (over and not chosen.again and not chosen.dry_run):
        state = f"over since {before.ended}" if before and over else "begun" if before else "not begun"
        print(f"{each.name}: {each.what}: {state}")
        return DONE
    told = _foretold(client, each, chosen) if chosen.dry_run else _given(client, each, chosen)
    if chosen.dry_run:
        print(f"{each.name}: {told.looked:,} looked at, {told.changed:,} want it")
        return DONE
    print(f"{each.name}: {told.looked:,} looked at, {told.changed:,} changed, {told.refused:,} refused")
    return REFUSED if told.refused else DONE


def _foretold(client: Any, each: Migration, chosen: argparse.Namespace) -> Came:
    from infra.migrate import walk

    if each.places is not None:
        wanted = [each.lacks(key) for key in each.places()]
        return walk.Came(len(wanted), sum(wanted))
    with _bar(client, each, chosen) as bar:
        return walk.foretold(client, chosen.name + REGISTRY_SUFFIX, each.kind, each.lacks, bar.update)


def _given(client: Any, each: Migration, chosen: argparse.Namespace) -> Came:
    from chalicelib.store.registry.history import Actor
    from infra.migrate import walk

    actor = Actor("staff", "operators", "infra.migrate")

    def give(key: Key) -> bool:
        return each.give(key, actor)

    if each.places is not None:
        return walk.over(each.name, each.places(), give, print)
    with _bar(client, each, chosen) as bar:
        return walk.walk(client, chosen.name + REGISTRY_SUFFIX, each.name, each.kind, give, bar.update, bar.write)


def _bar(client: Any, each: Migration, chosen: argparse.Namespace) -> tqdm[Any]:
    total = client.describe_table(TableName=chosen.name + REGISTRY_SUFFIX)["Table"]["ItemCount"]
    return tqdm(total=total, desc=each.name, unit="", disable=None)


if __name__ == "__main__":
    sys.exit(main())
