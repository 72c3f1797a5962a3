"""What the read path would cost on ``awscrt``, Amazon's own C runtime, beside our own: ``python -m bench.crt``.

Ours is taken from the package, as it is deployed. Both do the same in a process of their own: import, make ready to
trust the same eight authorities, read one item from a server on this machine (in the clear: a handshake costs both the
same), then a thousand more. CPU of all threads of the process, in turn, so that both have the same weather. Needs the
extra ``bench``.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from bench.stats import in_turn, spread
from infra import package, roots

ROUNDS = 11
READS = 1000
ITEM = {"Item": {"pk": {"S": "FACTORY#X"}, "sk": {"S": "PAGE"}, "body": {"S": "{}" * 2000}}}
COMMON = """
import sys, time
port, reads = int(sys.argv[1]), int(sys.argv[2])
begun = time.process_time()
{made}
imported = time.process_time()
assert read()["Item"]["sk"] == {{"S": "PAGE"}}
first = time.process_time()
for _ in range(reads):
    read()
print(begun * 1e3, (imported - begun) * 1e3, (first - imported) * 1e3, (time.process_time() - first) / reads * 1e6)
"""
OURS = """
import os
os.environ["DYNAMODB_ENDPOINT"] = f"http://127.0.0.1:{port}"
from chalicelib import settings
from chalicelib.store import wire
road = wire.Wire(settings.load())
wire._trusting("")
payload = {"TableName": "t", "Key": {"pk": {"S": "FACTORY#X"}, "sk": {"S": "PAGE"}}, "ConsistentRead": True}
def read():
    return road.call("GetItem", payload)
"""
CRT = """
import io, json, os
from awscrt import auth, http
from awscrt import io as crt_io
provider = auth.AwsCredentialsProvider.new_static("a", "b")
options = crt_io.TlsContextOptions()
options.override_default_trust_store_from_path(None, os.environ["SSL_CERT_FILE"])
trusting = crt_io.ClientTlsContext(options)
connection = http.HttpClientConnection.new("127.0.0.1", port).result()
payload = {"TableName": "t", "Key": {"pk": {"S": "FACTORY#X"}, "sk": {"S": "PAGE"}}, "ConsistentRead": True}
signing = auth.AwsSigningConfig(algorithm=auth.AwsSigningAlgorithm.V4, credentials_provider=provider,
    signature_type=auth.AwsSignatureType.HTTP_REQUEST_HEADERS, region="eu-central-1", service="dynamodb")
def read():
    body = json.dumps(payload, separators=(",", ":")).encode()
    request = http.HttpRequest("POST", "/", http.HttpHeaders([("host", f"127.0.0.1:{port}"),
        ("content-type", "application/x-amz-json-1.0"), ("x-amz-target", "DynamoDB_20120810.GetItem"),
        ("content-length", str(len(body)))]), io.BytesIO(body))
    auth.aws_sign_request(request, signing).result()
    parts = []
    stream = connection.request(request, on_body=lambda http_stream, chunk, **_: parts.append(chunk))
    stream.activate()
    assert stream.completion_future.result() == 200
    return json.loads(b"".join(parts))
"""
FLOOR = """
def read():
    return {"Item": {"sk": {"S": "PAGE"}}}
"""
ROADS = {"floor": FLOOR, "ours": OURS, "awscrt": CRT}
COLUMNS = ("interpreter, ms", "import and make ready, ms", "first read, ms", "a read after that, µs")


def measured(function: Path) -> dict[str, list[list[float]]]:
    """By road, for each column its samples; ``function``: the unpacked public function."""
    both = {"SSL_CERT_FILE": str(function / roots.FILE), "PYTHONDONTWRITEBYTECODE": "1"}
    ours = {"PYTHONPATH": str(function)}
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Table)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    found: dict[str, list[list[float]]] = {name: [[] for _ in COLUMNS] for name in ROADS}
    try:
        for turn in range(ROUNDS):
            for name, made in in_turn(list(ROADS.items()), turn):
                command = [sys.executable, "-c", COMMON.format(made=made), str(server.server_address[1]), str(READS)]
                environment = {**os.environ, **both, **(ours if made is OURS else {})}
                done = subprocess.run(
                    command, cwd=function, env=environment, check=True, stdout=subprocess.PIPE, text=True
                )
                told = done.stdout.split()
                for column, sample in zip(found[name], told, strict=True):
                    column.append(float(sample))
    finally:
        server.shutdown()
        server.server_close()
    return found


class _Table(BaseHTTPRequestHandler):
    """Answers every read with the same item."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    body = json.dumps(ITEM).encode()

    def do_POST(self) -> None:
        """As DynamoDB would."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def main() -> None:
    """The command line."""
    with tempfile.TemporaryDirectory() as folder:
        built = package.build(package.SURFACES["public"], Path(folder), sys.executable)
        shutil.unpack_archive(built.archive, Path(folder) / "function")
        found = measured(Path(folder) / "function")
    print(f"| CPU, median of {ROUNDS} | {' | '.join(COLUMNS)} |\n|{' --- |' * (len(COLUMNS) + 1)}")
    for name, columns in found.items():
        print(f"| {name} | {' | '.join(f'{spread(column).median:.1f}' for column in columns)} |")


if __name__ == "__main__":
    main()
