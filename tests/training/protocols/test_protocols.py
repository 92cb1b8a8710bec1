"""The protocols on the full CHB-MIT, from a miniature that a local server publishes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from seizure_core.json_document import canonical_json, parse_json
from seizure_core.references import read_reference
from tests.training.database_server import serving
from tests.training.miniature_chbmit import CASES, make_miniature, seizure_annotations
from training.cli import main
from training.documents import known_ids
from training.errors import DatasetError, SplitError
from training.protocols import fold_work as making
from training.protocols.corpus import Corpus, read_corpus
from training.protocols.fold_record import made_with
from training.protocols.fold_work import (
    Method,
    ProtocolFolder,
    differences,
    fold_inputs,
    scored_fold,
    trained_run,
    training_inputs,
)
from training.protocols.folds import Fold, cross_patient_folds, patient_specific_folds
from training.protocols.recipes import MINIATURE
from training.runs.folder import runs_folder
from zoo.loading import load_folder


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_miniature(tmp_path_factory.mktemp("published"))


@pytest.fixture(scope="module")
def corpus(published: Path) -> Corpus:
    return read_corpus(published)


def names(recordings: object) -> list[str]:
    return [one.pair.recording.file_name for one in recordings]  # type: ignore[attr-defined]


def test_the_corpus_is_in_order_of_time_and_leaves_out_what_nobody_describes(
    corpus: Corpus,
) -> None:
    expected = [f"{one.name}.edf" for all_of in CASES.values() for one in all_of if one.described]
    assert names(corpus.recordings) == expected
    assert corpus.left_out == ("chb24_02.edf",)
    assert corpus.persons == ("chb01", "chb02", "chb12", "chb17", "chb24")
    assert all(one.pair.state == "paired" for one in corpus.recordings)


def test_the_miniature_says_the_same_in_both_kinds_of_reference(published: Path) -> None:
    for case, recordings in CASES.items():
        for one in recordings:
            if one.seizures:
                read = read_reference(published / case / f"{one.name}.edf.seizures")
                found = [(e.onset_s, e.onset_s + e.duration_s) for e in read.events]
                assert found == [(float(a), float(b)) for a, b in one.seizures]


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_nobody_is_in_training_and_in_test_of_a_cross_patient_fold(
    corpus: Corpus, seed: int
) -> None:
    folds = cross_patient_folds(corpus, n_folds=6, seed=seed)
    assert len(folds) == 5
    for fold in folds:
        assert not {one.person for one in fold.train} & {one.person for one in fold.test}
        assert len(fold.train) + len(fold.test) == len(corpus.recordings)
    tested = sorted(name for fold in folds for name in names(fold.test))
    assert tested == sorted(names(corpus.recordings))


def test_a_girl_who_is_two_cases_is_tested_as_one(corpus: Corpus) -> None:
    for fold in cross_patient_folds(corpus, n_folds=6, seed=0):
        cases = {one.case for one in fold.test}
        assert ("chb01" in cases) == ("chb21" in cases)


def test_a_patient_is_tested_only_on_what_came_after(corpus: Corpus) -> None:
    folds = patient_specific_folds(corpus.of_cases(["chb01", "chb12"]))
    by_name = {fold.name: (names(fold.train), names(fold.test)) for fold in folds}
    assert by_name == {
        "chb01-1": (
            ["chb01_01.edf", "chb01_03.edf", "chb01_04.edf"],
            ["chb01_05.edf", "chb01_15.edf"],
        ),
        "chb12-1": (["chb12_06.edf"], ["chb12_27.edf"]),
    }


def test_patients_with_too_few_seizures_are_no_fold(corpus: Corpus) -> None:
    with pytest.raises(SplitError, match="two seizures to train on"):
        patient_specific_folds(corpus.of_cases(["chb17"]))


def test_one_patient_is_too_few_for_the_cross_patient_protocol(corpus: Corpus) -> None:
    with pytest.raises(SplitError, match="at least two patients"):
        cross_patient_folds(corpus.of_cases(["chb01", "chb21"]), n_folds=6, seed=0)


def test_a_folder_without_the_database_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="fetch chbmit"):
        read_corpus(tmp_path)


@pytest.mark.usefixtures("runs_in_this_process")
@pytest.mark.parametrize("recipe", ["chbmit-p1", "chbmit-p2", "chbmit-n1spool"])
def test_a_recipe_makes_a_finished_card_from_what_was_fetched(
    recipe: str, published: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, model = tmp_path / "chbmit", tmp_path / recipe
    with serving(published) as server:
        server.cut["chb02/chb02_16+.edf"] = 200_000
        server.wrong["chb01/chb01_03.edf"] = 1
        assert main(["fetch", "chbmit", "--to", str(data), "--from", server.url]) == 0
    command = ["recipe", recipe, "--data", str(data), "--to", str(model), "--miniature"]
    assert main(command) == 0, capsys.readouterr().err
    card = load_folder(model).card
    figures = {one.split.rpartition("Row: ")[2]: one for one in card.results}
    assert {"pooled.", "baseline: always alarm.", "baseline: never alarm."} <= set(figures)
    always = figures["baseline: always alarm."]
    assert always.metrics["event_sensitivity"].value == 1.0
    assert figures["baseline: never alarm."].metrics["event_sensitivity"].value == 0.0
    assert figures["pooled."].n_seizures == always.n_seizures > 0
    leaky = [one for one in card.results if "LEAKY SPLIT" in one.note]
    assert bool(leaky) == (recipe == "chbmit-n1spool")
    assert card.training.split.leaks == (recipe == "chbmit-n1spool")
    if recipe == "chbmit-p1":
        assert figures["pooled."].n_recordings == 15
        # Everything is there already: nothing is trained but the model that is kept.
        capsys.readouterr()
        assert main(command) == 0
        assert capsys.readouterr().out.count("done before") == 2


@pytest.fixture
def fold(corpus: Corpus) -> Fold:
    return patient_specific_folds(corpus.of_cases(["chb12"]))[0]


@pytest.fixture
def method() -> Method:
    return MINIATURE.method(seed=0, split="seizure")


def with_settings(method: Method, **changes: object) -> Method:
    return replace(method, settings=method.settings.model_copy(update=changes))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda m: with_settings(m, epochs=3), "settings epochs was 2, is 3"),
        (lambda m: with_settings(m, seed=7), "settings seed was 0, is 7"),
        (lambda m: replace(m, network=m.network[1:]), "network differs"),
        (lambda m: replace(m, network="n1spool-cnn"), "network differs; start_weights differs"),
        (
            lambda m: replace(m, dataset=m.dataset.model_copy(update={"guard_s": 9.0})),
            "dataset guard_s was 4, is 9",
        ),
    ],
)
def test_another_method_is_told_from_the_one_a_fold_was_made_with(
    change: Callable[[Method], Method], said: str, fold: Fold, method: Method
) -> None:
    before = parse_json(canonical_json(fold_inputs(fold, method)))
    assert differences(before, fold_inputs(fold, method)) == ""
    assert differences(before, fold_inputs(fold, change(method))) == said


def test_names_for_people_make_no_other_fold(fold: Fold, method: Method) -> None:
    named = with_settings(method, title="Mine", checkpoint_every_s=1.0)
    assert differences(fold_inputs(fold, method), fold_inputs(fold, named)) == ""


def test_other_recordings_or_references_make_another_fold(
    published: Path, tmp_path: Path, method: Method
) -> None:
    copied = tmp_path / "copy"
    shutil.copytree(published / "chb12", copied / "chb12")
    fold = patient_specific_folds(read_corpus(copied))[0]
    before = fold_inputs(fold, method)
    fewer = replace(fold, test=())
    assert differences(before, fold_inputs(fewer, method)) == "tested_on chb12_27.edf is gone"
    assert differences(training_inputs(fold, method), training_inputs(fewer, method)) == ""
    (copied / "chb12" / "chb12_06.edf.seizures").write_bytes(seizure_annotations(((6, 25),)))
    assert differences(before, fold_inputs(fold, method)) == "trained_on chb12_06.edf differs"


def test_a_fold_of_an_older_version_or_another_one_is_told_apart(
    fold: Fold, method: Method, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = fold_inputs(fold, method)
    assert "not written down" in differences(None, now)
    monkeypatch.setattr(making, "FOLD_VERSION", making.FOLD_VERSION + 1)
    assert differences(now, fold_inputs(fold, method)).startswith("version folds was 1, is 2")


@pytest.mark.usefixtures("runs_in_this_process")
def test_a_fold_made_with_other_settings_is_done_again_and_says_so(
    fold: Fold, method: Method, tmp_path: Path
) -> None:
    folder, said = ProtocolFolder(folder=tmp_path / "model.folds"), list[str]()
    scored_fold(folder, fold, method, said.append)
    record = folder.record(fold.name)
    first = record.read_bytes()
    scored_fold(folder, fold, method, said.append)
    assert said.pop() == "chb12-1: done before"
    assert record.read_bytes() == first
    changed = with_settings(method, epochs=1)
    # A training that was broken off, with the first method: it must not be gone on with either.
    left = trained_run(folder, replace(fold, name="left"), method, said.append)
    again = trained_run(folder, replace(fold, name="left"), method, said.append)
    assert again == left
    other = trained_run(folder, replace(fold, name="left"), changed, said.append)
    assert other != left
    assert left not in known_ids(runs_folder(), "run")
    assert any("begun in another way (settings epochs was 2, is 1)" in line for line in said)
    said.clear()
    scored_fold(folder, fold, changed, said.append)
    assert said[0].startswith("chb12-1: done before in another way (settings epochs was 2, is 1)")
    assert made_with(record)["settings"]["epochs"] == 1  # type: ignore[index]
    scored_fold(folder, fold, changed, said.append)
    assert said.pop() == "chb12-1: done before"
