"""Codes that can be checked without a network, by a verifier of others' making (``cwt``)."""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import cbor2
import cwt
import hypothesis
import pytest
import segno
import zxingcpp
from cwt.exceptions import VerifyError
from hypothesis import strategies as st
from PIL import Image

from chalicelib.domain import cose, offline
from chalicelib.domain.certificate import Standing, StandingChange
from chalicelib.domain.errors import Malformed
from chalicelib.domain.public_certificate import PublicCertificate
from chalicelib.public import scan as scan_module
from chalicelib.store.registry import signing, signing_keys
from chalicelib.web import print_code
from factory_id.command import main
from infra import scannability
from tests import tools
from tests.local_kms import LocalKms, keys_in_process
from tests.world import World

GDTI = "9521234543213ABC-1"
HOST = "https://factory-id.example"
CERTIFICATE = PublicCertificate(
    code="C4J7K2M9QXD",
    number="CU 7190442-2026",
    standard_id="recycled-claim-standard",
    standard_name="Recycled Claim Standard",
    certifier="Seal",
    holder_id="BD7K3M9Q2XWC",
    holder_name="Mill",
    scope="Knitting, dyeing, cutting, sewing, printing, finishing and packing of cotton knitted garments with "
    "recycled content",
    products=(),
    valid_from=date(2026, 1, 1),
    valid_to=date(2026, 12, 31),
    confirmed=True,
    history=(),
    gdti="9521234543213" + "X" * 17,
)


@pytest.fixture
def signs(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalKms]:
    """A registry that signs."""
    monkeypatch.setenv("SIGNING_KEY", "first")
    with keys_in_process() as local:
        yield local


@pytest.fixture
def factory_id(signs: LocalKms, world: World) -> str:
    """A factory that shows, of a registry that signs."""
    assert not signs.broken
    return world.a_factory()


def printed(world: World, path: str) -> str:
    """What stands in a code: read back by zxing-cpp from the PNG that the page hands out."""
    page = world.anyone.get(f"{path}?offline=1").ok().text
    [encoded] = re.findall(r"data:image/png;base64,([A-Za-z0-9+/=]+)", page)
    # A signature is another one each time, and stripes of other kinds of code may stand in it by chance.
    picture = Image.open(io.BytesIO(base64.b64decode(encoded)))
    [found] = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    return str(found.text)


def part_of(address: str) -> tuple[bytes, str]:
    """The signed object of an address, and what it is bound to."""
    _, _, rest = address.upper().partition("/S/")
    token, kind, value = rest.split("/")
    return base64.b32decode(token + "=" * (-len(token) % 8)), f"({kind}){value}" if kind == "253" else f"{kind}/{value}"


def verified(world: World, signed: bytes, bound: str) -> dict[int, Any]:
    """The claims, if cwt finds the signature good by the keys that anyone can look up."""
    methods = world.anyone.get("/.well-known/did.json").ok().json["verificationMethod"]
    keys = [key_of(method["publicKeyJwk"]) for method in methods]
    claims: dict[int, Any] = cbor2.loads(cwt.COSE.new().decode(signed, keys, external_aad=bound.encode()))
    return claims


def key_of(jwk: dict[str, str]) -> Any:
    """A key of ours as cwt wants it, with its short name."""

    def number(name: str) -> bytes:
        return base64.urlsafe_b64decode(jwk[name] + "=")

    return cwt.COSEKey.new({1: 2, 2: number("kid")[:4], 3: -7, -1: 1, -2: number("x"), -3: number("y")})


def of_certificate(world: World, factory_id: str, **more: Any) -> str:
    body = world.certificate_body(factory_id, **more)
    return str(world.certifier("POST", "/internal/v1/certificates", body).ok().json["code"])


def test_a_code_is_verified_by_cwt_and_says_what_the_certificate_says(world: World, factory_id: str) -> None:
    code = of_certificate(world, factory_id, gdti=GDTI)
    address = printed(world, f"/qr/c/{code}")
    assert address.startswith("HTTP://127.0.0.1:8000/S/")
    assert address.endswith(f"/253/{GDTI}")
    claims = verified(world, *part_of(address))
    told = world.anyone.get(f"/v1/certificates/{code}").json
    start, end = (
        datetime.fromisoformat(told[name]).replace(tzinfo=UTC).timestamp() for name in ("valid_from", "valid_to")
    )
    assert claims[2] == factory_id
    assert (claims[5], claims[4]) == (start, end + 86_400)
    assert abs(claims[6] - datetime.now(UTC).timestamp()) < 600
    assert claims[offline.ABOUT] == [told["standard"]["id"], told["scope"]]


def test_without_a_gdti_the_code_is_bound_and_a_factory_has_one_too(world: World, factory_id: str) -> None:
    code = world.a_certificate(factory_id)
    address = printed(world, f"/qr/c/{code}")
    assert address.endswith(f"/C/{code}")
    assert verified(world, *part_of(address))[2] == factory_id
    factory = printed(world, f"/qr/f/{factory_id}")
    assert factory.endswith(f"/F/{factory_id}")
    name = world.anyone.get(f"/v1/factories/{factory_id}").json["name"]
    assert verified(world, *part_of(factory))[offline.ABOUT] == [name]


def test_any_changed_byte_and_another_gdti_are_refused(world: World, factory_id: str) -> None:
    signed, bound = part_of(printed(world, f"/qr/c/{of_certificate(world, factory_id, gdti=GDTI)}"))
    verified(world, signed, bound)
    with pytest.raises(VerifyError):
        verified(world, signed, bound.replace("ABC-1", "ABC-2"))
    for place in range(len(signed)):
        changed = signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :]
        with pytest.raises(Exception, match=r".") as refused:
            verified(world, changed, bound)
        assert refused.type.__module__.startswith(("cwt", "cbor2", "builtins")), place


def test_what_a_key_signed_that_is_not_ours_or_was_revoked_is_refused(world: World, factory_id: str) -> None:
    signed, bound = part_of(printed(world, f"/qr/f/{factory_id}"))
    signing_keys.revoke(signing.current())
    with pytest.raises((VerifyError, ValueError)):
        verified(world, signed, bound)


def test_the_longest_scope_standard_and_gdti_fit_version_10_at_level_m() -> None:
    for certificate in (CERTIFICATE, replace(CERTIFICATE, gdti=None), replace(CERTIFICATE, scope="কাটা ও সেলাই " * 40)):
        address = filled(certificate)
        assert len(address) <= offline.MOST_SIGNS
        code = segno.make_qr(address, error="M", boost_error=False)
        assert code.mode == "alphanumeric"
        assert int(code.version) <= 10
    assert filled(replace(CERTIFICATE, scope="Knitting")).count("/") == 6


def filled(certificate: PublicCertificate) -> str:
    """An address with a signature of some bytes."""
    code = offline.of_certificate(certificate, HOST)
    assert code is not None
    claims = code.said(datetime(2026, 11, 1, tzinfo=UTC))
    token = cose.base32(cose.sign1(cose.protected("w" * 43), claims, bytes(range(64))))
    return code.address(HOST, token)


def test_a_scope_that_fits_is_whole_and_one_that_does_not_says_that_it_was_cut() -> None:
    short = offline.of_certificate(replace(CERTIFICATE, scope="Knitting"), HOST)
    long = offline.of_certificate(replace(CERTIFICATE, gdti=None, standard_id="gots"), HOST)
    assert short is not None
    assert short.claims[offline.ABOUT][1] == "Knitting"
    assert long is not None
    assert long.claims[offline.ABOUT][1].endswith("…")
    assert long.claims[offline.ABOUT][1].startswith("Knitting, dyeing")


def test_a_gdti_that_a_code_of_capitals_cannot_hold_gives_way_to_the_code() -> None:
    for gdti in ("9521234543213abc", "9521234543213A/B"):
        code = offline.of_certificate(replace(CERTIFICATE, gdti=gdti), HOST)
        assert code is not None
        assert code.bound == "C/C4J7K2M9QXD"


@pytest.mark.parametrize(
    ("history", "has_one"),
    [
        ((), True),
        ((("suspended", "2026-06-01"),), False),
        ((("suspended", "2026-06-01"), ("active", "2026-07-01")), True),
        ((("withdrawn", "2026-12-01"),), False),
        ((("active", "2026-01-01"), ("suspended", "2026-11-20")), False),
        ((("suspended", "2026-11-20"), ("active", "2026-11-23")), True),  # said where it was the next day already
    ],
)
def test_a_certificate_has_no_code_if_what_was_said_last_is_that_it_is_suspended_or_withdrawn(
    history: tuple[tuple[str, str], ...], has_one: bool
) -> None:
    changes = tuple(
        StandingChange(Standing(standing), "", date.fromisoformat(day), f"{day}T00:00:00Z") for standing, day in history
    )
    assert (offline.of_certificate(replace(CERTIFICATE, history=changes), HOST) is not None) is has_one
    assert offline.of_certificate(replace(CERTIFICATE, confirmed=False), HOST) is None


def test_a_withdrawal_takes_the_code_away_and_the_page_of_a_printed_one_says_withdrawn(
    world: World, factory_id: str
) -> None:
    code = world.a_certificate(factory_id)
    address = printed(world, f"/qr/c/{code}")
    path = address.removeprefix("HTTP://127.0.0.1:8000")
    assert "is the one that we give out now" in world.anyone.get(path).ok().text
    said = {"standing": "withdrawn", "reason": "Fraud"}
    world.certifier("POST", f"/internal/v1/certificates/{code}/standing", said).ok()
    page = world.anyone.get(path).ok()
    assert page.headers["cache-control"] == "no-store"
    assert '<h1 id="status">Withdrawn</h1>' in page.text
    assert page.text.index("Withdrawn") < page.text.index("is not the one that we give out now")
    assert world.anyone.get(f"/qr/c/{code}?offline=1").status == 404
    assert world.anyone.get(f"/qr/c/{code}.svg?offline=1").status == 404
    assert world.anyone.get(f"/qr/c/{code}.svg").status == 200


def test_no_cache_keeps_a_signed_code_past_a_withdrawal_and_a_plain_one_is_kept_for_an_hour(
    world: World, factory_id: str
) -> None:
    for path in (f"/qr/c/{world.a_certificate(factory_id)}.svg", f"/qr/f/{factory_id}.svg"):
        assert world.anyone.get(f"{path}?offline=1").ok().headers["cache-control"] == "no-store"
        assert world.anyone.get(f"{path}?offline=0").ok().headers["cache-control"] == "public, max-age=3600"


def test_such_a_code_is_asked_for_by_any_yes_and_what_is_none_is_refused(world: World, factory_id: str) -> None:
    picture, sheet = f"/qr/f/{factory_id}.svg?", f"/f/{factory_id}/poster.pdf?"
    signed, plain = (world.anyone.get(f"{picture}offline={said}").ok().text for said in "10")
    assert signed != plain == world.anyone.get(picture).ok().text
    assert world.anyone.get(f"{picture}offline=True").ok().text == signed
    assert world.anyone.get(f"{picture}offline=false").ok().text == plain
    for path in (picture, sheet):
        answer = world.anyone.get(f"{path}offline=yes")
        assert (answer.status, answer.json["errors"][0]["pointer"]) == (400, "/offline")
    page = world.anyone.get(f"/qr/f/{factory_id}?offline=yes&lang=en")
    assert (page.status, page.text.count("<bdi>offline</bdi> is one of")) == (400, 1)


def test_a_code_leads_to_the_page_in_either_case_and_a_foreign_one_is_said_to_be(world: World, factory_id: str) -> None:
    code = of_certificate(world, factory_id, gdti=GDTI)
    address = printed(world, f"/qr/c/{code}")
    token = address.split("/")[4]
    factory = printed(world, f"/qr/f/{factory_id}").removeprefix("HTTP://127.0.0.1:8000")
    for path in (f"/S/{token}/253/{GDTI}", f"/s/{token.lower()}/253/{GDTI}", factory, factory.lower()):
        assert "is the one that we give out now" in world.anyone.get(path).ok().text
    for path in (f"/S/{token}/F/{factory_id}", f"/s/MFRGG/c/{code}", f"/S/{token[:-1]}/253/{GDTI}"):
        assert "is not the one that we give out now" in world.anyone.get(path).ok().text
    assert world.anyone.get(f"/S/{token}/253/9521234543213NONE").status == 404
    assert world.anyone.get(f"/S/{token}/X/1").status == 404
    assert "that you scanned" not in world.anyone.get(f"/c/{code}").ok().text


def test_it_is_signed_anew_when_what_it_says_changes_and_not_otherwise(
    world: World, factory_id: str, signs: LocalKms
) -> None:
    first = printed(world, f"/qr/f/{factory_id}")
    person = world.run_by(factory_id)
    etag = person.get(f"/internal/v1/factories/{factory_id}").etag
    person("PATCH", f"/internal/v1/factories/{factory_id}", {"name": "Renamed Mills"}, If_Match=etag).ok()
    second = printed(world, f"/qr/f/{factory_id}")
    assert verified(world, *part_of(second))[offline.ABOUT] == ["Renamed Mills"]
    assert verified(world, *part_of(first))
    count = signs.calls.count("Sign")
    etag = person.get(f"/internal/v1/factories/{factory_id}").etag
    person("PATCH", f"/internal/v1/factories/{factory_id}", {"employees": 12}, If_Match=etag)
    assert printed(world, f"/qr/f/{factory_id}") == second
    assert signs.calls.count("Sign") == count


def test_what_is_only_declared_has_no_such_code_nor_has_a_registry_that_does_not_sign(
    world: World, factory_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = world.run_by(factory_id)
    body = {**world.certificate_body(factory_id), "certifier": "Somebody"}
    code = person("POST", "/internal/v1/certificates", body).ok().json["code"]
    assert world.anyone.get(f"/qr/c/{code}?offline=1").status == 404
    monkeypatch.setenv("SIGNING_KEY", "")
    other = world.a_factory("S-2")
    assert world.anyone.get(f"/qr/f/{other}?offline=1").status == 404
    assert world.anyone.get(f"/qr/f/{other}").status == 200


def test_a_print_is_read_back_damaged_at_every_size_that_is_handed_out() -> None:
    address = filled(CERTIFICATE)
    size = print_code.smallest_mm(address, "M", 300)
    picture, width = print_code.png(address, size_mm=size, dpi=300, level="M")
    sheet = Image.open(io.BytesIO(picture))
    assert scannability.readable_on(sheet, address, "M", width, damage=0.05) == 1.0


@pytest.mark.parametrize("dpi", print_code.DENSE_DPIS)
def test_25_mm_are_handed_out_on_printers_where_they_are_read_back_with_a_twentieth_lost(dpi: int) -> None:
    address = filled(CERTIFICATE)
    picture, width = print_code.png(address, size_mm=25, dpi=dpi, level="M")
    sheet = Image.open(io.BytesIO(picture))
    assert (width, sheet.mode, round(sheet.info["dpi"][0])) == (25, "1", dpi)
    as_printed = scannability.paper(scannability.modules(address, "M"), scannability.Print(25, dpi))
    assert sheet.convert("L").tobytes() == as_printed.tobytes()
    assert scannability.readable_on(sheet, address, "M", width, damage=0.05) == 1.0


def test_less_than_25_mm_and_other_printers_and_levels_go_by_the_general_rule() -> None:
    address = filled(CERTIFICATE)
    for size, dpi, level, least in (
        (24.9, 300, "M", 25),
        (25, 203, "M", 33),
        (25, None, "M", 30),
        (25, 300, "Q", 40),
    ):
        with pytest.raises(Malformed, match=f"at least {least} mm"):
            print_code.refuse_unreadable(address, level, size, dpi)
    assert print_code.png(address, size_mm=34, dpi=300, level="M")[1] == pytest.approx(33.02, abs=0.01)


def test_the_page_hands_out_25_mm_as_png_and_as_svg_for_that_printer(world: World, factory_id: str) -> None:
    code = of_certificate(world, factory_id, gdti=GDTI, scope="Knitting, dyeing, cutting, sewing and packing of cotton")
    page = world.anyone.get(f"/qr/c/{code}?offline=1&size=25&dpi=300").ok().text
    [link] = re.findall(r'href="([^"]*\.svg\?size=25[^"]*)"', page)
    assert 'width="25mm"' in world.anyone.get(link.replace("&amp;", "&")).ok().text
    assert world.anyone.get(link.replace("&amp;dpi=300", "").replace("&amp;", "&")).status == 400


def test_posters_and_labels_carry_it_where_asked(world: World, factory_id: str) -> None:
    import pypdfium2

    wanted = printed(world, f"/qr/f/{factory_id}")
    for sheet in ("poster.pdf?offline=1", "labels.pdf?cols=2&rows=2&offline=1"):
        document = pypdfium2.PdfDocument(world.anyone.get(f"/f/{factory_id}/{sheet}").ok().content)
        picture = document[0].render(scale=200 / 72).to_pil()
        assert {found.text for found in zxingcpp.read_barcodes(picture)} == {wanted}
    assert "&amp;offline=1" in world.anyone.get(f"/f/{factory_id}/poster?offline=1").ok().text


@hypothesis.given(
    st.recursive(
        st.integers(-(1 << 63), (1 << 64) - 1) | st.text(max_size=300) | st.binary(max_size=300),
        lambda inner: st.lists(inner, max_size=30) | st.dictionaries(st.integers(-9, 9) | st.text(max_size=5), inner),
        max_leaves=30,
    )
)
def test_cbor_is_as_a_library_of_others_writes_it(content: Any) -> None:
    assert cose.encoded(content) == cbor2.dumps(content)


def test_the_document_of_the_keys_is_all_that_a_verifier_needs(world: World, factory_id: str) -> None:
    keys = world.anyone.get("/.well-known/did.json").ok().json
    assert json.dumps(keys).count('"crv"') == 1
    signed, _ = part_of(printed(world, f"/qr/f/{factory_id}"))
    header = cbor2.loads(cbor2.loads(signed).value[0])
    [method] = keys["verificationMethod"]
    assert header == {1: -7, 4: base64.urlsafe_b64decode(method["publicKeyJwk"]["kid"] + "=")[:4]}


# --- the command -----------------------------------------------------------------------------------------------------


@pytest.fixture
def keys_file(world: World, factory_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The registry's keys, fetched before; and no address of a service."""
    assert factory_id
    monkeypatch.delenv("FACTORY_ID_URL", raising=False)
    path = tmp_path / "did.json"
    path.write_text(world.anyone.get("/.well-known/did.json").ok().text)
    return path


def test_the_command_verifies_a_text_and_a_picture_without_a_service_and_says_how_old_it_is(
    world: World, factory_id: str, keys_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = world.a_certificate(factory_id)
    address = printed(world, f"/qr/c/{code}")
    picture = keys_file.with_name("code.png")
    picture.write_bytes(print_code.png(address, size_mm=60, dpi=300, level="M")[0])
    for given in (address, str(picture), address.lower()):
        assert main(["verify-offline", given, "--keys", str(keys_file)]) == 0
        told = capsys.readouterr().out
        assert f"Certificate {code} of factory {factory_id}" in told
        assert "0 days ago. It may have changed since." in told
        assert "Checked without a network. The file of the keys is of" in told


def test_the_command_refuses_what_was_changed_foreign_or_unknown(
    world: World, factory_id: str, keys_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = of_certificate(world, factory_id, gdti=GDTI)
    address = printed(world, f"/qr/c/{code}")
    swapped = "A" if address[-40] != "A" else "B"
    wrong = {
        address.replace(GDTI, "9521234543213ABC-2"): "does not fit",
        address[:-40] + swapped + address[-39:]: "does not fit",
        address.replace("127.0.0.1:8000", "EVIL.EXAMPLE"): "a code of evil.example",
        f"HTTP://127.0.0.1:8000/C/{code}": "no code of that kind",
        f"HTTP://127.0.0.1:8000/S/MFRGG/C/{code}": "cannot be read",
    }
    for given, why in wrong.items():
        assert main(["verify-offline", given, "--keys", str(keys_file)]) == 1
        assert why in capsys.readouterr().out
    document = json.loads(keys_file.read_text())
    document["verificationMethod"] = []
    keys_file.write_text(json.dumps(document))
    assert main(["verify-offline", address, "--keys", str(keys_file)]) == 1
    assert "its key is none of ours" in capsys.readouterr().out
    assert main(["verify-offline", address]) == 2
    assert "--keys" in capsys.readouterr().err


def test_the_command_says_which_libraries_it_needs(
    world: World, factory_id: str, keys_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    address = printed(world, f"/qr/f/{factory_id}")
    monkeypatch.setitem(sys.modules, "cbor2", None)
    assert main(["verify-offline", address, "--keys", str(keys_file)]) == 2
    assert "factory-id[offline]" in capsys.readouterr().err


def test_the_command_does_not_pass_what_has_ended(world: World, factory_id: str, keys_file: Path) -> None:
    code = of_certificate(world, factory_id, valid_from="2024-01-01", valid_to="2024-12-31")
    assert main(["verify-offline", printed(world, f"/qr/c/{code}"), "--keys", str(keys_file)]) == 1


# --- the page that checks --------------------------------------------------------------------------------------------

IN_NODE = """
import { readFileSync } from "node:fs";
import { verify, NotOurs } from %s;
const { did, texts } = JSON.parse(readFileSync(0, "utf8"));
const found = [];
for (const text of texts) {
  try { found.push((await verify(text, did)).holder); }
  catch (error) { found.push(error instanceof NotOurs ? error.message : `!${error}`); }
}
console.log(JSON.stringify(found));
"""


def in_node(world: World, texts: list[str], did: dict[str, Any] | None = None) -> list[str]:
    """What the script of the page says of texts, by the keys that are published or others."""
    if shutil.which("node") is None:
        tools.lacking("there is no Node here")
    did = did or world.anyone.get("/.well-known/did.json").ok().json
    script = IN_NODE % json.dumps((Path(scan_module.__file__).parents[1] / "web" / "scan.js").as_uri())
    command = ["node", "--no-warnings", "--experimental-default-type=module", "--input-type=module", "-e", script]
    given = json.dumps({"did": did, "texts": texts})
    finished = subprocess.run(command, input=given, capture_output=True, text=True, check=False, timeout=120)
    assert finished.returncode == 0, finished.stderr
    found: list[str] = json.loads(finished.stdout)
    return found


def test_the_script_verifies_what_cwt_verifies_and_refuses_every_changed_byte_cut_and_extension(
    world: World, factory_id: str
) -> None:
    address = printed(world, f"/qr/c/{of_certificate(world, factory_id, gdti=GDTI)}")
    signed, _ = part_of(address)
    assert in_node(world, [address, address.lower().replace(GDTI.lower(), GDTI)]) == [factory_id] * 2
    changed = [signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :] for place in range(len(signed))]
    changed += [signed[:-1], signed + b"\0", signed[:20], b"\xd2" + b"\x81" * 200, b"\xd2\x9b" + b"\xff" * 8]
    before, after = address.split("/S/")[0], address.rpartition("/253/")[2]
    texts = [f"{before}/S/{cose.base32(each)}/253/{after}" for each in changed]
    broken = f"{before}/S/{cose.base32(signed)}/253/%E0%A4"
    assert in_node(world, [broken]) == ["unreadable"]
    found = in_node(world, [*texts, address.replace(GDTI, "9521234543213ABC-2"), "x", "https://"])
    assert set(found) == {"changed", "unreadable", "unknown", "other"}


OVERLAPPING = """
import { readFileSync } from "node:fs";
const { did, signed, foreign } = JSON.parse(readFileSync(0, "utf8"));
const made = (more = {}) => ({ hidden: true, textContent: "", style: {}, on: {}, parentElement: { style: {} },
  addEventListener(name, does) { this.on[name] = does; }, scrollIntoView() {}, ...more });
const verdicts = ["good", "foreign", "no-keys"].map((verdict) => made({ dataset: { verdict } }));
const held = { check: made({ dataset: { keys: "/keys" } }), facts: made(), said: made(), text: made() }, facts = {};
globalThis.document = { documentElement: { lang: "en" }, getElementById: (id) => held[id],
  querySelectorAll: () => verdicts, querySelector: (wanted) => wanted.includes("data-fact") ? facts[wanted] ??= made()
    : verdicts.find((each) => !each.hidden) };
Object.defineProperty(globalThis, "navigator", { value: {} });
let asked = [];
globalThis.fetch = () => new Promise((resolve) => asked.push(resolve));
await import(%s);
const submit = (text) => { held.text.value = text; held.check.on.submit({ preventDefault() {} }); };
const answer = async (number) => {
  asked[number]({ ok: true, headers: new Map(), json: async () => did });
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
};
const told = [];
const say = () => {
  told.push([verdicts.filter((each) => !each.hidden).map((each) => each.dataset.verdict).join(), !held.facts.hidden]);
  asked = [];
};
submit(signed); await answer(0); say();
submit(signed); submit(foreign); await answer(1); await answer(0); say();
submit(foreign); submit(signed); await answer(1); await answer(0); say();
submit(signed); held.check.on.reset(); await answer(0); say();
console.log(JSON.stringify(told));
"""


def test_a_verdict_is_shown_for_the_newest_code_only_and_not_after_a_new_start(world: World, factory_id: str) -> None:
    if shutil.which("node") is None:
        tools.lacking("there is no Node here")
    signed = printed(world, f"/qr/c/{of_certificate(world, factory_id)}")
    given = {
        "did": world.anyone.get("/.well-known/did.json").ok().json,
        "signed": signed,
        "foreign": signed.replace("127.0.0.1:8000", "EVIL.EXAMPLE"),
    }
    script = OVERLAPPING % json.dumps((Path(scan_module.__file__).parents[1] / "web" / "scan.js").as_uri())
    command = ["node", "--no-warnings", "--experimental-default-type=module", "--input-type=module", "-e", script]
    finished = subprocess.run(
        command, input=json.dumps(given), capture_output=True, text=True, check=False, timeout=120
    )
    assert finished.returncode == 0, finished.stderr
    assert json.loads(finished.stdout) == [["good", True], ["foreign", False], ["good", True], ["", False]]


def test_one_page_runs_a_script_and_every_other_runs_none(world: World, factory_id: str) -> None:
    code = world.a_certificate(factory_id)
    scan = world.anyone.get("/scan").ok()
    policy = scan.headers["content-security-policy"]
    assert "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self';" in policy
    scripts = re.findall(r"<script[^>]*>", scan.text)
    assert scripts == [f'<script type="module" src="/scan/{name}.js">' for name in ("verifier", "reading")]
    pages = (
        "/",
        f"/f/{factory_id}",
        f"/c/{code}",
        f"/qr/c/{code}?offline=1",
        f"/s/MFRGG/c/{code}",
        "/verify",
        "/find?q=x",
    )
    for path in pages:
        page = world.anyone.get(path)
        assert "-src 'none'; style-src" in page.headers["content-security-policy"]
        assert "worker-src" not in page.headers["content-security-policy"]
        assert set(re.findall(r"<script[^>]*>", page.text)) <= {'<script type="application/ld+json">'}


def test_the_worker_may_answer_for_the_page_only_and_its_files_are_asked_for_each_time(world: World) -> None:
    for name in ("verifier", "reading", "worker"):
        answer = world.anyone.get(f"/scan/{name}.js").ok()
        assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
        assert "max-age=0" in answer.headers["cache-control"]
    assert world.anyone.get("/scan/worker.js").headers["service-worker-allowed"] == "/scan"
