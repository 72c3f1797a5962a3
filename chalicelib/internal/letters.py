"""What the registry writes to people, in their language, as text and as HTML."""

from __future__ import annotations

from email.message import EmailMessage

from chalicelib import clock, settings
from chalicelib.internal import mail
from chalicelib.internal.mail import NotSent
from chalicelib.store.registry.invitations import Invitation
from chalicelib.web import language, pages

__all__ = ["NotSent", "invitation"]


def invitation(member_name: str, invited: Invitation, token: str) -> None:
    """Invite a factory: what this is, and one link that by itself changes nothing."""
    chosen = settings.load()
    speech = language.choose(invited.language, None)
    about = pages.Page(
        language=speech,
        base_url=chosen.base_url,
        base_path=chosen.base_path,
        host=chosen.host,
        path="/",
        checked_at=clock.now(),
    )
    context = {
        "member": member_name,
        "factory": invited.name,
        "address": f"{chosen.base_url}/portal/invitations/{token}",
        "expires": clock.parsed(invited.expires_at),
    }
    message = EmailMessage()
    message["Subject"] = _one_line(pages.render("mail/invitation_subject.txt", about, **context))
    message["From"] = chosen.mail_from
    message["To"] = invited.email
    message["Content-Language"] = speech.code
    message.set_content(pages.render("mail/invitation.txt", about, **context))
    message.add_alternative(pages.render("mail/invitation.html", about, **context), subtype="html")
    mail.send(message)


def _one_line(text: str) -> str:
    return " ".join(text.split())
