"""Codes for printing: what is handed out can be read back, and what cannot be is refused with advice."""

from __future__ import annotations

import base64
import io
import json
import re
from html import unescape
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from chalicelib.domain.errors import Malformed, Unavailable
from chalicelib.public import badge, edge
from chalicelib.store import public_table
from chalicelib.web import pdf, poster, print_code, qr
from infra import scannability
from infra.scannability import Print
from tests.world import Answer, World

SHORT = "HTTPS://FACTORY-ID.EXAMPLE/F/BDF8QY40YGE1"
LONG = "https://a-rather-long-name-of-a-host.factory-id.example/api/p/P4J7K2M9QXD"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def factory_id(world: World) -> str:
    return world.a_factory()


def texts_read(picture: Any) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)]


def rendered(document: bytes, dpi: int = 150) -> Any:
    opened = pypdfium2.PdfDocument(document)
    assert len(opened) == 1
    return opened[0].render(scale=dpi / 72).to_pil()


# --- the gate --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [SHORT, LONG])
@pytest.mark.parametrize("level", print_code.LEVELS)
@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_the_smallest_png_that_is_handed_out_is_read_back_damaged_and_blurred(
    content: str, level: qr.Level, dpi: int
) -> None:
    size = print_code.smallest_mm(content, level, dpi)
    picture, printed = print_code.png(content, size_mm=size, dpi=dpi, level=level)
    sheet = Image.open(io.BytesIO(picture))
    assert scannability.readable_on(sheet, content, level, printed) == 1.0


@pytest.mark.parametrize("level", print_code.LEVELS)
def test_the_smallest_svg_that_is_handed_out_is_read_back_from_a_printer_of_300_dpi(level: qr.Level) -> None:
    assert scannability.passes(SHORT, level, Print(print_code.smallest_mm(SHORT, level), 300))


def test_half_of_the_smallest_size_is_not_read_so_the_gate_does_say_no() -> None:
    assert not scannability.passes(SHORT, "M", Print(print_code.smallest_mm(SHORT, "M") / 2, 600))
    assert scannability.readable(SHORT, "L", Print(60, 600), damage=0.08) < 1.0


def test_a_decoder_that_reads_something_else_does_not_count() -> None:
    sheet = scannability.paper(scannability.modules(SHORT, "M"), Print(40, 300))
    assert scannability.readable_on(sheet, SHORT.replace("BDF8", "BDF9"), "M", 40) == 0.0


@pytest.mark.parametrize(
    ("size", "dpi"), [(9.0, 300), (14.0, 300), (20.0, 72), (1e9, 300), (float("nan"), 300), (30, 1)]
)
def test_what_could_not_be_read_is_refused(size: float, dpi: int) -> None:
    with pytest.raises(Malformed):
        print_code.png(SHORT, size_mm=size, dpi=dpi, level="M")


def test_the_refusal_says_what_would_do() -> None:
    with pytest.raises(Malformed, match=r"at least 19 mm wide, or print with more dots.*shorter"):
        print_code.refuse_unreadable(SHORT, "M", 18, 300)
    with pytest.raises(Malformed, match=r"at least 17 mm wide\. .*shorter"):
        print_code.refuse_unreadable(SHORT, "M", 12)
    print_code.refuse_unreadable(SHORT, "M", 19, 300)


@pytest.mark.parametrize("dpi", [203, 300, 600, 1200])
def test_a_png_has_whole_dots_and_prints_no_wider_than_asked(dpi: int) -> None:
    picture, printed = print_code.png(SHORT, size_mm=30, dpi=dpi, level="M")
    image = Image.open(io.BytesIO(picture))
    assert image.width == image.height
    assert image.width % print_code.width_in_modules(SHORT, "M") == 0
    assert image.width / dpi * 25.4 == pytest.approx(printed)
    assert 27 < printed <= 30
    assert image.info["dpi"][0] == pytest.approx(dpi, abs=0.5)


# --- the addresses of codes ------------------------------------------------------------------------------------------


@pytest.mark.safety("qr.same-colours")
@pytest.mark.parametrize(
    "asked",
    ["size=1e9", "size=NaN", "size=inf", "size=-5", "size=10", "size=x", "level=X", "dark=fff", "light=000&dark=000"],
)
def test_sizes_levels_and_colours_that_cannot_be_read_are_refused(world: World, factory_id: str, asked: str) -> None:
    answer = world.anyone.get(f"/qr/f/{factory_id}.svg?{asked}")
    assert answer.status == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.json["detail"]) > 20


def test_more_error_correction_makes_a_larger_code(world: World, factory_id: str) -> None:
    found = [world.anyone.get(f"/qr/f/{factory_id}.svg?level={level}").ok().text for level in "LMQH"]
    widths = [int(ElementTree.fromstring(svg).attrib["viewBox"].split()[2]) for svg in found]
    assert widths == sorted(widths)
    assert widths[0] < widths[-1]
    assert found[1] == world.anyone.get(f"/qr/f/{factory_id}.svg").text


@pytest.mark.safety("qr.own-domain")
def test_every_code_leads_to_our_own_domain(world: World, factory_id: str) -> None:
    code, product = world.a_certificate(factory_id), world.a_product(factory_id)
    for kind, identifier in (("f", factory_id), ("c", code), ("p", product)):
        page = world.anyone.get(f"/qr/{kind}/{identifier}").ok().text
        [encoded] = re.findall(r"data:image/png;base64,([A-Za-z0-9+/=]+)", page)
        [text] = texts_read(Image.open(io.BytesIO(base64.b64decode(encoded))))
        assert text.lower().startswith(f"{edge.SETTINGS.base_url.lower()}/")
        assert text.upper().endswith(identifier)


def test_the_page_of_a_code_says_how_wide_it_prints_and_from_where_it_is_read(world: World, factory_id: str) -> None:
    page = world.anyone.get(f"/qr/f/{factory_id}?size=40&dpi=600&level=Q").ok().text
    assert re.search(r"Printed 39\.\d mm wide", page)
    assert re.search(r"from about \d+ cm", page)
    assert 'value="40"' in page
    assert '<option value="Q" selected>' in page


@pytest.mark.parametrize("asked", ["size=10", "dpi=72&size=20", "dpi=x", "size=x", "level=Z", "size=1000&dpi=1200"])
def test_a_print_that_would_not_do_is_refused_on_the_page_which_keeps_the_choice(
    world: World, factory_id: str, asked: str
) -> None:
    answer = world.anyone.get(f"/qr/f/{factory_id}?{asked}")
    assert answer.status == 400
    assert 'role="alert"' in answer.text
    assert "data:image/png" not in answer.text
    if "size=x" not in asked:
        assert "<form" in answer.text


def test_codes_of_what_is_not_on_record_have_no_page(world: World) -> None:
    answer = world.anyone.get("/qr/f/BDF8QY40YGE1")
    assert (answer.status, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert world.anyone.get("/qr/f/BDF8QY40YGE1.png").status == 404
    assert world.anyone.get("/f/BDF8QY40YGE1/poster").status == 404
    assert world.anyone.get("/f/BDF8QY40YGE1/poster.pdf").status == 404


@pytest.mark.safety("qr.label")
def test_markup_in_a_name_or_label_is_inert_on_every_sheet(world: World) -> None:
    name = '</text></script><b>"&amp;'
    factory_id = world.a_factory("S-9", factory={"name": name, "country": "BD"})
    for path in (
        f"/qr/f/{factory_id}",
        f"/f/{factory_id}/poster",
        f"/f/{factory_id}/labels",
        f"/badge/f/{factory_id}.svg",
    ):
        assert "<b>" not in world.anyone.get(path).ok().text
    labelled = world.anyone.get(f"/qr/f/{factory_id}.svg?label={quote('<b>')}").ok().text
    assert "<b>" not in labelled
    assert "&lt;b&gt;</text>" in labelled
    rendered(world.anyone.get(f"/f/{factory_id}/poster.pdf").ok().content)


# --- posters and labels ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_a_poster_as_pdf_is_ascii_of_one_page_and_its_code_is_read(world: World, factory_id: str, paper: str) -> None:
    answer = world.anyone.get(f"/f/{factory_id}/poster.pdf?paper={paper}").ok()
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.isascii()
    picture = rendered(answer.content)
    width, height = pdf.PAPERS[paper]
    assert picture.size == pytest.approx((width / 25.4 * 150, height / 25.4 * 150), abs=2)
    [text] = texts_read(picture)
    assert text.endswith(factory_id)
    said = pypdfium2.PdfDocument(answer.content)[0].get_textpage().get_text_bounded()
    for expected in ("Meghna S.T. Screen Ltd", "Dhaka, Bangladesh", f"{edge.SETTINGS.base_url}/", "do not rely"):
        assert expected in said


def test_a_long_name_leaves_room_for_the_code() -> None:
    subject = poster.Subject(
        "Very Long Name Manufacturing " * 6, "Town, Country", "BD-F8QY4-0YGE1", SHORT, "https://x/"
    )
    for paper in pdf.PAPERS:
        picture = rendered(
            poster.poster_pdf(paper, subject, (poster.HEADLINE, poster.ADDRESS, poster.CAUTION)).encode()
        )
        assert texts_read(picture) == [SHORT]


def test_letters_with_marks_are_set_and_other_scripts_are_left_to_the_page(world: World) -> None:
    turkish = world.a_factory("S-3", factory={"name": "Yeşilırmak Örme (İplik) Ğ", "country": "TR"})
    document = world.anyone.get(f"/f/{turkish}/poster.pdf").ok().content
    assert "Yeşilırmak Örme (İplik) Ğ" in pypdfium2.PdfDocument(document)[0].get_textpage().get_text_bounded()
    bengali = world.a_factory("S-4", factory={"name": "মেঘনা নিট", "country": "BD"})
    refused = world.anyone.get(f"/f/{bengali}/poster.pdf")
    assert refused.status == 400
    assert "print that" in refused.json["detail"]
    page = world.anyone.get(f"/f/{bengali}/poster").ok().text
    assert "মেঘনা নিট" in page
    assert "poster.pdf" not in page
    assert "Save as PDF" in page
    # On a label stands no name.
    labels = world.anyone.get(f"/f/{bengali}/labels.pdf?cols=2&rows=2").ok().content
    assert len(texts_read(rendered(labels, 200))) == 4


def test_every_letter_that_a_pdf_claims_to_have_is_set_and_read_back() -> None:
    letters = "".join(sorted(pdf._MARKED | pdf._NAMED.keys()))
    for start in range(0, len(letters), 60):
        page = pdf.Document((200, 50), "x", [[1]])
        page.text(letters[start : start + 60], 5, 20, 10)
        text = pypdfium2.PdfDocument(page.written().encode("ascii"))[0].get_textpage().get_text_bounded()
        assert text.strip() == letters[start : start + 60]


@pytest.mark.parametrize(("columns", "rows"), [(1, 1), (3, 6), (4, 8), (5, 10)])
def test_all_codes_of_a_sheet_of_labels_are_read(world: World, factory_id: str, columns: int, rows: int) -> None:
    document = world.anyone.get(f"/f/{factory_id}/labels.pdf?cols={columns}&rows={rows}").ok().content
    found = texts_read(rendered(document, 200))
    assert len(found) == columns * rows
    assert len(set(found)) == 1
    page = world.anyone.get(f"/f/{factory_id}/labels?cols={columns}&rows={rows}").ok().text
    assert page.count("<li><svg") == columns * rows


@pytest.mark.parametrize(
    "asked",
    ["cols=0", "cols=11", "rows=21", "cols=10&rows=20", "size=80", "size=12", "cols=1.5", "size=1e3", "paper=a3"],
)
def test_sheets_that_cannot_be_made_are_refused_with_advice(world: World, factory_id: str, asked: str) -> None:
    for ending in ("", ".pdf"):
        assert world.anyone.get(f"/f/{factory_id}/labels{ending}?{asked}").status == 400


def test_the_style_of_a_sheet_is_named_in_the_policy(world: World, factory_id: str) -> None:
    answer = world.anyone.get(f"/f/{factory_id}/poster").ok()
    assert answer.headers["content-security-policy"].count("sha256-") == 2
    assert world.anyone.get("/").headers["content-security-policy"].count("sha256-") == 1


# --- badges ----------------------------------------------------------------------------------------------------------


def badge_texts(answer: Answer) -> str:
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["cache-control"] == "no-store"
    return " ".join(element.text or "" for element in ElementTree.fromstring(answer.content).iter(f"{SVG}text"))


def test_a_badge_shows_a_withdrawal_at_once_in_word_and_shape(world: World, factory_id: str) -> None:
    code = world.a_certificate(factory_id)
    before = world.anyone.get(f"/badge/c/{code}.svg").ok()
    assert "Valid" in badge_texts(before)
    said = {"standing": "withdrawn", "reason": "Fraud", "effective": "2026-06-01"}
    world.certifier("POST", f"/internal/v1/certificates/{code}/standing", said).ok()
    after = world.anyone.get(f"/badge/c/{code}.svg").ok()
    assert "Withdrawn" in badge_texts(after)
    shapes = [re.findall(r' d="([^"]+)"', answer.text) for answer in (before, after)]
    assert shapes[0] != shapes[1]


def test_a_certificate_that_nobody_confirmed_is_not_called_valid(world: World, factory_id: str) -> None:
    owner = world.run_by(factory_id)
    body = world.certificate_body(factory_id, certifier="Some Body")
    code = owner("POST", "/internal/v1/certificates", body).ok().json["code"]
    assert "Declared valid" in badge_texts(world.anyone.get(f"/badge/c/{code}.svg"))
    assert "confirmed certificate" not in badge_texts(world.anyone.get(f"/badge/f/{factory_id}.svg"))


def test_a_badge_says_that_it_does_not_know(world: World, factory_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    unknown = world.anyone.get("/badge/f/BDF8QY40YGE1.svg")
    assert unknown.status == 404
    assert "Not found here" in badge_texts(unknown)
    code = world.a_certificate(factory_id)

    def down(*_given: Any, **_more: Any) -> Any:
        raise Unavailable("down")

    monkeypatch.setattr(public_table, "get", down)
    answer = world.anyone.get(f"/badge/c/{code}.svg")
    assert answer.status == 503
    assert "Could not be read now" in badge_texts(answer)


def test_the_badge_of_a_factory_counts_what_holds(world: World, factory_id: str) -> None:
    world.a_certificate(factory_id)
    assert "1 confirmed certificate holds today" in badge_texts(world.anyone.get(f"/badge/f/{factory_id}.svg"))
    assert world.anyone.get(f"/badge/f/{factory_id}.png").status == 404
    assert world.anyone.get("/badge/p/09521234543213.svg").status == 404


def test_the_snippet_has_no_script_and_only_our_own_addresses(world: World, factory_id: str) -> None:
    snippet = badge.snippet("f", factory_id, 'A "quoted" <name>')
    assert unescape(world.anyone.get(f"/qr/f/{factory_id}").text).count(f"/badge/f/{factory_id}.svg") >= 1
    parsed = ElementTree.fromstring(snippet.replace(' loading="lazy"', "").replace("></a>", "/></a>"))
    assert parsed.attrib["href"] == f"{edge.SETTINGS.base_url}/f/{factory_id}"
    [picture] = parsed
    assert picture.attrib["src"] == f"{edge.SETTINGS.base_url}/badge/f/{factory_id}.svg"
    assert json.dumps('A "quoted" <name>')[1:-1].replace("\\", "") in picture.attrib["alt"]
    assert "script" not in snippet
