"""E-mail addresses, whose domain may be in any script: as they are kept, as they are mailed, and whose they are.

On record a domain is written as people read it (``münchen.example``), on the wire in ASCII (``xn--mnchen-3ya.example``,
IDNA 2008), and both are one address. What stands before the @ is ASCII: our mail service takes no other.
"""

from __future__ import annotations

from email_validator import EmailNotValidError, ValidatedEmail, validate_email

from chalicelib.domain.errors import Malformed

LONGEST = 254


def kept(email: str) -> str:
    """An address as it stands on record; ``Malformed`` if it is none. Nothing is looked up."""
    return _read(email).normalized


def mailed(email: str) -> str:
    """An address as it stands in the header of a mail; ``Malformed`` if no mail reaches it."""
    return str(_read(email).ascii_email)


def spellings(email: str) -> tuple[str, ...]:
    """Every way to write an address that is on record, even by a release that took more: the first stands there."""
    read = _read(email, ever=True)
    return tuple(dict.fromkeys(each for each in (read.normalized, read.ascii_email) if each))


def owner(email: str) -> str:
    """What is the same for all spellings of an address, and for no two addresses. Any text has one.

    The case of a domain is not folded any further than its letters have capitals: ``ß`` and ``ss`` are two domains.
    """
    local, at, domain = email.strip().rpartition("@")
    return f"{local.casefold()}{at}{_readable(domain.lower())}"


def _read(email: str, *, ever: bool = False) -> ValidatedEmail:
    try:
        return validate_email(email, check_deliverability=False, allow_smtputf8=ever)
    except EmailNotValidError as error:
        raise Malformed("must be an e-mail address such as name@example.com") from error


def _readable(domain: str) -> str:
    if "xn--" not in domain:
        return domain
    try:
        return kept(f"a@{domain}").removeprefix("a@")
    except Malformed:
        return domain
