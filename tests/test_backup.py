"""``python -m infra.backup``: taken out, put back into an empty pair, and compared, also where it is interrupted."""

from __future__ import annotations

import gzip
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from chalicelib import clock
from chalicelib.store.registry import sequencer
from infra import alarms, tables
from infra.backup import EXPORTED, compare, export, manifest, restore
from infra.backup import __main__ as command
from infra.backup.items import item_of, line
from infra.backup.places import Bucket, Folder
from infra.check import report
from tests.stack import Tables
from tests.world import World

NOW = 1_700_000_000  # nothing that tests make has expired by then
KINDS = ("registry", "public")


def named(kept: Tables, kind: str) -> str:
    """The table of a kind."""
    return kept.registry if kind == "registry" else kept.public


def taken_out(kept: Tables, folder: Folder | Bucket) -> None:
    """Export both tables."""
    for kind in KINDS:
        export.export(kept.client, named(kept, kind), kind, folder)


def lines(kept: Tables, kind: str) -> list[str]:
    """All items of a table, each always written in the same way."""
    return [line(item) for item in kept.scan(named(kept, kind))]


def another_pair(kept: Tables, prefix: str = "second") -> Tables:
    """An empty pair of tables beside the one."""
    tables.create_tables(kept.client, prefix)
    return Tables(kept.client, f"{prefix}-registry", f"{prefix}-public")


def put_back(kept: Tables, folder: Folder | Bucket, state: Path, **more: Any) -> None:
    """Restore both tables."""
    for kind in KINDS:
        held = manifest.found(folder, kind)
        restore.restore(kept.client, named(kept, kind), held, state / kind, NOW, **more)


@pytest.fixture
def filled(world: World) -> Tables:
    """Tables with something in them, of every type that an attribute can have."""
    factory_id = world.a_factory(member_ids=["maison"])
    world.a_certificate(factory_id)
    odd = {"B": {"B": b"\x00\xff"}, "BS": {"BS": [b"b", b"a"]}, "L": {"L": [{"N": "1.5"}, {"NULL": True}]}}
    key = {"pk": {"S": "ODD#ঢাকা\u2028\u0085"}, "sk": {"S": "RECORD"}}
    world.tables.client.put_item(TableName=world.tables.registry, Item={**key, **odd, "M": {"M": {"x": {"B": b"1"}}}})
    return world.tables


def test_what_was_taken_out_and_put_back_is_the_same_item_by_item(filled: Tables, tmp_path: Path) -> None:
    folder = Folder(tmp_path / "backup")
    taken_out(filled, folder)
    fresh = another_pair(filled)
    put_back(fresh, folder, tmp_path)
    for kind in KINDS:
        assert lines(filled, kind) == lines(fresh, kind)
        read = compare.of_export(manifest.found(folder, kind)), compare.of_table(fresh.client, named(fresh, kind))
        assert compare.compare(*read, NOW).same


def test_each_difference_is_named_by_its_key(filled: Tables, tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    taken_out(filled, folder)
    key = {"pk": {"S": "ODD#ঢাকা\u2028\u0085"}, "sk": {"S": "RECORD"}}
    filled.client.put_item(TableName=filled.registry, Item={**key, "B": {"B": b"other"}})
    filled.client.put_item(TableName=filled.registry, Item={"pk": {"S": "NEW#1"}, "sk": {"S": "RECORD"}})
    filled.client.delete_item(TableName=filled.registry, Key={"pk": {"S": "STANDARD#gots"}, "sk": {"S": "RECORD"}})
    read = compare.of_export(manifest.found(folder, "registry")), compare.of_table(filled.client, filled.registry)
    assert set(compare.compare(*read, NOW).unlike) == {
        "NEW#1 RECORD is here only",
        "ODD#ঢাকা\u2028\u0085 RECORD is not the same",
        "STANDARD#gots RECORD is missing here",
    }


def test_what_had_expired_is_not_put_back_and_is_no_difference(filled: Tables, tmp_path: Path) -> None:
    folder, key = Folder(tmp_path / "backup"), {"pk": {"S": "SESSION#1"}, "sk": {"S": "RECORD"}}
    filled.client.put_item(TableName=filled.registry, Item={**key, "expires": {"N": str(NOW - 1)}})
    taken_out(filled, folder)
    fresh = another_pair(filled)
    put_back(fresh, folder, tmp_path)
    assert ("SESSION#1", "RECORD") not in fresh.keys(fresh.registry)
    read = compare.of_export(manifest.found(folder, "registry")), compare.of_table(fresh.client, fresh.registry)
    assert compare.compare(*read, NOW).same


class Killed(BaseException):
    """The end of a process, at any point."""


def after(calls: int) -> Any:
    """Tells of progress so often, and then kills."""
    left = iter(range(calls))

    def advance(_items: int) -> None:
        if next(left, None) is None:
            raise Killed

    return advance


def _noting(written: list[str]) -> Any:
    write = Folder.write

    def noting(folder: Folder, name: str, content: bytes) -> None:
        written.append(name)
        write(folder, name, content)

    return noting


@pytest.mark.parametrize("calls", [1, 3])
def test_a_killed_export_and_a_killed_restore_go_on_where_they_were(
    filled: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, calls: int
) -> None:
    monkeypatch.setattr(export, "A_FILE", 10)
    monkeypatch.setattr(restore, "AT_ONCE", 4)
    whole, folder = Folder(tmp_path / "whole"), Folder(tmp_path / "backup")
    taken_out(filled, whole)
    with pytest.raises(Killed):
        export.export(filled.client, filled.registry, "registry", folder, after(calls))
    with pytest.raises(manifest.Broken):
        manifest.found(folder, "registry")
    written: list[str] = []
    monkeypatch.setattr(Folder, "write", _noting(written))
    kept = folder.names("registry/AWSDynamoDB/own/data/")
    taken_out(filled, folder)
    assert not set(kept[: calls // 2]) & set(written)
    for kind in KINDS:
        assert manifest.found(folder, kind).files == manifest.found(whole, kind).files
    fresh = another_pair(filled)
    held = manifest.found(folder, "registry")
    with pytest.raises(Killed):
        restore.restore(fresh.client, fresh.registry, held, tmp_path / "registry", NOW, after(calls))
    put_back(fresh, folder, tmp_path)
    assert lines(filled, "registry") == lines(fresh, "registry")


def dropped_and_made_anew(kept: Tables, prefix: str) -> None:
    """The pair is another, and empty, under the same names."""
    for name in (kept.registry, kept.public):
        kept.client.delete_table(TableName=name)
    another_pair(kept, prefix)


def test_what_was_noted_of_a_pair_counts_for_nothing_in_one_that_is_made_anew(filled: Tables, tmp_path: Path) -> None:
    folder = Folder(tmp_path / "backup")
    taken_out(filled, folder)
    fresh = another_pair(filled)
    put_back(fresh, folder, tmp_path)
    dropped_and_made_anew(fresh, "second")
    assert fresh.scan(fresh.registry) == []
    put_back(fresh, folder, tmp_path)
    for kind in KINDS:
        assert lines(filled, kind) == lines(fresh, kind)


def test_a_restore_is_forgotten_once_both_tables_hold_the_backup_and_not_before(
    filled: Tables, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, notes = Folder(tmp_path / "backup"), tmp_path / "notes"
    taken_out(filled, folder)
    fresh = another_pair(filled)
    held = manifest.found(folder, "registry")
    restore.restore(fresh.client, fresh.registry, held, notes / "restore-registry", NOW)  # and then it was killed
    foreign = {"pk": {"S": "NEW#1"}, "sk": {"S": "RECORD"}}
    fresh.client.put_item(TableName=fresh.registry, Item=foreign)
    run = ["restore", "--name", "second", "--from", str(tmp_path / "backup"), "--state", str(notes / "restore")]
    assert command.main(run) == 1
    assert "registry: NEW#1 RECORD is here only" in capsys.readouterr().out
    assert sorted(each.name for each in notes.iterdir()) == ["restore-public", "restore-registry"]
    fresh.client.delete_item(TableName=fresh.registry, Key=foreign)
    assert command.main(run) == 0
    assert list(notes.iterdir()) == []
    assert command.main(run) == 2
    assert "second-registry is not empty" in capsys.readouterr().err


def test_a_table_that_is_not_empty_is_not_written_to(filled: Tables, tmp_path: Path) -> None:
    folder = Folder(tmp_path / "backup")
    taken_out(filled, folder)
    before = filled.scan(filled.registry)
    with pytest.raises(restore.NotEmpty):
        put_back(filled, folder, tmp_path)
    assert filled.scan(filled.registry) == before


def test_a_changed_byte_of_a_backup_is_refused_before_its_items_are_put(filled: Tables, tmp_path: Path) -> None:
    folder = Folder(tmp_path / "backup")
    taken_out(filled, folder)
    name = "registry/AWSDynamoDB/own/data/000000.json.gz"
    lines = gzip.decompress(folder.read(name)).replace(b"Gots", b"Gats").replace(b"GOTS", b"GATS")
    folder.write(name, gzip.compress(lines))
    fresh = another_pair(filled)
    with pytest.raises(manifest.Broken):
        put_back(fresh, folder, tmp_path)
    assert fresh.scan(fresh.registry) == []


def test_a_line_is_an_item_as_dynamodb_exports_it() -> None:
    item = {"pk": {"S": "A\n"}, "sk": {"S": "B"}, "confirmed": {"SS": ["y", "x"]}, "raw": {"B": b"\x00"}}
    written = line(item)
    assert written == ('{"Item":{"confirmed":{"SS":["x","y"]},"pk":{"S":"A\\n"},"raw":{"B":"AA=="},"sk":{"S":"B"}}}')
    assert item_of(written) == {**item, "confirmed": {"SS": ["x", "y"]}}


def test_only_the_owner_of_a_folder_reads_a_backup(filled: Tables, tmp_path: Path) -> None:
    taken_out(filled, Folder(tmp_path / "backup"))
    files = [path for path in (tmp_path / "backup").rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o077 for path in [tmp_path / "backup", *files]} == {0}


def test_an_export_to_s3_is_read_by_dynamodbs_own_import_and_put_back_by_the_command(
    ministack: Tables, stack: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(60):
        key = {"pk": {"S": f"FACTORY#{number}"}, "sk": {"S": "RECORD"}}
        for table in (ministack.registry, ministack.public):
            ministack.client.put_item(TableName=table, Item={**key, "body": {"S": "ঢাকা"}})
    s3, bucket = stack.client("s3"), f"{ministack.registry}-backup"
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    for name, value in {"ACCESS_KEY_ID": "test", "SECRET_ACCESS_KEY": "test", "DEFAULT_REGION": "eu-central-1"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    prefix = ministack.registry.removesuffix("-registry")
    near = ["--endpoint", stack.url]
    assert command.main(["export", "--name", prefix, "--to", f"s3://{bucket}/nightly", *near]) == 0
    fresh = another_pair(ministack, f"{prefix}-back")
    state = ["--state", str(tmp_path / "state")]
    put = ["restore", "--name", f"{prefix}-back", "--from", f"s3://{bucket}/nightly", *near]
    assert command.main([*put, *state]) == 0
    assert "registry: 60 items in the backup, 60 in the table: the same" in capsys.readouterr().out
    assert command.main([*put, "--state", str(tmp_path / "other")]) == 2
    source = {"S3Bucket": bucket, "S3KeyPrefix": "nightly/registry/AWSDynamoDB/own/data/"}
    definition = next(each for each in tables.definitions(prefix) if each["TableName"] == ministack.registry)
    made = {each: definition[each] for each in ("AttributeDefinitions", "KeySchema", "BillingMode")}
    begun = ministack.client.import_table(
        S3BucketSource=source,
        InputFormat="DYNAMODB_JSON",
        InputCompressionType="GZIP",
        TableCreationParameters={"TableName": f"{prefix}-imported", **made},
    )
    imported(ministack.client, begun["ImportTableDescription"]["ImportArn"])
    assert ministack.scan(f"{prefix}-imported") == ministack.scan(ministack.registry) == fresh.scan(fresh.registry)


def imported(client: Any, arn: str) -> None:
    """Wait until the engine has imported."""
    for _ in range(20_000):
        told = client.describe_import(ImportArn=arn)["ImportTableDescription"]
        if told["ImportStatus"] != "IN_PROGRESS":
            break
        client.list_tables(Limit=1)
    assert (told["ImportStatus"], json.dumps(told.get("FailureMessage"))) == ("COMPLETED", "null")


def counted(since: datetime) -> dict[str, float]:
    """What CloudWatch was told of exports, by table."""
    client, (namespace, name) = boto3.client("cloudwatch"), EXPORTED
    metrics = client.list_metrics(Namespace=namespace, MetricName=name)["Metrics"]
    found = {}
    for each in metrics:
        asked = {"StartTime": since, "EndTime": since + timedelta(days=1), "Period": 86400, "Statistics": ["Sum"]}
        told = client.get_metric_statistics(
            Namespace=namespace, MetricName=name, Dimensions=each["Dimensions"], **asked
        )["Datapoints"]
        found[each["Dimensions"][0]["Value"]] = sum(point["Sum"] for point in told)
    return found


def test_the_alarm_of_missing_backups_hears_of_a_copy_of_this_day_in_a_bucket_and_of_nothing_else(
    filled: Tables, tmp_path: Path
) -> None:
    since = clock.now() - timedelta(minutes=1)
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="backups", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    name = filled.registry.removesuffix("-registry")
    assert command.main(["export", "--name", name, "--to", str(tmp_path)]) == 0
    assert counted(since) == {}
    [alarm] = [each for each in alarms.ALARMS["internal"] if each.name == "BackupSilence"]
    assert (alarm.metric, alarm.of) == (EXPORTED, {"TableName": {"Ref": "RegistryTable"}})
    assert (alarm.period * alarm.periods, alarm.missing) == (36 * 3600, "breaching")
    assert command.main(["export", "--name", name, "--to", "s3://backups/tonight"]) == 0
    told = counted(since)
    assert told == {each: len(lines(filled, kind)) for kind in KINDS for each in [named(filled, kind)]}
    for kind in KINDS:  # as if it were of another day, and the same command ran again
        key = f"tonight/{kind}/AWSDynamoDB/own/manifest-summary.json"
        summary = json.loads(s3.get_object(Bucket="backups", Key=key)["Body"].read())
        s3.put_object(Bucket="backups", Key=key, Body=json.dumps({**summary, "endTime": "2026-01-01T00:00:00Z"}))
    assert command.main(["export", "--name", name, "--to", "s3://backups/tonight"]) == 0
    assert counted(since) == told


def test_what_is_said_between_the_two_tables_is_in_the_backup_and_repair_moves_forward(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, factory_id = world.tables, world.a_factory()
    code, owner = world.a_certificate(factory_id), world.run_by(factory_id)
    taken, withdrawn = command.export, {"standing": "withdrawn", "reason": "Left", "effective": "2026-02-02"}

    def between(*given: Any) -> manifest.Export:
        held = taken(*given)
        monkeypatch.setattr(command, "export", taken)
        world.certifier("POST", f"/internal/v1/certificates/{code}/standing", withdrawn).ok()
        owner("PUT", f"/internal/v1/factories/{factory_id}/privacy", {"city": "private"}).ok()
        return held

    monkeypatch.setattr(command, "export", between)
    name = kept.registry.removesuffix("-registry")
    assert command.main(["export", "--name", name, "--to", str(tmp_path / "backup")]) == 0
    dropped_and_made_anew(kept, name)
    whole = ["--name", name, "--from", str(tmp_path / "backup")]
    assert command.main(["restore", *whole, "--state", str(tmp_path / "state")]) == 0
    for repair in (True, False):
        found = report.walked(kept.client, kept.registry, kept.public, tmp_path / "check.sqlite", repair=repair)
        assert found.whole, found.text
    assert found.text.endswith("Nothing to repair.")
    assert world.anyone.get(f"/v1/certificates/{code}").ok().json["status"] == "withdrawn"
    assert "Dhaka" not in world.anyone.get(f"/v1/factories/{factory_id}").ok().text


def test_an_export_during_which_the_log_grew_says_so_and_tells_no_alarm_that_there_is_a_copy(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its head would be on record and its last entries nowhere: what is restored from it could number nothing."""
    since, taken = clock.now() - timedelta(minutes=1), command.export
    boto3.client("s3").create_bucket(Bucket="backups", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    world.a_certificate(world.a_factory())

    def between(*given: Any) -> manifest.Export:
        held = taken(*given)
        sequencer.run()
        return held

    monkeypatch.setattr(command, "export", between)
    run = ["export", "--name", world.tables.registry.removesuffix("-registry"), "--to"]
    for _ in range(2):  # the same command once more knows it still
        assert command.main([*run, "s3://backups/one"]) == 1
        assert "The log of changes grew from 0 to 1 entries while" in capsys.readouterr().out
    assert counted(since) == {}
    assert command.main(["restore", "--name", "factory-id", "--from", "s3://backups/one"]) == command.WRONG_USE
    assert "Nothing will be numbered after it" in capsys.readouterr().out
    assert command.main([*run, "s3://backups/two"]) == 0
    world.a_certificate(world.a_factory("S-2"), number="CU 2")
    sequencer.run()
    assert command.main([*run, "s3://backups/two"]) == 0, "what was numbered afterwards is no matter"
