"""An operator's commands on an account in memory (tests/cloud.py). Its fixture is in tests/conftest_cloud.py."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from infra import deploy, stack
from infra.package import PROJECT
from infra.target import Target
from tests.cloud import ACCOUNT, Account

HERE, THERE = "eu-central-1", "eu-west-1"
SECRET, OTHER = "0123456789abcdef" * 3, "fedcba9876543210" * 3
FIRST = {
    "BaseUrl": "https://factory-id.example",
    "MailFrom": "Factory ID <no-reply@factory-id.example>",
    "MailIdentity": "factory-id.example",
}
SET = [word for name, value in FIRST.items() for word in ("--set", f"{name}={value}")]
SHOWN = ["--set", "PhotosUrl=https://photos.example", "--set", "DistributionArn=arn:aws:cloudfront::1:distribution/1"]
MERGED = {
    surface: yaml.safe_load((PROJECT / "infra" / f"merge-{surface}.yaml").read_text(encoding="utf-8"))
    for surface in ("public", "internal")
}
FUNCTIONS = {"public": ["APIHandler"], "internal": ["APIHandler", "Errands"]}


@dataclass
class Cloud:
    """Where ``infra.deploy`` and ``infra.rollback`` are run, and what they find."""

    build: Path
    account: Account = field(default_factory=Account)
    region: str = HERE

    def client(self, service: str) -> Any:
        """A client of the region."""
        return self.account.client(service, self.region)

    def of_region(self, service: str, region_name: str = "") -> Any:
        """A client of the region, or of another."""
        return self.account.client(service, region_name or self.region)

    @property
    def target(self) -> Target:
        """Where ``infra.deploy`` deploys to by itself."""
        return Target(self.client, "factory-id", f"factory-id-code-{ACCOUNT}-{self.region}")

    def deploy(self, *words: str) -> int:
        """``python -m infra.deploy`` with these words; its exit code."""
        return deploy.main(list(words))

    def held(self, name: str) -> dict[str, str]:
        """The parameters of a stack as CloudFormation knows them, secrets too."""
        stacks = self.client("cloudformation").held
        return dict(stacks[f"factory-id-{name}"].parameters) if f"factory-id-{name}" in stacks else {}

    def answering(self, surface: str) -> list[dict[str, Any]]:
        """The configurations by which the functions of a stack answer."""
        functions = stack.functions(self.client("cloudformation"), f"factory-id-{surface}").values()
        return [self.client("lambda").answering(each) for each in functions]

    def releases(self, surface: str) -> list[str]:
        """What the functions of a stack say of themselves."""
        return [each["Description"] for each in self.answering(surface)]

    def pair(self, prefix: str) -> None:
        """Another pair of tables, as the runbook makes it."""
        deploy.deploy_tables(replace(self.target, name=prefix))

    def code(self, surface: str, content: bytes, commit: str = "") -> None:
        """Build a surface anew."""
        (self.build / f"{surface}.zip").write_bytes(content)
        if commit:
            (self.build / f"{surface}.commit").write_text(f"{commit}\n", encoding="utf-8")


def built(surface: str) -> dict[str, Any]:
    """A template with our parameters, and functions that have the variables that they have."""
    merged = MERGED[surface]
    resources: dict[str, Any] = {}
    for name in FUNCTIONS[surface]:
        code, variables = {"S3Key": {"Ref": "CodeKey"}}, merged["Resources"][name]["Properties"]["Environment"]
        properties = {"Code": code, "Environment": variables, "Role": "a role"}
        resources[name] = {"Type": "AWS::Lambda::Function", "Properties": properties}
        resources[f"{name}Version"] = {"Type": "AWS::Lambda::Version", "Properties": {"FunctionName": {"Ref": name}}}
        live = {"FunctionName": {"Ref": name}, "FunctionVersion": {"Fn::GetAtt": [f"{name}Version", "Version"]}}
        resources[f"{name}Live"] = {"Type": "AWS::Lambda::Alias", "Properties": live}
    address = {"Fn::Sub": "https://a.execute-api.${AWS::Region}.amazonaws.com/api"}
    outputs = {"APIHandlerName": {"Value": f"the-{surface}-function"}, "EndpointURL": {"Value": address}}
    return {"Parameters": merged["Parameters"], "Resources": resources, "Outputs": outputs}
