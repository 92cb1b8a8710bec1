"""Every sentence and label of the app's own that a user reads."""

from __future__ import annotations

SEQUENCE_COLUMNS = ("File, in order of time", "Starts", "Lasts", "To the file before")
NO_RECORDING = "No recording is open. Drop a file here, or open the demo recording above."
NONE = "none"
HOW_COUNTED = (
    "In scores, seizures or events less than 90 s apart count as one, and those longer than 5 min "
    "as several (SzCORE's rules); charts, lists and the viewer show each as it was marked or found."
)
SOME_OF = "{some:,} of {all:,}"
ROWS_SHOWN = "{first}\N{EN DASH}{last} of {all}"
EVERYTHING_JSON = "Everything (JSON)"
DRAWING_REPORT = "Drawing the report"
FILE_UNREVIEWED = "It holds what the net found: nothing was accepted, rejected or marked yet."
NO_RESULT = "No result yet. Open a recording, choose a net and press <em>Find seizures</em>."
NO_MODELS = (
    "There is no net in the zoo. Put one into the <code>models</code> folder of the home folder."
)

BYTE_COLUMNS = ("What", "From byte", "Found", "Expected")

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
