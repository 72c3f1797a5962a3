"""``factory-id verify-offline``: as strict as the page ``/scan``, on any picture, with keys of a known age."""

from __future__ import annotations

import base64
import io
import json
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import segno
from PIL import Image, ImageColor

from app import app
from chalicelib.domain import cose
from chalicelib.store import kms
from chalicelib.store.registry import signing, signing_keys
from factory_id.command import main
from infra.serve import Site
from tests.local_kms import LocalKms, keys_in_process
from tests.test_offline import in_node, part_of, printed
from tests.world import World

LONG_AGO = datetime(2024, 3, 10, 7, 12, tzinfo=UTC)
Told = tuple[int, str]


@pytest.fixture
def signs(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalKms]:
    """A registry that signs, whose address nobody named to the command."""
    monkeypatch.setenv("SIGNING_KEY", "first")
    monkeypatch.delenv("FACTORY_ID_URL", raising=False)
    with keys_in_process() as local:
        yield local


@pytest.fixture
def factory_id(signs: LocalKms, world: World) -> str:
    """A factory that shows, of a registry that signs."""
    assert not signs.broken
    return world.a_factory()


@pytest.fixture
def keys_file(world: World, factory_id: str, tmp_path: Path) -> Path:
    """The registry's keys as they are published."""
    assert factory_id
    path = tmp_path / "did.json"
    path.write_text(world.anyone.get("/.well-known/did.json").ok().text)
    return path


@pytest.fixture
def verify(keys_file: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[object], Told]:
    """The command without a network: how it ended, and what it said."""

    def run(given: object) -> Told:
        ending = main(["verify-offline", str(given), "--keys", str(keys_file)])
        said = capsys.readouterr()
        return ending, said.out + said.err

    return run


# --- every other way to write the same -------------------------------------------------------------------------------


def parts_of(signed: bytes) -> tuple[bytes, bytes, bytes]:
    import cbor2

    header, _, payload, signature = cbor2.loads(signed).value
    return header, payload, signature


def written_otherwise(signed: bytes) -> dict[str, bytes]:
    """The same signed part in ways that the registry never writes, though the signature is good in each."""
    header, payload, signature = (cose.encoded(part) for part in parts_of(signed))
    whole = {
        "itself": signed,
        "a byte behind it": signed + b"\0",
        "itself once more": signed * 2,
        "no tag": signed[1:],
        "the tag of CWT": b"\xd8\x3d" + signed[1:],
        "the tag of CWT around it": b"\xd8\x3d" + signed,
        "the tag in two bytes": b"\xd8\x12" + signed[1:],
        "something unprotected": b"\xd2\x84" + header + cose.encoded({"x": "evil"}) + payload + signature,
        "an algorithm unprotected": b"\xd2\x84" + header + cose.encoded({1: -7}) + payload + signature,
        "a list for a map": b"\xd2\x84" + header + b"\x80" + payload + signature,
        "nothing for a map": b"\xd2\x84" + header + b"\xf6" + payload + signature,
        "five parts": b"\xd2\x85" + header + b"\xa0" + payload + signature + b"\xa0",
        "three parts": b"\xd2\x83" + header + b"\xa0" + payload,
        "a list of a longer form": b"\xd2\x98\x04" + signed[2:],
        "a list without an end": b"\xd2\x9f" + signed[2:] + b"\xff",
        "a map without an end": b"\xd2\x84" + header + b"\xbf\xff" + payload + signature,
        "a signature in pieces": b"\xd2\x84" + header + b"\xa0" + payload + b"\x5f" + signature + b"\xff",
        "a length of a longer form": b"\xd2\x84" + header + b"\xa0" + payload + b"\x59\x00\x40" + signature[2:],
        "a signature as text": b"\xd2\x84" + header + b"\xa0" + payload + b"\x78\x40" + b"a" * 64,
        "a short signature": b"\xd2\x84" + header + b"\xa0" + payload + cose.encoded(parts_of(signed)[2][:63]),
        "nothing": b"",
    }
    assert len(set(whole.values())) == len(whole)
    return whole


def test_the_command_and_the_page_refuse_every_other_way_to_write_what_is_signed(
    world: World, factory_id: str, verify: Callable[[object], Told]
) -> None:
    address = printed(world, f"/qr/f/{factory_id}")
    token = address.split("/")[4]
    ways = {name: cose.base32(each) or "A" for name, each in written_otherwise(part_of(address)[0]).items()}
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    ways["a letter too many"] = token + "A"
    if 5 * len(token) % 8:  # bits are left over, and ought to be 0
        ways["another last letter"] = token[:-1] + last[last.index(token[-1]) + 1]
    found = in_node(world, [address.replace(token, each) for each in ways.values()])
    for (name, each), by_page in zip(ways.items(), found, strict=True):
        ending, told = verify(address.replace(token, each))
        if name == "itself":
            assert (ending, by_page) == (0, factory_id)
        else:
            assert (ending, by_page) == (1, "unreadable"), name
            assert "Not verified: " in told


def test_a_protected_header_is_read_whole_and_in_the_shortest_form(
    world: World, factory_id: str, verify: Callable[[object], Told]
) -> None:
    """Nobody but the holder of the key could have signed these: command and page agree all the same."""
    address = printed(world, f"/qr/f/{factory_id}")
    token, (signed, bound) = address.split("/")[4], part_of(address)
    header, payload, _ = parts_of(signed)
    texts = []
    for other in (header + b"\0", header.replace(b"\x01\x26", b"\x18\x01\x26", 1), b"\xbf" + header[1:] + b"\xff"):
        message = cose.encoded(["Signature1", other, bound.encode(), payload])
        made = b"\xd2" + cose.encoded([other, {}, payload, kms.sign("first", message).signature])
        texts.append(address.replace(token, cose.base32(made)))
    assert in_node(world, texts) == ["unreadable"] * 3
    assert [verify(text)[0] for text in texts] == [1] * 3


def test_what_is_no_address_is_no_code_and_no_crash(verify: Callable[[object], Told]) -> None:
    for given in (
        "HTTP://[::1/S/MFRGG/F/X",
        "http://[x]/S/MFRGG/F/X",
        "http://a℀b/S/MFRGG/F/X",
        "HTTP://127.0.0.1:8000/S/MFRGG/X/1",
        "",
        "\x00",
    ):
        ending, told = verify(given)
        assert ending == 1
        assert "Not verified: this is no " in told


def test_what_a_foreign_code_says_does_nothing_to_the_terminal(verify: Callable[[object], Told]) -> None:
    ending, told = verify("HTTP://EVIL\x1bc.EXAMPLE/S/MFRGG/F/X")
    assert ending == 1
    assert "\x1b" not in told


# --- pictures --------------------------------------------------------------------------------------------------------


def drawn(text: str, **colours: str | None) -> Image.Image:
    held = io.BytesIO()
    segno.make_qr(text, error="M").save(held, kind="png", scale=4, border=4, **colours)
    return Image.open(held)


def beside(*pictures: Image.Image) -> Image.Image:
    """Pictures on one sheet of white paper."""
    width, height = sum(each.width + 40 for each in pictures), max(each.height for each in pictures) + 40
    sheet = Image.new("RGB", (width, height), "white")
    at = 20
    for each in pictures:
        sheet.paste(each.convert("RGB"), (at, 20))
        at += each.width + 40
    return sheet


def bar_code(text: str) -> Image.Image:
    """An EAN-13."""
    import zxingcpp

    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.EAN13)
    return Image.fromarray(made.to_image(scale=3)).convert("RGB")


def test_a_transparent_picture_is_read_as_one_on_paper_whatever_colour_lies_behind(
    world: World, factory_id: str, verify: Callable[[object], Told], tmp_path: Path
) -> None:
    path = tmp_path / "code.png"
    modules = drawn(printed(world, f"/qr/f/{factory_id}")).convert("L")
    for dark, behind in (("black", "black"), ("#102060", "black"), ("white", "white")):
        picture = Image.new("RGBA", modules.size, dark)
        picture.paste(Image.new("RGBA", modules.size, (*ImageColor.getrgb(behind), 0)), mask=modules)
        for mode in ("RGBA", "LA", "P"):
            picture.convert(mode).save(path)
            with Image.open(path) as kept:
                assert kept.convert("RGBA").getextrema()[3][0] == 0
            assert verify(path)[0] == 0, (dark, mode)


def test_codes_of_others_and_bar_codes_beside_ours_are_left_out(
    world: World, factory_id: str, verify: Callable[[object], Told], tmp_path: Path
) -> None:
    ours, path = drawn(printed(world, f"/qr/f/{factory_id}")), tmp_path / "label.png"
    others = (bar_code("9521234543213"), drawn("https://example.com/a"), drawn("https://example.com/s/abc"))
    for other in others:
        beside(ours, other).save(path)
        ending, told = verify(path)
        assert (ending, told.count("Signed by this registry.")) == (0, 1)


def test_of_several_codes_of_ours_each_is_said_and_all_must_hold(
    world: World, factory_id: str, verify: Callable[[object], Told], tmp_path: Path
) -> None:
    address, path = printed(world, f"/qr/f/{factory_id}"), tmp_path / "sheet.png"
    code = world.a_certificate(factory_id)
    beside(drawn(address), drawn(printed(world, f"/qr/c/{code}"))).save(path)
    ending, told = verify(path)
    assert ending == 0
    assert "Code 1 of 2: HTTP://" in told
    assert f"Factory {factory_id}: " in told
    assert f"Certificate {code} of factory" in told
    beside(drawn(address), drawn(address.replace(factory_id, code))).save(path)
    ending, told = verify(path)
    assert (ending, "does not fit" in told, "Signed by this registry." in told) == (1, True, True)
    beside(drawn(address), drawn(address)).save(path)
    assert (verify(path)[0], "Code 1" in verify(path)[1]) == (0, False)


def test_a_picture_without_a_code_of_ours_says_so(verify: Callable[[object], Told], tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    Image.new("RGB", (200, 200), "white").save(path)
    assert verify(path)[0] == 2
    bar_code("9521234543213").save(path)
    ending, told = verify(path)
    assert (ending, "no QR code" in told) == (2, True)
    drawn("https://example.com/a").save(path)
    ending, told = verify(path)
    assert (ending, "no code of that kind" in told) == (1, True)
    for content in (b"", b"\x89PNG\r\n\x1a\n", b"no picture"):
        path.write_bytes(content)
        ending, told = verify(path)
        assert (ending, "cannot be read as a picture" in told) == (2, True)


# --- how old the keys are --------------------------------------------------------------------------------------------


@pytest.fixture
def url() -> Iterator[str]:
    """Where the service answers."""
    site = Site(app, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{site.port}"
    site.stop()


def test_fetched_keys_keep_their_instant_when_the_file_is_copied(
    world: World, factory_id: str, url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address, path, copy = printed(world, f"/qr/f/{factory_id}"), tmp_path / "did.json", tmp_path / "copy.json"
    assert main(["--url", url, "fetch-keys", str(path)]) == 0
    kept = json.loads(path.read_text())
    assert abs(datetime.fromisoformat(kept["fetched_at"]) - datetime.now(UTC)).total_seconds() < 60
    path.write_text(json.dumps({**kept, "fetched_at": f"{LONG_AGO:%Y-%m-%dT%H:%M:%SZ}"}))
    shutil.copy(path, copy)
    os.utime(copy)
    capsys.readouterr()
    for given in (path, copy):
        assert main(["verify-offline", address, "--keys", str(given)]) == 0
        assert "Keys as of 2024-03-10 07:12 UTC." in capsys.readouterr().out


def test_of_a_file_without_an_instant_only_its_date_is_told_and_that_the_keys_may_be_older(
    world: World, factory_id: str, keys_file: Path, verify: Callable[[object], Told]
) -> None:
    os.utime(keys_file, (LONG_AGO.timestamp(), LONG_AGO.timestamp()))
    ending, told = verify(printed(world, f"/qr/f/{factory_id}"))
    assert ending == 0
    assert "The file of the keys is of 2024-03-10: how much older they are cannot be known." in told
    assert "eys as of" not in told


def test_keys_that_are_asked_for_now_are_of_now(
    world: World, factory_id: str, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--url", url, "verify-offline", printed(world, f"/qr/f/{factory_id}")]) == 0
    told = capsys.readouterr().out
    assert f"Keys as of {datetime.now(UTC):%Y-%m-}" in told
    assert "without a network" not in told


def test_a_file_that_was_there_stays_if_what_comes_is_no_document_of_keys(
    url: str, keys_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = keys_file.read_bytes()
    monkeypatch.setattr("factory_id.did_keys.PATH", "/v1/standards")
    assert main(["--url", url, "fetch-keys", str(keys_file)]) == 2
    assert "no did.json" in capsys.readouterr().err
    assert keys_file.read_bytes() == before
    assert [each.name for each in keys_file.parent.iterdir()] == [keys_file.name]


NO_DOCUMENTS = (
    "",
    "[]",
    "5",
    "{}",
    "[" * 100_000,
    '{"id": 5, "verificationMethod": []}',
    '{"id": "did:web:x", "verificationMethod": 5}',
    '{"id": "did:web:x", "verificationMethod": [5]}',
    '{"id": "did:web:x", "verificationMethod": [{"id": "x", "publicKeyJwk": {"kid": 5}}]}',
    '{"id": "did:web:x", "verificationMethod": [], "assertionMethod": 5}',
    '{"id": "did:web:x", "verificationMethod": [], "fetched_at": "yesterday"}',
    '{"id": "did:web:x", "verificationMethod": [], "fetched_at": "2026-01-01T00:00:00"}',
    '{"id": "did:web:x", "verificationMethod": [], "fetched_at": 5}',
)


def test_what_is_no_document_of_keys_is_wrong_use(
    world: World, factory_id: str, keys_file: Path, verify: Callable[[object], Told]
) -> None:
    address = printed(world, f"/qr/f/{factory_id}")
    for content in NO_DOCUMENTS:
        keys_file.write_text(content)
        assert verify(address)[0] == 2, content


def test_a_key_that_is_no_point_verifies_nothing(
    world: World, factory_id: str, keys_file: Path, verify: Callable[[object], Told]
) -> None:
    address = printed(world, f"/qr/f/{factory_id}")
    document = json.loads(keys_file.read_text())
    document["verificationMethod"][0]["publicKeyJwk"]["x"] = base64.urlsafe_b64encode(bytes(32)).decode().rstrip("=")
    keys_file.write_text(json.dumps(document))
    ending, told = verify(address)
    assert (ending, "does not fit" in told) == (1, True)


def test_a_revoked_key_verifies_nothing_with_keys_that_were_fetched_since(
    world: World, factory_id: str, keys_file: Path, verify: Callable[[object], Told]
) -> None:
    address = printed(world, f"/qr/f/{factory_id}")
    signing_keys.revoke(signing.current())
    keys_file.write_text(world.anyone.get("/.well-known/did.json").ok().text)
    ending, told = verify(address)
    assert (ending, "its key is none of ours" in told) == (1, True)
