"""Recipes `chbmit-p1`, `chbmit-p2` and `chbmit-n1spool`: from the database to a card.

`docs/protocols.md` describes the protocols: cross-patient, patient-specific in time order, and
n1Spool's own random 80/20 split, which leaks.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from seizure_core.events.score_summary import FEW_UNITS, ScoreSummary, pool_scores, summarise_scores
from training.data.settings import DatasetSettings
from training.detectors import with_results
from training.errors import DatasetError
from training.evaluate.card_results import LONG_NAMES, CardMetrics, result_row, score_metrics
from training.fit.settings import TrainSettings
from training.protocols.corpus import Corpus, read_corpus
from training.protocols.fold_record import FileScore, score_fold
from training.protocols.fold_work import (
    Method,
    ProtocolFolder,
    Report,
    forget,
    scored_fold,
    trained_run,
)
from training.protocols.folds import Fold, cross_patient_folds, patient_specific_folds
from training.runs.experiment import N1SPOOL_EXPERIMENT, find_experiment, read_experiment
from training.runs.folder import find_run
from training.saving import write_run_model
from training.trained_model import SaveOptions
from zoo.card.schema import ArchitectureCard
from zoo.loading import load_folder
from zoo.presets import preset

INTERVAL = "95 % bootstrap over patients, of the pooled figure"
_FEW_HOURS = 24.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Texts of a card on a protocol."""

    dataset: str
    split: str
    note: str


def protocol_results(recordings: Sequence[FileScore], wording: Wording) -> list[dict[str, Any]]:
    """Return the results of a protocol: pooled, mean over patients, and two baselines.

    Parameters
    ----------
    recordings : sequence of FileScore
        Of all folds and seeds; a recording occurs once per seed.
    """
    summary = summarise_scores(
        [(recording.person, recording.score.score) for recording in recordings]
    )
    results = [
        _result(recordings, wording, _pooled_metrics(recordings, summary), "pooled", INTERVAL),
        _result(recordings, wording, _mean_metrics(summary), "mean over patients (sd)"),
    ]
    for name, scores in (
        ("always alarm", [recording.score.always for recording in recordings]),
        ("never alarm", [recording.score.never for recording in recordings]),
    ):
        metrics = score_metrics(pool_scores(scores), LONG_NAMES)
        results.append(_result(recordings, wording, metrics, f"baseline: {name}"))
    return results


def _pooled_metrics(recordings: Iterable[FileScore], summary: ScoreSummary) -> CardMetrics:
    enough = len(summary.patients) >= FEW_UNITS
    metrics = score_metrics(summary.pooled, LONG_NAMES, summary.intervals if enough else None)
    latencies = [s for recording in recordings for s in recording.score.latency_s]
    if latencies:
        metrics["latency_s"] = {"value": statistics.median(latencies)}
    return metrics


def _mean_metrics(summary: ScoreSummary) -> CardMetrics:
    metrics: CardMetrics = {}
    for name, spread in summary.spreads.items():
        metrics[LONG_NAMES[name]] = {"value": spread.mean}
        metrics[f"{LONG_NAMES[name]}_sd"] = {"value": spread.sd}
    return metrics


def _result(
    recordings: Sequence[FileScore],
    wording: Wording,
    metrics: CardMetrics,
    what: str,
    interval: str = "",
) -> dict[str, Any]:
    first = {recording.file_name: recording for recording in recordings}.values()
    duration_s = sum(row.score.score.event.duration_s for row in first)
    note = wording.note
    n_silent = len({recording.file_name for recording in recordings if recording.refused})
    if n_silent:
        note += f" {n_silent} recordings could not be taken by the model and count as silent."
    if duration_s < _FEW_HOURS * 3600:
        note += " Very few hours: these figures say little."
    return result_row(
        dataset=wording.dataset,
        split=f"{wording.split} Row: {what}.",
        n_recordings=len(first),
        n_seizures=sum(row.score.score.event.n_reference for row in first),
        duration_s=duration_s,
        metrics=metrics,
        interval=interval,
        note=note.strip(),
    )


_AUTHORS = ("Seizure Zoo",)
LEAKY_BOX = (
    "LEAKY SPLIT: NOT COMPARABLE. Windows were split 80/20 by chance, so that overlapping windows "
    "of one seizure stand in training and in validation."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolOptions:
    """Size of a protocol; the defaults are those for cards.

    Attributes
    ----------
    network : list of dict, or str
        Layers, or the id of a model whose architecture is used; None is n1Spool's network.
    n_folds : int
        Of the cross-patient protocol.
    seeds : tuple of int
        Every fold is repeated with each random seed.
    """

    network: Any = None
    n_folds: int = 6
    seeds: tuple[int, ...] = (0, 1, 2)
    dataset: DatasetSettings = field(
        default_factory=lambda: DatasetSettings(only_with_seizures=True, min_coverage=0.5)
    )
    settings: TrainSettings = field(default_factory=lambda: TrainSettings(epochs=30, patience=8))

    def method(self, *, seed: int, split: Any) -> Method:
        """Return the training method for a random seed."""
        network = self.network or [dict(layer) for layer in preset("n1spool-cnn").layers]
        return Method(
            network=network,
            dataset=self.dataset.model_copy(update={"seed": seed}),
            settings=self.settings.model_copy(update={"seed": seed, "split": split}),
        )


def cross_patient(
    data: Path, folder: Path, options: ProtocolOptions, report: Report
) -> ArchitectureCard:
    """Run `chbmit-p1`: six folds by person, all hours tested.

    The model that is written is trained on all patients; its card quotes the results of the folds.

    Raises
    ------
    SeizureZooError
        The database is incomplete, the disk is full, or a training failed; the next call continues.
    """
    corpus = _corpus(data, report)
    rows = [
        row
        for seed in options.seeds
        for fold in cross_patient_folds(corpus, n_folds=options.n_folds, seed=seed)
        for row in scored_fold(
            _protocol_folder(folder),
            replace(fold, name=f"p1-seed{seed}-{fold.name}"),
            options.method(seed=seed, split="patient"),
            report,
        )
    ]
    _write_model_of_all("p1", "CHB-MIT, cross-patient protocol", corpus, folder, options, report)
    wording = Wording(
        dataset=f"CHB-MIT 1.0.0, {len(corpus.persons)} patients, all hours",
        split=f"Cross-patient: {min(options.n_folds, len(corpus.persons))} folds by person "
        f"(chb01 and chb21 are one), {_times(len(options.seeds))}; weights, threshold and "
        "post-processing chosen on patients inside the training part.",
        note="Measured on models made the same way without the tested patients; the model of this "
        "card was then trained on all of them. From one hospital and recorder, on children: "
        "elsewhere it will do worse.",
    )
    return with_results(folder, protocol_results(rows, wording))


def patient_specific(
    data: Path, folder: Path, options: ProtocolOptions, report: Report
) -> ArchitectureCard:
    """Run `chbmit-p2`: train on each patient's past, test on the time after it.

    Raises
    ------
    SeizureZooError
        See `cross_patient`.
    """
    corpus = _corpus(data, report)
    # For some patients, a recording without seizures is the only background before the third.
    of_one = replace(
        options, dataset=options.dataset.model_copy(update={"only_with_seizures": False})
    )
    rows = [
        row
        for seed in options.seeds
        for fold in patient_specific_folds(corpus)
        for row in scored_fold(
            _protocol_folder(folder),
            replace(fold, name=f"p2-seed{seed}-{fold.name}"),
            of_one.method(
                seed=seed,
                split="recording" if sum(bool(o.n_seizures) for o in fold.train) > 1 else "seizure",
            ),
            report,
        )
    ]
    _write_model_of_all("p2", "CHB-MIT, patient-specific protocol", corpus, folder, options, report)
    wording = Wording(
        dataset=f"CHB-MIT 1.0.0, {len({row.case for row in rows})} cases, the time after their "
        "second seizure",
        split=f"Patient-specific, in time order: trained on the patient's past with at least two "
        f"seizures, tested on what follows up to the next seizure, {_times(len(options.seeds))}.",
        note="Measured on models of one patient each; the model of this card was trained on all "
        "patients and is none of those.",
    )
    return with_results(folder, protocol_results(rows, wording))


def n1spool_experiment(
    data: Path, folder: Path, options: ProtocolOptions, report: Report
) -> ArchitectureCard:
    """Run `chbmit-n1spool`: n1Spool's patients and leaking split, and a test on other patients.

    Raises
    ------
    SeizureZooError
        See `cross_patient`.
    """
    experiment = read_experiment(find_experiment(N1SPOOL_EXPERIMENT))
    corpus = _corpus(data, report)
    mine = corpus.of_cases(experiment.recordings)
    if not mine.recordings:
        names = ", ".join(experiment.recordings)
        raise DatasetError(
            "None of the patients of n1Spool ({names}) is there. Fetch them.", names=names
        )
    seen = {recording.person for recording in mine.recordings}
    unseen = tuple(recording for recording in corpus.recordings if recording.person not in seen)
    protocol = _protocol_folder(folder)
    small = {"window_s": options.dataset.window_s, "guard_s": options.dataset.guard_s}
    method = Method(
        network=options.network or experiment.network,
        dataset=experiment.dataset.model_copy(update=small),
        settings=experiment.settings.model_copy(update={"epochs": options.settings.epochs}),
    )
    fold = Fold(name="seed", train=mine.recordings, test=unseen)
    run_id = trained_run(protocol, fold, method, report)
    save_options = SaveOptions(
        title="n1Spool's model, by n1Spool's protocol", authors=_AUTHORS, notes=LEAKY_BOX
    )
    card = write_run_model(folder, run_id, save_options)
    results = [_leaky_result(run_id, card)]
    if unseen:
        report(f"testing on {len(unseen)} recordings of patients it never saw ...")
        rows, _ = score_fold(load_folder(folder), unseen)
        wording = Wording(
            dataset=f"CHB-MIT 1.0.0, {len({row.person for row in unseen})} patients it never saw",
            split="The same weights on all hours of all patients outside n1Spool's six "
            "(chb21, who is chb01, left out).",
            note="This is what the leaky figure turns into.",
        )
        results += protocol_results(rows, wording)
    card = with_results(folder, results)
    forget(protocol, fold.name)
    return card


FULL = ProtocolOptions()
# A small run of everything, to test the recipe; the model is useless.
MINIATURE = ProtocolOptions(
    network=[
        {"type": "conv1d", "out_channels": 4, "kernel_size": 16, "stride": 8},
        {"type": "relu"},
        {"type": "adaptive_avg_pool1d", "output_size": 1},
        {"type": "flatten"},
        {"type": "linear", "out_features": 2},
    ],
    n_folds=2,
    seeds=(0,),
    dataset=DatasetSettings(window_s=4.0, guard_s=4.0, only_with_seizures=True, min_coverage=0.5),
    settings=TrainSettings(epochs=2, patience=None, threads=1),
)

Recipe = Callable[[Path, Path, ProtocolOptions, Report], ArchitectureCard]
CHBMIT_RECIPES: dict[str, Recipe] = {
    "chbmit-p1": cross_patient,
    "chbmit-p2": patient_specific,
    "chbmit-n1spool": n1spool_experiment,
}


def _leaky_result(run_id: str, card: ArchitectureCard) -> dict[str, Any]:
    """Return the result n1Spool would report: the accuracy on its validation windows."""
    best = find_run(run_id).checkpoints.state().bests[-1]
    data = card.training.data[0]
    return {
        "dataset": "CHB-MIT 1.0.0, the patients of n1Spool, balanced windows",
        "protocol": "Accuracy on windows drawn by chance; no events, no false alarms an hour",
        "split": f"Random 80/20 of windows. {card.training.split.description}",
        "n_recordings": data.n_recordings,
        "n_seizures": data.n_seizures or 0,
        "hours": data.hours,
        "metrics": {"window_accuracy": {"value": best["validation_accuracy"]}},
        "note": LEAKY_BOX,
    }


def _write_model_of_all(
    short: str,
    title: str,
    corpus: Corpus,
    folder: Path,
    options: ProtocolOptions,
    report: Report,
) -> None:
    """Train on all patients, some of them for validation, and write the model's folder."""
    fold = Fold(name=f"{short}-final", train=corpus.recordings, test=())
    method = options.method(seed=options.seeds[0], split="patient")
    run_id = trained_run(_protocol_folder(folder), fold, method, report)
    write_run_model(folder, run_id, SaveOptions(title=title, authors=_AUTHORS))
    forget(_protocol_folder(folder), fold.name)


def _corpus(data: Path, report: Report) -> Corpus:
    corpus = read_corpus(data)
    report(f"{len(corpus.recordings)} recordings of {len(corpus.cases)} cases")
    if corpus.left_out:
        report(
            f"left out, because no summary says what they hold: {', '.join(corpus.left_out[:8])}"
        )
    return corpus


def _protocol_folder(folder: Path) -> ProtocolFolder:
    return ProtocolFolder(folder=folder.with_name(f"{folder.name}.folds"))


def _times(n: int) -> str:
    return "once" if n == 1 else f"{n} times with other seeds"
