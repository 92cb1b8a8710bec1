"""Entry point of `python -m seizure_zoo`."""

from __future__ import annotations

import sys

from seizure_zoo.cli import main

if __name__ == "__main__":
    sys.exit(main())
