"""Products out of a file: shown first, with what is wrong in which row; put on record when the person says so."""

from __future__ import annotations

from collections.abc import Sequence

from chalice.app import Response

from chalicelib.domain.errors import Malformed, TooLarge
from chalicelib.internal import bundles
from chalicelib.internal.bundles import Bundle
from chalicelib.internal.network import MARK
from chalicelib.internal.portal import door, view
from chalicelib.internal.portal.view import Visit
from chalicelib.web import network_words, product_sheet, responses
from chalicelib.web.responses import Problem

PATH = "/portal/products/import"
MOST_BYTES = 3_000_000
MOST_FILE_BYTES = 1_000_000
OUTCOMES = ("new", "changed", "same", "faulty")


@door.page("GET", PATH, who=door.MEMBER)
def begun(visit: Visit) -> Response:
    """A form for the file, and what has to stand in it."""
    return _shown(visit, None)


def _shown(visit: Visit, problem: Problem | None, found: Sequence[Bundle] = ()) -> Response:
    ready = [each for each in found if each.outcome in ("new", "changed")]
    counted = [(outcome, sum(each.outcome == outcome for each in found)) for outcome in OUTCOMES]
    return view.render(
        visit,
        "portal/product_list.html",
        http_status=problem.status if problem else 200,
        problem=problem,
        faults={},
        labels=network_words.PRODUCT_LABELS,
        columns=network_words.COLUMNS,
        outcomes=network_words.OUTCOMES,
        typed=visit.form.get("pasted", ""),
        found=found,
        counted=[(outcome, number) for outcome, number in counted if number],
        ready=len(ready),
        packed=product_sheet.written(bundles.rows(ready)) if ready else "",
    )


@door.page("POST", PATH, who=door.MEMBER, again=_shown, most_bytes=MOST_BYTES)
def looked_at(visit: Visit) -> Response:
    """What would come of the file. Nothing is written."""
    content = visit.files.get("file")
    try:
        if content is not None and len(content) > MOST_FILE_BYTES:
            raise TooLarge("The file has more than 1 MB. Split it and import one part after the other.")
        entries = (
            product_sheet.from_file(content)
            if content is not None
            else product_sheet.pasted(visit.form.get("pasted", ""))
        )
        return _shown(visit, None, bundles.look(visit.person, entries))
    except TooLarge as error:
        return _shown(visit, responses.problem_of(error))


@door.page("POST", f"{PATH}/confirm", who=door.MEMBER, again=_shown, most_bytes=MOST_BYTES)
def imported(visit: Visit) -> Response:
    """Put the products of the list on record. Sent twice, it changes nothing more."""
    entries = product_sheet.pasted(visit.form.get("rows", ""))
    found = bundles.look(visit.person, entries, made_here=True)
    refused = [*bundles.save(visit.person, found), *(each for each in found if each.outcome == "faulty")]
    if refused:
        problem = responses.problem_of(Malformed("Some products were not taken. The others are on record."))
        return _shown(visit, problem, refused)
    return view.go(visit, "/portal/products?done=imported")


@door.page("GET", f"{PATH}/template.csv", who=door.MEMBER)
def template(_visit: Visit) -> Response:
    """A file to fill in."""
    return responses.csv_response(MARK + product_sheet.template(), "products.csv")
