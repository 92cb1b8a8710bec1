"""All benchmarks, one after the other: `python -m benchmarks`.

The viewer's has its own command, `python -m benchmarks.viewer`: it needs a browser, Plotly
(requirements-bench.txt) and some minutes.
"""

from __future__ import annotations

from benchmarks import inference, reading, training

if __name__ == "__main__":
    for one in (reading, inference, training):
        print(f"\n=== {one.__name__} ===", flush=True)
        one.main()
