"""What the registry writes to people, in their language, as text and as HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from typing import Any

from chalicelib import clock
from chalicelib.domain import mailbox
from chalicelib.domain.certificate import Certificate
from chalicelib.domain.contact import VALID_FOR
from chalicelib.domain.errors import Malformed
from chalicelib.domain.relay import Letter
from chalicelib.internal import headers, mail
from chalicelib.internal.mail import NotSent
from chalicelib.store.registry import sign_in as signing_in
from chalicelib.store.registry.invitations import Invitation
from chalicelib.web import language, pages, shown
from chalicelib.web.language import Language

__all__ = [
    "NotSent",
    "confirm_letter",
    "confirmation_asked",
    "contact_confirm",
    "copied",
    "invitation",
    "relayed_letter",
    "sign_in",
    "welcome",
    "written",
]


def invitation(member_name: str, invited: Invitation, token: str) -> None:
    """Invite a factory, or remind it: what this is, and one link that by itself changes nothing."""
    _send(
        invited.email,
        language.choose(invited.language, None),
        "reminder" if invited.reminders else "invitation",
        about=invited.invitation_id,
        member=member_name,
        factory=invited.name,
        address=shown.url(f"/portal/invitations/{token}"),
        expires=clock.parsed(invited.expires_at),
    )


def sign_in(email: str, spoken: Language, token: str) -> None:
    """Send the link that signs somebody in."""
    address = shown.url(f"/portal/sign-in/{token}")
    _send(email, spoken, "sign_in", address=address, expires=clock.now() + signing_in.VALID_FOR)


def welcome(email: str, spoken: Language, organisation: str) -> None:
    """Tell somebody that they may act for an organisation, and where they sign in. It holds no token."""
    _send(email, spoken, "welcome", organisation=organisation, address=shown.url("/portal/sign-in"))


def confirm_letter(letter: Letter, factory_name: str, token: str) -> None:
    """Ask a buyer who wrote to a factory whether the address is theirs. By itself the link changes nothing."""
    address = shown.url(f"/portal/letters/{token}")
    spoken = language.choose(letter.language, None)
    _send(letter.email, spoken, "letter_confirm", factory=factory_name, letter=letter, address=address)


def relayed_letter(to: str, spoken: Language, letter: Letter, factory_name: str) -> None:
    """Send a buyer's letter on to a factory. Who answers it answers to the buyer."""
    address = shown.url(f"/portal/factories/{letter.factory_id}/privacy")
    _send(to, spoken, "letter", letter.email, factory=factory_name, letter=letter, address=address)


def confirmation_asked(email: str, spoken: Language, certificate: Certificate) -> None:
    """Tell somebody of a certification body that a holder asks it to confirm a certificate. It holds no token."""
    _send(email, spoken, "confirmation", certificate=certificate, address=shown.url("/portal/certificates/requests"))


def copied(email: str, spoken: Language, brand: str, items: Sequence[Mapping[str, Any]], more: int) -> None:
    """Tell somebody of a brand that codes of items may have been copied, and where it says what to do."""
    address = shown.url("/portal/clones")
    _send(email, spoken, "copied", brand=brand, items=items, more=more, address=address)


def contact_confirm(email: str, spoken: Language, factory_name: str, token: str) -> None:
    """Ask whoever reads an address whether it is the contact of a factory. By itself the link changes nothing."""
    address = shown.url(f"/portal/contacts/{token}")
    expires = clock.now() + VALID_FOR
    _send(email, spoken, "contact_confirm", factory=factory_name, address=address, expires=expires)


def _send(to: str, spoken: Language, name: str, reply_to: str = "", about: str = "", **context: Any) -> None:
    message = written(to, spoken, name, **context)
    if reply_to:
        message["Reply-To"] = _mailed(reply_to)
    if about:
        message[mail.ABOUT] = about
    mail.send(message)


def written(to: str, spoken: Language, name: str, **context: Any) -> EmailMessage:
    """The letter that ``templates/mail/<name>…`` make. No value can bring in a header: each is one line.

    ``NotSent`` if no mail reaches the address.
    """
    page = shown.about(spoken, "/", index=False)
    chosen = shown.SETTINGS
    message = EmailMessage(policy=headers.POLICY)
    message["Subject"] = _one_line(pages.render(f"mail/{name}_subject.txt", page, **context))
    message["From"] = _one_line(chosen.mail_from)
    message["To"] = _mailed(to)
    message.set_content(pages.render(f"mail/{name}.txt", page, **context))
    message.add_alternative(pages.render(f"mail/{name}.html", page, **context), subtype="html")
    message["Content-Language"] = spoken.code
    return message


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _mailed(email: str) -> str:
    try:
        return mailbox.mailed(email)
    except Malformed as error:  # kept by a release that took more
        raise NotSent from error
