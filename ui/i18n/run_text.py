"""Every sentence and label about runs that a user reads, and of questions asked back."""

from __future__ import annotations

RUN_COLUMNS = ("Run", "Title", "State", "Epochs", "Best event F1", "Split", "Dataset", "Created")
NO_RUNS = (
    "No training was started yet. Choose a dataset and a network, then press "
    "<em>Start training</em>. It goes on when you close this page, and is found again here."
)
NO_CURVES = "Curves appear after the first epoch."
LOSS_CURVES = (("train_loss", "Training loss"), ("validation_loss", "Validation loss"))
SCORE_CURVES = (("event_f1", "Event F1"), ("event_sensitivity", "Event sensitivity"))
COMPARED_CURVES = (
    ("train_loss", "Training loss", None),
    ("validation_loss", "Validation loss", None),
    ("event_f1", "Event F1 on whole validation recordings", 1.0),
)
CHOOSE_RUN = "Choose a run first, or start one."
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
COMPARE_TWO = "Choose two runs or more: their curves are drawn over each other."
STATE = "State"
OF = "{done} of {total}"
BEST_EPOCH = "Best epoch"
BEST_LOSS = "Its validation loss"
BEST_F1 = "Its event F1"
BEST_ALARMS = "False alarms per 24 h"
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
