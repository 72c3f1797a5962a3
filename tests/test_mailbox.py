"""E-mail addresses whose domain is in another script: kept as people read them, mailed in ASCII, and one person's."""

from __future__ import annotations

import pytest

from chalicelib.domain import mailbox
from chalicelib.domain.errors import Malformed
from chalicelib.domain.fields import clean_email

MUNICH, MUNICH_MAILED = "Ines@münchen.example", "Ines@xn--mnchen-3ya.example"
NO_ADDRESS = "must be an e-mail address such as name@example.com"


@pytest.mark.parametrize(
    ("written", "kept", "mailed"),
    [
        (MUNICH, MUNICH, MUNICH_MAILED),
        ("Ines@MÜNCHEN.Example", MUNICH, MUNICH_MAILED),
        ("Ines@XN--MNCHEN-3YA.example", MUNICH, MUNICH_MAILED),
        ("a@faß.de", "a@faß.de", "a@xn--fa-hia.de"),
        ("a@مثال.إختبار", "a@مثال.إختبار", "a@xn--mgbh0fb.xn--kgbechtv"),
        ("Me+x@EXAMPLE.com", "Me+x@example.com", "Me+x@example.com"),
    ],
)
def test_an_address_is_kept_as_people_read_it_and_mailed_in_ascii(written: str, kept: str, mailed: str) -> None:
    assert clean_email(written) == mailbox.kept(written) == mailbox.kept(mailed) == kept
    assert mailbox.mailed(written) == mailbox.mailed(kept) == mailed
    assert mailbox.spellings(written) == tuple(dict.fromkeys((kept, mailed)))


@pytest.mark.parametrize(
    "written", ["jürgen@example.de", "jürgen@xn--mnchen-3ya.example", "a@xn--a.de", "a@☃.net", "a"]
)
def test_an_address_that_no_mail_reaches_is_refused(written: str) -> None:
    for check in (clean_email, mailbox.kept, mailbox.mailed):
        with pytest.raises(Malformed) as caught:
            check(written)
        assert str(caught.value.detail) == NO_ADDRESS


def test_what_an_earlier_release_took_is_still_found_by_its_spelling() -> None:
    assert mailbox.spellings("jürgen@xn--mnchen-3ya.example") == ("jürgen@münchen.example",)
    with pytest.raises(Malformed) as caught:
        mailbox.spellings("nobody")
    assert str(caught.value.detail) == NO_ADDRESS


def test_all_spellings_of_an_address_are_one_owners_and_no_two_addresses_are() -> None:
    for spelled in (MUNICH, MUNICH.upper(), MUNICH_MAILED, MUNICH_MAILED.upper(), f" {MUNICH_MAILED} "):
        assert mailbox.owner(spelled) == "ines@münchen.example"
    for one, other in (("a@faß.de", "a@fass.de"), ("a@βόλος.com", "a@βόλοσ.com")):
        assert len({mailbox.owner(each) for each in (one, other, mailbox.mailed(one), mailbox.mailed(other))}) == 2
    assert mailbox.owner("JÜRGEN@Example.DE") == "jürgen@example.de"
    assert mailbox.owner("a@XN--A.de") == "a@xn--a.de"
    assert [mailbox.owner(each) for each in ("", "Nobody", "A@ß@C")] == ["", "nobody", "a@ss@c"]
