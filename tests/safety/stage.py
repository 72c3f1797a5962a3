"""A world with one of everything, for requests of any kind: who may send them, what they may name, and what is private.

It is made once, and put back after each request that changed something: so each request meets the same world, and what
a request found can be found again.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from botocore.client import BaseClient
from moto import mock_aws
from moto.dynamodb.models import dynamodb_backends

from chalicelib import settings
from chalicelib.domain.moderation import About, Complaint
from chalicelib.domain.relay import Letter
from chalicelib.internal import access, mail, outbound, watch_letters
from chalicelib.store import models
from chalicelib.store.registry import callers, contacts, moderation, people, relay, sign_in, watches
from chalicelib.store.registry.people import Role
from infra import tables
from infra.api.examples import EXAMPLES
from tests import kept_clients
from tests.local_kms import keys_in_process
from tests.portal_browser import STAFF, Browser
from tests.stack import Tables
from tests.world import GTIN, PRIVATE_EMAIL, Caller, World

SECRETS = ("private-mill", "Secretova", "A-S-1", "555-0199", "Hidden Lane 7")
"""Words of what the factory of the stage keeps to itself: no stranger's answer may hold one."""
GDTI = "9520000000028A77"
COLLEAGUE = "colleague@everywhere.example"
WRITES = ("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem")


@dataclass
class Stage:
    """``names``: what a parameter of a path may be, right and wrong. ``callers``: headers of each kind of caller."""

    world: World
    names: dict[str, str]
    foreign: dict[str, str]
    callers: dict[str, dict[str, str]]
    mails: list[Any]
    wrote: list[str] = field(default_factory=list)
    _kept: dict[str, Any] = field(default_factory=dict)

    def ask(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Any:
        """Send one request; ``wrote`` is what it wrote."""
        self.wrote.clear()
        return self.world.client.http.request(method, path, headers=headers, body=body)

    def keep(self) -> None:
        """What the tables hold now is what ``put_back`` puts back."""
        self._kept = {table.name: copy.deepcopy(table.items) for table in _held()}

    @contextmanager
    def from_here(self) -> Iterator[None]:
        """Meanwhile ``put_back`` puts back what the tables hold now."""
        before = self._kept
        self.keep()
        try:
            yield
        finally:
            self._kept = before

    def put_back(self) -> None:
        """The tables as they were when they were kept."""
        self.mails.clear()
        for table in _held():
            table.items = copy.deepcopy(self._kept[table.name])


def _held() -> list[Any]:
    [account] = dynamodb_backends.values()
    return list(account["eu-central-1"].tables.values())


@contextmanager
def stage() -> Iterator[Stage]:
    """A stage on moto."""
    with pytest.MonkeyPatch.context() as patch, mock_aws(), keys_in_process():
        patch.setenv("SIGNING_KEY", "credentials")
        patch.setenv("RECEIPT_KEY", "receipts")
        patch.setattr(access, "SETTINGS", replace(access.SETTINGS, sync_workers=1))
        mails: list[Any] = []
        patch.setattr(mail, "send", mails.append)
        patch.setattr(outbound, "post", lambda *_: None)
        chosen = settings.load()
        models.connect(chosen)
        client = kept_clients.dynamodb()
        tables.create_tables(client)
        for world in World.begun(Tables(client, chosen.registry_table, chosen.public_table), patch):
            made = _filled(world, mails)
            _watch_writes(patch, made.wrote)
            made.keep()
            yield made
    models.connect(settings.load())


def _watch_writes(patch: pytest.MonkeyPatch, wrote: list[str]) -> None:
    call = BaseClient._make_api_call

    def noted(self: BaseClient, operation: str, arguments: Any) -> Any:
        if operation in WRITES and '"used"' not in str(arguments).replace("'", '"'):  # when a key was last used
            wrote.append(operation)
        return call(self, operation, arguments)

    patch.setattr(BaseClient, "_make_api_call", noted)


def _filled(world: World, mails: list[Any]) -> Stage:
    world.staff("PUT", "/internal/v1/standards/sa8000", EXAMPLES["StandardRequest"]).ok()
    world.staff("PUT", "/internal/v1/standards/gots", EXAMPLES["StandardRequest"]).ok()
    factory_id = world.a_factory("S-1")
    other_id = world.a_factory("S-2", factory={"name": "Neighbour Mill", "country": "BD"}, member_ids=["outfit"])
    code, other_code = world.a_certificate(factory_id, gdti=GDTI), world.a_certificate(other_id, number="CU 777")
    owner, neighbour = world.run_by(factory_id), world.run_by(other_id, "neighbour@elsewhere.example")
    path = f"/internal/v1/factories/{factory_id}"
    own = {"contact_phone": "+880 1 555-0199", "address": "Hidden Lane 7"}
    owner("PATCH", path, own, If_Match=owner.get(path).etag).ok()
    owner("PUT", f"{path}/privacy", {"address": "private"}).ok()
    world.a_product(factory_id)
    names = {"factory_id": factory_id, "code": code, "product_id": GTIN, "gtin": GTIN, **_further(world, owner, path)}
    names |= _waiting(world, owner, factory_id) | _contact(neighbour, other_id) | _claimed(world)
    foreign = {"factory_id": other_id, "code": other_code, "product_id": "09520000000004", "member_id": "outfit"}
    callers = {
        "nobody": {},
        "owner": dict(owner.fixed),
        "neighbour": dict(neighbour.fixed),
        "everybody": _signed_in(world),
        "organiser": {"Authorization": names.pop("organiser")},
        **{name: _bearer(getattr(world, name)) for name in ("staff", "ics", "member", "certifier", "other_member")},
    }
    return Stage(world, names, foreign, callers, mails)


def _bearer(caller: Caller) -> dict[str, str]:
    return {"Authorization": f"Bearer {caller.key}"}


def _further(world: World, owner: Caller, path: str) -> dict[str, str]:
    """What else a path may name."""
    factory_id = path.rpartition("/")[2]
    world.staff("PUT", "/internal/v1/organisers/green-works", {"name": "Green Works", "country": "CH"}).ok()
    made = world.staff("POST", "/internal/v1/keys", {"kind": "organiser", "tenant": "green-works"}).ok()
    organiser = Caller(world.client, made.json["key"])
    organiser("PUT", "/internal/v1/programmes/dye-houses", EXAMPLES["ProgrammeRequest"]).ok()
    organiser("PUT", f"/internal/v1/programmes/dye-houses/factories/{factory_id}").ok()
    owner("PUT", f"{path}/indicators/energy-1", EXAMPLES["IndicatorRequest"]).ok()
    owner("POST", f"{path}/indicators/energy-1/readings", EXAMPLES["ReadingsRequest"]).ok()
    owner("PUT", f"{path}/climate", EXAMPLES["ClimatePlan"], If_Match=owner.get(f"{path}/climate").etag).ok()
    for programme in ("climate", "efficiency"):
        owner("POST", f"{path}/{programme}/publish").ok()
    claimed = owner("POST", f"/internal/v1/claims/factory/{factory_id}", EXAMPLES["ClaimRequest"]).ok()
    about = About("factory", factory_id, f"/f/{factory_id}")
    matter = moderation.report(about, "Mill", Complaint.CLOSED, "It closed.", "reporter@elsewhere.example")
    world.staff("POST", "/internal/v1/log/checkpoints").ok()
    invited = {"email": "b@mill.example", "name": "New Mill", "country": "IN"}
    invitation = world.member("POST", "/internal/v1/invitations", invited).ok().json["invitation_id"]
    watch = {"about": [factory_id], "webhook": "https://hooks.maison.invalid/in", "email": "it@maison.example"}
    watch_id = world.member("POST", "/internal/v1/watches", watch).ok().json["watch_id"]
    stages = [{"process": "sewing", "factory_id": factory_id}]
    coded = {"brand": "Maison", "name": "Socks", "category": "socks", "stages": stages}
    product = world.member("POST", "/internal/v1/products", coded).ok()
    email = "watcher@elsewhere.example"
    return {
        "organiser": f"Bearer {made.json['key']}",
        "invitation_id": invitation,
        "token": world.mailed[-1][1],
        "watch_id": watch_id,
        "watch_token": watch_letters.token(
            watches.activate(watches.ask(email, "en", (factory_id,), None).watch_id).watch_id
        ),
        "sign_in_token": sign_in.ask(PRIVATE_EMAIL),
        "product_code": product.json["product_id"],
        "claim_id": claimed.json["claim_id"],
        "risk_id": owner.get(f"{path}/climate").json["plan"]["risks"][0]["risk_id"],
        "member_id": "maison",
        "certifier_id": "sureseal",
        "organiser_id": "green-works",
        "standard_id": "gots",
        "programme_id": "dye-houses",
        "indicator_id": "energy-1",
        "period": "2026-01",
        "prefix": world.other_certifier.key.split("_")[1],
        "slug": "audit-dates",
        "topic": "wastewater",
        "tenant": "maison",
        "gln": "4006381333931",
        "gdti": GDTI,
        "sheet": "poster",
        "purpose": "revocation",
        "number": "0",
        "ai1": "10",
        "value1": "L1",
        "ai2": "21",
        "value2": "S9",
        "step": "risks",
        "action": "close",
        "matter_id": matter,
        "kid": world.staff.get("/internal/v1/signing-keys").json["results"][0]["kid"],
        "person": callers.person(COLLEAGUE),
        "template": "certificates.csv",
    }


def _waiting(world: World, owner: Caller, factory_id: str) -> dict[str, str]:
    """What waits for somebody: two certificates that the factory declared, of which one is asked about; a letter."""
    declared = []
    for number in ("D 1", "D 2"):
        body = world.certificate_body(factory_id, number=number, certifier="SureSeal")
        declared.append(owner("POST", "/internal/v1/certificates", body).ok().json["code"])
    asked = {"certifier_id": "sureseal"}
    owner("POST", f"/internal/v1/certificates/{declared[0]}/requests", asked).ok()
    letter = relay.ask(Letter(factory_id, "Good day.", "Ada", "Buyers", "ada@elsewhere.example", "en"))
    return {"declared_code": declared[1], "letter_token": letter}


def _contact(neighbour: Caller, factory_id: str) -> dict[str, str]:
    """A link that confirms the address of the other factory."""
    path = f"/internal/v1/factories/{factory_id}"
    given = {"contact_email": "office@neighbour-mill.example"}
    neighbour("PATCH", path, given, If_Match=neighbour.get(path).etag).ok()
    token = contacts.begin(factory_id, STAFF)[1]
    assert token
    return {"contact_token": token}


def _claimed(world: World) -> dict[str, str]:
    """A claim of the member, and one of its product."""
    told = {
        kind: world.member("POST", f"/internal/v1/claims/{kind}/{named}", EXAMPLES["ClaimRequest"]).ok().json
        for kind, named in (("member", "maison"), ("product", GTIN))
    }
    return {f"{kind}_claim_id": claim["claim_id"] for kind, claim in told.items()}


def _signed_in(world: World) -> dict[str, str]:
    """Somebody who acts for an organisation of each kind."""
    email = "everybody@everywhere.example"
    tenants = {"member": "maison", "certifier": "sureseal", "organiser": "green-works", "owner": "gots"}
    for kind, tenant in {**tenants, "staff": "staff", "ics": "ics"}.items():
        for each in (email, COLLEAGUE):
            people.add(Role(kind, tenant), each, STAFF)
    browser = Browser(world.client)
    browser.send(f"/portal/sign-in/{sign_in.ask(email)}")
    assert browser.cookie
    assert PRIVATE_EMAIL not in browser.get("/portal").text
    secret = browser.cookie.partition("=")[2]
    return {"Cookie": browser.cookie, "X-CSRF-Token": access.csrf_token(secret)}
