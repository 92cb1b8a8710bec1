"""Every sentence and label of the Train tab that a user reads."""

from __future__ import annotations

DATASET = "Dataset"

NO_MATERIAL = (
    "Drop recordings and the experts' marks of their seizures. They are paired by their names, "
    "and you can correct that before anything is made."
)
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
AS_IT_IS = "As it is"
NO_REFERENCE = "None of the files"

HUM_CHOICES = (("left in", ""), ("removed at 50 Hz", "50"), ("removed at 60 Hz", "60"))
NO_DATASET_YET = "The dataset appears here: how many windows, and what became of every second."
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
CHOOSE_DATASET = "Choose a dataset first, or make one in step 1."

SHAPE = "{n_channels} channels \u00d7 {n_samples:,} samples"
SHAPE_WITHOUT_DATASET = (
    "{n_channels} channels \u00d7 {n_samples:,} samples (the seed's: no dataset is chosen)"
)
DOES_NOT_FIT = "does not fit"
NO_DIFFERENCE = "Both networks are the same, layer by layer."
DIFFERENCE_COLUMNS = ("What happened", "No. there", "No. here", "Layer", "Settings")
DIFFERENCE_WORDS = {"changed": "changed", "added": "added", "removed": "removed"}
LAYER_COLUMNS = ("No.", "Layer", "Output", "Parameters", "Multiply-adds", "Settings")


MARKED_ADDED = "{file} was added. Seizures marked in it: {n}."
MARKED_FREE = "{file} was added. No seizure is marked in it: as you said, it has none."
