"""What a deploy keeps, what it takes, what it refuses, and how it is rolled back: on an account in memory."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from chalicelib.web import origin
from infra import deploy, edge, firewall, photos, rollback, stack
from infra.stack import DeployError
from infra.target import ensure_bucket
from tests.cloud import ACCOUNT
from tests.deploying import FIRST, FUNCTIONS, HERE, OTHER, SECRET, SET, SHOWN, THERE, Cloud

pytest_plugins = ["tests.conftest_cloud"]


def test_what_is_not_said_stays_as_it_is(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCAN_SECRET", OTHER)
    said = ["AlarmTopic=arn:aws:sns:x", "AccessLogs=1", "MostAtOnce=7", "IndexPages=0", "SyncWorkers=3", "Road=url"]
    assert cloud.deploy(*SET, *(word for each in said for word in ("--set", each))) == 0
    before = {surface: cloud.held(surface) for surface in FUNCTIONS}
    assert (before["public"]["MostAtOnce"], before["public"]["Road"]) == ("7", "url")
    assert (before["internal"]["SyncWorkers"], before["internal"]["MailFrom"]) == ("3", FIRST["MailFrom"])
    assert before["public"]["ScanSecret"] == OTHER
    monkeypatch.delenv("SCAN_SECRET")
    monkeypatch.delenv("CSRF_SECRET")
    assert cloud.deploy() == 0
    assert {surface: cloud.held(surface) for surface in FUNCTIONS} == before


def test_one_thing_is_changed_by_naming_it_and_emptied_by_naming_nothing(cloud: Cloud) -> None:
    cloud.deploy(*SET, "--set", "AlarmTopic=arn:aws:sns:x", "--set", "AccessLogs=1")
    assert cloud.deploy("--set", "AccessLogs=0", "--set", "AlarmTopic=") == 0
    for surface in FUNCTIONS:
        held = cloud.held(surface)
        assert (held["AccessLogs"], held["AlarmTopic"], held["BaseUrl"]) == ("0", "", FIRST["BaseUrl"])


def test_arguments_can_stand_in_a_file(cloud: Cloud, tmp_path: Path) -> None:
    file = tmp_path / "deploy.txt"
    file.write_text("\n".join([*SET, "--set", "IndexPages=0"]), encoding="utf-8")
    assert cloud.deploy(f"@{file}") == 0
    assert cloud.held("public")["IndexPages"] == "0"
    assert cloud.held("internal")["MailFrom"] == FIRST["MailFrom"]


@pytest.mark.parametrize("said", ["RegistryTable=other", "CodeKey=x", "Nothing=1", "BaseUrl"])
def test_what_is_no_parameter_to_set_is_refused(cloud: Cloud, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cloud.deploy("--set", said) == 2
    assert "say Name=Value, with one of AccessLogs, " in capsys.readouterr().err


def test_a_first_deploy_says_what_it_has_to_be_told(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    assert cloud.deploy("--set", "BaseUrl=https://factory-id.example") == 2
    said = capsys.readouterr().err
    assert said == "There is no stack factory-id-internal yet, so say MailFrom, MailIdentity, too.\n"
    assert cloud.client("cloudformation").held == {}


def test_without_a_build_nothing_is_begun(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    (cloud.build / "internal.zip").unlink()
    assert cloud.deploy(*SET) == 2
    assert capsys.readouterr().err == "Nothing is built yet: make package.\n"
    assert cloud.client("cloudformation").held == {}


def test_scans_are_counted_from_the_first_secret_on_until_it_is_emptied(cloud: Cloud) -> None:
    cloud.deploy(*SET)
    assert cloud.held("internal")["PublicLogs"] == ""
    for said in (["--set", f"ScanSecret={SECRET}"], []):
        cloud.deploy(*said)
        assert cloud.held("internal")["PublicLogs"] == "/aws/lambda/the-public-function"
    cloud.deploy("--set", "ScanSecret=")
    assert cloud.held("internal")["PublicLogs"] == ""


def test_the_secret_of_the_distribution_is_changed_and_both_surfaces_take_it_at_every_step(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    def put(secrets: str, *, in_front: bool = False) -> None:
        """Deploy one of the two, and ask: while CloudFront takes the change over, the secret before it is sent, too."""
        monkeypatch.setenv("ORIGIN_SECRET", secrets)
        sent = {distribution["factory-id-edge"].parameters["OriginSecret"]} if distribution else set()
        _ = edge.main(words) if in_front else cloud.deploy(*SET)
        sent |= {distribution["factory-id-edge"].parameters["OriginSecret"]} if distribution else set()
        for surface, one in itertools.product(FUNCTIONS, sent):
            ask = origin.closed(lambda *_: {"statusCode": 200}, cloud.held(surface)["OriginSecret"])
            assert ask({"headers": {"x-origin-secret": one}}, None)["statusCode"] == 200

    words = ["--domain", "factory-id.example", "--certificate", "arn:aws:acm:us-east-1:1:certificate/1"]
    distribution = cloud.account.client("cloudformation", edge.REGION).held
    put(SECRET)
    put(SECRET, in_front=True)
    put(f"{OTHER} {SECRET}")
    put(OTHER, in_front=True)
    put(OTHER)
    assert {cloud.held(surface)["OriginSecret"] for surface in FUNCTIONS} == {OTHER}


def test_a_distribution_in_front_stays_and_has_the_firewall_until_it_is_taken_away(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORIGIN_SECRET", SECRET)
    cloud.deploy(*SET)
    monkeypatch.delenv("ORIGIN_SECRET")
    for said, expected in (([], ("1", "0", SECRET)), (["--set", "OriginSecret="], ("0", "1", ""))):
        cloud.deploy(*said)
        held = cloud.held("public")
        assert (held["BehindCloudFront"], held["Firewall"], held["OriginSecret"]) == expected


def test_a_restored_pair_is_kept_and_going_back_has_to_be_said(
    cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.deploy(*SET)
    assert cloud.deploy("--tables", "restored") == 2
    assert "no stack restored-data" in capsys.readouterr().err
    cloud.pair("restored")
    assert cloud.deploy("--tables", "restored") == 2
    said = capsys.readouterr().err
    assert "RegistryTable from factory-id-registry to restored-registry" in said
    assert "--change-tables" in said
    assert cloud.held("public")["PublicTable"] == "factory-id-public"
    assert cloud.deploy("--tables", "restored", "--change-tables") == 0
    assert cloud.deploy() == 0
    internal, public = cloud.held("internal"), cloud.held("public")
    assert (internal["RegistryTable"], public["PublicTable"]) == ("restored-registry", "restored-public")
    assert internal["RegistryStream"] == "arn:restored-data-Registry.StreamArn"
    assert cloud.deploy("--tables", "factory-id") == 2


def test_another_key_is_kept_and_has_to_be_said(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    cloud.deploy(*SET)
    first = cloud.held("internal")["SigningKey"]
    second = f"arn:aws:kms:{HERE}:{ACCOUNT}:key/second"
    assert cloud.deploy("--set", f"SigningKey={second}") == 2
    assert f"SigningKey from {first} to {second}" in capsys.readouterr().err
    assert cloud.deploy("--set", f"SigningKey={second}", "--change-tables") == 2
    assert cloud.held("internal")["SigningKey"] == first
    assert cloud.deploy("--set", f"SigningKey={second}", "--change-keys") == 0
    capsys.readouterr()
    assert cloud.deploy() == 0
    assert cloud.held("internal")["SigningKey"] == second
    assert f"keys\tSigningKey\t{second}\n" in capsys.readouterr().out


@pytest.mark.parametrize("form", ["{}", "second"], ids=["its ARN", "its name"])
def test_one_key_for_credentials_and_receipts_is_refused(
    cloud: Cloud, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    second = f"arn:aws:kms:{HERE}:{ACCOUNT}:key/second"
    both = ["--set", f"SigningKey={second}", "--set", f"ReceiptKey={form.format(second)}"]
    assert cloud.deploy(*SET, *both) == 2
    assert "SigningKey and ReceiptKey are one and the same key" in capsys.readouterr().err
    assert cloud.held("internal") == {}
    assert cloud.deploy(*SET, "--set", f"SigningKey={second}") == 0
    capsys.readouterr()
    assert cloud.deploy("--set", f"ReceiptKey={form.format(second)}", "--change-keys") == 2
    assert "Name two keys" in capsys.readouterr().err


def test_surfaces_that_differ_in_their_tables_or_keys_wait_for_a_word(
    cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.deploy(*SET)
    cloud.pair("restored")
    place = cloud.build / "public.zip"

    def stopped(**changed: str) -> None:
        deploy.deploy_surface(cloud.target, "public", place, place.with_suffix(".json"), changed)

    stopped(PublicTable="restored-public")
    assert cloud.deploy() == 2
    assert "factory-id and restored: say which" in capsys.readouterr().err
    stopped(PublicTable="factory-id-public", ReceiptKey="arn:aws:kms:other")
    assert cloud.deploy() == 2
    assert "differ in ReceiptKey" in capsys.readouterr().err


def test_photos_use_the_registry_that_the_others_use_and_are_deployed_with_them(cloud: Cloud) -> None:
    cloud.deploy(*SET)
    assert cloud.held("photos") == {}
    assert cloud.deploy(*SHOWN) == 0
    before = cloud.held("photos")
    assert before["RegistryTable"] == "factory-id-registry"
    assert before["DistributionArn"] == SHOWN[-1].partition("=")[2]
    cloud.pair("restored")
    assert cloud.deploy("--tables", "restored", "--change-tables") == 0
    moved = {"RegistryTable": "restored-registry", "FormerRegistryTable": "factory-id-registry"}
    assert cloud.held("photos") == {**before, **moved}
    assert cloud.answering("photos")[0]["Environment"]["Variables"] == {"REGISTRY_TABLE": "restored-registry"}
    assert cloud.held("public")["PhotosUrl"] == "https://photos.example"


def test_a_store_that_has_a_name_keeps_it(cloud: Cloud) -> None:
    ensure_bucket(cloud.target, HERE)
    old = {
        "BucketName": "of-an-earlier-release",
        "CodeBucket": "b",
        "CodeKey": "k",
        "Runtime": "r",
        "Architecture": "a",
    }
    body = photos.TEMPLATE.read_text(encoding="utf-8")
    stack.deploy(cloud.client("cloudformation"), "factory-id-photos", {"TemplateBody": body}, old)
    photos.deploy(cloud.target, photos.build(cloud.build / "photos.zip"), "factory-id-registry")
    assert cloud.held("photos")["BucketName"] == "of-an-earlier-release"


def test_a_second_region_is_in_nobodys_way(cloud: Cloud) -> None:
    for region in (HERE, THERE):
        cloud.region = region
        assert cloud.deploy(*SET, *SHOWN) == 0
        assert cloud.held("photos")["BucketName"] == f"factory-id-photos-{ACCOUNT}-{region}"
        assert cloud.account.buckets[cloud.held("public")["CodeBucket"]] == region


def test_a_bucket_of_another_region_or_account_is_refused_in_words(cloud: Cloud) -> None:
    cloud.account.buckets["zips"] = THERE
    with pytest.raises(DeployError, match="is in eu-west-1, and a function in eu-central-1"):
        ensure_bucket(replace(cloud.target, bucket="zips"), HERE)
    cloud.account.foreign.add("theirs")
    with pytest.raises(DeployError, match="theirs is not this account's"):
        ensure_bucket(replace(cloud.target, bucket="theirs"), HERE)


def test_the_bucket_of_before_is_used_again(cloud: Cloud) -> None:
    cloud.deploy(*SET, "--bucket", "zips-of-ours")
    assert cloud.deploy() == 0
    assert {cloud.held(surface)["CodeBucket"] for surface in FUNCTIONS} == {"zips-of-ours"}


def test_the_same_again_is_the_same_release_whether_secrets_are_said_or_not(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.deploy(*SET)
    before = [cloud.answering(surface) for surface in FUNCTIONS]
    monkeypatch.delenv("CSRF_SECRET")
    cloud.deploy()
    assert [cloud.answering(surface) for surface in FUNCTIONS] == before
    monkeypatch.setenv("CSRF_SECRET", OTHER)
    cloud.deploy()
    assert cloud.answering("public") == before[0]
    assert [each["Environment"]["Variables"]["CSRF_SECRET"] for each in cloud.answering("internal")] == [OTHER, OTHER]


@pytest.mark.parametrize("said", [["--set", "SyncWorkers=2"], []], ids=["one function's setting", "code"])
def test_all_functions_of_a_stack_go_back_together(
    cloud: Cloud, said: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.deploy(*SET, *SHOWN)
    before = {surface: cloud.releases(surface) for surface in ("internal", "photos")}
    cloud.code("internal", b"a zip" if said else b"a bad zip")
    cloud.deploy(*said)
    bad = cloud.releases("internal")
    assert len(set(bad)) == len(set(before["internal"])) == 1
    assert not set(bad) & set(before["internal"])
    assert rollback.main(["internal"]) == 0
    assert cloud.releases("internal") == before["internal"]
    assert "answers now, in 2 functions." in capsys.readouterr().out
    assert rollback.main(["internal"]) == 2
    assert "no earlier release" in capsys.readouterr().err
    cloud.deploy()  # nothing changed for CloudFormation
    assert cloud.releases("internal") == bad
    assert rollback.main(["internal", "--list"]) == 0
    assert [line[0] for line in capsys.readouterr().out.splitlines()[-2:]] == [" ", "*"]
    assert rollback.main(["internal", "--to", before["internal"][0].split()[1]]) == 0
    assert rollback.main(["internal", "--to", "7"]) == 2
    assert rollback.main(["photos"]) == 2  # of which there is one only
    assert cloud.releases("photos") == before["photos"]


def test_a_roll_back_that_was_stopped_half_way_goes_to_the_same_release(cloud: Cloud) -> None:
    cloud.deploy(*SET)
    for workers in ("2", "3"):
        cloud.deploy("--set", f"SyncWorkers={workers}")
    cloud.client("lambda").update_alias("factory-id-internal-APIHandler", "live", "2")
    assert rollback.main(["internal"]) == 0
    known = rollback.releases(cloud.client("lambda"), ["factory-id-internal-APIHandler", "factory-id-internal-Errands"])
    assert [len(each.live) for each in known] == [0, 2, 0]


@pytest.mark.parametrize(
    ("said", "differing"),
    [
        (["--tables", "restored", "--change-tables"], "PUBLIC_TABLE, REGISTRY_TABLE"),
        (["--set", "SigningKey=arn:aws:kms:x:1:key/2", "--change-keys"], "SIGNING_KEY"),
        (["--set", "ReceiptKey=arn:aws:kms:x:1:key/2", "--change-keys"], "RECEIPT_KEY"),
        (["--set", f"CsrfSecret={OTHER}"], "CSRF_SECRET"),
        (["--set", f"OriginSecret={OTHER}"], "ORIGIN_SECRET"),
    ],
)
def test_a_release_is_refused_that_was_made_for_what_the_stack_has_no_more(
    cloud: Cloud, said: list[str], differing: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.deploy(*SET)
    monkeypatch.delenv("CSRF_SECRET")
    cloud.pair("restored")
    assert cloud.deploy(*said) == 0
    now = cloud.releases("internal")
    assert rollback.main(["internal"]) == 2
    assert f"was made for another {differing} than the stack has now" in capsys.readouterr().err
    assert cloud.releases("internal") == now


def test_a_release_of_another_role_is_refused(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    cloud.deploy(*SET)
    text = (cloud.build / "internal.json").read_text(encoding="utf-8")
    (cloud.build / "internal.json").write_text(text.replace("a role", "a role each"), encoding="utf-8")
    cloud.deploy()
    assert rollback.main(["internal"]) == 2
    assert "another role than" in capsys.readouterr().err


def test_a_roll_back_of_a_stack_that_is_not_there_says_so(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    cloud.deploy(*SET)
    assert rollback.main(["photos"]) == 2
    assert capsys.readouterr().err == "There is no stack factory-id-photos.\n"


def test_the_distribution_keeps_its_zone_and_gets_origins_of_another_region_only_if_that_is_said(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ORIGIN_SECRET", SECRET)
    words = ["--domain", "factory-id.example", "--certificate", "arn:aws:acm:us-east-1:1:certificate/1"]
    distribution = cloud.account.client("cloudformation", edge.REGION).held

    def asked() -> tuple[str, str]:
        held = distribution["factory-id-edge"].parameters
        return held["HostedZoneId"], held["InternalOrigin"].split(".")[2]

    for region in (THERE, HERE):
        cloud.region = region
        cloud.deploy(*SET)
    assert edge.main([*words, "--zone", "Z1"]) == 0
    assert asked() == ("Z1", HERE)
    cloud.region = THERE
    assert edge.main([]) == 2
    said = capsys.readouterr().err
    assert all(word in said for word in (HERE, THERE, "Nothing was changed", "--change-region"))
    assert asked() == ("Z1", HERE)
    assert edge.main([*words, "--change-region"]) == 0
    assert asked() == ("Z1", THERE)
    assert edge.main([]) == 0


def test_a_distribution_is_told_of_a_release_without_being_told_anything_else(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert edge.main([]) == 2
    assert "are not both in this region" in capsys.readouterr().err
    monkeypatch.setenv("ORIGIN_SECRET", SECRET)
    cloud.deploy(*SET)
    monkeypatch.delenv("ORIGIN_SECRET")
    assert edge.main(["--domain", "factory-id.example"]) == 2
    said = capsys.readouterr().err
    assert said == "There is no stack factory-id-edge yet, so say --certificate, ORIGIN_SECRET, too.\n"
    monkeypatch.setenv("ORIGIN_SECRET", SECRET)
    certificate = "arn:aws:acm:us-east-1:1:certificate/1"
    assert edge.main(["--domain", "factory-id.example", "--certificate", certificate, "--zone", "Z1"]) == 0
    assert "edge\tDistributionArn\tarn:" in capsys.readouterr().out
    monkeypatch.delenv("ORIGIN_SECRET")
    held = cloud.account.client("cloudformation", edge.REGION).held
    before = held["factory-id-edge"]
    monkeypatch.setattr(firewall, "SMALL_BODY", 1)
    assert edge.main([]) == 0
    after = held["factory-id-edge"]
    assert after.parameters == before.parameters
    assert (after.parameters["OriginSecret"], after.parameters["CertificateArn"]) == (SECRET, certificate)
    assert after.template != before.template


def test_a_region_where_nothing_answers_takes_a_restored_pair_at_once(cloud: Cloud) -> None:
    cloud.region = THERE
    cloud.pair("restored-20261123-0900")
    assert cloud.deploy("--tables", "restored-20261123-0900", "--change-tables", *SET) == 0
    assert cloud.held("internal")["RegistryTable"] == "restored-20261123-0900-registry"
    assert cloud.held("data") == {}
