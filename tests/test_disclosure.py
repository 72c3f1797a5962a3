"""What of a factory becomes public, field by field."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.audit import Audit
from chalicelib.domain.disclosure import RULES, audience_of, clean_privacy, public_factory
from chalicelib.domain.errors import Malformed
from chalicelib.domain.factory import Audience, Factory, IcsStatement, Link, Said, Source, merge_patch
from chalicelib.domain.fields import FIELDS, PERSONAL
from chalicelib.store import codec

TODAY = date(2026, 5, 5)
ICS = {"name": "Mill", "country": "BD", "city": "Dhaka", "contact_email": "ics@mill.example"}
PUBLIC, PRIVATE = Audience.PUBLIC, Audience.PRIVATE
AUDIT = Audit("R-77", 1, "social", "initial", "announced", "2026-01-02", ("maison",))


def factory(**changes: Any) -> Factory:
    held = Factory("BD1", site="S-77", ics=IcsStatement(1, "2026-01-02", ICS), audits=(AUDIT,), published=True)
    return replace(held, **changes)


def filled(privacy: dict[str, Audience]) -> Factory:
    """A factory that holds something in every field, and in some that nobody thought of yet."""
    names = [*FIELDS, "made_up", "password", "audit_score"]
    own = {name: Said(f"value-of-{name}", Source.FACTORY, "2026-05-05") for name in names}
    return factory(own=own, privacy=privacy)


@given(st.dictionaries(st.sampled_from([*RULES, "made_up", "password"]), st.sampled_from(Audience)))
def test_no_field_shows_whose_audience_is_not_the_public(privacy: dict[str, Audience]) -> None:
    held = filled(privacy)
    page = public_factory(held, [], {})
    assert page is not None
    written = str(codec.to_json(page))
    for name in held.own:
        shows = audience_of(held, name) is PUBLIC
        assert (name in page.fields) == shows
        assert (name in page.sources) == shows
        assert (f"'value-of-{name}'" in written) == shows
    assert bool(page.audits) == (audience_of(held, "audits") is PUBLIC)


@pytest.mark.safety("privacy.new-field")
def test_every_field_of_a_profile_has_a_rule_and_contact_details_start_private() -> None:
    assert set(FIELDS) <= set(RULES)
    assert {name for name, rule in RULES.items() if rule.audience is PRIVATE} == set(PERSONAL)


@pytest.mark.safety("privacy.new-field")
def test_a_new_kind_of_field_is_private_whatever_anybody_set() -> None:
    page = public_factory(filled({"made_up": PUBLIC}), [], {})
    assert page is not None
    assert "made_up" not in page.fields
    with pytest.raises(Malformed):
        clean_privacy({"made_up": "public"})


def test_contact_fields_show_only_when_the_factory_says_so() -> None:
    hidden, shown = (
        public_factory(factory(), [], {}),
        public_factory(factory(privacy={"contact_email": PUBLIC}), [], {}),
    )
    assert hidden is not None
    assert shown is not None
    assert "contact_email" not in hidden.fields
    assert shown.fields["contact_email"] == "ics@mill.example"


def test_a_draft_has_no_public_page() -> None:
    assert public_factory(factory(published=False), [], {}) is None
    assert public_factory(factory(ics=None), [], {}) is None


@pytest.mark.parametrize("audience", [Audience.NETWORK, PRIVATE])
def test_audits_are_hidden_unless_they_are_public(audience: Audience) -> None:
    page = public_factory(factory(privacy={"audits": audience}), [], {})
    assert page is not None
    assert page.audits == ()


def test_neither_site_number_nor_audit_reference_nor_mandate_is_public() -> None:
    page = public_factory(factory(links={"maison": Link(Source.ICS_AUDIT, "2026-01-02")}), [], {"maison": "Maison"})
    written = str(codec.to_json(page))
    assert "S-77" not in written
    assert "R-77" not in written
    assert "aison" not in written


@pytest.mark.parametrize(
    ("changes", "shows"),
    [
        ({}, False),
        ({"factory_agrees": True}, False),
        ({"member_agrees": True}, False),
        ({"factory_agrees": True, "member_agrees": True}, True),
        ({"factory_agrees": True, "member_agrees": True, "ended": "2026-02-02"}, False),
    ],
)
def test_a_link_shows_only_if_both_sides_agree_and_nobody_ended_it(changes: dict[str, Any], shows: bool) -> None:
    link = Link(Source.MEMBER, "2026-01-02", **changes)
    page = public_factory(factory(links={"maison": link}), [], {"maison": "Maison"})
    assert page is not None
    assert bool(page.members) is shows


@pytest.mark.parametrize("name", ["name", "country"])
def test_name_and_country_cannot_be_hidden(name: str) -> None:
    with pytest.raises(Malformed):
        clean_privacy({name: "private"})
    page = public_factory(factory(privacy={name: PRIVATE}), [], {})
    assert page is not None
    assert name in page.fields


@pytest.mark.parametrize("value", ["Public", "", None, 1, ["public"], {}, "everyone"])
def test_an_audience_is_one_of_three_words(value: object) -> None:
    with pytest.raises(Malformed):
        clean_privacy({"city": value})


def test_a_patch_puts_the_factorys_word_before_that_of_ics_and_null_takes_it_back() -> None:
    held = factory()
    own = merge_patch(held, {"city": "Gazipur"}, TODAY)
    assert own.said("city") == Said("Gazipur", Source.FACTORY, "2026-05-05")
    back = merge_patch(own, {"city": None}, TODAY)
    assert back.said("city") == Said("Dhaka", Source.ICS_AUDIT, "2026-01-02")
    assert back == held


@given(st.dictionaries(st.sampled_from(["name", "city", "region"]), st.none() | st.sampled_from(["A", "B", "Dhaka"])))
def test_a_patch_twice_is_a_patch_once(patch: dict[str, Any]) -> None:
    once = merge_patch(factory(), patch, TODAY)
    assert merge_patch(once, patch, TODAY) == once
    for name, value in patch.items():
        assert once.value(name) == (ICS.get(name) if value is None else value)
    untouched = set(ICS) - set(patch)
    assert all(once.said(name) == factory().said(name) for name in untouched)


def test_a_form_sent_back_unaltered_does_not_turn_the_word_of_ics_into_the_factorys() -> None:
    assert merge_patch(factory(), dict(ICS), TODAY) == factory()
