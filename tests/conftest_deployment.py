"""Both surfaces deployed to MiniStack, which enforces their roles: a pytest plugin."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import urllib3

from infra import stack
from infra.deploy import deploy_all
from infra.engine import CREDENTIALS, REGION, Engine
from infra.package import PROJECT, Built
from infra.target import Target

PARAMETERS = {"BaseUrl": "https://factory-id.example", "CsrfSecret": "0123456789abcdef" * 3}
# What a role may do is asked by a program that runs under it, in a function of its own.
PROBE = """
import boto3
from botocore.exceptions import ClientError

def handler(event, context):
    client = boto3.client(event["service"])
    try:
        getattr(client, event["operation"])(**event["arguments"])
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "done"
"""


@dataclass(frozen=True)
class Deployment:
    """``outputs``: those of the stacks ``data``, ``public`` and ``internal``."""

    engine: Engine
    outputs: dict[str, dict[str, str]]
    build: Path
    parameters: dict[str, str]
    _pool: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(retries=False, timeout=30))

    def deploy_again(self, pair: str = "", **changed: str) -> dict[str, dict[str, str]]:
        """Deploy once more, with ``changed`` parameters and other tables, and say the stacks' outputs."""
        said = ["tables"] if pair else []
        parameters = {**self.parameters, **changed}
        return deploy_all(target(self.engine), REGION, parameters, self.build, pair=pair, said=said)

    def releases(self, surface: str) -> set[str]:
        """What the functions of ``surface`` say of themselves by their aliases: one, if they are of one release."""
        functions = stack.functions(self.engine.client("cloudformation"), f"trial-{surface}").values()
        client = self.engine.client("lambda")
        asked = [client.get_function_configuration(FunctionName=each, Qualifier="live") for each in functions]
        return {each["Description"] for each in asked}

    def streams(self) -> list[str]:
        """What wakes the workers."""
        mappings = self.engine.client("lambda").list_event_source_mappings()["EventSourceMappings"]
        return [each["EventSourceArn"] for each in mappings]

    def live(self, surface: str) -> tuple[str, dict[str, str]]:
        """The number and the environment of the version that the API of ``surface`` calls."""
        name = self.outputs[surface]["APIHandlerName"]
        found = self.engine.client("lambda").get_function_configuration(FunctionName=name, Qualifier="live")
        return found["Version"], found["Environment"]["Variables"]

    def get(self, surface: str, path: str) -> tuple[int, dict[str, str], str]:
        """Status, headers and body of a GET through the surface's REST API."""
        reply = self._pool.request("GET", self.address(surface) + path, redirect=False)
        return reply.status, dict(reply.headers), reply.data.decode()

    def attempt(self, role: str, service: str, operation: str, **arguments: Any) -> str:
        """``done``, or the error code that a role gets for an operation of boto3."""
        event = {"service": service, "operation": operation, "arguments": arguments}
        reply = self.engine.client("lambda").invoke(FunctionName=f"probe-{role}", Payload=json.dumps(event))
        return str(json.loads(reply["Payload"].read()))

    def address(self, surface: str) -> str:
        """Where the surface's REST API answers, without a trailing slash."""
        return f"{self.engine.url}/restapis/{self.outputs[surface]['RestAPIId']}/api/_user_request_"

    def let_mail_pass(self) -> None:
        """Let the roles of the internal stack that send mail send it as any identity.

        Production allows one identity. MiniStack authorises a mail by a parameter called Identity, which no request
        that sends mail has: it then asks for all of them, ``*``, which only a policy for ``*`` grants.
        """
        statement = {"Effect": "Allow", "Action": "ses:SendRawEmail", "Resource": "*"}
        for name in ("internal", "errands", "watching"):
            self.engine.client("iam").put_role_policy(
                RoleName=self.deployed(name)["Role"].rpartition("/")[2],
                PolicyName="engine-takes-every-mail-for-any-identity",
                PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
            )

    def deployed(self, name: str) -> dict[str, Any]:
        """The configuration of a function by the name of its role: of an API, or of another of the internal stack."""
        surface = name if name in ("public", "internal") else "internal"
        found = self.outputs[surface]["APIHandlerName"]
        if surface != name:
            told = self.engine.client("cloudformation").describe_stack_resource(
                StackName=f"trial-{surface}", LogicalResourceId=name.capitalize()
            )
            found = told["StackResourceDetail"]["PhysicalResourceId"]
        configuration: dict[str, Any] = self.engine.client("lambda").get_function(FunctionName=found)["Configuration"]
        return configuration

    def first_key(self, tenant: str = "operators") -> str:
        """The first staff key of a tenant, made as an operator makes it. A tenant has two at the most."""
        program = [sys.executable, "-m", "infra.first_key", "--name", "trial", "--tenant", tenant]
        environment = {
            "PATH": "/usr/bin:/bin",
            "DYNAMODB_ENDPOINT": self.engine.url,
            "AWS_DEFAULT_REGION": REGION,
            **{name.upper(): value for name, value in CREDENTIALS.items()},
        }
        done = subprocess.run(program, cwd=PROJECT, env=environment, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def add_probes(self) -> None:
        """Create the probing functions, each under the role of a deployed one."""
        for name in ("public", "internal", "errands", "watching", "scans"):
            deployed = self.deployed(name)
            self.engine.client("lambda").create_function(
                FunctionName=f"probe-{name}",
                Role=deployed["Role"],
                Runtime=deployed["Runtime"],
                Handler="probe.handler",
                Timeout=30,
                Code={"ZipFile": _zipped("probe.py", PROBE)},
            )


@pytest.fixture(scope="session")
def deployment(builds: dict[str, Built]) -> Iterator[Deployment]:
    """A fresh engine with everything deployed by CloudFormation, under the name ``trial``."""
    with Engine(auth=True, with_tables=False) as engine:
        build = builds["public"].archive.parent
        outputs = deploy_all(target(engine), REGION, PARAMETERS, build)
        deployed = Deployment(engine, outputs, build, PARAMETERS)
        deployed.add_probes()
        deployed.let_mail_pass()
        yield deployed


def target(engine: Engine) -> Target:
    """Where the trial is deployed."""
    return Target(engine.client, "trial", "trial-code", emulated=True)


def _zipped(name: str, text: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        packed.writestr(name, text)
    return held.getvalue()
