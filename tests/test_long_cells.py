"""What stands in a cell of a list is read to its end, or refused with its line: a record never says half of it."""

from __future__ import annotations

import csv
import io
import time
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.domain.certificate import Outcome
from chalicelib.domain.errors import TooLarge
from chalicelib.internal import certificate_batch, invite_list
from chalicelib.internal.access import SCOPES
from chalicelib.internal.access import Caller as Known
from chalicelib.internal.inviting import Inviter
from chalicelib.store.registry import people, products
from chalicelib.store.registry.people import Role
from chalicelib.web import certificate_sheet, invite_sheet, language, product_sheet, reading_sheet, sheet, spreadsheet
from chalicelib.web.workbook import written as a_workbook
from tests.portal_browser import STAFF, filled, signed_in
from tests.test_portal_products import CLAIRE, GTIN, IMPORT, uploaded
from tests.test_verify import a_zip, by_file
from tests.world import World

pytest_plugins = ["tests.conftest_portal"]

CERTIFIER = Known("certifier", "sureseal", "key", SCOPES["certifier"])
EXCEPT = "Knitting, " * 99 + "dyeing EXCEPT printing, which is not covered by this certificate"
RANGE = [f"{'Knitted T-shirt, model ' * 8}{number:03d}" for number in range(30)]


def file_of(kind: str, *rows: list[str]) -> bytes:
    """The same rows in the kinds of files that people have."""
    if kind == "xlsx":
        return a_workbook(rows[0], rows[1:]).encode()
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_certificate_says_all_that_its_row_says_or_its_row_is_refused(world: World, kind: str) -> None:
    dated = ["2026-01-01", "2027-01-01"]
    factory_id = world.a_factory()
    rows = [
        ["factory_id", "number", "standard_id", "scope", "valid_from", "valid_to", "products"],
        [factory_id, "CU 1", "gots", EXCEPT, *dated, ""],
        [factory_id, "CU 2", "gots", "Knitting", *dated, "; ".join(RANGE)],
    ]
    given = [entry.said for entry in certificate_sheet.of_file(file_of(kind, *rows))]
    refused, taken = certificate_batch.apply(CERTIFIER, given)
    assert (refused.outcome, refused.detail) == (Outcome.REJECTED, "/scope: is longer than 1000 characters")
    assert taken.outcome is Outcome.CREATED
    assert world.anyone.get(f"/v1/certificates/{taken.code}").ok().json["products"] == RANGE


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_product_has_as_many_lots_from_a_file_as_it_may_have(
    runner: SimpleNamespace, mails: list[EmailMessage], kind: str
) -> None:
    people.add(Role("member", "maison"), CLAIRE, STAFF)
    claire = signed_in(runner.browser, CLAIRE, mails)
    lots = [f"LOT-2026-{number:011d}" for number in range(1001)]

    def looked_at(some: list[str]) -> Any:
        row = [GTIN, "Maison", "T-shirt", "knitwear", " ".join(some), "sewing", runner.factory_id]
        return uploaded(claire, file_of(kind, list(product_sheet.COLUMNS), row), f"list.{kind}")

    assert "Line 2, Lots: must be a list of <bdi>0</bdi> to <bdi>1000</bdi>" in looked_at(lots).text
    claire.post(f"{IMPORT}/confirm", filled(looked_at(lots[:1000]).text, -2))
    assert products.load(GTIN).lots == tuple(lots[:1000])


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.usefixtures("world")
def test_a_long_name_is_a_fault_of_its_row_and_a_column_that_is_not_read_may_be_long(kind: str) -> None:
    rows = [
        ["email", "name", "country", "notes"],
        ["a@mill.example", f"A{' ' * 1000}Mill", "BD", "n" * 20_000],
        ["b@mill.example", "B Mill", "BD", "n" * 20_000],
    ]
    found = invite_sheet.from_file(file_of(kind, *rows))
    english = language.language("en")
    long, short = invite_list.look(Inviter("maison", "Maison"), found.entries, "en", english)
    assert [(long.entry.line, fault.pointer, fault.detail) for fault in long.faults] == [
        (2, "/name", "is longer than 200 characters")
    ]
    assert (short.faults, found.unread) == ((), ("notes",))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_number_of_a_list_is_not_taken_for_its_beginning(world: World, kind: str) -> None:
    world.a_certificate(world.a_factory())
    cell = f"CU 123-456{' ' * 1000}of another holder"
    answer = by_file(world, file_of(kind, ["number"], ["CU 1"], [cell]), f"list.{kind}")
    assert (answer.status, "A number has at most 200 characters" in answer.text) == (400, True)
    [reading] = reading_sheet.from_file(file_of(kind, ["period", "amount"], ["2026-01", f"12{' ' * 1000}500"]))
    assert reading.cells["amount"].endswith("500")


def test_one_text_that_stands_in_many_cells_is_counted_in_each() -> None:
    row = "<row>" + "<c t='s'><v>0</v></c>" * 50 + "</row>"
    texts = f"<sst><si><t>{'x' * 10_000}</t></si></sst>"
    with pytest.raises(TooLarge):
        spreadsheet.rows(a_zip(sheet=f"<s><sheetData>{row * 17}</sheetData></s>", texts=texts), 1000)
    assert len(spreadsheet.rows(a_zip(sheet=f"<s><sheetData>{row * 16}</sheetData></s>", texts=texts), 1000)) == 16


def test_a_cell_of_blanks_is_read_once_and_not_once_for_each() -> None:
    blanks = "\n" * 100_000
    begun = time.process_time()
    assert sheet.typed(f"a{blanks}b") == sheet.inert(f"a{blanks}b") == f"a{blanks}b"
    assert sheet.typed(sheet.inert(f"a{blanks}=b")) == f"a{blanks}=b"
    texts = f"<sst><si><t>{' ' * 1_000_000}x</t></si></sst>"
    row = "<row>" + "<c t='s'><v>0</v></c>" * 50 + "</row>"
    found = spreadsheet.rows(a_zip(sheet=f"<s><sheetData>{row * 200}</sheetData></s>", texts=texts), 200)
    assert found == [(number, ["x"] * 50) for number in range(1, 201)]
    assert time.process_time() - begun < 2
