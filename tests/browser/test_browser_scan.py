"""The page that checks codes without a network: opened once, it works when the service is gone."""

from __future__ import annotations

import hashlib
import io
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from app import app
from chalicelib.public import scan
from chalicelib.store.registry import signing
from chalicelib.web import language
from infra import browser, scannability
from infra.serve import Site
from tests.browser import addresses, axe, fit
from tests.local_kms import LocalKms, keys_in_process
from tests.test_offline import printed
from tests.world import World

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def signs(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalKms]:
    """A registry that signs."""
    monkeypatch.setenv("SIGNING_KEY", "first")
    with keys_in_process() as local:
        yield local


KEPT = """async () => {
    const all = [];
    for (const name of await caches.keys())
        for (const each of await (await caches.open(name)).keys()) all.push(new URL(each.url).pathname);
    return all;
}"""


def check(page: Page, text: str, verdict: str) -> None:
    """Paste a code, and wait for what the page says of it and nothing else."""
    page.get_by_label("What the code says").fill(text)
    page.get_by_role("button", name="Check").click()
    expect(page.locator(f'[data-verdict="{verdict}"]')).to_be_visible()
    assert page.locator("[data-verdict]:visible").count() == 1


def test_once_opened_it_checks_codes_when_the_service_is_gone_and_keeps_no_status(
    world: World, signs: LocalKms, chromium: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not signs.broken
    factory_id = world.a_factory()
    code = world.a_certificate(factory_id)
    address = printed(world, f"/qr/c/{code}")
    world.certifier(
        "POST", f"/internal/v1/certificates/{code}/standing", {"standing": "withdrawn", "reason": "Fraud"}
    ).ok()
    monkeypatch.setenv("SIGNING_KEY", "second")
    signing.current()
    site = Site(app, "127.0.0.1", 0).start()
    context = chromium.new_context()
    try:
        page = context.new_page()
        wrong: list[str] = []
        page.on(
            "console",
            lambda message: (
                wrong.append(message.text) if message.type == "error" and "/scan" in message.location["url"] else None
            ),
        )
        page.on("pageerror", lambda error: wrong.append(str(error)))
        base = f"http://127.0.0.1:{site.port}"
        page.goto(f"{base}/scan")
        expect(page.locator("#ready")).to_be_visible()
        page.goto(f"{base}/c/{code}")
        page.goto(f"{base}/v1/certificates/{code}")
        page.goto(f"{base}/scan")
        check(page, address, "good")
        kept = page.evaluate(KEPT)
        assert sorted(kept) == ["/.well-known/did.json", "/scan", "/scan/reading.js", "/scan/verifier.js"]
        monkeypatch.setenv("SIGNING_KEY", "newer")
        newer = printed(world, f"/qr/f/{world.a_factory('S-3')}")
        with page.expect_response(f"{base}/.well-known/did.json"):  # who opens the page has the keys of today
            page.goto(f"{base}/scan")
        site.stop()
        context.set_offline(True)
        page.goto(f"{base}/scan")
        check(page, newer, "signed")
        check(page, address, "good")
        for fact in (code, factory_id):
            assert fact in page.locator("#facts").inner_text()
        expect(page.get_by_text("may have been suspended or withdrawn")).to_be_visible()
        for fact in ("issued", "keys"):
            assert page.locator(f'[data-fact="{fact}"]').inner_text()
        other = "A" if address[-40] != "A" else "B"
        check(page, address[:-40] + other + address[-39:], "changed")
        check(page, address.replace(code, factory_id).replace("/C/", "/F/"), "changed")
        check(page, address.replace("127.0.0.1:8000", "EVIL.EXAMPLE"), "foreign")
        expect(page.locator("#said")).to_have_text(address.replace("127.0.0.1:8000", "EVIL.EXAMPLE"))
        assert page.locator("main a").count() == 0
        check(page, f"HTTP://127.0.0.1:8000/C/{code}", "other")
        check(page, f"HTTP://127.0.0.1:8000/S/MFRGG/C/{code}", "unreadable")
        monkeypatch.setenv("SIGNING_KEY", "third")
        check(page, printed(world, f"/qr/f/{world.a_factory('S-2')}"), "unknown")
        assert [each for each in wrong if "ERR_INTERNET_DISCONNECTED" not in each] == []
    finally:
        context.close()
        site.stop()


def photo(content: str, size_mm: float = 25) -> Image.Image:
    """A print of 25 mm at 300 dpi that lacks a twentieth, as a phone at 15 cm sees it."""
    sheet = scannability.paper(scannability.modules(content, "M"), scannability.Print(size_mm, 300))
    chance = random.Random(content)
    width = len(scannability.modules(content, "M")) + 2 * scannability.QUIET
    spoilt = scannability.damaged(sheet, sheet.width / width, 0.05, chance)
    seen: Image.Image = scannability.photograph(spoilt, size_mm, chance).convert("RGB")
    return seen


def scene(*contents: str) -> Image.Image:
    """A table of 1280 × 720 pixels with prints on it."""
    table = Image.new("RGB", (1280, 720), (190, 190, 185))
    for place, content in enumerate(contents):
        table.paste(photo(content), (100 + 450 * place, 200))
    return table


def hard_to_read() -> str:
    """A text whose picture is not read as it is, and is if it is drawn larger."""
    for number in range(400):
        seed = hashlib.sha512(bytes([number % 256, number // 256])).hexdigest().upper()
        content = f"HTTPS://EVIL.EXAMPLE/{seed * 2}"[:303]
        picture = scene(content)
        larger = picture.resize((picture.width * 3 // 2, picture.height * 3 // 2), Image.Resampling.BILINEAR)
        if not decoded(picture) and decoded(larger):
            return content
    raise AssertionError("every picture was read")


def decoded(picture: Image.Image) -> bool:
    return bool(zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode))


def choose(page: Page, content: bytes) -> None:
    """Choose a picture."""
    chosen = {"name": "photo.png", "mimeType": "image/png", "buffer": content}
    page.get_by_label("Choose a picture of the code").set_input_files(chosen)


def png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def test_pictures_are_read_on_the_device_and_without_a_network_once_one_was(
    world: World, signs: LocalKms, chromium: Browser
) -> None:
    assert not signs.broken
    factory_id = world.a_factory()
    code = world.a_certificate(factory_id)
    certificate, factory = printed(world, f"/qr/c/{code}"), printed(world, f"/qr/f/{factory_id}")
    site = Site(app, "127.0.0.1", 0).start()
    context = chromium.new_context()
    try:
        page = context.new_page()
        sent: list[tuple[str, str]] = []
        context.on("request", lambda request: sent.append((request.method, request.url)))
        base = f"http://127.0.0.1:{site.port}"
        page.goto(f"{base}/scan")
        expect(page.locator("#ready")).to_be_visible()
        assert not [url for _, url in sent if "/reader/" in url]
        choose(page, png(scene(certificate)))
        expect(page.locator('[data-verdict="good"]')).to_be_visible()
        assert code in page.locator("#facts").inner_text()
        assert [method for method, _ in sent if method != "GET"] == []
        kept = [path for path in page.evaluate(KEPT) if "/reader/" in path]  # the browser's own cache may forget
        assert sorted(kept) == [f"/scan/reader/{scan.READER}.{ending}" for ending in ("js", "wasm")]
        site.stop()
        context.set_offline(True)
        page.goto(f"{base}/scan")
        choose(page, png(scene(factory)))
        expect(page.locator('[data-verdict="signed"]')).to_be_visible()
        choose(page, png(scene(certificate, factory)))
        expect(page.get_by_text("There are several codes.")).to_be_visible()
        assert page.locator("[data-verdict]:visible, #facts:visible").count() == 0
        page.get_by_role("button", name=f"…/C/{code}").click()
        expect(page.locator('[data-verdict="good"]')).to_be_visible()
        choose(page, png(scene("HTTPS://EVIL.EXAMPLE/PAY")))
        expect(page.locator('[data-verdict="other"]')).to_be_visible()
        expect(page.locator("#said")).to_have_text("HTTPS://EVIL.EXAMPLE/PAY")
        assert page.locator("main a").count() == 0
        hard = hard_to_read()
        choose(page, png(scene(hard)))
        expect(page.locator("#said")).to_have_text(hard)
        choose(page, png(scene()))
        expect(page.get_by_text("No code was found.")).to_be_visible()
        choose(page, b"no picture")
        expect(page.get_by_text("cannot be opened as a picture")).to_be_visible()
    finally:
        context.close()
        site.stop()


def test_the_camera_is_asked_for_on_a_press_only_and_is_off_once_a_code_was_read(
    world: World, signs: LocalKms, chromium: Browser, tmp_path: Path
) -> None:
    assert not signs.broken
    address = printed(world, f"/qr/f/{world.a_factory()}")
    film = tmp_path / "film.mjpeg"
    scene(address).save(film, "JPEG", quality=92)
    site = Site(app, "127.0.0.1", 0).start()
    flags = (*browser.ARGUMENTS, "--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}")
    try:
        with chromium.browser_type.launch(executable_path=browser.path(), args=flags) as started:
            base = f"http://127.0.0.1:{site.port}"
            page = started.new_context().new_page()
            page.goto(f"{base}/scan")
            page.get_by_role("button", name="Scan with the camera").click()
            expect(page.get_by_text("The camera is not allowed.")).to_be_visible()
            page.context.close()
            page = started.new_context(permissions=["camera"]).new_page()
            page.goto(f"{base}/scan")
            expect(page.get_by_role("button", name="Scan with the camera")).to_be_visible()
            assert page.evaluate("document.getElementById('seen').srcObject") is None
            page.evaluate("addEventListener('playing', event => window.stream = event.target.srcObject, true)")
            page.get_by_role("button", name="Scan with the camera").click()
            expect(page.locator('[data-verdict="signed"]')).to_be_visible()
            assert page.evaluate("window.stream.getTracks().map(each => each.readyState)") == ["ended"]
            expect(page.locator("#seen")).to_be_hidden()
    finally:
        site.stop()


def test_without_a_camera_there_is_no_button_and_whatever_the_page_can_say_passes_axe_and_fits_in_any_language(
    world: World, chromium: Browser
) -> None:
    assert world
    site = Site(app, "127.0.0.1", 0).start()
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    try:
        page = context.new_page()
        for path in addresses.WITH_SCRIPT:
            for code in language.offered():
                page.goto(f"http://127.0.0.1:{site.port}{path}?lang={code}")
                expect(page.locator("#check")).to_be_visible()
                expect(page.locator("#begin")).to_be_hidden()
                assert axe.violations(page) == [], code
                page.evaluate("document.querySelectorAll('main [hidden]').forEach(each => each.hidden = false)")
                assert axe.violations(page) == [], code
                assert fit.overflows(page, page.evaluate("document.documentElement.dir")) == [], code
    finally:
        context.close()
        site.stop()
