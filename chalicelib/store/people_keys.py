"""Key patterns of people, their sessions and keys; ``keys`` has the list of all.

``person`` is the SHA-256 of an e-mail address throughout.
"""

from __future__ import annotations

from chalicelib.store.keys import RECORD, Key


def address(person: str) -> Key:
    """How many invitations an address was sent lately. ``person`` is the SHA-256 of the e-mail address."""
    return Key(f"ADDRESS#{person}", RECORD)


def grant(person: str, factory_id: str) -> Key:
    """That somebody may act for a factory. ``person`` is the SHA-256 of the e-mail address."""
    return Key(f"PERSON#{person}", f"FACTORY#{factory_id}")


def person(person: str) -> str:
    """The partition of all that somebody may act for."""
    return f"PERSON#{person}"


def role(person: str, kind: str, tenant: str) -> Key:
    """That somebody may act for an organisation."""
    return Key(f"PERSON#{person}", f"ROLE#{kind}#{tenant}")


def signed_out(person: str) -> Key:
    """The generation of somebody's sessions that counts: those of earlier ones are over."""
    return Key(f"PERSON#{person}", "SIGNED_OUT")


def language(person: str) -> Key:
    """The language in which somebody signed in last."""
    return Key(f"PERSON#{person}", "LANGUAGE")


def invitation_to(person: str, invitation_id: str = "") -> Key:
    """An invitation that holds somebody's address."""
    return Key(f"ADDRESS#{person}", f"INVITATION#{invitation_id}")


def contact_of(person: str, factory_id: str = "") -> Key:
    """A factory whose record holds somebody's address."""
    return Key(f"ADDRESS#{person}", f"CONTACT#{factory_id}")


def contact_link(digest: str) -> Key:
    """Which factory's contact address a mailed link confirms."""
    return Key(f"CONTACT#{digest}", RECORD)


def letter(digest: str) -> Key:
    """A buyer's letter, until the link that was mailed to the buyer is used."""
    return Key(f"LETTER#{digest}", RECORD)


def team(kind: str, tenant: str, person: str = "") -> Key:
    """Who acts for an organisation; without a person, where the team's history stands."""
    return Key(f"TEAM#{kind}#{tenant}", f"PERSON#{person}" if person else RECORD)


def sign_in(digest: str) -> Key:
    """Whom a mailed sign-in link is for."""
    return Key(f"SIGN_IN#{digest}", RECORD)


def sign_ins(person: str) -> Key:
    """When sign-in links were mailed to somebody in the last hour."""
    return Key(f"SIGN_INS#{person}", RECORD)


def session(digest: str) -> Key:
    """A signed-in session."""
    return Key(f"SESSION#{digest}", RECORD)


def api_key(prefix: str) -> Key:
    """An API key by its readable part."""
    return Key(f"KEY#{prefix}", RECORD)


def tenant_keys(kind: str, tenant: str) -> Key:
    """Which keys of a tenant are active."""
    return Key(f"KEYS#{kind}#{tenant}", RECORD)
