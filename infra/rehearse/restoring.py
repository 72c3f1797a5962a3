"""A backup is put back into an empty pair; a public table that is older than its registry is written anew."""

from __future__ import annotations

import tempfile
from pathlib import Path

from infra.engine import REGION
from infra.rehearse.scene import Scene, says

WHOLE = "Nothing to repair."


def rehearse(scene: Scene) -> None:
    """A backup in an empty pair, and an older public table: both end with a checker that has nothing to repair."""
    bucket = f"{scene.prefix}-backups"
    scene.engine.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    with tempfile.TemporaryDirectory(prefix="factory-id-rehearsal-") as scratch:
        _whole(scene, Path(scratch), bucket)
        _older_public(scene, Path(scratch), bucket)


def _whole(scene: Scene, scratch: Path, bucket: str) -> None:
    scene.step("A backup is taken to S3; then a certificate is withdrawn")
    scene.run("infra.backup", "export", "--name", scene.prefix, "--to", f"s3://{bucket}/before")
    says(scene, scene.codes[0], "withdrawn", "Holder left the programme")
    scene.see("the certificate is", scene.status(scene.codes[0]), "withdrawn")
    scene.step("The backup is put back into an empty pair of tables, which the service uses from then on")
    prefix = scene.pair("restored")
    state = str(scratch / "restore")
    scene.run("infra.backup", "restore", "--name", prefix, "--from", f"s3://{bucket}/before", "--state", state)
    scene.use(prefix)
    scene.see("the certificate is again", scene.status(scene.codes[0]), "valid")
    scene.see("the checker says", checked(scene, scratch, prefix), WHOLE)
    scene.step("A second restore into the same pair is refused")
    other = str(scratch / "other")
    scene.run("infra.backup", "restore", "--name", prefix, "--from", f"s3://{bucket}/before", "--state", other, code=2)
    scene.step("What the certifier said since then is said again")
    says(scene, scene.codes[0], "withdrawn", "Holder left the programme")
    scene.see("the certificate is", scene.status(scene.codes[0]), "withdrawn")
    scene.see("the checker says", checked(scene, scratch, prefix), WHOLE)
    _second(scene, scratch, bucket, prefix)
    scene.use(scene.prefix)


def _second(scene: Scene, scratch: Path, bucket: str, first: str) -> None:
    scene.step("Months later again: the pair in use, itself restored once, is put into a pair of a new name")
    scene.run("infra.backup", "export", "--name", first, "--to", f"s3://{bucket}/again")
    says(scene, scene.codes[1], "withdrawn", "Written wrongly")
    second, state = scene.pair("restored-again"), str(scratch / "again")
    scene.run("infra.backup", "restore", "--name", second, "--from", f"s3://{bucket}/again", "--state", state)
    scene.use(second)
    scene.see("what the first pair learned last is", scene.status(scene.codes[0]), "withdrawn")
    scene.see("what was written wrongly since is", scene.status(scene.codes[1]), "valid")
    scene.see("the checker says", checked(scene, scratch, second), WHOLE)
    scene.step("The pair that was left is deleted, and nobody misses it")
    scene.run("infra.retire", first, "--delete")
    left = [name for name in scene.dynamodb.list_tables()["TableNames"] if name.startswith(f"{first}-")]
    scene.see("its tables are", sorted(left), [f"{second}-public", f"{second}-registry"])
    scene.see("the checker says", checked(scene, scratch, second), WHOLE)


def _older_public(scene: Scene, scratch: Path, bucket: str) -> None:
    scene.step("A registry of now stands beside a public table of before the withdrawal")
    now, prefix = scratch / "now", scene.pair("mixed")
    scene.run("infra.backup", "export", "--name", scene.prefix, "--to", str(now))
    (now / "public").rename(scratch / "public-of-now")
    before = scratch / "before"
    _fetched(scene, bucket, "before/public/", before)
    (before / "public").rename(now / "public")
    scene.run("infra.backup", "restore", "--name", prefix, "--from", str(now), "--state", str(scratch / "mixed"))
    scene.use(prefix)
    scene.see("the page says, wrongly, that the certificate is", scene.status(scene.codes[0]), "valid")
    scene.step("The checker writes anew what is derived")
    checked(scene, scratch, prefix, "--repair")
    scene.see("the certificate is", scene.status(scene.codes[0]), "withdrawn")
    scene.see("the checker says", checked(scene, scratch, prefix), WHOLE)
    scene.step("The withdrawal gets its number in the log")
    scene.did("staff", "POST", "/internal/v1/log/checkpoints")
    scene.see("entries of the log", scene.did("", "GET", "/v1/log/checkpoint")["size"], 4)
    scene.see("the checker says", checked(scene, scratch, prefix), WHOLE)
    scene.use(scene.prefix)


def _fetched(scene: Scene, bucket: str, below: str, folder: Path) -> None:
    s3 = scene.engine.client("s3")
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=below):
        for each in page["Contents"]:
            path = folder / each["Key"].partition("/")[2]
            path.parent.mkdir(parents=True, exist_ok=True)
            s3.download_file(bucket, each["Key"], str(path))


def checked(scene: Scene, scratch: Path, prefix: str, *more: str) -> str:
    """The last line of what the checker says of a pair of tables."""
    state = str(scratch / "check.sqlite")
    said = scene.run("infra.check", *scene.whose(prefix), "--state", state, *more)
    return said.strip().splitlines()[-1]
