from __future__ import annotations

import pytest

from seizure_core.errors import ParameterError
from tests.ui.values import recording_of
from ui.api.recordings import check_page


@pytest.mark.parametrize(
    ("start_s", "length_s", "part"),
    [
        (50, 10, "within the recording, from 0 to 50 s"),
        (-1, 10, "within"),
        (0, 0, "0.1 to 604800 s"),
        (0, 1e6, "604800"),
    ],
)
def test_a_page_outside_is_refused(start_s: float, length_s: float, part: str) -> None:
    with pytest.raises(ParameterError, match=part):
        check_page(recording_of(50), start_s, length_s)
