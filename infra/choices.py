"""What a deploy is told: ``--set Name=Value``, and secrets from the environment. What it is not told stays as it is."""

from __future__ import annotations

import argparse
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path

import yaml

from infra.roles import FORMER, MOVED
from infra.stack import DeployError

SECRETS = {"CSRF_SECRET": "CsrfSecret", "SCAN_SECRET": "ScanSecret", "ORIGIN_SECRET": "OriginSecret"}
"""Variables of the environment, so that these stand in no history of a shell."""
FIRST = ("BaseUrl", "MailFrom", "MailIdentity", "CsrfSecret")
"""What nobody can guess when there is nothing yet."""
TABLES, KEYS = ("RegistryTable", "PublicTable"), ("SigningKey", "ReceiptKey")
DERIVED = {
    *(FORMER + name for name in MOVED),
    *("CodeBucket", "CodeKey", "PublicLogs", "PhotosBucket", "Drawer", "RegistryStream", *TABLES),
    *("Prefix", "BucketName", "Runtime", "Architecture", "OnlyTls"),
}
"""What follows from other things; the tables from ``--tables``, and the former ones from what answers."""
_TEMPLATES = [Path(__file__).with_name(name) for name in ("merge-public.yaml", "merge-internal.yaml", "photos.yaml")]


def parser() -> argparse.ArgumentParser:
    """The command line of ``infra.deploy``."""
    found = argparse.ArgumentParser(
        prog="python -m infra.deploy",
        description="Deploy to AWS with the credentials and region of the environment. What is not said stays.",
        epilog="@FILE stands for the arguments in a file, one a line. CSRF_SECRET, SCAN_SECRET and ORIGIN_SECRET are "
        "taken from the environment, too. infra/parameters.md says what there is to set.",
        fromfile_prefix_chars="@",
    )
    found.add_argument("--name", default="factory-id", help="begins every stack's and table's name")
    found.add_argument(
        "--bucket", help="holds the zips; created if there is none. Unless told: as before, or a new one"
    )
    found.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a parameter; may be repeated")
    found.add_argument("--tables", metavar="NAME", help="begins the names of other tables, as after a restore")
    found.add_argument("--change-tables", action="store_true", help="what answers now is to go to other tables")
    found.add_argument("--change-keys", action="store_true", help="what answers now is to sign with other keys")
    found.add_argument("--new-code", action="store_true", help="other code is to come with what changes")
    return found


def words(told: argparse.Namespace) -> dict[str, bool]:
    """What has to be said before it is done, and whether it was."""
    return {"tables": told.change_tables, "keys": told.change_keys, "code": told.new_code}


@cache
def settable() -> frozenset[str]:
    """The parameters that may be set: those of both surfaces and of the photos."""
    documents = [yaml.safe_load(each.read_text(encoding="utf-8")) for each in _TEMPLATES]
    return frozenset(name for each in documents for name in each["Parameters"]) - DERIVED


def chosen(said: Iterable[str], environment: Mapping[str, str], known: Collection[str]) -> dict[str, str]:
    """The parameters that are set. Raises ``DeployError`` for one that is not ``known``."""
    found = {name: environment[variable] for variable, name in SECRETS.items() if environment.get(variable)}
    for each in said:
        name, sign, value = each.partition("=")
        if not sign or name not in known:
            raise DeployError(f"--set {name}: say Name=Value, with one of {', '.join(sorted(known))}.")
        found[name] = value
    if "OriginSecret" in found:
        # The distribution has a firewall of its own, and tells where a request comes from.
        behind = bool(found["OriginSecret"])
        found = {"BehindCloudFront": "1" if behind else "0", "Firewall": "0" if behind else "1", **found}
    return found


def refuse_silence(live: Iterable[Mapping[str, str]], wanted: Mapping[str, str], said: Collection[str]) -> None:
    """Raise ``DeployError`` if what answers now would go to other tables or keys, and nobody said so.

    ``live``: the parameters of the stacks that are there. ``said``: ``tables``, ``keys``, or both.
    """
    stacks = list(live)
    for kind, names in (("tables", TABLES), ("keys", KEYS)):
        moved = []
        for name in names:
            held = {each[name] for each in stacks if name in each} - {wanted.get(name, "")}
            if held and name in wanted:
                moved.append(f"{name} from {' and '.join(sorted(held))} to {wanted[name]}")
        if moved and kind not in said:
            raise DeployError(
                f"This would change the {kind} of what answers now: {'; '.join(moved)}. Nothing was deployed."
                f" If it is meant, say --change-{kind}, too; docs/runbook.md says what goes before."
            )


def refuse_one_key(wanted: Mapping[str, str]) -> None:
    """Raise ``DeployError`` if one key is to sign both credentials and receipts. ``wanted``: names or ARNs of keys."""
    named = [wanted[name].rpartition("/")[2] for name in KEYS if wanted.get(name)]
    if len(named) > len(set(named)):
        raise DeployError(
            f"{' and '.join(KEYS)} are one and the same key: who forges with a key of receipts must forge nothing else."
            " Nothing was deployed. Name two keys."
        )
