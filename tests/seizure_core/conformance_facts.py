"""What must be true of each test file of other EDF libraries, found by reading their bytes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What must be true of one file.

    `rates` counts channels by sampling rate; `findings` are words that must be said, one each,
    and no other finding may be there; `pyedflib_refuses` quotes pyedflib where it does not open
    the file, so that edfio alone is the second reader.
    """

    format: str
    duration_s: float
    start_time: datetime
    rates: dict[float, int]
    n_annotations: int = 0
    n_voltages: int | None = None
    segments: tuple[tuple[float, float], ...] = ()
    findings: tuple[str, ...] = ()
    pyedflib_refuses: str = ""
    pyedflib_sees_annotations: bool = True


GENERATOR_START = datetime(2011, 4, 4, 12, 57, 2)
SUB_SECOND_START = datetime(2020, 1, 24, 4, 5, 56, 394531)
EDF_READER_START = datetime(2009, 12, 10, 12, 44, 2)
SLEEP_START = datetime(1989, 4, 24, 16, 13)
SLEEP_FINDINGS = (
    "name no unit and stay as stored: Resp oro-nasal, Event marker",
    "'DegC', which is not a voltage, and are not converted: Temp rectal",
)

FACTS = {
    "edfReader/edfAnnonC.edf": Facts(
        format="EDF+C",
        duration_s=1.2,
        start_time=datetime(2000, 1, 1, 14, 15, 16, 700_000),
        rates={30_000: 1, 20_000: 1},
        n_annotations=8,
    ),
    "edfReader/edfPlusC.edf": Facts(
        format="EDF+C",
        duration_s=20,
        start_time=EDF_READER_START,
        rates={200: 11},
        n_annotations=2,
    ),
    "edfReader/edfPlusD.edf": Facts(
        format="EDF+D",
        duration_s=20,
        start_time=EDF_READER_START,
        rates={200: 11},
        n_annotations=1,
        segments=((0, 1), (2, 1), (4, 6), (12, 1), (15, 1), (19, 1)),
        findings=("interrupted 5 times; 9 s are missing: 1 to 2 s, 3 to 4 s, 10 to 12 s",),
        pyedflib_refuses="discontinuous",
    ),
    "edfio/SC4001EC-Hypnogram.bdf": Facts(
        format="BDF+C",
        duration_s=0,
        start_time=SLEEP_START,
        rates={},
        n_annotations=154,
        findings=("no signals, only annotations",),
    ),
    "edfio/SC4001EC-Hypnogram.edf": Facts(
        format="EDF+C",
        duration_s=0,
        start_time=SLEEP_START,
        rates={},
        n_annotations=154,
        findings=("no signals, only annotations",),
    ),
    "edfio/short_psg.bdf": Facts(
        format="BDF",
        duration_s=300,
        start_time=SLEEP_START,
        rates={100: 3, 1: 4},
        n_voltages=4,
        findings=SLEEP_FINDINGS,
    ),
    "edfio/short_psg.edf": Facts(
        format="EDF",
        duration_s=300,
        start_time=SLEEP_START,
        rates={100: 3, 1: 4},
        n_voltages=4,
        findings=SLEEP_FINDINGS,
    ),
    "edfio/test_subsecond.edf": Facts(
        format="EDF+C",
        duration_s=698,
        start_time=SUB_SECOND_START,
        rates={128: 1},
        n_annotations=4,
        findings=("an inverted signal, turned back on reading) in: Fp1",),
    ),
    "mne/duplicate_channel_labels.edf": Facts(
        format="EDF+C",
        duration_s=10,
        start_time=datetime(2018, 4, 1, 14, 12, 44),
        rates={250: 3},
        findings=("Labels that repeat: 'EEG F1-Ref' (2 times)",),
    ),
    "mne/test.bdf": Facts(
        format="BDF",
        duration_s=1,
        start_time=datetime(2013, 8, 1, 13, 21, 46),
        rates={2048: 73},
        n_voltages=72,
        findings=("trigger codes, no voltage: Status",),
        pyedflib_refuses="Number of Datarecords",
    ),
    "mne/test_bdf_stim_channel.bdf": Facts(
        format="BDF",
        duration_s=10,
        start_time=datetime(2015, 3, 19, 8, 4, 1),
        rates={500: 4},
        n_voltages=3,
        findings=("trigger codes, no voltage: Status",),
    ),
    "mne/test_edf_stim_channel.edf": Facts(
        format="EDF",
        duration_s=9.59375,
        start_time=datetime(2015, 6, 2, 10, 41, 57),
        rates={128: 25},
    ),
    "mne/test_uneven_samp.edf": Facts(
        format="EDF",
        duration_s=110,
        start_time=datetime(2000, 7, 13, 12, 5, 48),
        rates={100: 1, 12.8: 1},
    ),
    "pyedflib/test_generator.bdf": Facts(
        format="BDF+C",
        duration_s=30,
        start_time=datetime(2000, 1, 1),
        rates={1000: 1, 800: 1, 500: 1, 975: 1, 999: 1},
    ),
    "pyedflib/test_generator.edf": Facts(
        format="EDF+C",
        duration_s=600,
        start_time=GENERATOR_START,
        rates={200: 11},
        n_annotations=2,
    ),
    "pyedflib/test_legacy.edf": Facts(
        format="EDF",
        duration_s=600,
        start_time=GENERATOR_START,
        rates={200: 11},
        n_annotations=2,
        findings=("says plain EDF, but the file has an annotation signal",),
        pyedflib_sees_annotations=False,
    ),
    "pyedflib/test_subsecond.edf": Facts(
        format="EDF+C",
        duration_s=698,
        start_time=SUB_SECOND_START,
        rates={128: 1},
        n_annotations=4,
        findings=("an inverted signal, turned back on reading) in: Fp1",),
    ),
    "pyedflib/test_utf8.edf": Facts(
        format="EDF+C",
        duration_s=698,
        start_time=SUB_SECOND_START,
        rates={128: 1},
        n_annotations=5,
        findings=("an inverted signal, turned back on reading) in: Fp1",),
    ),
}
# No file of the folder is refused: one that were would need its reason here.
