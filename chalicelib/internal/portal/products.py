"""A member's products: the list, a form for each with its stages, and its code and link to take home."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any

from chalice.app import Response

from chalicelib.domain import identity
from chalicelib.domain.errors import Fault, Malformed, NotFound
from chalicelib.domain.product import Product
from chalicelib.internal import products as api
from chalicelib.internal.portal import door, product_form, view
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import products as store
from chalicelib.web import network_words, qr, shown
from chalicelib.web.responses import Problem

PATH = "/portal/products"
NEW = f"{PATH}/new"
ONE = f"{PATH}/{{product_id}}"
_VERSION = re.compile(r"[0-9]{1,15}\Z")


@door.page("GET", PATH, who=door.MEMBER)
def products(visit: Visit) -> Response:
    """The member's products, page by page."""
    place = visit.ask.query.get("cursor", "")
    found, goes_on = api.page(visit.person, place)
    return view.render(
        visit,
        "portal/products.html",
        found=found,
        first_path=PATH if place else "",
        next_path=f"{PATH}?cursor={goes_on}" if goes_on else "",
    )


@door.page("GET", NEW, who=door.MEMBER)
def new(visit: Visit) -> Response:
    """An empty form. The code that the product gets if it has no GTIN stands in it: sent twice, it is one product."""
    return _form(visit, None, {"code": api.new_code()})


def _again(visit: Visit, problem: Problem) -> Response:
    return _form(visit, None, visit.form, problem)


@door.page("POST", NEW, who=door.MEMBER, again=_again)
def created(visit: Visit) -> Response:
    """Put a new product on record."""
    if "more" in visit.form:
        return _form(visit, None, visit.form, more=product_form.MORE_ROWS)
    gtin = visit.form.get("gtin", "").strip()
    try:
        product_id = identity.parse_gtin(gtin) if gtin else identity.parse_product_code(visit.form.get("code", ""))
    except Malformed as error:
        raise Malformed("Some fields cannot be taken as sent.", [Fault("/gtin", error.detail)]) from error
    held = store.load(product_id)
    if gtin and held is not None and held.member_id == visit.person.tenant:
        fault = Fault("/gtin", "is the GTIN of a product of yours already. Open it from the list to change it.")
        raise Malformed("Some fields cannot be taken as sent.", [fault])
    _put(visit, product_id)
    return view.go(visit, f"{PATH}/{product_id}?done=created")


@door.page("GET", ONE, who=door.MEMBER)
def one(visit: Visit, product_id: str) -> Response:
    """One product, its code and its link."""
    product = _own(visit, product_id)
    return _form(visit, product, product_form.inputs(product))


def _one_again(visit: Visit, problem: Problem, product_id: str) -> Response:
    return _form(visit, _own(visit, product_id), visit.form, problem)


@door.page("POST", ONE, who=door.MEMBER, again=_one_again)
def saved(visit: Visit, product_id: str) -> Response:
    """Save what was changed in the form."""
    product = _own(visit, product_id)
    if "more" in visit.form:
        return _form(visit, product, visit.form, more=product_form.MORE_ROWS)
    seen = visit.form.get("version", "")
    if not _VERSION.match(seen):
        raise Malformed("The form is not complete. Check it and send it again.")
    _put(visit, product.product_id, int(seen))
    return view.go(visit, f"{PATH}/{product.product_id}?done=saved")


def _put(visit: Visit, product_id: str, version: int | None = None) -> None:
    content, stands_in = product_form.content(visit.form)
    try:
        wanted = api.checked(visit.person, product_id, content)
    except Malformed as error:
        raise product_form.placed(error, stands_in) from error
    store.put(wanted, visit.person.actor, version=version)


def _own(visit: Visit, product_id: str) -> Product:
    """One of the member's products; any other is as good as none."""
    try:
        code = identity.parse_product_id(product_id)
    except Malformed as error:
        raise NotFound("There is no such product of yours.") from error
    return api.need(visit.person, code)


def _form(
    visit: Visit, product: Product | None, texts: Mapping[str, str], problem: Problem | None = None, more: int = 0
) -> Response:
    lines = product_form.lines(texts, more)
    names = {f"{name}-{line.number}": network_words.PRODUCT_LABELS[name] for line in lines for name in product_form.ROW}
    order = [*product_form.PLAIN, *names]
    return view.render(
        visit,
        "portal/product.html",
        http_status=problem.status if problem else 200,
        problem=problem,
        faults=view.faults_by_input(problem, order),
        names={**network_words.PRODUCT_LABELS, **names},
        labels=network_words.PRODUCT_LABELS,
        hints=network_words.PRODUCT_HINTS,
        product=product,
        path=f"{PATH}/{product.product_id}" if product else NEW,
        texts={name: texts.get(name, "") for name in (*product_form.PLAIN, "code")},
        lines=lines,
        may_grow=len(lines) < api.MOST_STAGES,
        take_home=_take_home(product.product_id) if product else None,
    )


def _take_home(product_id: str) -> dict[str, Any]:
    """The code, drawn into the page, and the addresses."""
    kind = "01" if product_id.isdigit() else "p"
    drawn = qr.svg(qr.payload(shown.SETTINGS.base_url, kind, product_id), label=identity.shown(product_id))
    return {
        "picture": base64.b64encode(drawn.encode()).decode(),
        "address": shown.url(identity.product_path(product_id)),
        "print_address": shown.url(f"/qr/p/{product_id}.svg"),
    }
