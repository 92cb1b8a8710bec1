"""Every sentence and label of the app's own that a user reads."""

from __future__ import annotations

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


LANGUAGE = "Language"


SEQUENCE_COLUMNS = ("File, in order of time", "Starts", "Lasts", "To the file before")
NO_RECORDING = "No recording is open. Drop a file here, or open the demo recording above."
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
SCORED_BY = (
    "{seizures} by {source}. Scored by SzCORE's rules: any overlap counts, from 30 s before to 60 "
    "s after a seizure."
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
EVERYTHING_JSON = "Everything (JSON)"
DRAWING_REPORT = "Drawing the report"
FILE_UNREVIEWED = "It holds what the net found: nothing was accepted, rejected or marked yet."
OTHER_POINT = "with other operating-point numbers"
CANCEL = "Cancel"
NO_RESULT = "No result yet. Open a recording, choose a net and press <em>Find seizures</em>."
NO_MODELS = (
    "There is no net in the zoo. Put one into the <code>models</code> folder of the home folder."
)

BYTE_COLUMNS = ("What", "From byte", "Found", "Expected")

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
NOT_KEPT = (
    "This page was loaded anew, and the recording it had open is no longer on the server. Open it "
    "again."
)
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
