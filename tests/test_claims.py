"""How a claim stands: what backs it, who verified it, and what becomes of it as days go by."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import claim as rules
from chalicelib.domain.certificate import Standing, StandingChange
from chalicelib.domain.claim import Basis, Claim, ClaimStanding, NamedVerifier, Rests, Verification
from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.domain.public_certificate import PublicCertificate
from chalicelib.store import codec
from chalicelib.web import claim_words
from tests.published import CERTIFICATE, CODE

TODAY = date(2026, 11, 22)
ON = Basis(Rests.CERTIFICATE, CODE)
CLAIM = Claim("c1", "Our yarn is recycled from cut-offs.", "en", ON, made_on="2026-05-01", made_by="factory")
SEALED = Verification("sureseal", "Sure Seal", "2026-05-01")


def said(standing: Standing, effective: date = TODAY) -> PublicCertificate:
    return replace(CERTIFICATE, history=(StandingChange(standing, "why", effective, "2026-05-01T00:00:00Z"),))


@pytest.mark.parametrize(
    ("backing", "expected"),
    [
        (CERTIFICATE, ClaimStanding.BACKED),
        (replace(CERTIFICATE, confirmed=False), ClaimStanding.BACKING_DECLARED),
        (replace(CERTIFICATE, valid_to=TODAY), ClaimStanding.BACKED),
        (replace(CERTIFICATE, valid_to=TODAY - timedelta(days=1)), ClaimStanding.BACKING_EXPIRED),
        (replace(CERTIFICATE, valid_from=TODAY + timedelta(days=1)), ClaimStanding.BACKING_NOT_YET),
        (said(Standing.SUSPENDED), ClaimStanding.BACKING_SUSPENDED),
        (said(Standing.WITHDRAWN), ClaimStanding.BACKING_WITHDRAWN),
        (said(Standing.WITHDRAWN, TODAY + timedelta(days=1)), ClaimStanding.BACKED),
        (None, ClaimStanding.BACKING_UNKNOWN),
    ],
)
def test_a_claim_on_a_certificate_stands_as_the_certificate_does(
    backing: PublicCertificate | None, expected: ClaimStanding
) -> None:
    assert rules.standing_of(CLAIM, backing, TODAY) is expected


def test_a_verifier_is_one_that_spoke_here_and_not_one_that_the_claimant_names() -> None:
    named = replace(CLAIM, basis=Basis(Rests.NONE), verifier=NamedVerifier("Sure Seal", "2026-05-01"))
    assert rules.standing_of(named, None, TODAY) is ClaimStanding.DECLARED
    assert rules.standing_of(replace(named, verified=SEALED), None, TODAY) is ClaimStanding.VERIFIED


def test_a_certificate_that_lapsed_beats_the_word_of_a_verifier() -> None:
    verified = replace(CLAIM, verified=SEALED)
    assert rules.standing_of(verified, CERTIFICATE, TODAY) is ClaimStanding.VERIFIED
    assert rules.standing_of(verified, said(Standing.WITHDRAWN), TODAY) is ClaimStanding.BACKING_WITHDRAWN
    assert rules.standing_of(verified, None, TODAY) is ClaimStanding.BACKING_UNKNOWN


@given(st.sampled_from(Rests), st.booleans(), st.dates(date(2020, 1, 1), date(2100, 12, 31)))
def test_nothing_is_backed_or_verified_by_what_the_claimant_types(kind: Rests, known: bool, day: date) -> None:
    claim = replace(CLAIM, basis=Basis(kind, CODE), verifier=NamedVerifier("Anybody"))
    standing = rules.standing_of(claim, CERTIFICATE if known else None, day)
    assert standing is not ClaimStanding.VERIFIED
    if standing is ClaimStanding.BACKED:
        assert kind is Rests.CERTIFICATE
        assert known
        assert CERTIFICATE.valid_from <= day <= CERTIFICATE.valid_to


def test_changing_a_claim_voids_what_somebody_verified() -> None:
    held = rules.verified((CLAIM,), "c1", SEALED, 1)
    assert held is not None
    assert rules.changed(held, held[0]) is None
    after = rules.changed(held, replace(held[0], text="All our yarn is recycled."))
    assert after is not None
    assert (after[0].verified, after[0].version) == (None, 2)
    with pytest.raises(Conflict):
        rules.verified(after, "c1", SEALED, 1)


def test_one_verifier_speaks_for_itself_only() -> None:
    held = rules.verified((CLAIM,), "c1", SEALED, 1)
    assert held is not None
    assert rules.verified(held, "c1", replace(SEALED, on="2026-06-01"), 1) is None
    with pytest.raises(Conflict):
        rules.verified(held, "c1", Verification("other", "Other", "2026-06-01"), 1)
    assert rules.unverified(held, "c1", "other") is None
    back = rules.unverified(held, "c1", "sureseal")
    assert back == (CLAIM,)


def test_the_same_claim_once_more_changes_nothing_and_there_is_an_end_to_claims() -> None:
    assert rules.added((CLAIM,), replace(CLAIM, claim_id="c2", made_on="2026-06-01")) is None
    many = tuple(replace(CLAIM, claim_id=str(at), text=str(at)) for at in range(rules.MOST_CLAIMS))
    with pytest.raises(Conflict):
        rules.added(many, CLAIM)
    with pytest.raises(NotFound):
        rules.removed((CLAIM,), "c2")
    assert rules.removed((CLAIM,), "c1") == ()


def test_claims_come_back_from_the_store_as_they_were() -> None:
    held = (replace(CLAIM, verified=SEALED, verifier=NamedVerifier("Lab")), replace(CLAIM, basis=Basis(Rests.NONE)))
    assert codec.claims(codec.to_json(held)) == held


def test_every_standing_has_its_words_and_its_shape() -> None:
    assert set(claim_words.STANDINGS) == set(claim_words.FACES) == set(ClaimStanding)
    assert set(claim_words.PROGRAMMES) == set(rules.PROGRAMMES)
