"""Many certificates checked at once: in order, each for itself, and what could not be read is never called unknown."""

from __future__ import annotations

import base64
import csv
import io
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any
from urllib.parse import urlencode

import openpyxl
import pytest

from chalicelib.domain.errors import Malformed, Unavailable
from chalicelib.public import lookup
from chalicelib.store import batch, keys, public_keys, public_table
from chalicelib.store.registry import certificates
from chalicelib.store.registry.certificates import Particulars
from chalicelib.store.registry.history import Actor
from chalicelib.web import listing, sheet, spreadsheet
from chalicelib.web.request import TooLarge
from tests import events
from tests.stack import Tables
from tests.world import Answer, World

FORM = "application/x-www-form-urlencoded"


def verify(world: World, numbers: list[str], **more: Any) -> Answer:
    return world.anyone("POST", "/v1/verify", {"numbers": numbers, **more})


def statuses(answer: Answer) -> list[str]:
    return [result["status"] for result in answer.ok().json["results"]]


def by_form(world: World, **fields: str) -> Answer:
    return world.anyone("POST", "/verify", urlencode(fields).encode(), Content_Type=FORM)


def by_file(world: World, content: bytes, name: str, **fields: str) -> Answer:
    return world.anyone(
        "POST", "/verify", multipart(content, name, fields), Content_Type="multipart/form-data; boundary=b0"
    )


def multipart(content: bytes, name: str, fields: dict[str, str]) -> bytes:
    parts = [f'--b0\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{said}\r\n' for key, said in fields.items()]
    head = f'--b0\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: x/y\r\n\r\n'
    return "".join(parts).encode() + head.encode() + content + b"\r\n--b0--\r\n"


def workbook(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def factory_id(world: World) -> str:
    return world.a_factory()


# --- the answers -----------------------------------------------------------------------------------------------------


@pytest.mark.safety("verify.order")
def test_every_line_is_answered_in_the_order_asked_and_duplicates_each(world: World, factory_id: str) -> None:
    code = world.a_certificate(factory_id)
    asked = ["nobody's 9", code, "CU 123-456", code, "", code.lower(), "***"]
    answer = verify(world, asked)
    results = answer.json["results"]
    assert [(result["line"], result["number"]) for result in results] == list(enumerate(asked, 1))
    assert statuses(answer) == ["unknown", "valid", "valid", "valid", "unknown", "valid", "unknown"]
    assert answer.json["summary"]["valid"] == 4
    assert answer.json["summary"]["unknown"] == 3
    assert answer.json["summary"]["total"] == 7


def test_an_answer_has_the_facts_that_the_single_check_has(world: World, factory_id: str) -> None:
    code = world.a_certificate(factory_id)
    [result] = verify(world, ["cu.123 456"]).json["results"]
    alone = world.anyone.get(f"/v1/certificates/{code}").json
    for name in ("status", "status_reason", "code", "holder", "standard", "valid_to", "confirmed_by_certifier", "url"):
        assert result[name] == alone[name]
    assert result["recorded_number"] == alone["number"]
    assert result["matches"] == 1


@pytest.mark.safety("certificates.withdrawn-at-once")
def test_a_withdrawal_shows_in_the_very_next_check_and_not_on_a_day_before_it(world: World, factory_id: str) -> None:
    code = world.a_certificate(factory_id)
    said = {"standing": "withdrawn", "reason": "Fraud", "effective": "2026-06-01"}
    world.certifier("POST", f"/internal/v1/certificates/{code}/standing", said).ok()
    [result] = verify(world, [code]).json["results"]
    assert (result["status"], result["status_reason"]) == ("withdrawn", "Fraud")
    assert statuses(verify(world, [code], on="2026-05-31")) == ["valid"]
    assert statuses(verify(world, [code], on="2025-12-31")) == ["not_yet_valid"]


def test_of_several_certificates_with_one_number_the_confirmed_one_counts_first(world: World, factory_id: str) -> None:
    owner = world.run_by(factory_id)
    declared = world.certificate_body(factory_id, number="SAME 1", certifier="Some Body", valid_to="2099-12-31")
    owner("POST", "/internal/v1/certificates", declared).ok()
    [alone] = verify(world, ["same1"]).json["results"]
    assert (alone["status"], alone["confirmed_by_certifier"], alone["matches"]) == ("valid", False, 1)
    other = world.a_factory("S-2")
    code = world.a_certificate(other, number="SAME-1", valid_to="2026-02-01")
    [result] = verify(world, ["same1"]).json["results"]
    assert (result["code"], result["status"], result["matches"]) == (code, "expired", 2)
    assert verify(world, ["same1"]).json["summary"]["valid_not_confirmed"] == 0


def test_a_confirmation_moves_a_declared_certificate_over_and_leaves_nothing_behind(
    world: World, factory_id: str
) -> None:
    owner = world.run_by(factory_id)
    owner("POST", "/internal/v1/certificates", world.certificate_body(factory_id, certifier="Sureseal")).ok()
    code = world.a_certificate(factory_id)
    [item] = [item for item in world.tables.scan(world.tables.public) if item["pk"]["S"] == "NUMBER#cu123456"]
    assert item == {"pk": item["pk"], "sk": {"S": "CODES"}, "confirmed": {"SS": [f"gots#{code}"]}}


def test_factories_that_declare_one_number_at_once_all_stay(ministack: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    beginning = World.begun(ministack, monkeypatch)
    world = next(beginning)
    factories = [world.a_factory(f"S-{number}") for number in range(6)]
    said = Particulars("RACE 1", "gots", "GOTS", None, "Any", "", (), date(2026, 1, 1), date(2099, 1, 1))

    def declare(factory_id: str) -> str:
        return certificates.register(factory_id, said, Actor("factory", factory_id, "test"))[0].code

    with ThreadPoolExecutor(6) as pool:
        codes = set(pool.map(declare, factories))
    [item] = [item for item in ministack.scan(ministack.public) if item["pk"]["S"] == "NUMBER#race1"]
    assert {entry.removeprefix("gots#") for entry in item["declared"]["SS"]} == codes
    assert verify(world, ["race 1"]).json["results"][0]["matches"] == 6
    beginning.close()


def test_a_standard_narrows_the_answer(world: World, factory_id: str) -> None:
    world.a_certificate(factory_id)
    for standard in ("gots", "GOTS"):
        assert statuses(verify(world, ["CU 123-456"], standard=standard)) == ["valid"]
    assert statuses(verify(world, ["CU 123-456"], standard="other")) == ["unknown"]
    for nonsense in ("G O", ["gots"]):
        assert verify(world, ["CU 123-456"], standard=nonsense).status == 400


def test_a_mistyped_code_is_unknown_with_advice(world: World) -> None:
    [result] = verify(world, ["C-4J7K2-M9QX2"]).json["results"]
    assert result["status"] == "unknown"
    assert "typing error" in result["advice"]


def test_a_thousand_numbers_are_ten_reads_and_one_more_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "_WORKERS", 1)  # moto takes no second thread
    monkeypatch.setattr(lookup, "SECONDS", 60.0)  # nor is it quick
    calls: list[int] = []
    real = public_table.batch

    def counted(wanted: list[keys.Key]) -> Any:
        calls.append(len(wanted))
        return real(wanted)

    monkeypatch.setattr(public_table, "batch", counted)
    assert set(statuses(verify(world, [f"N {number}" for number in range(1000)]))) == {"unknown"}
    assert calls == [100] * 10
    refused = verify(world, ["x"] * 1001)
    assert refused.status == 413
    assert "Split the list" in refused.json["detail"]


# --- what could not be read ------------------------------------------------------------------------------------------


@pytest.fixture
def leaving_out(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let the table leave keys out of its replies for ever, as one that is throttled does."""
    words: list[str] = []
    real = public_table.batch

    def throttled(wanted: list[keys.Key]) -> Any:
        left = [key for key in wanted if any(word in key.pk for word in words)]
        items, others = real([key for key in wanted if key not in left]) if len(left) < len(wanted) else ([], [])
        return items, [*others, *left]

    monkeypatch.setattr(batch, "_FIRST_PAUSE", 0.0)
    monkeypatch.setattr(public_table, "batch", throttled)
    return words.append


@pytest.mark.safety("verify.throttled")
def test_a_throttled_part_is_unavailable_and_never_unknown(
    world: World, factory_id: str, leaving_out: Callable[[str], None]
) -> None:
    code = world.a_certificate(factory_id)
    lost = world.a_certificate(factory_id, number="LOST 1")
    leaving_out("NUMBER#gone1")
    leaving_out(lost)
    asked = [code, "gone 1", "LOST 1", lost, "nobody's"]
    answer = verify(world, asked)
    assert statuses(answer) == ["valid", "unavailable", "unavailable", "unavailable", "unknown"]
    assert answer.json["summary"]["unavailable"] == 3
    page = by_form(world, numbers="\n".join(asked)).ok().text
    assert "Could not be read now" in page
    assert "check them again in a minute" in page


def test_if_nothing_could_be_read_the_whole_answer_is_unavailable(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_given: Any, **_more: Any) -> Any:
        raise Unavailable("no")

    monkeypatch.setattr(public_table, "batch", down)
    answer = verify(world, ["a", "b"])
    assert answer.status == 503
    assert answer.headers["retry-after"]
    page = by_form(world, numbers="a")
    assert (page.status, page.headers["content-type"]) == (503, "text/html; charset=utf-8")


def test_a_read_that_ends_too_late_is_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public_table, "batch", None)  # nobody may be asked
    wanted = [public_keys.by_number(str(number)) for number in range(150)]
    assert batch.read(wanted, -1.0).unread == set(wanted)


# --- what may be asked -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        {"numbers": "C1"},
        {"numbers": [1]},
        {"numbers": [None]},
        {"numbers": []},
        {"numbers": ["x" * 201]},
        {"numbers": ["x"], "more": 1},
        {"numbers": ["x"], "on": "1 March"},
        {"numbers": ["x"], "on": 20260301},
        {},
    ],
)
def test_what_is_no_list_of_numbers_is_refused(world: World, body: dict[str, Any]) -> None:
    answer = world.anyone("POST", "/v1/verify", body)
    assert answer.status == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_what_the_address_asks_holds_for_a_list_in_json_too(world: World, factory_id: str) -> None:
    code = world.a_certificate(factory_id)

    def asked(query: str, **more: Any) -> Answer:
        return world.anyone("POST", f"/v1/verify?{query}", {"numbers": [code], **more})

    assert asked("on=2025-12-31").json["on"] == "2025-12-31"
    assert statuses(asked("on=2025-12-31")) == statuses(asked("on=2025-12-31", on=None)) == ["not_yet_valid"]
    assert statuses(asked("on=2025-12-31", on="2025-12-31")) == ["not_yet_valid"]
    assert statuses(asked("standard=grs")) == ["unknown"]
    assert asked("known_at=2025-12-31").json["known_at"] == "2025-12-31T23:59:59Z"
    for query, body in (
        ("on=2025-12-31", {"on": "2026-01-01"}),
        ("on=2025-12-31", {"on": 20251231}),
        ("known_at=2025-12-31", {"known_at": "2025-12-30"}),
        ("standard=grs", {"standard": "gots"}),
    ):
        answer = asked(query, **body)
        assert answer.status == 400
        assert answer.json["errors"][0]["pointer"] == f"/{next(iter(body))}"
        assert "differ: give it once." in answer.json["detail"]


def test_a_fault_names_its_place(world: World) -> None:
    answer = world.anyone("POST", "/v1/verify", {"numbers": ["a", "b" * 201, 3]})
    assert [fault["pointer"] for fault in answer.json["errors"]] == ["/numbers/1", "/numbers/2"]


def test_csv_in_and_csv_out(world: World, factory_id: str) -> None:
    code = world.a_certificate(factory_id)
    asked = f"supplier;Certificate No.\nA;CU 123-456\n\nB;{code}\n".encode()
    answer = world.anyone("POST", "/v1/verify?on=2026-03-01", asked, Content_Type="text/csv", Accept="text/csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(row["line"], row["number"], row["status"]) for row in rows] == [
        ("2", "CU 123-456", "valid"),
        ("4", code, "valid"),
    ]
    assert {row["on"] for row in rows} == {"2026-03-01"}
    asked_json = world.anyone("POST", "/v1/verify", asked, Content_Type="text/csv", Accept="application/json, text/csv")
    assert asked_json.json["summary"]["valid"] == 2


def test_answers_are_kept_by_nobody_and_read_by_any_site(world: World) -> None:
    answer = verify(world, ["x"])
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert by_form(world, numbers="x").headers["cache-control"] == "no-store"


# --- the page --------------------------------------------------------------------------------------------------------


def test_the_page_tells_the_sum_first_then_the_lines_and_keeps_what_was_typed(world: World, factory_id: str) -> None:
    world.a_certificate(factory_id)
    text = by_form(world, numbers="CU 123-456\nno such <b>\n", on="2026-03-01").ok().text
    places = [
        text.index(part) for part in ("1 × Valid", "1 × Not found here", "<tbody>", "Global Organic", "<textarea")
    ]
    assert places == sorted(places)
    assert "no such &lt;b&gt;" in text[text.index("<textarea") :]
    assert "no such <b>" not in text
    assert 'value="2026-03-01"' in text


@pytest.mark.parametrize(("numbers", "said"), [("", "Give at least one number"), ("x" * 201, "at most 200 characters")])
def test_a_list_that_cannot_be_checked_is_kept_in_the_form(world: World, numbers: str, said: str) -> None:
    answer = by_form(world, numbers=numbers, on="2026-03-01")
    assert answer.status == 400
    assert said in answer.text
    assert f"\n{numbers}</textarea>" in answer.text


def test_a_bad_day_keeps_the_list(world: World) -> None:
    answer = by_form(world, numbers="KEEP 1", on="yesterday")
    assert answer.status == 400
    assert "KEEP 1" in answer.text


def test_the_table_can_be_downloaded_and_opens_in_a_spreadsheet(world: World, factory_id: str) -> None:
    world.a_certificate(factory_id)
    answer = by_form(world, numbers="CU 123-456\n=HYPERLINK(1)", format="csv").ok()
    assert answer.headers["content-disposition"].startswith('attachment; filename="certificates-checked-')
    assert answer.text.startswith("\ufeffline,number,status")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row["number"] for row in rows] == ["CU 123-456", "'=HYPERLINK(1)"]


@pytest.mark.safety("exports.cells")
@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "  =1"])
def test_cells_that_a_spreadsheet_would_run_are_text(cell: str) -> None:
    [_, [written]] = csv.reader(io.StringIO(sheet.written(["x"], [[cell]]), newline=""))
    assert written.startswith("'")
    assert written.replace("'", "") == cell


def test_without_a_body_the_page_is_the_form(world: World) -> None:
    assert "<textarea" in world.anyone.get("/verify").ok().text
    assert world.anyone("HEAD", "/verify").content == b""


# --- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["list.csv", "list.xlsx"])
def test_a_file_is_read_and_its_numbers_stay_on_the_page(world: World, factory_id: str, name: str) -> None:
    code = world.a_certificate(factory_id)
    rows = [["Supplier", "Certificate number"], ["A", "CU 123-456"], ["B", code], ["C", 7190442]]
    text = "\n".join(",".join(map(str, row)) for row in rows)
    content = workbook(*rows) if name.endswith("xlsx") else text.encode("utf-8-sig")
    page = by_file(world, content, name, numbers="").ok().text
    assert "2 × Valid" in page
    assert f"CU 123-456\n{code}\n7190442</textarea>" in page


def test_the_gateway_hands_a_file_over_as_base64(world: World, factory_id: str) -> None:
    import app

    world.a_certificate(factory_id)
    event = events.get("/verify")
    event |= {"httpMethod": "POST", "isBase64Encoded": True}
    event["requestContext"]["httpMethod"] = "POST"
    event["headers"]["Content-Type"] = "multipart/form-data; boundary=b0"
    event["multiValueHeaders"]["Content-Type"] = ["multipart/form-data; boundary=b0"]
    event["body"] = base64.b64encode(multipart(workbook(["number"], ["CU 123-456"]), "a.xlsx", {})).decode()
    answer = app.app(event, None)
    assert answer["statusCode"] == 200
    assert "1 × Valid" in answer["body"]
    assert not answer.get("isBase64Encoded")
    assert "multipart/form-data" in app.app.api.binary_types


def a_zip(**parts: str) -> bytes:
    out = io.BytesIO()
    relations = '<Relationships><Relationship Id="a" Type="x/worksheet" Target="s.xml"/></Relationships>'
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", parts.get("book", '<w xmlns:r="r"><sheet r:id="a"/></w>'))
        archive.writestr("xl/_rels/workbook.xml.rels", parts.get("relations", relations))
        archive.writestr("xl/s.xml", parts.get("sheet", "<s/>"))
        if "texts" in parts:
            archive.writestr("xl/sharedStrings.xml", parts["texts"])
    return out.getvalue()


@pytest.mark.safety("exports.import-bomb")
def test_a_bomb_is_refused_before_it_unfolds(world: World) -> None:
    for bomb in (a_zip(sheet="<s>" + " " * 60_000_000), a_zip(texts="<sst>" + "<si><t>x</t></si>" * 300_000)):
        assert len(bomb) < 1_000_000
        answer = by_file(world, bomb, "bomb.xlsx")
        assert answer.status == 413
        assert "unpacks to far more" in answer.text
    assert by_file(world, b"x" * 1_000_001, "big.csv").status == 413
    assert by_file(world, b"x" * 3_000_001, "big.csv").status == 413


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 no zip at all",
        a_zip(book='<!DOCTYPE a [<!ENTITY b "bb">]><w>&b;</w>'),
        a_zip(book="<w>" * 50 + "</w>" * 50),
        a_zip(relations="<Relationships/>"),
        a_zip(sheet="<s><row><c t='s'><v>seven</v></c></row></s>"),
        a_zip()[:-30],
        b"\x00\x01\x02",
    ],
    ids=["no zip", "entities", "too deep", "no sheet", "no number", "cut off", "binary"],
)
def test_a_file_that_is_none_is_refused_in_words(world: World, content: bytes) -> None:
    answer = by_file(world, content, "odd.xlsx")
    assert answer.status == 400
    assert "Save it as CSV" in answer.text


def test_a_workbook_is_read_as_other_programs_write_it() -> None:
    sheet_xml = (
        "<s><sheetData><row r='3'><c r='B3' t='inlineStr'><is><t>in</t><rPh><t>no</t></rPh></is></c></row>"
        "<row r='4'><c r='A4' t='str'><f>x</f><v>made</v></c><c><v>7.190442E6</v></c><c t='e'><v>#REF!</v></c></row>"
        "<row r='9'><c t='s'><v>0</v></c><c t='s'><v>99</v></c></row></sheetData></s>"
    )
    texts = "<sst><si><r><t>a</t></r><r><t>b</t></r></si></sst>"
    found = spreadsheet.rows(a_zip(sheet=sheet_xml.replace("<rPh><t>no</t></rPh>", ""), texts=texts), 10)
    assert found == [(3, ["", "in"]), (4, ["made", "7190442"]), (9, ["ab"])]


@pytest.mark.parametrize("body", [b"", b"--b0", b"--b0\r\nContent-Disposition: x\r\n\r\n--b0--", b"\xff" * 50])
def test_a_form_that_is_none_is_a_4xx(world: World, body: bytes) -> None:
    answer = world.anyone("POST", "/verify", body, Content_Type="multipart/form-data; boundary=b0")
    assert 400 <= answer.status < 500
    assert world.anyone("POST", "/verify", body, Content_Type="multipart/form-data").status == 400


# --- lists -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("A 1\r\n\r\n  B/2 \n", [(1, "A 1"), (3, "B/2")]),
        ("A 1, B 2;C 3", [(1, "A 1"), (1, "B 2"), (1, "C 3")]),
        ("number\tname\nA 1\tx\nB 2\ty", [(2, "A 1"), (3, "B 2")]),
        ("A 1\tx\nB 2\ty", [(1, "A 1"), (2, "B 2")]),
        ("name,number\nx,A 1\ny,B 2", [(2, "A 1"), (3, "B 2")]),
        ("A 1\nB, 2\nC 3", [(1, "A 1"), (2, "B, 2"), (3, "C 3")]),
        ("১২৩\u2028四五", [(1, "১২৩"), (2, "四五")]),
    ],
)
def test_a_paste_is_understood(typed: str, expected: list[tuple[int, str]]) -> None:
    assert [tuple(line) for line in listing.pasted(typed)] == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("code,number\nC1,N1\n", ["N1"]),
        ("id,CODE\n1,C1\n", ["C1"]),
        ("N1,x\nN2,y\n", ["N1", "N2"]),
        ('"N,1";x\n"N\n2";y\n', ["N,1", "N\n2"]),
        ("a;b;number\n1;2;N1\n", ["N1"]),
    ],
)
def test_the_column_is_found(content: str, expected: list[str]) -> None:
    assert [line.number for line in listing.from_csv(content)] == expected


def test_files_of_any_common_encoding_are_read() -> None:
    assert listing.decoded("Numéro".encode("cp1252")) == "Numéro"
    assert listing.decoded("Numéro".encode("utf-16")) == "Numéro"
    assert listing.decoded("\ufeffNuméro".encode()) == "Numéro"
    with pytest.raises(Malformed):
        listing.decoded(b"a\x00b")


def test_a_table_of_too_many_rows_is_refused_and_one_of_too_wide_cells_as_well() -> None:
    with pytest.raises(TooLarge):
        listing.from_csv("x\n" * 1001)
    with pytest.raises(Malformed):
        listing.from_csv('"' + "x" * 140_000)


def test_what_the_service_wrote_can_be_checked_again(world: World, factory_id: str) -> None:
    world.a_certificate(factory_id)
    first = by_form(world, numbers="CU 123-456\nnobody", format="csv").ok().content
    page = by_file(world, first, "again.csv").ok().text
    assert "1 × Valid" in page
    assert "1 × Not found here" in page
