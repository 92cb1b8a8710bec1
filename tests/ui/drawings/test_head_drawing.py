from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import pytest

from seizure_core.channels.labels import is_scalp_electrode
from seizure_core.channels.montages import CHBMIT_23, ELECTRODES_10_20
from ui.drawings.head import electrode_position, head_html

FINER_ELECTRODES = (
    "FPZ AF7 AF3 AFZ AF4 AF8 FT9 FT7 FC5 FC3 FC1 FCZ FC2 FC4 FC6 FT8 FT10 TP9 TP7 CP5 CP1 CPZ "
    "CP2 CP6 TP8 TP10 PO7 PO3 POZ PO4 PO8 OZ IZ F1 F5 C1 C5 P1 P5 FFC1H CCP2H"
).split()


def lines_of(drawing: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(drawing).iter("line"))


def electrodes_of(drawing: str, style: str) -> set[str]:
    groups = ElementTree.fromstring(drawing).iter("g")
    return {"".join(group.itertext()) for group in groups if group.get("class", "").endswith(style)}


@pytest.mark.parametrize("name", [*ELECTRODES_10_20, *FINER_ELECTRODES])
def test_every_electrode_of_the_10_10_system_has_its_own_place(name: str) -> None:
    assert is_scalp_electrode(name)
    place = electrode_position(name)
    assert place is not None
    assert math.hypot(*place) <= 1.01
    others = [one for one in (*ELECTRODES_10_20, *FINER_ELECTRODES) if one != name]
    nearest = min(math.dist(place, electrode_position(one) or (9, 9)) for one in others)
    assert nearest > 0.08


def test_odd_numbers_are_left_and_the_front_is_up() -> None:
    for left, right in (("FP1", "FP2"), ("T7", "T8"), ("C3", "C4"), ("O1", "O2"), ("A1", "A2")):
        one, other = electrode_position(left), electrode_position(right)
        assert one is not None
        assert other is not None
        assert one[0] < 0 < other[0]
        assert one == pytest.approx((-other[0], other[1]))
    heights = [electrode_position(name) for name in ("FPZ", "FZ", "CZ", "PZ", "OZ")]
    assert [place[1] for place in heights if place] == pytest.approx([0.8, 0.4, 0.0, -0.4, -0.8])


@pytest.mark.parametrize("name", ["ECG", "EOG", "X1", "", "Q3", "T99"])
def test_what_is_no_electrode_has_no_place(name: str) -> None:
    assert electrode_position(name) is None


def test_pairs_are_lines_and_repeated_ones_lie_beside_each_other() -> None:
    drawing = head_html(CHBMIT_23)
    lines = lines_of(drawing)
    assert len(lines) == 23
    spans = {tuple(line.get(key) for key in ("x1", "y1", "x2", "y2")) for line in lines}
    assert len(spans) == 23
    titles = ["".join(line.itertext()) for line in lines]
    assert titles[0] == "Channel 1: FP1-F7"
    assert "Twice in the list: T8-P8." in drawing
    used = electrodes_of(drawing, "used")
    assert {"Fp1", "FT9", "FT10", "Cz"} <= used


def test_single_electrodes_are_dots_and_what_is_elsewhere_is_named() -> None:
    drawing = head_html(["Fp1", "EEG T3-REF", "ECG"])
    assert lines_of(drawing) == []
    assert electrodes_of(drawing, "single") == {"Fp1", "T7"}
    assert "against the recorder&#39;s reference: 2." in drawing
    assert "Not on the scalp: ECG." in drawing


def test_a_model_for_any_montage_says_so_and_shows_the_common_electrodes() -> None:
    drawing = head_html(None, min_channels=4)
    assert "Any montage: these or other channels in any order, 4 or more." in drawing
    assert len(electrodes_of(drawing, "unused")) == len(ELECTRODES_10_20)


def test_what_a_card_calls_its_channels_is_shown_as_text() -> None:
    drawing = head_html(["<script>alert(1)</script>", '"><b>'])
    assert "<script" not in drawing
    assert "<b>" not in drawing
    assert re.search(r"Not on the scalp: &lt;script&gt;", drawing)


def test_the_drawing_says_in_words_what_it_shows() -> None:
    svg = next(ElementTree.fromstring(head_html(["FP1-F7"])).iter("svg"))
    assert svg.get("role") == "img"
    assert "joined by a line: 1." in (svg.get("aria-label") or "")
