"""README of a model on the Hub: metadata and model card."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seizure_core.plain_text import printable
from zoo.card.history import Metric, Result
from zoo.card.readme import TAGS, readme_body
from zoo.card.schema import ArchitectureCard
from zoo.hub.addresses import HUB_CARD_FILE

if TYPE_CHECKING:
    from huggingface_hub import EvalResult

LIBRARY_NAME = "seizure-zoo"

# License identifiers of the Hub; any other becomes "other" with a name. See
# https://huggingface.co/docs/hub/repositories-licenses
_LICENCES = frozenset(
    "apache-2.0 mit bsd bsd-2-clause bsd-3-clause bsd-3-clause-clear isc cc0-1.0 cc-by-2.0 "
    "cc-by-3.0 cc-by-4.0 cc-by-sa-3.0 cc-by-sa-4.0 cc-by-nc-2.0 cc-by-nc-3.0 cc-by-nc-4.0 "
    "cc-by-nd-4.0 cc-by-nc-nd-3.0 cc-by-nc-nd-4.0 cc-by-nc-sa-2.0 cc-by-nc-sa-3.0 "
    "cc-by-nc-sa-4.0 gpl gpl-2.0 gpl-3.0 agpl-3.0 lgpl lgpl-2.1 lgpl-3.0 mpl-2.0 epl-1.0 "
    "epl-2.0 eupl-1.1 eupl-1.2 osl-3.0 afl-3.0 artistic-2.0 bsl-1.0 ms-pl ncsa ofl-1.1 "
    "openrail unlicense wtfpl zlib unknown".split()
)
_UNSPECIFIED = frozenset({"unspecified", "none", "unknown", "not specified"})
_TASK = "seizure-detection"
# Names of metrics on cards; others appear in the text only.
_METRICS = {
    **{name: name for name in ("sensitivity", "precision", "f1", "false_alarms_per_24h")},
    "event_sensitivity": "sensitivity",
    "event_precision": "precision",
    "event_f1": "f1",
}
# With fewer seizures or hours, a figure without interval would be misleading.
_ENOUGH_SEIZURES = 10
_ENOUGH_HOURS = 24.0


def hub_readme(card: ArchitectureCard, repo_id: str) -> str:
    """Return README.md for a repository on the Hub."""
    body = readme_body(card, name=f"hf://{repo_id}", card_file=HUB_CARD_FILE)
    return f"---\n{hub_metadata(card)}\n---\n\n{body}"


def hub_metadata(card: ArchitectureCard) -> str:
    """Return the YAML metadata without the enclosing dashes."""
    from huggingface_hub import ModelCardData

    licence, licence_name = _licence(card.license)
    results = _eval_results(card)
    metrics = list(dict.fromkeys(result.metric_type for result in results))
    data = ModelCardData(
        library_name=LIBRARY_NAME,
        license=licence,
        license_name=licence_name,
        tags=list(TAGS),
        # No `datasets`: they would have to be repositories on the Hub.
        metrics=metrics or None,
        model_name=printable(card.title),
        eval_results=results or None,
        seizure_zoo_model_id=card.model_id,
        seizure_zoo_version=card.version,
    )
    if not results:
        # Without results the client would write an empty name and no index.
        data.model_name = None
    yaml: str = data.to_yaml()
    return yaml.strip("\n")


def _licence(text: str) -> tuple[str, str | None]:
    name = _slug(text)
    if name in _LICENCES:
        return name, None
    if text.strip().lower() in _UNSPECIFIED or not name:
        return "unknown", None
    return "other", name


def _eval_results(card: ArchitectureCard) -> list[EvalResult]:
    """Return an entry for each comparable metric that rests on enough data."""
    from huggingface_hub import EvalResult

    entries = []
    for number, result in enumerate(card.results, start=1):
        for name, metric in result.metrics.items():
            known = _METRICS.get(name)
            if known is None or metric.value is None or not _is_supported(known, metric, result):
                continue
            bounds = {
                key: bound
                for key, bound in (("ci_low", metric.ci_low), ("ci_high", metric.ci_high))
                if bound is not None
            }
            entries.append(
                EvalResult(
                    task_type=_TASK,
                    task_name="Detection of epileptic seizures in scalp EEG",
                    dataset_type=_slug(result.dataset) or f"dataset-{number}",
                    dataset_name=printable(result.dataset),
                    # Keep results of two protocols on one data set apart.
                    dataset_config=f"result-{number}",
                    metric_type=known,
                    metric_name=known,
                    metric_value=metric.value,
                    metric_args={
                        "n_seizures": result.n_seizures,
                        "hours": result.hours,
                        **bounds,
                    },
                )
            )
    return entries


def _is_supported(name: str, metric: Metric, result: Result) -> bool:
    """Return whether a metric has an interval or rests on enough data."""
    if metric.ci_low is not None and metric.ci_high is not None:
        return True
    if name == "false_alarms_per_24h":
        return result.hours >= _ENOUGH_HOURS
    return result.n_seizures >= _ENOUGH_SEIZURES


def _slug(text: str) -> str:
    """Return text as the Hub writes names: lower case, digits, '-', '_' and '.'."""
    return re.sub(r"[^a-z0-9._]+", "-", text.lower()).strip("-._")[:96]
