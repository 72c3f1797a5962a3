"""Every page from made-up records: what it says, what it never says, what it weighs, and that no text breaks out."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import FileSystemLoader, ModuleLoader, UndefinedError

from infra import locales

locales.build()

from chalicelib.domain.certificate import Standing, StandingChange, Status  # noqa: E402
from chalicelib.domain.claim import Basis, Claim, NamedVerifier, Rests, Verification  # noqa: E402
from chalicelib.domain.disclosure import (  # noqa: E402
    CertificateAnswer,
    PublicAudit,
    PublicCertificate,
    PublicFactory,
    PublicMember,
    PublicProduct,
    answer_on,
)
from chalicelib.domain.errors import Unavailable  # noqa: E402
from chalicelib.domain.finding import Wish  # noqa: E402
from chalicelib.public.search import Found  # noqa: E402
from chalicelib.web import claims, language, listed, pages, responses, shown, templating, words  # noqa: E402
from chalicelib.web.voice import Voice  # noqa: E402

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
TODAY = date(2026, 11, 22)
EVIL = "</script><b>&\"'%(x)s"
AUDITED = {"source": "ics_audit", "date": "2026-03-03"}
OWN = {"source": "factory", "date": "2026-09-14"}

FIELDS = {
    "name": "Meghna Knit Composite Ltd.",
    "country": "BD",
    "local_name": "মেঘনা নিট কম্পোজিট লিমিটেড",
    "aliases": ["Meghna Knitwear"],
    "address": "Plot 14, Kashimpur Road",
    "city": "Gazipur",
    "postal_code": "1346",
    "gln": "4012345000009",
    "product_categories": ["knitwear", "moon_suits"],
    "processes": ["sewing"],
    "workforce": "1001-5000",
    "descriptions": {"bn": "আমরা সুতি জার্সি বুনি।", "en": "We knit cotton jersey."},
    "website": "https://www.meghna-knit.example/about",
}
FACTORY = PublicFactory(
    factory_id="BDF8QY40YGE1",
    state="open",
    state_since=None,
    successor=None,
    claimed=True,
    fields=FIELDS,
    sources={**dict.fromkeys(FIELDS, AUDITED), "website": OWN},
    audits=(
        PublicAudit("social", "follow_up", "semi_announced", "2026-03-03"),
        PublicAudit("lunar", "spot_check", None, "2025-11-18"),
    ),
    certificates=(),
    members=(PublicMember("m1", "Maison Exemple"),),
    updated_at="2026-09-14T08:00:00Z",
)
BARE = replace(FACTORY, fields={"name": "宁波纺织", "country": "CN"}, sources={}, audits=(), members=(), claimed=False)
CERTIFICATE = PublicCertificate(
    code="CCYYS9E9R0N",
    number="CU-7190442-2026",
    standard_id="gots",
    standard_name="GOTS 7.0",
    certifier="Control Union Certifications",
    holder_id="BDF8QY40YGE1",
    holder_name="Meghna Knit Composite Ltd.",
    scope="Knitting and dyeing",
    products=("T-shirts", "Underwear"),
    valid_from=date(2026, 1, 15),
    valid_to=date(2027, 1, 14),
    confirmed=True,
    history=(),
)
PRODUCT = PublicProduct("04012345123456", "Maison Exemple", "T-shirt", "apparel", ("L1",), (), "2026-10-01T00:00:00Z")


def said(standing: Standing) -> tuple[StandingChange, ...]:
    return (StandingChange(standing, "effluent plant out of service", date(2026, 10, 3), "2026-10-03T09:12:00Z"),)


CERTIFICATES = {
    "valid": CERTIFICATE,
    "not_yet_valid": replace(CERTIFICATE, valid_from=date(2026, 12, 1)),
    "expired": replace(CERTIFICATE, valid_to=date(2026, 11, 21)),
    "suspended": replace(CERTIFICATE, history=said(Standing.SUSPENDED)),
    "withdrawn": replace(CERTIFICATE, history=said(Standing.WITHDRAWN)),
}
ANSWERS = {status: answer_on(certificate, TODAY) for status, certificate in CERTIFICATES.items()}


def page(code: str = "en", path: str = "/f/BDF8QY40YGE1", **more) -> pages.Page:
    return pages.Page(
        language=more.pop("language", language.language(code)),
        base_url=more.pop("base_url", "https://factory-id.example"),
        base_path=more.pop("base_path", ""),
        host="factory-id.example",
        path=path,
        checked_at=datetime(2026, 11, 22, 15, 20, tzinfo=UTC),
        **more,
    )


def certificate_page(answer: CertificateAnswer, *, today: bool = True, code: str = "en") -> str:
    once = {"then": None, "known": None, "told_later": (), "receipts": True, "signed_part": None}
    return pages.render("certificate.html", page(code, "/c/C"), answer=answer, today=today, holder_url="/f/BD", **once)


def directory_page(query, results, *, code="en"):
    return pages.render(
        "directory.html",
        page(code, "/factories"),
        query=query,
        wish=Wish(),
        found=Found(cards=tuple(results)),
        certificates=[],
        results=results,
        some=[],
        first_path="/factories",
        next_path="/factories?cursor=x" if results else None,
        choices={
            "country": [("BD", "Bangladesh")],
            "category": [("knitwear", "Knitwear")],
            "standard": [("gots", "GOTS")],
        },
        standards={"gots": "GOTS"},
        slip=None,
    )


def _claims() -> list[dict]:
    """Claims on each basis, and on a certificate of each status."""
    bases = [Basis(Rests.CERTIFICATE, status) for status in (*ANSWERS, "gone")]
    bases += [Basis(Rests.STANDARD, "gots", "GOTS"), Basis(Rests.PROGRAMME, "climate"), Basis(Rests.NONE)]
    bases += [Basis(Rests.EVIDENCE, "https://www.meghna-knit.example/report", "Energy report")]
    said = (
        Verification("sureseal", "Sure Seal", "2026-05-01"),
        NamedVerifier("Lab", "2026-04-01", "https://lab.example"),
    )
    made = [Claim(f"c{at}", "We reuse our water.", "en", basis, made_on="2026-05-01") for at, basis in enumerate(bases)]
    made[0], made[-1] = replace(made[0], verified=said[0]), replace(made[-1], verifier=said[1])
    return claims.shown(tuple(made), {status: answer.certificate for status, answer in ANSWERS.items()}, TODAY)


CLAIMS = _claims()
ELSEWHERE = (FIELDS["website"], "https://www.meghna-knit.example/report", "https://lab.example")
"""The links that lead to other sites."""


def factory_page(factory: PublicFactory = FACTORY, certificates=(), claims=(), **more) -> str:
    return pages.render(
        "factory.html", page(**more), factory=factory, certificates=list(certificates), claims=list(claims)
    )


def product_page(**changed) -> str:
    context = {
        "product": PRODUCT,
        "stages": [],
        "lot": None,
        "serial": None,
        "lot_known": False,
        "claims": [],
        **changed,
    }
    return pages.render("product.html", page(), **context)


def every_page(code: str) -> dict[str, str]:
    stages = [
        {"process": "spinning", "factory": None, "certificates": []},
        {"process": "sewing", "factory": FACTORY, "certificates": [*ANSWERS.values()]},
    ]
    found = {
        "factory_id": "BDF8QY40YGE1",
        "name": "M",
        "local_name": None,
        "country": "BD",
        "city": None,
        "url": "/f/B",
        "aliases": [],
        "also_known": [],
        "state": "open",
        "state_since": None,
        "successor": None,
        "product_categories": ["knitwear"],
        "certificates": 2,
        "certificates_valid": 1,
        "certificates_declared": 1,
        "standards_valid": ["gots"],
        "shown_id": "BD-F8QY4-0YGE1",
    }
    made = {f"certificate {status}": certificate_page(answer, code=code) for status, answer in ANSWERS.items()}
    made["home"] = pages.render("home.html", page(code, "/"))
    made["factory"] = factory_page(certificates=ANSWERS.values(), claims=CLAIMS, code=code)
    made["bare factory"] = factory_page(BARE, code=code)
    product = {"product": PRODUCT, "stages": stages, "lot": "L2", "serial": "7", "lot_known": False}
    product["claims"] = CLAIMS
    made["product"] = pages.render("product.html", page(code, "/p/0"), **product)
    made["directory"] = directory_page("m", [found], code=code)
    made["empty directory"] = directory_page("m", [], code=code)
    for what in ("factory", "certificate", "product", "page", "search"):
        made[f"no {what}"] = pages.render("not_found.html", page(code, "/x", index=False), what=what, typed="bd 1")
    for status in (400, 404, 410, 429, 503):
        problem = {"status": status, "title": words.NOT_RIGHT, "detail": "Some detail.", "retry": status >= 429}
        made[f"problem {status}"] = pages.render("problem.html", page(code, "/x", index=False), **problem)
    return made


class Outline(HTMLParser):
    """Elements, attributes and texts of a page; complains of what does not nest."""

    VOID = frozenset({"meta", "link", "input", "br"})
    DRAWN = frozenset({"path", "circle"})

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(html)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        assert tag in self.DRAWN, tag
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append((self.open[-1] if self.open else "", data))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def text(self) -> str:
        return " ".join(" ".join(data for tag, data in self.texts if tag not in ("style", "script")).split())


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_every_page_is_whole_light_and_keeps_to_itself(code):
    for name, html in every_page(code).items():
        outline = Outline(html)
        assert len(gzip.compress(html.encode())) < 8_000, name
        assert not any("src" in attributes for _, attributes in outline.elements), name
        assert not any("style" in attributes for _, attributes in outline.elements), name
        assert not any(key.startswith("on") for _, attributes in outline.elements for key in attributes), name
        assert {a.get("type") for a in outline.all("script")} <= {"application/ld+json"}, name
        assert "@import" not in pages.style()
        assert "url(" not in pages.style()
        for link in outline.all("link"):
            assert link["rel"] in ("canonical", "alternate", "icon"), name
        for link in outline.all("a"):
            if link["href"].startswith(("http:", "https:", "//")):
                assert link["href"] in ELSEWHERE, name
                assert link["rel"] == "nofollow noopener noreferrer", name


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_every_page_can_be_used_without_eyes_or_mouse(code):
    for name, html in every_page(code).items():
        outline = Outline(html)
        assert outline.all("html") == [{"lang": code, "dir": language.language(code).direction}], name
        assert len(outline.all("h1")) == len(outline.all("main")) == len(outline.all("title")) == 1, name
        labelled = {label["for"] for label in outline.all("label")}
        for field in outline.all("input"):
            assert field.get("type") == "hidden" or field["id"] in labelled, name
        ids = [attributes["id"] for _, attributes in outline.elements if "id" in attributes]
        assert len(ids) == len(set(ids)), name
        for _, attributes in outline.elements:
            for reference in ("aria-labelledby", "aria-describedby"):
                assert attributes.get(reference, ids[0]) in ids, name
        assert outline.all("a")[0] == {"class": "skip", "href": "#main"}, name


@pytest.mark.parametrize("status", ANSWERS)
def test_every_status_says_its_word_first(status):
    answer = ANSWERS[status]
    assert answer.status == status
    html = certificate_page(answer)
    assert f'<section class="panel {status}"' in html
    assert f'<h1 id="status">{words.STATUS[status]}</h1>' in html
    assert html.index('class="panel') < html.index("<dl>")
    assert "Checked at" in html
    assert '<time datetime="2026-11-22T15:20:00Z">22 November 2026, 15:20 UTC</time>' in html


def test_every_status_has_a_shape_of_its_own():
    shapes = set()
    for status in (*words.STATUS,):
        module = templating.templates().get_template("icons.html").module
        shapes.add(str(module.icon(status)))
    assert len(shapes) == len(words.STATUS) == len(Status) + 2  # and: declared only, unavailable


def test_no_other_status_word_stands_on_a_page():
    for status, answer in ANSWERS.items():
        text = Outline(certificate_page(answer)).text().replace("Was it valid on another day?", "")
        others = {words.STATUS[other] for other in words.STATUS if other != status}
        assert not [other for other in others if re.search(rf"\b{other}\b", text)]


def test_what_only_the_factory_declares_never_looks_confirmed():
    html = certificate_page(answer_on(replace(CERTIFICATE, confirmed=False), TODAY))
    assert '<section class="panel declared"' in html
    assert "Declared by the factory. The certifier has not confirmed it." in html
    assert 'class="panel valid"' not in html
    listed = factory_page(certificates=[answer_on(replace(CERTIFICATE, confirmed=False), TODAY)])
    assert "mark declared" in listed
    assert "mark valid" not in listed
    assert "border-style:dashed" in pages.style()


def test_an_expired_declaration_says_both():
    html = certificate_page(answer_on(replace(CERTIFICATES["expired"], confirmed=False), TODAY))
    assert '<h1 id="status">Expired</h1>' in html
    assert "The certifier has not confirmed it." in html


def test_the_answer_for_a_past_day_names_the_day_and_leads_to_today():
    html = certificate_page(answer_on(CERTIFICATES["withdrawn"], date(2026, 3, 1)), today=False)
    text = Outline(html).text()
    assert "On 1 March 2026 : Valid" in text
    assert "Today:" not in text
    assert 'href="/c/CCYYS9E9R0N"' in html


def test_a_certificate_page_gives_what_must_be_compared():
    text = Outline(certificate_page(ANSWERS["suspended"])).text()
    for part in ("CU-7190442-2026", "GOTS 7.0", "Knitting and dyeing", "T-shirts", "effluent plant out of service"):
        assert part in text
    assert "from the start of 15 January 2026 to the end of 14 January 2027 , UTC" in text
    assert "The address bar must show factory-id.example" in text


@pytest.mark.parametrize("name", FIELDS)
def test_markup_in_a_field_of_a_factory_is_inert(name):
    evil = {"country": "BD", "product_categories": [EVIL], "processes": [EVIL], "aliases": [EVIL]}
    value = {"en": EVIL} if name == "descriptions" else evil.get(name, EVIL)
    html = factory_page(replace(FACTORY, fields={**FIELDS, name: value}))
    assert "<b>" not in html
    outline = Outline(html)
    assert len(outline.all("script")) == 1
    assert json.loads(next(data for tag, data in outline.texts if tag == "script"))["@type"] == "Organization"


@pytest.mark.safety("public.markup-inert")
def test_a_hostile_name_reaches_json_ld_and_open_graph_as_text_only():
    outline = Outline(factory_page(replace(FACTORY, fields={**FIELDS, "name": EVIL})))
    data = json.loads(next(data for tag, data in outline.texts if tag == "script"))
    assert data["name"] == EVIL
    (title,) = [meta["content"] for meta in outline.all("meta") if meta.get("property") == "og:title"]
    assert title == EVIL


def test_markup_in_a_certificate_product_or_search_is_inert():
    hostile = replace(
        CERTIFICATE, number=EVIL, standard_name=EVIL, certifier=EVIL, holder_name=EVIL, scope=EVIL, products=(EVIL,)
    )
    stage = {"process": EVIL, "factory": replace(FACTORY, fields={"name": EVIL, "country": "BD"}), "certificates": []}
    product = replace(PRODUCT, name=EVIL, brand=EVIL, category=EVIL)
    made = [
        certificate_page(answer_on(hostile, TODAY)),
        certificate_page(CertificateAnswer(hostile, TODAY, Status.WITHDRAWN, EVIL, confirmed=True)),
        factory_page(certificates=[answer_on(hostile, TODAY)]),
        product_page(product=product, stages=[stage], lot=EVIL, serial=EVIL),
        directory_page(EVIL, []),
        pages.render("not_found.html", page(), what="search", typed=EVIL),
        pages.render("problem.html", page(), status=400, title=EVIL, detail=EVIL, retry=False),
    ]
    for html in made:
        assert "<b>" not in html
        assert not Outline(html).all("b")


def test_an_audit_is_never_mixed_up_with_a_certificate():
    html = factory_page()
    assert "An audit is not a certificate." in html
    assert "never their results" in html
    assert "Social audit" in html
    assert "passed" not in html.lower()


def test_unknown_codes_are_shown_as_sent():
    text = Outline(factory_page()).text()
    for sent in ("moon_suits", "lunar", "spot_check"):
        assert sent in text


def test_every_field_names_its_source():
    text = Outline(factory_page()).text()
    assert "from the ICS audit of 3 March 2026" in text
    assert "from the factory, 14 September 2026" in text
    assert "run by the factory" in text
    assert "not yet confirmed by the factory" in Outline(factory_page(BARE)).text()


def test_a_description_is_in_the_readers_language_else_english_else_any():
    assert "আমরা সুতি" in factory_page(code="bn")
    assert '<p lang="en" dir="auto" class="words">We knit' in factory_page(code="fr")
    only = replace(FACTORY, fields={**FIELDS, "descriptions": {"vi": "Chúng tôi dệt."}})
    assert '<p lang="vi" dir="auto" class="words">Chúng tôi' in factory_page(only, code="fr")


@pytest.mark.parametrize(("state", "word"), [("closed", "has closed"), ("moved", "has moved"), ("merged", "merged")])
def test_a_factory_that_is_no_more_says_so_before_its_name(state, word):
    gone = replace(FACTORY, state=state, state_since="2026-02-01", successor="CNF8QY40YGE1")
    html = factory_page(gone)
    assert html.index(word, html.index("<main")) < html.index("<h1>")
    assert 'href="/f/CNF8QY40YGE1"' in html
    assert '<time datetime="2026-02-01">' in html


def test_certificates_that_hold_stand_first():
    ordered = [answer.status.value for answer in listed.useful_first(reversed(ANSWERS.values()))]
    assert ordered == ["valid", "not_yet_valid", "suspended", "withdrawn", "expired"]


def test_a_stage_counts_only_confirmed_certificates_and_hides_what_is_not_public():
    declared = answer_on(replace(CERTIFICATE, confirmed=False), TODAY)
    stages = [
        {"process": "spinning", "factory": None, "certificates": []},
        {"process": "dyeing", "factory": FACTORY, "certificates": [declared]},
        {"process": "sewing", "factory": FACTORY, "certificates": [declared, *ANSWERS.values()]},
    ]
    text = Outline(product_page(stages=stages)).text()
    assert "Spinning The factory of this stage is not public." in text
    assert "No confirmed certificate holds today." in text
    assert "1 valid certificate today" in text


def test_a_lot_that_is_not_published_is_named():
    assert "The brand has not published lot" in product_page(lot="L2", lot_known=False)
    assert "The brand has not published lot" not in product_page(lot="L1", lot_known=True)
    assert "The brand has not published lot" not in product_page()


def test_not_knowing_is_neutral():
    text = Outline(pages.render("not_found.html", page(), what="certificate", typed="CU-1")).text()
    assert "Unknown" in text
    assert "check the code" in text
    assert "no judgement" in text
    assert "fake" not in text.lower()


def test_when_nothing_could_be_read_no_status_word_is_said():
    told = shown.told(responses.problem_of(Unavailable("The registry could not be reached just now.")))
    html = pages.render("problem.html", page(index=False), **told)
    text = Outline(html).text().lower()
    assert "we cannot confirm this now" in text
    assert "try again" in text
    assert not re.search(r"\b(valid|unknown|expired|withdrawn|suspended)\b", text)


def test_a_detail_that_no_catalogue_holds_is_marked_as_english():
    html = pages.render("problem.html", page("fr"), status=400, title="Odd.", detail="Very odd.", retry=False)
    assert '<span lang="en" dir="ltr">Very odd.</span>' in html


def test_previews_carry_no_status():
    for answer in ANSWERS.values():
        html = certificate_page(answer)
        described = [m["content"] for m in Outline(html).all("meta") if m.get("property", "").startswith("og:")]
        assert not re.search("|".join(words.STATUS.values()), " ".join(described))


def test_search_engines_are_told_what_to_keep():
    html = factory_page()
    assert '<link rel="canonical" href="https://factory-id.example/f/BDF8QY40YGE1">' in html
    assert 'hreflang="en" href="https://factory-id.example/f/BDF8QY40YGE1?lang=en"' in html
    assert "noindex" not in html
    hidden = factory_page(index=False)
    assert '<meta name="robots" content="noindex">' in hidden
    assert "canonical" not in hidden


def test_links_keep_the_path_of_the_service_and_the_language_asked_for():
    html = factory_page(certificates=ANSWERS.values(), base_path="/api", language=language.choose("en", None))
    assert 'href="/api/c/CCYYS9E9R0N?lang=en"' in html
    assert '<input type="hidden" name="lang" value="en">' in html
    plain = factory_page(certificates=ANSWERS.values(), base_path="/api")
    assert 'href="/api/c/CCYYS9E9R0N"' in plain
    assert 'action="/api/find"' in plain


def test_the_style_that_is_served_is_the_style_that_is_allowed():
    (served,) = [data for tag, data in Outline(factory_page()).texts if tag == "style"]
    digest = base64.b64encode(hashlib.sha256(served.encode()).digest()).decode()
    assert pages.style_hash() == f"sha256-{digest}"


def test_a_name_that_no_route_gave_is_an_error_not_a_blank():
    with pytest.raises(UndefinedError):
        pages.render("not_found.html", page(), what="page")


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_text_stands_out_from_its_ground():
    checked = 0
    for rule in pages.style().split("}"):
        colours = dict(re.findall(r"(?:[{;])(color|background):(#[0-9a-f]{3,6})", rule))
        if len(colours) == 2:
            checked += 1
            assert contrast(colours["color"], colours["background"]) >= 7, rule
    assert checked >= 12
    for quiet, ground in (("#45525a", "#fff"), ("#45525a", "#eef3f6"), ("#1a4f8b", "#eef3f6"), ("#d3dfe7", "#12324a")):
        assert contrast(quiet, ground) >= 4.5


def test_no_bare_text_stands_in_a_template():
    for path in TEMPLATES.glob("*.html"):
        source = path.read_text("utf-8")
        source = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", source, flags=re.DOTALL)
        source = re.sub(
            r"<(text|svg)\b[^>]*>BD-[^<]*</text>|BD-F8QY4-0YGE1|<pre.*?</pre>", " ", source, flags=re.DOTALL
        )
        bare = re.findall(r"[^\W\d_]{2,}", re.sub(r"<[^>]*>", " ", source))
        assert not bare, f"{path.name}: {bare}"
        attributes = re.findall(r'(?:placeholder|title|alt|aria-label|content)="([^"{]*[a-z]{3}[^"{]*)"', source)
        allowed = ("width=device-width", "noindex", "website")
        assert not [text for text in attributes if not text.startswith(allowed)], path.name


def test_packaged_templates_say_the_same(tmp_path):
    built = pages.environment(FileSystemLoader(TEMPLATES))
    built.compile_templates(tmp_path, zip=None, extensions=["html", "css"], ignore_errors=False)
    compiled = pages.environment(ModuleLoader(tmp_path))
    context = {
        **templating.helpers(page(), Voice(page().language, "", pages.style())),
        "factory": FACTORY,
        "certificates": [*ANSWERS.values()],
        "claims": CLAIMS,
    }
    page_of_claims = factory_page(certificates=ANSWERS.values(), claims=CLAIMS)
    assert compiled.get_template("factory.html").render(context) == page_of_claims


def test_rendering_loads_neither_babel_nor_extensions_nor_a_qr_encoder():
    program = (
        "import sys; from chalicelib.web import pages, language, qr; from datetime import datetime, UTC;"
        "p = pages.Page(language.choose(None, 'fr'), 'https://x.example', '', 'x.example', '/', datetime.now(UTC));"
        "pages.render('home.html', p);"
        "heavy = {'babel', 'segno', 'gettext', 'boto3', 'jinja2.ext'}; print(sorted(heavy & {*sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
