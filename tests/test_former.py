"""While tables or keys change, the roles hold those of before, too: what answers until then goes on answering."""

from __future__ import annotations

import json
from typing import Any

import pytest

from infra.package import SURFACES, described
from tests.deploying import FUNCTIONS, HERE, SET, SHOWN, Cloud

pytest_plugins = ["tests.conftest_cloud"]

SECOND = f"arn:aws:kms:{HERE}:123456789012:key/second"


def former(cloud: Cloud, surface: str) -> dict[str, str]:
    """What the roles of a stack may use besides."""
    held = cloud.held(surface)
    return {name: value for name, value in held.items() if name.startswith("Former") and value}


def test_after_a_change_of_tables_the_roles_hold_those_of_before_until_the_next_deploy(cloud: Cloud) -> None:
    cloud.deploy(*SET, *SHOWN)
    surfaces = (*FUNCTIONS, "photos")
    assert [former(cloud, each) for each in surfaces] == [{}, {}, {}]
    cloud.pair("restored")
    assert cloud.deploy("--tables", "restored", "--change-tables") == 0
    public, registry = {"FormerPublicTable": "factory-id-public"}, {"FormerRegistryTable": "factory-id-registry"}
    assert [former(cloud, each) for each in surfaces] == [public, {**public, **registry}, registry]
    assert cloud.deploy() == 0
    assert [former(cloud, each) for each in surfaces] == [{}, {}, {}]
    assert cloud.held("public")["PublicTable"] == "restored-public"


@pytest.mark.parametrize(("key", "holding"), [("SigningKey", ["internal"]), ("ReceiptKey", ["public", "internal"])])
def test_after_a_change_of_a_key_the_roles_hold_the_one_of_before_until_the_next_deploy(
    cloud: Cloud, key: str, holding: list[str]
) -> None:
    cloud.deploy(*SET)
    first = cloud.held("internal")[key]
    assert cloud.deploy("--set", f"{key}={SECOND}", "--change-keys") == 0
    expected = {surface: {f"Former{key}": first} if surface in holding else {} for surface in FUNCTIONS}
    assert {surface: former(cloud, surface) for surface in FUNCTIONS} == expected
    assert cloud.deploy() == 0
    assert [former(cloud, surface) for surface in FUNCTIONS] == [{}, {}]
    assert cloud.held("internal")[key] == SECOND


def test_what_a_stopped_change_left_behind_keeps_its_table_when_the_change_is_repeated(cloud: Cloud) -> None:
    cloud.deploy(*SET)
    cloud.pair("restored")
    cloud.client("cloudformation").failing["factory-id-internal"] = "no room"
    words = ("--tables", "restored", "--change-tables")
    assert cloud.deploy(*words) == 2
    assert cloud.held("internal")["RegistryTable"] == "factory-id-registry"
    assert cloud.deploy(*words) == 0
    assert former(cloud, "internal")["FormerRegistryTable"] == "factory-id-registry"
    assert former(cloud, "public") == {}  # it answers by the new one since the first time


def test_nobody_names_what_was_used_before(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    cloud.deploy(*SET)
    assert cloud.deploy("--set", f"FormerSigningKey={SECOND}") == 2
    assert "say Name=Value, with one of" in capsys.readouterr().err


@pytest.mark.parametrize("surface", SURFACES)
def test_every_statement_of_a_template_that_names_a_table_or_key_names_the_one_of_before(surface: str) -> None:
    template = described(SURFACES[surface])
    names = [name for name in template["Parameters"] if f"Former{name}" in template["Parameters"]]
    seen = 0
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::IAM::Role":
            for statement in resource["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]:
                for name in names:
                    if f"${{{name}}}" in json.dumps(statement["Resource"]):
                        seen += 1
                        assert before(statement["Resource"], name), (statement["Sid"], name)
    assert seen >= len(names) >= 2


def before(resources: list[Any], name: str) -> bool:
    """Whether the last of ``resources`` is what ``name`` was before, under its condition."""
    place = next(each["Fn::Sub"] for each in resources if f"${{{name}}}" in each.get("Fn::Sub", ""))
    then = {"Fn::Sub": place.replace(f"${{{name}}}", f"${{Former{name}}}")}
    return {"Fn::If": [f"HasFormer{name}", then, {"Ref": "AWS::NoValue"}]} in resources
