"""A post office: the demo's engine hands every mail over to it, whole, since its own mailbox shows no headers."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import cast

_PATIENCE = 20.0  # seconds: the engine hands mails over after it has answered


class _Counter(socketserver.StreamRequestHandler):
    """One sender at the counter, who speaks SMTP."""

    server: PostOffice

    def handle(self) -> None:
        self._say("220 here")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self._say("354 go on")
                self.server.take(b"".join(iter(self.rfile.readline, b".\r\n")))
            self._say("221 bye" if verb == b"QUIT" else "250 ok")
            if verb == b"QUIT":
                return

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class PostOffice(socketserver.ThreadingTCPServer):
    """Keeps all mails that came."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Counter)
        self.place = f"127.0.0.1:{self.server_address[1]}"
        self._mails: list[EmailMessage] = []
        self._came = threading.Condition()

    def take(self, content: bytes) -> None:
        """A mail came."""
        parsed = cast(EmailMessage, email.message_from_bytes(content, policy=email.policy.default))
        with self._came:
            self._mails.append(parsed)
            self._came.notify_all()

    def mail(self, address: str, subject: str) -> EmailMessage:
        """The mail with a subject to an address; waited for if it is still on its way."""

        def found() -> EmailMessage | None:
            return next((each for each in self._mails if each["To"] == address and _subject(each) == subject), None)

        with self._came:
            mail = self._came.wait_for(found, _PATIENCE)
        assert mail is not None, f"no such mail came for {address}"
        return mail


@contextmanager
def office() -> Iterator[PostOffice]:
    """An open post office on a free port of this machine."""
    with PostOffice() as opened:
        threading.Thread(target=opened.serve_forever, daemon=True).start()
        try:
            yield opened
        finally:
            opened.shutdown()


def _subject(mail: EmailMessage) -> str:
    """A subject as people see it: a long one begins on a line of its own."""
    return str(mail["Subject"]).strip()
