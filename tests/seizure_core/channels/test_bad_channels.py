from __future__ import annotations

import numpy as np
import pytest

from seizure_core.channels.planning import plan_channels
from seizure_core.display.montages import BUILT_IN, fit_montage
from seizure_core.errors import ParameterError
from tests.memory_recording import memory_recording

ELECTRODES = ["FP1-Ref", "F3-Ref", "C3-Ref", "P3-Ref", "O1-Ref", "FP2-Ref", "F4-Ref", "C4-Ref"]


def test_nothing_is_derived_from_a_bad_channel_and_the_plan_says_so() -> None:
    recording = memory_recording(ELECTRODES).with_bad_channels(["C3-Ref"])
    plan = plan_channels(recording, ["FP1-F3", "F3-C3", "C3-P3"], min_coverage=0.0)
    assert [source.how == "missing" for source in plan.sources] == [False, True, True]
    said = [finding.message for finding in plan.findings]
    assert "Left out, because marked as bad: C3-Ref." in said


def test_the_average_reference_leaves_a_bad_channel_out() -> None:
    recording = memory_recording(ELECTRODES)
    average = next(one for one in BUILT_IN if one.montage_id == "average")
    before = fit_montage(recording, average).rows
    after = fit_montage(recording.with_bad_channels([2]), average).rows
    assert len(after) == len(before) - 1
    weights = dict(after[0].terms)
    assert 2 not in weights
    assert np.isclose(sum(weights.values()), 0.0)


def test_a_bad_channel_is_still_read_and_can_be_good_again() -> None:
    recording = memory_recording(ELECTRODES)
    bad = recording.with_bad_channels(["F3-Ref"])
    assert (bad.read(["F3-Ref"]) == recording.read(["F3-Ref"])).all()
    assert bad.with_bad_channels([]).channels == recording.channels
    with pytest.raises(ParameterError, match="no channel"):
        recording.with_bad_channels(["X9"])
