from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seizure_core.errors import RecordingError
from seizure_core.io.timeline import TimeLine, continuous, discontinuous
from seizure_core.recording import Finding
from tests.properties import examples

RATE_HZ = 8


def _line(
    onsets: list[float], *, duration: str = "1", tolerance_s: float = 0.125
) -> tuple[TimeLine, tuple[Finding, ...]]:
    return discontinuous(np.array(onsets, dtype=float), Fraction(duration), tolerance_s, "a.edf")


def _drawn(line: TimeLine, per_record: int, start: int, stop: int) -> np.ndarray:
    """Return the number of the stored sample at each place asked for, -1 in gaps."""
    out = np.full(stop - start, -1)
    for piece in line.pieces(per_record, start, stop):
        length = piece.stop - piece.start
        out[piece.offset : piece.offset + length] = np.arange(piece.start, piece.stop)
    return out


def test_records_that_follow_each_other_are_one_segment() -> None:
    line = continuous(20, Fraction("0.5"), "a.edf")
    assert [(s.start_s, s.duration_s) for s in line.segments()] == [(0.0, 10.0)]
    assert not line.has_gaps
    assert line.n_samples(4) == 80


def test_gaps_keep_their_length() -> None:
    line, findings = _line([5, 6, 8.5, 9.5])
    assert [(s.start_s, s.duration_s) for s in line.segments()] == [(0.0, 2.0), (3.5, 2.0)]
    assert line.duration_s == 5.5
    assert line.n_samples(RATE_HZ) == 44
    drawn = _drawn(line, RATE_HZ, 0, 44)
    assert list(drawn[:16]) == list(range(16))
    assert list(drawn[16:28]) == [-1] * 12
    assert list(drawn[28:]) == list(range(16, 32))
    assert "interrupted 1 time" in findings[0].message
    assert "2 to 3.5 s" in findings[0].message


def test_times_rounded_by_less_than_a_sample_are_no_gaps() -> None:
    line, findings = _line([0, 1.001, 1.999, 3.0])
    assert not line.has_gaps
    assert findings == ()


def test_a_record_without_a_time_follows_the_one_before() -> None:
    line, findings = _line([0, float("nan"), 5, float("nan")])
    assert [(s.start_s, s.duration_s) for s in line.segments()] == [(0.0, 2.0), (5.0, 2.0)]
    assert "2 of 4 data records carry no time" in findings[0].message


def test_small_overlaps_are_placed_behind_each_other_and_told() -> None:
    line, findings = _line([0, 0.5, 1.5, 9])
    assert [(s.start_s, s.duration_s) for s in line.segments()] == [(0.0, 3.0), (9.0, 1.0)]
    assert "start up to 0.5 s before" in findings[0].message


def test_records_that_run_backwards_are_refused_with_the_record_and_both_times() -> None:
    with pytest.raises(RecordingError, match=r"record 3 of 3 starts at 1 s.*ends \(6 s\)"):
        _line([0, 5, 1])


def test_a_time_line_of_years_is_refused() -> None:
    with pytest.raises(RecordingError, match=r"would last 3652\.5 days; up to 40 are possible"):
        _line([0, 3652.5 * 86400 - 1])
    with pytest.raises(RecordingError, match="days"):
        continuous(10**9, Fraction(1), "a.edf")


def test_a_clock_that_drifts_against_the_samples_is_told() -> None:
    onsets = list(np.arange(100) * 1.05)
    line, findings = _line(onsets)
    assert not line.has_gaps
    assert "drift by +4.95 s" in findings[0].message


@given(
    gaps=st.lists(st.sampled_from([0.0, 0.0, 0.3, 1.0, 2.71, 40.0]), min_size=1, max_size=12),
    per_record=st.integers(1, 50),
    data=st.data(),
)
@examples(2)
def test_any_stretch_is_a_piece_of_the_whole(
    gaps: list[float], per_record: int, data: st.DataObject
) -> None:
    onsets = np.cumsum([0.0, *(1.0 + gap for gap in gaps)])
    line, _ = _line(list(onsets), tolerance_s=1 / per_record)
    n_samples = line.n_samples(per_record)
    start = data.draw(st.integers(0, n_samples))
    stop = data.draw(st.integers(start, n_samples))
    whole = _drawn(line, per_record, 0, n_samples)
    np.testing.assert_array_equal(_drawn(line, per_record, start, stop), whole[start:stop])
    stored = whole[whole >= 0]
    np.testing.assert_array_equal(stored, np.arange((len(gaps) + 1) * per_record))
    assert abs(n_samples - line.duration_s * per_record) <= 0.5 + 1e-6
