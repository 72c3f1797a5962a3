"""Photos. See SAFETY, Profile: SVG or polyglot refused, GPS in EXIF stripped, pixel bomb refused before decoding."""

from __future__ import annotations

import contextlib
import io
import json
import struct
import zlib
from collections.abc import Iterator

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws
from PIL import Image

from chalicelib.domain import photo
from chalicelib.domain.errors import Malformed
from photos import function, reencode

FACTORY, PHOTO = "BDF8QY40YGE1", "0" * 32
GPS = {0x8825: {1: "N", 2: (23.0, 59.0, 57.0), 3: "E", 4: (90.0, 25.0, 13.0)}}


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **saved: object) -> bytes:
    written = io.BytesIO()
    Image.new(mode, size, "teal").save(written, kind, **saved)
    return written.getvalue()


def located() -> bytes:
    """A photo that says where it was taken, by what, and which way it is up."""
    exif = Image.Exif()
    exif[0x010F] = "Secret Phone"
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update(GPS[0x8825])
    return picture(exif=exif, comment=b"a secret remark")


@pytest.mark.parametrize(
    "content",
    [
        picture(),
        picture(progressive=True),
        picture("PNG"),
        picture("PNG", mode="P"),
        picture("WEBP"),
        picture("WEBP", lossless=True),
        picture("WEBP", exif=Image.Exif()),
    ],
)
def test_the_size_is_read_from_the_first_bytes(content: bytes) -> None:
    assert photo.measure(content) == (40, 30)


def a_png_that_claims(width: int, height: int) -> bytes:
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header)) + b"x" * 50


@pytest.mark.safety("profile.pixel-bomb")
@pytest.mark.parametrize("size", [(50_000, 50_000), (2**31, 2**31), (0, 10), (60_000_001, 1)])
def test_a_pixel_bomb_is_refused_before_anything_is_decoded(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reencode.Image, "open", lambda *_, **__: pytest.fail("it was opened"))
    with pytest.raises(Malformed, match="pixels"):
        reencode.drawn(a_png_that_claims(*size))


@pytest.mark.safety("profile.odd-upload")
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b'<svg xmlns="http://www.w3.org/2000/svg"></svg>',
        b"GIF89a\x01\x00\x01\x00",
        b"%PDF-1.7",
        b"\x00\x00\x00\x18ftypheic",
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xe0\x00\x00",
        picture()[:30],
        picture("PNG")[:20],
        picture("WEBP")[:14],
        picture() + b"<script>alert(1)</script>",
        picture(comment=b"<SVG onload=alert(1)>"),
        picture() + b"PK\x05\x06" + b"\x00" * 18,
        picture("PNG") + b"%PDF-1.4",
        b"x" * (photo.MOST_BYTES + 1),
    ],
)
def test_what_is_no_photo_or_something_else_as_well_is_refused(content: bytes) -> None:
    with pytest.raises(Malformed):
        reencode.drawn(content)


@given(st.binary(max_size=60), st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBPVP8 "]))
def test_no_bytes_make_it_stumble(content: bytes, start: bytes) -> None:
    with contextlib.suppress(Malformed):
        reencode.drawn(start + content)


@pytest.mark.safety("profile.gps")
def test_where_and_by_what_a_photo_was_taken_is_gone_and_it_stands_upright() -> None:
    sent = located()
    assert Image.open(io.BytesIO(sent)).getexif().get_ifd(0x8825)
    made = reencode.drawn(sent)
    assert (made.width, made.height) == (30, 40)
    for content in (made.whole, made.small):
        shown = Image.open(io.BytesIO(content))
        assert (shown.format, dict(shown.getexif())) == ("JPEG", {})
        assert not {"exif", "comment", "icc_profile", "xmp"} & shown.info.keys()
        assert b"ecret" not in content


def test_a_large_photo_is_made_small_and_light() -> None:
    noise = Image.effect_noise((4000, 3000), 90).convert("RGB")
    written = io.BytesIO()
    noise.save(written, "JPEG", quality=40)
    made = reencode.drawn(written.getvalue())
    assert (made.width, made.height) == (1600, 1200)
    assert max(Image.open(io.BytesIO(made.small)).size) == photo.SMALL_SIDE
    assert len(made.small) < 60_000


def test_what_is_transparent_becomes_white() -> None:
    written = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(written, "PNG")
    pixel = Image.open(io.BytesIO(reencode.drawn(written.getvalue()).whole)).getpixel((5, 5))
    assert isinstance(pixel, tuple)
    assert min(pixel) > 250


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("REGISTRY_TABLE", "registry")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with mock_aws():
        boto3.client("s3").create_bucket(
            Bucket="photos", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
        )
        boto3.client("dynamodb").create_table(
            TableName="registry",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
            BillingMode="PAY_PER_REQUEST",
        )
        yield "photos"


def told() -> list[dict[str, object]]:
    return [json.loads(item["body"]["S"]) for item in boto3.client("dynamodb").scan(TableName="registry")["Items"]]


def keys_in(bucket: str) -> list[str]:
    return [each["Key"] for each in boto3.client("s3").list_objects_v2(Bucket=bucket).get("Contents", [])]


def upload(bucket: str, content: bytes, key: str) -> None:
    boto3.client("s3").put_object(Bucket=bucket, Key=key, Body=content)
    event = {"Records": [{"s3": {"bucket": {"name": bucket}, "object": {"key": key.replace("/", "%2F")}}}]}
    for _ in range(2):  # S3 may tell of it twice
        function.handler(event)


def test_an_upload_becomes_a_photo_whole_and_small_and_is_gone_itself(bucket: str) -> None:
    upload(bucket, located(), photo.upload_key(FACTORY, PHOTO))
    assert sorted(keys_in(bucket)) == sorted(photo.shown_keys(FACTORY, PHOTO))
    assert told() == [{"photo_id": PHOTO, "state": "ready", "width": 30, "height": 40}]
    found = boto3.client("s3").get_object(Bucket=bucket, Key=photo.shown_keys(FACTORY, PHOTO)[0])
    assert found["ContentType"] == "image/jpeg"


@pytest.mark.safety("profile.odd-upload")
def test_an_upload_that_is_none_is_refused_and_gone(bucket: str) -> None:
    upload(bucket, b"<svg/>", photo.upload_key(FACTORY, PHOTO))
    assert keys_in(bucket) == []
    assert [each["state"] for each in told()] == ["refused"]


def test_nothing_but_uploads_is_touched(bucket: str) -> None:
    for key in ("photos/a/b", f"uploads/{FACTORY}/../../x", "uploads/x", f"uploads/{FACTORY}/{'0' * 31}g"):
        upload(bucket, picture(), key)
    assert len(keys_in(bucket)) == 4
    assert told() == []
