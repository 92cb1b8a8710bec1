"""Every sentence and label of the Model Zoo tab that a user reads."""

from __future__ import annotations

PART_SCOREBOARD = "Scoreboard"

# --- the list ---

ORDERS = (
    ("As in the registry", "registry"),
    ("Title, A to Z", "title"),
    ("Newest first", "newest"),
    ("Fewest parameters first", "parameters"),
    ("Shortest window first", "window"),
    ("Highest sensitivity first", "sensitivity"),
    ("Fewest false alarms first", "false_alarms"),
)
MONTAGE = "Channels"
MONTAGES = (
    ("Any", "any"),
    ("Takes any montage", "all_montages"),
    ("Needs certain channels", "fixed"),
)
WINDOW = "Window"
RATE = "Sampling rate"
SIZE = "Parameters"
SIZES = (
    ("Any number", 0),
    ("Up to 5,000", 5_000),
    ("Up to 50,000", 50_000),
    ("Up to 500,000", 500_000),
    ("Up to 5 million", 5_000_000),
)
LICENCE = "Licence"
DATASET_INFO = "Only scores on the same EEG can be compared."
ANY_DATASET = "Whatever had most seizures"
SENSITIVITIES = (
    ("Any share", 0.0),
    ("Half or more", 0.5),
    ("75 % or more", 0.75),
    ("90 % or more", 0.9),
    ("All", 1.0),
)
FALSE_ALARM_LEVELS = (
    ("Any number", -1.0),
    ("At most 1", 1.0),
    ("At most 5", 5.0),
    ("At most 24", 24.0),
    ("At most 100", 100.0),
)
LIST_LABEL = "Nets of the zoo"
NO_NETS = (
    "There is no net in the zoo yet. <em>Import</em> one from a file, fetch one from the "
    "<em>Hub</em>, or make one in <em>Train</em>."
)

ANY_MONTAGE = "any montage"
SECONDS = "{s:g} s"
HERTZ = "{hz:g} Hz"
NOT_MEASURED = "Nothing was measured yet."

# --- drawings ---


# --- the card ---

THRESHOLD = "Threshold"
LIMITS = "Limits"
NO_CARD = "Choose a net in the list: its card appears here."


LAYER_COLUMNS = ("Layer", "Settings", "Output", "Parameters")

DATA_COLUMNS = ("Data", "Recordings", "Seizures", "Hours", "Windows", "Subjects")


HUB_PLACE = "On the Hub"

# --- what can be done with a net ---

IMPORT_INFO = (
    "A bundle (.zip), or card.json and model.safetensors together. Everything is checked first."
)

# --- comparing ---

NO_COMPARISON = (
    "No comparison yet. Choose nets here, or tick them in the list, and press <em>Compare these "
    "nets</em>."
)
COMPARED_COLUMNS = ("Net", "Channels", "Rate", "Window", "Threshold", "Events", "Time in events")
SCORE_COLUMNS = (
    "Seizures found",
    "Sensitivity",
    "Precision",
    "F1",
    "False alarms",
    "False alarms per 24 h",
    "F1 by second",
)
AGREEMENT_COLUMNS = (
    "Nets",
    "Agree in",
    "Shared part of the seizure time",
    "Kappa",
    "Both say seizure",
    "Only the first",
    "Only the second",
    "First alarm later by",
)
DISAGREEMENT_COLUMNS = ("Onset (s)", "Duration (s)", "Say seizure", "Say background")

# --- the scoreboard ---

NO_SCOREBOARD = (
    "No scoreboard is shipped with this version. The card of each net says what was measured of it."
)

# --- operating points ---

POINT_NAMES = {"sensitive": "sensitive", "balanced": "balanced", "specific": "specific"}
POINT_COLUMNS = (
    "Operating point",
    "Starts at",
    "Ends below",
    "Smoothing",
    "Shortest event",
    "Merged within",
    "Sensitivity",
    "Precision",
    "False alarms per 24 h",
)
