"""The clips of wards: what experts disagree on counts neither as hit nor as alarm."""

from __future__ import annotations

from pathlib import Path

from seizure_core.events.event import Event, seizures_of
from seizure_core.references import write_szcore_tsv
from tests.edf_files import build_edf, random_signals
from training.recipes.measuring import wards_set
from training.recipes.real_pieces import ward_files

CLIP_S = 50
SAID: dict[str, list[Event]] = {
    "SZ_sample1": [Event(onset_s=10.0, duration_s=30.0)],
    "GPD_sample1": [],
    "LPD_sample1": [],
}
_DISPUTED = (
    "onset\tduration\teventType\tconfidence\tchannels\tdateTime\trecordingDuration\n"
    f"0.00\t{CLIP_S}.00\tunlabelled\tn/a\tn/a\t2000-01-01 00:00:00\t{CLIP_S}.00\n"
)


def test_disputed_clips_are_neither_seizures_nor_free_of_them(tmp_path: Path) -> None:
    folder = tmp_path / "iiic"
    folder.mkdir()
    for name in (*SAID, "disputed"):
        build_edf(folder / f"{name}.edf", random_signals(1, 200 * CLIP_S), sampling_rate_hz=200)
        reference = folder / f"{name}_events.tsv"
        if name in SAID:
            write_szcore_tsv(reference, SAID[name], duration_s=CLIP_S)
        else:
            reference.write_text(_DISPUTED, encoding="utf-8")
    assert [file.path.stem for file in ward_files(tmp_path)] == sorted(SAID)
    events = [seizures_of(events) for _, events in wards_set(tmp_path).recordings()]
    assert [len(one) for one in events] == [0, 0, 1]
