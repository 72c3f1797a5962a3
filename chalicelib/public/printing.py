"""A factory's poster and sheets of labels: as pages that any browser prints, in any script, and as PDF."""

from __future__ import annotations

import re

from chalice.app import Blueprint, Response
from markupsafe import Markup

from chalicelib.domain import identity
from chalicelib.domain.disclosure import PublicFactory
from chalicelib.domain.errors import Malformed, NotFound
from chalicelib.public import edge
from chalicelib.public.codes import offline_asked, payload, signed_content
from chalicelib.store import reader
from chalicelib.web import pdf, poster, print_code, qr, responses
from chalicelib.web.poster import Grid, Subject
from chalicelib.web.request import Ask

routes = Blueprint(__name__)

_SIZE = re.compile(r"[0-9]{1,4}(\.[0-9]{1,3})?\Z")


@edge.page_or_file(routes, "/f/{factory_id}/{sheet}")
def printed(ask: Ask, factory_id: str, sheet: str) -> Response:
    """``poster``, ``labels``, and both with ``.pdf``; ``?paper=a4`` or ``letter``; of labels ``?cols=&rows=&size=``."""
    kind, _, ending = sheet.lower().partition(".")
    if kind not in ("poster", "labels") or ending not in ("", "pdf"):
        raise NotFound("A factory has a poster and labels here.")
    code = identity.parse_factory_id(factory_id)
    paper = ask.query.get("paper", "a4").lower()
    if paper not in pdf.PAPERS:
        raise Malformed("The paper is a4 or letter.").at("/paper")
    found, signed = reader.scanned_factory(code)
    if found is None and not ending:
        return edge.render(ask, "not_found.html", http_status=404, what="factory", typed=identity.shown(code))
    if found is None:
        raise NotFound("No factory with this ID is public here.")
    address = signed_content(signed) if offline_asked(ask) else payload("f", found.factory_id)
    subject = _subject(ask, found, address)
    grid = _grid(ask, paper, subject) if kind == "labels" else None
    return _pdf(ask, paper, subject, grid) if ending else _page(ask, paper, subject, grid)


def _subject(ask: Ask, found: PublicFactory, address: str) -> Subject:
    city = str(found.fields.get("city") or "")
    country = edge.spoken(ask).country(found.country)
    return Subject(
        name=found.name,
        place=f"{city}, {country}" if city else country,
        shown_id=identity.shown(found.factory_id),
        address=address,
        begins_with=f"{edge.SETTINGS.base_url}/",
    )


def _grid(ask: Ask, paper: str, subject: Subject) -> Grid:
    columns, rows = (_measure(ask, name, default) for name, default in (("cols", 3), ("rows", 6)))
    size = _measure(ask, "size", 0.0)
    return poster.grid(paper, int(columns), int(rows), size or None, subject.address)


def _measure(ask: Ask, name: str, default: float) -> float:
    given = ask.query.get(name)
    if not given:
        return default
    if not _SIZE.match(given) or (name != "size" and "." in given):
        raise Malformed("Columns and rows are whole numbers, the size is a number of millimetres.").at(f"/{name}")
    return float(given)


def _pdf(ask: Ask, paper: str, subject: Subject, grid: Grid | None) -> Response:
    plain = subject.shown_id.replace("-", "")
    if grid is not None:
        return responses.pdf_response(poster.labels_pdf(grid, subject), f"labels-{plain}.pdf")
    if not pdf.printable(subject.name):
        raise Malformed(
            "This name has letters that the fonts of a PDF do not have. Open the page without .pdf and print that: "
            "your browser writes every script, and can save it as PDF."
        )
    speak = edge.spoken(ask)
    texts = (poster.HEADLINE, poster.ADDRESS, poster.CAUTION)
    said = [speak.gettext(text) for text in texts]
    if not all(pdf.printable(text) for text in (*said, subject.place)):
        said, subject = list(texts), _in_english(subject)
    return responses.pdf_response(poster.poster_pdf(paper, subject, (said[0], said[1], said[2])), f"poster-{plain}.pdf")


def _in_english(subject: Subject) -> Subject:
    """Without the place, where it is in letters that cannot be set."""
    place = subject.place if pdf.printable(subject.place) else ""
    return Subject(subject.name, place, subject.shown_id, subject.address, subject.begins_with)


def _page(ask: Ask, paper: str, subject: Subject, grid: Grid | None) -> Response:
    size = poster.POSTER_CODE if grid is None else grid.size
    code = Markup(qr.svg(subject.address, size_mm=size, level=poster.LEVEL))  # nosec B704: our own markup
    kind = "poster" if grid is None else "labels"
    return edge.render(
        ask,
        f"{kind}.html",
        path=f"/f/{subject.shown_id.replace('-', '')}/{kind}",
        subject=subject,
        grid=grid,
        paper=paper,
        code_svg=code,
        far=print_code.read_from_mm(subject.address, poster.LEVEL, size) // 10,
        signed="&offline=1" if offline_asked(ask) else "",
        has_pdf=pdf.printable(subject.name),
        said=(poster.HEADLINE, poster.ADDRESS, poster.CAUTION),
        sheet_style=_style(paper, grid),
    )


def _style(paper: str, grid: Grid | None) -> str:
    """Style of the sheet itself: its measures are part of what was asked."""
    width, height = pdf.PAPERS[paper]
    sheet = (
        f"@page{{size:{width:g}mm {height:g}mm;margin:{poster.MARGIN:g}mm}}"
        ".sheet svg{display:block;max-width:100%;height:auto;margin:0 auto}"
        ".sheet{overflow:hidden;background:#fff;color:#000;text-align:center;border:1px solid #b6c0c6}"
        "@media print{header,footer,.no-print{display:none!important}main>.wide{padding:0;max-width:none}"
        ".sheet{border:0}}"
    )
    if grid is None:
        return sheet + (
            ".sheet{padding:1.5rem .5rem}.sheet p{margin:.2rem 0}"
            ".sheet .lead{font-size:1.7rem;line-height:1.2;margin:0 auto 1rem;max-width:30rem}"
            ".sheet h2{margin:0;font-size:1.5rem}.sheet .id{font-size:1.6rem;font-weight:700}"
        )
    across, down = grid.cell
    return sheet + (
        f".grid{{display:grid;grid-template-columns:repeat({grid.columns},1fr);list-style:none;margin:0;padding:0}}"
        ".grid li{border:1px dashed #b6c0c6;padding:1mm;overflow:hidden;break-inside:avoid}"
        ".grid li{font-size:9pt;line-height:1.2;display:flex;flex-direction:column;align-items:center}"
        f"@media print{{.grid{{grid-template-columns:repeat({grid.columns},{across:.2f}mm);"
        f"grid-auto-rows:{down - 0.05:.2f}mm}}"
        ".grid li{border-width:.2mm;justify-content:center}}"
    )
