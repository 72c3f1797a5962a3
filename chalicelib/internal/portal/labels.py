"""Labels for the items of a product: from which serial number to which, on which sheets, and the PDF."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.domain import identity
from chalicelib.domain.errors import Malformed, NotFound
from chalicelib.domain.product import Product
from chalicelib.internal import item_labels
from chalicelib.internal import products as api
from chalicelib.internal.item_labels import Labels
from chalicelib.internal.portal import door, view
from chalicelib.internal.portal.view import Visit
from chalicelib.web import label_words, responses, shown
from chalicelib.web.responses import Problem

PATH = "/portal/products/{product_id}/labels"
INPUTS = ("first", "last", "lot", "layout")


@door.page("GET", PATH, who=door.MEMBER)
def form(visit: Visit, product_id: str) -> Response:
    """The form; with ``?first=`` how many labels and sheets they are, and where the PDF is."""
    product = _own(visit, product_id)
    if not visit.ask.query.get("first"):
        return _page(visit, product)
    try:
        return _page(visit, product, labels=_labels(visit, product))
    except Malformed as error:
        return _page(visit, product, problem=responses.problem_of(error))


@door.page("GET", f"{PATH}.pdf", who=door.MEMBER)
def pdf(visit: Visit, product_id: str) -> Response:
    """The labels, as PDF."""
    product = _own(visit, product_id)
    try:
        written = _labels(visit, product).pdf(identity.shown(product.product_id))
    except Malformed as error:
        return _page(visit, product, problem=responses.problem_of(error))
    return responses.pdf_response(written, f"labels-{product.product_id}.pdf")


def _own(visit: Visit, product_id: str) -> Product:
    """One of the member's products that has a GTIN: a serial number belongs to one."""
    try:
        product = api.need(visit.person, identity.parse_product_id(product_id))
    except Malformed as error:
        raise NotFound("There is no such product of yours.") from error
    if not product.product_id.isdigit():
        raise NotFound("Items are numbered below a GTIN, and this product has none.")
    return product


def _labels(visit: Visit, product: Product) -> Labels:
    return item_labels.labels(shown.SETTINGS.base_url, product.product_id, visit.ask.query)


def _page(visit: Visit, product: Product, *, labels: Labels | None = None, problem: Problem | None = None) -> Response:
    texts = {name: visit.ask.query.get(name, "") for name in INPUTS}
    return view.render(
        visit,
        "portal/item_labels.html",
        http_status=problem.status if problem else 200,
        product=product,
        problem=problem,
        faults=view.faults_by_input(problem, INPUTS),
        labels=label_words.LABELS,
        hints=label_words.HINTS,
        layouts=label_words.LAYOUTS,
        texts=texts | {"layout": texts["layout"] or item_labels.FIRST_LAYOUT},
        found=labels,
        most=f"{item_labels.MOST:,}",
        path=PATH.format(product_id=product.product_id),
    )
