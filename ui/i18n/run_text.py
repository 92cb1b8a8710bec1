"""Every sentence and label about runs that a user reads, and of questions asked back."""

from __future__ import annotations

DATASET = "Dataset"
CHOOSE_DATASET = "Choose a dataset first, or make one in step 1."
READING = "Reading the recordings"
DELETE_DATASET_QUESTION = (
    "Delete {name}? Its stored signals and its ledger go for good. Your recordings, and nets and "
    "runs made from it, stay; runs that are not finished can no longer be resumed."
)

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
AS_SHIPPED = "Trained like a shipped model"
AS_SHIPPED_INFO = (
    "Fills in how that model was trained: its mixture of recorded and simulated EEG, augmentations "
    "and more. Its network is chosen in step 2."
)
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
LEAVE_OUT = "Leave one patient out"
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
MEAN_F1 = "Mean event F1 of the folds"
MEAN_ALARMS = "Mean false alarms per 24 h"
FOLDS_DONE = "Folds"
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
