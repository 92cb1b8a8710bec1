"""Which settings of datasets and trainings the forms show."""

from __future__ import annotations

from ui import train_text as words
from ui.train.forms import Field

WINDOW_FIELDS = (
    Field(name="title", label="Name of the dataset", kind="text"),
    Field(name="window_s", label="Window (s)"),
    Field(name="seizure_stride_s", label="Stride in seizures (s)"),
    Field(name="background_stride_s", label="Stride in background (s; empty: auto)", optional=True),
    Field(name="guard_s", label="Guard around seizures (s)"),
    Field(
        name="labelling",
        label="A window is seizure when",
        kind="choice",
        choices=(
            ("at least half of it is ictal", "half"),
            ("all of it is ictal", "inside"),
            ("any of it is ictal", "any"),
        ),
    ),
    Field(name="balance", label="Background for each seizure window (empty: all)", optional=True),
    Field(name="seed", label="Seed of the drawing", kind="count"),
    Field(name="only_with_seizures", label="Leave out recordings without seizure", kind="flag"),
)

INPUT_FIELDS = (
    Field(
        name="channels",
        label="Channels in order (empty: all, for nets of any montage)",
        kind="names",
        optional=True,
    ),
    Field(name="sampling_rate_hz", label="Sampling rate (Hz)"),
    Field(name="min_coverage", label="Share of the channels a recording must have (0 to 1)"),
    Field(name="preprocessing", label="Preprocessing steps (JSON)", kind="json"),
)

DATASET_FIELDS = (*WINDOW_FIELDS, *INPUT_FIELDS)

MAIN_FIELDS = (
    Field(name="title", label="Name of the run", kind="text"),
    Field(name="epochs", label="Epochs, at most", kind="count"),
    Field(name="learning_rate", label="Learning rate"),
    Field(name="batch_size", label="Batch size", kind="count"),
    Field(
        name="split", label="Validation is split off", kind="choice", choices=words.SPLIT_CHOICES
    ),
    Field(name="validation_fraction", label="Share for validation (0 to 1)"),
    Field(name="seed", label="Seed", kind="count"),
)

MORE_FIELDS = (
    Field(
        name="optimizer",
        label="Optimizer",
        kind="choice",
        choices=(("Adam", "adam"), ("AdamW", "adamw")),
    ),
    Field(
        name="schedule",
        label="Learning rate over time",
        kind="choice",
        choices=(("constant", "constant"), ("cosine", "cosine"), ("linear", "linear")),
    ),
    Field(name="weight_decay", label="Weight decay"),
    Field(name="label_smoothing", label="Label smoothing"),
    Field(
        name="patience",
        label="Stop after epochs without gain (empty: never)",
        kind="count",
        optional=True,
    ),
    Field(name="stride_s", label="Stride of the net in use (s)"),
    Field(name="augmentation", label="Augmentation (JSON)", kind="json"),
    Field(name="mining", label="Hard background (JSON)", kind="json"),
)

TRAIN_FIELDS = (*MAIN_FIELDS, *MORE_FIELDS)
