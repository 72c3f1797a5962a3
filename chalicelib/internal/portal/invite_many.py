"""A member invites up to 500 factories: a file or a pasted list, looked at row by row before anything is sent.

Between looking and sending the list lies in the form itself, signed: nothing is kept here, and nothing typed is lost.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Any

from chalice.app import Response

from chalicelib.domain.errors import TooLarge, Unavailable
from chalicelib.internal import invite_list, inviting
from chalicelib.internal.invite_list import Preview, Sent
from chalicelib.internal.portal import door, view
from chalicelib.internal.portal.view import Visit
from chalicelib.web import invitation_words, invite_sheet, likeness_words, responses
from chalicelib.web.invite_sheet import Sheet
from chalicelib.web.language import LANGUAGES
from chalicelib.web.responses import Problem
from chalicelib.web.words import N_

PATH = "/portal/invitations/upload"
SENT = "/portal/invitations/send"
MOST_BYTES = 1_000_000
MOST_FORM_BYTES = 3_000_000  # a file, and a text in which a letter of Bengali takes nine bytes
_LINE = re.compile(r"[0-9]{1,9}\Z")
FILE_TOO_LARGE = N_("The file has more than 1 MB. Save the list as CSV, with its columns only.")


@door.page("GET", PATH, who=door.MEMBER)
def form(visit: Visit) -> Response:
    """Where a file is chosen, or a list pasted."""
    return _form(visit)


def _form(visit: Visit, problem: Problem | None = None, rows: str | None = None) -> Response:
    return view.render(
        visit,
        "portal/invite_many.html",
        http_status=problem.status if problem else 200,
        problem=problem,
        rows=visit.form.get("rows", "") if rows is None else rows,
        **_fixed(visit),
    )


@door.page("GET", f"{PATH}/template", who=door.MEMBER)
def template(_visit: Visit) -> Response:
    """A CSV to fill in. The mark tells spreadsheets that it is UTF-8."""
    return responses.csv_response("\ufeff" + invite_sheet.template(), "factories-to-invite.csv")


@door.page("POST", PATH, who=door.MEMBER, again=_form, most_bytes=MOST_FORM_BYTES)
def looked_at(visit: Visit) -> Response:
    """Each row with what would come of it. Nothing is sent."""
    try:
        sheet = _sheet(visit)
    except TooLarge as error:
        return _form(visit, responses.problem_of(error))
    member = inviting.inviter(visit.person.tenant)
    try:
        found = invite_list.look(member, sheet.entries, _language(visit), visit.language)
    except Unavailable as error:  # a file would be gone: its rows stay on the page, in the place of a pasted list
        return _form(visit, responses.problem_of(error), invite_sheet.written(each.cells for each in sheet.entries))
    return _preview(visit, found, sheet.unread)


def _preview(visit: Visit, found: list[Preview], unread: tuple[str, ...]) -> Response:
    ready = [each for each in found if not each.faults]
    return view.render(
        visit,
        "portal/invite_preview.html",
        found=found,
        ready=len(ready),
        asked=sum(bool(each.likely) for each in ready),
        faulty=len(found) - len(ready),
        unread=unread,
        packed=invite_list.pack(found, secrets.token_hex(16), _owner(visit)),
        rows=invite_sheet.written(each.entry.cells for each in found),
        reasons=likeness_words.REASONS,
        **_fixed(visit),
    )


@door.page("POST", SENT, who=door.MEMBER, again=_form, most_bytes=MOST_FORM_BYTES)
def sent(visit: Visit) -> Response:
    """Send the rows that can go. The page is the answer itself: sent once more, it sends nothing and says the same."""
    packed = invite_list.unpack(visit.form.get("packed", ""), _owner(visit))
    member = inviting.inviter(visit.person.tenant)
    done = invite_list.send(member, packed, _choices(visit.form), _language(visit), visit.language, visit.person.actor)
    left = [each.entry.cells for each in done if each.outcome in ("undecided", "failed", "faulty")]
    return view.render(
        visit,
        "portal/invite_sent.html",
        done=done,
        counted=_counted(done),
        rows=invite_sheet.written(left) if left else "",
        outcomes=invitation_words.OUTCOMES,
        **_fixed(visit),
    )


def _sheet(visit: Visit) -> Sheet:
    content = visit.files.get("file")
    if content is None:
        return invite_sheet.pasted(visit.form.get("rows", ""))
    if len(content) > MOST_BYTES:
        raise TooLarge(FILE_TOO_LARGE)
    return invite_sheet.from_file(content)


def _choices(form: Mapping[str, str]) -> dict[int, str]:
    """What was decided about each row, by its line."""
    named = {name.removeprefix("same-"): choice for name, choice in form.items() if name.startswith("same-")}
    return {int(line): choice for line, choice in named.items() if _LINE.match(line)}


def _counted(done: list[Sent]) -> list[tuple[str, int]]:
    outcomes = [each.outcome for each in done]
    return [(name, outcomes.count(name)) for name in invitation_words.OUTCOMES if name in outcomes]


def _fixed(visit: Visit) -> dict[str, Any]:
    return {
        "own_path": PATH,
        "labels": invitation_words.COLUMNS,
        "hints": invitation_words.HINTS,
        "tongues": LANGUAGES,
        "language": _language(visit),
    }


def _language(visit: Visit) -> str:
    given = visit.form.get("language", "")
    return given if given in LANGUAGES else visit.language.code


def _owner(visit: Visit) -> str:
    """Whose list it is: nobody else's form can be sent with it, nor for another organisation."""
    return f"{visit.person.tenant} {visit.person.person}"
