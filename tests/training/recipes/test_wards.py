"""The clips of wards: what experts disagree on counts neither as hit nor as alarm."""

from __future__ import annotations

from seizure_core.events.event import seizures_of
from tests.shared_files import SHARED_DATA, needs_shared_data
from training.recipes.measuring import wards_set
from training.recipes.real_pieces import resting_files, seizure_pieces, ward_files


@needs_shared_data
def test_four_seizures_and_seventeen_negatives_are_for_choosing_and_never_trained_on() -> None:
    with_seizure = [bool(seizures_of(events)) for _, events in wards_set(SHARED_DATA).recordings()]
    assert (sum(with_seizure), len(with_seizure) - sum(with_seizure)) == (4, 17)
    trained_on = {file.path for file in seizure_pieces(SHARED_DATA) + resting_files(SHARED_DATA)}
    assert not trained_on & {file.path for file in ward_files(SHARED_DATA)}
