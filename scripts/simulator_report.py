"""Rewrites docs/simulator.md: `python -m scripts.simulator_report --data DIR`."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from scripts.realism.report import write_report

_DOCS = Path(__file__).resolve().parents[1] / "docs"


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data",
        type=Path,
        default=os.environ.get("SEIZURE_ZOO_DATA"),
        required="SEIZURE_ZOO_DATA" not in os.environ,
        help="folder that holds chbmit and eegmat (default: SEIZURE_ZOO_DATA)",
    )
    for kind, telling in write_report(Path(parser.parse_args().data), _DOCS).items():
        print(f"{kind}: area under the curve {telling.area:.3f}")


if __name__ == "__main__":
    main()
