"""The viewer's pure functions, run where they live: in a browser."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from seizure_core.display.pages import PageData, PageRow, quantise
from seizure_core.json_document import read_json
from ui.viewer.script import FOLDER, PARTS, TEXTS_FOLDER, definitions, style
from ui.viewer.server import describe_page

pytestmark = pytest.mark.browser

Run = Callable[[str], Any]


@pytest.mark.parametrize(
    ("seconds", "decimals", "written"),
    [
        (0, 0, "0:00:00"),
        (59.6, 0, "0:01:00"),
        (3599.96, 1, "1:00:00.0"),
        (3725.25, 2, "1:02:05.25"),
        (-0.01, 0, "0:00:00"),
        (-61, 0, "−0:01:01"),  # noqa: RUF001 - the sign of typography
    ],
)
def test_times_are_written_with_hours_and_rounded_as_a_whole(
    run: Run, seconds: float, decimals: int, written: str
) -> None:
    assert run(f"Times.format({seconds}, {decimals})") == written


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", ["0:00:07.25", "1.5 s", "250 ms", "99.5 s", "-2.5", "0.16"]),
        ("it", ["0:00:07,25", "1,5 s", "250 ms", "99,5 s", "-2,5", "0,16"]),
    ],
)
def test_numbers_and_durations_have_the_decimal_sign_of_the_page(
    run: Run, language: str, written: list[str]
) -> None:
    numbers = """[Times.format(7.25, 2), Times.duration(1.5), Times.duration(0.25),
        Times.duration(99.5), texts.number(-2.5, 1), texts.short(0.16)]"""
    shown = f"(() => {{ texts.choose({json.dumps(language)}); return {numbers}; }})()"
    try:
        assert [one.replace("\u2212", "-") for one in run(shown)] == written
    finally:
        run("texts.choose('en')")


def test_clock_times_run_over_midnight_and_say_so(run: Run) -> None:
    assert run("Times.clockStart('2076-11-06T23:59:50.500000')") == 86390.5
    assert run("Times.clockStart(null)") is None
    assert run("Times.clock(9.4, 86390.5)") == "00:00:00 +1"
    assert run("Times.clock(0, 86390.5, 1)") == "23:59:50.5"
    assert run("Times.clock(5, null)") == ""


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("90", 90),
        ("90.5 s", 90.5),
        ("2 min", 120),
        ("1h 2min 3s", 3723),
        ("1h30", 5400),
        ("1'30\"", 90),
        (" 0:25 ", 25),
        ("1:30", 90),
        ("01:30", 90),  # no clock time of this recording: from its start
        ("14:01:05.5", 65.5),
        ("15:00", 3600),
        ("3:00 pm", 3600),
        ("3 PM", None),
        ("14h01", 60),
        ("2076-11-06T14:00:05", 5),
        ("2076-11-06 14:00:05", 5),
        ("16:00:01", None),  # just after the end
        ("+0:00:10", 10),
        ("14:00:05", 5),
        ("14:01", 60),
        ("0:00:07", 7),
        ("1:02:03,5", 3723.5),
        ("99999", None),
        ("soon", None),
        ("", None),
        ("1:2.5:3", None),
        ("-5", None),
    ],
)
def test_a_typed_time_is_found_from_the_start_or_by_the_clock(
    run: Run, typed: str, found: float | None
) -> None:
    assert run(f"Times.locate({json.dumps(typed)}, 14 * 3600, 7200).time_s") == found


def test_a_clock_time_after_midnight_is_found_on_the_next_day(run: Run) -> None:
    assert run("Times.locate('00:00:10', 86390, 3600).time_s") == 20
    assert run("Times.locate('+00:00:10', 86390, 3600).time_s") == 10


def test_ticks_stand_at_full_seconds_of_the_clock_and_have_room(run: Run) -> None:
    assert run("Times.ticks(0.25, 3, 1, 0.5)") == pytest.approx([0.5, 1.5, 2.5])
    for length in (0.1, 1, 10, 600, 86400, 900000):
        step = run(f"Times.tickStep({length}, 1000, 60)")
        assert step / length * 1000 >= 60


def test_pages_arrive_as_they_were_sent(run: Run) -> None:
    rng = np.random.default_rng(1)
    samples = rng.normal(scale=40, size=50).astype(np.float32)
    samples[7] = np.nan
    columns = np.sort(rng.normal(scale=40, size=(2, 30)).astype(np.float32), axis=0)
    rows = []
    for number, (kind, values) in enumerate([("samples", samples), ("extremes", columns)]):
        whole, offset, scale = quantise(values)
        rows.append(
            PageRow(
                row=number,
                kind=kind,  # type: ignore[arg-type]
                values=whole,
                first_s=10.0,
                step_s=0.1,
                offset=offset,
                scale=scale,
                centre=0.0,
            )
        )
    answer = describe_page(PageData(start_s=10, length_s=5, rows=tuple(rows)), [4, 2])
    answer["probability"] = None
    page = f"Signals.unpack({json.dumps(answer)})"
    got = run(f"[...Array(50).keys()].map(i => Signals.valueAt({page}.rows.get(4), 10 + i / 10))")
    assert got[7] is None
    assert [g["low"] for i, g in enumerate(got) if i != 7] == pytest.approx(
        np.delete(samples, 7), abs=0.01
    )
    got = run(
        f"[...Array(30).keys()].map(i => Signals.valueAt({page}.rows.get(2), 10.05 + i / 10))"
    )
    assert [g["low"] for g in got] == pytest.approx(columns[0], abs=0.01)
    assert [g["high"] for g in got] == pytest.approx(columns[1], abs=0.01)
    assert run(f"Signals.extremes([{page}.rows.get(2)], 10.31, 10.59)") == pytest.approx(
        {"low": float(columns[0, 3:6].min()), "high": float(columns[1, 3:6].max())}, abs=0.01
    )


def test_the_cycles_of_a_rhythm_are_counted_timed_and_measured_from_trough_to_crest(
    run: Run,
) -> None:
    def part(wave: str, kind: str = "samples") -> str:
        values = f"Array.from({{length: 512}}, (_, i) => {wave})"
        facts = f"kind: '{kind}', n: 256, first_s: 0, step_s: 1 / 256, offset: 3, scale: 0.1"
        return f"[{{{facts}, values: {values}}}]"

    sine = "1000 * Math.sin(2 * Math.PI * 5 * (i % 256) / 256)"
    rough = f"{sine} + 150 * Math.sin(2 * Math.PI * 60 * i / 256)"
    for wave, kind in ((sine, "samples"), (rough, "samples"), (sine, "extremes")):
        found = run(f"Signals.cycles({part(wave, kind)}, 0.05, 0.95)")
        assert found["n"] == 3, wave
        assert found["period_s"] == pytest.approx(0.2, abs=0.004)
        assert found["times"][0] == pytest.approx(0.2, abs=0.004)
        assert found["amplitude"] == pytest.approx(200, rel=0.2)
    assert run(f"Signals.cycles({part(sine)}, 0.05, 0.25)") is None, "less than a cycle"
    assert run(f"Signals.cycles({part(f'i === 99 ? -32768 : {sine}')}, 0.05, 0.95)") is None
    fast = "1000 * Math.sin(2 * Math.PI * 100 * i / 256)"
    assert run(f"Signals.cycles({part(fast)}, 0, 1)") is None, "too few points of each cycle"


def test_what_was_seen_is_kept_as_stretches_and_long_pages_do_not_count(run: Run) -> None:
    seen = "[[0, 10], [10, 20], [40, 50], [45, 60], [5, 8], [0, 300]]"
    added = (
        f"{seen}.reduce((all, [from, to]) => "
        "Seen.add(all, { start_s: from, length_s: to - from }), [])"
    )
    assert run(added) == [[0, 20], [40, 60]]
    assert run(f"Seen.share({added}, 80)") == 0.5


def test_sensitivity_and_paper_speed_are_true_on_a_calibrated_screen(run: Run) -> None:
    assert run("Scale.pxPerUnit(10, 4)") == pytest.approx(0.4)
    assert run("Scale.step(Scale.SENSITIVITIES, 10, 1)") == 15
    assert run("Scale.step(Scale.SENSITIVITIES, 10, -1)") == 7
    assert run("Scale.step(Scale.SENSITIVITIES, 1, -1)") == 1
    assert run("Scale.step(Scale.SENSITIVITIES, 1000, 1)") == 1000
    assert run("Scale.calibration(0.4, 64)") == pytest.approx({"units": 100, "px": 40})
    assert run("[26, 13, 64].map((n) => Scale.background(n, 3.78))") == [15, 7, 30]


def test_rows_are_stacked_evenly_with_a_gap_between_groups(run: Run) -> None:
    laid = run("Scale.layOut(['a', 'a', 'b'], 100, 360)")
    assert laid["rowHeight"] == pytest.approx(100)
    assert laid["middles"] == pytest.approx([150, 250, 410])
    assert run("Scale.nearestRow([150, 250, 410], 340)") == 2
    assert run("Scale.nearestRow([], 340)") == -1


def test_the_view_never_leaves_the_recording_and_pages_keep_their_grid(run: Run) -> None:
    assert run("View.clamp({start_s: -5, length_s: 10}, 60)") == {"start_s": 0, "length_s": 10}
    assert run("View.clamp({start_s: 55, length_s: 10}, 60)") == {"start_s": 50, "length_s": 10}
    assert run("View.clamp({start_s: 5, length_s: 100}, 60)") == {"start_s": 0, "length_s": 60}
    assert run("View.turn({start_s: 40, length_s: 10}, 1, 55)") == {"start_s": 45, "length_s": 10}
    assert run("View.turn({start_s: 45, length_s: 10}, 1, 55)") == {"start_s": 45, "length_s": 10}
    assert run("View.turn({start_s: 45, length_s: 10}, -1, 55)") == {"start_s": 40, "length_s": 10}
    assert run("View.turn({start_s: 51, length_s: 10}, -1, 61)") == {"start_s": 50, "length_s": 10}
    assert run("View.lastPage({start_s: 0, length_s: 10}, 61)") == 51
    assert run("View.pageNumber({start_s: 51, length_s: 10}, 61)") == {"page": 7, "n": 7}
    assert run("View.pageNumber({start_s: 50, length_s: 10}, 61)") == {"page": 6, "n": 7}
    assert run("View.turn({start_s: 4, length_s: 10}, -1, 55)") == {"start_s": 0, "length_s": 10}
    zoomed = run("View.withLength({start_s: 20, length_s: 10}, 5, 60, 25)")
    assert zoomed == {"start_s": 22.5, "length_s": 5}
    assert run("View.around({start_s: 0, length_s: 10}, 30, 4, 60)")["start_s"] == 27
    assert run("View.around({start_s: 0, length_s: 10}, 30, 20, 60)")["start_s"] == 29


@pytest.mark.parametrize(
    ("start_s", "tiles"), [(0, [0]), (10, [1]), (12, [1, 2]), (50, [5]), (45, [4, 5])]
)
def test_a_view_needs_the_tiles_it_touches(run: Run, start_s: float, tiles: list[int]) -> None:
    assert run(f"View.tiles({{start_s: {start_s}, length_s: 10}}, 55)") == tiles


def test_tiles_are_fetched_once_and_answers_to_an_older_question_are_dropped(run: Run) -> None:
    story = """(async () => {
      const page = { data: "", rows: [], fraction: 1, start_s: 0, length_s: 1 };
      let asked = 0, arrived = 0, failed = [];
      let release;
      const cache = new TileCache(() => { asked += 1; return new Promise((r) => (release = r)); },
        () => { arrived += 1; }, (m) => failed.push(m), 2);
      const first = cache.want("a", {});
      cache.want("a", {});
      cache.clear();
      release(page);
      await first;
      const dropped = [asked, arrived, cache.pages.size];
      const second = cache.want("a", {});
      release({ error: "closed" });
      await second;
      for (const key of ["a", "b", "c"]) {
        const wanted = cache.want(key, {});
        release(page);
        await wanted;
      }
      return { dropped, failed, kept: [...cache.pages.keys()] };
    })()"""
    assert run(story) == {"dropped": [1, 0, 0], "failed": ["closed"], "kept": ["b", "c"]}


def test_every_word_is_there_in_every_language_and_none_is_idle() -> None:
    words = {path.stem: read_json(path) for path in TEXTS_FOLDER.glob("*.json")}
    assert all(set(table) == set(words["en"]) for table in words.values())
    assert all(text.strip() for table in words.values() for text in table.values())
    for key, english in words["en"].items():
        places = set(re.findall(r"\{\w+\}", english))
        assert all(set(re.findall(r"\{\w+\}", t[key])) == places for t in words.values()), key
    sources = "".join((FOLDER / "js" / f"{part}.js").read_text(encoding="utf-8") for part in PARTS)
    families = set(re.findall(r"`([\w.]+\.)\$\{", sources))
    unused = [
        key
        for key in words["en"]
        if f'"{key}"' not in sources and not any(key.startswith(family) for family in families)
    ]
    assert unused == []
    used = set(
        re.findall(
            r'(?:texts\.t|[bB]utton|labelled|select|time|filter)\([^"`]*"([a-z]+\.[\w.]+)"', sources
        )
    )
    assert used - set(words["en"]) == set()


def test_every_part_of_the_script_is_served_and_fetches_nothing_from_elsewhere() -> None:
    assert sorted(f"{part}.js" for part in PARTS) == sorted(
        path.name for path in (FOLDER / "js").iterdir()
    )
    assert "http" not in re.sub(r"http://www\.w3\.org/2000/svg", "", definitions() + style())
    assert "import(" not in definitions()
    # Gradio runs the style sheet through two template languages.
    assert not re.search(r"[`\\]|\$\{|\{\{", style())


@pytest.mark.parametrize(
    ("ranges", "chosen"),
    [([], 15), ([40, 60, 80, 2000], 15), ([300, 400, 500, 600], 50), ([9e6] * 4, 1000)],
)
def test_strong_pages_are_drawn_smaller_and_one_loud_channel_counts_for_nothing(
    run: Run, ranges: list[float], chosen: float
) -> None:
    # Rows of 20 px at 4 px/mm: what most traces span may fill two rows.
    assert run(f"Scale.automatic(26, {ranges}, 4)") == chosen


def test_how_far_a_trace_usually_swings_leaves_out_an_artefact(run: Run) -> None:
    values = [10 if i % 2 else -10 for i in range(1000)]
    values[500:520] = [9000] * 20
    part = (
        f'{{kind: "samples", first_s: 0, step_s: 0.01, n: 1000, offset: 0, scale: 1, '
        f"values: {values}}}"
    )
    assert run(f"Signals.usualRange([{part}], 0, 10)") == 20
    assert run("Signals.usualRange([], 0, 10)") is None
