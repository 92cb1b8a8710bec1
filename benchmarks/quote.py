"""Puts the table of benchmarks/results.json into README: `python -m benchmarks.quote`."""

from __future__ import annotations

from pathlib import Path

from benchmarks.table import read_json, table

RESULTS = Path(__file__).with_name("results.json")
README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- benchmarks -->", "<!-- end of benchmarks -->"


def with_benchmarks(text: str) -> str:
    """Return README's text with the table as the file of results has it."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    machine, parts = read_json(RESULTS)
    rows = [row for part in parts.values() for row in part]
    versions = ", ".join(f"{name} {value}" for name, value in machine.items())
    return f"{before}{BEGIN}\n{table(rows)}\n\nMeasured with {versions}.\n{END}{after}"


if __name__ == "__main__":
    README.write_text(with_benchmarks(README.read_text(encoding="utf-8")), encoding="utf-8")
