"""Reference files of seizures: readers for all known formats, writers for three."""

from seizure_core.references.model import Reference
from seizure_core.references.reading import read_reference
from seizure_core.references.writing import (
    write_edf_annotations,
    write_events_csv,
    write_szcore_tsv,
)

__all__ = [
    "Reference",
    "read_reference",
    "write_edf_annotations",
    "write_events_csv",
    "write_szcore_tsv",
]
