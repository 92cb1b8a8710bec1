"""Annotations of public databases as they are published, and as MNE saves them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from seizure_core.errors import ReferenceFileError
from seizure_core.io.opening import open_recording
from seizure_core.references import Reference, read_reference
from seizure_core.references.check import check_folder
from tests.edf_files import build_edf
from tests.seizure_core.reference_texts import BLOCK, PN01, SEIZEIT1

MNE_TXT = "# MNE-Annotations\n{date}# onset, duration, description\n"


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def spans(reference: Reference) -> list[tuple[float, float]]:
    return [(event.onset_s, event.offset_s) for event in reference.events]


def doubtful(reference: Reference) -> list[tuple[float, float]]:
    return [(event.onset_s, event.offset_s) for event in reference.uncertain]


def messages(reference: Reference) -> str:
    return " | ".join(finding.message for finding in reference.findings)


def siena(folder: Path, text: str, recording: str) -> Reference:
    return read_reference(write(folder, "Seizures-list-PN00.txt", text), recording_name=recording)


def test_clock_times_of_a_siena_list_count_from_its_registration(tmp_path: Path) -> None:
    first = siena(tmp_path, PN01, "PN01-1.edf")  # the list calls it PN01.edf
    assert (first.format, first.duration_s) == ("Siena seizure list", 48537.0)
    assert spans(first) == [(10218.0, 10272.0), (46353.0, 46427.0)]  # the second after midnight
    assert first.findings == ()


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("PN00-1.edf", "19.58.36", "19.59.46"),
        ("PN00-1", "19:58:36", "19:59:46"),
        ("pn00-1.EDF ", "19:58.36", "19.59:46"),
        ("PNO0-1.edf", "1 9.58.36", " 19.59.46 "),
        ("PN00-1.edf", "19-58-36", "19 - 59 - 46"),
        ("PN00-1.edf", "19.58.36 (CLINICAL ONSET); 19.58.40 (ELECTRIC ONSET)", "19.59.46"),
        ("PN00-1.edf", "19.58.36", "20.59.46"),  # after the recording: the hour is mistyped
        ("PN00-1.edf", "19.58.36", "18.59.46"),  # before its start: likewise
    ],
)
def test_irregular_names_and_times_of_a_siena_list_are_read(
    tmp_path: Path, name: str, start: str, end: str
) -> None:
    reference = siena(tmp_path, BLOCK.format(name=name, start=start, end=end), "PN00-1.edf")
    assert spans(reference) == [(1143.0, 1213.0)]
    assert reference.uncertain == ()
    is_plain = len(start) < 10 and end.strip().startswith("19")
    assert bool(reference.findings) is not is_plain


@pytest.mark.parametrize(
    ("old", "new", "stretch"),
    [
        ("Seizure end time: 19.59.46\n", "", (1143.0, float("inf"))),
        ("Seizure start time: 19.58.36\n", "", (0.0, 1213.0)),
        ("19.58.36", "19.5x.36", (0.0, 1213.0)),
        ("19.58.36", "03.58.36", (0.0, float("inf"))),
        ("Registration start time: 19.39.33\n", "", (0.0, float("inf"))),
    ],
)
def test_what_a_siena_list_leaves_open_is_uncertain_and_said(
    tmp_path: Path, old: str, new: str, stretch: tuple[float, float]
) -> None:
    text = BLOCK.format(name="PN00-1.edf", start="19.58.36", end="19.59.46")
    assert old in text
    reference = siena(tmp_path, text.replace(old, new), "PN00-1.edf")
    assert reference.events == ()
    assert doubtful(reference) == [stretch]
    assert "count neither as seizure nor as background" in messages(reference)


def test_a_seizure_of_an_unnamed_recording_may_belong_to_any(tmp_path: Path) -> None:
    text = BLOCK.format(name="PN00-1.edf", start="19.58.36", end="19.59.46")
    text += (
        "Seizure n 2\nRegistration start time: 08.00.00\nSeizure start time: 08.10.00\n"
        "Seizure end time: 08.11.00\n"
    )
    reference = siena(tmp_path, text, "PN00-1.edf")
    assert spans(reference) == [(1143.0, 1213.0)]
    assert doubtful(reference) == [(0.0, 1143.0), (1213.0, float("inf"))]
    assert "Seizure 2 names no recording" in messages(reference)


def test_the_header_knows_better_when_a_siena_list_contradicts_itself(tmp_path: Path) -> None:
    path = build_edf(tmp_path / "PN14-3.edf", [[0.0] * 3600], sampling_rate_hz=1,
                     start_time="19.17.45")  # fmt: skip
    text = (
        "Seizure n 3\nFile name: PN14-3.edf\nRegistration start time: 16.17.45\n"
        "Registration end time: 20.17.45\nSeizure start time: 19.30.05\n"
        "Seizure end time: 19.31.05\n"
    )
    listed = write(tmp_path, "Seizures-list-PN14.txt", text)
    reference = read_reference(listed, recording=open_recording(path))
    assert spans(reference) == [(740.0, 800.0)]
    assert "its header 19:17:45, which fits its length" in messages(reference)
    alone = read_reference(listed)
    assert spans(alone) == [(11540.0, 11600.0)]


def test_a_list_that_lacks_a_recording_is_refused_with_what_it_has(tmp_path: Path) -> None:
    with pytest.raises(ReferenceFileError, match=r"does not describe PN02-1\.edf"):
        siena(tmp_path, PN01, "PN02-1.edf")


def test_a_siena_list_cut_off_before_its_first_seizure_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReferenceFileError, match="lists no seizure; the file may be cut off"):
        siena(tmp_path, PN01[: PN01.index("Seizure n 1")], "PN01-1.edf")


def test_annotations_of_seizeit1_are_read_with_their_gaps(tmp_path: Path) -> None:
    reference = read_reference(write(tmp_path, "P_ID64_r4_a1.tsv", SEIZEIT1))
    assert reference.format == "SeizeIT1 annotations"
    assert spans(reference) == [(6319.0, 6339.0), (11512.0, 11544.0)]
    assert [event.event_type for event in reference.events] == ["sz_foc_ia", "sz_foc_f2b"]
    assert doubtful(reference) == [(100.0, 6319.0), (13962.0, float("inf"))]
    assert "row 13 has no end" in messages(reference)
    assert "row 16 has no end" in messages(reference)
    empty = read_reference(write(tmp_path, "P_ID64_r5_a1.tsv", SEIZEIT1.split("\n\n")[0]))
    assert (empty.events, empty.uncertain) == ((), ())
    with pytest.raises(
        ReferenceFileError, match="row 13, column 'onset': 'soon' is not a number of seconds"
    ):
        read_reference(write(tmp_path, "b.tsv", SEIZEIT1.replace("100\t", "soon\t")))


MNE_ROWS = [
    ("139.0", "12.5", "Seizure"),
    ("200.5", "0.0", "sz start"),
    ("300.0", "0.0", "sz end"),
    ("320.0", "3.0", "seizure? left, or not"),
    ("400.0", "1.0", "BAD_blink"),
]


def mne_txt(date: str = "") -> str:
    rows = "\n".join(",".join(row) for row in MNE_ROWS)
    return MNE_TXT.format(date=f"# orig_time : {date}\n" if date else "") + rows + "\n"


def mne_csv(start: datetime) -> str:
    rows = []
    for onset, duration, text in MNE_ROWS:
        at = datetime.fromtimestamp(start.timestamp() + float(onset)).isoformat(" ")
        rows.append(f'{at},{duration},"{text}"')
    return "onset,duration,description\n" + "\n".join(rows) + "\n"


@pytest.mark.parametrize("form", ["txt", "txt with a date", "csv"])
def test_annotations_saved_by_mne_without_a_date_are_read(tmp_path: Path, form: str) -> None:
    if form == "csv":
        path = write(tmp_path, "a_annot.csv", mne_csv(datetime(1970, 1, 1)))
    else:
        date = "2002-12-03 19:01:11.720100" if form.endswith("date") else ""
        path = write(tmp_path, "a_annot.txt", mne_txt(date))
    reference = read_reference(path)
    assert reference.format == "MNE annotations"
    assert spans(reference) == [(139.0, 151.5), (200.5, 300.0)]
    assert doubtful(reference) == [(320.0, 323.0)]


@pytest.mark.parametrize("name", ["a_annot.csv", "a-annot.txt"])
def test_dates_of_mne_count_from_the_start_of_the_recording(tmp_path: Path, name: str) -> None:
    """The file says 04:05:00, the recording begins 6 s later."""
    recording = open_recording(build_edf(tmp_path / "a.edf", [[0.0] * 500], sampling_rate_hz=1))
    assert recording.start_time == datetime(2021, 3, 2, 4, 5, 6)
    date = datetime(2021, 3, 2, 4, 5, 0)
    text = mne_csv(date) if name.endswith("csv") else mne_txt(date.isoformat(" "))
    path = write(tmp_path, name, text)
    assert spans(read_reference(path, recording=recording)) == [(133.0, 145.5), (194.5, 294.0)]
    if name.endswith("csv"):
        with pytest.raises(ReferenceFileError, match="when the recording started is not known"):
            read_reference(path)


def test_channels_of_mne_are_kept(tmp_path: Path) -> None:
    text = "onset,duration,description,ch_names\n1970-01-01,12.5,seizure,Fp1:F7\n"
    (event,) = read_reference(write(tmp_path, "a.csv", text)).events
    assert (event.onset_s, event.channels) == (0.0, ("Fp1", "F7"))
    text = "# MNE-Annotations\n# onset, duration, description, ch_names\n1,2,seizure,Fp1:F7\n"
    (event,) = read_reference(write(tmp_path, "a.txt", text)).events
    assert (event.onset_s, event.channels) == (1.0, ("Fp1", "F7"))


def test_a_bad_row_of_mne_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        ReferenceFileError, match="row 3, column 'onset': 'x' is not a number of seconds"
    ):
        read_reference(write(tmp_path, "a.txt", MNE_TXT.format(date="") + "x,2,seizure\n"))


def test_a_folder_of_these_is_checked_against_its_recordings(tmp_path: Path) -> None:
    build_edf(tmp_path / "PN00-1.edf", [[0.0] * 2605], sampling_rate_hz=1, start_time="19.39.33")
    write(tmp_path, "Seizures-list-PN00.txt",
          BLOCK.format(name="PN00-1.edf", start="19.58.36", end="19.59.46"))  # fmt: skip
    build_edf(tmp_path / "P_ID64_r4.edf", [[0.0] * 14000], sampling_rate_hz=1)
    write(tmp_path, "P_ID64_r4_a1.tsv", SEIZEIT1.replace("100\tNone", "100\t130"))
    build_edf(tmp_path / "m.edf", [[0.0] * 500], sampling_rate_hz=1)
    write(tmp_path, "m_annot.txt", mne_txt().replace("139.0,", "495.0,"))
    report = check_folder(tmp_path)
    assert (report.n_recordings, report.n_described, report.n_seizures) == (3, 3, 6)
    said = "\n".join(issue.message for issue in report.issues)
    assert "m.edf: by m_annot.txt: The event 495 to 507.5 s reaches past" in said
    assert "P_ID64_r4_a1.tsv: The seizure of row 16 has no end" in said
    assert "PN00" not in said
