"""Webhooks. SAFETY: a changed byte, or older than 300 s, is refused; a replay has no effect; addresses that are not of
the internet are refused, and so is a name that leads elsewhere a moment later.
"""

from __future__ import annotations

import datetime as dt
import http.server
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from chalicelib import clock
from chalicelib.domain import webhook
from chalicelib.domain.errors import Malformed
from chalicelib.domain.tidings import News, Tiding
from chalicelib.domain.watching import State, Watch
from chalicelib.internal import outbound, watch_letters

DOC = Path(__file__).resolve().parent.parent / "docs" / "watch.md"
NAME = "hooks.buyer.example"
WATCH = Watch("0" * 16, "a@b.example", "en", ("C4J7K2M9QXD",), "2026-01-01T00:00:00Z", State.ACTIVE, f"https://{NAME}/")
TOLD = Tiding(News.SUSPENDED, "2026-03-01T09:30:00Z", "CERTIFICATE#C", 3, "BD7", "পদ্মা", "2026-03-01", "C", "CU 1", "G")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A webhook as it leaves."""
    held: list[Any] = []
    monkeypatch.setattr(outbound, "post", lambda url, content, headers: held.append((url, content, headers)))
    watch_letters.news_by_webhook(WATCH, TOLD, clock.now())
    [(_, content, headers)] = held
    return SimpleNamespace(content=content, headers=headers, secret=watch_letters.secret(WATCH.watch_id))


def sample() -> Callable[..., bool]:
    """The verifying program of the document."""
    [program] = re.findall(r"```python\n(.*?)```", DOC.read_text(encoding="utf-8"), re.S)
    namespace: dict[str, Any] = {}
    exec(program, namespace)
    return namespace["verified"]  # type: ignore[no-any-return]


@pytest.mark.safety("webhooks.changed-or-old", "webhooks.replay")
def test_the_sample_takes_what_we_send_and_refuses_a_changed_byte_an_old_one_and_a_replay(sent: Any) -> None:
    verified, seen = sample(), set[str]()
    for place in range(0, len(sent.content), 7):
        changed = bytearray(sent.content)
        changed[place] ^= 1
        assert not verified(sent.secret, sent.headers, bytes(changed), seen)
    for name, value in (("webhook-id", "msg_other"), ("webhook-timestamp", "1"), ("webhook-signature", "v1,AAAA")):
        assert not verified(sent.secret, {**sent.headers, name: value}, sent.content, seen)
    at = int(sent.headers["webhook-timestamp"])
    assert not verified(sent.secret, sent.headers, sent.content, seen, lambda: at + 301)
    assert not verified(sent.secret, sent.headers, sent.content, seen, lambda: at - 301)
    assert not verified(watch_letters.secret("1" * 16), sent.headers, sent.content, seen)
    assert verified(sent.secret, sent.headers, sent.content, seen, lambda: at + 300)
    assert not verified(sent.secret, sent.headers, sent.content, seen)


def test_the_library_of_standard_webhooks_takes_what_we_send_and_nothing_else(sent: Any) -> None:
    told = Webhook(sent.secret).verify(sent.content, sent.headers)
    assert (told["type"], told["data"]["name"]) == ("certificate.suspended", "পদ্মা")
    with pytest.raises(WebhookVerificationError):
        Webhook(sent.secret).verify(sent.content + b" ", sent.headers)


def test_the_identifier_is_the_same_for_each_attempt_and_another_for_each_watcher_and_change() -> None:
    other = Tiding(News.WITHDRAWN, TOLD.at, TOLD.record, 4, TOLD.factory_id, TOLD.name, TOLD.day, "C")
    pairs = [(WATCH.watch_id, TOLD), (WATCH.watch_id, TOLD), ("1" * 16, TOLD), (WATCH.watch_id, other)]
    assert len({watch_letters.message_id_of(*pair) for pair in pairs}) == 3


@pytest.mark.safety("webhooks.inner-targets")
@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "192.88.99.1",
        "fec0::1",
        "feff::1",
        "2002:c058:6301::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2001:0:7f00:1::1",
        "nonsense",
        "",
    ],
)
def test_an_address_that_is_not_of_the_internet_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not webhook.is_public(address)
    family = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("9.9.9.9", 443))]
    both = [*family, (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_given, **_named: both)
    with pytest.raises(outbound.NotDelivered):
        outbound.post(f"https://{NAME}/", b"{}", {})


@pytest.mark.parametrize("address", ["9.9.9.9", "2620:fe::fe", "::ffff:9.9.9.9"])
def test_an_address_of_the_internet_is_one(address: str) -> None:
    assert webhook.is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.buyer.example/",
        "ftp://hooks.buyer.example/",
        "javascript:alert(1)",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://[::1]/",
        "https://user@hooks.buyer.example/",
        "https://hooks.buyer.example:22/",
        "https://hooks.buyer.example:99999/",
        "https:\\\\hooks.buyer.example/",
        "https://hooks.buyer.example/#part",
        "https://hooks.buyer.example/\r\nX: y",
        "https://printer.local/",
        "https://metadata.google.internal/",
        "https://" + "x" * 500 + ".example/",
        "",
        7,
    ],
)
def test_an_address_that_no_webhook_may_have_is_refused(url: object) -> None:
    with pytest.raises(Malformed):
        webhook.clean(url)


@pytest.mark.parametrize("url", ["https://hooks.buyer.example/in?a=b", "https://HOOKS.buyer.example:8443/"])
def test_an_address_on_the_internet_is_taken(url: str) -> None:
    assert webhook.clean(f" {url} ") == url


class _Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.server.seen.append((self.path, dict(self.headers), self.rfile.read(length)))  # type: ignore[attr-defined]
        status = int(self.path.strip("/") or 200)
        self.send_response(status)
        self.send_header("Location", f"https://{NAME}/200")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_given: object) -> None:
        pass


@pytest.fixture
def receiver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A machine that speaks TLS under its name, at an address that only this test takes for one of the internet."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Receiver)
    server.seen, server.named, server.asked = [], [], []  # type: ignore[attr-defined]
    files = _certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files)
    context.sni_callback = lambda _socket, name, _context: server.named.append(name)  # type: ignore[attr-defined]
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def resolved(host: str, port: int, *_given: object, **_named: object) -> list[Any]:
        if host == "127.0.0.1":  # what the connection itself asks for: the very address
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))]
        server.asked.append(host)  # type: ignore[attr-defined]
        where = "127.0.0.1" if len(server.asked) == 1 else "127.6.6.6"  # type: ignore[attr-defined]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (where, port))]

    trusting = ssl.create_default_context(cafile=str(files))
    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    monkeypatch.setattr(outbound, "is_public", lambda address: address == "127.0.0.1")
    monkeypatch.setattr(ssl, "create_default_context", lambda: trusting)
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.safety("webhooks.inner-targets")
def test_the_name_is_resolved_once_and_the_connection_goes_to_that_very_address(receiver: Any) -> None:
    url = f"https://{NAME}:{receiver.server_address[1]}/"
    outbound.post(url, b'{"a":1}', {"webhook-id": "msg_1"})
    [(path, headers, content)] = receiver.seen
    assert (path, content, headers["webhook-id"]) == ("/", b'{"a":1}', "msg_1")
    assert headers["Host"] == f"{NAME}:{receiver.server_address[1]}"
    assert (receiver.named, receiver.asked) == ([NAME], [NAME])
    with pytest.raises(outbound.NotDelivered):  # a moment later the name leads elsewhere
        outbound.post(url, b"{}", {})
    assert len(receiver.seen) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 410, 500])
def test_a_redirect_is_not_followed_and_only_a_success_is_one(receiver: Any, status: int) -> None:
    with pytest.raises(outbound.NotDelivered, match=f"HTTP {status}"):
        outbound.post(f"https://{NAME}:{receiver.server_address[1]}/{status}", b"{}", {})
    assert (len(receiver.seen), receiver.asked) == (1, [NAME])


def test_a_certificate_of_another_name_is_refused(receiver: Any) -> None:
    with pytest.raises(outbound.NotDelivered, match="SSLCertVerificationError"):
        outbound.post(f"https://other.buyer.example:{receiver.server_address[1]}/", b"{}", {})
    assert receiver.seen == []


def test_a_host_that_never_answers_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        monkeypatch.setattr(outbound, "address_of", lambda _host, _port: "127.0.0.1")
        monkeypatch.setattr(outbound, "SECONDS", 0.05)
        with pytest.raises(outbound.NotDelivered):
            outbound.post(f"https://{NAME}:{port}/", b"{}", {})


def _certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "machine.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file
