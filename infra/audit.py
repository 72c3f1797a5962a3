"""Reviews what would be deployed: ``python -m infra.audit``, in the environment that ``make audit`` sets up for it.

cfn-lint reads the templates, checkov looks in them for what is left open, parliament and cloudsplaining read the
policies of all roles. What is accepted stands in ``infra/accepted.yaml``, each with its reason; anything else fails,
and so does a reason that is no longer needed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from infra import edge
from infra.package import PROJECT, SURFACES, described

ACCEPTED = Path(__file__).with_name("accepted.yaml")
WRITTEN = ("tables", "keys", "photos", "mail")
TOOLS = Path(os.environ.get("SAFETY_BIN", PROJECT / ".venv-safety" / "bin"))
Found = tuple[str, str, str]
"""Who found it, what, and where."""


def templates() -> dict[str, dict[str, Any]]:
    """Every template that is deployed, by name."""
    made = {name: described(surface) for name, surface in SURFACES.items()}
    written = {name: yaml.safe_load((PROJECT / "infra" / f"{name}.yaml").read_text("utf-8")) for name in WRITTEN}
    return {**made, **written, "edge": edge.template()}


def policies(every: dict[str, dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The policies of every role in the templates, with names as they could be in place of parameters."""
    for name, template in every.items():
        for resource in template["Resources"].values():
            if resource["Type"] == "AWS::IAM::Role":
                for policy in resource["Properties"]["Policies"]:
                    yield name, _filled(policy["PolicyDocument"])


def _filled(node: Any) -> Any:
    if isinstance(node, dict):
        if set(node) == {"Fn::Sub"}:
            return _named(node["Fn::Sub"])
        if set(node) == {"Fn::If"}:
            return _filled(node["Fn::If"][1])  # the most that a role ever may: the former tables and keys, too
        return {key: _filled(value) for key, value in node.items()}
    return [_filled(value) for value in node] if isinstance(node, list) else node


def _named(text: str) -> str:
    names = {
        "AWS::Partition": "aws",
        "AWS::Region": "eu-central-1",
        "AWS::AccountId": "123456789012",
        "AWS::StackName": "factory-id-internal",
        "SigningKey": "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-0000-0000-000000000001",
        "ReceiptKey": "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-0000-0000-000000000002",
        "FormerSigningKey": "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-0000-0000-000000000003",
        "FormerReceiptKey": "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-0000-0000-000000000004",
        # It ends in a time, whose colons parliament would stumble over.
        "RegistryStream": "arn:aws:dynamodb:eu-central-1:123456789012:table/registry/stream/2026",
    }
    for name, value in names.items():
        text = text.replace(f"${{{name}}}", value)
    return text.replace("${", "").replace("}", "")


def by_lint(folder: Path) -> Iterator[Found]:
    """What cfn-lint says."""
    command = [sys.executable, "-m", "cfnlint", "--format", "json", *map(str, sorted(folder.glob("*.json")))]
    said = subprocess.run(command, check=False, capture_output=True, text=True).stdout
    for each in json.loads(said or "[]"):
        yield "cfn-lint", each["Rule"]["Id"], f"{Path(each['Filename']).stem}: {each['Message']}"


def by_checkov(folder: Path) -> Iterator[Found]:
    """What checkov says, which is told to ask nobody."""
    command = [str(TOOLS / "checkov"), "-d", str(folder), "--framework", "cloudformation", "-o", "json"]
    quiet = {"BC_SKIP_MAPPING": "TRUE", "CKV_IGNORE_HIDDEN_DIRECTORIES": "false", "LOG_LEVEL": "ERROR"}
    done = subprocess.run(
        [*command, "--skip-download", "--quiet", "--compact"],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, **quiet},
    )
    said = json.loads(done.stdout)
    for each in said["results"]["failed_checks"]:
        yield "checkov", each["check_id"], f"{Path(each['file_path']).stem}.{each['resource'].rpartition('.')[2]}"
    if said["summary"]["parsing_errors"]:
        yield "checkov", "unreadable", f"{said['summary']['parsing_errors']} templates"


PARLIAMENT = """
import json, sys
from parliament import analyze_policy_string
for name, policy in json.load(sys.stdin):
    for found in analyze_policy_string(json.dumps(policy), include_community_auditors=True).findings:
        print(json.dumps([found.issue, name, str(found.detail)]))
"""
CLOUDSPLAINING = """
import json, sys
from cloudsplaining.scan.policy_document import PolicyDocument
for name, policy in json.load(sys.stdin):
    document = PolicyDocument(policy)
    kinds = {
        "PrivilegeEscalation": [each["type"] for each in document.allows_privilege_escalation],
        "DataExfiltration": document.allows_data_exfiltration_actions,
        "ResourceExposure": document.permissions_management_without_constraints,
        "InfrastructureModification": document.infrastructure_modification,
        "ServiceWildcard": document.service_wildcard,
        "CredentialsExposure": document.credentials_exposure,
    }
    for kind, actions in kinds.items():
        for action in actions:
            print(json.dumps([kind, name, action]))
"""


def by_readers(told: list[tuple[str, dict[str, Any]]]) -> Iterator[Found]:
    """What parliament and cloudsplaining say of the policies."""
    for tool, program in (("parliament", PARLIAMENT), ("cloudsplaining", CLOUDSPLAINING)):
        command = [str(TOOLS / "python"), "-W", "ignore", "-c", program]
        done = subprocess.run(command, input=json.dumps(told), check=True, capture_output=True, text=True)
        for line in done.stdout.splitlines():
            kind, name, detail = json.loads(line)
            yield tool, kind, f"{name}: {detail}"


def unaccepted(found: list[Found], accepted: dict[str, dict[str, Any]]) -> list[str]:
    """What is wrong: findings without a reason, reasons without a finding."""
    wrong, used = [], set()
    for tool, kind, where in sorted(set(found)):
        places = [str(place) for place in accepted.get(tool, {}).get(kind, {}).get("where", ())]
        fitting = [place for place in places if place == "everywhere" or place in where]
        used |= {(tool, kind, place) for place in fitting}
        if not fitting:
            wrong.append(f"{tool} {kind}: {where}")
    listed = {
        (tool, kind, str(place)) for tool, kinds in accepted.items() for kind in kinds for place in kinds[kind]["where"]
    }
    return wrong + [
        f"{tool} {kind}: nothing is found in {place!r} any more" for tool, kind, place in sorted(listed - used)
    ]


def main() -> int:
    """The command line: 1 if anything is wrong."""
    every = templates()
    with tempfile.TemporaryDirectory(prefix="factory-id-audit-") as scratch:
        folder = Path(scratch)
        for name, template in every.items():
            (folder / f"{name}.json").write_text(json.dumps(template, indent=1), encoding="utf-8")
        found = [*by_lint(folder)]
        for name, template in every.items():
            _without_routes(template)
            (folder / f"{name}.json").write_text(json.dumps(template, indent=1), encoding="utf-8")
        found += [*by_checkov(folder), *by_readers(list(policies(every)))]
    wrong = unaccepted(found, yaml.safe_load(ACCEPTED.read_text(encoding="utf-8")))
    print("\n".join(wrong) or f"{len(every)} templates and their policies: nothing that is not accepted with a reason.")
    return 1 if wrong else 0


def _without_routes(template: dict[str, Any]) -> None:
    """Every route is the same to checkov, which would read them for minutes."""
    api = template["Resources"].get("RestAPI")
    if api:
        api["Properties"]["Body"]["paths"] = {}


if __name__ == "__main__":
    sys.exit(main())
