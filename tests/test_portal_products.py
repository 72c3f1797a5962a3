"""A member's products in the portal. See SAFETY: Exports (formula-safe; a product of another → 404; bomb → 413)."""

from __future__ import annotations

import csv
import html
import io
import re
import zipfile
from email.message import EmailMessage
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.internal import products as api
from chalicelib.store import reader
from chalicelib.store.registry import organisations, people, products
from chalicelib.store.registry.people import Role
from chalicelib.web import product_sheet, workbook
from tests.portal_browser import STAFF, Browser, filled, signed_in

pytest_plugins = ["tests.conftest_portal"]

CLAIRE = "claire@maison.example"
PRODUCTS = "/portal/products"
NEW = f"{PRODUCTS}/new"
IMPORT = f"{PRODUCTS}/import"
GTIN = "09521234543213"


@pytest.fixture
def claire(runner: SimpleNamespace, mails: list[EmailMessage]) -> Browser:
    people.add(Role("member", "maison"), CLAIRE, STAFF)
    return signed_in(runner.browser, CLAIRE, mails)


def typed(runner: SimpleNamespace, **changed: str) -> dict[str, str]:
    texts = {"gtin": GTIN, "brand": "Maison", "name": "T-shirt", "category": "Knitwear", "lots": "L1\nL2, L3"}
    rows = {"process-1": "Knitting", "factory_id-1": runner.factory_id, "process-3": "garment making"}
    return {**texts, **rows, "factory_id-3": runner.factory_id.lower(), **changed}


def file_of(*rows: tuple[str, ...]) -> str:
    return product_sheet.written([dict(zip(product_sheet.COLUMNS, row, strict=True)) for row in rows])


def uploaded(browser: Browser, content: bytes, name: str = "list.csv") -> SimpleNamespace:
    token = browser.form(IMPORT)["csrf_token"]
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'.encode(),
        f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode() + content + b"\r\n",
        b"--x--\r\n",
    ]
    return browser._call("POST", IMPORT, b"".join(parts), {"Content-Type": "multipart/form-data; boundary=x"})


def test_a_product_is_added_stage_by_stage_and_is_public_with_its_code(
    claire: Browser, runner: SimpleNamespace
) -> None:
    done = claire.send(NEW, typed(runner))
    assert done.headers["Location"] == f"{PRODUCTS}/{GTIN}?done=created"
    shown = claire.get(f"{PRODUCTS}/{GTIN}").text
    assert "Kolmilata Knit Ltd." in shown
    assert "data:image/svg+xml" in shown
    assert f"/01/{GTIN}" in shown
    product = products.load(GTIN)
    assert [stage.process for stage in product.stages] == ["knitting", "garment_making"]
    assert product.lots == ("L1", "L2", "L3")
    assert "T-shirt" in claire.get(f"/01/{GTIN}").text
    assert GTIN in claire.get(PRODUCTS).text


def test_more_rows_keep_every_input_and_write_nothing(claire: Browser, runner: SimpleNamespace) -> None:
    before = claire.form(NEW)
    sent = {**before, **typed(runner), "process-2": "<b>", "more": "rows"}
    more = claire.post(NEW, sent)
    assert more.status == 200
    after = filled(more.text)
    assert int(after["rows"]) == int(before["rows"]) + 5
    assert {name: after[name] for name in sent if name not in ("more", "rows")} == {
        name: text for name, text in sent.items() if name not in ("more", "rows")
    }
    assert "Kolmilata Knit Ltd." in more.text
    assert products.load(GTIN) is None
    many = claire.post(NEW, {**sent, "rows": "999999"})
    assert filled(many.text)["rows"] == "9"
    full = claire.post(NEW, {**sent, "rows": "29"})
    assert (filled(full.text)["rows"], "More rows" in full.text) == ("30", False)


def test_each_fault_is_told_at_its_row_and_the_input_is_kept(claire: Browser, runner: SimpleNamespace) -> None:
    wrong = typed(runner, **{"factory_id-3": "BD-XXXXX-XXXXX", "process-1": "", "brand": ""})
    refused = claire.send(NEW, wrong)
    assert refused.status == 400
    for name in ("factory_id-3", "process-1", "brand"):
        assert f'href="#{name}"' in refused.text
        assert f'id="{name}-fault"' in refused.text
    assert filled(refused.text)["factory_id-3"] == "BD-XXXXX-XXXXX"
    unknown = claire.send(NEW, typed(runner, **{"factory_id-3": "BDF8QY40YGE1"}))
    assert 'href="#factory_id-3"' in unknown.text
    assert "is not on record" in unknown.text
    assert claire.send(NEW, typed(runner, gtin="123")).status == 400
    empty = claire.send(NEW, brand="B", name="N", category="c")
    assert (empty.status, 'href="#process-1"' in empty.text) == (400, True)
    assert products.load(GTIN) is None


def test_a_product_without_a_gtin_sent_twice_is_one_product(claire: Browser, runner: SimpleNamespace) -> None:
    sent = {**claire.form(NEW), **typed(runner, gtin="")}
    first, second = claire.post(NEW, sent), claire.post(NEW, sent)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(products.listed("maison")) == 1


def test_a_gtin_of_ones_own_is_not_overwritten_by_adding_and_one_of_another_is_a_409(
    claire: Browser, runner: SimpleNamespace, mails: list[EmailMessage]
) -> None:
    claire.send(NEW, typed(runner))
    again = claire.send(NEW, typed(runner, name="Other"))
    assert (again.status, products.load(GTIN).name) == (400, "T-shirt")
    organisations.put("member", "autre", {"name": "Autre", "country": "FR"}, STAFF)
    people.add(Role("member", "autre"), "paul@autre.example", STAFF)
    signed_in(claire, "paul@autre.example", mails)
    assert claire.get(f"{PRODUCTS}/{GTIN}").status == 404
    token = claire.form(NEW)["csrf_token"]
    assert claire.post(f"{PRODUCTS}/{GTIN}", {"csrf_token": token, "name": "X"}).status == 404
    assert claire.send(NEW, typed(runner)).status == 409
    assert GTIN not in claire.get(PRODUCTS).text
    list_of = file_of((GTIN, "A", "B", "knitwear", "", "sewing", runner.factory_id))
    assert "Another member answers for this product" in claire.send(IMPORT, pasted=list_of).text
    assert products.load(GTIN).name == "T-shirt"


def test_a_product_is_changed_by_its_form(claire: Browser, runner: SimpleNamespace) -> None:
    claire.send(NEW, typed(runner))
    one = f"{PRODUCTS}/{GTIN}"
    assert claire.send(one, name="Shirt", **{"process-2": ""}).status == 400
    assert claire.send(one, {"process-2": "", "factory_id-2": ""}, page=one, name="Shirt").status == 303
    assert (products.load(GTIN).name, len(products.load(GTIN).stages)) == ("Shirt", 1)


def test_who_saves_a_product_that_a_colleague_changed_meanwhile_is_told_and_keeps_every_input(
    claire: Browser, runner: SimpleNamespace
) -> None:
    claire.send(NEW, typed(runner))
    one = f"{PRODUCTS}/{GTIN}"
    plain = {"process-2": "", "factory_id-2": ""}
    seen = {**claire.form(one), **plain}
    claire.send(one, plain, page=one, category="Socks")
    late = claire.post(one, {**seen, "name": "Shirt"})
    assert (late.status, filled(late.text)["name"]) == (409, "Shirt")
    assert "A colleague changed this product" in late.text
    assert (products.load(GTIN).name, products.load(GTIN).category) == ("T-shirt", "socks")
    assert claire.post(one, filled(late.text)).status == 303
    assert products.load(GTIN).name == "Shirt"
    assert claire.post(one, {**seen, "version": "²"}).status == 400


def test_a_file_is_looked_at_before_anything_is_written_and_then_taken_once(
    claire: Browser, runner: SimpleNamespace
) -> None:
    code = runner.factory_id
    rows = file_of(
        (GTIN, "Maison", "T-shirt", "knitwear", "L1", "knitting", code),
        (GTIN, "", "", "", "L2", "sewing", code),
        ("", "Maison", "Scarf", "accessories", "", "weaving", code),
        ("", "Maison", "Bad", "bags", "", "sewing", "BDF8QY40YGE1"),
        ("123", "Maison", "Worse", "bags", "", "sewing", code),
    )
    looked = uploaded(claire, rows.encode())
    assert looked.status == 200
    assert "Line 5" in looked.text
    assert "Line 6" in looked.text
    assert "Kolmilata Knit Ltd." in looked.text
    assert "Import 2 products" in looked.text
    assert products.load(GTIN) is None
    assert products.listed("maison") == []
    sent = filled(looked.text, -2)
    for _ in range(2):
        assert claire.post(f"{IMPORT}/confirm", sent).status == 303
    held = {each.name: each for each in products.listed("maison")}
    assert set(held) == {"T-shirt", "Scarf"}
    assert held["T-shirt"].lots == ("L1", "L2")
    assert [stage.process for stage in held["T-shirt"].stages] == ["knitting", "sewing"]
    assert reader.has_product(held["Scarf"].product_id)
    again = claire.send(IMPORT, pasted=rows)
    assert "As it is on record" in again.text


def test_a_workbook_is_read_like_a_csv(claire: Browser, runner: SimpleNamespace) -> None:
    row = [GTIN, "Maison", "T-shirt", "knitwear", "", "sewing", runner.factory_id]
    book = workbook.written(product_sheet.COLUMNS, [row]).encode()
    assert "Import 1 product" in uploaded(claire, book, "list.xlsx").text


def test_rows_that_contradict_each_other_and_lists_without_headings_are_refused(
    claire: Browser, runner: SimpleNamespace
) -> None:
    code = runner.factory_id
    rows = file_of((GTIN, "A", "T", "c", "", "sewing", code), (GTIN, "B", "T", "c", "", "dyeing", code))
    told = claire.send(IMPORT, pasted=rows).text
    assert "Line 3" in told
    assert "says something else than a row before it" in told
    for bad in ("", "a,b\n1,2", "gtin,brand\n1,2"):
        answer = claire.send(IMPORT, pasted=bad)
        assert (answer.status, html.unescape(answer.text).count("There is a problem")) == (400, 1), bad


@pytest.mark.safety("exports.import-bomb")
def test_an_import_bomb_is_a_413_and_writes_nothing(claire: Browser, runner: SimpleNamespace) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
            archive.writestr(name, "<a/>")
        archive.writestr("xl/sharedStrings.xml", b"<sst>" + b"<si><t>x</t></si>" * 2_000_000 + b"</sst>")
    assert uploaded(claire, packed.getvalue(), "bomb.xlsx").status == 413
    line = f"{GTIN},A,B,c,,sewing,{runner.factory_id}\n"
    head = ",".join(product_sheet.COLUMNS) + "\n"
    assert uploaded(claire, (head + line * 2001).encode()).status == 413
    assert uploaded(claire, b"x" * 1_000_001).status == 413
    assert uploaded(claire, b"x" * 3_100_000).status == 413
    several = "".join(f",A,B{number},c,,sewing,{runner.factory_id}\n" for number in range(201))
    assert uploaded(claire, (head + several).encode()).status == 413
    assert products.listed("maison") == []


def test_the_confirmation_checks_everything_anew(claire: Browser) -> None:
    token = claire.form(IMPORT)["csrf_token"]
    bad = file_of((GTIN, "A", "T", "c", "", "sewing", "BDF8QY40YGE1"))
    refused = claire.post(f"{IMPORT}/confirm", {"csrf_token": token, "rows": bad})
    assert refused.status == 400
    assert "is not on record" in refused.text
    assert claire.post(f"{IMPORT}/confirm", {"csrf_token": "0" * 64, "rows": bad}).status == 403
    assert products.load(GTIN) is None


def test_the_template_can_be_read_back(claire: Browser) -> None:
    answer = claire.get(f"{IMPORT}/template.csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert next(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))["process"] == "knitting"
    assert len(product_sheet.pasted(answer.text)) == 2


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=40))
def test_a_cell_kept_from_running_comes_back_as_it_was(text: str) -> None:
    row = {"brand": text, "process": "sewing", "factory_id": "x"}
    written = product_sheet.written([row])
    for cell in next(csv.reader(io.StringIO(written.split("\r\n", 1)[1], newline=""))):
        assert not cell.lstrip().startswith(("=", "+", "-", "@"))
    [entry] = product_sheet.pasted(written)
    if not text.strip().startswith("'"):
        assert entry.cells.get("brand", "").strip() == text.strip()


def test_an_empty_form_with_a_word_that_something_is_done_is_the_empty_form(claire: Browser) -> None:
    answer = claire.get("/portal/products/new?done=saved")
    assert (answer.status, "Saved, and public" in answer.text) == (200, False)


def test_products_by_json_are_the_members_own_and_go_on_by_a_cursor(
    claire: Browser, runner: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    claire.send(NEW, typed(runner))
    claire.send(NEW, typed(runner, gtin=""))
    monkeypatch.setattr(api, "PAGE", 1)
    page = claire.get("/internal/v1/products")
    assert page.text.count('"product_id"') == 1
    cursor = re.search(r'"next_cursor":"([^"]+)"', page.text).group(1)
    last = claire.get(f"/internal/v1/products?cursor={cursor}")
    assert '"next_cursor":null' in last.text
    assert claire.get("/internal/v1/products?cursor=x").status == 400
    assert claire.get(f"/internal/v1/products/{GTIN}").status == 200
    assert claire.get("/internal/v1/products/96385074").status == 404
    assert 'rel="next"' in claire.get(PRODUCTS).text
