"""What no other test of a rule noticed when the rule was changed: docs/mutants.md says how that was found."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from stdnum.iso7064 import mod_37_36

from chalicelib.domain import claim as claims
from chalicelib.domain import gs1, identity, merkle
from chalicelib.domain.audit import Audit
from chalicelib.domain.claim import Basis, Claim, Rests
from chalicelib.domain.disclosure import (
    PublicAudit,
    PublicMember,
    PublicProduct,
    PublicStage,
    clean_privacy,
    public_factory,
    public_product,
    united,
)
from chalicelib.domain.errors import Malformed
from chalicelib.domain.factory import Audience, Factory, IcsStatement, Lead, Link, Source, State
from chalicelib.domain.product import Product, Stage
from tests.published import CERTIFICATE, CODE

ICS = {"name": "Mill", "country": "BD", "city": "Dhaka", "contact_email": "ics@mill.example"}
AUDIT = Audit("R-77", 1, "social", "initial", "announced", "2026-01-02", ("maison",))
SHOWN = Link(Source.MEMBER, "2026-01-02", factory_agrees=True, member_agrees=True)
ON = Claim("c1", "Recycled.", "en", Basis(Rests.CERTIFICATE, CODE), made_on="2026-05-01", made_by="factory")
OFF = replace(ON, claim_id="c2", basis=Basis(Rests.NONE, CODE))


def factory(**changes: Any) -> Factory:
    return replace(Factory("BD1", ics=IcsStatement(1, "2026-01-02", ICS), published=True), **changes)


def shown(held: Factory, names: dict[str, str] | None = None) -> Any:
    page = public_factory(held, [], names or {})
    assert page is not None
    return page


def test_audiences_are_taken_as_they_are_given() -> None:
    asked = {"city": "private", "audits": "network", "name": "public"}
    assert clean_privacy(asked) == {"city": Audience.PRIVATE, "audits": Audience.NETWORK, "name": Audience.PUBLIC}


def test_every_fault_of_a_set_of_audiences_is_told_with_its_place_and_its_reason() -> None:
    with pytest.raises(Malformed) as caught:
        clean_privacy({"x" * 150: "public", "city": "loud", "name": "private"})
    told = [(fault.pointer, str(fault.detail)) for fault in caught.value.faults]
    assert told[:2] == [
        ("/" + "x" * 100, "is not a field whose audience can be set"),
        ("/city", "must be public, network or private"),
    ]
    assert told[2][0] == "/name"
    assert told[2][1].startswith("is always public. ")
    assert "None" not in told[2][1]


def test_a_product_shows_all_that_its_brand_published_and_no_more() -> None:
    stages = (Stage("spinning", "BD1"), Stage("weaving", "TR1"))
    product = Product("P1", "maison", "Maison", "Shirt", "tops", ("L1", "L2"), stages, "2026-05-05", 7, (ON,))
    assert public_product(product) == PublicProduct(
        product_id="P1",
        brand="Maison",
        name="Shirt",
        category="tops",
        lots=("L1", "L2"),
        stages=(PublicStage("spinning", "BD1"), PublicStage("weaving", "TR1")),
        updated_at="2026-05-05",
        member_id="maison",
        claims=(ON,),
    )


def test_a_page_has_what_the_record_has() -> None:
    photo: Any = object()
    held = factory(
        claimed=True,
        updated_at="2026-05-05",
        photos=(photo,),
        programmes=("clean-water",),
        claims=(ON,),
        audits=(AUDIT,),
        links={"b": SHOWN, "a": SHOWN, "c": Link(Source.MEMBER, "2026-01-02")},
        led={"BD3": Lead.MERGED, "BD2": Lead.MERGED, "BD4": Lead.MOVED},
    )
    page = shown(held, {"a": "Atelier", "b": "Bonnet", "c": "Chemise"})
    assert (page.claimed, page.writable, page.updated_at) == (True, True, "2026-05-05")
    assert (page.photos, page.programmes, page.claims) == ((photo,), ("clean-water",), (ON,))
    assert page.audits == (PublicAudit("social", "initial", "announced", "2026-01-02"),)
    assert page.members == (PublicMember("a", "Atelier"), PublicMember("b", "Bonnet"))
    assert page.merged == ("BD2", "BD3")
    plain = shown(factory())
    assert (plain.claimed, plain.writable, plain.photos, plain.merged) == (False, False, (), ())


def test_an_address_before_a_move_shows_only_of_a_factory_that_moved_under_the_same_id() -> None:
    former = {"city": "Dhaka", "contact_email": "old@mill.example"}
    moved = factory(state=State.MOVED, former=former)
    assert shown(moved).former == {"city": "Dhaka"}
    assert shown(replace(moved, successor="BD2")).former is None
    assert shown(replace(moved, state=State.OPEN)).former is None
    assert shown(replace(moved, former=None)).former is None


def test_a_factory_has_the_claims_and_members_of_what_was_merged_into_it() -> None:
    names = {"a": "Atelier", "b": "Bonnet"}
    other = factory(factory_id="BD2", state=State.MERGED, successor="BD1", claims=(OFF,), links={"a": SHOWN})
    audits = (replace(AUDIT, date="2026-03-03"), AUDIT)
    page = shown(factory(claims=(ON,), links={"b": SHOWN}, audits=(AUDIT,)), names)
    whole = united(page, [shown(replace(other, audits=audits), names)])
    assert [audit.date for audit in whole.audits] == ["2026-03-03", "2026-01-02"]
    assert whole.claims == (ON, OFF)
    assert whole.members == (PublicMember("a", "Atelier"), PublicMember("b", "Bonnet"))


def test_a_claim_is_backed_by_the_certificate_that_it_names_and_by_nothing_else() -> None:
    known = {CODE: CERTIFICATE}
    assert claims.backing_of(ON, known) is CERTIFICATE
    assert claims.backing_of(OFF, known) is None
    assert claims.codes((ON, OFF, ON)) == [CODE]
    assert claims.codes((OFF,)) == []


def test_changing_a_claim_leaves_the_others() -> None:
    after = claims.changed((ON, OFF), replace(OFF, text="All recycled."))
    assert after is not None
    assert [each.text for each in after] == ["Recycled.", "All recycled."]


@pytest.mark.parametrize(
    ("code", "printed"),
    [("BD7K3M9Q2XWC", "BD-7K3M9-Q2XWC"), ("C4J7K2M9QXD", "C-4J7K2-M9QXD"), ("09521234543213", "09521234543213")],
)
def test_a_code_is_printed_in_groups_and_a_gtin_as_it_is(code: str, printed: str) -> None:
    assert identity.shown(code) == printed


def test_a_drawn_code_follows_from_the_secret_and_from_what_it_is_about() -> None:
    letters = "0123456789ABCDEF"
    stream = b"".join(hmac.new(b"secret", f"{block}\0one\0two".encode(), hashlib.sha256).digest() for block in range(2))
    choose = identity.drawn("secret", "one", "two")
    assert [choose(letters) for _ in range(40)] == [letters[byte % 16] for byte in stream[:40]]


# In each, other neighbours could be swapped unnoticed: the first two characters to the last two.
@pytest.mark.parametrize(
    "blind", ["CPSTM2MNEYN", "CY3W91RB710", "CW3FYNGB301", "C2TWNWXJQTW", "CZGB1R3RFG5", "CJD215N4MVS", "CK320ZPKNM0"]
)
def test_a_code_in_which_swapped_neighbours_would_pass_is_not_given_out(blind: str) -> None:
    assert mod_37_36.is_valid(blind)
    good = "4J7K2M9QX"
    drawn: Iterator[str] = iter(blind[1:-1] + good)
    assert identity.new_certificate_code(lambda _: next(drawn))[1:-1] == good


@pytest.mark.parametrize("drawn", ["44J7K2M9Q", "K2M99Q4J7"])
def test_two_of_a_kind_may_stand_side_by_side(drawn: str) -> None:
    letters = iter(drawn)
    assert identity.new_certificate_code(lambda _: next(letters))[1:-1] == drawn


def test_a_slip_names_the_kind_of_code() -> None:
    with pytest.raises(Malformed, match="This certificate code has a typing error"):
        identity.parse_certificate_code("C4J7K2M9QX0")
    with pytest.raises(Malformed, match="This product code has a typing error"):
        identity.parse_product_code("P4J7K2M9QX0")


@pytest.mark.parametrize("typed", ["123456789", "1234567A", "123456789012345"])
def test_what_has_not_the_shape_of_a_gtin_is_told_its_shape(typed: str) -> None:
    with pytest.raises(Malformed, match="8, 12, 13 or 14 digits"):
        identity.parse_gtin(typed)


def test_a_document_number_is_checked_and_kept_as_it_is() -> None:
    assert identity.parse_gdti(" 9521234543213ABC-1 ") == "9521234543213ABC-1"
    with pytest.raises(Malformed):
        identity.parse_gdti("9521234543214ABC-1")


def test_a_product_is_found_by_digital_link_if_it_has_a_gtin() -> None:
    assert identity.product_path("09521234543213") == "/01/09521234543213"
    assert identity.product_path("P4J7K2M9QXD") == "/p/P4J7K2M9QXD"


def test_what_is_typed_has_a_longest() -> None:
    assert identity.squeeze("9" * 200) == "9" * 200
    assert identity.squeeze("9" * 201) == ""
    assert identity.squeeze_number("9 " * 200) == "9" * 200
    with pytest.raises(Malformed):
        identity.squeeze_number("9 " * 200 + " ")


def test_two_sizes_of_a_log_agree_by_their_proof_only_and_never_without_one() -> None:
    hashes = [merkle.leaf_hash(bytes([each])) for each in range(40)]
    roots = [merkle.root(hashes[:size]) for size in range(41)]
    for new in range(1, 41):
        for old in range(1, new + 1):
            proof = [merkle.root(hashes[start:end]) for start, end in merkle.consistency_path(old, new)]
            assert merkle.verify_consistency(old, new, roots[old], roots[new], proof)
            if proof:
                assert not merkle.verify_consistency(old, new, roots[old], roots[new], [])
                assert not merkle.verify_consistency(old, new, roots[old], roots[new], proof[1:])


def test_nothing_is_no_beginning_of_a_log() -> None:
    empty = merkle.root([])
    assert not merkle.verify_consistency(0, 0, empty, empty, [])
    assert not merkle.verify_consistency(2, 3, empty, empty, [])


def test_bytes_that_are_no_utf_8_are_told_so() -> None:
    with pytest.raises(Malformed, match=r"bytes that are no UTF-8"):
        gs1.parse_uri("https://example.com/01/09520123456788/10/%ff")


@pytest.mark.parametrize("path", ["x/10/01", "10/01", "01", ""])
def test_a_path_that_ends_where_a_value_should_stand_names_no_key(path: str) -> None:
    with pytest.raises(Malformed):
        gs1.parse_uri(f"https://example.com/{path}")


def test_an_address_or_a_sign_in_the_query_of_an_address_belongs_to_the_query() -> None:
    key = "https://example.com/01/09521234543213"
    other = gs1.parse_uri(f"{key}?from=https://other.example/01/09521234543220")
    assert (other.value, other.attributes) == ("09521234543213", {})
    assert gs1.parse_uri(f"{key}?99=a=b").attributes == {"99": "a=b"}
