"""Some forty mistakes as programmers make them, spread over all packages.

Each is a text that occurs once in the product and what stands there instead. Files are found by
that text, so that moving them needs no change here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake.

    Attributes
    ----------
    breaks : str
        What goes wrong for people.
    right, wrong : str
        The product's text, and what is put in its place.
    tests : tuple of str
        Names of the test files that are likely to notice; the whole suite is run if they do not.
    """

    breaks: str
    right: str
    wrong: str
    tests: tuple[str, ...]


FAULTS = (
    # --- recordings ---
    Fault(
        "samples of files with an offset are shifted",
        "    if limits.offset:\n        values += limits.offset\n",
        "",
        ("test_edf_readers.py",),
    ),
    Fault(
        "gaps of EDF+D are closed where records overlap slightly",
        "np.maximum.accumulate(np.maximum(gaps, 0))",
        "np.maximum(gaps, 0) * 0",
        ("test_edf_timeline.py", "test_edf_readers.py"),
    ),
    Fault(
        "the time-keeping annotation is taken for a remark",
        'return bool(self.texts) and self.texts[0] == ""',
        'return bool(self.texts) and self.texts[-1] == ""',
        ("test_tal.py",),
    ),
    Fault(
        "annotations in Latin-1 lose their letters",
        'text = raw.decode("latin-1").strip()',
        'text = raw.decode("ascii", "ignore").strip()',
        ("test_tal.py",),
    ),
    Fault(
        "millivolts spelled out count as microvolts",
        '"millivolt": "mv"',
        '"millivolt": "uv"',
        ("test_units.py",),
    ),
    # --- channels ---
    Fault(
        "a derivation against its direction keeps its sign",
        "steps.append((self.edges[Derivation(minus, plus)], -1))",
        "steps.append((self.edges[Derivation(minus, plus)], 1))",
        ("test_channels.py",),
    ),
    Fault(
        "the older electrode names are not recognised",
        "return _MODERN_NAMES.get(name, name)",
        "return name",
        ("test_labels.py", "test_channels.py"),
    ),
    Fault(
        "a recorded derivation is told as renamed although its label is the same",
        "same_label = self._channels[index].label == target",
        "same_label = False",
        ("test_channels.py",),
    ),
    # --- windows, trace, events ---
    Fault(
        "the last whole window is lost",
        "return (self.n_samples - self.window_samples) // self.stride_samples + 1",
        "return (self.n_samples - self.window_samples - 1) // self.stride_samples + 1",
        ("test_windows.py",),
    ),
    Fault(
        "a last incomplete second is dropped",
        "return max(math.ceil(duration_s - _ROUNDING_S), 0)",
        "return max(math.floor(duration_s + _ROUNDING_S), 0)",
        ("test_trace.py",),
    ),
    Fault(
        "events that lie exactly the merge gap apart are merged",
        "start - found[-1][1] < gap)",
        "start - found[-1][1] <= gap)",
        ("test_postprocessing.py",),
    ),
    Fault(
        "an event starts with the first second above the lower threshold",
        "stretches.append((start + int(inside.argmax()), stop))",
        "stretches.append((start, stop))",
        ("test_postprocessing.py",),
    ),
    Fault(
        "false alarms per 24 h are those of an hour",
        "days = self.duration_s / 3600 / 24",
        "days = self.duration_s / 3600",
        ("test_scoring.py",),
    ),
    Fault(
        "the pooled precision counts missed seizures",
        '"precision": n_found / (n_found + n_false)',
        '"precision": n_found / (n_true + n_false)',
        ("test_scoring.py", "test_score_files.py", "test_evaluation.py"),
    ),
    # --- references ---
    Fault(
        "onsets after a long pause in .seizures files are wrong",
        "            ticks += skip\n            position += 4\n",
        "            ticks += skip & 0xFFFF\n            position += 4\n",
        ("test_references.py", "test_fetching.py", "test_protocols.py"),
    ),
    Fault(
        "a remark such as 'no seizure' counts as a seizure",
        '_LINKS = frozenset("of the',
        '_LINKS = frozenset("no of the',
        ("test_annotations.py", "test_uncertain_annotations.py"),
    ),
    Fault(
        "a recording without events is written as a seizure over all of it",
        "rows = [[*whole, BACKGROUND, _NOT_AVAILABLE, _NOT_AVAILABLE, *tail, *more]]",
        'rows = [[*whole, "sz", _NOT_AVAILABLE, _NOT_AVAILABLE, *tail]]',
        ("test_reference_writing.py",),
    ),
    # --- signals ---
    Fault(
        "the statistics tell the variance as the standard deviation",
        '"std": math.sqrt(moments.variance),',
        '"std": moments.variance,',
        ("test_statistics.py",),
    ),
    Fault(
        "channels that are equal are numbered from 0",
        "tuple(sorted(other + 1 for other in others - {index}))",
        "tuple(sorted(other for other in others - {index}))",
        ("test_signal_analysis.py",),
    ),
    Fault(
        "a display filter starts from zero and rings",
        "state[:, restart] = at_one * signals[restart, :1]",
        "state[:, restart] = 0.0",
        ("test_pages.py", "test_display_montages.py"),
    ),
    Fault(
        "resampled signals are scaled wrongly",
        "taps * ratio.up, dtype=np.float64",
        "taps * ratio.down, dtype=np.float64",
        ("test_resampling.py",),
    ),
    Fault(
        "resampled gaps are filled with guesses",
        "np.where(lost > 0.5, np.nan, restored)",
        "np.where(lost > 0.99, np.nan, restored)",
        ("test_resampling.py",),
    ),
    # --- models ---
    Fault(
        "the length after a convolution is one too long",
        "return (padded - self.extent) // self.stride + 1",
        "return (padded - self.extent + self.stride - 1) // self.stride + 1",
        ("test_network_against_torch.py", "test_layers.py"),
    ),
    Fault(
        "a model that computes otherwise than when published is accepted",
        "if not difference <= golden.tolerance:",
        "if difference > 1e3 * golden.tolerance:",
        ("test_golden.py",),
    ),
    Fault(
        "exchanged weights are not noticed",
        "if weights.sha256 != sha256:",
        "if weights.sha256[:1] != sha256[:1]:",
        ("test_model_folder.py", "test_malicious_models.py"),
    ),
    Fault(
        "tensors may overlap in a weights file",
        "        if start != position:\n",
        "        if start > position:\n",
        ("test_malicious_models.py", "test_model_folder.py"),
    ),
    Fault(
        "a bundle's file may lead out of its folder",
        'or ".." in PurePosixPath(path).parts:',
        'or path == "..":',
        ("test_bundle.py",),
    ),
    Fault(
        "what was deleted long ago can still be restored from the list",
        "        if folder.lstat().st_mtime < oldest:\n            break\n",
        "",
        ("test_survival.py", "test_zoo_moving.py", "test_registry.py"),
    ),
    Fault(
        "the saved token serves anonymous visitors",
        'return None if self._kind == "own" else False',
        'return False if self._kind == "own" else None',
        ("test_hub_pulling.py", "test_zoo_hub.py", "test_models.py"),
    ),
    # --- training ---
    Fault(
        "the split by patient puts a patient into both parts",
        'if method in ("patient", "leave-one-patient-out"):\n        return dataset.persons[used]',
        'if method == "leave-one-patient-out":\n        return dataset.persons[used]',
        ("test_splits.py",),
    ),
    Fault(
        "seizures of neighbouring files are guarded at the wrong end",
        "return (other.start_time - first.start_time).total_seconds()",
        "return (first.start_time - other.start_time).total_seconds()",
        ("test_timeline.py", "test_dataset.py"),
    ),
    Fault(
        "a window that is exactly half ictal counts as background",
        "return np.asarray(2 * n_ictal >= window_samples)",
        "return np.asarray(2 * n_ictal > window_samples)",
        ("test_labelling.py",),
    ),
    Fault(
        "balancing draws as many background windows as there are",
        'background["used"][drawn] = True',
        'background["used"] = True',
        ("test_labelling.py", "test_dataset.py"),
    ),
    Fault(
        "class weights favour the frequent class",
        "values = [total / (2 * n_background), total / (2 * n_seizure)]",
        "values = [total / (2 * n_seizure), total / (2 * n_background)]",
        ("test_loop.py",),
    ),
    Fault(
        "a resumed run forgets what its optimizer knew",
        "            _load_optimizer(optimizer, tensors)\n",
        "            pass\n",
        ("test_loop.py", "test_runs.py"),
    ),
    Fault(
        "calibration multiplies by the temperature",
        "        last.weight /= rescaling.temperature\n",
        "        last.weight *= rescaling.temperature\n",
        ("test_calibration.py",),
    ),
    # --- app ---
    Fault(
        "strangers may change what is kept on the server",
        "    if not may_write(settings):\n        raise NotAllowedError(words.NO_WRITING)\n",
        "",
        ("test_settings.py", "test_zoo_moving.py", "test_api_permissions.py"),
    ),
    Fault(
        "uploaded recordings can be fetched through a link to them",
        "os.path.realpath(path) in self._uploads or os.path.abspath(path)",
        "os.path.abspath(path)",
        ("test_upload_guard.py",),
    ),
    Fault(
        "names of files become markup in tables",
        "    return joined(filled.format(item) for item in items)",
        "    return joined(filled.format(Markup(item)) for item in items)",
        ("test_views.py", "test_api_journey.py"),
    ),
    Fault(
        "the API answers NaN, which browsers refuse",
        "    if isinstance(value, float) and not math.isfinite(value):\n        return None\n",
        "    if isinstance(value, float) and math.isinf(value):\n        return None\n",
        ("test_plain_data.py",),
    ),
    Fault(
        "the viewer's pages of another session stay open under the old handle",
        "        resumed = self._add(fresh)\n        self.close(handle)\n",
        "        resumed = self._add(fresh)\n",
        ("test_viewer_server.py", "test_sessions.py"),
    ),
    Fault(
        "the viewer writes one minute too few after 59.6 s",
        "const whole = Math.round(Math.abs(seconds) * factor);",
        "const whole = Math.floor(Math.abs(seconds) * factor);",
        ("test_viewer_script.py",),
    ),
    Fault(
        "Italian messages lose what they were filled in with",
        "return _Filling(language).format(words, **message.values)",
        "return words",
        ("test_i18n.py",),
    ),
)
