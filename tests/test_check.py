"""``python -m infra.check``: each kind of damage is found by its name, and what is derived is put right."""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chalicelib import clock, settings
from chalicelib.domain import jws, offline, status_list
from chalicelib.domain.offline import Code
from chalicelib.store import keys, log_keys, public_keys
from chalicelib.store.registry import checkpoints, credentials, sequencer, signing, signing_keys, status_lists
from chalicelib.store.registry.history import digest
from infra import sign_anew
from infra.check import owned, report, signatures
from infra.check.report import Found
from infra.check.state import State
from tests.local_kms import LocalKms, keys_in_process
from tests.world import GTIN, Caller, World

KIND = (
    "histories",
    "public items",
    "signing keys",
    "signed documents",
    "pointers",
    "left over",
    "status lists",
    "log of changes",
)


@pytest.fixture
def signs(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalKms]:
    """A registry that signs."""
    monkeypatch.setenv("SIGNING_KEY", "first")
    with keys_in_process() as local:
        yield local


REGISTRY, PUBLIC = "factory-id-registry", "factory-id-public"
_kept: dict[str, Any] = {}


class Checked:
    """A world with something of each kind, and a checker of its tables."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.tables, self.folder = world, world.tables, folder
        if not _kept:
            _kept.update(made=self._make(), items=[self.tables.scan(table) for table in (REGISTRY, PUBLIC)])
        else:
            self._put_back()
        self.factory_id, self.code, fixed = _kept["made"]
        self.owner = Caller(world.client, fixed=fixed)

    def _put_back(self) -> None:
        for table, items in zip((REGISTRY, PUBLIC), _kept["items"], strict=True):
            for item in items:
                self.tables.client.put_item(TableName=table, Item=item)

    def _make(self) -> tuple[str, str, Any]:
        """Made through the API the first time; from then on the same items are put back."""
        world = self.world
        factory_id = world.a_factory(member_ids=["maison", "outfit"])
        owner = world.run_by(factory_id)
        code = world.a_certificate(factory_id, gdti="9521234543213aB-1")
        world.certifier("POST", f"/internal/v1/certificates/{code}/standing", _suspended()).ok()
        links = f"/internal/v1/factories/{factory_id}/links/maison"
        owner("PUT", links, {"public": True}).ok()
        world.member("PUT", f"/internal/v1/network/{factory_id}", {"public": True}).ok()
        world.a_product(factory_id)
        sequencer.run()
        checkpoints.make()
        return factory_id, code, owner.fixed

    def look(self, *, repair: bool = False) -> Found:
        tables = self.tables
        return report.walked(tables.client, tables.registry, tables.public, self.folder / "check.sqlite", repair=repair)

    def body(self, table: str, pk: str, sk: str) -> dict[str, Any]:
        raw = self.tables.client.get_item(TableName=table, Key=_key(pk, sk))["Item"]
        return dict(json.loads(raw["body"]["S"]))

    def put(self, table: str, pk: str, sk: str, **attributes: Any) -> None:
        """Write over attributes of an item, or make one."""
        held = self.tables.client.get_item(TableName=table, Key=_key(pk, sk)).get("Item", _key(pk, sk))
        self.tables.client.put_item(TableName=table, Item={**held, **attributes})

    def change(self, table: str, pk: str, sk: str, **members: Any) -> None:
        """Write over members of an item's body."""
        changed = {**self.body(table, pk, sk), **members}
        text = json.dumps(changed, ensure_ascii=False, separators=(",", ":"))
        self.put(table, pk, sk, body={"S": text})

    def delete(self, table: str, pk: str, sk: str) -> None:
        self.tables.client.delete_item(TableName=table, Key=_key(pk, sk))

    def strip(self, table: str, pk: str, sk: str, *names: str) -> None:
        """Take attributes away from an item."""
        held = self.tables.client.get_item(TableName=table, Key=_key(pk, sk))["Item"]
        left = {name: value for name, value in held.items() if name not in names}
        self.tables.client.put_item(TableName=table, Item=left)

    def everything(self) -> str:
        """All but signatures and keys, which are never the same twice."""
        items = json.loads(self.tables.everything())
        return json.dumps(
            [
                {**item, "credential": None, "code": None, "write_id": None}
                for item in items
                if item["pk"]["S"] != "SIGNING_KEYS#"
            ],
            sort_keys=True,
        )


def _key(pk: str, sk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def _suspended() -> dict[str, Any]:
    return {"standing": "suspended", "reason": "Audit overdue", "effective": "2026-02-02"}


@pytest.fixture
def checked(signs: LocalKms, world: World, tmp_path: Path) -> Checked:
    """A registry that signs, with something of each kind in it."""
    assert not signs.broken
    return Checked(world, tmp_path)


Damage = Callable[[Checked], None]


def _page(each: Checked) -> tuple[str, str, str]:
    return PUBLIC, f"FACTORY#{each.factory_id}", "PAGE"


def _posting(each: Checked) -> tuple[str, str]:
    [place] = [sk for pk, sk in each.tables.keys(PUBLIC) if pk == "DIRECTORY#"]
    return "WORD#meghna", place


def _checkpoint(each: Checked) -> tuple[str, str]:
    [place] = [key for key in each.tables.keys(PUBLIC) if key[0] == "LOG_CHECKPOINTS#"]
    return place


def _signed(each: Checked, pk: str, attribute: str = "credential") -> str:
    """What is signed of a public item."""
    return str(each.tables.client.get_item(TableName=PUBLIC, Key=_key(pk, "PAGE"))["Item"][attribute]["S"])


def _kid(token: str) -> str:
    return str(jws.read(token)[0]["kid"].partition("#")[2])


@contextmanager
def _leaked() -> Iterator[None]:
    """What is signed here is signed by another key, which is revoked afterwards."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SIGNING_KEY", "leaked")
        yield
        signing_keys.revoke(signing.current())


def _by_leaked(token: str) -> str:
    """The same document, signed by a revoked key."""
    header, payload, _, _ = jws.read(token)
    with _leaked():
        return signing.signed_document(payload, {name: header[name] for name in ("typ", "cty") if name in header})


def _falsely(token: str) -> str:
    """The same document under a signature of another."""
    signed, _, signature = token.rpartition(".")
    return f"{signed}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"


def _unknown(each: Checked) -> None:
    """A certificate's credential by a key that is none of ours."""
    token = _by_leaked(_signed(each, f"CERTIFICATE#{each.code}"))
    for table in (REGISTRY, PUBLIC):
        each.delete(table, "SIGNING_KEYS#", _kid(token))
    each.put(PUBLIC, f"CERTIFICATE#{each.code}", "PAGE", credential={"S": token})


def _said(each: Checked) -> Code:
    """What the code of the factory is to say."""
    found = owned.of(keys.factory(each.factory_id))
    assert found is not None
    code = found.said[public_keys.factory_page(each.factory_id)].code
    assert code is not None
    return code


def _put_code(each: Checked, said: Code | None = None) -> None:
    """A code that is signed anew; without ``said``, the one that is there under a false signature."""
    if said is not None:
        code = credentials._signed(said, clock.now().isoformat())
    else:
        signed, _, tail = _signed(each, f"FACTORY#{each.factory_id}", "code").partition("/")
        code = f"{signed[:-9]}{'B' if signed[-9] == 'A' else 'A'}{signed[-8:]}/{tail}"
    each.put(PUBLIC, f"FACTORY#{each.factory_id}", "PAGE", code={"S": code})


def _code_by_leaked(each: Checked) -> None:
    with _leaked():
        _put_code(each, _said(each))


def _code_of_another_name(each: Checked) -> None:
    said = _said(each)
    _put_code(each, replace(said, claims={**said.claims, offline.ABOUT: ["No"]}))


def _a_key(_each: Checked) -> tuple[str, str]:
    """A key that signs nothing that stands any more, and is revoked."""
    with _leaked():
        return "SIGNING_KEYS#", signing.current()


def _cleared(each: Checked) -> None:
    bits = {purpose.value: status_list.packed(bytes(status_list.PLACES // 8)) for purpose in status_list.Purpose}
    each.change(REGISTRY, "STATUS_LIST#0", "RECORD", **bits)


MENDED: dict[str, tuple[str, str, Damage]] = {
    "a private field on a page": (
        "public items",
        "FACTORY#{f} PAGE",
        lambda each: each.change(*_page(each), fields={"contact_email": "a@b.example"}),
    ),
    "a page that is gone": ("public items", "FACTORY#{f} PAGE", lambda each: each.delete(*_page(each))),
    "a status that is older than the record": (
        "public items",
        "CERTIFICATE#{c} PAGE",
        lambda each: each.change(PUBLIC, f"CERTIFICATE#{each.code}", "PAGE", history=[]),
    ),
    "the same in other bytes": (
        "public items",
        "CERTIFICATE#{c} PAGE",
        lambda each: each.put(
            PUBLIC,
            f"CERTIFICATE#{each.code}",
            "PAGE",
            body={"S": json.dumps(each.body(PUBLIC, f"CERTIFICATE#{each.code}", "PAGE"), indent=1)},
        ),
    ),
    "a product's page": (
        "public items",
        f"PRODUCT#{GTIN} PAGE",
        lambda each: each.change(PUBLIC, f"PRODUCT#{GTIN}", "PAGE", name="No"),
    ),
    "a member's page": (
        "public items",
        "MEMBER#maison PAGE",
        lambda each: each.change(PUBLIC, "MEMBER#maison", "PAGE", name="No"),
    ),
    "a member's card of a factory": (
        "public items",
        "MEMBER#maison FACTORY#{f}",
        lambda each: each.delete(PUBLIC, "MEMBER#maison", f"FACTORY#{each.factory_id}"),
    ),
    "a standard's card": ("public items", "STANDARDS# gots", lambda each: each.delete(PUBLIC, "STANDARDS#", "gots")),
    "a posting that is gone": ("public items", "WORD#meghna", lambda each: each.delete(PUBLIC, *_posting(each))),
    "a number that is not found": (
        "public items",
        "NUMBER#cu123456 CODES",
        lambda each: each.delete(PUBLIC, "NUMBER#cu123456", "CODES"),
    ),
    "a word that forgives nothing": (
        "public items",
        "HALF#",
        lambda each: each.delete(
            PUBLIC, *next(key for key in sorted(each.tables.keys(PUBLIC)) if key[0][:5] == "HALF#")
        ),
    ),
    "a page of no record": (
        "left over",
        "FACTORY#BDNOBODY0000 PAGE",
        lambda each: each.put(PUBLIC, "FACTORY#BDNOBODY0000", "PAGE", body={"S": json.dumps(each.body(*_page(each)))}),
    ),
    "a posting of a factory that is called otherwise": (
        "left over",
        "WORD#elsewhere",
        lambda each: each.put(PUBLIC, "WORD#elsewhere", _posting(each)[1], body={"S": "{}"}),
    ),
    "a certificate of no record": (
        "left over",
        "CERTIFICATE#C0000000000 PAGE",
        lambda each: each.put(PUBLIC, "CERTIFICATE#C0000000000", "PAGE", body={"S": "{}"}),
    ),
    "a number of a certificate that is not there": (
        "left over",
        "NUMBER#cu123456 CODES",
        lambda each: each.put(
            PUBLIC, "NUMBER#cu123456", "CODES", confirmed={"SS": [f"gots#{each.code}", "gots#C0000000000"]}
        ),
    ),
    "a plan that its factory does not show": (
        "left over",
        "FACTORY#{f} CLIMATE",
        lambda each: each.put(PUBLIC, f"FACTORY#{each.factory_id}", "CLIMATE", body={"S": "{}"}),
    ),
    "a word that no factory has": (
        "left over",
        "HALF#zzz 008#zzzwords",
        lambda each: each.put(PUBLIC, "HALF#zzz", "008#zzzwords", body={"S": "{}"}),
    ),
    "an attribute that nothing of ours writes": (
        "public items",
        "FACTORY#{f} PAGE",
        lambda each: each.put(*_page(each), contact={"S": "owner@mill.example"}),
    ),
    "a credential where nothing is signed": (
        "public items",
        "MEMBER#maison PAGE",
        lambda each: each.put(PUBLIC, "MEMBER#maison", "PAGE", credential={"S": "e30.e30.AAAA"}),
    ),
    "a country that the directory does not offer": (
        "public items",
        "FACETS country#BD",
        lambda each: each.delete(PUBLIC, "FACETS", "country#BD"),
    ),
    "a country in which no factory is": (
        "left over",
        "FACETS country#ZZ",
        lambda each: each.put(PUBLIC, "FACETS", "country#ZZ", body={"S": "{}"}),
    ),
    "something to make that no factory makes": (
        "left over",
        "FACETS category#swords",
        lambda each: each.put(PUBLIC, "FACETS", "category#swords", body={"S": "{}"}),
    ),
    "hashes of the log's tree that are gone": (
        "log of changes",
        "LOG_HASHES#0 00000000",
        lambda each: each.delete(PUBLIC, "LOG_HASHES#0", "00000000"),
    ),
    "hashes of another tree": (
        "log of changes",
        "LOG_HASHES#0 00000000",
        lambda each: each.change(PUBLIC, "LOG_HASHES#0", "00000000", hashes=b64encode(bytes(64)).decode()),
    ),
    "the last checkpoint that is gone": (
        "log of changes",
        "LOG_CHECKPOINTS# 00",
        lambda each: each.delete(PUBLIC, *_checkpoint(each)),
    ),
    "the last checkpoint with another root": (
        "log of changes",
        "LOG_CHECKPOINTS# 00",
        lambda each: each.change(PUBLIC, *_checkpoint(each), root="0" * 64),
    ),
    "a site that leads nowhere": (
        "left over",
        "SITE#S-9 RECORD",
        lambda each: each.put(REGISTRY, "SITE#S-9", "RECORD", body={"S": '{"factory_id":"BDNOBODY0000"}'}),
    ),
    "a supplier off its member's list": (
        "pointers",
        "MEMBER#maison FACTORY#{f}",
        lambda each: each.delete(REGISTRY, "MEMBER#maison", f"FACTORY#{each.factory_id}"),
    ),
    "a certificate that is not found by its code": (
        "pointers",
        "CERTIFICATE#{c} RECORD",
        lambda each: each.delete(REGISTRY, f"CERTIFICATE#{each.code}", "RECORD"),
    ),
    "a number that could be confirmed twice": (
        "pointers",
        "NUMBER#gots#cu123456 CONFIRMED",
        lambda each: each.delete(REGISTRY, "NUMBER#gots#cu123456", "CONFIRMED"),
    ),
    "a certificate whose end nobody would notice": (
        "pointers",
        "ENDING#2099-12-31 {c}",
        lambda each: each.delete(REGISTRY, "ENDING#2099-12-31", each.code),
    ),
    "a signature about something else": (
        "signed documents",
        "CERTIFICATE#{c} PAGE",
        lambda each: each.put(
            PUBLIC,
            f"CERTIFICATE#{each.code}",
            "PAGE",
            credential=each.tables.client.get_item(TableName=PUBLIC, Key=_key(*_page(each)[1:]))["Item"]["credential"],
        ),
    ),
    "a code for checking offline of a suspended certificate": (
        "signed documents",
        "CERTIFICATE#{c} PAGE",
        lambda each: each.put(PUBLIC, f"CERTIFICATE#{each.code}", "PAGE", code={"S": f"AAAA/C/{each.code}"}),
    ),
    "a false signature": (
        "signed documents",
        "CERTIFICATE#{c} PAGE",
        lambda each: each.put(
            PUBLIC,
            f"CERTIFICATE#{each.code}",
            "PAGE",
            credential={"S": _falsely(_signed(each, f"CERTIFICATE#{each.code}"))},
        ),
    ),
    "what cannot be read where a signature should be": (
        "signed documents",
        f"PRODUCT#{GTIN} PAGE",
        lambda each: each.put(PUBLIC, f"PRODUCT#{GTIN}", "PAGE", credential={"S": "é"}),
    ),
    "a signature by a revoked key": (
        "signed documents",
        f"PRODUCT#{GTIN} PAGE",
        lambda each: each.put(
            PUBLIC, f"PRODUCT#{GTIN}", "PAGE", credential={"S": _by_leaked(_signed(each, f"PRODUCT#{GTIN}"))}
        ),
    ),
    "a signature by a key that nobody knows": ("signed documents", "CERTIFICATE#{c} PAGE", _unknown),
    "a code with a false signature": ("signed documents", "FACTORY#{f} PAGE", _put_code),
    "a code by a revoked key": ("signed documents", "FACTORY#{f} PAGE", _code_by_leaked),
    "a code that says another name": ("signed documents", "FACTORY#{f} PAGE", _code_of_another_name),
    "a status list with a false signature": (
        "status lists",
        "STATUS_LIST#revocation#0",
        lambda each: each.put(
            PUBLIC,
            "STATUS_LIST#revocation#0",
            "PAGE",
            credential={"S": _falsely(_signed(each, "STATUS_LIST#revocation#0"))},
        ),
    ),
    "a status list by a revoked key": (
        "status lists",
        "STATUS_LIST#revocation#0",
        lambda each: each.put(
            PUBLIC,
            "STATUS_LIST#revocation#0",
            "PAGE",
            credential={"S": _by_leaked(_signed(each, "STATUS_LIST#revocation#0"))},
        ),
    ),
    "a status list in the place of another": (
        "status lists",
        "STATUS_LIST#revocation#0",
        lambda each: each.put(
            PUBLIC, "STATUS_LIST#revocation#0", "PAGE", credential={"S": _signed(each, "STATUS_LIST#suspension#0")}
        ),
    ),
    "a key that nobody can look up": (
        "signing keys",
        "SIGNING_KEYS# ",
        lambda each: each.delete(PUBLIC, *_a_key(each)),
    ),
    "a revoked key that counts again": (
        "signing keys",
        "SIGNING_KEYS# ",
        lambda each: each.change(PUBLIC, *_a_key(each), revoked=None),
    ),
    "a bit that is not set": ("status lists", "STATUS_LIST#0", _cleared),
    "a status list that is gone": (
        "status lists",
        "STATUS_LIST#0",
        lambda each: each.delete(PUBLIC, "STATUS_LIST#suspension#0", "PAGE"),
    ),
    "lines of the log that are not found": (
        "log of changes",
        "LOG_OF#{c} LINES",
        lambda each: each.change(PUBLIC, f"LOG_OF#{each.code}", "LINES", entries=[]),
    ),
    "a log that says it is shorter": (
        "counters",
        "LOG# LATEST",
        lambda each: each.change(PUBLIC, "LOG#", "LATEST", size=1),
    ),
    "places in lists that would be given twice": (
        "counters",
        "STATUS_LISTS# RECORD",
        lambda each: each.put(REGISTRY, "STATUS_LISTS#", "RECORD", counter={"N": "0"}),
    ),
}


def _event(each: Checked, number: int, **members: Any) -> None:
    place = keys.event(f"CERTIFICATE#{each.code}", number)
    each.change(REGISTRY, *place, **members)


def _forged(each: Checked) -> None:
    """An event whose own hash fits again: its follower tells."""
    place = keys.event(f"CERTIFICATE#{each.code}", 1)
    body = {**each.body(REGISTRY, *place), "reason": "Another one"}
    each.change(REGISTRY, *place, reason="Another one", hash=digest(body))


def _held(each: Checked) -> tuple[str, str, str]:
    return REGISTRY, f"FACTORY#{each.factory_id}", f"CERTIFICATE#{each.code}"


def _unsealed(each: Checked, **members: Any) -> None:
    each.strip(*_held(each), "seal")
    each.change(*_held(each), **members)


def _uncounted(each: Checked) -> None:
    """The last event is gone, and with it the number of events."""
    each.delete(REGISTRY, *keys.event(f"CERTIFICATE#{each.code}", 2))
    each.strip(*_held(each), "events", "event_hash", "seal")


def _without_history(each: Checked) -> None:
    for number in (1, 2):
        each.delete(REGISTRY, *keys.event(f"CERTIFICATE#{each.code}", number))
    each.strip(*_held(each), "events", "event_hash", "seal")


def _lost(each: Checked) -> None:
    each.delete(*_held(each))


def _lost_with_its_first_event(each: Checked) -> None:
    _lost(each)
    each.delete(REGISTRY, *keys.event(f"CERTIFICATE#{each.code}", 1))


def _lost_with_its_history(each: Checked) -> None:
    _lost_with_its_first_event(each)
    each.delete(REGISTRY, *keys.event(f"CERTIFICATE#{each.code}", 2))


def _lost_with_its_pointer(each: Checked) -> None:
    _lost(each)
    each.delete(REGISTRY, f"CERTIFICATE#{each.code}", "RECORD")


def _lost_factory(each: Checked) -> None:
    each.delete(REGISTRY, f"FACTORY#{each.factory_id}", "RECORD")


def _older_checkpoint(each: Checked) -> None:
    body = {**each.body(PUBLIC, *_checkpoint(each)), "size": 1, "at": "2026-01-01T00:00:00Z"}
    place = PUBLIC, "LOG_CHECKPOINTS#", "000000000001#2026-01-01T00:00:00Z"
    each.put(*place, body={"S": json.dumps(body)})


LOST: dict[str, tuple[str, str, Damage]] = {
    "a certificate": ("histories", "EVENTS#CERTIFICATE#{c}", _lost),
    "a certificate with its first event": ("histories", "EVENTS#CERTIFICATE#{c}", _lost_with_its_first_event),
    "a certificate with its history": ("log of changes", "LOG_OF#{c}", _lost_with_its_history),
    "a certificate that is not found by its code": ("histories", "EVENTS#CERTIFICATE#{c}", _lost_with_its_pointer),
    "a factory": ("histories", "EVENTS#FACTORY#{f}", _lost_factory),
}
CHANGED: dict[str, tuple[str, str, Damage]] = {
    "a certificate that ends later": (
        "records",
        "FACTORY#{f} CERTIFICATE#{c}",
        lambda each: each.change(*_held(each), valid_to="2100-12-31"),
    ),
    "a certificate of an earlier release that ends later": (
        "records",
        "FACTORY#{f} CERTIFICATE#{c}",
        lambda each: _unsealed(each, valid_to="2100-12-31"),
    ),
    "a certificate of an earlier release that is no longer suspended": (
        "records",
        "FACTORY#{f} CERTIFICATE#{c}",
        lambda each: _unsealed(each, history=each.body(*_held(each))["history"][:1]),
    ),
    "a factory that shows more": (
        "records",
        "FACTORY#{f} RECORD",
        lambda each: each.change(REGISTRY, f"FACTORY#{each.factory_id}", "RECORD", privacy={"city": "private"}),
    ),
    "a brand with another name": (
        "records",
        "MEMBER#maison RECORD",
        lambda each: each.change(REGISTRY, "MEMBER#maison", "RECORD", name="Maison No"),
    ),
    "a record of another version": (
        "records",
        f"PRODUCT#{GTIN} RECORD",
        lambda each: each.put(REGISTRY, f"PRODUCT#{GTIN}", "RECORD", version={"N": "7"}),
    ),
}


def _checkpoint(each: Checked) -> tuple[str, str]:
    return next(key for key in each.tables.keys(PUBLIC) if key[0] == "LOG_CHECKPOINTS#")


def _earlier(each: Checked, signed: Callable[[str], str]) -> None:
    """A checkpoint before the last, of the same entries, with a signature of one's own."""
    held = {**each.body(PUBLIC, *_checkpoint(each)), "at": "2026-01-01T00:00:00Z"}
    del held["signed"]
    token = signing.signed_document({"log": settings.load().base_url, **held}, checkpoints.HEADER)
    body = {**held, "signed": signed(token)}
    each.put(PUBLIC, *log_keys.checkpoint(held["size"], held["at"]), body={"S": json.dumps(body)})


def _forgotten(each: Checked) -> Callable[[str], str]:
    def signed(token: str) -> str:
        leaked = _by_leaked(token)
        for table in (REGISTRY, PUBLIC):
            each.delete(table, "SIGNING_KEYS#", _kid(leaked))
        return leaked

    return signed


def _last_by_leaked(each: Checked) -> None:
    held = each.body(PUBLIC, "LOG#", "LATEST")["checkpoint"]
    again = {**held, "signed": _by_leaked(held["signed"])}
    for table, sk in ((REGISTRY, "HEAD"), (PUBLIC, "LATEST")):
        each.change(table, "LOG#", sk, checkpoint=again)
    each.change(PUBLIC, *_checkpoint(each), signed=again["signed"])


NAMED: dict[str, tuple[str, str, Damage]] = {
    **LOST,
    **CHANGED,
    "a history that is counted by nobody": ("histories", "EVENTS#CERTIFICATE#{c}", _uncounted),
    "keys of a tenant whose history is counted by nobody": (
        "histories",
        "EVENTS#KEYS#",
        lambda each: each.strip(
            REGISTRY, *min(key for key in each.tables.keys(REGISTRY) if key[0][:5] == "KEYS#"), "events", "event_hash"
        ),
    ),
    "a record without a history": ("histories", "EVENTS#CERTIFICATE#{c}", _without_history),
    "an earlier checkpoint of another log": ("log of changes", "LOG_CHECKPOINTS# 000000000001", _older_checkpoint),
    "a log that has lost its head": (
        "log of changes",
        "LOG# HEAD",
        lambda each: each.delete(REGISTRY, "LOG#", "HEAD"),
    ),
    "an attribute of an entry of the log": (
        "public items",
        "LOG_ENTRIES#00000000 000000000001",
        lambda each: each.put(PUBLIC, "LOG_ENTRIES#00000000", "000000000001", note={"S": "x"}),
    ),
    "an event that was changed": (
        "histories",
        "EVENTS#CERTIFICATE#{c} 000000000002",
        lambda each: _event(each, 2, reason="No reason"),
    ),
    "an event that was changed with its hash": ("histories", "EVENTS#CERTIFICATE#{c} 000000000002", _forged),
    "an event that is gone": (
        "histories",
        "EVENTS#CERTIFICATE#{c}",
        lambda each: each.delete(REGISTRY, *keys.event(f"CERTIFICATE#{each.code}", 2)),
    ),
    "the history of a record that is not there": (
        "histories",
        "EVENTS#PRODUCT#1",
        lambda each: each.put(REGISTRY, *keys.event("PRODUCT#1", 1), body={"S": "{}"}),
    ),
    "an item of no kind": ("left over", "SECRETS# 1", lambda each: each.put(PUBLIC, "SECRETS#", "1", body={"S": "{}"})),
    "an entry of the log that is gone": (
        "log of changes",
        "LOG_ENTRIES#00000000 000000000001",
        lambda each: each.delete(PUBLIC, "LOG_ENTRIES#00000000", "000000000001"),
    ),
    "a key that is not on record": (
        "signing keys",
        "SIGNING_KEYS# ",
        lambda each: each.delete(REGISTRY, *_a_key(each)),
    ),
    "a key that is revoked in public only": (
        "signing keys",
        "SIGNING_KEYS# ",
        lambda each: each.change(REGISTRY, *_a_key(each), revoked=None),
    ),
    "an earlier checkpoint with a false signature": (
        "log of changes",
        "LOG_CHECKPOINTS# 000000000002#2026-01-01",
        lambda each: _earlier(each, _falsely),
    ),
    "an earlier checkpoint by a key that nobody knows": (
        "log of changes",
        "LOG_CHECKPOINTS# 000000000002#2026-01-01",
        lambda each: _earlier(each, _forgotten(each)),
    ),
    "a last checkpoint by a revoked key": ("log of changes", "LOG# LATEST", _last_by_leaked),
    "a kept reply that answers nothing": (
        "kept replies",
        "IDEMPOTENCY#ics#",
        lambda each: each.put(
            REGISTRY,
            *next(key for key in sorted(each.tables.keys(REGISTRY)) if key[1] == "REPLY"),
            body={"S": json.dumps({"digest": "0" * 64, "reply": b64encode(zlib.compress(b"{")).decode()})},
        ),
    ),
    "a tiding of nothing": (
        "outbox",
        "OUTBOX#0 x",
        lambda each: each.put(REGISTRY, "OUTBOX#0", "x", body={"S": '{"kind":"nothing"}'}),
    ),
    "a day that has not come": (
        "counters",
        "ENDINGS# RECORD",
        lambda each: each.put(REGISTRY, "ENDINGS#", "RECORD", body={"S": '{"day":"2999-01-01"}'}),
    ),
}


def found_of(found: Found, kind: str) -> list[str]:
    return [each.name for each in found.told if each.kind == kind]


def test_a_world_as_the_service_left_it_gives_nothing_to_repair(checked: Checked) -> None:
    before = checked.tables.everything()
    found = checked.look(repair=True)
    assert found.told == ()
    assert found.whole
    assert found.text.endswith("Nothing to repair.")
    looked_at = {row.kind: row.checked for row in found.rows}
    assert all(looked_at[kind] for kind in KIND)
    assert looked_at["kept replies"] == 2
    assert checked.tables.everything() == before
    assert not (checked.folder / "check.sqlite").exists()


def rounds() -> list[list[str]]:
    """Damages that can be done to one world: no two of them to one item."""
    found: list[list[str]] = []
    for damage, (_, name, _) in MENDED.items():
        free = (each for each in found if name not in {MENDED[other][1] for other in each})
        held = next(free, None)
        if held is None:
            found.append(held := [])
        held.append(damage)
    return found


@pytest.mark.parametrize("damages", rounds(), ids=lambda each: f"{len(each)} from {each[0]}")
def test_what_is_derived_is_found_by_its_name_and_put_right(checked: Checked, damages: list[str]) -> None:
    before = checked.everything()
    for damage in damages:
        MENDED[damage][2](checked)
    damaged = checked.tables.everything()
    found = checked.look()
    for damage in damages:
        kind, name, _ = MENDED[damage]
        name = name.format(f=checked.factory_id, c=checked.code)
        assert [each for each in found_of(found, kind) if each.startswith(name)], (damage, found.text)
    assert not found.whole
    assert checked.tables.everything() == damaged, "looking changes nothing"
    mended = checked.look(repair=True)
    assert mended.whole, mended.text
    assert mended.text.endswith(" repaired.")
    assert checked.look().told == ()
    lists = {"counters", "status lists"}  # signed anew, or drawn from anew
    assert lists & {MENDED[damage][0] for damage in damages} or checked.everything() == before


@pytest.mark.parametrize("damage", NAMED)
def test_what_cannot_be_mended_is_named_with_what_to_do(checked: Checked, damage: str) -> None:
    kind, name, do = NAMED[damage]
    do(checked)
    events = [item for item in checked.tables.scan(REGISTRY) if item["pk"]["S"].startswith("EVENTS#")]
    name = name.format(f=checked.factory_id, c=checked.code)
    found = checked.look(repair=True)
    [told, *_] = [each for each in found.told if each.kind == kind and each.name.startswith(name)]
    assert told.ending[-1] == "."
    assert told.ending != "Repaired."
    assert not found.whole
    assert found.text.endswith("left.")
    assert [item for item in checked.tables.scan(REGISTRY) if item["pk"]["S"].startswith("EVENTS#")] == events


@pytest.mark.parametrize("damage", LOST)
def test_what_is_left_of_a_lost_record_stays_and_is_whole_again_once_it_is_back(checked: Checked, damage: str) -> None:
    before = checked.tables.scan(REGISTRY)
    _, _, do = LOST[damage]
    do(checked)
    damaged = checked.tables.everything()
    found = checked.look(repair=True)
    assert checked.tables.everything() == damaged, found.text
    assert all("infra.backup restore" in each.ending for each in found.told if each.kind != "counters"), found.text
    for item in before:
        checked.tables.client.put_item(TableName=REGISTRY, Item=item)
    assert checked.look().told == ()


@pytest.mark.parametrize("damage", CHANGED)
def test_a_record_that_was_changed_without_an_event_is_not_published(checked: Checked, damage: str) -> None:
    kind, name, do = CHANGED[damage]
    do(checked)
    damaged = checked.tables.everything()
    found = checked.look(repair=True)
    assert checked.tables.everything() == damaged, found.text
    [told] = [each for each in found.told if each.kind == kind]
    assert told.name == name.format(f=checked.factory_id, c=checked.code)
    assert "event " in told.how
    assert not found.whole


def test_a_public_table_that_is_lost_is_written_anew_with_what_the_directory_offers(checked: Checked) -> None:
    """But for the log, and for what only it holds."""
    facets = {key for key in checked.tables.keys(PUBLIC) if key[0] == "FACETS"}
    assert ("FACETS", "country#BD") in facets
    for key in checked.tables.keys(PUBLIC):
        if not key[0].startswith(("LOG", "SIGNING_KEYS#")):
            checked.delete(PUBLIC, *key)
    assert checked.look(repair=True).whole
    assert facets <= checked.tables.keys(PUBLIC)
    assert checked.look().told == ()


def test_what_another_record_needs_is_repaired_beside_one_that_was_changed(checked: Checked) -> None:
    checked.change(*_held(checked), valid_to="2100-12-31")
    checked.delete(PUBLIC, "STANDARDS#", "gots")
    found = checked.look(repair=True)
    assert [each.ending for each in found.told if each.name == "STANDARDS# gots"] == ["Repaired."]


def test_a_record_of_an_earlier_release_has_no_seal_and_gets_one_when_it_is_written(checked: Checked) -> None:
    place = REGISTRY, f"FACTORY#{checked.factory_id}", "RECORD"
    checked.strip(*place, "seal")
    checked.strip(*_held(checked), "seal")
    assert checked.look().told == ()
    checked.world.staff("PUT", f"/internal/v1/factories/{checked.factory_id}/privacy", {"city": "private"}).ok()
    assert "seal" in checked.tables.client.get_item(TableName=REGISTRY, Key=_key(*place[1:]))["Item"]
    assert checked.look().told == ()


def test_a_draft_has_nothing_in_public_and_nothing_to_repair(checked: Checked) -> None:
    checked.world.member(
        "POST", "/internal/v1/invitations", {"email": "new@mill.example", "name": "New", "country": "IN"}
    )
    checked.world.accept(checked.world.mailed[-1][1]).ok()
    assert checked.look().told == ()


def test_a_confirmed_certificate_without_a_place_in_the_status_lists_is_named(
    checked: Checked, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(status_lists, "numbered", lambda certificate: certificate)
        code = checked.world.a_certificate(checked.factory_id, number="BEFORE THE KEY")
    [told] = checked.look(repair=True).told
    assert (told.kind, told.name, told.how) == ("status lists", code, "is confirmed and has no place")
    address = told.ending.split("`")[1].split()
    assert address == ["POST", f"/internal/v1/factories/{checked.factory_id}/sign"]
    checked.world.staff(*address, {"reason": "It lacks a credential"}).ok()
    assert checked.look().told == ()


def test_a_key_that_leaked_is_dealt_with_only_when_nothing_stands_by_it(
    checked: Checked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_anew.operating, "environment", lambda _chosen: None)
    key = _kid(_signed(checked, f"CERTIFICATE#{checked.code}"))
    before = checked.tables.client.get_item(TableName=PUBLIC, Key=_key("SIGNING_KEYS#", key))["Item"]
    assert signing.current() != key, "rotated"
    assert checked.look().told == (), "what a former key signed counts"
    checked.world.staff("DELETE", f"/internal/v1/signing-keys/{key}").ok()
    found = checked.look()
    signed = {"FACTORY#{f} PAGE", "CERTIFICATE#{c} PAGE", f"PRODUCT#{GTIN} PAGE"}
    names = {each.format(f=checked.factory_id, c=checked.code) for each in signed}
    assert set(found_of(found, "signed documents")) == names
    assert set(found_of(found, "status lists")) == {"STATUS_LIST#revocation#0", "STATUS_LIST#suspension#0"}
    assert found_of(found, "log of changes") == ["LOG# LATEST"]
    where = ["--signing-key", "first", "--base-url", "http://127.0.0.1:8000", "--reason", "It leaked"]
    assert sign_anew.main(where) == sign_anew.DONE
    assert {each.kind for each in checked.look().told} == {"log of changes"}
    checked.world.staff("POST", "/internal/v1/log/checkpoints").ok()
    assert checked.look().told == ()
    checked.tables.client.put_item(TableName=PUBLIC, Item=before)
    assert key in _to_be_looked_up(checked), "a public table from before"
    assert found_of(checked.look(repair=True), "signing keys") == [f"SIGNING_KEYS# {key}"]
    assert key not in _to_be_looked_up(checked)
    assert checked.look().told == ()


def _to_be_looked_up(checked: Checked) -> set[str]:
    methods = checked.world.anyone.get("/.well-known/did.json").ok().json["verificationMethod"]
    return {each["publicKeyJwk"]["kid"] for each in methods}


def test_an_earlier_checkpoint_by_a_key_that_was_revoked_since_may_stay(checked: Checked) -> None:
    _earlier(checked, _by_leaked)
    assert checked.look().told == ()


def test_a_lost_page_is_signed_anew_with_what_stood_on_it(checked: Checked) -> None:
    pages = [f"PRODUCT#{GTIN}", f"FACTORY#{checked.factory_id}", f"CERTIFICATE#{checked.code}"]
    before = [jws.read(_signed(checked, page))[1] for page in pages]
    for page in pages:
        checked.delete(PUBLIC, page, "PAGE")
    assert checked.look(repair=True).whole
    for page, said in zip(pages, before, strict=True):
        assert {**jws.read(_signed(checked, page))[1], "validFrom": ""} == {**said, "validFrom": ""}
    assert checked.look().told == ()


def test_a_credential_that_must_not_be_there_goes(checked: Checked) -> None:
    said = checked.world.certificate_body(checked.factory_id, number="OTHER-2", certifier="Sureseal")
    code = checked.owner("POST", "/internal/v1/certificates", said).ok().json["code"]
    page = f"CERTIFICATE#{code}"
    checked.put(PUBLIC, page, "PAGE", credential={"S": _signed(checked, f"CERTIFICATE#{checked.code}")})
    assert found_of(checked.look(repair=True), "signed documents") == [f"{page} PAGE"]
    assert checked.look().told == ()
    assert "credential" not in checked.tables.client.get_item(TableName=PUBLIC, Key=_key(page, "PAGE"))["Item"]


def test_a_product_says_what_its_factories_were_when_it_was_written(checked: Checked) -> None:
    page = f"PRODUCT#{GTIN}"
    moved = {**jws.read(_signed(checked, page))[1]}
    moved["credentialSubject"] = {**moved["credentialSubject"], "countryOfProduction": {"countryCode": "IN"}}
    token = signing.signed_document(moved, {"typ": "vc+jwt", "cty": "vc"})
    checked.put(PUBLIC, page, "PAGE", credential={"S": token})
    assert checked.look().told == ()
    moved["credentialSubject"]["name"] = "Another shirt"
    checked.put(PUBLIC, page, "PAGE", credential={"S": signing.signed_document(moved, {"typ": "vc+jwt", "cty": "vc"})})
    assert found_of(checked.look(), "signed documents") == [f"{page} PAGE"]


def test_all_keys_of_a_lost_public_table_are_put_back(checked: Checked) -> None:
    signing.current()
    before = _to_be_looked_up(checked)
    assert len(before) == 2
    for key in before:
        checked.delete(PUBLIC, "SIGNING_KEYS#", key)
    assert not _to_be_looked_up(checked)
    assert checked.look(repair=True).whole
    assert _to_be_looked_up(checked) == before


def test_nothing_is_signed_anew_by_a_key_that_is_revoked_itself(checked: Checked) -> None:
    signing_keys.revoke(signing.current())
    _, _, do = MENDED["a false signature"]
    do(checked)
    before = checked.tables.everything()
    [told] = checked.look(repair=True).told
    assert (told.name, told.ending) == (f"CERTIFICATE#{checked.code} PAGE", signatures.ROTATE)
    assert checked.tables.everything() == before


def test_a_walk_that_was_stopped_goes_on_where_it_was(checked: Checked, monkeypatch: pytest.MonkeyPatch) -> None:
    _, name, do = MENDED["a page of no record"]
    do(checked)
    scan, asked = checked.tables.client.scan, []

    def stops(**wanted: Any) -> Any:
        asked.append(wanted.get("ExclusiveStartKey"))
        if len(asked) == 4:
            raise KeyboardInterrupt
        return scan(**wanted, Limit=20)

    monkeypatch.setattr(checked.tables.client, "scan", stops)
    with pytest.raises(KeyboardInterrupt):
        checked.look()
    found = checked.look()
    assert asked[4] == asked[3] is not None
    assert None not in asked[1:4]
    assert found_of(found, "left over") == [name]
    items = len(checked.tables.scan(PUBLIC))
    assert next(row.checked for row in found.rows if row.kind == "left over") == items


def test_what_was_changed_meanwhile_is_not_written_over(checked: Checked, monkeypatch: pytest.MonkeyPatch) -> None:
    from infra.check import faults

    checked.change(*_page(checked), name="Older")
    mended = faults.mended

    def later(fault: faults.Fault) -> bool:
        body = {"city": "Written while"}
        etag = checked.owner.get(f"/internal/v1/factories/{checked.factory_id}").etag
        checked.owner("PATCH", f"/internal/v1/factories/{checked.factory_id}", body, If_Match=etag).ok()
        return mended(fault)

    monkeypatch.setattr(faults, "mended", later)
    found = checked.look(repair=True)
    assert found_of(found, "public items") == [f"FACTORY#{checked.factory_id} PAGE"]
    assert not found.whole
    monkeypatch.undo()
    assert checked.body(*_page(checked))["fields"]["city"] == "Written while"


def test_a_place_in_the_lists_that_two_have_is_told(tmp_path: Path) -> None:
    state = State(tmp_path / "s.sqlite")
    assert state.highest_index() == -1
    assert [state.index_of(*each) for each in ((0, "C1"), (3, "C2"), (0, "C2"), (3, "C2"))] == ["C1", "C2", "C1", "C2"]
    assert state.highest_index() == 3
    state.close(forget=True)


def test_a_demo_of_two_tables_is_checked_from_the_command_line(
    checked: Checked, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from infra.check import __main__ as command

    monkeypatch.chdir(checked.folder)
    assert command.main([]) == command.WHOLE
    assert capsys.readouterr().out.rstrip().endswith("Nothing to repair.")
    checked.delete(*_page(checked))
    assert command.main([]) == command.WRONG
    assert command.main(["--repair"]) == command.WHOLE
    assert command.main(["--afresh"]) == command.WHOLE
