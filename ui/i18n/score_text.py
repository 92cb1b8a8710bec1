"""Every sentence and label of testing and keeping a net, and of operating points."""

from __future__ import annotations

TESTING_DONE = "The net has been run. Move its operating point below and see what changes."
TEST_FIRST = "Test a net first."

POINT_CHOICES = {
    "card": "the card",
    "sensitive": "the sensitive point",
    "balanced": "the balanced point",
    "specific": "the specific point",
}


TRACE_REFERENCE = "expert"
TRACE_EVENTS = "net"

MISTAKE_COLUMNS = ("Recording", "Time", "Onset (s)", "Duration (s)", "Highest probability")

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
DETECTOR_WORDS = {
    "net": "The net",
    "always": "An alarm all the time",
    "never": "Never an alarm",
    "line_length": "Line length twice the usual",
}
UNITS = {"patient": ("patient", "patients"), "recording": ("recording", "recordings")}
INTERVALS_FEW = "So few that the intervals say little; where they have no width, nothing varied."


NO_KEEP_RUNS = (
    "No run has a net yet. A run has one as soon as its first epoch is complete (step 3)."
)
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
OWN_FIELDS = {
    "threshold": "Threshold, 0 to 1",
    "threshold_off": "An event ends below",
    "smoothing_s": "Smoothing (s)",
    "min_duration_s": "Shortest event (s)",
    "merge_gap_s": "Merged within (s)",
}
LICENSES = ("CC-BY-4.0", "CC-BY-SA-4.0", "CC0-1.0", "MIT", "Apache-2.0", "unspecified")
