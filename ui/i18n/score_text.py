"""Every sentence and label of testing and keeping a net, and of operating points."""

from __future__ import annotations

STEP_TEST = "4 Test"
STEP_KEEP = "5 Keep"

TEST_HEADING = "### Test a net on recordings it has not seen"
TEST_NET = "Net to test"
TEST = "Test"
NET_OF_RUN = "Net of the run {run}"
NO_TEST = (
    "Scores appear here, beside those of an alarm that never stops, of one that never starts, and "
    "of the signal's line length."
)
TESTING_DONE = "The net has been run. Move its operating point below and see what changes."
IN_TRAINING = (
    "Left out, because they or parts of them were in the training of this net (recognised by "
    "their signals, whatever the files are called): {recordings}. Their scores would say nothing "
    "about recordings the net has not seen."
)
INSIST = "Score them all the same"
TO_CARD = "Put this result on the model's card"
ON_CARD = "The result is on the card of {model_id} now, version {version}."
NOTHING_SCORED = "None of the recordings could be scored."
TEST_FIRST = "Test a net first."

EXPLORE_HEADING = "### Operating point: move it and see what changes"
EXPLORE_INFO = (
    "The net is not run again: its probabilities are kept, and events are cut from them anew."
)
POINT = "Begin with the numbers of"
POINT_CHOICES = {
    "card": "the card",
    "sensitive": "the sensitive point",
    "balanced": "the balanced point",
    "specific": "the specific point",
}
THRESHOLD = "Threshold: an event starts at"
OFF_RATIO = "It ends below this part of the threshold"
SMOOTHING = "Smoothing (s)"
MIN_DURATION = "Shortest event (s)"
MERGE_GAP = "Events merged within (s)"
USE_POINT = "Use as operating point"
POINT_USED = (
    "Filled in under 5 Keep as your own numbers: threshold {threshold:g}, ends below {off:g}. "
    "They were chosen on these recordings, so scores on them are no test any more."
)
POINT_NOT_OF_RUN = (
    "{net} is in the zoo, and its card stays as it is. To use these numbers, choose Own numbers "
    "in Predict: threshold {threshold:g}, ends below {off:g}."
)

CURVE_TITLE = "Sensitivity against false alarms, over all thresholds"
CURVE_ALARMS = "false alarms per 24 h"
CURVE_SENSITIVITY = "seizures found"
CURVE_NOW = "these numbers"
CURVE_OTHERS = "other thresholds"
CURVE_POINT = (
    "threshold {threshold:g}: {sensitivity:.0%} of the seizures found, {alarms:.3g} false alarms "
    "per 24 h"
)
NO_CURVE = "There is no seizure in these recordings, so there is nothing to find."

TRACED_RECORDING = "Recording"
TRACE_TITLE = "Probability of seizure in {file}"
TRACE_REFERENCE = "expert"
TRACE_EVENTS = "net"
TRACE_SAID = "{events} found, {seizures} marked by the expert, threshold {threshold:g}"
LOOK = "Look at its EEG"

MISTAKE_COLUMNS = ("Recording", "Time", "Onset (s)", "Duration (s)", "Highest probability")
MISSED = "Missed seizures, the least suspected first (choose a row to see its EEG)"
FALSE_ALARMS = "False alarms, the surest first (choose a row to see its EEG)"
NO_MISSED = "No seizure was missed."
NO_FALSE_ALARMS = "There was no false alarm."

SCORED = "Recordings scored"
LATENCY = "Median latency"
EVENT_STARTS = "An event starts at"
EVENT_ENDS = "and ends below"
SCORE_COLUMNS = (
    "Detector",
    "Seizures found",
    "Sensitivity",
    "Precision",
    "F1",
    "False alarms per 24 h",
    "Seconds found",
    "F1 by second",
)
RECORDING = "Recording"
DETECTOR_WORDS = {
    "net": "The net",
    "always": "An alarm all the time",
    "never": "Never an alarm",
    "line_length": "Line length twice the usual",
}
FOUND_OF = "{found} of {all}"
EACH_RECORDING = "Each recording"
INTERVALS_OF = (
    "In brackets: 95 % intervals, from {n_draws:,} draws of {units} with replacement (seed {seed})."
)
UNITS = {"patient": ("patient", "patients"), "recording": ("recording", "recordings")}
INTERVALS_FEW = "So few that the intervals say little; where they have no width, nothing varied."
INTERVALS_NONE = "One recording has no spread: there are no intervals over all."
INTERVALS_OF_RECORDINGS = (
    "In brackets: 95 % intervals, from draws of the recording's own seizures and false alarms; "
    "none where there are fewer than two seizures."
)

RELIABILITY = "Do the probabilities mean what they say?"
RELIABILITY_SAID = "expected calibration error {before:.3f} before, {after:.3f} after"
RELIABILITY_X = "probability said"
RELIABILITY_Y = "part that is seizure"
RELIABILITY_DOTS = "The larger a dot, the more windows it stands for."
IDEAL = "as probabilities should be"
RELIABILITY_BIN = "{n:,} windows said {probability:.2f} on average; {fraction:.0%} are seizure"
BEFORE = "as trained (error {error:.3f})"
AFTER = "as kept (error {error:.3f})"

SAVE_HEADING = "### Keep the net of a run"
SAVE_RUN = "Run whose best net is kept"
NO_KEEP_RUNS = (
    "No run has a net yet. A run has one as soon as its first epoch is complete (step 3)."
)
WORK_OUT = "Work out operating points and calibration"
NO_POINTS_YET = (
    "Operating points and calibration appear here: they are chosen on the validation data of the "
    "run, and kept in the net's card."
)
POINTS_HEADING = "Operating points"
POINT_COLUMNS = (
    "Operating point",
    "Threshold",
    "Ends below",
    "Sensitivity",
    "Precision",
    "F1",
    "False alarms per 24 h",
)
POINT_WORDS = {
    "card": "As the card says",
    "sensitive": "Sensitive",
    "balanced": "Balanced",
    "specific": "Specific",
    "own": "Own numbers",
}
POINTS_CHOSEN = (
    "Chosen on {chosen_on}, by what weighs most: a missed seizure (sensitive), both alike "
    "(balanced), a false alarm (specific). On other recordings all will do worse."
)
NO_POINTS = (
    "There is no whole validation recording with a seizure that was found, so no operating points "
    "can be chosen. The net is kept with the threshold {threshold:g}."
)
CALIBRATION_HEADING = "Calibration"
CALIBRATED = (
    "On {n_windows:,} validation windows: logits divided by {temperature:.3g}, {bias:+.3g} added "
    "to that of seizure. Expected calibration error {before:.3f} before, {after:.3f} after."
)
NOT_CALIBRATED = (
    "The logits stay as they are: the validation windows do not tell how they should be rescaled."
)
CALIBRATE = "Calibrate the probabilities on the validation windows"
KEEP_POINT = "Operating point the net is used at"
OWN_FIELDS = {
    "threshold": "Threshold, 0 to 1",
    "threshold_off": "An event ends below",
    "smoothing_s": "Smoothing (s)",
    "min_duration_s": "Shortest event (s)",
    "merge_gap_s": "Merged within (s)",
}
OWN_INFO = "An empty field keeps the number of the balanced point."
MODEL_ID = "Id (small letters, digits, dashes)"
MODEL_TITLE = "Title"
AUTHORS = "Authors (separated by commas)"
LICENSE = "Licence"
LICENSES = ("CC-BY-4.0", "CC-BY-SA-4.0", "CC0-1.0", "MIT", "Apache-2.0", "unspecified")
NOTES = "Notes for the card"
REPLACE = "Replace my net of this id, if there is one"
SAVE = "Save to the zoo"
SAVED = "{title} ({model_id}) is in the zoo now. It can be chosen in Predict."
TEST_KEPT = "The result of your test is on its card."
TEST_NOT_KEPT = (
    "The result of your test is not on its card: other weights were tested than those kept here, "
    "of another run, of an earlier state of this one, or with another calibration. Choose "
    "{model_id} in step 4, test it and put the result on its card."
)
TEST_OF_TRAINING = (
    "The result of your test is not on its card: its recordings were in the training."
)
KEPT_AT = "It is used at: threshold {threshold:g}, events end below {off:g}."
