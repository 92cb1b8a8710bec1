"""Every sentence and label of the Train tab that a user reads."""

from __future__ import annotations

STEP_DATA = "1 Data"
STEP_NETWORK = "2 Network"
STEP_TRAINING = "3 Train"

ABOUT = """\
Train a net of your own: **make a dataset** from recordings and experts' marks, **build a \
network**, **train** it, **test** it on files it has not seen, and **keep** it in the zoo.
"""
SEED_BUTTON = "Fill in the seed's experiment"
SEED_NOTE = (
    "Filled in: the seed's dataset settings, network and training settings. Add recordings of "
    "CHB-MIT patients 1, 2, 3, 5, 7 and 8 with their references, press Create, then Start."
)

DATASET = "Dataset"
DATASET_INFO = "What networks are checked for and trained on."

RECORDINGS = "Recordings: EDF, BDF, CSV, TXT"
REFERENCES = "References: TSV, CSV, .seizures, summaries"
FOLDER = "Or recordings of the server's folder"
FOLDER_INFO = "References that lie beside them are taken along."
NO_MATERIAL = (
    "Drop recordings and the experts' marks of their seizures. They are paired by their names, "
    "and you can correct that before anything is made."
)
PAIRS = "Which reference belongs to which recording (choose a row to correct it)"
PAIR_COLUMNS = ("Recording", "Patient", "What happens", "Reference")
STATE_WORDS = {
    "paired": "used",
    "seizure-free": "used: seizure-free",
    "unknown": "left out",
}
HOW_FOUND_WORDS = {
    "name": "by its name",
    "summary": "in a summary",
    "inside": "inside the recording",
    "chosen": "chosen by you",
}
SEIZURE_FREE = "These have no reference. Is there certainly no seizure in them?"
SEIZURE_FREE_INFO = "Tick those that somebody who knows called seizure-free; the rest is left out."
UNUSED = "Belongs to none of the recordings and is not used: {names}."
CORRECT = "Correct the pairing"
CORRECT_RECORDINGS = "Recordings"
CORRECT_REFERENCE = "Their reference"
CORRECT_PATIENT = "Their patient (empty: as it is)"
AS_IT_IS = "As it is"
NO_REFERENCE = "None of the files"
CORRECT_BUTTON = "Apply"
CHOOSE_TO_CORRECT = "Choose the recordings to correct."
PAIR_FIRST = "Add recordings and their references first."

SETTINGS = "Windows"
INPUT = "Channels and sampling rate"
LIKE_NET = "Same input as the net"
PREPROCESSING = "Preprocessing (filters, amplitude)"
LOW_CUTOFF = "High-pass (Hz; empty: off)"
HIGH_CUTOFF = "Low-pass (Hz; empty: off)"
FILTER_ORDER = "Filter order (1 to 8)"
HUM = "Mains hum"
HUM_CHOICES = (("left in", ""), ("removed at 50 Hz", "50"), ("removed at 60 Hz", "60"))
CUT_AT = "Cut at plus and minus (\u00b5V; empty: off)"
MULTIPLIED_BY = "Multiplied by (empty: off)"
OTHER_STEPS = "Other steps, or another order"
STEPS_JSON = "Preprocessing steps (JSON)"
STEPS_JSON_INFO = "Where this is filled in, it counts instead of the fields above."
CREATE = "Create the dataset"
NO_DATASET_YET = "The dataset appears here: how many windows, and what became of every second."
DATASETS = "Datasets (choose a row to see it)"
DATASET_COLUMNS = (
    "Id",
    "Title",
    "Recordings",
    "Patients",
    "Hours",
    "Seizures",
    "Seizure windows",
    "Background windows",
)
DATASET_RECORDINGS = "{used} used, {refused} left out"
WINDOW = "Window"
RECORDED = "Recorded"
WINDOW_SHAPE = "{window_s:g} s at {rate_hz:g} Hz"
LEDGER = "What became of every second"
LEDGER_COLUMNS = ("Part", "Time", "Share")
LEDGER_PARTS = {
    "seizure_s": "Used as seizure",
    "background_s": "Used as background",
    "guard_s": "In the guard around seizures",
    "not_drawn_s": "Background not drawn",
    "rejected_s": "Not usable",
    "duration_s": "All together",
}
DATASET_RECORDING_COLUMNS = (
    "Recording",
    "Patient",
    "Length",
    "Seizures",
    "Seizure windows",
    "Background",
    "Marks",
)
DELETE_DATASET = "Delete this dataset"
CHOOSE_DATASET = "Choose a dataset first, or make one in step 1."
DATASET_DELETED = "{dataset_id} was deleted. Nets and runs made from it stay."

START_FROM = "Start from"
ZOO_NET = "Net of the zoo: {net}"
WITH_WEIGHTS = "With its weights (fine-tuning)"
WITH_WEIGHTS_INFO = "For a net of the zoo whose layers are left as they are."
NETWORK = "Network (JSON: paste, edit, copy)"
LOAD_NETWORK = "Load from a file"
SAVE_NETWORK = "Save as a file"
NETWORK_FILE_TOO_BIG = "{file} is too big to be a network."
SHAPE = "{n_channels} channels \u00d7 {n_samples:,} samples"
SHAPE_WITHOUT_DATASET = (
    "{n_channels} channels \u00d7 {n_samples:,} samples (the seed's: no dataset is chosen)"
)
NETWORK_INPUT = "Input"
NETWORK_STATE = "Network"
FITS = "fits"
DOES_NOT_FIT = "does not fit"
PARAMETERS = "Parameters"
RECEPTIVE_FIELD = "Receptive field"
REACH = "{seconds:.3g} s ({samples:,} samples)"
MULTIPLY_ADDS = "Multiply-adds a window"
DRAWING = "### Drawing"
DRAWING_NAME = "Drawing of the network"
NO_DRAWING = "The drawing appears when the text above is a network again."
SAVE_DRAWING = "Save the drawing (SVG)"
DIFFERENCES = "What differs from where it began, or from another network"
COMPARE_WITH = "Compared with"
PASTED = "A network pasted below"
PASTED_NETWORK = "The other network (JSON)"
NO_DIFFERENCE = "Both networks are the same, layer by layer."
DIFFERENCE_COLUMNS = ("What happened", "No. there", "No. here", "Layer", "Settings")
DIFFERENCE_WORDS = {"changed": "changed", "added": "added", "removed": "removed"}
SETTING_ADDED = "{name} {value} added"
SETTING_REMOVED = "{name} {value} removed"
LAYERS = "Layers (choose a row to change it)"
LAYER_COLUMNS = ("No.", "Layer", "Output", "Parameters", "Multiply-adds", "Settings")
LAYER = "Layer"
LAYER_TYPE = "Type"
LAYER_SETTINGS = "Settings (JSON)"
CHANGE = "Change it"
INSERT = "Insert after it"
MOVE_UP = "Move up"
MOVE_DOWN = "Move down"
REMOVE = "Remove"
WEIGHTS_CHANGED = (
    "The layers are no longer those of {model_id}, so its weights do not fit. Take the net again "
    "under 'Start from', or untick 'With its weights'."
)

GROUP_OPTIMIZER = "Optimizer and loss"
GROUP_AUGMENTATION = "Augmentation: random changes of training windows"
ABOUT_AUGMENTATION = (
    "Every window is changed a little each time it is trained on, so that the net learns what "
    "stays the same."
)
GROUP_MINING = "Hard background"
ABOUT_MINING = (
    "While training goes on, easy background windows are exchanged for those that the net takes "
    "for seizures, out of background that was not drawn."
)
GROUP_MIXTURE = "Mixture: windows drawn by chance, from simulated EEG too"
ABOUT_MIXTURE = (
    "The shipped models were trained in this way. Each number says how large a share of the "
    "training windows is of that kind, relative to the others; with all at 0 every window of the "
    "dataset is used once in an epoch. Validation stays on the recordings."
)
GROUP_USE = "How the net is used, and scored on validation recordings"
ABOUT_USE = "These numbers are written into the net's card."
GROUP_COMPUTER = "Computer"

OWN_MARKS = "The recording open in Analysis, with your marks"
ALL_MARKED = "All seizures in it are marked"
ALL_MARKED_INFO = "What is not marked counts as free of seizures. Mark in Analysis or Predict."
ADD_MARKED = "Add it with its marks"
TAKE_OUT_MARKED = "Take it out again"
SAY_ALL_MARKED = (
    "Say first that all seizures in {file} are marked: what is not marked would be learnt as free "
    "of seizures."
)
MARKED_ADDED = "{file} was added. Seizures marked in it: {n}."
MARKED_FREE = "{file} was added. No seizure is marked in it: as you said, it has none."
