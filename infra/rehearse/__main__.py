"""``python -m infra.rehearse [name …]``: rehearse what the runbook tells of, on a local engine of its own."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable

from infra.engine import Engine
from infra.rehearse import counterfeit, leaking, restoring, unaccredited
from infra.rehearse.scene import Scene, Unseen, opened

REHEARSALS: dict[str, Callable[[Scene], None]] = {
    "restoring": restoring.rehearse,
    "leaking": leaking.rehearse,
    "unaccredited": unaccredited.rehearse,
    "counterfeit": counterfeit.rehearse,
}


def main() -> int:
    """Run them; 0 if each came to its end."""
    parser = argparse.ArgumentParser(prog="python -m infra.rehearse", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="which; all of them, if none is named")
    wanted = parser.parse_args().names or list(REHEARSALS)
    if unknown := set(wanted) - set(REHEARSALS):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(REHEARSALS)}")
    began = time.monotonic()
    with Engine(with_tables=False) as engine:
        for name in wanted:
            print(f"\n{name}: {(REHEARSALS[name].__doc__ or '').strip()}", flush=True)
            try:
                with opened(engine, f"rehearsal-{name}") as scene:
                    REHEARSALS[name](scene)
            except Unseen as error:
                print(f"   FAILED: {error}", file=sys.stderr)
                return 1
    print(f"\nAll of it went as it must, in {time.monotonic() - began:.0f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
