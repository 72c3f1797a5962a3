"""``factory-id log-audit URL``: is the log of changes whole? Works out every hash, root and signature anew."""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from factory_id import log_copy, log_signature
from factory_id.bar import Bar
from factory_id.endings import DONE, SOME_REFUSED, WrongUse
from factory_id.log_check import Check, Fault
from factory_id.log_copy import Copy
from factory_id.log_tree import is_beginning, root
from factory_id.service import Refused, Service

_EVERY = 500


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
    parser.add_argument("--sample", type=int, default=20, metavar="N", help="compare N certificates (20)")
    parser.set_defaults(run=run, needs_key=False)


def run(chosen: argparse.Namespace, service: Service) -> int:
    """Audit it; the exit code says whether all of it holds."""
    if chosen.offline and not chosen.from_file:
        raise WrongUse("--offline needs --from-file: a copy that was saved before.")
    copy = log_copy.kept(chosen.from_file) if chosen.from_file else log_copy.downloaded(service)
    check = _gone_through(copy, chosen.save, service)
    online = None if chosen.offline else service
    faults = _entries(check, online)
    faults += _signatures(copy)
    if online is not None and not faults:
        faults += _still_there(check, online)
        faults += _certificates(check, online, chosen.sample)
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


def _signatures(copy: Copy) -> list[str]:
    if not copy.checkpoints:
        return ["There is no checkpoint: nothing says how long the log is."]
    found = log_signature.judged(copy.checkpoints, copy.keys)
    print(f"Signatures: {_told(found)}.")
    if found[log_signature.UNCHECKED]:
        print("To check signatures, install Python's cryptography, which is the extra audit of this package.")
    if found[log_signature.NO_PURPOSE]:
        print("The keys are of an older version, and do not say what each may sign. Save a copy anew.")
    return [f"{found[log_signature.FALSE]:,} checkpoints have a false signature."] if found[log_signature.FALSE] else []


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


def _certificates(check: Check, service: Service, most: int) -> list[str]:
    codes = random.sample(sorted(check.lines), min(most, len(check.lines)))  # nosec B311: any will do
    found: Counter[str] = Counter()
    faults = []
    with Bar("certificates", len(codes)) as bar:
        service.note = bar.note
        for code in codes:
            answered = _answered(service, code)
            said = [line for line in check.lines[code] if line[0] is not None]
            found["not shown" if answered is None else "compared"] += 1
            if answered is not None and answered[: len(said)] != said:
                faults.append(f"Certificate {code} is answered otherwise than the log says.")
            bar.advance(1)
    print(f"Certificates: {_told(found) or 'none'}.")
    return faults


def _answered(service: Service, code: str) -> list[tuple[str | None, str, str]] | None:
    try:
        history = service.call("GET", f"/v1/certificates/{code}").json()["history"]
    except Refused as error:
        if error.reply.status == 404:
            return None
        raise
    return [(each["standing"], each["at"], each["recorded_at"]) for each in history]
