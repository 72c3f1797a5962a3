"""How long it takes to audit a log of changes: ``python -m bench.log_audit [--entries 100000]``.

A log is made up with the service's own rules and signed with a key of this process, saved as ``factory-id log-audit
--save`` would save it, and audited from that file by the command. Then copies are tampered with, and audited too.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from chalicelib import clock
from chalicelib.domain import hash_tiles, jws, log
from chalicelib.domain.hash_tiles import Tile
from chalicelib.domain.identity import ALPHABET
from chalicelib.domain.log import Entry, What

_KEY = "did:web:factory-id.example#bench"
_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
_STANDINGS = {What.CONFIRMED: "active", What.SUSPENDED: "suspended", What.WITHDRAWN: "withdrawn"}


def made_up(number: int, seed: int = 7) -> Iterator[Entry]:
    """So many entries, about a third as many certificates: some suspended or withdrawn later, one in ten backdated."""
    chance = random.Random(seed)  # nosec B311: made-up codes
    previous, codes, lines = log.GENESIS, list[str](), dict[str, int]()
    for place in range(number):
        fresh = not codes or chance.random() < 0.35
        code = "C" + "".join(chance.choices(ALPHABET, k=10)) if fresh else chance.choice(codes)
        if fresh:
            codes.append(code)
        line = lines[code] = lines.get(code, 0) + 1
        what = What.CONFIRMED if line == 1 else chance.choice((What.SUSPENDED, What.WITHDRAWN))
        at = _BEGIN + timedelta(minutes=5 * place)
        since = (at - timedelta(days=chance.choice((0,) * 9 + (20,)))).date().isoformat()
        event = chance.randbytes(32).hex()
        said = (code, line, what.value, _STANDINGS[what], since, clock.instant(at), "gots", event, place, previous)
        entry = Entry(*said)
        previous = log.chain_hash(entry)
        yield entry


def write(path: Path, number: int) -> None:
    """A copy with a signed checkpoint for each day."""
    key = ec.generate_private_key(ec.SECP256R1())
    tiles: dict[Tile, bytes] = {}
    entries, checkpoints = list(made_up(number)), []
    for start in range(0, number, 288):  # a day at an entry each five minutes
        part = entries[start : start + 288]
        tiles |= hash_tiles.grown(start, [log.leaf(each) for each in part], tiles)
        size = start + len(part)
        root = hash_tiles.hashes_of([(0, size)], tiles)[0].hex()
        said = {"size": size, "root": root, "head": log.chain_hash(part[-1]), "at": part[-1].recorded}
        checkpoints.append({**said, "signed": _signed(key, said)})
    numbers = key.public_key().public_numbers()
    jwk = {"x": jws.base64url(numbers.x.to_bytes(32)), "y": jws.base64url(numbers.y.to_bytes(32))}
    half = {"kty": "EC", "crv": "P-256", **jwk, "purpose": "credentials"}
    keys = {"verificationMethod": [{"id": _KEY, "publicKeyJwk": half}], "assertionMethod": [_KEY]}
    about = {"log": "https://factory-id.example", "entries": number, "keys": keys, "checkpoints": checkpoints}
    save(path, about, [log.body(each) for each in entries])


def save(path: Path, about: dict[str, Any], entries: list[dict[str, Any]]) -> None:
    """As the command writes a copy."""
    with path.open("w", encoding="utf-8") as file:
        for line in (about, *entries):
            file.write(json.dumps(line, separators=(",", ":")) + "\n")


def tampered(path: Path, target: Path, number: int, *, chained: bool) -> None:
    """A copy in which an entry says another day; ``chained``: all hashes behind it were made to fit again."""
    about, *entries = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    entries[number]["effective"] = "2020-01-01"
    for place in range(number + 1, len(entries) if chained else 0):
        entries[place]["previous"] = log.chain_hash(log.entry(entries[place - 1]))
    save(target, about, entries)


def _signed(key: ec.EllipticCurvePrivateKey, said: dict[str, Any]) -> str:
    signed = jws.signing_input({"alg": "ES256", "typ": "log-checkpoint+jws", "kid": _KEY}, said)
    r, s = utils.decode_dss_signature(key.sign(signed, ec.ECDSA(hashes.SHA256())))
    return jws.compact(signed, r.to_bytes(32) + s.to_bytes(32))


def _audited(path: Path) -> tuple[float, str]:
    began = time.perf_counter()
    finished = subprocess.run(
        [sys.executable, "-m", "factory_id", "log-audit", "--from-file", str(path), "--offline"],
        capture_output=True,
        text=True,
        check=False,
    )
    return time.perf_counter() - began, finished.stdout


def main() -> int:
    """The command line: the exit status is 1 if the audit took a minute or longer, or missed what was false."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    number = parser.parse_args().entries
    with tempfile.TemporaryDirectory() as folder:
        copy, false, chained = (Path(folder) / name for name in ("copy.jsonl", "false.jsonl", "chained.jsonl"))
        print(f"Making up a log of {number:,} entries …", flush=True)
        write(copy, number)
        seconds, told = _audited(copy)
        print(f"\n{number:,} entries, {copy.stat().st_size / 1e6:.0f} MB: audited in {seconds:.1f} s\n{told}")
        wrong = number * 47 // 100
        tampered(copy, false, wrong, chained=False)
        took, first = _audited(false)
        print(f"Entry {wrong:,} changed: {took:.1f} s\n{first}")
        tampered(copy, chained, wrong, chained=True)
        took, second = _audited(chained)
        print(f"Entry {wrong:,} changed, and every hash behind it made to fit: {took:.1f} s\n{second}")
    found = f"Entry {wrong:,} is the first false one" in first and "FALSE" in second
    return 0 if seconds < 60 and found and "The log is whole" in told else 1


if __name__ == "__main__":
    sys.exit(main())
