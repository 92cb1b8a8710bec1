"""Every sentence and label of the Model Zoo tab that a user reads."""

from __future__ import annotations

PART_NETS = "Nets"
PART_COMPARE = "Compare"
PART_HUB = "Hub"
PART_SCOREBOARD = "Scoreboard"

# --- the list ---

SEARCH = "Search the nets"
SEARCH_HINT = "Name, author, data, layer, purpose ..."
ORDER = "Order"
ORDERS = (
    ("As in the registry", "registry"),
    ("Title, A to Z", "title"),
    ("Newest first", "newest"),
    ("Fewest parameters first", "parameters"),
    ("Shortest window first", "window"),
    ("Highest sensitivity first", "sensitivity"),
    ("Fewest false alarms first", "false_alarms"),
)
FILTERS = "Filters"
SOURCE = "Where it comes from"
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
DATASET = "Scores measured on"
DATASET_INFO = "Only scores on the same EEG can be compared."
ANY_DATASET = "Whatever had most seizures"
SENSITIVITY = "Seizures found"
SENSITIVITIES = (
    ("Any share", 0.0),
    ("Half or more", 0.5),
    ("75 % or more", 0.75),
    ("90 % or more", 0.9),
    ("All", 1.0),
)
FALSE_ALARMS = "False alarms per 24 h"
FALSE_ALARM_LEVELS = (
    ("Any number", -1.0),
    ("At most 1", 1.0),
    ("At most 5", 5.0),
    ("At most 24", 24.0),
    ("At most 100", 100.0),
)
FITS = "Only nets that can read the open recording"
CLEAR = "Clear search and filters"
SHOW_MORE = "Show {n} more"
COUNT_ALL = "{n} nets"
COUNT_ONE = "1 net"
COUNT_SOME = "{shown} of {n} nets"
LIST_LABEL = "Nets of the zoo"
NOTHING_FOUND = (
    "No net fits. Take a word out of the search, or clear the filters; other nets may be on the "
    "<em>Hub</em>."
)
NO_NETS = (
    "There is no net in the zoo yet. <em>Import</em> one from a file, fetch one from the "
    "<em>Hub</em>, or make one in <em>Train</em>."
)
OPEN_RECORDING_FIRST = "Open a recording first: then the nets that can read it are found."
PICK = "Compare"
PICK_LABEL = "Compare {title}"

ANY_MONTAGE = "any montage"
N_CHANNELS = "{n} channels"
ONE_CHANNEL = "1 channel"
SECONDS = "{s:g} s"
HERTZ = "{hz:g} Hz"
N_PARAMETERS = "{n:,} parameters"
NOT_HERE = "fetched at first use"
FROM_REGISTRY = "registry {registry}"
NOT_MEASURED = "Nothing was measured yet."
SCORE_FOUND = "finds {share:.0%}"
SCORE_ALARMS = "{n:,.3g} false alarms per 24 h"
SCORE_ON = "{figures}: {dataset} ({seizures}, {hours:.3g} h)"
SCORE_NONE = "no such figure"

# --- drawings ---

HEAD_ANY = "Any montage: these or other channels in any order, {n} or more."
HEAD_PAIRS = "Channels between two electrodes, joined by a line: {n}."
HEAD_SINGLES = "Channels of one electrode against the recorder's reference: {n}."
HEAD_TWICE = "Twice in the list: {names}."
HEAD_ELSEWHERE = "Not on the scalp: {names}."
HEAD_CHANNEL = "Channel {number}: {name}"

# --- the card ---

CHANNELS_ANY = "any {n} or more"
CHANNELS_FIXED = "{n}, at least {share:.0%} of them"
RATE_RESAMPLED = "{hz:g} Hz (recordings are resampled)"
WINDOW_STRIDE = "{s:g} s, a step of {stride:g} s"
OUTPUT = "Output"
ONE_A_WINDOW = "one value a window"
EVERY_STEP = "every {s:g} s"
THRESHOLD = "Threshold"
THRESHOLDS = "starts at {on:g}, ends below {off:g}"
SMOOTHING = "Smoothing"
SHORTEST = "Shortest event"
MERGED = "Events merged within"
HOW_WELL = "How well it does"
LIMITS = "Limits"
USE = "What it is for"
CARD_INPUT = "What it is fed with"
CARD_OUTPUT = "How its output becomes events"
CARD_RESULTS = "Results"
CARD_NETWORK = "Network"
CARD_TRAINING = "Training"
CARD_HISTORY = "Versions and relatives"
CARD_PROOF = "Files and proof"
NO_CARD = "Choose a net in the list: its card appears here."

ID = "Id"
VERSION = "Version"
CREATED = "Created"
AUTHORS = "Authors"
NOT_GIVEN = "not given"
UNIT = "Unit"
PREPROCESSING = "Preprocessing, in order"
NO_PREPROCESSING = "Preprocessing: none besides resampling."
CHANNEL_LIST = "The {n} channels in order"

MEASURED_ON = "Measured on"
HOW_MUCH = "How much"
NO_FIGURES = "no figures"
UNDEFINED = "undefined"
WITH_INTERVAL = "{value} ({low} to {high})"
PROTOCOL = "Protocol: {protocol}."
PROTOCOL_OF = "{datasets}: {protocol}."
RESULT_NOTES = "Intervals, further figures and notes"
INTERVALS = "In brackets: {interval}."
ALSO_MEASURED = "Also: {figures}"

NETWORK_OF = "Network of {title}"
NETWORK_FACTS = "{n:,} parameters; one output sees {s:.3g} s of EEG."
NETWORK_TABLE = "Every layer with its settings"
NETWORK_SHAPES = "Shapes are channels \u00d7 samples of one window."
LAYER_COLUMNS = ("Layer", "Settings", "Output", "Parameters")
INPUT_ROW = "input"

DATA_COLUMNS = ("Data", "Recordings", "Seizures", "Hours", "Windows", "Subjects")
SPLIT = "Split"
LEAKS = "{method} (leaks)"
LEAK_WARNING = (
    "Windows of training and validation may share samples: validation figures flatter this net."
)
SEED = "Seed"
CURVES = "Learning curves"
NO_CURVES_KEPT = "The card keeps no learning curves."
TRAINING_SETTINGS = "Settings of the training and versions of the software"

FIRST_VERSION = "First version."
VERSION_LINE = "{version} ({created}): {note}"
FROM_SCRATCH = "Trained from scratch: it has no parent."
PARENT = "Trained further from"
CHILDREN = "Trained further from this net"
PARENT_ABSENT = "{model_id} {version} (not in this zoo)"

CARD_HASH = "Card (SHA-256)"
WEIGHTS_HASH = "Weights (SHA-256)"
WEIGHTS_SIZE = "Weights"
BYTES = "{n:,} bytes of safetensors"
GOLDEN = (
    "When the net is loaded, both hashes are checked and it must give the output for a known "
    "input that is written on its card."
)
HUB_PLACE = "On the Hub"
CARD = "Card of the net"

# --- what can be done with a net ---

USE_IN_PREDICT = "Use in Predict"
TRAIN_FROM = "Train from it"
COMPARE = "Compare"
EXPORT = "Export"
EXPORT_FILE = "Save the bundle"
PUBLISH = "Publish"
DELETE = "Delete"
ASK_DELETE = (
    "**Delete {model_id}?** Its card, weights and README leave the zoo. For 7 days it can be "
    "brought back."
)
REALLY_DELETE = "Delete it"
KEEP = "Keep it"
DELETED_NOW = "{model_id} was deleted."
UNDO = "Undo"
RESTORED = "{model_id} is back."
IMPORT = "Import a net"
IMPORT_INFO = (
    "A bundle (.zip), or card.json and model.safetensors together. Everything is checked first."
)
IMPORTED = "{model_id} is in the zoo now."
ONE_BUNDLE = (
    "Choose one bundle (.zip) alone, or the files of one net (card.json and model.safetensors)."
)
THE_FILES = "The files chosen"
NOTHING_DELETED = "Choose which net shall be brought back."
DELETED = "Deleted nets"
DELETED_CHOICE = "Deleted in the last 7 days"
DELETED_NET = "{model_id}: {title}"
RESTORE = "Bring it back"

# --- comparing ---

COMPARE_ABOUT = (
    "Each net reads the recording through its own card: windows, rates and channels may differ. "
    "All are compared second by second."
)
COMPARED = "Nets to compare"
COMPARED_INFO = "2 to 12. One net alone is compared with itself."
COMPARE_ON = "On which EEG"
ON_OPEN = "The open recording"
ON_DEMO = "The demo recording"
ON_FILES = "Files"
EXPERT = "Events by an expert (optional): TSV, CSV, EDF+"
OTHER_THRESHOLDS = "Other thresholds, in the nets' order (empty: each net's own)"
OTHER_THRESHOLDS_HINT = "0.5, 0.85"
RUN_COMPARISON = "Compare these nets"
COMPARING = "Comparing the nets."
NO_COMPARISON = (
    "No comparison yet. Choose nets here, or tick them in the list, and press "
    "<em>Compare these nets</em>."
)
CHOOSE_NETS = "Choose the nets to compare first: 2 to 12 of them, or one to compare with itself."
ONE_THRESHOLD_EACH = "{n} thresholds were given for {nets} nets. Give one for each, or none."
LOADING = "Loading {name}"
ALL_TOGETHER = "All {n} recordings together"
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
AT_THRESHOLD = "{name} at {threshold:g}"
NO_REFERENCE = (
    "There is no reference to score by: nothing in the recording says where seizures are."
)
REFERENCE_OF = "Scored against {seizures} by {source}."
THE_REFERENCE = "the reference"
THE_EXPERT = "the expert's events"
THE_SIMULATION = "the simulation"
SAID_FREE = "whoever said that it has none"
INSIDE = "the annotations in the file"
OWN_MARKS = "your marks"
EXPERT_LANE = "reference"
DRAWING_OF = "Seizure probability over all of {file_name} by {names}; their events in lanes below."
FOUND_FIRST = "{events}, the first at {time}"
AGREEMENT = "Where they agree"
ALL_PAIRS = "{n} pairs of nets"
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
PAIR = "{first} and {second}"
MORE_FOR_COMPARISON = "Events by an expert, other thresholds"
DISAGREEMENTS = "Where they disagree (choose a row to see the EEG in Analysis)"
DISAGREEMENT_COLUMNS = ("Onset (s)", "Duration (s)", "Say seizure", "Say background")
NOT_THE_OPEN_ONE = (
    "This comparison was not made on the recording that is open. Open it first, then compare again."
)
SAVE_COMPARISON = "Comparison (JSON)"

# --- the scoreboard ---

NO_SCOREBOARD = (
    "No scoreboard is shipped with this version. The card of each net says what was measured of it."
)
BOARD_HOURS = "{hours:g} h of EEG"

# --- operating points ---

CARD_POINT = "the net's own"
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
POINTS_CHOSEN_ON = "Chosen on {data}, where they gave these figures."
CALIBRATED = (
    "Calibrated on {fitted_on}: probabilities were off by {before:.3f} on average before, by "
    "{after:.3f} after."
)
