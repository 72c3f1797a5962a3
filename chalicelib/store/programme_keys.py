"""Key patterns of programmes and of what factories measure; ``keys`` has the list of all."""

from __future__ import annotations

from chalicelib.store.keys import PAGE, RECORD, Key


def climate(factory_id: str) -> Key:
    """A factory's climate plan."""
    return Key(f"CLIMATE#{factory_id}", RECORD)


def efficiency(factory_id: str) -> Key:
    """A factory's indicators and readings."""
    return Key(f"EFFICIENCY#{factory_id}", RECORD)


def programme(programme_id: str) -> Key:
    """A programme's record."""
    return Key(f"PROGRAMME#{programme_id}", RECORD)


def cohort(programme_id: str, factory_id: str = "") -> Key:
    """A factory that was invited to a programme."""
    return Key(f"PROGRAMME#{programme_id}", f"FACTORY#{factory_id}")


def organised(organiser_id: str, programme_id: str = "") -> Key:
    """A programme in the list of who organises it."""
    return Key(f"ORGANISER#{organiser_id}", f"PROGRAMME#{programme_id}")


def parts(factory_id: str) -> Key:
    """The programmes that a factory was invited to, and how far it has come in each."""
    return Key(f"PARTS#{factory_id}", RECORD)


def programme_card(programme_id: str) -> Key:
    """Public: what a programme is called, and who organises it."""
    return Key(f"PROGRAMME#{programme_id}", PAGE)


def shown_parts(factory_id: str) -> Key:
    """Public: the programmes of which a factory shows that it takes part."""
    return Key(f"FACTORY#{factory_id}", "PARTS")
