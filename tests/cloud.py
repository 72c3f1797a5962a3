"""An account of AWS in memory, as far as deploying asks it: CloudFormation's parameters, Lambda's versions, buckets.

moto knows no aliases in CloudFormation, forgets defaults and shows secrets. What is refused here AWS refuses.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace
from typing import Any

import yaml
from botocore.exceptions import ClientError

ACCOUNT = "123456789012"


def refused(code: str, message: str) -> ClientError:
    """What boto3 raises."""
    return ClientError({"Error": {"Code": code, "Message": message}}, "Operation")


@dataclass
class Account:
    """All regions; buckets are of the whole account, as the names of buckets are of the whole world."""

    buckets: dict[str, str] = field(default_factory=dict)
    objects: dict[tuple[str, str], bytes] = field(default_factory=dict)
    foreign: set[str] = field(default_factory=set)
    _regions: dict[str, SimpleNamespace] = field(default_factory=dict)

    def client(self, service: str, region: str) -> Any:
        """A client of cloudformation, lambda, s3 or sts."""
        if region not in self._regions:
            functions = Functions()
            stacks = Stacks(self, functions, region)
            sts = SimpleNamespace(get_caller_identity=lambda: {"Account": ACCOUNT})
            self._regions[region] = SimpleNamespace(
                **{"cloudformation": stacks, "lambda": functions, "s3": Buckets(self), "sts": sts}
            )
        return getattr(self._regions[region], service)


class Buckets:
    """S3."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def head_bucket(self, Bucket: str, ExpectedBucketOwner: str) -> None:  # noqa: N803
        assert ExpectedBucketOwner == ACCOUNT
        if Bucket in self._account.foreign:
            raise refused("403", "Forbidden")
        if Bucket not in self._account.buckets:
            raise refused("404", "Not Found")

    def create_bucket(self, Bucket: str, CreateBucketConfiguration: dict[str, str] | None = None) -> None:  # noqa: N803
        if Bucket in self._account.buckets:
            raise refused("BucketAlreadyOwnedByYou", Bucket)
        self._account.buckets[Bucket] = (CreateBucketConfiguration or {}).get("LocationConstraint", "us-east-1")

    def get_bucket_location(self, Bucket: str) -> dict[str, str | None]:  # noqa: N803
        held = self._account.buckets[Bucket]
        return {"LocationConstraint": None if held == "us-east-1" else held}

    def put_public_access_block(self, **_said: Any) -> None: ...

    def put_bucket_policy(self, **_said: Any) -> None: ...

    def put_object(self, Bucket: str, Key: str, Body: bytes, ExpectedBucketOwner: str) -> None:  # noqa: N803
        assert ExpectedBucketOwner == ACCOUNT
        self._account.objects[Bucket, Key] = Body


class Functions:
    """Lambda: functions by name, their versions and their alias ``live``."""

    def __init__(self) -> None:
        self.now: dict[str, dict[str, Any]] = {}
        self._versions: dict[str, list[dict[str, Any]]] = {}
        self._aliases: dict[str, str] = {}

    def publish(self, function: str, description: str) -> str:
        """The number of a new version."""
        held = self._versions.setdefault(function, [])
        if held and held[-1]["of"] == self.now[function]:
            raise AssertionError(f"A version for this Lambda function exists ({len(held)}).")
        number = str(len(held) + 1)
        made = f"2026-11-23T00:00:{len(held):02}Z"
        told = {"Version": number, "Description": description, "LastModified": made}
        held.append({**self.now[function], **told, "of": self.now[function]})
        return number

    def answering(self, function: str) -> dict[str, Any]:
        """The configuration by which a function answers."""
        return self.get_function_configuration(function, self._aliases[function])

    def get_function_configuration(self, FunctionName: str, Qualifier: str = "") -> dict[str, Any]:  # noqa: N803
        number = self._aliases[FunctionName] if Qualifier == "live" else Qualifier
        return self._versions[FunctionName][int(number) - 1] if number else self.now[FunctionName]

    def get_alias(self, FunctionName: str, Name: str) -> dict[str, str]:  # noqa: N803
        assert Name == "live"
        return {"FunctionVersion": self._aliases[FunctionName]}

    def update_alias(self, FunctionName: str, Name: str, FunctionVersion: str) -> None:  # noqa: N803
        assert Name == "live"
        assert int(FunctionVersion) <= len(self._versions[FunctionName])
        self._aliases[FunctionName] = FunctionVersion

    def get_paginator(self, name: str) -> Functions:
        assert name == "list_versions_by_function"
        return self

    def paginate(self, FunctionName: str) -> list[dict[str, Any]]:  # noqa: N803
        return [{"Versions": [{"Version": "$LATEST"}]}, {"Versions": [*reversed(self._versions[FunctionName])]}]


@dataclass
class Stack:
    """``resources``: the properties of each, filled in. ``events``: the newest first."""

    template: dict[str, Any]
    parameters: dict[str, str]
    status: str = "CREATE_COMPLETE"
    events: list[dict[str, str]] = field(default_factory=list)
    resources: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)


class Stacks:
    """CloudFormation."""

    def __init__(self, account: Account, functions: Functions, region: str) -> None:
        self.meta = SimpleNamespace(region_name=region, endpoint_url=f"https://cloudformation.{region}.amazonaws.com")
        self.held: dict[str, Stack] = {}
        self.failing: dict[str, str] = {}
        """Stacks whose next creation or update fails, and why."""
        self._account, self._functions = account, functions

    def create_stack(self, **asked: Any) -> None:
        name = asked["StackName"]
        assert asked["RetainExceptOnCreate"]
        if name in self.held:
            raise refused("AlreadyExistsException", f"Stack [{name}] already exists")
        if why := self.failing.pop(name, ""):
            self.held[name] = Stack({}, {}, "ROLLBACK_COMPLETE", _failed(name, "CREATE", why))
        else:
            self._bring(asked, {})

    def update_stack(self, **asked: Any) -> None:
        name = asked["StackName"]
        assert asked["RetainExceptOnCreate"]
        held = self.held[name]
        if held.status not in ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"):
            raise refused("ValidationError", f"Stack:{name} is in {held.status} state and can not be updated.")
        before = (held.template, held.parameters)
        if why := self.failing.pop(name, ""):
            held.status, held.events = "UPDATE_ROLLBACK_COMPLETE", [*_failed(name, "UPDATE", why), *held.events]
            return
        self._bring(asked, held.parameters)
        now = self.held[asked["StackName"]]
        if before == (now.template, now.parameters):
            raise refused("ValidationError", "No updates are to be performed.")

    def delete_stack(self, StackName: str) -> None:  # noqa: N803
        assert self.held.pop(StackName).status == "ROLLBACK_COMPLETE"

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803
        if StackName not in self.held:
            raise refused("ValidationError", f"Stack with id {StackName} does not exist")
        stack = self.held[StackName]
        declared = stack.template.get("Parameters", {})
        told = {name: "****" if declared[name].get("NoEcho") else each for name, each in stack.parameters.items()}
        outputs = {
            name: self._filled(StackName, each["Value"]) for name, each in stack.template.get("Outputs", {}).items()
        }
        parameters = [{"ParameterKey": name, "ParameterValue": value} for name, value in told.items()]
        values = [{"OutputKey": name, "OutputValue": value} for name, value in outputs.items()]
        return {"Stacks": [{"StackStatus": stack.status, "Parameters": parameters, "Outputs": values}]}

    def get_paginator(self, name: str) -> Any:
        if name == "describe_stack_events":
            return SimpleNamespace(paginate=lambda StackName: [{"StackEvents": self.held[StackName].events}])  # noqa: N803
        assert name == "list_stack_resources"
        return self

    def paginate(self, StackName: str) -> list[dict[str, Any]]:  # noqa: N803
        told = {name: each["Type"] for name, each in self.held[StackName].template["Resources"].items()}
        return [
            {
                "StackResourceSummaries": [
                    {"LogicalResourceId": name, "PhysicalResourceId": f"{StackName}-{name}", "ResourceType": kind}
                ]
            }
            for name, kind in told.items()
        ]

    def _bring(self, asked: dict[str, Any], before: dict[str, str]) -> None:
        body = asked.get("TemplateBody")
        if body is None:
            bucket, key = asked["TemplateURL"].split("/")[-2:]
            body = self._account.objects[bucket, key].decode()
        template = json.loads(body) if body.startswith("{") else _read(body)
        name, declared = asked["StackName"], template.get("Parameters", {})
        found = {each: str(told["Default"]) for each, told in declared.items() if "Default" in told}
        for each in asked["Parameters"]:
            key = each["ParameterKey"]
            if key not in declared:
                raise refused("ValidationError", f"Parameters: [{key}] do not exist in the template")
            found[key] = before[key] if each.get("UsePreviousValue") else each["ParameterValue"]
        if missing := set(declared) - set(found):
            raise refused("ValidationError", f"Parameters: {sorted(missing)} must have values")
        former = self.held[name].resources if name in self.held else {}
        self.held[name] = Stack(template, found)
        self._make(name, former)

    def _make(self, name: str, former: dict[str, tuple[str, dict[str, Any]]]) -> None:
        made = self.held[name].resources
        every = self.held[name].template["Resources"]
        for kind in ("Function", "Version", "Alias"):
            for each, resource in every.items():
                if resource["Type"] == f"AWS::Lambda::{kind}":
                    properties = self._filled(name, resource["Properties"])
                    made[each] = self._one(kind, f"{name}-{each}", properties, former.get(each))

    def _one(
        self, kind: str, physical: str, properties: dict[str, Any], former: tuple[str, dict[str, Any]] | None
    ) -> tuple[str, dict[str, Any]]:
        if former is not None and former[1] == properties:
            return former
        if kind == "Function":
            self._functions.now[physical] = properties
            return physical, properties
        function = properties["FunctionName"]
        if kind == "Version":
            return self._functions.publish(function, properties.get("Description", "")), properties
        self._functions._aliases[function] = properties["FunctionVersion"]
        return physical, properties

    def _filled(self, name: str, node: Any) -> Any:
        stack = self.held[name]
        if isinstance(node, dict):
            if set(node) == {"Ref"}:
                return stack.parameters.get(node["Ref"], f"{name}-{node['Ref']}")
            if set(node) == {"Fn::Sub"}:
                return str(node["Fn::Sub"]).replace("${AWS::Region}", self.meta.region_name)
            if set(node) == {"Fn::GetAtt"}:
                resource, attribute = node["Fn::GetAtt"]
                return stack.resources[resource][0] if attribute == "Version" else f"arn:{name}-{resource}.{attribute}"
            return {key: self._filled(name, value) for key, value in node.items()}
        return [self._filled(name, each) for each in node] if isinstance(node, list) else node


def _failed(name: str, what: str, why: str) -> list[dict[str, str]]:
    """The events of a creation or an update that failed, the newest first."""
    told = [
        (name, "ROLLBACK_COMPLETE", ""),
        ("Other", f"{what}_FAILED", "Resource creation cancelled"),
        ("Thing", f"{what}_FAILED", why),
        ("Thing", f"{what}_IN_PROGRESS", ""),
        (name, f"{what}_IN_PROGRESS", "User Initiated"),
    ]
    return [
        {"LogicalResourceId": of, "ResourceStatus": status, "ResourceStatusReason": why} for of, status, why in told
    ]


@cache
def _read(body: str) -> dict[str, Any]:
    held: dict[str, Any] = yaml.safe_load(body)
    return held
