from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seizure_core.intervals import Spans, spans_within
from tests.properties import examples
from training.data.labelling import RecordingSpans, choose_windows
from training.data.ledger import ledger_document, ledger_entry, refused_entry
from training.data.settings import DatasetSettings, dataset_settings
from training.errors import DatasetError

RATE_HZ = 4.0


def made(**settings: Any) -> DatasetSettings:
    return dataset_settings({"window_s": 4.0, "sampling_rate_hz": RATE_HZ, **settings})


def spans_of(
    n_samples: int, seizures: list[tuple[int, int]], guard: int, gaps: list[tuple[int, int]]
) -> RecordingSpans:
    return RecordingSpans(
        n_samples=n_samples,
        ictal=spans_within(seizures, n_samples),
        guarded=spans_within([(a - guard, b + guard) for a, b in seizures], n_samples),
        gaps=spans_within(gaps, n_samples),
    )


def mask_of(spans: Spans, n: int) -> np.ndarray:
    mask = np.zeros(n, dtype=bool)
    for start, stop in spans:
        mask[start:stop] = True
    return mask


@pytest.mark.parametrize("labelling", ["half", "inside", "any"])
@examples(0.5)
@given(
    seizures=st.lists(
        st.tuples(st.integers(0, 400), st.integers(1, 80)).map(lambda p: (p[0], p[0] + p[1])),
        max_size=3,
    ),
    gaps=st.lists(
        st.tuples(st.integers(0, 400), st.integers(1, 60)).map(lambda p: (p[0], p[0] + p[1])),
        max_size=2,
    ),
    guard=st.integers(0, 60),
    balance=st.sampled_from([None, 0.5, 1.0, 3.0]),
    n_samples=st.integers(16, 480),
    rest_s=st.floats(0, 0.2),
)
def test_every_window_is_what_its_label_says_and_every_second_is_accounted_for(
    labelling: str,
    seizures: list[tuple[int, int]],
    gaps: list[tuple[int, int]],
    guard: int,
    balance: float | None,
    n_samples: int,
    rest_s: float,
) -> None:
    chosen = made(labelling=labelling, balance=balance, guard_s=guard / RATE_HZ)
    spans = spans_of(n_samples, seizures, guard, gaps)
    windows = choose_windows([spans], chosen)
    ictal, guarded = mask_of(spans.ictal, n_samples), mask_of(spans.guarded, n_samples)
    gap = mask_of(spans.gaps, n_samples)
    length = chosen.window_samples
    for row in windows:
        inside = slice(int(row["start"]), int(row["start"]) + length)
        n_ictal = int(ictal[inside].sum())
        assert len(ictal[inside]) == length
        assert gap[inside].sum() <= length / 2
        if row["label"] == 1:
            least = {"half": length / 2, "inside": length, "any": 1}[labelling]
            assert n_ictal >= least
        else:
            assert not guarded[inside].any()
            assert not n_ictal
    used = windows[windows["used"]]
    n_seizure = int((used["label"] == 1).sum())
    if balance is not None and n_seizure:
        assert len(used) - n_seizure <= round(balance * n_seizure)
    duration_s = n_samples / RATE_HZ + rest_s
    entry = ledger_entry(
        "a.edf", duration_s, spans, windows, window_samples=length, sampling_rate_hz=RATE_HZ
    )
    parts = ("seizure_s", "background_s", "guard_s", "not_drawn_s", "rejected_s")
    assert sum(entry[part] for part in parts) == pytest.approx(duration_s, abs=1e-9)
    painted = np.zeros(n_samples, dtype=bool)
    for row in used[used["label"] == 1]:
        painted[row["start"] : row["start"] + length] = True
    assert entry["seizure_s"] == pytest.approx(painted.sum() / RATE_HZ)


def test_all_seizure_windows_at_the_stride_are_found() -> None:
    spans = spans_of(400, [(100, 140)], 20, [])
    windows = choose_windows([spans], made(seizure_stride_s=1.0, guard_s=5.0))
    starts = windows["start"][windows["label"] == 1]
    # At least 8 of 16 samples ictal: starts from 92 to 132, every 4 samples.
    assert starts.tolist() == list(range(92, 133, 4))


def test_background_windows_do_not_overlap_where_there_are_enough_of_them() -> None:
    spans = spans_of(4000, [(100, 140)], 20, [])
    windows = choose_windows([spans], made(guard_s=5.0))
    background = np.sort(windows["start"][windows["label"] == 0])
    assert (np.diff(background) >= 16).all()


def test_closer_background_windows_are_taken_where_wider_ones_are_too_few() -> None:
    spans = spans_of(240, [(100, 140)], 0, [])
    windows = choose_windows([spans], made(guard_s=0.0))
    used = windows[windows["used"]]
    assert (used["label"] == 0).sum() == (used["label"] == 1).sum() == 11


def test_the_seed_decides_which_background_is_drawn() -> None:
    spans = spans_of(4000, [(100, 140)], 20, [])
    drawn = [
        choose_windows([spans], made(guard_s=5.0, seed=seed))["used"].tolist() for seed in (0, 0, 1)
    ]
    assert drawn[0] == drawn[1] != drawn[2]


def test_a_refused_recording_is_accounted_for_with_its_reason() -> None:
    document = ledger_document([refused_entry("a.edf", 12.5, "too short")])
    assert document["total"]["rejected_s"] == document["total"]["duration_s"] == 12.5
    assert document["recordings"][0]["rejected"] == {"too short": 12.5}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"window_s": 0}, "window_s"),
        ({"window_s": 0.3}, "not a whole number"),
        ({"guard_s": -1}, "guard_s"),
        ({"labelling": "most"}, "labelling"),
        ({"balance": 0}, "balance"),
        ({"channels": []}, "channels"),
        ({"window": 30}, "Did you mean 'window_s'"),
        ({"preprocessing": [{"step": "whiten"}]}, "whiten"),
        ({"seed": -1}, "seed"),
    ],
)
def test_settings_out_of_bounds_are_named(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(DatasetError, match=message):
        dataset_settings({"sampling_rate_hz": RATE_HZ, **settings})
