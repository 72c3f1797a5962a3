"""QR codes: what stands in them, that phones can read them, and that nothing odd can be printed."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
import zxingcpp

from chalicelib.domain.errors import Malformed
from chalicelib.web import qr

ADDRESS = "HTTPS://FACTORY-ID.EXAMPLE/F/BDF8QY40YGE1"
SVG = "{http://www.w3.org/2000/svg}"


Image = list[list[int]]


def pixels(svg: str) -> Image:
    """The code of an SVG as rows of grey values, one a module."""
    root = ElementTree.fromstring(svg)
    width, height = (int(number) for number in root.attrib["viewBox"].split()[2:])
    image = [[255] * width for _ in range(height)]
    strokes = root.findall(f"{SVG}path")[1].attrib["d"]
    for x, y, run in re.findall(r"M(\d+) (\d+)\.5h(\d+)", strokes):
        image[int(y)][int(x) : int(x) + int(run)] = [0] * int(run)
    return image


def read(image: Image, scale: int = 4) -> str:
    """What a reader finds in an image, magnified."""
    data = b"".join(bytes(grey for grey in row for _ in range(scale)) * scale for row in image)
    (found,) = zxingcpp.read_barcodes(memoryview(data).cast("B", (len(image) * scale, len(image[0]) * scale)))
    return str(found.text)


@pytest.mark.parametrize("content", [ADDRESS, "https://abc.execute-api.example/api/c/CCYYS9E9R0N", "A", "১"])
@pytest.mark.parametrize("level", ["L", "M", "Q", "H"])
def test_a_reader_finds_the_address_again(content, level):
    assert read(pixels(qr.svg(content, level=level))) == content


def test_a_label_does_not_disturb_the_reader():
    assert read(pixels(qr.svg(ADDRESS, label="Meghna Knit Composite Ltd. BD-F8QY4-0YGE1"))) == ADDRESS


def test_four_modules_around_the_code_stay_white():
    image = pixels(qr.svg(ADDRESS))
    sideways = list(zip(*image, strict=True))
    for edge in (image[:4], image[-4:], sideways[:4], sideways[-4:]):
        assert {grey for row in edge for grey in row} == {255}
    assert image[4][4:11] == [0] * 7


@pytest.mark.safety("qr.never-micro")
def test_a_short_content_is_never_a_micro_code():
    assert len(pixels(qr.svg("A"))) == 21 + 8


def test_on_its_own_domain_the_address_is_upper_case():
    assert qr.payload("https://factory-id.example", "f", "BDF8QY40YGE1") == ADDRESS
    assert qr.payload("https://factory-id.example/", "f", "BDF8QY40YGE1") == ADDRESS


def test_under_a_path_the_address_stays_as_it_is():
    expected = "https://x.example/api/c/CCYYS9E9R0N"
    assert qr.payload("https://x.example/api", "c", "CCYYS9E9R0N") == expected


@pytest.mark.parametrize("size", [10, 35.5, 1000])
def test_the_size_is_the_whole_width_in_millimetres(size):
    root = ElementTree.fromstring(qr.svg(ADDRESS, size_mm=size))
    assert root.attrib["width"] == f"{size:g}mm"
    assert root.attrib["height"] == f"{size:g}mm"


@pytest.mark.safety("qr.size")
@pytest.mark.parametrize("size", [1e9, 9.99, 0, -20, float("nan"), float("inf"), 1000.1])
def test_sizes_that_cannot_be_printed_are_refused(size):
    with pytest.raises(Malformed, match="10 and 1000 mm"):
        qr.svg(ADDRESS, size_mm=size)


@pytest.mark.safety("qr.label")
def test_markup_in_a_label_is_inert():
    label = '</text><script>alert("1")</script>&amp;'
    root = ElementTree.fromstring(qr.svg(ADDRESS, label=label))
    assert {element.tag.removeprefix(SVG) for element in root.iter()} == {"svg", "title", "path", "g", "text"}
    printed = " ".join(element.text for element in root.iter(f"{SVG}text"))
    assert printed.replace(" ", "") == label.replace(" ", "")


@pytest.mark.parametrize("label", ["x" * 121, "a\x00b", "abc\u202edef", "\ud800", "宁" * 100])
def test_labels_that_cannot_be_printed_are_refused(label):
    with pytest.raises(Malformed, match="label"):
        qr.svg(ADDRESS, label=label)


def test_a_code_has_a_title_for_those_who_cannot_see_it():
    assert f"<title>{ADDRESS}</title>" in qr.svg(ADDRESS)
    assert "<title>Meghna Knit</title>" in qr.svg(ADDRESS, label="Meghna Knit")
    assert "<text" not in qr.svg(ADDRESS, label="  ")


def test_the_terminal_code_can_be_read():
    lines = qr.terminal(ADDRESS).split("\n")
    halves = {"█": (255, 255), "▀": (255, 0), "▄": (0, 255), " ": (0, 0)}
    rows = [[halves[glyph][half] for glyph in line] for line in lines for half in (0, 1)]
    assert read(rows) == ADDRESS
