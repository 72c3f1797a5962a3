"""The items of an invitation: its record, what its token is for, its line in the member's list, the day it is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chalicelib.domain.invitation import Invitation, days_due, state_at
from chalicelib.store import codec, keys
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import callers, lookup, whereabouts
from chalicelib.store.registry.commit import Commit
from chalicelib.store.registry.replies import Row


@dataclass(frozen=True, slots=True)
class Line:
    """An invitation in its member's list: enough to count and to choose by. ``person`` is of the address's hash."""

    invitation_id: str
    state: str
    expires_at: str
    mail: str
    person: str

    def state_at(self, now: datetime) -> str:
        """The state as people see it."""
        return state_at(self.state, self.expires_at, now)


def person(email: str) -> str:
    """How a line calls an address."""
    return callers.person(email)[:16]


def load(invitation_id: str) -> Invitation | None:
    """An invitation; ``None`` if there is none."""
    item = lookup.item(keys.invitation(invitation_id))
    return None if item is None else codec.made(Invitation, {**item.body, "version": int(item.version)})


def several(invitation_ids: list[str]) -> list[Invitation]:
    """The invitations with these identifiers, in their order."""
    found = lookup.bodies(map(keys.invitation, invitation_ids))
    held = {body["invitation_id"]: codec.made(Invitation, body) for body in found.values()}
    return [held[each] for each in invitation_ids if each in held]


def made_for(row: Row | None) -> Invitation | None:
    """The invitation that an earlier try of a request made for one of its rows, as it stands now."""
    noted = row.noted() if row is not None else None
    return None if noted is None else load(noted["invitation_id"])


def lines(member_id: str) -> list[Line]:
    """All invitations of a member, however many, the oldest first."""
    place = keys.member_invitation(member_id, "", "")
    found = lookup.below(place.pk, "INVITATION#", limit=None)
    return [codec.made(Line, body) for body in found]


def due(today: date) -> list[tuple[date, str]]:
    """The invitations that have something due by a day, the oldest first, each with its day."""
    return [
        (day, body["invitation_id"])
        for day in reversed(days_due(today))
        for body in lookup.below(keys.due(day.isoformat()).pk, limit=None)
    ]


def settled(day: date, invitation_id: str) -> None:
    """Nothing is due any more."""
    transaction = Commit()
    transaction.delete(_due_item(day, invitation_id))
    transaction.now()


def write(transaction: Commit, after: Invitation, before: Invitation | None = None) -> None:
    """All items of an invitation as they shall be, under the condition that it is still as it was ``before``."""
    transaction.replace(_record(after), before.version if before else 0)
    place = keys.member_invitation(after.member_id, after.created_at, after.invitation_id)
    line = Line(after.invitation_id, after.state, after.expires_at, after.mail, person(after.email))
    transaction.put(RegistryItem(place.pk, place.sk, body=codec.to_json(line)))
    if before is None or person(before.email) != person(after.email):  # the same in other letters is kept in one place
        _note_address(transaction, before, after)
    if after.state != "pending":
        transaction.delete(_token_item(after))
    elif before is None or before.token_digest != after.token_digest:
        transaction.create(_token_item(after))
        if before is not None:
            transaction.delete(_token_item(before))
    was, is_now = before.due if before else None, after.due
    if was is not None and was != is_now:
        transaction.delete(_due_item(was, after.invitation_id))
    if is_now is not None and was != is_now:
        transaction.put(_due_item(is_now, after.invitation_id))


def _note_address(transaction: Commit, before: Invitation | None, after: Invitation) -> None:
    if before is not None and before.email:
        whereabouts.forget_invitation(transaction, before.email, after.invitation_id)
    if after.email:
        whereabouts.note_invitation(transaction, after.email, after.invitation_id)


def _record(invitation: Invitation) -> RegistryItem:
    key = keys.invitation(invitation.invitation_id)
    body: dict[str, Any] = codec.to_json(invitation)
    del body["version"]
    return RegistryItem(key.pk, key.sk, body=body)


def _token_item(invitation: Invitation) -> RegistryItem:
    key = keys.token(invitation.token_digest)
    body = {"action": "invitation", "invitation_id": invitation.invitation_id}
    expires = int(datetime.fromisoformat(invitation.expires_at).timestamp())
    return RegistryItem(key.pk, key.sk, body=body, expires=expires)


def _due_item(day: date, invitation_id: str) -> RegistryItem:
    key = keys.due(day.isoformat(), invitation_id)
    return RegistryItem(key.pk, key.sk, body={"invitation_id": invitation_id})
