from __future__ import annotations

import struct
from datetime import datetime
from pathlib import Path

import pytest

from seizure_core.errors import ReferenceFileError
from seizure_core.events.event import Event
from seizure_core.references import Reference, read_reference
from seizure_core.references.readers.chbmit import parse_summary

SZCORE_HEAD = "onset\tduration\teventType\tconfidence\tchannels\tdateTime\trecordingDuration\n"
SUMMARY = """Data Sampling Rate: 256 Hz
*************************
Channels in EDF Files:
**********************
Channel 1: FP1-F7
Channel 2: -

File Name: a_01.edf
File Start Time: 23:42:54
File End Time:  24:02:26
Number of Seizures in File: 2
Seizure 1 Start Time:  10 seconds
Seizure 1 End Time:   20 seconds
Seizure 2 Start Time: 30 seconds
Seizure 2 End Time: 41 seconds

Channels changed:
Channel 1: FP1
Channel 2: F7
Channel 3: ECG

File Name: a_02.edf
File Start Time: 3:47:56
File End Time: 04:47:56
Number of Seizures in File: 1
Seizure Start Time: 5 seconds
Seizure End Time: 6 seconds
"""


def read(tmp_path: Path, name: str, content: str | bytes, **arguments: str) -> Reference:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_reference(path, **arguments)


def spans(reference: Reference) -> list[tuple[float, float]]:
    return [(event.onset_s, event.offset_s) for event in reference.events]


def messages(reference: Reference) -> str:
    return " ".join(finding.message for finding in reference.findings)


# --- tables -------------------------------------------------------------------------------


def test_a_szcore_table_is_read_with_all_it_says(tmp_path: Path):
    reference = read(
        tmp_path,
        "x_events.tsv",
        SZCORE_HEAD + "304.56\t121.14\tsz-foc-ia\t0.75\tF7-T7,T7-P7\t2076-11-06 13:43:04\t3600.00\n"
        "36.89\t200.32\tsz\tn/a\tall\t2076-11-06 13:43:04\t3600.00\n",
    )
    assert reference.format == "SzCORE TSV"
    assert reference.events == (
        Event(onset_s=36.89, duration_s=200.32),
        Event(
            onset_s=304.56,
            duration_s=121.14,
            event_type="sz_foc_ia",
            confidence=0.75,
            channels=("F7-T7", "T7-P7"),
        ),
    )
    assert reference.duration_s == 3600.0
    assert reference.start_time == datetime(2076, 11, 6, 13, 43, 4)
    assert reference.findings == ()


def test_a_background_row_or_no_row_means_no_seizure(tmp_path: Path):
    row = "0.00\t41.00\tbckg\tn/a\tn/a\t2000-01-01 00:00:00\t41.00\n"
    background = read(tmp_path, "a.tsv", SZCORE_HEAD + row)
    assert (background.events, background.duration_s) == ((), 41.0)
    assert background.start_time is None  # the date that stands for a hidden one
    assert background.findings == ()
    header_only = read(tmp_path, "b.tsv", SZCORE_HEAD)
    assert header_only.events == ()
    assert "no row" in messages(header_only)


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ("x\t2\tsz\tn/a\tn/a\tn/a\t9", "row 3, column 'onset': 'x' is not a number"),
        ("1\tn/a\tsz\tn/a\tn/a\tn/a\t9", "row 3, column 'duration'"),
        ("1\tnan\tsz\tn/a\tn/a\tn/a\t9", "row 3, column 'duration'"),
        ("1\t0\tsz\tn/a\tn/a\tn/a\t9", "row 3, column 'duration': the event at 1 s"),
        ("1\t-2\tsz\tn/a\tn/a\tn/a\t9", "row 3, column 'duration'"),
        ("1\t2\tsz\t1.5\tn/a\tn/a\t9", "row 3, column 'confidence': '1.5'"),
        ("1\t2\tsz\tn/a\tn/a\tyesterday\t9", "row 3, column 'datetime': 'yesterday'"),
        ("1\t2\tsz\tn/a\tn/a\tn/a\tlong", "row 3, column 'recordingduration'"),
        ("1\t2\tsz\tn/a\tn/a\tn/a\t0", "row 3, column 'recordingduration'"),
        ("1", "row 3, column 'onset'|row 3, column 'duration'"),
    ],
)
def test_a_bad_row_is_named_by_row_and_column(tmp_path: Path, row: str, named: str):
    text = SZCORE_HEAD + "1.0\t2.0\tbckg\tn/a\tn/a\tn/a\t9\n" + row + "\n"
    if row == "1":
        text = "onset\tduration\n1\t2\n1\n"
    with pytest.raises(ReferenceFileError, match=rf"a\.tsv: {named}"):
        read(tmp_path, "a.tsv", text)


def test_events_outside_the_recording_are_kept_and_said(tmp_path: Path):
    rows = "-5\t10\tsz\tn/a\tn/a\tn/a\t60\n55\t10\tsz\tn/a\tn/a\tn/a\t60\n"
    reference = read(tmp_path, "a.tsv", SZCORE_HEAD + rows)
    assert spans(reference) == [(-5.0, 5.0), (55.0, 65.0)]
    assert "-5 to 5 s begins before the recording" in messages(reference)
    assert "55 to 65 s reaches past the recording's end at 60 s" in messages(reference)


def test_other_events_than_seizures_are_left_out_and_said(tmp_path: Path):
    rows = "1\t2\timpd\tn/a\tn/a\tn/a\t60\n3\t2\timpd\tn/a\tn/a\tn/a\t60\n"
    reference = read(tmp_path, "a.tsv", SZCORE_HEAD + rows)
    assert reference.events == ()
    assert "'impd' (2)" in messages(reference)


def test_rows_that_disagree_about_the_recording_are_said(tmp_path: Path):
    rows = "1\t2\tsz\tn/a\tn/a\tn/a\t60\n3\t2\tsz\tn/a\tn/a\tn/a\t61\n"
    reference = read(tmp_path, "a.tsv", SZCORE_HEAD + rows)
    assert reference.duration_s == 60.0
    assert "different lengths" in messages(reference)


def test_bids_events_are_read_by_column_name(tmp_path: Path):
    reference = read(
        tmp_path,
        "sub-01_events.tsv",
        "onset\tduration\tsample\ttrial_type\n18\tn/a\t9\tblink\n20.5\t30\t9\tSeizure 1\n",
    )
    assert (reference.format, spans(reference)) == ("BIDS events", [(20.5, 50.5)])
    assert "'blink' (1)" in messages(reference)
    untyped = read(tmp_path, "b.tsv", "onset\tduration\n1\t2\n")
    assert spans(untyped) == [(1.0, 3.0)]
    assert "all rows count as seizures" in messages(untyped)


@pytest.mark.parametrize(
    ("columns", "cells"),
    [
        ("trial_type\tvalue", ("n/a\tseizure", "n/a\tblink")),
        ("trial_type\tvalue", ("annotation\tSeizure 1", "annotation\tblink")),
        ("trial_type\tvalue", ("seizure\t7", "stimulus\t1")),  # 1 is the code of a trigger
        ("type\tseizure", ("clip\t1", "clip\t0")),
        ("type\tdescription", ("n/a\tsz_foc", "bckg\tlooks like a seizure")),
    ],
)
def test_a_seizure_is_found_in_whichever_column_names_it(
    tmp_path: Path, columns: str, cells: tuple[str, str]
):
    rows = f"onset\tduration\t{columns}\n20.5\t30\t{cells[0]}\n80\t5\t{cells[1]}\n"
    reference = read(tmp_path, "a_events.tsv", rows)
    assert spans(reference) == [(20.5, 50.5)]
    assert reference.uncertain == ()


def test_a_row_without_a_type_is_told(tmp_path: Path):
    reference = read(tmp_path, "a.tsv", "onset\tduration\teventType\n20\t30\t\n60\t9\tsz\n")
    assert spans(reference) == [(60.0, 69.0)]
    assert "not taken as seizures: '' (1)" in messages(reference)


@pytest.mark.parametrize(
    "text",
    [
        "onset,duration\n12.5,30\n",
        "start,stop\n12.5,42.5\n",
        "Start (s);End (s);Type\n12,5;42,5;crisi\n1;2;artefatto\n",
        "\ufeffonset_s,duration_s,event_type\r\n12.5,30,sz\r\n",
        "onset|duration|label\n12.5|30|1\n50|3|0\n",
        'onset,duration,label,note\n12.5,30,"sz","a, b"\n',
    ],
)
def test_plain_tables_of_many_spellings_are_read(tmp_path: Path, text: str):
    reference = read(tmp_path, "events.csv", text)
    assert (reference.format, spans(reference)) == ("CSV", [(12.5, 42.5)])


def test_a_table_of_windows_is_refused_with_advice(tmp_path: Path):
    with pytest.raises(ReferenceFileError, match="table of windows"):
        read(tmp_path, "a.csv", "start_s,stop_s,probability,seizure\n0,30,0.1,0\n")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"  \n \n", "empty"),
        (b"hello world", "not a known annotation file"),
        (b"1,2\n3,4\n", "not a known annotation file"),
        (b"onset,onset,duration\n1,2,3\n", "'onset' occurs twice"),
        (b"\x00\x01\x02\x03", "neither a text"),
        (b"x" * (16 * 1024 * 1024 + 1), "larger than 16 MiB"),
        (b"onset,duration\n" + b"1,2\n" * 200_001, "rows, a reference at most"),
    ],
)
def test_what_is_no_reference_is_refused(tmp_path: Path, content: bytes, reason: str):
    with pytest.raises(ReferenceFileError, match=reason):
        read(tmp_path, "a.csv", content)


def test_a_file_that_cannot_be_opened_is_refused(tmp_path: Path):
    for path in (tmp_path / "absent.tsv", tmp_path, "zero\0byte"):
        with pytest.raises(ReferenceFileError):
            read_reference(path)


def test_the_shown_name_can_differ_from_the_stored_one(tmp_path: Path):
    with pytest.raises(ReferenceFileError, match=r"^mine\.csv: "):
        read(tmp_path, "3f2a", b"nothing", file_name="mine.csv")


def test_text_in_other_encodings_is_read(tmp_path: Path):
    text = "onset\tduration\ttrial_type\n1\t2\tCrisi è\n3\t4\tcrisi\n"
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "latin-1"):
        assert spans(read(tmp_path, "a.tsv", text.encode(encoding))) == [(3.0, 7.0)]


# --- TUSZ ---------------------------------------------------------------------------------

TUSZ_HEAD = "# version = csv_v1.0.0\n# bname = x\n# duration = 2249.00 secs\n#\n"
TUSZ_COLUMNS = "channel,start_time,stop_time,label,confidence\n"


def test_tusz_binary_annotations_are_read(tmp_path: Path):
    rows = "TERM,0.0000,1162.5973,bckg,1.0000\nTERM,1162.5973,1245.4228,seiz,1.0000\n"
    reference = read(tmp_path, "x.csv_bi", TUSZ_HEAD + TUSZ_COLUMNS + rows)
    assert (reference.format, reference.duration_s) == ("TUSZ csv", 2249.0)
    (event,) = reference.events
    assert (event.onset_s, event.confidence, event.channels) == (1162.5973, 1.0, ())
    assert event.offset_s == pytest.approx(1245.4228)


def test_tusz_rows_of_several_channels_that_overlap_are_one_event(tmp_path: Path):
    rows = (
        "FP1-F7,10,20,fnsz,1.0\nF7-T3,12,25,fnsz,0.9\nT3-T5,25,30,fnsz,1.0\n"
        "FP1-F7,40,50,cpsz,1.0\nF7-T3,41,49,tcsz,1.0\nFP1-F7,0,5,artf,1.0\n"
    )
    reference = read(tmp_path, "x.csv", TUSZ_HEAD + TUSZ_COLUMNS + rows)
    first, second = reference.events
    assert (first.onset_s, first.offset_s, first.event_type) == (10.0, 30.0, "sz_foc")
    assert first.channels == ("FP1-F7", "F7-T3", "T3-T5")
    assert (second.onset_s, second.offset_s, second.event_type) == (40.0, 50.0, "sz")
    assert "artf" in messages(reference)


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        (TUSZ_COLUMNS + "TERM,1,x,seiz,1\n", "row 6, column 'stop_time'"),
        (TUSZ_COLUMNS + "TERM,5,2,seiz,1\n", "row 6, column 'stop_time': 2 s is not after"),
        ("channel,start_time,label\n", "'stop_time' is missing"),
    ],
)
def test_a_bad_tusz_row_is_named(tmp_path: Path, rows: str, named: str):
    with pytest.raises(ReferenceFileError, match=named):
        read(tmp_path, "x.csv", TUSZ_HEAD + rows)


# --- CHB-MIT ------------------------------------------------------------------------------


def test_a_summary_is_read_with_all_its_spellings():
    first, second = parse_summary(SUMMARY, "s.txt").recordings
    assert first.channels == ("FP1-F7", "-")
    assert (first.start_clock_s, first.end_clock_s) == (85374.0, 86546.0)
    assert first.duration_s == 1172.0
    assert [(e.onset_s, e.offset_s) for e in first.events] == [(10.0, 20.0), (30.0, 41.0)]
    assert second.channels == ("FP1", "F7", "ECG")
    assert (second.duration_s, second.sampling_rate_hz) == (3600.0, 256.0)


def test_recordings_past_midnight_have_their_length():
    text = "File Name: a.edf\nFile Start Time: 23:50:00\nFile End Time: 0:10:00\n"
    (recording,) = parse_summary(text, "s.txt").recordings
    assert recording.duration_s == 1200.0


def test_a_summary_of_several_recordings_asks_which(tmp_path: Path):
    with pytest.raises(ReferenceFileError, match=r"2 recordings, a_01.edf to a_02.edf"):
        read(tmp_path, "s.txt", SUMMARY)
    assert spans(read(tmp_path, "s.txt", SUMMARY, recording_name="a_02.edf")) == [(5.0, 6.0)]
    with pytest.raises(ReferenceFileError, match="Did you mean a_0"):
        read(tmp_path, "s.txt", SUMMARY, recording_name="a_03.edf")


def test_a_summary_whose_counts_disagree_is_told(tmp_path: Path):
    text = SUMMARY.replace("in File: 2", "in File: 3")
    reference = read(tmp_path, "s.txt", text, recording_name="a_01.edf")
    assert "said to have 3 seizure(s), 2 are listed" in messages(reference)


@pytest.mark.parametrize(
    ("wrong", "instead", "named"),
    [
        ("Seizure 1 End Time:   20 seconds\n", "", "line 12: a seizure starts here"),
        ("Seizure 1 Start Time:  10 seconds\n", "", "line 12: a seizure ends here"),
        ("20 seconds", "2 seconds", "line 13: a seizure ends at 2 s but starts at 10 s"),
        ("10 seconds", "ten seconds", "line 12: 'ten' is not a valid time"),
        ("23:42:54", "23:42", "line 9: '23:42' is not a clock time"),
        ("in File: 2", "in File: two", "line 11: 'two' is not a number"),
    ],
)
def test_a_bad_line_of_a_summary_is_named(wrong: str, instead: str, named: str):
    with pytest.raises(ReferenceFileError, match=named):
        parse_summary(SUMMARY.replace(wrong, instead, 1), "s.txt")


def words(*values: int) -> bytes:
    return struct.pack(f"<{len(values)}H", *values)


def skip(ticks: int) -> bytes:
    raw = ticks & 0xFFFFFFFF
    return words(59 << 10, raw >> 16, raw & 0xFFFF)


NOTE = words(22 << 10, 63 << 10 | 23) + b"## time resolution: 256" + b"\0"
START, END = 32 << 10, 33 << 10
ONE = NOTE + skip(766_976) + words(START) + skip(10_240) + words(END, 0)


def test_binary_annotations_are_decoded(tmp_path: Path):
    assert spans(read(tmp_path, "chb01_03.edf.seizures", ONE)) == [(2996.0, 3036.0)]
    assert spans(read(tmp_path, "renamed", ONE)) == [(2996.0, 3036.0)]


def test_binary_annotations_of_other_kinds_are_passed_over(tmp_path: Path):
    noise = words(60 << 10 | 5, 61 << 10 | 1, 62 << 10 | 2, 1 << 10 | 128)
    reference = read(tmp_path, "a.seizures", NOTE + noise + words(START | 128, END | 256, 0))
    assert spans(reference) == [(1.0, 2.0)]
    unstated = read(tmp_path, "b.seizures", words(START | 256, END | 256, 0))
    assert spans(unstated) == [(1.0, 2.0)]
    assert "256 ticks a second are assumed" in messages(unstated)
    assert read(tmp_path, "c.seizures", NOTE + words(0)).events == ()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (ONE[:-2], "cut off"),
        (ONE[:41], "cut off"),
        (NOTE + skip(256) + words(START, 0), "starts at 1 s does not end"),
        (NOTE + skip(256) + words(END, 0), "ends at 1 s that did not start"),
        (NOTE + words(START, START | 256, 0), "starts at 1 s before the last has ended"),
        (NOTE + words(START, END, 0), "did not start before"),
        (NOTE + skip(-512) + words(START, 0), "impossible time"),
        (NOTE.replace(b"256", b"000") + words(0), "0 ticks a second"),
        (b"", "cut off"),
    ],
)
def test_broken_binary_annotations_are_refused(tmp_path: Path, content: bytes, reason: str):
    with pytest.raises(ReferenceFileError, match=reason):
        read(tmp_path, "a.edf.seizures", content)
