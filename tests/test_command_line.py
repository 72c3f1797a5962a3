"""``factory-id`` as an operator meets it: a real server, real files, exit codes."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app import app
from factory_id import audits, service, sync
from factory_id.command import main
from factory_id.journal import Journal
from factory_id.tables import Table
from infra.serve import Site
from tests.world import World

ROOT = Path(__file__).resolve().parent.parent
HEADING = "site,version,name,country,member_ids,audit_reference,audit_scope,audit_type,audit_notice,audit_date"


def row(site: str, number: int, version: object = 1, on: str = "2026-01-02", name: str = "Meghna Mill") -> str:
    return f"{site},{version},{name} {site},BD,maison,A-{number},social,initial,announced,{on}"


@dataclass
class Desk:
    """Somebody with a terminal: files, the command, and the world behind the server."""

    world: World
    folder: Path
    url: str
    say: pytest.CaptureFixture[str]
    patch: pytest.MonkeyPatch

    def file(self, *rows: str, heading: str = HEADING, name: str = "audits.csv") -> Path:
        path = self.folder / name
        path.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
        return path

    def run(self, *arguments: object, key: str | None = None) -> int:
        self.patch.setenv("FACTORY_ID_URL", self.url)
        self.patch.setenv("FACTORY_ID_KEY", self.world.ics.key if key is None else key)
        try:
            return main([str(each) for each in arguments])
        except SystemExit as error:
            return int(error.code or 0)

    def said(self) -> tuple[str, str]:
        told = self.say.readouterr()
        return told.out, told.err

    def report(self, name: str = "audits.rejected.csv") -> list[dict[str, str]]:
        with (self.folder / name).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))


@pytest.fixture
def desk(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    site = Site(app, "127.0.0.1", 0).start()
    monkeypatch.setattr(service, "LONGEST_PAUSE", 0.01)
    yield Desk(world, tmp_path, f"http://127.0.0.1:{site.port}", capsys, monkeypatch)
    site.stop()


def kept_audits(desk: Desk) -> int:
    bodies = desk.world.tables.bodies(desk.world.tables.registry, "FACTORY#")
    return sum(len(body["audits"]) for body in bodies)


def test_a_sync_applies_every_row_and_reports_none(desk: Desk) -> None:
    path = desk.file(*(row(f"S-{n // 3}", n, version=n + 1) for n in range(20)))
    assert desk.run("sync", path, "--batch", 7) == 0
    out, err = desk.said()
    assert "7 created, 13 updated" in out
    assert "20 of 20" in err
    assert desk.report() == []
    assert kept_audits(desk) == 20
    assert [each.name for each in desk.folder.glob("*.sync-state")] == []


def test_a_row_that_is_refused_stands_in_the_report_with_its_row_column_and_reason(desk: Desk) -> None:
    path = desk.file(
        row("S-1", 1),
        row("S-2", 2, on="31/12/2025"),
        "",
        row("S-3", 3, version="=1+1"),
        row("S-1", 1, on="2026-01-03"),
        row("S-4", 4) + ",one too many",
        row("S-5", 5),
    )
    assert desk.run("sync", path) == 1
    out, _ = desk.said()
    assert "2 created, 1 conflict, 3 rejected" in out
    assert "audits.rejected.csv" in out
    told = [(each["row"], each["site"], each["audit_reference"], each["outcome"]) for each in desk.report()]
    assert told == [
        ("3", "S-2", "A-2", "rejected"),
        ("5", "S-3", "A-3", "rejected"),
        ("6", "S-1", "A-1", "conflict"),
        ("7", "S-4", "A-4", "rejected"),
    ]
    why = [each["why"] for each in desk.report()]
    assert why[0].startswith("audit_date: ")
    assert why[1].startswith("version: ")
    assert "higher version" in why[2]
    assert "11 cells" in why[3]


def test_every_column_arrives_where_it_belongs(desk: Desk) -> None:
    sent = {
        "site": "S-1",
        "version": "7",
        "audit_reference": "A-1",
        "audit_scope": "social",
        "audit_type": "initial",
        "audit_date": "2026-01-02",
        "member_ids": "maison|outfit",
        "name": "Meghna Knit, Ltd.",
        "country": "BD",
        "aliases": "M.K.|Knit; Meghna",
        "city": "Gazipur",
        "latitude": "23.5",
        "longitude": "90",
        "processes": "knitting; dyeing",
        "description_en": "Knits.",
        "contact_email": "office@meghna.example",
        "postal_code": "01700",
    }
    path = desk.folder / "audits.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, sent, delimiter=";")
        writer.writerow({name: name.replace("_", " ").title() for name in sent})
        writer.writerow(sent)
    assert desk.run("sync", path) == 0, desk.said()
    [held] = [
        body for body in desk.world.tables.bodies(desk.world.tables.registry, "FACTORY#") if body["site"] == "S-1"
    ]
    assert held["ics"]["fields"] == {
        "name": "Meghna Knit, Ltd.",
        "country": "BD",
        "aliases": ["M.K.", "Knit; Meghna"],
        "city": "Gazipur",
        "coordinates": {"latitude": 23.5, "longitude": 90.0},
        "processes": ["knitting", "dyeing"],
        "descriptions": {"en": "Knits."},
        "contact_email": "office@meghna.example",
        "postal_code": "01700",
    }
    assert held["audits"][0]["member_ids"] == ["maison", "outfit"]
    assert held["audits"][0]["version"] == 7


def test_a_utf_16_file_of_tabs_is_read_and_one_of_another_alphabet_is_not_guessed_at(desk: Desk) -> None:
    text = "\n".join([HEADING, row("S-1", 1, name="Çiğdem")]).replace(",", "\t")
    path = desk.folder / "audits.csv"
    path.write_bytes(text.encode("utf-16"))
    assert desk.run("sync", path) == 0
    path.write_bytes(text.encode("cp1254"))
    assert desk.run("sync", path) == 2
    assert "UTF-8" in desk.said()[1]


def test_a_dry_run_tells_what_would_happen_and_changes_nothing(desk: Desk) -> None:
    before = desk.world.tables.everything()
    path = desk.file(row("S-1", 1), row("S-2", 2, version=0))
    assert desk.run("sync", path, "--dry-run") == 1
    out, _ = desk.said()
    assert "1 created, 1 rejected" in out
    assert "Nothing was changed" in out
    assert [each["row"] for each in desk.report()] == ["3"]
    assert desk.world.tables.everything() == before
    assert sorted(each.name for each in desk.folder.iterdir()) == ["audits.csv", "audits.rejected.csv"]


def stopped_after(desk: Desk, batches: int, *, lost: bool = False) -> Callable[[], None]:
    """The process dies before it sends so many batches; ``lost``: once the service has applied the next one."""
    real, sent = sync._post, []

    def dying(*arguments: Any) -> Any:
        if len(sent) == batches:
            if lost:
                real(*arguments)
            raise RuntimeError("killed")
        sent.append(1)
        return real(*arguments)

    desk.patch.setattr(sync, "_post", dying)
    return lambda: desk.patch.setattr(sync, "_post", real)


@pytest.mark.parametrize("lost", [False, True])
def test_an_interrupted_sync_goes_on_and_ends_as_if_nothing_had_been(desk: Desk, lost: bool) -> None:
    bad = [row("S-1", 50, on="x"), row("S-3", 51, version="x")]
    rows = [*(row(f"S-{n // 2}", n, version=n + 1) for n in range(10)), bad[0], row("S-5", 10, version=11), bad[1]]
    path = desk.file(*rows)
    mended = stopped_after(desk, 2, lost=lost)
    with pytest.raises(RuntimeError):
        desk.run("sync", path, "--batch", 3)
    mended()
    sent: list[bytes] = []
    real = sync._post
    desk.patch.setattr(sync, "_post", lambda *given: (sent.append(given[-1]), real(*given))[1])
    assert desk.run("sync", path, "--batch", 5) == 1
    out, err = desk.said()
    assert "Going on where an earlier run ended: 6 of 13 rows are done." in err
    assert "6 created, 5 updated, 2 rejected" in out
    assert len(sent) == 3
    assert [each["row"] for each in desk.report()] == ["12", "14"]
    assert kept_audits(desk) == 11
    listed = desk.world.staff.get("/internal/v1/syncs").ok().json["results"]
    assert len(listed) == 5


def test_a_journal_cut_short_in_its_last_line_forgets_that_line_only(tmp_path: Path) -> None:
    about = {"digest": "d", "url": "u", "ignored": [], "size": 3, "run": ""}
    path = tmp_path / "state"
    journal = Journal(path, about)
    for number in range(3):
        journal.note(3, {"created": 3}, [(number, "S", "A", "rejected", "why")])
    journal.close(finished=False)
    whole = path.read_bytes()
    for cut in range(1, 12):
        path.write_bytes(whole[:-cut])
        again = Journal(path, {**about, "size": 99})
        assert (again.done, again.rows, again.counts["created"], again.about["size"]) == (2, 6, 6, 3)
        assert [each[0] for each in again.refusals()] == [0, 1]
        again.close(finished=False)
    other = Journal(path, {**about, "digest": "another"})
    assert other.done == 0
    other.close(finished=True)
    assert not path.exists()


def test_two_syncs_of_one_file_at_once_are_one_too_many(desk: Desk) -> None:
    path = desk.file(row("S-1", 1))
    held = Journal(desk.folder / "audits.csv.sync-state", {"digest": "d"})
    assert desk.run("sync", path) == 2
    assert "Another process" in desk.said()[1]
    held.close(finished=True)
    assert desk.run("sync", path) == 0


def test_a_changed_file_is_sent_from_its_start_and_again_applies_the_same_file_anew(desk: Desk) -> None:
    path = desk.file(row("S-1", 1), row("S-2", 2))
    assert desk.run("sync", path) == 0
    desk.said()
    assert desk.run("sync", path) == 0
    assert "2 created" in desk.said()[0]
    assert desk.run("sync", path, "--again") == 0
    assert "2 unchanged" in desk.said()[0]
    path = desk.file(row("S-1", 1), row("S-2", 2, version=2))
    assert desk.run("sync", path) == 0
    assert "1 updated, 1 unchanged" in desk.said()[0]


def test_batches_are_cut_at_the_same_places_by_rows_and_by_bytes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    table = Table.of(desk.file(*(row(f"S-{n}", n) for n in range(10))))
    assert [batch.rows for batch in audits.batches(table, 4)] == [4, 4, 2]
    assert [each.body for each in audits.batches(table, 4)] == [each.body for each in audits.batches(table, 4)]
    one = len(next(audits.batches(table, 1)).items[0])
    monkeypatch.setattr(audits, "MOST_BYTES", 3 * one + 10)
    assert [batch.rows for batch in audits.batches(table, 10)] == [3, 3, 3, 1]
    assert [about.row for batch in audits.batches(table, 10) for about in batch.about] == list(range(2, 12))


WRONG: dict[str, tuple[Sequence[str], str, str]] = {
    "no command": ([], "", "required"),
    "no file": (["sync", "nowhere.csv"], "", "nowhere.csv"),
    "an empty file": (["sync", "FILE"], "", "empty"),
    "a missing column": (["sync", "FILE"], "site,version", "audit_date"),
    "a column misspelt": (["sync", "FILE"], HEADING + ",procesess", "processes"),
    "a rating": (["sync", "FILE"], HEADING + ",rating", "--ignore 'rating'"),
    "a column twice": (["sync", "FILE"], HEADING + ",Site", "twice"),
    "too many in a batch": (["sync", "FILE", "--batch", "1001"], HEADING, "1,000"),
    "plain HTTP to elsewhere": (["--url", "http://factory-id.example", "sync", "FILE"], HEADING, "https"),
    "no URL": (["--url", "factory-id.example", "sync", "FILE"], HEADING, "https"),
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_use_ends_with_2_says_what_to_mend_and_sends_nothing(desk: Desk, what: str) -> None:
    arguments, heading, told = WRONG[what]
    path = desk.folder / "audits.csv"
    path.write_text(heading + "\n" * bool(heading), encoding="utf-8")
    before = desk.world.tables.everything()
    assert desk.run(*(path if each == "FILE" else each for each in arguments)) == 2
    assert told in desk.said()[1]
    assert desk.world.tables.everything() == before


def test_an_ignored_column_is_not_sent(desk: Desk) -> None:
    path = desk.file(row("S-1", 1) + ",gold-star-7781", heading=HEADING + ",Rating")
    assert desk.run("sync", path, "--ignore", "rating") == 0
    assert "gold-star-7781" not in desk.world.tables.everything()


def test_a_key_that_is_none_revoked_or_of_another_kind_ends_with_what_to_do(desk: Desk) -> None:
    path = desk.file(row("S-1", 1))
    assert desk.run("sync", path, key="") == 2
    assert "FACTORY_ID_KEY" in desk.said()[1]
    assert desk.run("sync", path, key=desk.world.member.key) == 3
    assert "audits:write" in desk.said()[1]
    desk.world.staff("DELETE", f"/internal/v1/keys/{desk.world.ics.key.split('_')[1]}").ok()
    assert desk.run("sync", path) == 3
    assert "revoked" in desk.said()[1]


def test_a_service_that_is_down_is_asked_again_until_patience_ends(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    path = desk.file(row("S-1", 1))
    real, asked = service.Service._once, []

    def down(self: service.Service, *given: Any) -> Any:
        asked.append(1)
        busy = service.Reply(503, {"retry-after": "5"}, b'{"detail": "busy"}')
        return real(self, *given) if len(asked) > 3 else (busy, "busy")

    monkeypatch.setattr(service.Service, "_once", down)
    assert desk.run("sync", path) == 0
    assert desk.said()[1].count("busy: trying again") == 3
    asked.clear()
    assert desk.run("--patience", 0, "sync", path, "--again") == 3
    assert "does not answer as it should" in desk.said()[1]


def test_certificates_are_verified_by_the_thousand_in_the_order_of_the_file(desk: Desk) -> None:
    factory = desk.world.a_factory()
    desk.world.a_certificate(factory, number="CU 1")
    desk.world.a_certificate(factory, number="CU 2", valid_to="2026-01-31")
    lines = [f"x,{number}" for number in ["CU 1", "cu-2", "nobody's", *["CU 1"] * 1500]]
    path = desk.file(*lines, heading="Supplier,Certificate No.", name="list.csv")
    assert desk.run("verify", path, "-o", desk.folder / "answers.csv", key="") == 1
    answers = desk.report("answers.csv")
    assert [each["status"] for each in answers[:4]] == ["valid", "expired", "unknown", "valid"]
    assert [int(each["row"]) for each in answers] == list(range(2, 1505))
    assert answers[0]["standard"] == "Global Organic Textile"
    assert answers[0]["factory_id"] == factory
    assert "1,501 valid" in desk.said()[1]
    bare = desk.file("CU 2", heading="CU 1", name="bare.csv")
    assert desk.run("verify", bare, "--on", "2026-01-15", key="") == 0
    assert [line.split(",")[2] for line in desk.said()[0].splitlines()] == ["status", "valid", "valid"]


def test_what_is_only_declared_is_counted_apart_and_not_all_valid(desk: Desk) -> None:
    factory = desk.world.a_factory()
    desk.world.a_certificate(factory, number="CU 1")
    own = desk.world.certificate_body(factory, number="MY OWN 1", certifier="Sureseal")
    desk.world.run_by(factory)("POST", "/internal/v1/certificates", own).ok()
    assert desk.run("verify", desk.file("CU 1", "MY OWN 1", "MY OWN 1", heading="number"), key="") == 1
    out, err = desk.said()
    assert "3 checked: 2 declared valid, 1 valid." in err
    assert [line.split(",")[2:4] for line in out.splitlines()[-3:]] == [["valid", "yes"], *[["valid", "no"]] * 2]
    assert desk.run("verify", desk.file("CU 1", heading="number"), key="") == 0
    assert desk.run("verify", desk.file("MY OWN 1", heading="number"), key="") == 1


def test_keys_are_made_listed_and_revoked_and_shown_once(desk: Desk) -> None:
    staff, file = desk.world.staff.key, desk.folder / "key"
    assert desk.run("keys", "create", "ics", "ics", "--out", file, key=staff) == 0
    made = file.read_text().strip()
    assert file.stat().st_mode & 0o777 == 0o600
    out, err = desk.said()
    assert made not in out + err
    assert desk.run("keys", "list", "ics", "ics", key=staff) == 0
    listed = desk.said()[0]
    assert made.split("_")[1] in listed
    assert made.split("_")[2] not in listed
    assert desk.run("keys", "create", "ics", "ics", key=staff) == 1
    assert "Revoke one first" in desk.said()[1]
    assert desk.run("--key-file", file, "sync", desk.file(row("S-1", 1)), key="") == 0
    assert desk.run("keys", "revoke", made.split("_")[1], key=staff) == 0
    assert desk.run("keys", "revoke", made.split("_")[1], key=staff) == 1
    assert desk.run("--key-file", file, "sync", desk.file(row("S-1", 1)), key="") == 3


def test_labels_come_as_pdf_one_to_a_file_several_to_a_folder(desk: Desk) -> None:
    one, other = desk.world.a_factory("S-1"), desk.world.a_factory("S-2")
    assert desk.run("labels", one, "-o", desk.folder / "one.pdf", "--cols", 2, key="") == 0
    assert (desk.folder / "one.pdf").read_bytes().startswith(b"%PDF")
    assert desk.run("labels", one, other, "BDF8QY40YGE1", "-o", desk.folder / "all", "--poster", key="") == 1
    assert sorted(each.name for each in (desk.folder / "all").iterdir()) == sorted(
        f"{each}-poster.pdf" for each in (one, other)
    )


def test_certificates_are_imported_row_by_row_and_refusals_reported(desk: Desk) -> None:
    factory = desk.world.a_factory()
    heading = "factory_id,number,standard_id,scope,valid_from,valid_to,products"
    rows = [f"{factory},CU {n},gots,Knitting,2026-01-01,2027-01-01,shirts|socks" for n in range(3)]
    rows.insert(1, f"{factory},CU 9,unheard-of,Knitting,2026-01-01,2027-01-01,")
    path = desk.file(*rows, heading=heading, name="certificates.csv")
    for told in ("3 registered, 1 refused", "3 already registered, 1 refused"):
        assert desk.run("certificates", "import", path, key=desk.world.certifier.key) == 1
        assert told in desk.said()[0]
    [refused] = desk.report("certificates.rejected.csv")
    assert (refused["row"], refused["number"]) == ("3", "CU 9")
    assert "standard_id" in refused["why"]


def test_the_command_runs_from_the_repository_with_nothing_but_the_standard_library() -> None:
    seen = "import sys, json, factory_id.command; print(json.dumps(sorted(sys.modules)))"
    command = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {seen}"]
    modules = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    foreign = (
        {name.partition(".")[0] for name in modules}
        - set(sys.stdlib_module_names)
        - {"factory_id", "factory_labels", "__main__"}
    )
    assert {name for name in foreign if not name.startswith("_")} == set()
    help_of = subprocess.run(
        [sys.executable, "-m", "factory_id", "--help"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    assert "exit codes" in help_of


def test_staff_put_on_record_what_became_of_a_factory(desk: Desk) -> None:
    old, new = (desk.world.a_factory(site) for site in ("S-OLD", "S-NEW"))
    staff, why = desk.world.staff.key, ("--reason", "the same gate")

    def status(factory_id: str) -> str:
        return str(desk.world.anyone.get(f"/v1/factories/{factory_id}").ok().json["status"])

    for words, became in (
        (("merge", old, "--into", new), "merged"),
        (("undo", old), "open"),
        (("move", old, "--address", "9 New Road", "--city", "Savar"), "moved"),
        (("reopen", old), "open"),
        (("close", old, "--effective", "2026-03-01"), "closed"),
        (("reopen", old), "open"),
    ):
        assert desk.run("staff", *words, *why, key=staff) == 0, words
        assert status(old) == became, words
    desk.said()
    assert desk.run("staff", "merge", old, "--into", old, *why, key=staff) == 1
    assert "factory-id: " in desk.said()[1]
    assert desk.run("staff", "close", old, key=staff) == 2
