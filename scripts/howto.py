"""Try the changes that `docs/howto/` describes: `python -m scripts.howto [NAME ...]`.

Each page there keeps a patch. It is applied to a copy of the project, where its tests must pass.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "howto"
PRODUCT = ("app.py", "seizure_core/", "seizure_zoo/", "training/", "ui/", "zoo/")
_CHANGED = re.compile(r"^diff --git a/\S+ b/(\S+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Howto:
    """A way to extend the product.

    Attributes
    ----------
    most_files : int
        Files of the product it may take; where it takes more, the product is too complicated.
    tests : tuple of str
        What pytest runs in the copy.
    """

    most_files: int
    tests: tuple[str, ...]


HOWTOS = {
    "tab": Howto(4, ("tests/ui/test_segments.py", "tests/ui/i18n", "tests/test_house.py")),
    "endpoint": Howto(
        3,
        (
            "tests/api/test_find_annotations.py",
            "tests/api/test_openapi.py",
            "tests/api/test_api_list.py",
        ),
    ),
    "layer": Howto(2, ("tests/zoo/layers", "tests/ui/train/test_train_network.py")),
    "format": Howto(
        2,
        (
            "tests/seizure_core/references/test_audacity.py",
            "tests/ui/i18n/test_message_templates.py",
        ),
    ),
    "model": Howto(2, ("tests/training/recipes", "-k", "tiny-cnn and not card")),
    "language": Howto(2, ("tests/ui/i18n/test_german.py",)),
}


def patch_of(name: str) -> Path:
    """Return where the change lies."""
    return FOLDER / f"{name}.patch"


def product_files(patch: Path) -> list[str]:
    """Return the files of the product that a patch changes or makes."""
    changed = _CHANGED.findall(patch.read_text(encoding="utf-8"))
    return [name for name in changed if name.startswith(PRODUCT)]


def apply(patch: Path, folder: Path, *options: str) -> str:
    """Apply a patch to a copy of the project; return what is wrong with that, or nothing."""
    ended = subprocess.run(
        ["git", "apply", *options, str(patch)],  # noqa: S607 - whichever git there is
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.stderr if ended.returncode else ""


def works(name: str) -> bool:
    """Apply a change to a copy of the project and run its tests there."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        _copy_project(copy)
        fault = apply(patch_of(name), copy)
        if fault:
            print(f"{name}: the patch does not apply any more.\n{fault}", file=sys.stderr)
            return False
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        return (
            subprocess.run([*command, *HOWTOS[name].tests], cwd=copy, check=False).returncode == 0
        )


def _copy_project(target: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


def main() -> int:
    """Try the changes; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(HOWTOS))
    names = parser.parse_args().names or list(HOWTOS)
    unknown = [name for name in names if name not in HOWTOS]
    if unknown:
        parser.error(f"there is no page called {unknown[0]!r}; there are {', '.join(HOWTOS)}.")
    results = {name: works(name) for name in names}
    for name, is_fine in results.items():
        files = len(product_files(patch_of(name)))
        print(f"{name}: {'works' if is_fine else 'fails'}, {files} files of the product")
    return 0 if all(results.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
