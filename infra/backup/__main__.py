"""``python -m infra.backup export|restore|compare``, with the AWS credentials and region of the environment."""

from __future__ import annotations

import argparse
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
from tqdm import tqdm

from chalicelib import clock
from infra.backup import EXPORTED, compare, log, manifest
from infra.backup.export import export
from infra.backup.places import Bucket, Place, place
from infra.backup.restore import NotEmpty, restore
from infra.tables import PUBLIC_SUFFIX, REGISTRY_SUFFIX

DONE, UNLIKE, WRONG_USE, STOPPED = 0, 1, 2, 3
KINDS = {"registry": REGISTRY_SUFFIX, "public": PUBLIC_SUFFIX}
TAKEN_OUT = ("public", "registry")
"""In this order: what is said meanwhile is on record then, and the public table can be written anew from it."""
_EPILOG = """\
exit codes: 0 done, and the same; 1 they differ, or the log of changes grew while it was taken out;
2 wrong use: the table is not empty, the backup is broken or not there;
3 could not go on (run the same command again: it goes on where it was)
"""


def parser() -> argparse.ArgumentParser:
    """The command line."""
    found = argparse.ArgumentParser(
        prog="python -m infra.backup",
        description="Take both tables out, put them back into an empty pair, compare them with a backup.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    does = found.add_subparsers(dest="does", required=True)
    for name, what in (
        ("export", "take both tables out; not one instant, if people write meanwhile"),
        ("restore", "put a backup into an empty pair of tables, and compare"),
        ("compare", "compare both tables with a backup"),
    ):
        each = does.add_parser(name, help=what)
        each.add_argument("--name", default="factory-id", help="begins both tables' names, as given to infra.deploy")
        each.add_argument(
            "--to" if name == "export" else "--from",
            dest="where",
            required=True,
            help="s3://bucket/prefix, or a folder",
        )
        each.add_argument("--endpoint", help="a local engine")
        if name == "restore":
            each.add_argument("--state", type=Path, help="where it is noted how far it has come")
    return found


def main(arguments: list[str] | None = None) -> int:
    """Run it; its exit code."""
    chosen = parser().parse_args(arguments)
    client = boto3.client("dynamodb", endpoint_url=chosen.endpoint)
    where = place(chosen.where, chosen.endpoint)
    try:
        if chosen.does == "export":
            return _export(client, chosen.name, where, chosen.endpoint)
        if chosen.does == "restore":
            return _restore(client, chosen.name, where, chosen.state or Path(".local") / f"restore-{chosen.name}")
        return _compare(client, chosen.name, where)
    except (NotEmpty, manifest.Broken) as error:
        print(error, file=sys.stderr)
        return WRONG_USE
    except (KeyboardInterrupt, OSError, client.exceptions.ClientError) as error:
        print(f"Stopped: {error or 'interrupted'}. Run the same command again: it goes on.", file=sys.stderr)
        return STOPPED


def _export(client: Any, name: str, where: Place, endpoint: str | None) -> int:
    """A copy of this day in a bucket is told to CloudWatch, where an alarm waits for it (``infra.alarms``)."""
    told, yesterday = {}, clock.instant(clock.now() - timedelta(days=1))
    log.began(client, name + REGISTRY_SUFFIX, where)
    for kind in TAKEN_OUT:
        suffix = KINDS[kind]
        total = client.describe_table(TableName=name + suffix)["Table"]["ItemCount"]
        with _bar(total, kind) as bar:
            held = export(client, name + suffix, kind, where, bar.update)
        print(f"{kind}: {held.items:,} items taken out, at {held.summary['endTime']}")
        if held.summary["endTime"] > yesterday:
            told[name + suffix] = held.items
    log.ended(client, name + REGISTRY_SUFFIX, where)
    if log.grew(where):
        print(log.GREW.format(*log.grew(where)), "Export again, to another place.")
        return UNLIKE
    if told and isinstance(where, Bucket):
        namespace, metric = EXPORTED
        counts = [
            {"MetricName": metric, "Dimensions": [{"Name": "TableName", "Value": table}], "Value": items}
            for table, items in told.items()
        ]
        boto3.client("cloudwatch", endpoint_url=endpoint).put_metric_data(Namespace=namespace, MetricData=counts)
    return DONE


def _restore(client: Any, name: str, where: Place, state: Path) -> int:
    """What is noted of it is forgotten once both tables are known to hold the backup."""
    moment = int(clock.now().timestamp())
    notes = {kind: state.with_name(f"{state.name}-{kind}") for kind in KINDS}
    if log.grew(where):
        print(log.GREW.format(*log.grew(where)), "Nothing will be numbered after it: take another copy.")
    for kind, suffix in KINDS.items():
        held = manifest.found(where, kind)
        with _bar(held.items, kind) as bar:
            put = restore(client, name + suffix, held, notes[kind], moment, bar.update)
        print(f"{kind}: {put:,} items put back, {held.items - put:,} left out because they had expired")
    code = _compare(client, name, where)
    if code == DONE:
        for note in notes.values():
            note.unlink()
    return code


def _compare(client: Any, name: str, where: Place) -> int:
    moment, code = int(clock.now().timestamp()), DONE
    for kind, suffix in KINDS.items():
        held = manifest.found(where, kind)
        with _bar(2 * held.items, f"{kind} compared") as bar:
            there = compare.of_export(held, bar.update)
            found = compare.compare(there, compare.of_table(client, name + suffix, bar.update), moment)
        for each in found.unlike:
            print(f"{kind}: {each}")
        ending = "the same" if found.same else "not the same"
        print(f"{kind}: {found.there:,} items in the backup, {found.here:,} in the table: {ending}")
        code = code if found.same else UNLIKE
    return code


def _bar(total: int, name: str) -> tqdm[Any]:
    return tqdm(total=total, desc=name, unit="", disable=None)


if __name__ == "__main__":
    sys.exit(main())
