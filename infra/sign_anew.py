"""``python -m infra.sign_anew``: after a key was revoked, all that the registry says is signed anew."""

from __future__ import annotations

import argparse
import sys
from typing import Any

import boto3
from tqdm import tqdm

from infra import operating
from infra.tables import REGISTRY_SUFFIX

DONE, REFUSED, WRONG_USE = 0, 1, 2
_EPILOG = """\
exit codes: 0 done; 1 done, but for the records that are named; 2 wrong use; 3 could not go on
(run the same command again: it goes on where it was; once it is over for a key it does nothing more, unless --again)
"""


def parser() -> argparse.ArgumentParser:
    """The command line."""
    found = argparse.ArgumentParser(
        prog="python -m infra.sign_anew",
        description="Sign anew what is said of all factories, certificates and products, and the status lists.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    found.add_argument("--reason", required=True, help="stands in each record's history")
    found.add_argument("--again", action="store_true", help="even if it was over with this key")
    operating.add_arguments(found)
    return found


def main(arguments: list[str] | None = None) -> int:
    """Run it; its exit code."""
    chosen = parser().parse_args(arguments)
    if not chosen.signing_key or not chosen.base_url:
        print("--signing-key and --base-url are needed: by whom, and as what.", file=sys.stderr)
        return WRONG_USE
    return operating.run(chosen, _run)


def _run(chosen: argparse.Namespace) -> int:
    client = boto3.client("dynamodb", endpoint_url=chosen.endpoint)
    return max(_all(client, chosen, kind) for kind in ("FACTORY", "PRODUCT"))


def _all(client: Any, chosen: argparse.Namespace, kind: str) -> int:
    from chalicelib.store.keys import Key
    from chalicelib.store.registry import factories, products, signing
    from chalicelib.store.registry.history import Actor
    from infra.migrate import walk

    name, actor = f"sign-anew-{signing.current()}-{kind}", Actor("staff", "operators", "infra.sign_anew")
    before = walk.came(name)
    if before is not None and before.ended is not None and not chosen.again:
        print(f"{kind}: over since {before.ended}")
        return DONE
    sign: Any = {"FACTORY": factories.sign_anew, "PRODUCT": products.sign_anew}[kind]

    def step(key: Key) -> bool:
        sign(key.pk.partition("#")[2], chosen.reason, actor)
        return True

    table = chosen.name + REGISTRY_SUFFIX
    total = client.describe_table(TableName=table)["Table"]["ItemCount"]
    with tqdm(total=total, desc=kind, unit="", disable=None) as bar:
        told = walk.walk(client, table, name, kind, step, bar.update, bar.write)
    print(f"{kind}: {told.changed:,} signed anew, {told.refused:,} refused")
    return REFUSED if told.refused else DONE


if __name__ == "__main__":
    sys.exit(main())
