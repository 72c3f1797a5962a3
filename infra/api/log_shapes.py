"""Shapes of the log of changes."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.certificate import Standing
from chalicelib.domain.log import What
from infra.api.public_shapes import CODE_SHAPE
from infra.api.record_examples import CERTIFICATE_CODE, HERE
from infra.api.shapes import DATE, INSTANT, TENANT, YES_NO, Schema, listed, nullable, one_of, record, ref, said, whole

_HASH: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_SIZE = whole(1, about="so many entries, from number 0 on")
_PROOF = listed({**_HASH, "description": "as RFC 9162 orders them"})

ENTRY: dict[str, Any] = {
    "code": CERTIFICATE_CODE,
    "effective": "2026-11-01",
    "event": "7f83b1657ff1fc53b92dc18148a1d65dfc2d4b1fa3d677284addd200126d9069",
    "line": 2,
    "number": 1204,
    "previous": "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    "recorded": "2026-11-22T15:20:00Z",
    "standard": "gots",
    "standing": "withdrawn",
    "what": "withdrawn",
}
CHECKPOINT: dict[str, Any] = {
    "size": 1205,
    "root": "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "head": "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "at": "2026-11-22T15:30:00Z",
    "signed": "eyJhbGciOiJFUzI1NiIsInR5cCI6ImxvZy1jaGVja3BvaW50K2p3cyIsImtpZCI6ImRpZDp3ZWI6…",
}
EXAMPLES: dict[str, dict[str, Any]] = {
    "LogEntry": ENTRY,
    "LogCheckpoint": CHECKPOINT,
    "LogEntries": {"results": [ENTRY], "next_from": None},
    "LogCheckpoints": {"results": [CHECKPOINT], "next_after": None},
    "LogInclusion": {
        "entry": ENTRY,
        "backdated": True,
        "leaf_hash": "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "size": 1205,
        "proof": ["76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"],
        "checkpoint": CHECKPOINT,
    },
    "LogAdopted": {"adopted": 50, "next_cursor": "bGF0ZXI"},
    "CaughtUp": {"certificates": 14, "signed": 3, "next_cursor": "bGF0ZXI"},
}
PARAMETERS: dict[str, dict[str, Any]] = {
    "log-from": {"name": "from", "schema": whole(0), "description": "The first number; 0 unless given.", "example": 0},
    "log-limit": {
        "name": "limit",
        "schema": whole(1, 1000),
        "description": "At most so many; 256 unless given.",
        "example": 256,
    },
    "log-after": {
        "name": "after",
        "schema": {"type": "string"},
        "description": "`next_after` of the page before.",
        "example": "000000001205#2026-11-22T15:30:00Z",
    },
    "log-code": {
        "name": "code",
        "schema": {"type": "string"},
        "description": "Of this certificate.",
        "example": CERTIFICATE_CODE,
    },
    "log-line": {
        "name": "line",
        "schema": whole(1),
        "description": "With `code`: which change of it, from 1; the last unless given.",
        "example": 2,
    },
    "log-entry": {"name": "entry", "schema": whole(0), "description": "The number of an entry.", "example": 1204},
    "log-size": {
        "name": "size",
        "schema": whole(1),
        "description": "In the log of this size; that of the last checkpoint unless given.",
        "example": 1205,
    },
    "log-old": {
        "name": "from",
        "schema": whole(1),
        "required": True,
        "description": "The smaller size.",
        "example": 1000,
    },
    "log-new": {
        "name": "to",
        "schema": whole(1),
        "description": "The larger size; that of the last checkpoint unless given.",
        "example": 1205,
    },
}


def schemas() -> dict[str, Schema]:
    """All of them by name."""
    return {
        "LogEntry": record(
            {
                "number": whole(0, about="its place in the log"),
                "previous": {**_HASH, "description": "SHA-256 of the entry before, or 64 zeros"},
                "code": CODE_SHAPE,
                "line": whole(1, about="which change of this certificate"),
                "what": one_of(What),
                "standing": nullable(one_of(Standing, "nothing while only the factory declares it")),
                "effective": {**DATE, "description": "since when it holds"},
                "recorded": {**INSTANT, "description": "when the registry learned it"},
                "standard": TENANT,
                "event": nullable({**_HASH, "description": "hash of the certificate's own event, which has a salt"}),
            },
            about="A change of standing. What is hashed are exactly these members, as compact JSON with sorted names "
            f"in UTF-8 (RFC 8785): SHA-256 for the chain, RFC 9162 for the tree. An audit works it all out: {HERE}/log",
        ),
        "LogEntries": record(
            {"results": listed(ref("LogEntry")), "next_from": nullable(whole(0, about="ask on with ?from="))}
        ),
        "LogCheckpoint": record(
            {
                "size": _SIZE,
                "root": {**_HASH, "description": "root of the tree over them"},
                "head": {**_HASH, "description": "SHA-256 of the last of them"},
                "at": INSTANT,
                "signed": nullable(
                    said("JWS in compact form (ES256, typ log-checkpoint+jws) that says the same; keys: did.json")
                ),
            }
        ),
        "LogCheckpoints": record(
            {"results": listed(ref("LogCheckpoint")), "next_after": nullable(said("ask on with ?after="))}
        ),
        "LogInclusion": record(
            {
                "entry": ref("LogEntry"),
                "backdated": {**YES_NO, "description": "recorded on a later day than that since which it holds"},
                "leaf_hash": _HASH,
                "size": _SIZE,
                "proof": _PROOF,
                "checkpoint": nullable(ref("LogCheckpoint")),
            }
        ),
        "LogConsistency": record(
            {"from": _SIZE, "to": _SIZE, "proof": _PROOF, "checkpoint": nullable(ref("LogCheckpoint"))}
        ),
        "CaughtUp": record(
            {
                "certificates": whole(0, about="certificates that are now found by their last day"),
                "signed": whole(0, about="factories that were signed anew, with their certificates"),
                "next_cursor": nullable(said("ask on with ?cursor=")),
            }
        ),
        "LogAdopted": record(
            {
                "adopted": whole(0, about="certificates that now wait for their numbers"),
                "next_cursor": nullable(said("ask on with ?cursor=")),
            }
        ),
    }
