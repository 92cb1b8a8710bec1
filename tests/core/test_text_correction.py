from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from seizure_core.errors import ParameterError, RecordingError
from seizure_core.formats.text_correction import with_delimiter
from seizure_core.formats.text_layout import TextLayout
from seizure_core.opening import inspect_text, open_recording

LINES = "C3;C4\n" + "".join(f"{i % 7}.5;{i % 5 - 2}.25\n" for i in range(400))


def wrongly_read(path: Path) -> TextLayout:
    """Return a layout as if the semicolons had not been seen."""
    found = inspect_text(path)
    return TextLayout(
        **{**found.to_dict(), "delimiter": "|", "columns": found.columns[:1], "findings": ()}
    )


@pytest.mark.parametrize("packed", [False, True])
def test_another_delimiter_makes_other_columns_and_keeps_the_rest(
    tmp_path: Path, packed: bool
) -> None:
    path = tmp_path / ("a.csv.gz" if packed else "a.csv")
    path.write_bytes(gzip.compress(LINES.encode()) if packed else LINES.encode())
    corrected = with_delimiter(path, wrongly_read(path).with_rate(100), ";")
    assert [column.label for column in corrected.columns] == ["C3", "C4"]
    assert corrected.preview[0] == ("0.5", "-2.25")
    assert corrected.sampling_rate_hz == 100
    recording = open_recording(path, text_layout=corrected)
    assert recording.labels == ["C3", "C4"]
    assert recording.duration_s == 4.0


def test_a_delimiter_that_leaves_no_number_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(LINES)
    layout = inspect_text(path)
    with pytest.raises(RecordingError, match="Choose another delimiter"):
        with_delimiter(path, layout, "|")
    with pytest.raises(ParameterError, match="delimiter"):
        with_delimiter(path, layout, "%")
