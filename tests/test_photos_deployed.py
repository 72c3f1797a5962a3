"""The photos' stack on a real engine that enforces roles: a file is posted as a browser posts it, and drawn anew."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from PIL import Image

from chalicelib import clock, settings
from chalicelib.domain import photo
from chalicelib.internal import uploads
from infra import photos
from infra.engine import CREDENTIALS, REGION, Engine
from infra.target import Target, ensure_bucket

FACTORY = "BDF8QY40YGE1"
BACK = "https://factory-id.example/portal/factories/X/photos?sent="


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    archive = photos.build(tmp_path_factory.mktemp("photos") / "photos.zip")
    with Engine(auth=True) as engine:
        target = Target(engine.client, "trial", "trial-code", emulated=True)
        ensure_bucket(target, REGION)
        outputs = photos.deploy(target, archive, engine.registry_table)
        yield SimpleNamespace(engine=engine, bucket=outputs["PhotosBucket"], archive=archive)


@pytest.fixture
def form(store: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> uploads.Form:
    chosen = replace(settings.load(), photos_bucket=store.bucket, s3_endpoint=store.engine.url, region=REGION)
    monkeypatch.setattr(settings, "load", lambda: chosen)
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name.upper(), value)
    uploads._session.cache_clear()
    return uploads.form(FACTORY, BACK, clock.now())


def posted(form: uploads.Form, content: bytes, **changed: str) -> requests.Response:
    fields = {**form.fields, **changed}
    return requests.post(
        form.address, data=fields, files={"file": ("x.svg", content)}, allow_redirects=False, timeout=30
    )


def became(store: SimpleNamespace, photo_id: str) -> dict[str, Any]:
    """What the function said of an upload, once it did."""
    client, deadline = store.engine.client("dynamodb"), time.monotonic() + 60
    key = {"pk": {"S": f"PHOTOS#{FACTORY}"}, "sk": {"S": photo_id}}
    while time.monotonic() < deadline:
        item = client.get_item(TableName=store.engine.registry_table, Key=key, ConsistentRead=True).get("Item")
        if item:
            return dict(json.loads(item["body"]["S"]))
        store.engine.client("s3").head_bucket(Bucket=store.bucket)
    raise AssertionError("nothing was said of it")


def taken(size: tuple[int, int] = (64, 48)) -> bytes:
    written = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Secret Phone"
    Image.new("RGB", size, "teal").save(written, "JPEG", exif=exif)
    return written.getvalue()


def test_a_posted_photo_is_drawn_anew_by_its_own_function_under_its_own_role(
    store: SimpleNamespace, form: uploads.Form
) -> None:
    answer = posted(form, taken())
    assert answer.status_code == 303, answer.text
    assert answer.headers["Location"].startswith(f"{BACK}{form.photo_id}")
    said = became(store, form.photo_id)
    assert said == {"photo_id": form.photo_id, "state": "ready", "width": 64, "height": 48}
    whole, _ = photo.shown_keys(FACTORY, form.photo_id)
    shown = store.engine.client("s3").get_object(Bucket=store.bucket, Key=whole)
    assert shown["ContentType"] == "image/jpeg"
    assert b"Secret" not in shown["Body"].read()


def test_what_is_no_photo_is_refused_by_the_function(store: SimpleNamespace, form: uploads.Form) -> None:
    assert posted(form, b"<svg xmlns='http://www.w3.org/2000/svg'/>").status_code == 303
    assert became(store, form.photo_id)["state"] == "refused"


@pytest.mark.parametrize(
    "changed",
    [
        {"key": f"uploads/{FACTORY}/{'0' * 32}"},
        {"key": f"photos/{FACTORY}/{'0' * 32}.jpg"},
        {"Content-Type": "text/html"},
        {"success_action_redirect": "https://evil.example/"},
        {"x-amz-signature": "0" * 64},
    ],
)
def test_a_form_with_another_word_in_it_is_not_taken(form: uploads.Form, changed: dict[str, str]) -> None:
    assert posted(form, taken(), **changed).status_code in (400, 403)


def test_too_many_bytes_are_not_taken(form: uploads.Form) -> None:
    assert posted(form, b"x" * (photo.MOST_BYTES + 1)).status_code in (400, 413)


def test_a_form_that_is_too_old_is_not_taken(form: uploads.Form) -> None:
    old = uploads.form(FACTORY, BACK, clock.now() - 2 * uploads.VALID_FOR)
    assert posted(old, taken()).status_code == 403
    assert posted(form, taken()).status_code == 303


@pytest.mark.usefixtures("form")
def test_a_photo_is_deleted_by_a_signed_request(store: SimpleNamespace) -> None:
    s3 = store.engine.client("s3")
    key = photo.shown_keys(FACTORY, "f" * 32)[0]
    s3.put_object(Bucket=store.bucket, Key=key, Body=b"x")
    uploads.delete([key])
    assert key not in [each["Key"] for each in s3.list_objects_v2(Bucket=store.bucket).get("Contents", [])]


def test_the_zip_holds_the_library_and_no_route(store: SimpleNamespace) -> None:
    names = zipfile.ZipFile(store.archive).namelist()
    assert "photos/function.py" in names
    assert any(name.startswith("PIL/_imaging") for name in names)
    assert not [name for name in names if name.startswith("chalicelib/internal")]
    assert Path(store.archive).stat().st_size < 12_000_000
