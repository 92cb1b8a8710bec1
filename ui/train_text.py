"""Every sentence and label of the Train tab that a user reads."""

from __future__ import annotations

TAB_TRAIN = "Train"

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
INPUT = "Channels, sampling rate, preprocessing"
LIKE_NET = "Same input as the net"
CREATE = "Create the dataset"
READING = "Reading the recordings"
NO_DATASET_YET = "The dataset appears here: how many windows, and what became of every second."
NO_DATASETS = "There is no dataset yet. Make one in step 1."
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
DELETE_DATASET = "Delete this dataset"
DELETE_DATASET_QUESTION = (
    "Delete {name}? Its stored signals and its ledger go for good. Your recordings, and nets and "
    "runs made from it, stay; runs that are not finished can no longer be resumed."
)
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
GROUP_USE = "How the net is used, and scored on validation recordings"
ABOUT_USE = "These numbers are written into the net's card."
GROUP_COMPUTER = "Computer"

START = "Start training"
RUN = "Run"
RUNS = "Runs (choose a row to see it)"
RUN_COLUMNS = ("Run", "Title", "State", "Epochs", "Best event F1", "Split", "Dataset", "Created")
NO_RUNS = (
    "No training was started yet. Choose a dataset and a network, then press "
    "<em>Start training</em>. It goes on when you close this page, and is found again here."
)
NO_CURVES = "Curves appear after the first epoch."
EPOCH = "epoch {number}"
LOSS_CHART = "Loss of each epoch"
LOSS_CURVES = (("train_loss", "Training loss"), ("validation_loss", "Validation loss"))
SCORE_CHART = "Scores on whole validation recordings"
SCORE_CURVES = (("event_f1", "Event F1"), ("event_sensitivity", "Event sensitivity"))
COMPARED_CURVES = (
    ("train_loss", "Training loss", None),
    ("validation_loss", "Validation loss", None),
    ("event_f1", "Event F1 on whole validation recordings", 1.0),
)
CHOOSE_RUN = "Choose a run first, or start one."
STOP = "Stop and keep the best"
RESUME = "Resume"
DELETE_RUN = "Delete the run"
DELETE_RUN_QUESTION = (
    "Delete {name}? Its curves, log and checkpoints go for good. A net saved from it stays."
)
DELETE_SURE = "Yes, delete it"
KEEP_IT = "No, keep it"
CLONE = "Use its settings"
CLONED = (
    "Filled in: network and settings of {name}. Change what you like, then press Start training."
)
CLONED_WITHOUT_DATASET = "The dataset of {name} is gone: choose another one."
CLONED_WITHOUT_PARENT = (
    "{name} began from the weights of {model_id}, which is gone or has changed: a new training "
    "begins with fresh weights."
)
CLONED_TITLE = "{title} (again)"
NO_SETTINGS = "{name} has no settings that can be read: its folder is damaged."
LEAVE_OUT = "Leave one patient out, in turn"
LEAVE_OUT_INFO = (
    "*Leave one patient out* trains as many nets as there are patients, each tested on the patient "
    "it has not seen, then one on all of them, which is kept."
)
FOLDS = "Each patient in turn"
FOLD_COLUMNS = (
    "Patient left out",
    "State",
    "Epochs",
    "Best epoch",
    "Validation loss",
    "Event F1",
    "Event sensitivity",
    "False alarms per 24 h",
    "Second F1",
)
FOLD_DONE = "done"
FOLD_AT_WORK = "training"
FOLD_HALTED = "not finished"
FOLD_WAITING = "waiting"
FOLDS_MEAN = "Mean of the folds"
FOLDS_WORST = "Worst of the folds"
FOLD_ALL = "none: all patients"
COMPARE_RUNS = "Compare runs side by side"
RUNS_TO_COMPARE = "Runs to compare (up to six)"
COMPARE_TWO = "Choose two runs or more: their curves are drawn over each other."
SETTINGS_THAT_DIFFER = "Settings that differ"
SETTING = "Setting"
SAME_SETTINGS = "They have the same settings."
SCORES_OF_BEST = "How they ended"
SCORE = "Score"
NETWORK_SHORT = "Network"
NETWORK_IN_SHORT = "{layers} layers, {parameters:,} parameters ({digest})"
BEGAN_FROM = "Began from the weights of"
STATE = "State"
EPOCHS_DONE = "Epochs"
OF = "{done} of {total}"
BEST_EPOCH = "Best epoch"
BEST_LOSS = "Its validation loss"
BEST_F1 = "Its event F1"
BEST_SENSITIVITY = "Its event sensitivity"
BEST_ALARMS = "False alarms per 24 h"
BEST_SECONDS = "Its second F1"
TIME_SPENT = "Time spent"
RUN_NAME = "Run"
EPOCH_SHORT = "Epoch"
TIME_LEFT = "Time left"
YES = "yes"
NO = "no"
RUN_DELETED = "{run_id} was deleted. A net saved from it stays."
LOG = "Log"
RUN_STATE_WORDS = {
    "queued": "waiting",
    "running": "training",
    "stopped": "stopped",
    "interrupted": "interrupted",
    "done": "done",
    "failed": "failed",
}
SPLIT_CHOICES = (
    ("by recording", "recording"),
    ("by patient", "patient"),
    ("by seizure", "seizure"),
    ("leave one patient out, in turn", "leave-one-patient-out"),
    ("by chance, window by window (leaks; the seed's)", "random"),
)
LEAKS = (
    "This split leaks: {leak} of the validation windows are in training windows too. Its "
    "validation figures are too good to be true."
)

OWN_MARKS = "The recording open in Analysis, with your marks"
ALL_MARKED = "All seizures in it are marked"
ALL_MARKED_INFO = "What is not marked counts as free of seizures. Mark in Analysis or Predict."
ADD_MARKED = "Add it with its marks"
TAKE_OUT_MARKED = "Take it out again"
SAY_ALL_MARKED = (
    "Say first that all seizures in {file} are marked: what is not marked would be learnt as "
    "free of seizures."
)
MARKED_ADDED = "{file} was added. Seizures marked in it: {n}."
MARKED_FREE = "{file} was added. No seizure is marked in it: as you said, it has none."
