"""A deploy that failed or was stopped is repeated by the same words, and says in a line what is the matter."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from botocore.exceptions import EndpointConnectionError, NoCredentialsError, NoRegionError, ProfileNotFound

from infra import deploy, edge, rollback, stack
from infra.package import PROJECT
from tests.cloud import refused
from tests.deploying import SECRET, SET, SHOWN, Cloud

pytest_plugins = ["tests.conftest_cloud"]

STACKS = ("data", "keys", "photos", "public", "internal")
EDGE = ["--domain", "factory-id.example", "--certificate", "arn:aws:acm:us-east-1:1:certificate/1"]
COMMANDS: dict[str, Callable[[], int]] = {
    "deploy": lambda: deploy.main([]),
    "rollback": lambda: rollback.main(["public"]),
    "edge": lambda: edge.main(EDGE),
}


@pytest.mark.parametrize("name", STACKS)
def test_a_first_deploy_that_failed_is_repeated(cloud: Cloud, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    stacks = cloud.client("cloudformation")
    stacks.failing[f"factory-id-{name}"] = "it exists already"
    assert cloud.deploy(*SET, *SHOWN) == 2
    told = capsys.readouterr().err
    assert told == f"factory-id-{name}: Thing: it exists already. Mend that and run the same command again.\n"
    assert stacks.held[f"factory-id-{name}"].status == stack.NEVER_MADE
    assert cloud.deploy(*SET, *SHOWN) == 0
    told = capsys.readouterr().err
    assert told == f"factory-id-{name}: its creation had failed, and it holds nothing: it is made anew.\n"
    assert all(stacks.held[f"factory-id-{each}"].status == "CREATE_COMPLETE" for each in STACKS)


@pytest.mark.parametrize("name", ["photos", "public", "internal"])
def test_a_later_deploy_that_failed_is_repeated_and_tells_of_its_own_failure_only(
    cloud: Cloud, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.deploy(*SET, *SHOWN)
    said = ["--set", "PhotosUrl=https://other.example", "--set", "DistributionArn=arn:aws:cloudfront::1:distribution/2"]
    for why in ("no room", "no time"):
        cloud.client("cloudformation").failing[f"factory-id-{name}"] = why
        assert cloud.deploy(*said) == 2
        told = capsys.readouterr().err
        assert told == f"factory-id-{name}: Thing: {why}. Mend that and run the same command again.\n"
    assert cloud.deploy(*said) == 0
    assert cloud.held("photos")["DistributionArn"].endswith("/2")
    assert cloud.held("internal")["PhotosUrl"] == "https://other.example"


@pytest.mark.parametrize("name", STACKS)
def test_what_is_under_way_is_waited_for(
    cloud: Cloud, name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.deploy(*SET, *SHOWN)
    capsys.readouterr()
    held = cloud.client("cloudformation").held[f"factory-id-{name}"]
    statuses = ["UPDATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE"]

    def passes(_seconds: float) -> None:
        held.status = statuses.pop(0)

    monkeypatch.setattr(stack, "pause", passes)
    passes(0)
    assert cloud.deploy("--set", "IndexPages=0") == 0
    lines = capsys.readouterr().err.splitlines()
    assert lines == [f"factory-id-{name}: UPDATE_{each}IN_PROGRESS …" for each in ("", "COMPLETE_CLEANUP_")]
    assert cloud.held("public")["IndexPages"] == "0"


def test_what_never_ends_is_not_waited_for_for_ever(
    cloud: Cloud, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.deploy(*SET)
    cloud.client("cloudformation").held["factory-id-public"].status = "UPDATE_IN_PROGRESS"
    waited: list[float] = []
    monkeypatch.setattr(stack, "pause", waited.append)
    assert cloud.deploy() == 2
    assert sum(waited) == 3600
    assert "is still UPDATE_IN_PROGRESS. Run the same command again: it waits on." in capsys.readouterr().err


def test_whoever_interrupts_is_told_that_the_same_command_goes_on(
    cloud: Cloud, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.deploy(*SET)
    held = cloud.client("cloudformation").held["factory-id-public"]
    held.status = "UPDATE_IN_PROGRESS"

    def interrupted(_seconds: float) -> None:
        held.status = "UPDATE_COMPLETE"
        raise KeyboardInterrupt

    monkeypatch.setattr(stack, "pause", interrupted)
    assert cloud.deploy() == 3
    assert capsys.readouterr().err.splitlines()[-1] == "Stopped: interrupted. Run the same command again: it goes on."
    assert cloud.deploy() == 0


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        ("UPDATE_ROLLBACK_FAILED", "aws cloudformation continue-update-rollback --stack-name factory-id-data"),
        ("UPDATE_FAILED", "aws cloudformation rollback-stack --stack-name factory-id-data"),
        ("ROLLBACK_FAILED", "--no-deletion-protection-enabled"),
        ("DELETE_FAILED", "aws cloudformation delete-stack --stack-name factory-id-data"),
        ("REVIEW_IN_PROGRESS", "aws cloudformation delete-stack --stack-name factory-id-data"),
    ],
)
def test_a_stack_that_only_an_operator_can_free_says_how(
    cloud: Cloud, status: str, advice: str, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.deploy(*SET)
    cloud.client("cloudformation").held["factory-id-data"].status = status
    assert cloud.deploy() == 2
    [told] = capsys.readouterr().err.splitlines()
    assert told.startswith(f"factory-id-data is {status}. ")
    assert advice in told
    assert told.endswith("and run the same command again.")


def test_what_cloudformation_does_not_take_is_told_in_its_words(
    cloud: Cloud, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.deploy(*SET)

    def refuses(**_asked: Any) -> None:
        raise refused("ValidationError", "Parameter Road must be one of rest, http, url")

    monkeypatch.setattr(cloud.client("cloudformation"), "update_stack", refuses)
    assert cloud.deploy("--set", "Road=ship") == 2
    assert capsys.readouterr().err == "factory-id-data: Parameter Road must be one of rest, http, url\n"


FAULTS = {
    "no region": (NoRegionError(), "Set AWS_PROFILE and AWS_REGION"),
    "no credentials": (NoCredentialsError(), "Set AWS_PROFILE and AWS_REGION"),
    "no profile": (ProfileNotFound(profile="x"), "Set AWS_PROFILE and AWS_REGION"),
    "expired": (refused("ExpiredToken", "The security token\nis expired"), "sign in anew"),
    "unknown": (refused("InvalidClientTokenId", "The token is invalid"), "sign in anew"),
    "denied": (refused("AccessDenied", "Not authorised"), "an operator who deploys"),
    "busy": (refused("Throttling", "Rate exceeded"), "wait some minutes"),
    "out of reach": (EndpointConnectionError(endpoint_url="http://127.0.0.1:9"), "Run the same command again"),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("command", COMMANDS)
def test_what_is_wrong_with_region_or_credentials_is_told_in_a_line(
    cloud: Cloud, command: str, fault: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cloud
    error, advice = FAULTS[fault]

    def client(*_asked: Any, **_named: Any) -> Any:
        raise error

    for module in (deploy, rollback, edge):
        session = SimpleNamespace(Session=lambda: SimpleNamespace(client=client, region_name="eu-central-1"))
        monkeypatch.setattr(module, "boto3", session)
    assert COMMANDS[command]() == 3
    [told] = capsys.readouterr().err.splitlines()
    assert told.startswith("Stopped: ")
    assert advice in told


def test_a_fault_of_our_own_is_not_hidden(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cloud
    monkeypatch.setattr(deploy, "live", lambda _target: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        cloud.deploy(*SET)


def test_a_distribution_waits_for_both_surfaces_and_for_its_secret(
    cloud: Cloud, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert edge.main(EDGE) == 2
    assert "are not both in this region" in capsys.readouterr().err
    cloud.deploy(*SET)
    assert edge.main(EDGE) == 2
    assert capsys.readouterr().err == "There is no stack factory-id-edge yet, so say ORIGIN_SECRET, too.\n"
    monkeypatch.setenv("ORIGIN_SECRET", SECRET)
    assert edge.main(EDGE) == 0


@pytest.mark.parametrize("name", sorted(path.name for path in (PROJECT / "infra").glob("*.yaml")))
def test_what_is_kept_when_a_stack_ends_is_not_kept_when_it_never_began(name: str) -> None:
    held = yaml.safe_load((PROJECT / "infra" / name).read_text(encoding="utf-8"))
    policies = {each.get("DeletionPolicy") for each in held.get("Resources", {}).values()}
    assert "Retain" not in policies, "a half-made one would be in the way of the next attempt"
