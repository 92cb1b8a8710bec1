"""Every sentence and label of the app's own that a user reads."""

from __future__ import annotations

TITLE = "Seizure Zoo"

START = """\
# Seizure Zoo
**Find epileptic seizures in scalp EEG: look at a recording, let a net of the zoo search it, \
and check what it found.**
"""

STEPS = """\
1. **Open** an EEG recording (EDF, BDF, CSV, TXT) in *Analysis*, or take the demo.
2. **Search** it with a net in *Predict*.
3. **Check** the events by eye and take the results with you. *Model Zoo* says what each net \
is good for.
"""

NOT_CLINICAL = """\
**For research use only. This is not a medical device**: never use it for diagnosis or treatment.
*Prediction* here is what the field calls *detection*: finding seizures that are in the \
recording, not forecasting those to come.
"""

DEMO_BUTTON = "Open the demo recording"
DEMO_NOTE = "Simulated EEG with seizures, no patient."

LANGUAGE = "Language"

TAB_ANALYSIS = "Analysis"
TAB_PREDICT = "Predict"
TAB_ZOO = "Model Zoo"

UPLOAD = "EEG recording, or the files of one: EDF, BDF, CSV, TXT; .gz"
SERVER_FOLDER = "Or one from the server's folder"
SERVER_FOLDER_INFO = "Opened where it lies, without an upload. Type to search."
SEVERAL_FILES = "Several files of one recording"
SEVERAL_CHOICE = "Files that follow each other"
OPEN_SEVERAL = "Open them as one recording"
CHOOSE_FILES = "Choose at least one file."
NOT_A_SEQUENCE = "Why these files do not open as one recording"
SEQUENCE_COLUMNS = ("File, in order of time", "Starts", "Lasts", "To the file before")
START_UNKNOWN = "unknown: not all files give their start"
OVERLAPS = "overlaps it by {length}"
FOLLOWS = "follows at once"
GAP = "{length} are missing between them"
NO_RECORDING = "No recording is open. Drop a file here, or open the demo recording above."
NO_SIGNAL = (
    "This file has no signal to draw, only annotations. They are listed under "
    "<em>Annotations</em> below."
)
NO_ANNOTATIONS_YET = "Annotations of the open recording appear here."
NO_ANNOTATIONS = "This recording has no annotations."
NOT_GIVEN = "not given"
NONE = "none"
NO_UNIT = "no unit"
UNCALIBRATED_UNIT = "uncalibrated"
UNDEFINED = "undefined"
YES = "yes"
NO = "no"
OPEN_NOW = "Open: {file} ({duration}, {channels})"
CHANNEL_NUMBER = "channel {n}"
REPEATED = "{label} (no. {n})"
SHARE_OF = "{some} of {all} ({share:.1%})"
WINDOWS_FROM = "Windows at {threshold:g} or more"
CHART_OF = "{chart} of {channel} in {file}"
WHAT_TO_SHOW = "What to show"
NO_CHART = "Open a recording and choose one of its channels: the chart appears here."
CHOOSE_CHANNEL = "Choose a channel: its chart appears here."
COMPARISON = "### Beside what experts marked"
REFERENCE = "Events by an expert: TSV, CSV, EDF+"
OWN_MARKS = "Score against your own marks"
THE_MARKS = "your marks"
NO_MARKS = (
    "There are no marked seizures yet: press M in the viewer and drag over the EEG, or accept "
    "what the net found."
)
SCORED_BY = (
    "{seizures} by {source}. Scored by SzCORE's rules: any overlap counts, from 30 s before to "
    "60 s after a seizure."
)
HOW_COUNTED = (
    "In scores, seizures or events less than 90 s apart count as one, and those longer than 5 min "
    "as several (SzCORE's rules); charts, lists and the viewer show each as it was marked or found."
)
THE_NET = "The net"
ALWAYS_ALARM = "An alarm all the time"
NEVER_ALARM = "Never an alarm"
LATENCIES = "Found after the onset by: {latencies}."
SOME_OF = "{some:,} of {all:,}"
TRACE_OF = "Seizure probability over all of {file}, threshold {threshold:g}, {events} shaded"
PROBABILITY_BY = "Seizure probability by {net}"
ROWS_SHOWN = "{first}\N{EN DASH}{last} of {all}"
EARLIER_ROWS = "Earlier"
LATER_ROWS = "Later"
ROWS_FROM = "Go to second"
PRESS_ENTER = "then Enter"
NO_SECOND = "Write a second of the recording, such as 75.5."
EVENTS_TSV = "Events (TSV)"
EVENTS_EDF = "Events (EDF+)"
WINDOWS_CSV = "Windows (CSV)"
EVERYTHING_JSON = "Everything (JSON)"
REPORT_PDF = "Report (PDF)"
MAKING_FILE = "Making the file."
DRAWING_REPORT = "Drawing the report"
FILE_MADE = "{file} is ready: your browser saves it."
FILE_REVIEWED = "It holds your review: {kept} left, {rejected} rejected, {marks} of your own."
FILE_UNREVIEWED = "It holds what the net found: nothing was accepted, rejected or marked yet."
WHAT_IS_PRINTED = "What the report says of the recording"
PRINT_NAME = "Print the file's name and date, which may tell who it is"
PRINTED_CASE = "Recording or case, as it is to be printed"
PRINTED_REVIEWER = "Reviewed by"
OUT_OF_DATE = (
    "Out of date: this result is from {then}. The settings now say {now}. Press Find seizures to "
    "search again."
)
SETTINGS_SAID = "{net}, threshold {threshold:g}, stride {stride:g} s"
OTHER_POINT = "with other operating-point numbers"
NOT_READABLE = "something that cannot be used"
EARLIER_SETTINGS = "{title} (earlier settings)"
FIND_SEIZURES = "Find seizures"
COMPUTE_STATISTICS = "Compute statistics"
CANCEL = "Cancel"
READING_ALL = "Reading the whole file"
COMPUTING = "&nbsp;"
STATISTICS_STOPPED = "Stopped as asked: no statistics were computed."
STATISTICS_TABLE = "Statistics of each channel"
STATISTICS_HINT = (
    "Point at a heading, or go there by the Tab key, to read what it means; press it to sort."
)
SEARCH_STOPPED = "Stopped as asked: there is no result."
NOTHING_ODD = "Nothing odd was found in the signals."
NO_RESULT = "No result yet. Open a recording, choose a net and press <em>Find seizures</em>."
SEARCHING = "Searching for seizures."
READY_TO_RUN = "Ready: choose a net and press <em>Find seizures</em>."
NO_EVENTS = (
    "The net found no seizure in this recording (nothing held the threshold for long enough)."
)
PICK_A_ROW = "Choose a row in the table of events or of windows: the EEG below goes there."
NO_MODELS = (
    "There is no net in the zoo. Put one into the <code>models</code> folder of the home folder."
)

TEXT_LAYOUT = "How this text is read: look, and correct what is wrong"
ORIENTATION = "A channel is"
TIME_COLUMN = "Times are in"
AS_WRITTEN = "as the file says"
NO_TIME_COLUMN = "no column"
HAS_HEADER = "A line names the columns"
SIZE_BY_COLUMN = "{lines:,} lines, {n} columns. The first lines of values:"
SIZE_BY_LINE = "{lines:,} lines, {n} channels, one a line. The first lines of values:"
WHY_NOT = "Why this file does not open"
WHAT_IS_ODD = "What is odd about this file"
OPENS_ALL_THE_SAME = "It opens all the same."
AS_IT_SHOULD_BE = "as it should be"
BYTES_SAY = "What its bytes say"
BYTE_COLUMNS = ("What", "From byte", "Found", "Expected")
REPAIR_BUTTON = "Make a repaired copy and open it"
REPAIR_OFFER = "A repaired copy can be made; the file itself stays as it is. What changes: {change}"
REPAIRED = "A repaired copy is open now. The file itself was not changed."

FILE_GONE = (
    "A file this needs is no longer on the server: uploads are deleted when a session ends and "
    "after some hours. Open the recording again."
)
UNEXPECTED = (
    "Something went wrong that should not (reference {reference}). Nothing was changed. Whoever "
    "runs this server finds the reference in its log."
)
NO_WRITING = (
    "This server can be reached from other machines and has no login, so nothing can be trained, "
    "saved, deleted, imported or published here. Run the app on your own machine, or ask whoever "
    "runs it to set SEIZURE_ZOO_LOGIN."
)
RETURNED = (
    "{file} is open again after the reload, with your marks ({n}). What a net found was not kept."
)
NOT_KEPT = (
    "This page was loaded anew, and the recording it had open is no longer on the server. Open it "
    "again."
)
CHOOSE_RECORDING = "Open a recording first: drop a file into the box, or take the demo."
CHOOSE_MODEL = "Choose a net first."
RUN_FIRST = "There is no result yet: run a net first."

HOW_WORDS = {
    "exact": "as recorded",
    "renamed": "same electrodes, other name",
    "flipped": "turned round (B-A for A-B)",
    "subtracted": "difference of two electrodes",
    "chained": "sum of neighbouring pairs",
    "missing": "missing: zeros",
}
SEVERITY_WORDS = {"info": "Note", "warning": "Attention", "error": "Problem"}
SOURCE_WORDS = {"shipped": "comes with the app", "user": "yours", "hub": "from a Hub"}
FIGURE = "Figure"
FIGURE_WORDS = (
    "Probability",
    "Time from start (s)",
    "Time from start (min)",
    "Time from start (h)",
    "Time from start (s), time of day below",
    "Time from start (min), time of day below",
    "Time from start (h), time of day below",
    "no signal",
    "threshold",
    "ends below",
)
"""What the core writes into its figures, and `chart_html` translates."""
