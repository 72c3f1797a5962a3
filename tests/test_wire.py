"""The wire to DynamoDB: signed as botocore signs, tried again where that may help, never an answer that is none."""

from __future__ import annotations

import json
import socket
import threading
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials
from botocore.exceptions import ClientError, NoCredentialsError
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import clock, settings
from chalicelib.domain.errors import Unavailable
from chalicelib.store import both_tables, credentials, keys, public_keys, public_table, reader, signature, wire
from chalicelib.store.models import PublicItem
from chalicelib.store.public_table import Between
from chalicelib.store.signature import Credentials
from chalicelib.store.wire import Refused, Wire
from tests.moto_wire import DEPLOYED

MOMENT = datetime(2026, 11, 22, 15, 20, 7, tzinfo=UTC)
SECRETS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=60)
Reply = bytes | None
FOUND = {"Item": {"pk": {"S": "a"}, "sk": {"S": "PAGE"}, "body": {"S": "{}"}}}
KEY = public_keys.certificate_page("C4J7K2M9QXD")


@given(
    secret=SECRETS,
    token=SECRETS | st.just(""),
    body=st.binary(max_size=200),
    moment=st.datetimes(datetime(2020, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)),
    port=st.integers(1024, 65535) | st.none(),
)
def test_a_request_is_signed_as_botocore_signs_it(
    secret: str, token: str, body: bytes, moment: datetime, port: int | None
) -> None:
    host = "dynamodb.eu-central-1.amazonaws.com" + (f":{port}" if port else "")
    ours = dict(
        signature.headers(
            Credentials("AKID", secret, token), "eu-central-1", host, signature.DYNAMODB, "GetItem", body, moment
        )
    )
    named = {"Content-Type": signature.DYNAMODB.media, "X-Amz-Target": "DynamoDB_20120810.GetItem"}
    theirs = AWSRequest("POST", f"http://{host}/", data=body, headers=named)
    auth = SigV4Auth(BotocoreCredentials("AKID", secret, token or None), "dynamodb", "eu-central-1")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("botocore.auth.get_current_datetime", lambda *_: moment)
        auth.add_auth(theirs)
    assert theirs.headers["X-Amz-Date"] == ours["X-Amz-Date"]
    assert theirs.headers["Authorization"] == ours["Authorization"]
    assert theirs.headers.get("X-Amz-Security-Token", "") == ours.get("X-Amz-Security-Token", "")


def answer(content: Any, status: int = 200, *, crc: int | None = None, more: str = "") -> bytes:
    """An answer as DynamoDB sends it."""
    body = json.dumps(content).encode()
    checked = zlib.crc32(body) if crc is None else crc
    head = f"HTTP/1.1 {status} OK\r\nContent-Length: {len(body)}\r\nx-amz-crc32: {checked}\r\n{more}\r\n"
    return head.encode() + body


def busy(kind: str, status: int = 400) -> bytes:
    return answer({"__type": f"com.amazonaws.dynamodb.v20120810#{kind}"}, status)


class Listener:
    """Answers requests one after the other from a list; ``None`` closes the connection instead."""

    def __init__(self, replies: list[Reply]) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.requests: list[bytes] = []
        self.connections = 0
        self._replies = iter(replies)
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            with connection:
                while (request := connection.recv(65_536)) and (reply := next(self._replies, None)) is not None:
                    self.requests.append(request)
                    connection.sendall(reply)


@pytest.fixture
def talk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., tuple[Wire, Listener]]]:
    """A wire to a listener with these replies; nobody pauses."""
    monkeypatch.setattr(wire, "_FIRST_PAUSE", 0.0)
    opened: list[Listener | Wire] = []

    def made(*replies: Reply) -> tuple[Wire, Listener]:
        listener = Listener(list(replies))
        way = Wire(replace(settings.load(), dynamodb_endpoint=listener.url))
        opened.extend((way, listener))
        return way, listener

    yield made
    for each in opened:
        each.close()


def test_one_connection_serves_many_calls(talk: Callable[..., tuple[Wire, Listener]]) -> None:
    way, listener = talk(answer(FOUND), answer({}), answer(FOUND))
    assert [way.call("GetItem", {"a": 1}) for _ in range(3)] == [FOUND, {}, FOUND]
    assert listener.connections == 1
    assert listener.requests[0].startswith(b"POST / HTTP/1.1\r\nHost: 127.0.0.1:")
    assert b"X-Amz-Target: DynamoDB_20120810.GetItem\r\n" in listener.requests[0]
    assert listener.requests[0].endswith(b'\r\n\r\n{"a":1}')


@pytest.mark.parametrize(
    "bad",
    [
        busy("ThrottlingException"),
        busy("ProvisionedThroughputExceededException"),
        busy("InternalServerError", 500),
        answer({}, 503),
        answer(FOUND, crc=1),
        None,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{{{",
    ],
)
def test_a_try_that_fails_is_followed_by_another_and_three_are_the_end(
    talk: Callable[..., tuple[Wire, Listener]], bad: Reply
) -> None:
    way, _ = talk(bad, bad, answer(FOUND))
    assert way.call("GetItem", {}) == FOUND
    way, _ = talk(bad, bad, bad, answer(FOUND))
    with pytest.raises(Unavailable):
        way.call("GetItem", {})


def test_a_refusal_is_not_tried_again_and_is_no_answer(talk: Callable[..., tuple[Wire, Listener]]) -> None:
    way, listener = talk(busy("ResourceNotFoundException"), answer(FOUND))
    with pytest.raises(Unavailable):
        way.call("GetItem", {})
    assert len(listener.requests) == 1


@pytest.mark.parametrize("kind", ["ThrottlingException", "ProvisionedThroughputExceededException"])
def test_who_waits_by_itself_is_told_of_throttling_at_once_and_of_nothing_else(
    talk: Callable[..., tuple[Wire, Listener]], kind: str
) -> None:
    way, listener = talk(busy("InternalServerError", 500), None, busy(kind), answer(FOUND))
    with pytest.raises(Refused) as refused:
        way.send("TransactWriteItems", b"{}", waits=False)
    assert (refused.value.kind, refused.value.throttled) == (kind, True)
    assert way.send("TransactWriteItems", b"{}", waits=False) == FOUND
    assert [each[-2:] for each in listener.requests] == [b"{}"] * 3


def test_what_the_service_said_when_it_refused_is_kept(talk: Callable[..., tuple[Wire, Listener]]) -> None:
    said = {"__type": "x#TransactionCanceledException", "CancellationReasons": [{"Code": "None"}]}
    way, _ = talk(answer(said, 400))
    with pytest.raises(Refused) as refused:
        way.send("TransactWriteItems", b"{}")
    assert (refused.value.kind, refused.value.answered) == ("TransactionCanceledException", said)


def test_a_connection_that_was_closed_meanwhile_costs_no_try(talk: Callable[..., tuple[Wire, Listener]]) -> None:
    way, listener = talk(answer(FOUND, more="Connection: close\r\n"), answer(FOUND), None, answer(FOUND))
    assert [way.call("GetItem", {}) for _ in range(3)] == [FOUND] * 3
    assert listener.connections == 3


def test_an_answer_that_does_not_come_is_unavailable_in_bounded_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "READ_SECONDS", 0.05)
    monkeypatch.setattr(wire, "_FIRST_PAUSE", 0.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        chosen = replace(settings.load(), dynamodb_endpoint=f"http://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(Unavailable):
            Wire(chosen).call("GetItem", {})


@pytest.mark.parametrize(
    "error", [NoCredentialsError(), ClientError({"Error": {"Code": "ExpiredToken"}}, "AssumeRole")]
)
def test_credentials_that_cannot_be_had_are_unavailable(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def found() -> None:
        raise error

    monkeypatch.setattr(both_tables, "_found", found)
    with pytest.raises(Unavailable):
        both_tables._credentials()


def test_an_operators_way_is_the_one_for_fips_if_botocore_is_told_so_and_never_through_a_proxy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    chosen = replace(settings.load(), dynamodb_endpoint=None, region="us-east-1")
    assert DEPLOYED(chosen).host == "dynamodb.us-east-1.amazonaws.com"
    monkeypatch.setenv("AWS_USE_FIPS_ENDPOINT", "true")
    assert DEPLOYED(chosen).host == "dynamodb-fips.us-east-1.amazonaws.com"
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    for fips in ("true", "false"):
        monkeypatch.setenv("AWS_USE_FIPS_ENDPOINT", fips)
        with pytest.raises(RuntimeError, match="NO_PROXY"):
            DEPLOYED(chosen)
    assert DEPLOYED(replace(chosen, dynamodb_endpoint="http://127.0.0.1:4566")).host == "127.0.0.1:4566"
    monkeypatch.setenv("NO_PROXY", ".amazonaws.com")
    assert DEPLOYED(chosen).host == "dynamodb.us-east-1.amazonaws.com"


def test_authorities_that_are_named_are_trusted_instead_of_the_machines(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", str(tmp_path / "none.pem"))
    way = Wire(replace(settings.load(), dynamodb_endpoint="https://127.0.0.1:1"))
    with pytest.raises(FileNotFoundError):
        way.warm()


def test_a_region_has_its_endpoint_over_tls() -> None:
    for region, host in (("eu-west-3", "amazonaws.com"), ("cn-north-1", "amazonaws.com.cn")):
        way = Wire(replace(settings.load(), dynamodb_endpoint=None, region=region))
        assert (way._host, way._port, way._secure) == (f"dynamodb.{region}.{host}", 443, True)


def test_with_snapstart_credentials_come_by_http_and_are_asked_for_anew_before_they_end(
    talk: Callable[..., tuple[Wire, Listener]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(number: int, until: str) -> bytes:
        fields = {"AccessKeyId": f"K{number}", "SecretAccessKey": "S", "Token": "T", "Expiration": until}
        return answer(fields, more="Connection: close\r\n")

    _, listener = talk(told(1, "2026-11-22T16:20:07Z"), told(2, "2026-11-22T17:20:07Z"))
    chosen = replace(settings.load(), container_credentials=f"{listener.url}/creds?x=1", container_token="secret")
    monkeypatch.setattr(clock, "now", lambda: MOMENT)
    ask = credentials.source(chosen)
    assert listener.requests == []
    assert [ask(), ask()] == [Credentials("K1", "S", "T")] * 2
    assert listener.requests[0].startswith(b"GET /creds?x=1 ")
    assert b"Authorization: secret" in listener.requests[0]
    monkeypatch.setattr(clock, "now", lambda: MOMENT + timedelta(minutes=56))
    assert ask().key_id == "K2"
    assert "secret" not in repr(chosen)


@pytest.mark.parametrize("profile", ["mine", "empty", "absent"])
def test_who_writes_signs_with_what_botocore_finds_a_profile_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, profile: str
) -> None:
    file = tmp_path / "credentials"
    file.write_text("[mine]\naws_access_key_id = K\naws_secret_access_key = S\naws_session_token = T\n[empty]\n")
    with monkeypatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.delenv(name)
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(file))
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        patch.setenv("AWS_PROFILE", profile)
        both_tables.connect(settings.load())
        if profile == "mine":
            assert both_tables._credentials() == Credentials("K", "S", "T")
        else:
            with pytest.raises(Unavailable):
                both_tables._credentials()
    both_tables.connect(settings.load())


def test_without_credentials_nothing_is_known(talk: Callable[..., tuple[Wire, Listener]]) -> None:
    _, listener = talk(answer({"message": "no"}, 403))
    chosen = replace(settings.load(), container_credentials=listener.url, dynamodb_endpoint=listener.url)
    with pytest.raises(Unavailable):
        Wire(chosen).call("GetItem", {})


@pytest.mark.usefixtures("either")
def test_what_is_written_by_the_other_road_is_read_in_order_by_ranges_and_in_batches() -> None:
    with PublicItem.batch_write() as batch:
        for number in range(250):
            batch.save(PublicItem("P#1", f"{number:03d}", body={"n": number, "name": "ঢাকা" * 500}))
    assert public_table.get(KEY) is None
    found = public_table.query("P#1", limit=240)
    assert [public_table.body(raw)["n"] for raw in found] == list(range(240))
    assert [public_table.sort_key(raw) for raw in public_table.query("P#1", "01", limit=5)] == [
        f"{number:03d}" for number in range(10, 15)
    ]
    between = public_table.query("P#1", Between("098", "101"), limit=50)
    assert [public_table.key_of(raw).sk for raw in between] == ["098", "099", "100", "101"]
    wanted = [keys.Key("P#1", f"{number:03d}") for number in range(0, 300, 3)]
    items, left = public_table.batch(wanted)
    seen = {public_table.key_of(raw) for raw in items} | set(left)
    assert seen == {key for key in wanted if int(key.sk) < 250}


def test_what_a_busy_table_leaves_out_is_asked_for_again_and_never_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def leaving(wanted: list[keys.Key]) -> tuple[list[Any], list[keys.Key]]:
        asked.append(len(wanted))
        return [], list(wanted)

    monkeypatch.setattr(public_table, "batch", leaving)
    with pytest.raises(Unavailable):
        reader.certificates(["C4J7K2M9QXD"])
    assert asked == [1, 1, 1]
