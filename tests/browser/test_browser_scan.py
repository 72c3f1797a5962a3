"""The page that checks codes without a network: opened once, it works when the service is gone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from app import app
from chalicelib.store.registry import signing
from infra.serve import Site
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
        kept = page.evaluate(
            "async () => { const all = []; for (const name of await caches.keys())"
            " for (const each of await (await caches.open(name)).keys()) all.push(new URL(each.url).pathname);"
            " return all; }"
        )
        assert sorted(kept) == ["/.well-known/did.json", "/scan", "/scan/verifier.js"]
        site.stop()
        context.set_offline(True)
        page.goto(f"{base}/scan")
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
        check(page, f"HTTP://127.0.0.1:8000/C/{code}", "other")
        check(page, f"HTTP://127.0.0.1:8000/S/MFRGG/C/{code}", "unreadable")
        monkeypatch.setenv("SIGNING_KEY", "third")
        check(page, printed(world, f"/qr/f/{world.a_factory('S-2')}"), "unknown")
        assert [each for each in wrong if "ERR_INTERNET_DISCONNECTED" not in each] == []
    finally:
        context.close()
        site.stop()
