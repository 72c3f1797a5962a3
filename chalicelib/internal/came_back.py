"""Mails that came back for good, or whose receivers complained, as SES tells it: of invitations and of watches.

A mail that was only delayed, as by a full mailbox, changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib import journal
from chalicelib.domain.invitation import COMPLAINT
from chalicelib.internal import mail
from chalicelib.store.registry import addresses, callers, watches
from chalicelib.store.registry import invitation_items as items
from chalicelib.store.registry import invitations as store


def note(detail: Mapping[str, Any]) -> int:
    """Note what came back; says whether anything was, as a number."""
    message = detail.get("mail") or {}
    invitation_id, watch_id = _named(message, mail.ABOUT), _named(message, mail.WATCH)
    kind = str(detail.get("eventType") or detail.get("notificationType") or "").lower()
    if not (invitation_id or watch_id) or kind not in ("bounce", "complaint"):
        return 0
    told = detail.get(kind) or {}
    if kind == "bounce" and told.get("bounceType") != "Permanent":
        return 0
    receivers = _receivers(told.get("bouncedRecipients" if kind == "bounce" else "complainedRecipients"))
    trouble = COMPLAINT if kind == "complaint" else str(told.get("bounceSubType") or "General")[:40]
    if invitation_id:
        _of_invitation(invitation_id, receivers, trouble)
    else:
        watches.came_back(watch_id, receivers, trouble, for_good=kind == "complaint")
    journal.say("mail_came_back", about=invitation_id or watch_id, kind=kind)
    return 1


def _of_invitation(invitation_id: str, receivers: list[str], trouble: str) -> None:
    if trouble == COMPLAINT:
        held = items.load(invitation_id)
        if held is not None and callers.person(held.email) in map(callers.person, receivers):
            addresses.complained(held.email)
    store.came_back(invitation_id, receivers, trouble)


def _named(message: Mapping[str, Any], header: str) -> str:
    """What a mail was about: by its tag, else by its header."""
    tags = (message.get("tags") or {}).get(mail.TAGS[header])
    if isinstance(tags, list) and tags:
        return str(tags[0])
    headers = message.get("headers") or []
    return next((str(each.get("value", "")) for each in headers if each.get("name") == header), "")


def _receivers(told: Any) -> list[str]:
    return [str(each.get("emailAddress", "")) for each in told or []]
