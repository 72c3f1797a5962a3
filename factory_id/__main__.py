"""``python -m factory_id`` is ``factory-id``."""

from __future__ import annotations

import sys

from factory_id.command import main

if __name__ == "__main__":
    sys.exit(main())
