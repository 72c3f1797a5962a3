"""GS1 Digital Link: against GS1's own vectors, and against two independent implementations."""

from __future__ import annotations

import functools
import json
import random
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from biip import ParseError
from biip.gs1_application_identifiers import _GS1_APPLICATION_IDENTIFIERS as KNOWN_TO_BIIP
from biip.gs1_digital_link_uris import GS1DigitalLinkURI
from stdnum import ean

from chalicelib.domain import gs1, gs1_values, identity
from chalicelib.domain.errors import Malformed

ROOT = Path(__file__).resolve().parent.parent
OFFICIAL = ROOT.parent / "shared" / "vectors" / "gs1dl_official.json"
JS = ROOT / "tests" / "js"

EXCEPTIONS = {
    # address → why our verdict differs from that of GS1's engine
    "https://example.com/01/09520123456788?99=XYZ&89=ABC123": (
        "GS1 has not assigned AI 89. The row asks the engine for its option permitUnknownAIs, which we have not: "
        "by default the engine refuses the address, as we do."
    ),
}
BWIP_DIFFERS = {
    # part of an address → why bwip-js says otherwise, and GS1's own engine agrees with us
    "[fe80::1%25lo]": "bwip-js does not look at the host",
    "/01/2112345678900": "bwip-js takes GTINs shorter than 14 digits",
    "/01/416000336108": "bwip-js takes GTINs shorter than 14 digits",
    "/01/02345673": "bwip-js takes GTINs shorter than 14 digits",
    "?01=2112345678900": "bwip-js takes GTINs shorter than 14 digits",
    "?01=02345673": "bwip-js takes GTINs shorter than 14 digits",
    "99=XYZ789&01=09520123456788": "bwip-js takes an AI twice",
    "99=XYZ789&10=ABC123": "bwip-js takes an AI twice",
    "99=XYZ789&99=XYZ789": "bwip-js takes an AI twice",
}


def official(kind: str) -> list[dict[str, Any]]:
    if not OFFICIAL.exists():
        return []
    rows: list[dict[str, Any]] = json.loads(OFFICIAL.read_text(encoding="utf-8"))[kind]
    return [row for row in rows if row["uri"] is not None]


def understood(uri: str, **options: bool) -> gs1.DigitalLink | None:
    try:
        return gs1.parse_uri(uri, **options)
    except Malformed:
        return None


needs_vectors = pytest.mark.skipif(not OFFICIAL.exists(), reason="GS1's vectors are not at ../shared/vectors")


@needs_vectors
def test_every_official_verdict_is_ours_or_stands_among_the_exceptions() -> None:
    rows = official("parse")
    assert len(rows) > 100
    wrong = []
    for row in rows:
        found = understood(row["uri"], short_gtins=row["flags"].get("permitZeroSuppressedGTIN", False))
        if (found is not None) != row["valid"]:
            wrong.append(row["uri"])
    assert wrong == list(EXCEPTIONS)


@needs_vectors
def test_what_an_official_address_says_and_its_canonical_form_are_read_alike() -> None:
    for row in official("parse"):
        found = understood(row["uri"], short_gtins=row["flags"].get("permitZeroSuppressedGTIN", False))
        if found is not None:
            assert (found.element_string, found.canonical) == (row["ai"], row["canonical"])


@needs_vectors
def test_addresses_that_the_official_engine_makes_are_valid_here() -> None:
    rows = official("generate")
    refused = [row["uri"] for row in rows if understood(row["uri"]) is None]
    assert rows
    assert all("89=" in uri for uri in refused), refused


@pytest.mark.parametrize(
    "address",
    [
        "/01/09521234543214",  # check digit
        "/01/0952123454321",  # thirteen digits
        "/01/09521234543213/10/L1/22/V",  # order
        "/01/09521234543213/10/L1/10/L1",  # twice
        "/01/09521234543213/10/" + "L" * 21,
        "/01/09521234543213/21/a b",
        "/01/09521234543213/21/%C3%A9",
        "/01/09521234543213/235/X/21/Y",
        "/01/09521234543213?21=1",  # a qualifier in the query
        "/01/09521234543213?17=261301",  # no such month
        "/414/9521234543214",  # check digit
        "/253/9521234543214",  # check digit, which biip does not look at
        "/253/" + "9521234543213" + "X" * 18,
        "/255/9521234543214",
        "/8018/123456789012345676",
        "/8006/095212345432130302",  # piece 3 of 2
        "/8013/1987654Ad4X4bL5ttr2310c2L",  # check characters
        "/01/٠9521234543213",
    ],
)
def test_what_breaks_a_rule_is_refused(address: str) -> None:
    assert understood(f"https://example.com{quote(address, safe='/?=%&')}") is None


@pytest.mark.parametrize(
    "address",
    [
        "/8013/1987654Ad4X4bL5ttr2310c2K",
        "/8006/095212345432130203",
        "/255/9521234543213",
        "/01/09521234543213?17=260200&lang=fr&on=2026-01-01",
        "/01/09521234543213/235/X?10=L1",
    ],
)
def test_what_keeps_the_rules_is_read(address: str) -> None:
    found = understood(f"https://example.com{address}")
    assert found is not None
    assert found.path == address.partition("?")[0]


def test_a_short_gtin_is_refused_with_the_fourteen_digits_to_write() -> None:
    with pytest.raises(Malformed, match="09521234543213"):
        gs1.read([("01", "9521234543213")])


def test_names_that_are_not_all_digits_are_nobody_elses_concern() -> None:
    found = gs1.read([("01", "09521234543213")], [("utm_source", "x"), ("99", "A"), ("0x1", "y")])
    assert found.attributes == {"99": "A"}


def test_a_gdti_keeps_its_letters_as_they_are() -> None:
    assert identity.parse_gdti(" 9521234543213aB-1 ") == "9521234543213aB-1"
    with pytest.raises(Malformed):
        identity.parse_gdti("9521234543214aB-1")


def test_the_table_has_all_identifiers_that_biip_knows_and_takes_no_less_than_biip() -> None:
    theirs = {known.ai: known for known in KNOWN_TO_BIIP.values()}
    assert set(theirs) == set(gs1_values._shapes())
    draw = random.Random(3)
    stricter = set()
    for ai, known in theirs.items():
        for length in (*range(1, 36), 70, 90, 91):
            for letters in ("0123456789", "01", "AZ-a_/19"):
                value = "".join(draw.choice(letters) for _ in range(length))
                taken = re.fullmatch(gs1_values._shapes()[ai].pattern, value) is not None
                if re.fullmatch(known.pattern, ai + value) and not taken:
                    stricter.add(ai)
    assert stricter == set()


def _made_up(number: int) -> list[str]:
    """Addresses with keys of ours, good and bad ones mixed; always the same."""
    draw = random.Random(253)
    letters = gs1_values._SET_82

    def digits(count: int) -> str:
        return "".join(draw.choice("0123456789") for _ in range(count))

    def text(most: int) -> str:
        return quote("".join(draw.choice(letters) for _ in range(draw.randint(1, most))), safe="")

    made = []
    for _ in range(number):
        key = draw.choice(gs1.SERVED)
        body = digits(13 if key == "01" else 12)
        value = body + (ean.calc_check_digit(body) if draw.random() < 0.85 else draw.choice("0123456789"))
        if key == "253" and draw.random() < 0.6:
            value += text(18)
        order = {"01": ["22", "10", "21"], "414": ["254"], "253": []}[key]
        follow = [ai for ai in order if draw.random() < 0.4]
        if draw.random() < 0.1:
            follow.append(draw.choice(["10", "254", "99"]))
        path = "".join(f"/{ai}/{text(21)}" for ai in follow)
        named = draw.sample(["99", "98", "91", "lang", "999", "linkType"], draw.choice([0, 0, 1, 2]))
        query = "&".join(f"{name}={text(30)}" for name in named)
        made.append(f"https://example.com/{key}/{value}{path}" + (f"?{query}" if query else ""))
    return made


def test_whatever_is_read_here_biip_reads_with_the_same_values() -> None:
    read = 0
    for uri in _made_up(600):
        found = understood(uri)
        if found is None:
            continue
        read += 1
        theirs = GS1DigitalLinkURI.parse(uri)
        named = {each.ai.ai: each.value for each in theirs.element_strings}
        assert named == {found.key: found.value, **found.qualifiers, **found.attributes}
    assert read > 100


def test_the_traps_of_biip_are_still_what_this_wraps() -> None:
    """Should one of these fail, biip has become stricter: see docs/decisions/0007."""
    for lax in ("01/09521234543214", "253/9521234543214", "01/9521234543213", "01/09521234543213?99=A&99=B"):
        uri = f"https://example.com/{lax}"
        try:
            GS1DigitalLinkURI.parse(uri)
        except ParseError:  # pragma: no cover
            pytest.fail(f"biip now refuses {uri}")
        assert understood(uri) is None


@functools.lru_cache(maxsize=1)
def _no_bwip() -> str:
    if shutil.which("node") is None:
        return "Node.js is not installed"
    if not (JS / "node_modules" / "bwip-js").is_dir():
        return "bwip-js is not installed: npm ci --prefix tests/js"
    return ""


def _bwip(uris: list[str]) -> list[str | None]:
    """For each address: bwip-js's complaint, or ``None``."""
    answer = subprocess.run(
        ["node", str(JS / "digital_links.mjs")], input=json.dumps(uris), capture_output=True, text=True, check=True
    )
    verdicts: list[str | None] = json.loads(answer.stdout)
    return verdicts


@pytest.mark.skipif(bool(_no_bwip()), reason=_no_bwip())
def test_bwip_is_of_the_same_opinion_about_made_up_addresses() -> None:
    uris = _made_up(200)
    differ = [
        (uri, theirs)
        for uri, theirs in zip(uris, _bwip(uris), strict=True)
        if (understood(uri) is None) != (theirs is not None)
    ]
    assert differ == []
    assert sum(understood(uri) is not None for uri in uris) > 50


@needs_vectors
@pytest.mark.skipif(bool(_no_bwip()), reason=_no_bwip())
def test_where_bwip_differs_about_official_addresses_the_reason_is_known() -> None:
    rows = [row for row in official("parse") if not row["flags"]]
    for row, theirs in zip(rows, _bwip([row["uri"] for row in rows]), strict=True):
        ours = understood(row["uri"]) is not None
        if ours != (theirs is None):
            assert any(part in row["uri"] for part in BWIP_DIFFERS), (row["uri"], theirs)
            assert ours == row["valid"]
