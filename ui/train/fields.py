"""The settings of datasets and trainings that the forms show, and preprocessing as fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ui.i18n import words
from ui.train.forms import Field, FieldGroup, all_fields

Step = Mapping[str, Any]

_NOTCH_CHOICES = (("off", ""), ("50 Hz", "50"), ("60 Hz", "60"))


def _share(name: str, label: str, *, maximum: float = 1.0, info: str | None = None) -> Field:
    """Return a share that is moved from 0, which is off."""
    return Field(name=name, label=label, kind="slider", maximum=maximum, info=info)


DATASET_MAIN = (
    Field(name="title", label="Name of the dataset", kind="text"),
    Field(name="window_s", label="Window (s)"),
    Field(name="sampling_rate_hz", label="Sampling rate (Hz)"),
    Field(name="guard_s", label="Guard around seizures (s)"),
)

WINDOW_FIELDS = FieldGroup(
    title="Windows: strides, labels, balance",
    fields=(
        Field(name="seizure_stride_s", label="Stride in seizures (s)"),
        Field(
            name="background_stride_s",
            label="Stride in background (s; empty: auto)",
            optional=True,
        ),
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
        Field(
            name="balance",
            label="Background windows per seizure window (empty: all)",
            optional=True,
        ),
        Field(name="seed", label="Random seed", kind="count"),
        Field(name="only_with_seizures", label="Leave out recordings without seizure", kind="flag"),
    ),
)

INPUT_FIELDS = FieldGroup(
    title="Channels",
    fields=(
        Field(
            name="channels",
            label="Channels in order (empty: all, for models of any montage)",
            kind="names",
            optional=True,
        ),
        Field(name="min_coverage", label="Share of them a recording must have (0 to 1)"),
    ),
)

PREPROCESSING_FIELDS = FieldGroup(
    title="Preprocessing: filters, amplitude",
    fields=(
        Field(name="preprocessing.low_hz", label="High-pass (Hz; empty: off)", optional=True),
        Field(name="preprocessing.high_hz", label="Low-pass (Hz; empty: off)", optional=True),
        Field(name="preprocessing.order", label="Filter order (1 to 8)", kind="count"),
        Field(name="preprocessing.notch_hz", label="Notch", kind="choice", choices=_NOTCH_CHOICES),
        Field(
            name="preprocessing.limit_uv", label="Clip at \u00b1 (µV; empty: off)", optional=True
        ),
        Field(name="preprocessing.factor", label="Scale factor (empty: off)", optional=True),
        Field(
            name="preprocessing.steps",
            label="Other steps, or another order (JSON)",
            kind="json",
            optional=True,
            info="Where this is filled in, it counts instead of the fields above.",
        ),
    ),
)

DATASET_GROUPS = (WINDOW_FIELDS, INPUT_FIELDS, PREPROCESSING_FIELDS)
DATASET_FIELDS = all_fields(DATASET_MAIN, DATASET_GROUPS)

# A model's input settles these; the rest of a dataset is free.
MODEL_INPUT = frozenset(
    {"window_s", "sampling_rate_hz"}
    | {field.name for group in (INPUT_FIELDS, PREPROCESSING_FIELDS) for field in group.fields}
)

TRAIN_MAIN = (
    Field(name="title", label="Name of the run", kind="text"),
    Field(name="epochs", label="Epochs, at most", kind="count"),
    Field(name="learning_rate", label="Learning rate"),
    Field(name="batch_size", label="Batch size", kind="count"),
    Field(
        name="split", label="Validation is split off", kind="choice", choices=words.SPLIT_CHOICES
    ),
)

OPTIMIZER_FIELDS = FieldGroup(
    title="Validation, optimizer, loss",
    fields=(
        Field(name="validation_fraction", label="Share for validation (0 to 1)"),
        Field(name="seed", label="Random seed", kind="count"),
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
            choices=(
                ("constant", "constant"),
                ("cosine decay to zero", "cosine"),
                ("linear decay to zero", "linear"),
            ),
        ),
        Field(name="warmup_epochs", label="Warm-up epochs"),
        Field(name="weight_decay", label="Weight decay"),
        Field(
            name="class_weights",
            label="Weights of background and seizure in the loss",
            kind="weights",
            choices=(("the same", "none"), ("balanced by their numbers", "balanced")),
            info="Or two numbers, such as 1, 3.",
        ),
        Field(name="label_smoothing", label="Label smoothing (0 to less than 1)"),
        Field(
            name="gradient_clip",
            label="Gradient clipping: largest norm (empty: off)",
            optional=True,
        ),
        Field(
            name="patience",
            label="Early stopping: epochs without improvement (empty: never)",
            kind="count",
            optional=True,
        ),
    ),
)

AUGMENTATION_FIELDS = FieldGroup(
    title="Augmentation: random changes of training windows",
    about="Every window is changed a little each time it is trained on, so that the model learns "
    "what stays the same.",
    fields=(
        _share(
            "augmentation.channel_dropout",
            "Channels silenced (share; 0: none)",
            maximum=0.99,
            info="Each channel of a window is zero with this probability.",
        ),
        _share("augmentation.lost_fraction", "Windows that lose whole channels (share; 0: none)"),
        Field(
            name="augmentation.max_lost", label="Channels lost per window, at most", kind="count"
        ),
        _share(
            "augmentation.low_temporal_fraction",
            "Windows without FT9 and FT10 (share; 0: none)",
            info="Most recordings lack these two electrodes.",
        ),
        _share(
            "augmentation.amplitude",
            "Amplitude changed by up to (share; 0: not)",
            maximum=0.99,
            info="0.2 multiplies a window by something between 0.8 and 1.2.",
        ),
        Field(
            name="augmentation.gain_spread",
            label="Spread of the amplitude (0: none)",
            info="Standard deviation of the logarithm of the factor; shipped models use 0.35.",
        ),
        _share("augmentation.flip", "Polarity inverted (share of windows; 0: never)"),
        _share(
            "augmentation.mirror",
            "Left and right exchanged (share of windows; 0: never)",
            info="Needs named channels that have two sides.",
        ),
        Field(
            name="augmentation.noise",
            label="White noise added (0: none)",
            info="Standard deviation, in the unit of the model's input after preprocessing.",
        ),
        Field(
            name="augmentation.time_shift_s",
            label="Shifted in time by up to (s; 0: not)",
            info="What leaves a window at one end comes in at the other.",
        ),
    ),
)

MINING_FIELDS = FieldGroup(
    title="Hard background",
    about="While training goes on, easy background windows are exchanged for those that the model "
    "takes for seizures, out of background that was not drawn.",
    fields=(
        _share("mining.fraction", "Background that is hard (share; 0: off)"),
        Field(name="mining.every_epochs", label="Search interval (epochs)", kind="count"),
        Field(
            name="mining.pool",
            label="Candidate windows per background window",
        ),
    ),
)

MIXTURE_FIELDS = FieldGroup(
    title="Mixture: windows drawn at random, from simulated EEG too",
    about="The shipped models were trained in this way. Each number says how large a share of the "
    "training windows is of that kind, relative to the others; with all at 0 every window of "
    "the dataset is used once in an epoch. Validation stays on the recordings.",
    fields=(
        _share("mixture.real_seizure", "Recorded seizures"),
        _share("mixture.real_background", "Recorded background"),
        _share(
            "mixture.resting", "Recorded background of people without seizures, at other amplitudes"
        ),
        _share("mixture.simulated_seizure", "Simulated seizures"),
        _share("mixture.seizure_over_real", "Simulated seizures laid over recorded background"),
        _share("mixture.simulated_background", "Simulated background"),
        _share("mixture.artefacts", "Simulated movement, chewing and muscle (hard background)"),
        Field(name="mixture.largest_gain", label="Largest factor of those other amplitudes"),
        Field(
            name="mixture.people",
            label="Simulate people of every age and kind",
            kind="flag",
            info="With all kinds of seizures, rhythmic movement, rhythmic and periodic patterns, "
            "references and sampling rates.",
        ),
        Field(
            name="mixture.n_simulated",
            label="Simulated recordings of each kind",
            kind="count",
            info="Each has 180 s and takes about a second to make.",
        ),
        Field(
            name="mixture.batches_per_epoch",
            label="Batches in an epoch (empty: as many as the recordings fill)",
            kind="count",
            optional=True,
        ),
        Field(
            name="mixture.n_channels",
            label="Fewest and most channels of a window, such as [4, 18] (for any montage)",
            kind="json",
            optional=True,
        ),
    ),
)

USE_FIELDS = FieldGroup(
    title="How the model is used, and scored on validation recordings",
    about="These numbers are written into the model's card.",
    fields=(
        Field(name="stride_s", label="Stride of the model in use (s)"),
        Field(
            name="validation_stride_s",
            label="Stride on validation recordings (s; empty: a sixth of the window)",
            optional=True,
        ),
        Field(name="smoothing_s", label="Smoothing of probabilities (s)"),
        Field(name="min_duration_s", label="Shortest event (s)"),
        Field(name="merge_gap_s", label="Events closer than this are one (s)"),
    ),
)

COMPUTER_FIELDS = FieldGroup(
    title="Computer",
    fields=(
        Field(
            name="device",
            label="Trained on",
            kind="choice",
            choices=(("a GPU if there is one", "auto"), ("the CPU", "cpu"), ("a GPU", "cuda")),
        ),
        Field(
            name="mixed_precision",
            label="Mixed precision (on a GPU)",
            kind="flag",
        ),
        Field(
            name="threads",
            label="CPU threads (empty: as many as usual)",
            kind="count",
            optional=True,
        ),
        Field(name="checkpoint_every_s", label="Saved at least every (s)"),
    ),
)

TRAIN_GROUPS = (
    OPTIMIZER_FIELDS,
    AUGMENTATION_FIELDS,
    MINING_FIELDS,
    MIXTURE_FIELDS,
    USE_FIELDS,
    COMPUTER_FIELDS,
)

TRAIN_FIELDS = all_fields(TRAIN_MAIN, TRAIN_GROUPS)

# A notch of 50 Hz is then 1.7 Hz wide: hum goes, and the EEG around it stays.
_NOTCH_QUALITY = 30.0
_NOTHING: dict[str, Any] = {
    "low_hz": None,
    "high_hz": None,
    "order": 2,
    "notch_hz": "",
    "limit_uv": None,
    "factor": None,
    "steps": None,
}


def as_fields(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings, or a card's input, with their steps as values of the fields.

    Steps that the plain fields cannot say, or in another order, stand in the field for steps.
    """
    steps = [dict(step) for step in settings["preprocessing"]]
    values = dict(_NOTHING)
    for step in steps:
        values |= _values_of(step)
    if _steps_of(values) != steps:
        values = {**_NOTHING, "steps": steps}
    return {**settings, "preprocessing": values}


def as_steps(read: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings of a dataset from what was read from the fields."""
    values = read["preprocessing"]
    given = values["steps"]
    return {**read, "preprocessing": _steps_of(values) if given is None else given}


def _values_of(step: Step) -> dict[str, Any]:
    """Return the values a step would be written with; an unknown one has none."""
    match step.get("step"):
        case "band_pass":
            return {name: step.get(name) for name in ("low_hz", "high_hz", "order")}
        case "high_pass":
            return {"low_hz": step.get("cutoff_hz"), "order": step.get("order")}
        case "low_pass":
            return {"high_hz": step.get("cutoff_hz"), "order": step.get("order")}
        case "notch":
            frequency_hz = step.get("frequency_hz")
            known = [meant for _, meant in _NOTCH_CHOICES if meant]
            return {"notch_hz": next((hz for hz in known if float(hz) == frequency_hz), "")}
        case "clip":
            return {"limit_uv": step.get("limit_uv")}
        case "scale":
            return {"factor": step.get("factor")}
    return {}


def _steps_of(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the steps of the plain fields: filters first, then amplitudes."""
    steps: Sequence[dict[str, Any] | None] = (
        _filter(values["low_hz"], values["high_hz"], values["order"]),
        {
            "step": "notch",
            "frequency_hz": float(values["notch_hz"]),
            "quality": _NOTCH_QUALITY,
        }
        if values["notch_hz"]
        else None,
        _amplitude("clip", "limit_uv", values["limit_uv"]),
        _amplitude("scale", "factor", values["factor"]),
    )
    return [step for step in steps if step is not None]


def _filter(low_hz: float | None, high_hz: float | None, order: int) -> dict[str, Any] | None:
    if low_hz is not None and high_hz is not None:
        return {"step": "band_pass", "low_hz": low_hz, "high_hz": high_hz, "order": order}
    if low_hz is not None:
        return {"step": "high_pass", "cutoff_hz": low_hz, "order": order}
    if high_hz is not None:
        return {"step": "low_pass", "cutoff_hz": high_hz, "order": order}
    return None


def _amplitude(step: str, name: str, value: float | None) -> dict[str, Any] | None:
    return None if value is None else {"step": step, name: value}
