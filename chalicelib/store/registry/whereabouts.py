"""Where an e-mail address is kept, found by its hash: so that its owner can be told of it, and have it erased."""

from __future__ import annotations

from chalicelib.domain.erasure import contact_addresses
from chalicelib.domain.factory import Factory
from chalicelib.store import people_keys
from chalicelib.store.keys import Key
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import callers, lookup
from chalicelib.store.registry.commit import Commit


def note_contacts(transaction: Commit, before: Factory | None, after: Factory) -> None:
    """Keep in step which factories have an address as their contact."""
    was, is_now = _contacts(before) if before else set(), _contacts(after)
    for person in is_now - was:
        transaction.put(_item(people_keys.contact_of(person, after.factory_id), {"factory_id": after.factory_id}))
    for person in was - is_now:
        transaction.delete(_item(people_keys.contact_of(person, after.factory_id), {}))


def note_invitation(transaction: Commit, email: str, invitation_id: str) -> None:
    """Note that an invitation holds an address."""
    key = people_keys.invitation_to(callers.person(email), invitation_id)
    transaction.put(_item(key, {"invitation_id": invitation_id}))


def forget_invitation(transaction: Commit, email: str, invitation_id: str) -> None:
    """Note that an invitation holds an address no more."""
    transaction.delete(_item(people_keys.invitation_to(callers.person(email), invitation_id), {}))


def invitations(person: str) -> list[str]:
    """The invitations that hold an address."""
    place = people_keys.invitation_to(person)
    return [str(each["invitation_id"]) for each in lookup.below(place.pk, place.sk)]


def contacts(person: str) -> list[str]:
    """The factories whose records hold an address."""
    place = people_keys.contact_of(person)
    return [str(each["factory_id"]) for each in lookup.below(place.pk, place.sk)]


def note_report(transaction: Commit, email: str, matter_id: str, expires: int) -> None:
    """Note that who wrote a report gave an address, for as long as that is kept."""
    item = _item(_report_by(callers.person(email), matter_id), {"matter_id": matter_id})
    item.expires = expires
    transaction.put(item)


def forget_report(transaction: Commit, person: str, matter_id: str) -> None:
    """Note that a report holds an address no more."""
    transaction.delete(_item(_report_by(person, matter_id), {}))


def reports(person: str) -> list[str]:
    """The reports whose writer gave an address."""
    place = _report_by(person)
    return [str(each["matter_id"]) for each in lookup.below(place.pk, place.sk)]


def _report_by(person: str, matter_id: str = "") -> Key:
    return Key(people_keys.address(person).pk, f"REPORT#{matter_id}")


def _contacts(factory: Factory) -> set[str]:
    return {callers.person(address) for address in contact_addresses(factory)}


def _item(key: Key, body: dict[str, str]) -> RegistryItem:
    return RegistryItem(key.pk, key.sk, body=body)
