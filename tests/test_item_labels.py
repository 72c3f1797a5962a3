"""Labels of items: each code is the product's own address with its serial number, and can be read where it is drawn."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pypdfium2
import pytest
import segno
import zxingcpp

from app import app
from chalicelib.domain import gs1
from chalicelib.public import edge
from chalicelib.web import print_code
from factory_id import label_check, label_file
from factory_id.command import main
from factory_id.label_check import Sample
from factory_labels import document, layouts, links, symbols
from factory_labels.layouts import LAYOUTS
from factory_labels.links import Unfit
from infra import scannability
from infra.scannability import Print
from infra.serve import Site
from tests.world import GTIN, World

ROOT = Path(__file__).resolve().parent.parent
BASE_URL = edge.SETTINGS.base_url
OURS = BASE_URL.upper()


def texts_read(picture: Any) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)]


def pages_read(content: bytes, dpi: int = 200) -> list[list[str]]:
    with pypdfium2.PdfDocument(content) as opened:
        return [sorted(texts_read(sheet.render(scale=dpi / 72, grayscale=True).to_pil())) for sheet in opened]


# --- symbols ---------------------------------------------------------------------------------------------------------


def test_a_symbol_is_the_one_that_segno_makes_with_the_mask_that_it_prefers() -> None:
    chance = random.Random(14)
    for _ in range(120):
        level, version = chance.choice("LMQH"), chance.choice([2, 3, 4, 5, 7])
        content = f"HTTPS://X.EXAMPLE/21/{''.join(chance.choices('ABCDEFGHJK0123456789', k=chance.randrange(1, 20)))}"
        content = chance.choice((content, content.lower()))
        try:
            theirs = segno.make_qr(content, error=level, version=version, boost_error=False)
        except segno.DataOverflowError:
            continue
        assert symbols.rows(content, level, version) == ["".join(map(str, row)) for row in theirs.matrix]


def test_the_rule_of_the_narrowest_module_is_the_one_of_all_other_codes() -> None:
    assert layouts.SMALLEST_MODULE == print_code.SMALLEST_MODULE_MM
    assert label_check.DPI / 25.4 * layouts.SMALLEST_MODULE >= print_code.FEWEST_DOTS


@pytest.mark.parametrize("level", symbols.LEVELS)
def test_the_smallest_code_on_a_label_passes_the_gate_damaged_and_blurred(level: str) -> None:
    address = links.item(BASE_URL, GTIN, "A00017").address
    modules = symbols.width(symbols.version_of(address, level)) + 2 * symbols.QUIET
    assert scannability.passes(address, level, Print(modules * layouts.SMALLEST_MODULE, 300))


# --- addresses -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "serial", ["A0001", "a-1", "1/2", "%", "+", "50%25", "x?y", "(1)", "Z" * 20, "_", "é"[:0] + "."]
)
@pytest.mark.parametrize("lot", ["", "L/1"])
def test_an_address_is_the_digital_link_that_the_resolver_reads(serial: str, lot: str) -> None:
    if serial == ".":
        with pytest.raises(Unfit, match="dots"):
            links.item(BASE_URL, GTIN, serial, lot)
        return
    item = links.item(BASE_URL, GTIN, serial, lot)
    read = gs1.parse_uri(item.address)
    assert (read.value, read.qualifiers) == (GTIN, {**({"10": lot} if lot else {}), "21": serial})
    assert item.address.lower() == BASE_URL + read.path.lower()
    assert "".join(item.lines) == read.element_string


@pytest.mark.parametrize("serial", ["", "A 1", "é", "x" * 21, "a\\b", "A\n", "..", "#1"])
def test_what_gs1_does_not_allow_gets_no_label(serial: str) -> None:
    with pytest.raises(Unfit):
        links.item(BASE_URL, GTIN, serial)


def test_small_letters_and_a_path_are_left_as_they_are() -> None:
    assert links.item(BASE_URL, GTIN, "A1").address.startswith(f"{OURS}/01/")
    assert links.item(BASE_URL, GTIN, "a1").address == f"{BASE_URL}/01/{GTIN}/21/a1"
    assert links.item(f"{BASE_URL}/api/", GTIN, "A1").address == f"{BASE_URL}/api/01/{GTIN}/21/A1"


def test_a_range_is_counted_up_with_its_zeros_and_what_cannot_be_counted_is_refused() -> None:
    found = [links.numbered("A0099", number) for number in links.running("A0099", "A0101")]
    assert found == ["A0099", "A0100", "A0101"]
    assert [links.numbered("9", number) for number in links.running("9", "11")] == ["9", "10", "11"]
    for first, last in (("A1", "B2"), ("A01", "A9"), ("A", "B"), ("A2", "A1"), ("1", "9999999"), ("A10", "A9")):
        with pytest.raises(Unfit):
            links.running(first, last)


# --- sheets ----------------------------------------------------------------------------------------------------------


def a_job(layout: layouts.Layout, serial: str = "A00001", level: str = "Q", **more: Any) -> layouts.Job:
    item = links.item(BASE_URL, GTIN, serial)
    version = symbols.version_of(item.address, level)
    return layouts.job(layout, level, version, (2, max(map(len, item.lines))), **more)


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_code_of_a_full_sheet_is_read_and_lies_on_its_label(name: str) -> None:
    layout = LAYOUTS[name]
    job = a_job(layout, level="M" if name == "avery-l7651" else "Q", marks=True)
    items = [links.item(BASE_URL, GTIN, f"A{number:05d}") for number in range(layout.labels + 1)]
    addresses = sorted(item.address for item in items[:-1])
    assert pages_read(document.whole(job, items, "test").encode("ascii")) == [addresses, [items[-1].address]]
    for place in range(layout.labels):
        left, bottom, right, top = job.code_box(place)
        x, y = layout.corner(place)
        height = layout.paper[1] - y
        assert x <= left < right <= x + layout.label[0] <= layout.paper[0]
        assert max(0, height - layout.label[1]) <= bottom - job.text_height < top <= height


def test_labels_too_small_for_the_code_or_its_letters_are_refused_with_advice() -> None:
    with pytest.raises(Unfit, match="less error correction"):
        a_job(LAYOUTS["avery-l7651"])
    with pytest.raises(Unfit, match="at least 18"):
        a_job(LAYOUTS["avery-l7160"], most=12)
    with pytest.raises(Unfit, match="too narrow"):
        a_job(layouts.grid("a4", 10, 5), serial="W" * 20)
    for wrong in ((0, 1, None), (1, 99, None), (3, 7, (80.0, 30.0)), (3, 7, (float("nan"), 30.0))):
        with pytest.raises(Unfit):
            layouts.grid("a4", *wrong)


def test_modules_are_whole_dots_wide_so_that_no_edge_is_grey() -> None:
    whole = replace(LAYOUTS["avery-l7160"], paper=(2480.95 * 25.4 / 300, 3507.99 * 25.4 / 300))
    job = a_job(whole)
    item = links.item(BASE_URL, GTIN, "A00001")._replace(lines=())
    for each, most in ((job, 0.01), (replace(job, code=job.code * 1.03, dot=0.0), 1.0)):
        with pypdfium2.PdfDocument(document.whole(each, [item] * 21, "test").encode("ascii")) as opened:
            levels = opened[0].render(scale=300 / 72, grayscale=True).to_pil().histogram()
        grey = sum(levels[16:240]) / sum(levels[:240])
        assert grey < most
    assert grey > 0.1, "off the dots, edges are grey: so the above says something"


def test_a_sample_has_the_first_and_the_last_and_the_same_by_the_same_seed() -> None:
    sample = Sample.of(10_000, 200, 7)
    numbers = sample.numbers()
    assert (numbers[0], numbers[-1]) == (0, 9_999)
    assert 190 <= len(numbers) <= 202
    assert set(range(0, 10_000, sample.every)) <= set(numbers)
    assert numbers == Sample.of(10_000, 200, 7).numbers() != Sample.of(10_000, 200, 8).numbers()
    assert "--seed 7" in str(sample)
    assert Sample.of(30, 200, 1).numbers() == list(range(30))


# --- the command -----------------------------------------------------------------------------------------------------


@pytest.fixture
def shop(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """A brand with a product on record, a folder, and the command."""
    world.a_product(world.a_factory())
    site = Site(app, "127.0.0.1", 0).start()
    monkeypatch.setenv("FACTORY_ID_URL", f"http://127.0.0.1:{site.port}")
    yield SimpleNamespace(
        folder=tmp_path, run=lambda *words: main(["labels", *map(str, words)]), url=f"http://127.0.0.1:{site.port}"
    )
    site.stop()


def test_a_file_of_items_becomes_a_sheet_each_code_of_which_is_read_back(
    shop: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = ["GTIN;Serial;Lot", *(f"{GTIN[1:]};S-{number};L1" for number in range(30)), "", f"{GTIN};ab/1;"]
    (shop.folder / "items.csv").write_text("\n".join(rows), encoding="utf-8")
    out = shop.folder / "items.pdf"
    assert shop.run(shop.folder / "items.csv", "-o", out, "--workers", 2) == 0
    expected = [f"{OURS}/01/{GTIN}/10/L1/21/S-{number}" for number in range(30)] + [f"{BASE_URL}/01/{GTIN}/21/ab%2F1"]
    assert sorted(text for sheet in pages_read(out.read_bytes()) for text in sheet) == sorted(expected)
    said = capsys.readouterr()
    assert "31 labels on 2 pages" in said.out
    assert "all 31" in said.out
    assert "31 of 31" in said.err
    assert sorted(each.name for each in shop.folder.iterdir()) == ["items.csv", "items.pdf"]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (["gtin,serial", f"{GTIN},A1", f"{GTIN},A 2"], "row 3"),
        (["gtin,serial", f"{GTIN},A1", f"{GTIN},A1"], "stands there twice"),
        (["gtin,serial", "09521234543214,A1"], "typing error"),
        (["gtin,serial", "04006381333931,A1"], "would lead nowhere"),
        (["gtin,number", f"{GTIN},A1"], "lacks: serial"),
        (["gtin,serial"], "no item"),
    ],
)
def test_a_file_with_anything_wrong_is_refused_before_a_page_is_drawn(
    shop: SimpleNamespace, capsys: pytest.CaptureFixture[str], rows: list[str], told: str
) -> None:
    (shop.folder / "items.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert shop.run(shop.folder / "items.csv", "-o", shop.folder / "out.pdf") == 2
    assert told in capsys.readouterr().err
    assert [each.name for each in shop.folder.iterdir()] == ["items.csv"]


@pytest.mark.parametrize(
    "words",
    [
        ["--gtin", GTIN],
        ["--serials", "A1..A2"],
        ["--gtin", GTIN, "--serials", "nothing"],
        ["--gtin", GTIN, "--serials", "A9..A1"],
        ["--gtin", GTIN, "--serials", "A1..A2", "--layout", "avery-l7160", "--cols", "3"],
        ["--gtin", GTIN, "--serials", "A1..A2", "--label-mm", "wide"],
        ["--gtin", GTIN, "--serials", "A1..A2", "--size", "5"],
        ["--gtin", GTIN, "--serials", "A1..A2", "--workers", "0"],
        [],
    ],
)
def test_wrong_use_is_told_and_nothing_is_written(shop: SimpleNamespace, words: list[str]) -> None:
    assert shop.run(*words, "-o", shop.folder / "out.pdf") == 2
    assert list(shop.folder.iterdir()) == []


def test_a_run_that_is_killed_goes_on_and_gives_the_same_bytes_as_one_that_is_not(shop: SimpleNamespace) -> None:
    words = ["--gtin", GTIN, "--serials", "A0001..A2000", "--sample", "0"]
    whole, killed = shop.folder / "whole.pdf", shop.folder / "killed.pdf"
    assert shop.run(*words, "-o", whole, "--workers", "1") == 0
    command = [sys.executable, "-m", "factory_id", "labels", *words, "-o", str(killed)]
    state = shop.folder / "killed.pdf.state"
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        next(line for line in process.stderr if line.startswith("labels:"))  # one for every tenth that is done
        process.send_signal(signal.SIGKILL)
    done = sum(len(json.loads(line)["sizes"]) for line in state.read_text().splitlines()[1:])
    assert 0 < done < 2000 / 21
    assert not killed.exists()
    with state.open("ab") as file, (shop.folder / "killed.pdf.part").open("ab") as part:
        file.write(b'{"sizes": [1')  # cut short, as by a power cut
        part.write(b"half a page")
    assert shop.run(*words, "-o", killed) == 0
    assert killed.read_bytes() == whole.read_bytes()
    assert sorted(each.name for each in shop.folder.iterdir()) == ["killed.pdf", "whole.pdf"]


def test_what_was_begun_for_other_labels_is_not_gone_on_with(shop: SimpleNamespace) -> None:
    out = shop.folder / "out.pdf"
    job = a_job(LAYOUTS["avery-l7160"])
    begun = label_file.LabelFile(out, job, "another digest", "3 labels")
    begun.write(iter([links.item(BASE_URL, GTIN, "OTHER")]), 1, lambda _labels: None)
    begun.close()
    assert shop.run("--gtin", GTIN, "--serials", "A1..A3", "-o", out) == 0
    assert pages_read(out.read_bytes()) == [[f"{OURS}/01/{GTIN}/21/A{number}" for number in (1, 2, 3)]]


def test_two_runs_at_once_do_not_write_one_file(shop: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    out = shop.folder / "out.pdf"
    held = label_file.LabelFile(out, a_job(LAYOUTS["avery-l7160"]), "digest", "title")
    assert shop.run("--gtin", GTIN, "--serials", "A1..A3", "-o", out) == 2
    assert "Another process" in capsys.readouterr().err
    held.forget()


def test_a_code_that_says_something_else_is_found_and_no_file_is_left(
    shop: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = symbols.rows
    monkeypatch.setattr(symbols, "rows", lambda content, *more: rows(content.replace("/21/A2", "/21/A7"), *more))
    words = ("--gtin", GTIN, "--serials", "A1..A3", "-o", shop.folder / "out.pdf", "--workers", "1")
    assert shop.run(*words) == 3
    assert "/21/A2" in capsys.readouterr().err
    assert list(shop.folder.iterdir()) == []


def test_processes_that_draw_end_with_the_one_that_started_them() -> None:
    program = (
        "import os, sys; from factory_id.label_file import pool\n"
        "with pool(2) as processes:\n"
        " print(*{processes.submit(os.getpid).result() for _ in range(20)}, flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        children = [int(number) for number in process.stdout.readline().split()]
        assert children
        process.kill()
    try:
        assert all(_ended(child) for child in children)
    finally:
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)


def _ended(process: int) -> bool:
    """Gone, or about to be."""
    status = Path(f"/proc/{process}/status")
    for _ in range(10_000):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        if status.exists() and re.search(r"^State:\s+Z", status.read_text(), re.MULTILINE):
            return True
        time.sleep(0.001)
    return False
