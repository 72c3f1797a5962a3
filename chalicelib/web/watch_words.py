"""The words by which watchers are told of changes, and those of the forms about watches."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.domain import identity
from chalicelib.domain.tidings import News, Tiding
from chalicelib.web import shown
from chalicelib.web.words import N_

SENTENCES = {
    News.SUSPENDED: N_("Suspended from %(day)s"),
    News.WITHDRAWN: N_("Withdrawn from %(day)s"),
    News.REINSTATED: N_("From %(day)s no longer suspended or withdrawn"),
    News.EXPIRES: N_("Ends in %(left)s days: its last day is %(day)s"),
    News.CLOSED: N_("Closed on %(day)s"),
    News.MOVED: N_("Moved on %(day)s"),
    News.MERGED: N_("Goes on under another Factory ID from %(day)s"),
    News.REOPENED: N_("Open again from %(day)s"),
    News.SEPARATED: N_("Has a record of its own again from %(day)s"),
}

LABELS = {
    "things": N_("What do you want to watch?"),
    "file": N_("Or a file with them"),
    "email": N_("Your e-mail address"),
    "webhook": N_("Webhook (for machines)"),
    "more": N_("Watch these, too"),
}
HINTS = {
    "things": N_("Factory IDs, certificate codes or numbers on certificates, one a line, at most 1,000."),
    "file": N_("CSV or XLSX, one a row."),
    "email": N_("We send you a link first, to make sure that it is yours."),
    "webhook": N_("You may leave it empty. An https address that is called at each change, instead of a mail."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A change as a mail tells it: whose, which certificate, what changed, why, and where to look."""

    name: str
    number: str
    sentence: str
    values: dict[str, object]
    reason: str | None
    url: str


def line(told: Tiding) -> Line:
    """What a mail says of a change."""
    code = told.code or told.factory_id
    number = f"{told.standard} {told.number}" if told.code is not None else identity.shown(told.factory_id)
    url = shown.url(f"/f/{told.factory_id}" if told.code is None else f"/c/{code}")
    values: dict[str, object] = {"left": told.days_left}
    return Line(told.name, number, SENTENCES[told.kind], {**values, "day": told.day}, told.reason, url)
