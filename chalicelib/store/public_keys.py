"""Key patterns of the public table; ``keys`` has the list of both tables'."""

from __future__ import annotations

from chalicelib.store.keys import PAGE, Key


def factory_page(factory_id: str) -> Key:
    """Public: a factory's page."""
    return Key(f"FACTORY#{factory_id}", PAGE)


def programme_page(factory_id: str, programme: str) -> Key:
    """Public: what a factory shows of a programme (``programme.PROGRAMMES``), beside its page."""
    return Key(f"FACTORY#{factory_id}", programme.upper())


def certificate_page(code: str) -> Key:
    """Public: a certificate's page."""
    return Key(f"CERTIFICATE#{code}", PAGE)


def product_page(product_id: str) -> Key:
    """Public: a product's page."""
    return Key(f"PRODUCT#{product_id}", PAGE)


def member_page(member_id: str) -> Key:
    """Public: the page of an ICS member."""
    return Key(f"MEMBER#{member_id}", PAGE)


def members_factory(member_id: str, factory_id: str = "") -> Key:
    """Public: a factory on the page of a member that it supplies, where both agreed to show it."""
    return Key(f"MEMBER#{member_id}", f"FACTORY#{factory_id}")


def members_product(member_id: str, product_id: str = "") -> Key:
    """Public: a product on the page of the member that answers for it."""
    return Key(f"MEMBER#{member_id}", f"PRODUCT#{product_id}")


def member_listed(member_id: str = "") -> Key:
    """Public: an ICS member in the list of all."""
    return Key("MEMBERS#", member_id)


def member_claims(member_id: str) -> Key:
    """Public: the claims of a member."""
    return Key(f"MEMBER#{member_id}", "CLAIMS")


def by_number(squeezed: str) -> Key:
    """Public: the certificates that bear a number, of whatever factory, as ``<standard>#<code>`` in two sets.

    One item, so that a thousand numbers are ten batch reads. Several factories share it, and none's version guards
    it: it is changed only by adding to and taking from its sets, which needs no condition and may be repeated.
    """
    return Key(f"NUMBER#{squeezed}", "CODES")


def by_gln(gln: str, factory_id: str = "") -> Key:
    """Public: factories by GLN."""
    return Key(f"GLN#{gln}", factory_id)


def by_gdti(gdti: str, code: str = "") -> Key:
    """Public: certificates by GDTI."""
    return Key(f"GDTI#{gdti}", code)


def place(country: str, name: str = "", factory_id: str = "") -> str:
    """Where a factory stands in each list: by country, then by name."""
    return f"{country}#{name}#{factory_id}"


def listing(kind: str, value: str, place: str = "") -> Key:
    """Public: a list of factories. ``kind`` is one of ``LISTINGS``."""
    return Key(f"{kind.upper()}#{value}", place)


LISTINGS = ("directory", "word", "category", "standard", "certified")


def half(of: str, word: str = "") -> Key:
    """Public: the words that have a half in common (``spelling.halves``), by length."""
    return Key(f"HALF#{of}", f"{len(word):03d}#{word}")


def facet(kind: str = "", code: str = "") -> Key:
    """Public: something that the directory can be narrowed to: a ``country``, ``category`` or ``standard``."""
    return Key("FACETS", f"{kind}#{code}")


def standard_card(standard_id: str = "") -> Key:
    """Public: what lists and comparisons say of a standard."""
    return Key("STANDARDS#", standard_id)


def standard_page(standard_id: str) -> Key:
    """Public: all that the map knows of a standard."""
    return Key(f"STANDARD_MAP#{standard_id}", PAGE)


def signing_key(kid: str = "") -> Key:
    """Public, and its record in the registry table: a key that signs or once signed, by its thumbprint."""
    return Key("SIGNING_KEYS#", kid)


def status_list(purpose: str, number: int) -> Key:
    """Public: a status list, ``purpose`` as ``status_list.Purpose``."""
    return Key(f"STATUS_LIST#{purpose}#{number}", PAGE)
