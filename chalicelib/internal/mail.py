"""Sends e-mail through Amazon SES; nothing else talks to it."""

from __future__ import annotations

import functools
from email.message import EmailMessage
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import settings


class NotSent(Exception):
    """The mail service did not take it."""


ABOUT = "X-Invitation"
"""The header that says which invitation a mail carries: its identifier, which opens nothing."""
WATCH = "X-Watch"
"""The header that says of which watch a mail tells: its identifier, which opens nothing."""
TAGS = {ABOUT: "invitation", WATCH: "watch"}
"""What the service gives back with a mail that came back, by header."""


def send(message: EmailMessage) -> None:
    """Send a message; ``NotSent`` if the service does not take it. The sender is the operator's ``MAIL_FROM``."""
    try:
        _client().send_raw_email(RawMessage={"Data": message.as_bytes()}, **_followed(message))
    except (BotoCoreError, ClientError) as error:
        raise NotSent from error


def _followed(message: EmailMessage) -> dict[str, Any]:
    """What lets the service tell us that the mail of an invitation or of a watch came back."""
    name = settings.load().mail_set
    tags = [{"Name": tag, "Value": str(message[header])} for header, tag in TAGS.items() if header in message]
    return {"ConfigurationSetName": name, "Tags": tags} if name is not None and tags else {}


@functools.cache
def _client() -> Any:
    chosen = settings.load()
    limits = Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 2, "mode": "standard"})
    session = botocore.session.get_session()
    return session.create_client("ses", region_name=chosen.region, endpoint_url=chosen.ses_endpoint, config=limits)
