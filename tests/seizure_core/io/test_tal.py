from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from seizure_core.io.edf.annotations import Tal, parse_tals
from tests.properties import examples


def test_several_texts_share_one_onset() -> None:
    parsed = parse_tals(b"+1.5\x15" + b"2.25\x14spike\x14wave\x14\x00\x00\x00")
    assert parsed.tals == (Tal(onset_s=1.5, duration_s=2.25, texts=("spike", "wave")),)
    assert parsed.unreadable == ()


def test_the_first_empty_text_marks_the_time_of_a_record_and_may_be_followed_by_remarks() -> None:
    keeping, other = parse_tals(b"+567\x14\x14\x00-0.065\x14Pre\x14\x00").tals
    assert keeping.is_time_keeping
    assert not other.is_time_keeping
    assert other.onset_s == -0.065
    (both,) = parse_tals(b"+0.8\x14\x14Test2\x14").tals
    assert both.is_time_keeping
    assert both.texts == ("", "Test2")


def test_texts_are_utf8_or_else_latin1() -> None:
    utf8, latin1 = parse_tals(
        b"+1\x14"
        + "中文 µ".encode()
        + b"\x14\x00+2\x14"
        + "Schläfe".encode("latin-1")
        + b"\x14\x00"
    ).tals
    assert utf8.texts == ("中文 µ",)
    assert latin1.texts == ("Schläfe",)


def test_a_duration_that_is_none_or_negative_means_none() -> None:
    for raw in (b"+1\x14a\x14", b"+1\x15-1\x14a\x14", b"+1\x15\x14a\x14", b"+1\x15x\x14a\x14"):
        assert parse_tals(raw).tals[0].duration_s is None


def test_a_decimal_comma_is_read_in_onsets_and_durations() -> None:
    (tal,) = parse_tals(b"+20,5\x1512,25\x14sz\x14").tals
    assert tal == Tal(onset_s=20.5, duration_s=12.25, texts=("sz",))


def test_what_is_no_list_is_kept_as_text_and_the_rest_is_read() -> None:
    parsed = parse_tals(b"noise\x00+1\x14a\x14\x00+e5\x14b\x14\x00+1\x00+1e300\x14c\x14")
    assert [tal.texts for tal in parsed.tals] == [("a",)]
    assert parsed.unreadable == ("noise", "b", "+1", "c")


@given(raw=st.binary(max_size=200))
@examples(4)
def test_no_bytes_make_it_fail(raw: bytes) -> None:
    parsed = parse_tals(raw)
    assert len(parsed.tals) + len(parsed.unreadable) <= raw.count(b"\x00") + 1


_TEXT = st.text(
    st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00\x14\x15"), min_size=1
).filter(lambda text: text == text.strip())


@given(
    rows=st.lists(
        st.tuples(
            st.decimals(min_value=-1000, max_value=10**6, places=4),
            st.none() | st.decimals(min_value=0, max_value=10**5, places=3),
            st.lists(_TEXT, min_size=1, max_size=3),
        ),
        max_size=6,
    )
)
@examples(2)
def test_written_lists_are_read_back(rows: list) -> None:
    raw = b""
    for onset, length, texts in rows:
        extent = "" if length is None else f"\x15{length}"
        raw += "\x14".join([f"{onset:+}{extent}", *texts, "\x00"]).encode()
    parsed = parse_tals(raw)
    assert parsed.unreadable == ()
    assert [(t.onset_s, t.duration_s, list(t.texts)) for t in parsed.tals] == [
        (float(onset), None if length is None else float(length), texts)
        for onset, length, texts in rows
    ]
