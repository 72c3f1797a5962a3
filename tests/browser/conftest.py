"""Chromium before a running demo world, both once a session: every test here is of one xdist group."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from infra import browser
from infra.demo.running import running
from tests import tools
from tests.browser.demo import Demo, furnish
from tests.browser.post import office
from tests.browser.shelf import Shelf
from tests.browser.witness import Witness

NO_CHROMIUM = "there is no Chromium here"


class Looked(NamedTuple):
    """A page that is looked at again and again, and who listens to it."""

    page: Page
    witness: Witness


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Chromium."""
    if browser.path() is None:
        tools.lacking(NO_CHROMIUM)
    with browser.chromium() as started:
        yield started


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo world, loaded; search engines are let in, as in production.

    ``DEMO=.local/demo.json`` takes one that runs already, which is quicker for who writes a test; it hands no mail
    over to a post office of ours, so that headers of mails are not looked at.
    """
    if browser.path() is None:
        tools.lacking(NO_CHROMIUM)
    noted = os.environ.get("DEMO")
    if noted:
        yield _furnished(Demo(json.loads(Path(noted).read_text("utf-8"))))
        return
    folder = tmp_path_factory.mktemp("demo")
    with office() as post, running(folder, INDEX_PAGES="1", SYNC_WORKERS="8", SMTP_HOST=post.place) as note:
        yield _furnished(Demo(note, post=post))


def _furnished(demo: Demo) -> Demo:
    furnish(demo)
    return demo


@pytest.fixture(scope="session")
def owner_state(demo: Demo, chromium: Browser) -> tuple[str, Any]:
    """A factory, and the cookies of a browser in which somebody accepted the invitation to run it."""
    factory_id = demo.new_factory("BROWSER-OWNED", name="Owned Mills Ltd")
    invitation = {"email": "owner@owned-mills.example", "factory_id": factory_id}
    demo.api("member").send("POST", "/internal/v1/invitations", invitation)
    context = chromium.new_context()
    page = context.new_page()
    page.goto(demo.link_mailed_to("owner@owned-mills.example"))
    page.locator("main form button").click()
    page.wait_for_url("**/profile?*")
    state = context.storage_state()
    context.close()
    return factory_id, state


@pytest.fixture(scope="session")
def states(demo: Demo, chromium: Browser, owner_state: tuple[str, Any]) -> Callable[[str], Any]:
    """The cookies of somebody signed in as ``factory``, ``member``, ``certifier``, ``owner`` or ``staff``."""

    def sign_in(who: str) -> Any:
        address = demo.note["people"][who]
        context = chromium.new_context()
        page = context.new_page()
        page.goto(f"{demo.base}/portal/sign-in")
        page.locator("main input[type=email]").fill(address)
        page.locator("main form button").click()
        page.wait_for_load_state()
        page.goto(demo.link_mailed_to(address))
        page.locator("main form button").click()
        page.wait_for_url("**/portal")
        state = context.storage_state()
        context.close()
        return state

    held: dict[str, Any] = {"factory": owner_state[1]}
    return lambda who: held[who] if who in held else held.setdefault(who, sign_in(who))


@pytest.fixture
def make_context(chromium: Browser, demo: Demo) -> Iterator[Any]:
    """Makes browser contexts; at the end none of their pages may have complained or asked another host."""
    opened: list[tuple[BrowserContext, Witness]] = []

    def make(**options: Any) -> BrowserContext:
        context = chromium.new_context(**{"viewport": {"width": 360, "height": 740}, "locale": "en-GB", **options})
        context.set_default_timeout(20_000)
        opened.append((context, Witness(context, demo.base)))
        return context

    yield make
    for context, witness in opened:
        context.close()
        witness.testify()


@pytest.fixture(scope="session")
def _looked(chromium: Browser, demo: Demo, states: Callable[[str], Any]) -> Iterator[Callable[[str], Looked]]:
    opened: dict[str, Looked] = {}

    def open_for(who: str) -> Looked:
        state = states(who) if who else None
        context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="en-GB", storage_state=state)
        context.set_default_timeout(20_000)
        return Looked(context.new_page(), Witness(context, demo.base))

    yield lambda who: opened[who] if who in opened else opened.setdefault(who, open_for(who))
    for looked in opened.values():
        looked.page.context.close()


@pytest.fixture
def look(_looked: Callable[[str], Looked]) -> Iterator[Callable[[str], Page]]:
    """A page on a phone of nobody (``""``) or of ``factory``, …: the same one for all tests that only look at pages."""
    used: list[Looked] = []

    def take(who: str = "") -> Page:
        used.append(_looked(who))
        used[-1].witness.forget()
        return used[-1].page

    yield take
    for each in used:
        each.witness.testify()


@pytest.fixture(scope="session")
def shelf(demo: Demo, _looked: Callable[[str], Looked]) -> Shelf:
    """What pages answer, read once."""
    return Shelf(demo, lambda who: _looked(who).page.request)


@pytest.fixture
def phone(make_context: Any) -> Page:
    """A page on a phone."""
    opened: Page = make_context().new_page()
    return opened


@pytest.fixture
def owner(make_context: Any, owner_state: tuple[str, Any]) -> Page:
    """A page of somebody who runs a factory."""
    opened: Page = make_context(storage_state=owner_state[1]).new_page()
    return opened


@pytest.fixture
def signed_in(make_context: Any, states: Callable[[str], Any]) -> Callable[[str], Page]:
    """A page of somebody signed in as ``factory``, ``member``, ``certifier``, ``owner`` or ``staff``."""

    def opened(who: str) -> Page:
        page: Page = make_context(storage_state=states(who)).new_page()
        return page

    return opened
