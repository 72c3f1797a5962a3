"""Any text in every field that takes one: refused with the field named, or shown as nothing but text wherever it shows.

Each text ends with a token of its own. Where the token turns up, in a page, a picture, a table, a document or a mail,
the whole text must stand before it, as text.
"""

from __future__ import annotations

import copy
import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.safety import judging, real
from tests.safety.lines import Row
from tests.safety.mutations import TEXTS
from tests.safety.real import FORM, Request
from tests.safety.showing import Outcome, Texts, in_mail, shown
from tests.safety.stage import Stage, stage

BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u3164\x00\x07\x1b\x7f\x85\u2028\u2029\ue000\U000e0041"
LIKE_LATIN = "аеорсхіӏΑΒΕΟΡΤօԁ"
MARKS = "\u0300\u0301\u0327\u0338\u20dd\u0e49\u0489"
EMOJI = "\U0001f469\U0001f3fd\u200d\U0001f52c\ufe0f\U0001f1e7\U0001f1e9"
SYNTAX = "<>\"'&{}%$=+-@\t\r\n\\/;`|#()[]!*_~^:,."
SCRIPTS = "abcXYZ 09éßمমেঘনা工場Ỉ"
TEXT = st.one_of(
    st.sampled_from([text[:120] for text in TEXTS]),
    st.text(SYNTAX + SCRIPTS, min_size=1, max_size=40),
    st.text(BIDI + UNSEEN + LIKE_LATIN + MARKS + EMOJI + SCRIPTS, min_size=1, max_size=40),
    *[st.text(LIKE_LATIN + MARKS + SCRIPTS + "<>&\"'=+-@{}%", min_size=1, max_size=60)] * 4,
    *[st.text(SCRIPTS + "<>&\"'{}%", min_size=1, max_size=40)] * 7,
    st.text(st.characters(), min_size=1, max_size=40),
    st.text("\ud800\udfff\udbff" + SCRIPTS, min_size=1, max_size=5),
    st.builds("{}{}".format, st.sampled_from(list("=+-@\t\r'")), st.text(SCRIPTS + SYNTAX, max_size=20)),
    st.builds("{}{}".format, st.sampled_from(EMOJI + SCRIPTS), st.text(MARKS, min_size=50, max_size=120)),
    st.sampled_from(["x" * 1_000_000, "\u0301" * 30_000, "﷽" * 900, "\u202e" * 150]),
)
APART = "/end /resume /merge /unmerge /close /move /reopen /erasures /keys /people /privacy /acting /sign-out /erase"
APART += " /part /remove /revoke /{action} /stop /relay /links"
"""In addresses of what changes who may do what, or ends something that others rest on."""

SHUT = (403, 404, 409, 410, 412)
"""Refusals of a request as a whole: nobody looked at the text in it."""
_NO_SUCH_CLAIM = [
    f"{way} /internal/v1/claims/{kind}/{{{kind}_id}}/{{claim_id}}{end}"
    for kind in ("member", "product")
    for way, end in (("PUT", ""), ("POST", "/verify"), ("POST", "/unverify"))
]
ALWAYS_SHUT = {
    **dict.fromkeys(_NO_SUCH_CLAIM, "the claim of the stage is about its factory, where the same is tried"),
    "POST /internal/v1/certificates/{code}/requests": "the certificate of the stage is confirmed already",
    "POST /internal/v1/invitations": "its example names the stage's factory, which runs itself; the form is tried",
    "PUT /internal/v1/programmes/{programme_id}/factories/{factory_id}/done": "unless the factory said before that it "
    "takes part, as it does where every request is sent",
    "POST /internal/v1/invitations/accept": "its example's token was never mailed",
}
"""What is refused whatever it says, and why."""
NAMES_A_THING = {
    "POST /portal/factories/{factory_id}/efficiency/{indicator_id}/take-away": "of",
    "POST /portal/certificates/requests": "code",
    "POST /portal/factories/{factory_id}/certificates/ask": "code",
    "POST /portal/invitations/resend": "invitation",
    "POST /portal/invitations/withdraw": "invitation",
    "POST /portal/keys/{kind}/revoke": "prefix",
    "POST /portal/team/{kind}/{tenant}/remove": "person",
}
"""Hidden inputs that say what a button is about: with any other text in it there is no such thing."""
LINES = {"aliases", "products", "opportunities", "strategies", "technologies", "finance", "services", "workshops"}
CELLS = {"rows", "file"}
APART_IN = {**dict.fromkeys(LINES, "\n"), **dict.fromkeys(CELLS, '\n\r\t,;"')}
"""What parts values in inputs of forms that take several, a line or a cell each: a text there is one of them."""
TAKEN = "texts were taken: of five one at the least"
MET = "texts were met again: three for two that were sent"
LEAST_TAKEN, LEAST_MET = 1 / 5, 3 / 2


def drawn(many: int) -> list[str]:
    """So many texts, the same each time."""
    found: list[str] = []

    @settings(max_examples=many, database=None, deadline=None, derandomize=True, phases=[Phase.generate])
    @given(TEXT)
    def draw(text: str) -> None:
        found.append(text)

    draw()
    return found


def run(rounds: int, every: int = 1, tell: Callable[[int], None] = lambda _: None) -> Outcome:
    """So many rounds, each to every ``every``-th request that takes texts."""
    done, draw = Outcome(), random.Random(82)
    pool = drawn(400 if rounds == 1 else 4000)
    with stage() as held:
        requests = real.all_of(held)
        held.put_back()
        for number in range(rounds):
            chosen = [
                each for place, each in enumerate(requests) if each.method == "GET" or place % every == number % every
            ]
            round_of(held, chosen, iter(lambda: draw.choice(pool), None), done)
            tell(number + 1)
    return done


def rows(done: Outcome) -> list[Row]:
    """How many texts were to be taken and met again at the least, and how many were: else there was little to see."""
    least = ((TAKEN, round(done.tried * LEAST_TAKEN), done.taken), (MET, round(done.tried * LEAST_MET), done.met))
    return [(name, wanted, min(wanted, found)) for name, wanted, found in least]


def round_of(held: Stage, requests: list[Request], drawn: Iterator[str], done: Outcome) -> None:
    """Send texts in every field of every request, then look at everything that can be looked at.

    What ends something that others rest on is sent last, each to the world as it was at first; so is what is refused
    as a whole after what was sent before it.
    """
    texts = Texts(drawn)
    held.put_back()
    bodies = [each for each in requests if each.body is not None and each.real]
    late = [each for each in bodies if any(part in each.route for part in APART.split())]
    late += [each for each in bodies if each not in late and _fill(held, each, texts, done) in SHUT]
    _look(held, requests, texts, done)
    for each in late:
        held.put_back()
        status = _fill(held, each, texts, done)
        if status in SHUT and _name(each) not in ALWAYS_SHUT:
            done.lost.append(f"{_name(each)}: a {status} to the request as it is: no text in it is looked at")


def _name(each: Request) -> str:
    return f"{each.method} {each.route}"


def _fill(held: Stage, each: Request, texts: Texts, done: Outcome) -> int:
    """Send it as it is, with a text in each of its places, and with all that were taken. What came of it as it is."""
    with held.from_here():
        plain = _anew(held, each, {}, texts, done)
        if plain.status_code in SHUT and each.media == FORM:  # it may have been filled in before others were sent
            each = replace(each, body=real.form(held, each.path, each.caller))
            plain = _anew(held, each, {}, texts, done)
        if plain.status_code not in SHUT:
            places = list(_places(each.body))
            taken = {place: text for place in places if (text := _put(held, each, place, plain, texts, done))}
            if taken:
                _anew(held, each, taken, texts, done)
    return int(plain.status_code)


def _put(held: Stage, each: Request, place: tuple[Any, ...], plain: Any, texts: Texts, done: Outcome) -> str:
    """Send a text in one place. The text, if it was taken."""
    in_form = each.media == FORM
    text = texts.next(in_form=in_form, apart=APART_IN.get(place[-1], "") if in_form else "")
    answer = _anew(held, each, {place: text}, texts, done)
    done.tried += 1
    done.fields.add(f"{_name(each)} {'/'.join(map(str, place))}")
    status = answer.status_code
    if status < 400 and not _rejected(answer):
        done.taken += 1
        return text
    if status in SHUT and NAMES_A_THING.get(_name(each)) not in place:
        done.lost.append(f"{_name(each)}: a {status} to a text in {place}: {answer.body[:300]!r}")
    elif status == 400 and plain.status_code != 400 and not _names(each, answer, place):
        done.lost.append(f"{_name(each)} does not name {place}: {answer.body[:300]!r}")
    return ""


def _anew(held: Stage, each: Request, put: Mapping[tuple[Any, ...], str], texts: Texts, done: Outcome) -> Any:
    """Send it; where it is refused for what was sent before it, once more as if that had not been."""
    answer = _sent(held, each, put, texts, done)
    if answer.status_code not in SHUT:
        return answer
    held.put_back()
    return _sent(held, each, put, texts, done)


def _sent(held: Stage, each: Request, put: Mapping[tuple[Any, ...], str], texts: Texts, done: Outcome) -> Any:
    body = real.form(held, each.path, each.caller) if each.media == FORM and len(put) > 1 else copy.deepcopy(each.body)
    for place, text in put.items():
        node = body
        for key in place[:-1]:
            node = node[key]
        node[place[-1]] = text
    sent = replace(each, body=body, headers=_fresh(held, each, f"text-{len(texts.sent)}-{len(put)}"))
    answer = held.ask(sent.method, sent.address, {**_typed(sent), **held.callers[sent.caller]}, sent.content)
    wrong = [*judging.faults(held, sent, answer), *shown(answer, texts, done)]
    done.lost += [f"{_name(each)} {list(put)[:1]}: {fault}" for fault in wrong]
    for message in held.mails:
        done.lost += [f"a mail after {each.route}: {fault}" for fault in in_mail(message, texts, done)]
    held.mails.clear()
    return answer


def _typed(sent: Request) -> dict[str, str]:
    return {name: value for name, value in {"Content-Type": sent.media, **sent.headers}.items() if value}


def _fresh(held: Stage, each: Request, key: str) -> dict[str, str]:
    """The headers of a request with a key of its own, and the version that is held now."""
    headers = dict(each.headers)
    if "Idempotency-Key" in headers:
        headers["Idempotency-Key"] = key
    if "If-Match" in headers:
        headers["If-Match"] = real.tag(held, each.route, each.path, each.caller)
    return headers


def _places(node: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where texts stand in a body."""
    for key in node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ():
        if key in ("csrf_token", "version", "token", "seen", ".seen", "made", "made_with"):
            continue
        if isinstance(node[key], str):
            yield (*above, key)
        yield from _places(node[key], (*above, key))


def _rejected(answer: Any) -> bool:
    return b'"rejected"' in answer.body and b'"created":0,"updated":0' in answer.body


def _names(each: Request, answer: Any, place: tuple[Any, ...]) -> bool:
    """Whether a refusal says which field it is about, or that the body could not be read at all.

    A form of one field or two may say so in words alone. In a row of a form another field of that row may be named: a
    text that is a process, in a row that was empty, wants a factory beside it.
    """
    text = answer.body.decode("utf-8", "replace")
    names = [str(part) for part in place if not isinstance(part, int)]
    if text.startswith("<!doctype"):
        told = 'role="alert"' in text or '<p class="lead">' in text
        few = len(each.body.keys() - {"csrf_token", "file", "language"}) <= 2
        rows = [found[1] for name in names if (found := re.fullmatch(r"[a-z_]+-(\d+)", name))]
        beside = any(re.search(rf'href="#[a-z_]+-{row}"', text) for row in rows)
        named = any(f'href="#{name}' in text or f'id="{name}-fault"' in text for name in names)
        return (few and told) or named or beside
    unread = any(word in text for word in ("JSON", "UTF-8", "surrogate"))
    return unread or any(name in text for name in names)


def _look(held: Stage, requests: list[Request], texts: Texts, done: Outcome) -> None:
    for each in requests:
        if each.method == "GET":
            answer = held.ask("GET", each.address, held.callers[each.caller], b"")
            wrong = [*judging.faults(held, each, answer), *shown(answer, texts, done)]
            done.lost += [f"GET {each.address}: {fault}" for fault in wrong]
