"""Export of a model as an algorithm for SzCORE's benchmark (epilepsybenchmarks.com).

The folder holds all that the container image needs: the model, the part of this program that runs
it, and the versions of the packages it runs with here.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import date
from importlib.metadata import version
from pathlib import Path

import seizure_core
from seizure_core.errors import ParameterError
from seizure_core.plain_text import markdown, yaml_string
from zoo.card.schema import ArchitectureCard
from zoo.hub.access import HubAccess
from zoo.loading import model_contents
from zoo.store.home import SHIPPED_FOLDER

_PACKAGES = ("numpy", "platformdirs", "pydantic", "safetensors", "scipy", "torch")
"""What detection imports; they bring all else."""

_ZOO = __name__.removesuffix(".store.szcore")
_MODEL = "model"
_IMAGE = re.compile(r"[^\s/][^\s]*/[^\s]+:[^\s:/]+")

_DOCKERFILE = """\
# Reads /data/$INPUT, an EDF file, and writes /output/$OUTPUT, a table of events.
# docker build -t {image} .

ARG BASE=python:{python}-slim
FROM ${{BASE}}

# Where torch comes from; an empty one means pip's own index.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu

ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PATH=/opt/venv/bin:$PATH

WORKDIR /app
COPY requirements.txt .
RUN python -m venv /opt/venv \\
    && pip install --no-deps ${{TORCH_INDEX:+--index-url ${{TORCH_INDEX}}}} \\
      "$(grep '^torch==' requirements.txt)" \\
    && pip install -r requirements.txt
COPY . .
RUN python -m compileall -q .

USER 10001
ENV PYTHONUNBUFFERED=1 INPUT="" OUTPUT=""
VOLUME ["/data", "/output"]
CMD exec python -m {module} {model} "/data/${{INPUT}}" "/output/${{OUTPUT}}"
"""

_README = """\
# {title} for SzCORE

`{name}.yaml` describes the algorithm, `Dockerfile` makes its image. For research use only; not a
medical device.

1. `docker build -t {image} .`
2. Try it: `docker run --rm --network none -v "$PWD/in":/data:ro -v "$PWD/out":/output \\
   -e INPUT=night.edf -e OUTPUT=night.tsv {image}`; user 10001 writes to `out`.
3. `docker push {image}`: the image must be public. Another name of it also stands in the YAML file.
4. Complete authors and `repository` in the YAML file, and propose it as `algorithms/{name}.yaml` in
   github.com/esl-epfl/szcore.

`{model}/` is the model with its card, the other folders are Seizure Zoo {version} (Apache-2.0).
"""


def szcore_folder(
    model_id: str, folder: Path, *, image: str = "", access: HubAccess | None = None
) -> list[Path]:
    """Write a model as an algorithm of SzCORE into an empty folder, and return the files.

    Parameters
    ----------
    image : str
        Name of the container image, such as `ghcr.io/me/my-model:1.0.0`; by default
        `seizure-zoo/MODEL_ID:VERSION`.
    access : HubAccess, optional
        Login for the Hub, if needed; None means this machine's user.

    Raises
    ------
    UnknownModelError, CardError, WeightsError, RegistryError
        There is no such model, or it is damaged.
    ParameterError
        The image has no such name.
    OSError
        The folder is not writable.
    """
    card, model = model_contents(model_id, access)
    if image and not _IMAGE.fullmatch(image):
        raise ParameterError(
            "The image must be named as in ghcr.io/me/{name}:1.0.0; not {image!r}.",
            name=card.model_id,
            image=image,
        )
    named = image or f"seizure-zoo/{card.model_id}:{card.version}"
    facts = {
        "name": card.model_id,
        "title": markdown(card.title),
        "image": named,
        "model": _MODEL,
        "module": f"{_ZOO}.inference.szcore",
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "version": seizure_core.__version__,
    }
    texts = {
        "Dockerfile": _DOCKERFILE.format(**facts),
        "README.md": _README.format(**facts),
        "requirements.txt": "".join(f"{name}=={_public(name)}\n" for name in _PACKAGES),
        f"{card.model_id}.yaml": _description(card, named),
    }
    contents = {name: text.encode("utf-8") for name, text in texts.items()}
    contents |= {f"{_MODEL}/{name}": data for name, data in model.items()}
    contents |= dict(_program())
    for name, data in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return [folder / name for name in contents]


def _public(package: str) -> str:
    """Return the version of an installed package, without how it was built ("+cpu")."""
    return version(package).partition("+")[0]


def _program() -> Iterator[tuple[str, bytes]]:
    """Yield the modules that detect, in the package they are installed in, and the licence."""
    yield "LICENSE", (SHIPPED_FOLDER / "LICENSE").read_bytes()
    around = _ZOO.rpartition(".")[0]
    if around:
        yield f"{around}/__init__.py", (SHIPPED_FOLDER / "__init__.py").read_bytes()
    for package in (seizure_core.__name__, _ZOO):
        name = package.replace(".", "/")
        root = SHIPPED_FOLDER / package.rpartition(".")[2]
        for path in sorted(root.rglob("*")):
            place = path.relative_to(root)
            if path.is_file() and place.parts[0] != "models" and path.suffix != ".pyc":
                yield f"{name}/{place.as_posix()}", path.read_bytes()


def _description(card: ArchitectureCard, image: str) -> str:
    """Return the YAML file that SzCORE's table of algorithms is made from."""
    facts = {
        "title": card.title,
        "short_title": card.model_id,
        "image": image,
        "version": card.version,
        "date_released": date.fromisoformat(card.created).isoformat(),
        "license": card.license,
        "abstract": f"{card.intended_use} {card.limitations}",
    }
    lines = [f"{name}: {yaml_string(str(value))}" for name, value in facts.items()]
    lines.append("authors:")
    for author in card.authors or ("Unknown",):
        given, _, family = author.rpartition(" ")
        lines.append(f"- family_names: {yaml_string(family)}")
        if given:
            lines.append(f"  given_names: {yaml_string(given)}")
    datasets = dict.fromkeys(data.name for data in card.training.data)
    if datasets:
        lines += ["datasets:", *(f"- {yaml_string(name)}" for name in datasets)]
    return "\n".join([*lines, ""])
