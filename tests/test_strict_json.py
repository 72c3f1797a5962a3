"""JSON that two readers could take differently is refused; so is a body that is not what was asked for."""

from __future__ import annotations

import json
import time
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import identity
from chalicelib.domain.errors import Malformed
from chalicelib.internal import body
from chalicelib.web import strict_json

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(JSON)
def test_plain_json_reads_as_it_is(value: Any) -> None:
    assert strict_json.parse(json.dumps(value).encode()) == value
    assert strict_json.parse(json.dumps(value, ensure_ascii=False).encode()) == value


@pytest.mark.safety("sync.strict-json")
@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"{]",
        b"nul",
        b"NaN",
        b"[NaN]",
        b'{"a":Infinity}',
        b'{"a":-Infinity}',
        b'{"a":1,"a":1}',
        b'{"a":{"b":1,"b":2}}',
        b'{"a":1,"\\u0061":2}',
        b'"\\ud800"',
        b'{"\\udfff":1}',
        b'[["\\udc00x"]]',
        b"\xff\xfe",
        b'"\xed\xa0\x80"',
        b"\xef\xbb\xbf{}",
        b"[" * 33 + b"]" * 33,
        b"[" * 100_000,
        b'{"a":' * 40 + b"1" + b"}" * 40,
        b"[" + b"9" * 5000 + b"]",
        b"'a'",
        b"{a:1}",
        b"[1,]",
        b"// x\n1",
        b'{"a":1}{"b":2}',
        b'"a\x00b"',
    ],
    ids=lambda raw: ascii(raw[:24]),
)
def test_loose_json_is_malformed(raw: bytes) -> None:
    with pytest.raises(Malformed):
        strict_json.parse(raw)


def test_nesting_of_32_is_taken_and_brackets_in_a_string_do_not_count() -> None:
    assert strict_json.parse(b"[" * 32 + b"]" * 32)
    assert strict_json.parse(b'["' + b"[" * 500 + b'\\""]') == ["[" * 500 + '"']


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_malformed(raw: bytes) -> None:
    try:
        strict_json.parse(raw)
    except Malformed:
        return


@pytest.mark.parametrize("raw", [b"[]", b'"x"', b"1", b"null", b"true"])
def test_a_body_is_an_object(raw: bytes) -> None:
    with pytest.raises(Malformed):
        strict_json.parse_object(raw)


def test_every_fault_of_a_body_is_told_with_its_place() -> None:
    with pytest.raises(Malformed) as caught:
        body.read({"on": "soon", "x/y~": 1, "flag": "yes"}, {"name": str, "on": body.day, "flag": body.boolean})
    assert {fault.pointer for fault in caught.value.faults} == {"/name", "/on", "/x~1y~0", "/flag"}


def test_optional_members_that_are_absent_or_null_are_none() -> None:
    read = body.read({"on": "2026-03-01", "a": None}, {"on": body.day}, {"a": body.boolean, "b": body.boolean})
    assert read == {"on": date(2026, 3, 1), "a": None, "b": None}


@given(st.dictionaries(st.sampled_from(["id", "day", "flag", "list", "kind", "z"]), JSON))
def test_a_body_of_junk_is_malformed_and_nothing_worse(given_body: dict[str, Any]) -> None:
    checks: dict[str, body.Check] = {
        "id": body.code(identity.parse_factory_id),
        "day": body.day,
        "flag": body.boolean,
        "list": body.list_of(body.boolean, 3),
        "kind": body.one_of("a", "b"),
    }
    with pytest.raises(Malformed):
        body.read({**given_body, "id": given_body.get("id", 5)}, checks)


def test_the_name_that_stands_twice_is_found_in_one_pass() -> None:
    names = [f'"{number}":0' for number in range(60_000)]
    began = time.process_time()
    with pytest.raises(Malformed, match="stands twice") as found:
        strict_json.parse(f"{{{','.join([*names, names[-1]])}}}".encode())
    assert "59999" in str(found.value.faults[0].detail)
    assert time.process_time() - began < 3
