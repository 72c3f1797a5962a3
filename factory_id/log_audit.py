"""``factory-id log-audit URL``: is the log of changes whole? Works out every hash, root and signature anew."""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from factory_id import did_keys, log_copy, log_signature
from factory_id.bar import Bar
from factory_id.endings import DONE, SOME_REFUSED, WrongUse
from factory_id.log_check import Check, Fault
from factory_id.log_copy import Copy
from factory_id.log_tree import is_beginning, root
from factory_id.service import Refused, Service

_EVERY = 500
_NUMBERED_WITHIN = timedelta(minutes=30)
"""A change is in the log ten minutes after it was recorded, or after the factory's first day in public."""


def add(commands: Any) -> None:
    """Its part of the command line."""
    parser = commands.add_parser(
        "log-audit",
        help="audit the log of changes of certificates",
        description="Download the log of changes, work out every hash, root and signature anew, compare it with what "
        "the service answers about certificates, and name the first false entry if there is one. Needs no key. "
        "Signatures are checked where Python's cryptography is installed.",
    )
    parser.add_argument("service_url", nargs="?", metavar="URL", help="where the service is (FACTORY_ID_URL)")
    parser.add_argument("--save", type=Path, metavar="FILE", help="keep a copy: one JSON object a line")
    parser.add_argument("--from-file", type=Path, metavar="FILE", help="audit such a copy, and that it is still there")
    parser.add_argument("--offline", action="store_true", help="with --from-file: do not ask the service anything")
    parser.add_argument("--sample", type=_number, default=20, metavar="N", help="compare N certificates, or all (20)")
    parser.add_argument("--certificates", type=Path, metavar="FILE", help="compare these, too: one code a line")
    parser.add_argument("--keys", type=Path, metavar="FILE", help="a did.json that you kept, instead of the service's")
    parser.add_argument("--unsigned", action="store_true", help="of a registry that signs nothing")
    parser.set_defaults(run=run, needs_key=False)


def run(chosen: argparse.Namespace, service: Service) -> int:
    """Audit it; the exit code says whether all of it holds."""
    if chosen.offline and not chosen.from_file:
        raise WrongUse("--offline needs --from-file: a copy that was saved before.")
    copy = log_copy.kept(chosen.from_file) if chosen.from_file else log_copy.downloaded(service)
    check = _gone_through(copy, chosen.save, service)
    online = None if chosen.offline else service
    faults = _entries(check, online)
    faults += _signatures(copy, online, chosen)
    if online is not None and not faults:
        faults += _still_there(check, online)
        faults += _certificates(check, online, _chosen(check, chosen), copy.checkpoints[-1]["at"])
    for fault in faults:
        print(f"FALSE: {fault}")
    print("The log is not whole." if faults else "The log is whole.")
    return SOME_REFUSED if faults else DONE


def _gone_through(copy: Copy, save: Path | None, service: Service) -> Check:
    check = Check(copy.checkpoints)
    entries = log_copy.saving(copy, save) if save else copy.entries
    with Bar("entries", copy.expected) as bar:
        service.note = bar.note
        since = 0
        whole = True
        for each in entries:
            whole = whole and check.add(each)
            since += 1
            if since == _EVERY:
                bar.advance(since)
                since = 0
            if not whole and not save:
                break
        bar.advance(since)
    check.end()
    return check


def _entries(check: Check, service: Service | None) -> list[str]:
    if check.fault is not None:
        return [str(_pinned(check, check.fault, service))]
    if check.promised > len(check.leaves):
        return [
            f"There are {len(check.leaves):,} entries, and a checkpoint of {check.promised:,}: the rest is missing."
        ]
    late = f", {check.backdated:,} of them said later than they hold" if check.backdated else ""
    print(f"{len(check.leaves):,} entries{late}: each names the one before it. {check.reached:,} checkpoints fit.")
    return []


def _pinned(check: Check, fault: Fault, service: Service | None) -> Fault:
    """The very entry, if the service's last checkpoint can prove beginnings of the copy true or false."""
    last = log_copy.latest(service) if service is not None else None
    if service is None or last is None or fault.first == fault.last:
        return fault
    good, bad = fault.first, min(fault.last + 1, len(check.leaves), last["size"])
    if bad <= good or _begins(service, check.leaves[:bad], last):
        return fault
    if good and not _begins(service, check.leaves[:good], last):
        good = 0
    while bad - good > 1:
        middle = (good + bad) // 2
        if _begins(service, check.leaves[:middle], last):
            good = middle
        else:
            bad = middle
    return Fault(good, good, f"{fault.why}; the entries before it are those of the log")


def _begins(service: Service, leaves: Sequence[bytes], last: dict[str, Any]) -> bool:
    """Whether these are the first entries of the log that a checkpoint speaks of."""
    if len(leaves) == 0:
        return True
    answer = service.call("GET", f"/v1/log/proof/consistency?from={len(leaves)}&to={last['size']}").json()
    proof = [bytes.fromhex(each) for each in answer["proof"]]
    return is_beginning(len(leaves), last["size"], root(leaves), bytes.fromhex(last["root"]), proof)


def _signatures(copy: Copy, service: Service | None, chosen: argparse.Namespace) -> list[str]:
    if not copy.checkpoints:
        return ["There is no checkpoint: nothing says how long the log is."]
    keys = _keys(copy, service, chosen.keys)
    found = log_signature.judged(copy.checkpoints, keys)
    print(f"Signatures: {_told(found)}.")
    if found[log_signature.UNCHECKED]:
        print("To check signatures, install Python's cryptography, which is the extra audit of this package.")
    if found[log_signature.NO_PURPOSE]:
        print("These keys are of an older version, and do not say what each may sign. Fetch them anew: fetch-keys.")
    if found[log_signature.FALSE]:
        return [f"{found[log_signature.FALSE]:,} checkpoints have a false signature."]
    last = log_copy.latest(service) if service is not None else None
    worth = log_signature.judge(last or copy.checkpoints[-1], keys)
    fine = {log_signature.VALID, log_signature.UNCHECKED, *([log_signature.UNSIGNED] if chosen.unsigned else [])}
    if worth in fine:
        return []
    hint = " If this registry signs nothing, say --unsigned." if worth == log_signature.UNSIGNED else ""
    return [f"The newest checkpoint is {worth}: nobody vouches for the log.{hint}"]


def _keys(copy: Copy, service: Service | None, kept: Path | None) -> Mapping[str, Any]:
    """The DID document whose keys count: the one that was kept apart, else the service's, else that in the copy."""
    if kept is not None or service is not None:
        held = did_keys.held(kept, service)
        print(held.told())
        return held.document
    print("The keys are those in the copy, which whoever wrote it chose. Keep those of fetch-keys, and say --keys.")
    return copy.keys


def _told(found: Counter[str]) -> str:
    return ", ".join(f"{number:,} {worth}" for worth, number in found.most_common())


def _still_there(check: Check, service: Service) -> list[str]:
    """Whether what was audited is the beginning of the log that the service has by now."""
    last = log_copy.latest(service)
    if last is None or not check.leaves:
        return ["The service has no checkpoint any more."] if check.reached else []
    shared = min(len(check.leaves), last["size"])
    if _begins(service, check.leaves[:shared], last):
        print(f"Its first {shared:,} entries are those of the service's checkpoint of {last['at']}.")
        return []
    return [str(_pinned(check, Fault(0, shared - 1, "the service's log says otherwise"), service))]


def _number(text: str) -> int | None:
    return None if text == "all" else int(text)


def _chosen(check: Check, chosen: argparse.Namespace) -> list[str]:
    """The certificates to compare: some of the log, and those that were asked for."""
    logged = sorted(check.lines)
    most = len(logged) if chosen.sample is None else min(chosen.sample, len(logged))
    codes = random.sample(logged, most)  # nosec B311: any will do
    if chosen.certificates is not None:
        try:
            asked = chosen.certificates.read_text(encoding="utf-8").split()
        except (OSError, ValueError) as error:
            raise WrongUse(f"{chosen.certificates} cannot be read: it should hold one code a line.") from error
        codes += asked
    return [*dict.fromkeys(codes)]


def _certificates(check: Check, service: Service, codes: Sequence[str], at: str) -> list[str]:
    """Whether certificates are answered as the log says; ``at``: the instant of the newest checkpoint."""
    known = datetime.fromisoformat(at) - _NUMBERED_WITHIN
    found: Counter[str] = Counter()
    faults = []
    with Bar("certificates", len(codes)) as bar:
        service.note = bar.note
        for code in codes:
            answered = _answered(service, code)
            said = [line for line in check.lines.get(code, ()) if line[0] is not None]
            found["not shown" if answered is None else "compared"] += 1
            if answered is not None and answered[: len(said)] != said:
                faults.append(f"Certificate {code} is answered otherwise than the log says.")
            elif answered is not None:
                faults += _unlogged(code, answered[len(said) :], known)
            bar.advance(1)
    print(f"Certificates: {_told(found) or 'none'}.")
    return faults


def _unlogged(code: str, answered: Sequence[tuple[str | None, str, str]], known: datetime) -> list[str]:
    """What is answered and should have been in the log by the newest checkpoint."""
    return [
        f"Certificate {code} is answered as {standing} since {effective}, recorded {recorded}: that is not in the log. "
        "Unless its factory was published within these ten minutes, it was put there past the log."
        for standing, effective, recorded in answered
        if datetime.fromisoformat(recorded) < known
    ]


def _answered(service: Service, code: str) -> list[tuple[str | None, str, str]] | None:
    try:
        history = service.call("GET", f"/v1/certificates/{code}").json()["history"]
    except Refused as error:
        if error.reply.status in (400, 404):
            return None
        raise
    return [(each["standing"], each["at"], each["recorded_at"]) for each in history]
