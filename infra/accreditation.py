"""``python -m infra.accreditation``: a certification body lost its accreditation; what it confirmed is suspended."""

from __future__ import annotations

import argparse
import sys
from datetime import date

from tqdm import tqdm

from infra import operating

DONE, WRONG_USE = 0, 2
_EPILOG = """\
exit codes: 0 done; 2 wrong use, or no such certifier; 3 could not go on (run the same command again: it goes on)
"""


def parser() -> argparse.ArgumentParser:
    """The command line."""
    found = argparse.ArgumentParser(
        prog="python -m infra.accreditation",
        description="End a certifier's part and suspend what it confirmed, with a reason that everybody reads.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    found.add_argument("certifier", help="its identifier")
    found.add_argument("--reason", required=True, help="stands on the page of each certificate")
    found.add_argument(
        "--effective",
        type=date.fromisoformat,
        help="since which day, none to come; unless told, the day on which its part ended",
    )
    found.add_argument("--dry-run", action="store_true", help="say how many certificates it is about, and do nothing")
    operating.add_arguments(found)
    return found


def main(arguments: list[str] | None = None) -> int:
    """Run it; its exit code."""
    chosen = parser().parse_args(arguments)
    return operating.run(chosen, _run)


def _run(chosen: argparse.Namespace) -> int:
    from chalicelib import clock
    from chalicelib.domain.errors import Malformed, NotFound
    from chalicelib.store.registry import accreditation
    from chalicelib.store.registry.history import Actor

    today, actor = clock.today(), Actor("staff", "operators", "infra.accreditation")
    try:
        accreditation.not_to_come(chosen.effective or today, today)
        if not chosen.dry_run:
            accreditation.end(chosen.certifier, chosen.reason, actor)
        effective = chosen.effective or accreditation.ended_on(chosen.certifier) or today
    except (Malformed, NotFound) as error:
        return _wrong(error)
    if chosen.dry_run:
        would = sum(1 for _ in accreditation.concerned(chosen.certifier, effective))
        print(f"{would:,} certificates would be suspended")
        return DONE
    changed = looked = 0
    for each in tqdm(accreditation.concerned(chosen.certifier, effective), desc="certificates", unit="", disable=None):
        changed += accreditation.suspend(each, chosen.reason, effective, clock.now(), actor)
        looked += 1
    print(f"{chosen.certifier} takes part no more. {looked:,} certificates looked at, {changed:,} suspended")
    return DONE


def _wrong(error: Exception) -> int:
    print(error, file=sys.stderr)
    return WRONG_USE


if __name__ == "__main__":
    sys.exit(main())
