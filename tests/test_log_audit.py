"""``factory-id log-audit``: what is whole passes, and what is false is named, whoever made it so."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import app
from bench import log_audit as bench
from chalicelib.domain import log, merkle
from chalicelib.store import log_keys
from chalicelib.store.models import PublicItem
from chalicelib.store.registry import checkpoints, sequencer
from factory_id import log_signature, log_tree
from factory_id.command import main
from factory_id.log_check import Check
from infra.serve import Site
from tests.local_kms import keys_in_process
from tests.world import World

LEAVES = [merkle.leaf_hash(bytes([number])) for number in range(80)]
Lines = list[dict[str, Any]]


@dataclass
class Auditor:
    """Somebody with a terminal, before a service with six entries in its log and two checkpoints."""

    world: World
    url: str
    code: str
    folder: Path
    say: pytest.CaptureFixture[str]

    def run(self, *arguments: object) -> tuple[int, str]:
        code = main(["--patience", "1", "log-audit", self.url, *map(str, arguments)])
        return code, self.say.readouterr().out

    def copy(self) -> Path:
        path = self.folder / "copy.jsonl"
        assert self.run("--save", path)[0] == 0
        return path

    def audited(self, copy: Path, change: Callable[[Lines], None]) -> tuple[int, str]:
        """Audit a copy whose entries somebody changed."""
        about, *entries = [json.loads(line) for line in copy.read_text(encoding="utf-8").splitlines()]
        change(entries)
        path = self.folder / "changed.jsonl"
        bench.save(path, about, entries)
        return self.run("--from-file", path)


@pytest.fixture
def auditor(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Auditor]:
    monkeypatch.setenv("SIGNING_KEY", "first")
    monkeypatch.delenv("FACTORY_ID_URL", raising=False)
    with keys_in_process():
        factory_id = world.a_factory()
        codes = [world.a_certificate(factory_id, number=f"CU {number}") for number in range(2)]
        for standing in ("suspended", "active"):
            for code in codes:
                said = {"standing": standing, "reason": "Because", "effective": "2026-02-02"}
                world.certifier("POST", f"/internal/v1/certificates/{code}/standing", said).ok()
            sequencer.run()
            checkpoints.make()
        site = Site(app, "127.0.0.1", 0).start()
        yield Auditor(world, f"http://127.0.0.1:{site.port}", codes[0], tmp_path, capsys)
        site.stop()


def rechained(entries: Lines, since: int) -> None:
    for place in range(since + 1, len(entries)):
        entries[place]["previous"] = log.chain_hash(log.entry(entries[place - 1]))


def test_a_whole_log_passes_with_its_signatures_and_certificates(auditor: Auditor) -> None:
    code, told = auditor.run()
    assert code == 0
    assert "6 entries, 6 of them said later than they hold" in told
    assert "2 checkpoints fit" in told
    assert "Signatures: 2 valid." in told
    assert "those of the service's checkpoint" in told
    assert "Certificates: 2 compared." in told
    assert "The log is whole." in told


def test_a_copy_is_audited_without_a_network_and_later_shown_to_be_still_there(auditor: Auditor) -> None:
    path = auditor.copy()
    assert main(["log-audit", "--from-file", str(path), "--offline"]) == 0
    assert "those of the service's" not in auditor.say.readouterr().out
    said = {"standing": "withdrawn", "reason": "Because"}
    auditor.world.certifier("POST", f"/internal/v1/certificates/{auditor.code}/standing", said).ok()
    sequencer.run()
    checkpoints.make()
    code, told = auditor.run("--from-file", path)
    assert (code, "Its first 6 entries are those" in told) == (0, True)


def test_an_entry_changed_in_a_copy_is_named_even_if_every_hash_behind_it_was_made_to_fit(auditor: Auditor) -> None:
    copy = auditor.copy()

    def change(entries: Lines) -> None:
        entries[number]["effective"] = "2020-01-01"
        if fits:
            rechained(entries, number)

    for number, fits in itertools.product(range(6), (False, True)):
        code, told = auditor.audited(copy, change)
        assert (code, f"Entry {number} is the first false one" in told) == (1, True), (number, fits, told)
        if fits:
            assert main(["log-audit", "--from-file", str(auditor.folder / "changed.jsonl"), "--offline"]) == 1
            first, last = (0, 3) if number < 4 else (4, 5)
            assert f"one of {first} to {last}" in auditor.say.readouterr().out


def _out(entries: Lines) -> None:
    del entries[2]


def _in(entries: Lines) -> None:
    entries.insert(3, {**entries[2], "number": 3})


def _cut(entries: Lines) -> None:
    del entries[5:]


def _link(entries: Lines) -> None:
    entries[3]["previous"] = "0" * 64


def _extra(entries: Lines) -> None:
    entries[3]["remark"] = "harmless"


def _line(entries: Lines) -> None:
    entries[3]["line"] = 9
    rechained(entries, 3)


def test_what_is_taken_out_put_in_or_bent_is_found(auditor: Auditor) -> None:
    copy = auditor.copy()
    for change, told in (
        (_out, "Entry 2 is the first false one: number 3 stands in its place"),
        (_in, "Entry 3 is the first false one"),
        (_cut, "There are 5 entries, and a checkpoint of 6"),
        (_link, "Entry 3 is the first false one"),
        (_extra, "Entry 3 is the first false one: it has not the members"),
        (_line, "Entry 3 is the first false one: line 9 of"),
    ):
        code, said = auditor.audited(copy, change)
        assert (code, told in said) == (1, True), said


def test_a_service_that_changed_an_entry_or_a_certificate_is_found_out(auditor: Auditor) -> None:
    path = auditor.copy()
    item = PublicItem.get(f"CERTIFICATE#{auditor.code}", "PAGE")
    item.body["history"][1]["effective"] = "2026-01-15"
    item.save()
    code, told = auditor.run()
    assert (code, f"Certificate {auditor.code} is answered otherwise" in told) == (1, True)
    key = log_keys.entry(2)
    item = PublicItem.get(key.pk, key.sk)
    item.body["effective"] = "2020-01-01"
    item.save()
    code, told = auditor.run()
    assert (code, "Entry 2 is the first false one" in told) == (1, True)
    assert auditor.run("--from-file", path, "--sample", 0)[0] == 0


def test_a_service_that_wrote_its_whole_log_anew_is_found_out_by_who_kept_a_copy(auditor: Auditor) -> None:
    path = auditor.copy()
    world = auditor.world
    for item in world.tables.scan(world.tables.public):
        if item["pk"]["S"].startswith("LOG"):
            world.tables.client.delete_item(
                TableName=world.tables.public, Key={name: item[name] for name in ("pk", "sk")}
            )
    key = log_keys.head()
    world.tables.client.delete_item(TableName=world.tables.registry, Key={"pk": {"S": key.pk}, "sk": {"S": key.sk}})
    cursor: str | None = ""
    while cursor is not None:
        cursor = world.staff("POST", f"/internal/v1/log/adoptions?cursor={cursor}").ok().json["next_cursor"]
    world.staff("POST", "/internal/v1/log/checkpoints").ok()
    assert auditor.run()[0] == 0
    code, told = auditor.run("--from-file", path)
    assert (code, "Entry 0 is the first false one: the service's log says otherwise" in told) == (1, True), told


def test_a_false_signature_is_found_and_one_that_cannot_be_checked_is_said(
    auditor: Auditor, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = auditor.copy()
    about, *entries = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    one, two = about["checkpoints"]
    one["signed"] = two["signed"]
    bench.save(path, about, entries)
    code, told = auditor.run("--from-file", path)
    assert (code, "1 checkpoints have a false signature" in told) == (1, True)
    monkeypatch.setattr(log_signature, "INSTALLED", False)
    code, told = auditor.run()
    assert (code, "2 unchecked" in told, "the extra audit" in told) == (0, True, True)


def test_a_withdrawal_that_was_put_past_the_log_is_found_whenever_it_is_said_to_be_recorded(auditor: Auditor) -> None:
    item = PublicItem.get(f"CERTIFICATE#{auditor.code}", "PAGE")
    slipped = {"standing": "withdrawn", "reason": "Because", "effective": "2026-02-03"}
    item.body["history"].append({**slipped, "recorded": "2026-02-03T08:00:00Z"})
    item.save()
    assert auditor.world.anyone.get(f"/v1/certificates/{auditor.code}").ok().json["status"] == "withdrawn"
    for sample in ("all", 2):
        code, told = auditor.run("--sample", sample)
        assert (code, f"Certificate {auditor.code} is answered as withdrawn since 2026-02-03" in told) == (1, True)


def test_what_was_recorded_a_moment_ago_may_still_wait_for_its_number(auditor: Auditor) -> None:
    said = {"standing": "withdrawn", "reason": "Because"}
    auditor.world.certifier("POST", f"/internal/v1/certificates/{auditor.code}/standing", said).ok()
    assert auditor.run("--sample", "all")[0] == 0


def test_a_certificate_that_the_log_does_not_know_at_all_is_found_by_who_asks_for_it(auditor: Auditor) -> None:
    world = auditor.world
    code = world.a_certificate(world.a_factory("S-9"), number="CU-PAST")
    item = PublicItem.get(f"CERTIFICATE#{code}", "PAGE")
    item.body["history"][0]["recorded"] = "2026-01-01T08:00:00Z"
    item.save()
    asked = auditor.folder / "codes.txt"
    asked.write_text(f"{auditor.code}\n{code}\nC0000000000\n", encoding="utf-8")
    assert auditor.run()[0] == 0
    status, told = auditor.run("--certificates", asked)
    assert (status, f"Certificate {code} is answered as active" in told, "1 not shown" in told) == (1, True, True)
    assert auditor.run("--certificates", auditor.folder / "none.txt")[0] == 2


def test_a_log_for_which_nobody_vouches_is_not_whole(auditor: Auditor) -> None:
    about, *entries = [json.loads(line) for line in auditor.copy().read_text(encoding="utf-8").splitlines()]
    bare = [{**each, "signed": None} for each in about["checkpoints"]]
    path = auditor.folder / "bare.jsonl"
    for changed, offline, wanted in (
        ({"checkpoints": bare}, ["--offline"], "is unsigned"),
        ({"checkpoints": bare, "keys": {}}, ["--offline"], "is unsigned"),
        ({"keys": {}}, ["--offline"], "is of an unknown key"),
    ):
        bench.save(path, {**about, **changed}, entries)
        code, told = auditor.run("--from-file", path, *offline)
        assert (code, wanted in told) == (1, True), told
    bench.save(path, {**about, "checkpoints": bare}, entries)
    assert auditor.run("--from-file", path, "--offline", "--unsigned")[0] == 0


def test_a_copy_that_was_signed_anew_with_the_key_of_a_forger_is_no_match_for_keys_kept_apart(
    auditor: Auditor, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = auditor.folder / "did.json"
    kept.write_text(auditor.world.anyone.get("/.well-known/did.json").ok().text, encoding="utf-8")
    about, *entries = [json.loads(line) for line in auditor.copy().read_text(encoding="utf-8").splitlines()]
    monkeypatch.setenv("SIGNING_KEY", "forger")
    auditor.world.staff("POST", "/internal/v1/log/checkpoints").ok()
    forged = auditor.world.anyone.get("/v1/log/checkpoint").ok().json
    path = auditor.folder / "forged.jsonl"
    keys = auditor.world.anyone.get("/.well-known/did.json").ok().json
    bench.save(path, {**about, "checkpoints": [*about["checkpoints"], forged], "keys": keys}, entries)
    assert auditor.run("--from-file", path, "--offline")[0] == 0
    code, told = auditor.run("--from-file", path, "--offline", "--keys", kept)
    assert (code, "of an unknown key: nobody vouches" in told) == (1, True), told
    kept.write_text("[", encoding="utf-8")
    assert auditor.run("--from-file", path, "--offline", "--keys", kept)[0] == 2


@pytest.mark.parametrize("signed", ["x", "e30.e30.AA", "a.b.c", None, 5])
def test_odd_signatures_are_judged_without_a_crash(signed: object) -> None:
    found = log_signature.judge({"size": 1, "root": "", "head": "", "at": "", "signed": signed}, {})
    assert found == (log_signature.FALSE if signed else log_signature.UNSIGNED)


def test_wrong_use_is_said_and_nothing_is_sent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    odd, broken = tmp_path / "odd.jsonl", tmp_path / "broken.jsonl"
    odd.write_text("{}\n", encoding="utf-8")
    broken.write_text('{"log": "https://factory-id.invalid"}\n{', encoding="utf-8")
    for arguments, told in (
        (["--offline"], "--from-file"),
        (["--offline", "--from-file", str(tmp_path / "none")], "There is no file"),
        (["--offline", "--from-file", str(odd)], "is no copy of a log"),
        (["--offline", "--from-file", str(broken)], "line 2 is not JSON"),
    ):
        assert main(["log-audit", "https://factory-id.invalid", *arguments]) == 2
        assert told in capsys.readouterr().err


@given(st.integers(0, 80))
def test_the_audits_own_tree_is_that_of_the_service(size: int) -> None:
    assert log_tree.root(LEAVES[:size]) == merkle.root(LEAVES[:size])


@given(st.integers(1, 80), st.data())
def test_the_audits_own_proofs_are_those_of_the_service(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    proof = [merkle.root(LEAVES[start:end]) for start, end in merkle.consistency_path(old, new)]
    roots = merkle.root(LEAVES[:old]), merkle.root(LEAVES[:new])
    assert log_tree.is_beginning(old, new, *roots, proof)
    assert not log_tree.is_beginning(old, new, roots[0], LEAVES[0] + b"x", proof)
    assert not log_tree.is_beginning(old, new, LEAVES[-1] + b"x", roots[1], proof)


@given(st.data())
def test_any_change_of_any_entry_but_the_last_is_named_by_the_chain(data: st.DataObject) -> None:
    entries = [log.body(each) for each in bench.made_up(12)]
    number = data.draw(st.integers(0, 10))
    name = data.draw(st.sampled_from(("code", "effective", "recorded", "what", "standing", "standard", "event")))
    entries[number][name] = "x"
    check = Check([])
    for each in entries:
        if not check.add(each):
            break
    check.end()
    assert check.fault is not None
    assert check.fault.first <= number <= check.fault.last
