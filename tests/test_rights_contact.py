"""Erasing somebody's address takes what a page showed with it, whichever source gave which part of the contact."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from chalicelib.domain.factory import Audience, Factory, IcsStatement, Said, Source
from chalicelib.store.registry import callers, erasure, factories
from chalicelib.store.registry.factories import Change, Held
from tests.portal_browser import STAFF

pytest_plugins = ["tests.conftest_portal"]

ADDRESS, NAME, PHONE = "office@kolmilata.example", "Rokeya Begum", "+880 1700 123456"
MILL = {"name": "Kolmilata Knit Ltd.", "country": "BD"}


def told(factory_id: str, mine: dict[str, str], of_ics: dict[str, str]) -> None:
    """The factory and ICS say something of the contact, for all to see."""

    def decide(held: Held) -> Change:
        own = {name: Said(value, Source.FACTORY, "2026-01-01") for name, value in mine.items()}
        ics = IcsStatement(1, "2026-01-01", {**MILL, **of_ics})
        privacy = dict.fromkeys(("contact_email", "contact_name", "contact_phone"), Audience.PUBLIC)
        return Change(replace(held.factory, own={**held.factory.own, **own}, ics=ics, privacy=privacy))

    factories.change(factory_id, decide, STAFF)


def contact(factory: Factory) -> list[str]:
    return [factory.value(name) for name in ("contact_email", "contact_name", "contact_phone")]


@pytest.mark.safety("privacy.erasure")
@pytest.mark.parametrize(
    ("mine", "of_ics"),
    [
        ({"contact_name": NAME, "contact_phone": PHONE}, {"contact_email": ADDRESS, "contact_name": "Rokeya"}),
        ({"contact_email": ADDRESS}, {"contact_name": NAME, "contact_phone": PHONE}),
    ],
    ids=["the factory mended what ICS said", "the factory added an address"],
)
def test_erasing_an_address_takes_the_name_and_the_phone_that_the_other_source_gave(
    runner: SimpleNamespace, mine: dict[str, str], of_ics: dict[str, str]
) -> None:
    told(runner.factory_id, mine, of_ics)
    address = f"/v1/factories/{runner.factory_id}"
    assert all(word in runner.browser.get(address).text for word in (ADDRESS, NAME, PHONE))
    assert erasure.person(callers.person(ADDRESS), STAFF).contacts == 1
    assert contact(factories.need(runner.factory_id).factory) == [None, None, None]
    assert not any(word in runner.browser.get(address).text for word in (ADDRESS, "Rokeya", PHONE))


def test_a_contact_with_an_address_of_its_own_stays_when_another_is_erased(runner: SimpleNamespace) -> None:
    told(runner.factory_id, {"contact_email": ADDRESS}, {"contact_email": "boss@mill.example", "contact_name": "Boss"})
    erasure.person(callers.person(ADDRESS), STAFF)
    assert contact(factories.need(runner.factory_id).factory) == ["boss@mill.example", "Boss", None]
