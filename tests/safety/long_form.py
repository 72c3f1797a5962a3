"""``python -m tests.safety.model --steps 20000 --seconds 2000``: the long form."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path


def main() -> None:
    """Run it; exit code 1 if a promise was broken, never tried, or tried in fewer steps than were asked for."""
    import tests.conftest  # noqa: F401  # sets the environment before anything of the service is imported
    from tests.safety import lines, model_run

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=2_500, help="on moto (2500)")
    parser.add_argument("--behind", type=int, default=400, help="on MiniStack behind faults (400)")
    parser.add_argument("--seconds", type=float, default=240.0, help="at most, for either (240)")
    parser.add_argument("--killing", type=float, default=200.0, help="seconds of killing processes (200)")
    parser.add_argument("--json", type=Path, help="write the rows there, too: statement, tried, held")
    chosen = parser.parse_args()
    asked = {name: getattr(chosen, name) for name in ("steps", "behind", "seconds", "killing")}
    rows = model_run.run(**asked)
    for name, tried, held in rows:
        print(f"{name:<90}{tried:>10,}{held:>10,}")
    if chosen.json:
        chosen.json.write_text(json.dumps(rows), encoding="utf-8")
    wrong = lines.amiss([lines.of_row(row) for row in rows])
    print("\n".join(wrong))
    sys.exit(bool(wrong))
