"""What the store promises, asked of moto and of MiniStack alike."""

from __future__ import annotations

import copy
import json
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib import clock, journal
from chalicelib.domain.audit import Audit, RowResult, SyncItem
from chalicelib.domain.certificate import Outcome, Standing
from chalicelib.domain.contact import ContactCheck
from chalicelib.domain.disclosure import public_certificate, public_factory
from chalicelib.domain.errors import Conflict, Gone, NotFound, OtherContent, Unavailable
from chalicelib.domain.factory import Said, Source
from chalicelib.domain.photo import Photo
from chalicelib.domain.product import Product, Stage
from chalicelib.domain.word import Word
from chalicelib.store import actions, both_tables, codec, keys, people_keys, plain, public_keys, reader
from chalicelib.store.models import PublicItem, RegistryItem
from chalicelib.store.registry import (
    audits,
    callers,
    certificates,
    factories,
    history,
    lookup,
    organisations,
    products,
    records,
    replies,
)
from chalicelib.store.registry import invitations as invited
from chalicelib.store.registry.certificates import Particulars
from chalicelib.store.registry.commit import MOST_ACTIONS, Collision, Commit, TooMuchAtOnce
from chalicelib.store.registry.factories import Change, Held
from chalicelib.store.registry.history import Actor, Happening
from chalicelib.store.registry.replies import Request
from tests.stack import Tables

ACTOR = Actor("ics", "ics", "test")
NOW = datetime(2026, 5, 5, 12, 0, 0, tzinfo=UTC)


def row(site: str = "S-1", version: int = 1, name: str = "First Mill", index: int = 0, **fields: Any) -> SyncItem:
    audit = Audit(f"A-{site}", version, "social", "initial", None, "2026-01-02", ("maison",))
    return SyncItem(index, site, {"name": name, "country": "BD", **fields}, audit)


def request(key: str = "k", digest: str = "d") -> Request:
    return Request("ics", key, digest)


def pushed(*rows: SyncItem, key: str = "k") -> list[RowResult]:
    return audits.apply(rows, request(key), ACTOR, 1)


def a_factory(site: str = "S-1", **fields: Any) -> str:
    [result] = pushed(row(site, **fields), key=f"make-{site}")
    assert result.factory_id is not None
    return result.factory_id


def particulars(**changes: Any) -> Particulars:
    said = Particulars(
        number="CU 123",
        standard_id="gots",
        standard_name="Organic",
        certifier_id="sureseal",
        certifier="Sureseal",
        scope="all",
        products=(),
        valid_from=date(2026, 1, 1),
        valid_to=date(2027, 1, 1),
    )
    return replace(said, **changes)


def renamed(held: Held, name: str) -> Change:
    own = {**held.factory.own, "name": Said(name, Source.FACTORY, "2026-05-05")}
    return Change(replace(held.factory, own=own), (Happening("profile", {"name": {"to": name}}),))


def events(record: str) -> list[dict[str, Any]]:
    found = history.of(record, limit=1000)
    assert history.first_false(found) is None
    return found


def words_of(tables: Tables, factory_id: str) -> set[str]:
    """The words under which a factory is listed."""
    return {
        pk.partition("#")[2] for pk, sk in tables.keys(tables.public) if pk.startswith("WORD#") and factory_id in sk
    }


@pytest.mark.safety("mechanisms.monotonic-upsert")
def test_record_event_and_public_item_are_written_together(either: Tables) -> None:
    factory_id = a_factory()
    registry, public = either.keys(either.registry), either.keys(either.public)
    assert {keys.factory(factory_id), keys.event(f"FACTORY#{factory_id}", 1), keys.site("S-1")} <= registry
    assert public_keys.factory_page(factory_id) in public
    assert words_of(either, factory_id) == {"first", "mill"}
    assert len([sk for pk, sk in public if pk == "DIRECTORY#" and factory_id in sk]) == 1
    held = factories.need(factory_id)
    assert held.factory.version == 1
    assert held.heads[f"FACTORY#{factory_id}"].hash == events(f"FACTORY#{factory_id}")[-1]["hash"]


@pytest.mark.safety("mechanisms.monotonic-upsert")
def test_if_any_condition_fails_nothing_at_all_is_written(either: Tables) -> None:
    factory_id = a_factory()
    held = factories.need(factory_id)
    before = either.everything()
    stale = replace(held, factory=replace(held.factory, version=7))
    with pytest.raises(Collision):
        factories.commit(stale, renamed(held, "Second Mill"), ACTOR, NOW)
    assert either.everything() == before
    taken = keys.site("S-1")
    blocked = replace(
        renamed(held, "Second Mill"),
        beside=(lambda transaction: transaction.create(RegistryItem(taken.pk, taken.sk, body={})),),
    )
    with pytest.raises(Collision):
        factories.commit(held, blocked, ACTOR, NOW)
    assert either.everything() == before


@pytest.mark.safety("faults.collision")
@pytest.mark.usefixtures("either")
def test_two_who_read_the_same_version_do_not_both_write() -> None:
    held = factories.need(a_factory())
    factories.commit(held, renamed(held, "One"), ACTOR, NOW)
    with pytest.raises(Collision):
        factories.commit(held, renamed(held, "Other"), ACTOR, NOW)
    assert factories.need(held.factory.factory_id).factory.value("name") == "One"


@pytest.mark.safety("mechanisms.own-write", "faults.reply-lost")
def test_a_commit_that_finds_its_own_signature_is_success(either: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    send = Commit._send
    sent = []

    def reply_lost(self: Commit) -> None:
        sent.append(self._write_id)
        send(self)
        # The reply was lost and the same is sent once more, past the ten minutes of DynamoDB's own token.
        both_tables.transact(self._actions(), "another token")

    factory_id = a_factory()
    monkeypatch.setattr(Commit, "_send", reply_lost)
    after = factories.change(factory_id, lambda held: renamed(held, "Once"), ACTOR)
    monkeypatch.undo()
    assert len(sent) == 1
    assert after.factory.version == 2
    assert factories.need(factory_id).factory.version == 2
    assert len(events(f"FACTORY#{factory_id}")) == 2
    assert words_of(either, factory_id) == {"once"}


@pytest.mark.safety("mechanisms.own-write", "faults.throttled")
def test_a_commit_refused_for_another_reason_than_its_conditions_is_no_success(
    either: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    factory_id = a_factory()
    before = either.everything()

    def broken(self: Commit) -> None:
        key = keys.site("x" * 3000)
        both_tables.transact([actions.put(RegistryItem(key.pk, key.sk, body={}), None, {})], self._write_id)

    monkeypatch.setattr(Commit, "_send", broken)
    with pytest.raises(Unavailable):
        factories.change(factory_id, lambda held: renamed(held, "Never"), ACTOR)
    monkeypatch.undo()
    assert either.everything() == before


def _connection_of(model: Any) -> Any:
    return model._get_connection().connection


@pytest.mark.safety("mechanisms.append-only-events")
@pytest.mark.usefixtures("either")
def test_the_history_is_a_chain_and_any_tampering_is_found() -> None:
    factory_id = a_factory()
    for version in range(2, 6):
        pushed(row(version=version, name=f"Mill {version}"), key=f"k{version}")
    chain = events(f"FACTORY#{factory_id}")
    assert [event["number"] for event in chain] == [1, 2, 3, 4, 5]
    assert chain[0]["previous"] == history.GENESIS
    for number in range(5):
        for member in ("at", "action", "changes", "actor", "previous", "number", "hash", "reason", "record"):
            forged = copy.deepcopy(chain)
            forged[number][member] = "forged"
            assert history.first_false(forged) == number + 1, (number, member)
        cut = chain[:number] + chain[number + 1 :]
        assert history.first_false(cut) == (number + 1 if number < 4 else None)
    rehashed = copy.deepcopy(chain)
    rehashed[2]["changes"] = {}
    rehashed[2]["hash"] = history.digest(rehashed[2])
    assert history.first_false(rehashed) == 4
    # What was cut from the end shows in the record itself.
    assert factories.need(factory_id).heads[f"FACTORY#{factory_id}"].events == len(chain)


@pytest.mark.safety("mechanisms.append-only-events")
def test_no_event_is_written_over_another(either: Tables) -> None:
    factory_id = a_factory()
    taken = keys.event(f"FACTORY#{factory_id}", 2)
    RegistryItem(taken.pk, taken.sk, body={"number": 2}).save()
    held, before = factories.need(factory_id), either.everything()
    with pytest.raises(Collision):
        factories.commit(held, renamed(held, "Over it"), ACTOR, NOW)
    assert either.everything() == before


@pytest.mark.usefixtures("either")
def test_history_is_read_page_by_page() -> None:
    factory_id = a_factory()
    for version in range(2, 5):
        pushed(row(version=version), key=f"k{version}")
    record = f"FACTORY#{factory_id}"
    pages = [history.of(record, after, 2) for after in (0, 2, 4)]
    assert [[event["number"] for event in page] for page in pages] == [[1, 2], [3, 4], []]


def test_a_confirmed_number_is_on_record_once(either: Tables) -> None:
    one, other = a_factory("S-1"), a_factory("S-2")
    first, outcome = certificates.register(one, particulars(), ACTOR)
    assert outcome is Outcome.CREATED
    again, outcome = certificates.register(one, particulars(), ACTOR)
    assert (again.code, outcome) == (first.code, Outcome.UNCHANGED)
    before = either.everything()
    for factory_id, changes in (
        (other, {}),
        (other, {"number": "cu-123"}),
        (one, {"certifier_id": "otherseal"}),
        (one, {"valid_to": date(2030, 1, 1)}),
        (one, {"certifier_id": None, "certifier": "Sureseal"}),
    ):
        with pytest.raises(Conflict):
            certificates.register(factory_id, particulars(**changes), ACTOR)
    assert either.everything() == before
    certificates.register(other, particulars(standard_id="other"), ACTOR)


@pytest.mark.usefixtures("either")
def test_a_certifier_confirms_what_the_holder_declared_and_the_code_stays() -> None:
    factory_id = a_factory()
    declared, _ = certificates.register(factory_id, particulars(certifier_id=None), ACTOR)
    assert not declared.confirmed
    confirmed, outcome = certificates.register(factory_id, particulars(), ACTOR)
    assert (confirmed.code, confirmed.confirmed, outcome) == (declared.code, True, Outcome.UPDATED)
    page = reader.certificate(declared.code)
    assert page is not None
    assert page.confirmed
    assert [event["action"] for event in events(f"CERTIFICATE#{declared.code}")] == ["declared", "confirmed"]


def test_a_standing_is_changed_by_its_certifier_only_and_repeating_it_changes_nothing(either: Tables) -> None:
    code = certificates.register(a_factory(), particulars(), ACTOR)[0].code
    said = Word(Standing.SUSPENDED, "dirty water", None, date(2026, 5, 5))
    with pytest.raises(NotFound):
        certificates.change_standing(code, said, "otherseal", ACTOR)
    certificates.change_standing(code, said, "sureseal", ACTOR)
    before = either.everything()
    later = replace(said, told=date(2026, 5, 6))
    assert len(certificates.change_standing(code, later, "sureseal", ACTOR)[0].history) == 2
    assert either.everything() == before
    page = reader.certificate(code)
    assert page is not None
    assert page.history[-1] == said.added_to(replace(page, history=()), page.history[-1].recorded)


def test_a_declared_certificate_has_no_standing_to_change(either: Tables) -> None:
    code = certificates.register(a_factory(), particulars(certifier_id=None), ACTOR)[0].code
    before = either.everything()
    said = Word(Standing.WITHDRAWN, "x", date(2026, 5, 5), date(2026, 5, 5))
    for certifier in ("sureseal", ""):
        with pytest.raises(NotFound):
            certificates.change_standing(code, said, certifier, ACTOR)
    assert either.everything() == before


@pytest.mark.safety("mechanisms.api-keys")
def test_a_tenant_has_two_active_keys_at_the_most(either: Tables) -> None:
    first, secret = callers.create_key("ics", "ics", ["audits:write"], "test")
    second, _ = callers.create_key("ics", "ics", ["audits:write"], "test")
    before = either.everything()
    with pytest.raises(Conflict):
        callers.create_key("ics", "ics", ["audits:write"], "test")
    assert either.everything() == before
    assert callers.by_key(secret) == first
    callers.revoke_key(first.prefix, ACTOR)
    assert callers.by_key(secret) is None
    callers.create_key("ics", "ics", ["audits:write"], "test")
    with pytest.raises(NotFound):
        callers.revoke_key(first.prefix, ACTOR)
    assert second.prefix in str(lookup.item(people_keys.tenant_keys("ics", "ics")).body)  # type: ignore[union-attr]


def test_a_commit_takes_a_hundred_writes_and_refuses_more_before_sending(either: Tables) -> None:
    full, over = Commit(), Commit()
    for number in range(MOST_ACTIONS):
        full.create(RegistryItem(f"X#{number}", "Y", body={}))
    full.now()
    for number in range(MOST_ACTIONS + 1):
        over.create(RegistryItem(f"Z#{number}", "Y", body={}))
    with pytest.raises(TooMuchAtOnce):
        over.now()
    found = {pk for pk, _ in either.keys(either.registry)}
    assert len([pk for pk in found if pk.startswith("X#")]) == MOST_ACTIONS
    assert not [pk for pk in found if pk.startswith("Z#")]


def test_a_draft_leaves_nothing_in_the_public_table(either: Tables) -> None:
    organisations.put("member", "maison", {"id": "maison", "name": "Maison", "country": "FR"}, ACTOR)
    _, token = invited.invite("maison", "owner@mill.example", "en", None, "Draft Mill", "IN")
    accepted = invited.accept(token)
    factories.change(accepted.factory_id, lambda held: renamed(held, "Draft Mill Two"), ACTOR)
    code = certificates.register(accepted.factory_id, particulars(), ACTOR)[0].code
    about_it = [each for each in either.scan(either.public) if not each["pk"]["S"].startswith("MEMBER")]
    assert about_it == []
    factories.change(
        accepted.factory_id,
        lambda held: Change(replace(held.factory, published=True), (Happening("published", {}),)),
        ACTOR,
    )
    assert {public_keys.factory_page(accepted.factory_id), public_keys.certificate_page(code)} <= either.keys(
        either.public
    )


@pytest.mark.safety("invitations.accepted-once")
def test_an_invitation_is_accepted_once_and_its_token_is_gone(either: Tables) -> None:
    organisations.put("member", "maison", {"id": "maison", "name": "Maison", "country": "FR"}, ACTOR)
    factory_id = a_factory()
    _, token = invited.invite("maison", "Owner@Mill.example", "en", factory_id, None, None)
    for _ in range(5):
        assert invited.by_token(token).state == "pending"
    assert invited.accept(token).factory_id == factory_id
    before = either.everything()
    for _ in range(2):
        with pytest.raises(Gone):
            invited.accept(token)
    assert either.everything() == before
    assert callers.may_act(callers.person("owner@mill.example"), factory_id)
    assert not [pk for pk, _ in either.keys(either.registry) if pk.startswith("TOKEN#")]
    with pytest.raises(Conflict):
        invited.invite("maison", "somebody@else.example", "en", factory_id, None, None)


def test_an_expired_invitation_is_gone(either: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib import clock

    organisations.put("member", "maison", {"id": "maison", "name": "Maison", "country": "FR"}, ACTOR)
    _, token = invited.invite("maison", "owner@mill.example", "en", a_factory(), None, None)
    before = either.everything()
    late = clock.now() + invited.VALID_FOR
    monkeypatch.setattr(clock, "now", lambda: late)
    with pytest.raises(Gone):
        invited.accept(token)
    assert either.everything() == before


def test_a_rename_takes_the_old_words_out(either: Tables) -> None:
    factory_id = a_factory(aliases=["Old Alias"], gln="4006381333931")
    pushed(row(version=2, name="Second Works"), key="k2")
    assert words_of(either, factory_id) == {"second", "works"}
    listed = [sk for pk, sk in either.keys(either.public) if pk == "DIRECTORY#"]
    assert len(listed) == 1
    assert "first" not in str(listed)
    assert not [pk for pk, _ in either.keys(either.public) if pk.startswith("GLN#")]


def test_a_change_of_nothing_writes_nothing(either: Tables) -> None:
    pushed(row(), key="k1")
    before = either.everything()
    [result] = pushed(row(), key="k2")
    assert result.outcome == "unchanged"
    assert either.everything() == before


@pytest.mark.safety("mechanisms.idempotency-record")
def test_a_reply_is_kept_under_its_key_and_the_first_one_stays(either: Tables) -> None:
    assert replies.replied(request()) is None
    assert replies.remember(request(), "first") == "first"
    assert replies.remember(request(), "second") == "first"
    assert replies.replied(request()) == "first"
    for ask in (replies.replied, lambda other: replies.remember(other, "x")):
        with pytest.raises(OtherContent):
            ask(request(digest="other"))
    [stored] = [item for item in either.scan(either.registry) if item["sk"]["S"] == "REPLY"]
    assert timedelta(days=29) < _kept(stored) < timedelta(days=31)


@pytest.mark.safety("mechanisms.idempotency-record")
def test_the_rows_of_a_request_that_was_not_answered_are_kept_under_its_key_too(either: Tables) -> None:
    pushed(row(), key="k")
    before = either.everything()
    with pytest.raises(OtherContent):
        audits.apply([row(version=2)], request(digest="other"), ACTOR, 1)
    assert either.everything() == before
    [stored] = [item for item in either.scan(either.registry) if item["sk"]["S"].startswith("ROW#")]
    assert timedelta(days=29) < _kept(stored) < timedelta(days=31)


def _kept(item: dict[str, Any]) -> timedelta:
    """How long DynamoDB leaves an item where it is."""
    return datetime.fromtimestamp(int(item["expires"]["N"]), UTC) - clock.now()


@pytest.mark.usefixtures("either")
def test_a_request_overtaken_by_its_own_twin_answers_what_the_twin_did(monkeypatch: pytest.MonkeyPatch) -> None:
    commit = factories.commit
    twin: list[RowResult] = []

    def overtaken(*arguments: Any) -> Held:
        monkeypatch.setattr(factories, "commit", commit)
        twin.extend(pushed(row(), row(version=2, index=1)))
        return commit(*arguments)

    monkeypatch.setattr(factories, "commit", overtaken)
    mine = pushed(row(), row(version=2, index=1))
    assert [each.outcome for each in mine] == ["created", "updated"]
    assert mine == twin
    assert len(events(f"FACTORY#{mine[0].factory_id}")) == 2


def test_a_product_belongs_to_the_member_that_put_it(either: Tables) -> None:
    factory_id = a_factory()
    product = Product("09521234543213", "maison", "Maison", "Shirt", "apparel", (), (Stage("sewing", factory_id),))
    assert products.put(product, ACTOR)[1]
    before = either.everything()
    assert not products.put(product, ACTOR)[1]
    with pytest.raises(Conflict):
        products.put(replace(product, member_id="outfit"), ACTOR)
    assert either.everything() == before
    products.put(replace(product, name="Blouse"), ACTOR)
    assert len(events("PRODUCT#09521234543213")) == 2
    found = reader.product("09521234543213")
    assert found is not None
    assert found.product.name == "Blouse"
    assert set(found.factories) == {factory_id}


@pytest.mark.usefixtures("either")
def test_what_is_written_is_read_back_as_it_was() -> None:
    factory_id = a_factory(
        local_name="মেঘনা", coordinates={"latitude": 23.81, "longitude": 90.41}, descriptions={"bn": "আমরা\nবুনি"}
    )
    certificates.register(factory_id, particulars(products=("a", "b")), ACTOR)
    held = factories.need(factory_id)
    factories.commit(held, Change(held.factory, (Happening("touched", {}),)), ACTOR, NOW)
    after = factories.need(factory_id)
    assert replace(after.factory, version=0, updated_at="") == replace(held.factory, version=0, updated_at="")
    assert after.certificates == held.certificates
    assert held.factory.value("coordinates") == {"latitude": 23.81, "longitude": 90.41}


def of_later(value: Any) -> Any:
    """As a later release might write it: each record in it, however deep, has a member more."""
    if is_dataclass(value):
        return {each.name: of_later(getattr(value, each.name)) for each in fields(value)} | {"later": {"a": 1}}
    if isinstance(value, dict):
        return {name: of_later(each) for name, each in value.items()}
    return [of_later(each) for each in value] if isinstance(value, tuple) else codec.to_json(value)


@pytest.mark.usefixtures("moto")
def test_what_a_later_release_wrote_is_read_and_what_it_added_is_left_out() -> None:
    factory_id = a_factory()
    certificates.register(factory_id, particulars(products=("a", "b")), ACTOR)
    held = factories.need(factory_id)
    photo = Photo("p", "The hall", 800, 600)
    factory = replace(held.factory, photos=(photo,), contact=ContactCheck("d", "2026-01-02"))
    [certificate] = held.certificates.values()
    product = Product("P", "maison", "Maison", "Shirt", "shirts", (), (Stage("sewing", factory_id),))
    page = public_factory(factory, [certificate], {"maison": "Maison"})
    shown = public_certificate(certificate)
    for read, written in ((records.factory, factory), (records.certificate, certificate), (records.product, product)):
        assert read(of_later(written), written.version) == written
    assert page is not None
    assert codec.public_factory(of_later(page)) == page
    assert codec.public_certificate(of_later(shown)) == shown


def test_a_record_that_lacks_what_it_must_have_is_not_made_up() -> None:
    with pytest.raises(TypeError):
        codec.made(Stage, {"later": 1})


@pytest.mark.usefixtures("moto")
def test_a_change_that_is_on_record_is_answered_so_though_its_hints_could_not_be_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = factories.need(a_factory())
    lines: list[str] = []

    def down(*_: object) -> None:
        raise Unavailable("The registry could not be reached just now.")

    monkeypatch.setattr(both_tables, "publish", down)
    monkeypatch.setattr(journal, "write", lines.append)
    factories.commit(held, renamed(held, "Second Mill"), ACTOR, NOW)
    assert factories.need(held.factory.factory_id).factory.value("name") == "Second Mill"
    assert [json.loads(line)["event"] for line in lines] == ["hints_not_written"]
    with pytest.raises(Unavailable):
        pushed(row("S-9"), key="batch")


@pytest.mark.usefixtures("moto")
def test_what_former_releases_did_not_know_is_not_written_while_it_is_empty() -> None:
    factory_id = a_factory()
    held = factories.need(factory_id)
    assert held.factory.ics is not None

    def written(tenant: str) -> dict[str, Any]:
        now = factories.need(factory_id)
        assert now.factory.ics is not None
        said = replace(now.factory, ics=replace(now.factory.ics, tenant=tenant))
        factories.commit(now, Change(said, (Happening("touched", {}),)), ACTOR, NOW)
        found = lookup.item(keys.factory(factory_id))
        assert found is not None
        return dict(found.body["ics"])

    assert "tenant" not in written("")
    assert written("ics")["tenant"] == "ics"


def test_public_items_have_a_body_and_no_more(either: Tables) -> None:
    certificates.register(a_factory(), particulars(), ACTOR)
    for item in either.scan(either.public):
        if item["pk"]["S"].startswith("NUMBER#"):  # shared by factories: two sets of codes, and nothing else
            assert set(item) <= {"pk", "sk", "confirmed", "declared"}
            continue
        assert set(item) == {"pk", "sk", "body"}
        json.loads(item["body"]["S"])
    assert PublicItem.count() == len(either.scan(either.public))


def test_the_engine_is_reached_through_conditions_that_it_enforces(either: Tables) -> None:
    """The ground under the rest: an engine that lets a failed condition through would make every test here green."""
    item = RegistryItem("A", "B", body={})
    item.save()
    transaction = TransactWrite(connection=_connection_of(RegistryItem))
    transaction.save(RegistryItem("A", "C", body={}))
    transaction.save(item, condition=RegistryItem.pk.does_not_exist())
    with pytest.raises(TransactWriteError):
        transaction._commit()
    assert either.keys(either.registry) == {("A", "B")}


def test_an_item_is_written_as_its_model_describes_it() -> None:
    encoded: dict[int, str] = {}
    body = {"name": "মেঘনা", "n": 1, "quoted": '"\\'}
    for item in (
        RegistryItem("A", "B", body=body, version=3, write_id="w", events=2, event_hash="h", expires=1_800_000_000),
        RegistryItem("A", "C", body=body, counter=0),
        PublicItem("A", "B", body=body),
        PublicItem("A", "B", body={}, credential="c", code="d"),
    ):
        assert plain.item(item, encoded) == item.serialize()
    assert len(encoded) == 2
