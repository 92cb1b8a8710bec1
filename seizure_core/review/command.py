"""The command `review`: a list of candidates that a script can drive or audit."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from seizure_core.batch.planning import tasks_of
from seizure_core.command_line import (
    DONE,
    FAILED,
    argument,
    command,
    fail,
    group,
    warn,
    write,
)
from seizure_core.errors import ParameterError, SeizureZooError
from seizure_core.events.event import SIDES, Event
from seizure_core.io.opening import open_recording
from seizure_core.plain_text import printable
from seizure_core.recording import Recording
from seizure_core.review.agreement import MARGIN, compare_readers
from seizure_core.review.exports import KINDS, item_json, write_review
from seizure_core.review.folder import (
    LOG_FILE,
    RecordingPlace,
    ReviewFolder,
    Verdict,
    create_review,
)
from seizure_core.review.log import first_fault
from seizure_core.review.model import DECISIONS, ReviewItem
from seizure_core.review.origins import add_reference, add_results, results_in
from seizure_core.review.queue import ORDERS, ordered
from seizure_core.review.stamp import Printed, stamp_of

_REVIEW = argument("review", metavar="REVIEW", type=Path, help="Folder of the review.")
_BY = argument("--by", metavar="NAME", required=True, help="Name of the reader. Required.")
_RECORDING = argument(
    "--recording", metavar="NAME", help="Only this recording, by name or id. Default: all."
)
_EVENT = (
    argument("--onset", metavar="S", type=float, help="Onset in seconds. Default: unchanged."),
    argument("--duration", metavar="S", type=float, help="Seconds. Default: unchanged."),
    argument("--type", metavar="CODE", help="Type, such as sz_foc. Default: unchanged."),
    argument(
        "--side", choices=SIDES[1:], help="Side: left, right, midline or both. Default: unchanged."
    ),
    argument("--channels", metavar="A,B", help="Channels. Default: unchanged."),
    argument("--text", metavar="TEXT", help="Remark. Default: unchanged."),
)


@command(
    "add",
    "Add recordings and their candidates to a review.",
    _REVIEW,
    argument("files", metavar="PATH", nargs="+", type=Path, help="Recordings, or folders of them."),
    argument(
        "--results",
        metavar="DIR",
        type=Path,
        help="Take the events of the models from this folder of predict --out. Default: none.",
    ),
    argument(
        "--references",
        metavar="FILE",
        nargs="+",
        type=Path,
        default=[],
        help="Take an expert's seizures from these files. Default: none.",
    ),
    argument("--reader", metavar="NAME", help="Name of that expert. Default: none."),
    description="Add recordings and their candidates to a review, which is created if there is "
    "none. Texts of references are not taken over: they may name patients.",
    examples=(
        "review add ward3 nights --results results",
        "review add ward3 night.edf --references night_a.tsv --reader 'Reader A'",
    ),
)
def add(arguments: argparse.Namespace) -> int:
    """Add recordings; return 1 if one could not be added."""
    if bool(arguments.references) != bool(arguments.reader):
        raise ParameterError("--references and --reader go together.")
    results = results_in(arguments.results) if arguments.results else {}
    review = create_review(arguments.review)
    rows: list[dict[str, Any]] = []
    n_failed = 0
    for task in tasks_of(arguments.files, out=arguments.review):
        try:
            recording = open_recording(task.recording, file_name=task.file_name)
            recording_id = review.add_recording(task.recording, recording)
            n_sources = add_results(review, recording_id, recording, task.name, results)
            if arguments.reader:
                n_sources += add_reference(
                    review, recording_id, recording, arguments.references, arguments.reader
                )
        except SeizureZooError as error:
            n_failed += 1
            fail(str(error))
            continue
        if not n_sources and (results or arguments.reader):
            warn(arguments, f"{task.file_name}: nothing was found about this recording")
        n = len(review.state.candidates(recording_id))
        rows.append(
            {"recording": recording_id, "file_name": recording.file_name, "n_candidates": n}
        )
    lines = [f"{printable(row['file_name'])}: {row['n_candidates']} candidates" for row in rows]
    write(arguments, {"recordings": rows}, lines)
    return FAILED if n_failed else DONE


@command(
    "list",
    "List the events of a review, undecided candidates first.",
    _REVIEW,
    _RECORDING,
    argument("--undecided", action="store_true", help="Only what is left to be decided."),
    argument(
        "--order",
        choices=ORDERS,
        default="doubt",
        help="Sort by doubt, probability or time. Default: doubt.",
    ),
    examples=("review list ward3 --undecided", "review list ward3 --order time --json"),
)
def list_events(arguments: argparse.Namespace) -> int:
    """Print the events and how far the review is."""
    review = ReviewFolder(arguments.review)
    state = review.state
    recording_id = _recording_id(review, arguments.recording)
    items = [
        item
        for item in state.all_items
        if recording_id in ("", item.recording_id) and not (arguments.undecided and item.is_decided)
    ]
    items = sorted(ordered(state, items, arguments.order), key=lambda item: item.is_decided)
    stamp, names = stamp_of(review, recording_id), review.places()
    document = {**asdict(stamp), "events": [item_json(item) for item in items]}
    head = f"{stamp.n_decided} of {stamp.n_candidates} decided"
    lines = [_line(item, names[item.recording_id].file_name) for item in items]
    write(arguments, document, [head, *lines])
    return DONE


@command(
    "decide",
    "Accept, reject or change events of a review.",
    _REVIEW,
    argument("decision", choices=DECISIONS, help="The decision."),
    argument("items", metavar="ITEM", nargs="+", help="Ids of events, as list prints them."),
    _BY,
    *_EVENT,
    examples=(
        "review decide ward3 accepted 3f2a90c1d5e6b704 --by 'Dr A'",
        "review decide ward3 changed 3f2a90c1d5e6b704 --onset 121.5 --side left --by 'Dr A'",
    ),
)
def decide(arguments: argparse.Namespace) -> int:
    """Write decisions down."""
    review = ReviewFolder(arguments.review)
    state = review.state
    verdicts = []
    for item_id in arguments.items:
        item = state.item(item_id)
        event = _changed(item.final or item.event, arguments)
        verdicts.append(Verdict(item_id=item_id, decision=arguments.decision, event=event))
    decided = review.decide(verdicts, who=arguments.by)
    names = review.places()
    lines = [_line(item, names[item.recording_id].file_name) for item in decided]
    write(arguments, {"events": [item_json(item) for item in decided]}, lines)
    return DONE


@command(
    "mark",
    "Add an event of one's own to a review.",
    _REVIEW,
    argument("recording", metavar="RECORDING", help="Name or id of the recording."),
    _BY,
    *_EVENT,
    examples=("review mark ward3 night.edf --onset 30 --duration 0.2 --type spike --by 'Dr A'",),
)
def mark(arguments: argparse.Namespace) -> int:
    """Add a mark."""
    if arguments.onset is None:
        raise ParameterError("State where the event begins: --onset S.")
    review = ReviewFolder(arguments.review)
    recording_id = review.recording_named(arguments.recording).recording_id
    event = _changed(Event(onset_s=0.0, duration_s=0.0), arguments)
    item = review.mark(recording_id, event or Event(onset_s=0.0, duration_s=0.0), who=arguments.by)
    write(arguments, item_json(item), _line(item, arguments.recording))
    return DONE


@command(
    "export",
    "Write the events of a review to files that say by whom they are reviewed.",
    _REVIEW,
    _RECORDING,
    argument("--to", metavar="DIR", type=Path, required=True, help="Folder. Required."),
    argument(
        "--as",
        dest="kinds",
        metavar="KIND",
        choices=tuple(KINDS),
        nargs="+",
        default=["tsv"],
        help=f"Kinds of files: {', '.join(KINDS)}. Default: tsv.",
    ),
    argument("--start", metavar="S", type=float, help="Begin of a cut. Default: the start."),
    argument("--stop", metavar="S", type=float, help="End of a cut. Default: the end."),
    argument(
        "--case", metavar="TEXT", default="", help="Name of the case to print. Default: none."
    ),
    argument("--patient", metavar="TEXT", default="", help="Patient to print. Default: none."),
    argument("--reviewer", metavar="TEXT", default="", help="Who signs. Default: the readers."),
    argument("--with-name", action="store_true", help="Print file name and date in reports, too."),
    description="Write the events of a review to files that say whether they are reviewed, and by "
    "whom. The kind recording writes the EEG itself as EDF+ with annotations, or a cut of it; "
    "report a PDF with decisions, burden, trends and a page of EEG for each accepted event.",
    examples=(
        "review export ward3 --to out --as tsv edf csv json",
        "review export ward3 --recording night.edf --as recording --start 600 --stop 900 --to out",
    ),
)
def export(arguments: argparse.Namespace) -> int:
    """Write files; return 1 if one could not be written."""
    review = ReviewFolder(arguments.review)
    wanted = _recording_id(review, arguments.recording)
    places = [one for one in review.places().values() if wanted in ("", one.recording_id)]
    try:
        arguments.to.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        fail(f"{arguments.to}: {error.strerror}.")
        return FAILED
    files, n_failed = [], 0
    printed = Printed(
        case=arguments.case,
        patient=arguments.patient,
        reviewer=arguments.reviewer,
        with_file_name=arguments.with_name,
    )
    for place in places:
        recording = _opened(place)
        for kind in arguments.kinds:
            try:
                files.append(
                    write_review(
                        arguments.to,
                        review,
                        place.recording_id,
                        kind,
                        recording=recording,
                        start_s=arguments.start or 0.0,
                        stop_s=arguments.stop,
                        printed=printed,
                    )
                )
            except SeizureZooError as error:
                n_failed += 1
                fail(str(error))
    write(
        arguments,
        {"files": [str(path) for path in files]},
        [f"wrote {printable(str(path))}" for path in files],
    )
    return FAILED if n_failed else DONE


@command(
    "compare",
    "Compare readers and models of a review with each other.",
    _REVIEW,
    argument(
        "--margin",
        metavar="X",
        type=float,
        default=MARGIN,
        help=f"Largest loss of kappa to be tolerated. Default: {MARGIN:g}.",
    ),
    examples=("review compare ward3", "review compare ward3 --json"),
)
def compare(arguments: argparse.Namespace) -> int:
    """Print pairs, kappa, the test of exchange and the disagreements."""
    review = ReviewFolder(arguments.review)
    found = compare_readers(review.state, margin=arguments.margin)
    names = review.places()
    for one in found["disagreements"]:
        one["file_name"] = names[one["recording_id"]].file_name
    write(arguments, found, _compared_lines(found))
    return DONE


@command(
    "verify",
    "Check that the log of a review is what was written.",
    _REVIEW,
    examples=("review verify ward3",),
)
def verify(arguments: argparse.Namespace) -> int:
    """Check the chain of hashes; return 1 on the first fault."""
    if not (arguments.review / LOG_FILE).is_file():
        raise ParameterError("There is no review in {name!r}.", name=arguments.review.name)
    fault = first_fault(arguments.review / LOG_FILE)
    if fault is not None:
        write(arguments, {"ok": False, **asdict(fault)}, "")
        fail(f"line {fault.line}: {fault.reason}")
        return FAILED
    stamp = stamp_of(ReviewFolder(arguments.review))
    document = {"ok": True, "n_entries": stamp.log_entries, "sha256": stamp.log_sha256}
    write(arguments, document, f"{stamp.log_entries} entries, sound; last {stamp.log_sha256}")
    return DONE


def _recording_id(review: ReviewFolder, name: str | None) -> str:
    return review.recording_named(name).recording_id if name else ""


def _opened(place: RecordingPlace) -> Recording | None:
    path = Path(place.place)
    return open_recording(path, file_name=place.file_name) if path.is_file() else None


def _changed(event: Event, arguments: argparse.Namespace) -> Event | None:
    """Return the event as the options change it; None if they do not."""
    given: dict[str, Any] = {
        "onset_s": arguments.onset,
        "duration_s": arguments.duration,
        "event_type": arguments.type,
        "side": arguments.side,
        "text": arguments.text,
    }
    if arguments.channels is not None:
        given["channels"] = tuple(filter(None, map(str.strip, arguments.channels.split(","))))
    changes = {name: value for name, value in given.items() if value is not None}
    return replace(event, **changes) if changes else None


def _line(item: ReviewItem, file_name: str) -> str:
    event = item.final or item.event
    sure = "" if event.confidence is None else f" p {event.confidence:.3f}"
    by = f" by {item.who}" if item.who else ""
    return printable(
        f"{item.item_id} {file_name} {event.onset_s:.3f} s, {event.duration_s:.3f} s, "
        f"{event.event_type}{sure}: {item.decision}{by}"
    )


def _compared_lines(found: dict[str, Any]) -> Iterator[str]:
    for pair in found["pairs"]:
        figures = [pair["sensitivity"], pair["false_alarms_per_24h"]]
        sensitivity, alarms = ("undefined" if one is None else f"{one:.3g}" for one in figures)
        yield printable(
            f"{pair['hypothesis']} against {pair['reference']}: sensitivity {sensitivity}, "
            f"{alarms} false alarms per 24 h ({pair['n_recordings']} recordings, "
            f"{pair['hours']:.1f} h)"
        )
    if found["kappa_readers"] is not None:
        yield f"Fleiss' kappa of the readers, second by second: {found['kappa_readers']:.3f}"
    for test in found["stand_in"]:
        if test["may_stand_in"] is None:
            yield printable(f"{test['model']}: {test['reason']}")
            continue
        said = "may" if test["may_stand_in"] else "may not"
        yield printable(
            f"{test['model']} {said} stand in for a reader: kappa changes by "
            f"{test['difference']:+.3f}, lower bound {test['lower_bound']:+.3f}, margin "
            f"{-test['margin']:.3g}"
        )
    for one in found["disagreements"]:
        yield printable(
            f"{one['file_name']} {one['onset_s']:.1f} to {one['offset_s']:.1f} s: "
            f"{', '.join(one['marked_by'])}; not {', '.join(one['not_marked_by'])}"
        )


review = group(
    "review",
    "Decide about candidates and export what is left.",
    add,
    list_events,
    decide,
    mark,
    export,
    compare,
    verify,
)
