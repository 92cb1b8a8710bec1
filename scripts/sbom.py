"""Write the bill of materials and the list of licences: `make sbom`, after `make lock`.

`sbom.cdx.json` (CycloneDX) names every package that `make app` installs with Python 3.11 on Linux,
`docs/licences.md` the licence of each, as the package itself declares it.
"""

from __future__ import annotations

import importlib.metadata
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from seizure_core.atomic import atomic_path

ROOT = Path(__file__).resolve().parents[1]
SBOM = ROOT / "sbom.cdx.json"
LICENCES = ROOT / "docs" / "licences.md"
LOCKS = ("requirements.txt", "requirements-torch.txt")
PLATFORM = {
    "python_version": "3.11",
    "python_full_version": "3.11.0",
    "sys_platform": "linux",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "implementation_name": "cpython",
    "platform_system": "Linux",
    "os_name": "posix",
}
_ABOUT = """# Licences

What `make app` installs with Python 3.11 on Linux, with the licence each package declares. Made by
`make sbom` from the lock files, as is [`sbom.cdx.json`](../sbom.cdx.json) (CycloneDX). Seizure Zoo
itself is under the [Apache License 2.0](../LICENSE); a model's licence stands on its card.

| package | version | licence |
|---|---|---|
"""


def main() -> int:
    """Write both files; return the exit status."""
    document = materials(_installed())
    lacking = locked().items() - versions(document).items()
    if lacking:
        sys.stderr.write(f"Not installed as locked: {sorted(lacking)}. Run make app first.\n")
        return 1
    for path, text in ((SBOM, json_text(document)), (LICENCES, licences_text(document))):
        with atomic_path(path) as part:
            part.write_text(text, encoding="utf-8")
    return 0


def locked() -> dict[str, str]:
    """Return the version of each package that the lock files pin for `PLATFORM`."""
    found: dict[str, str] = {}
    for lock in LOCKS:
        for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
            if "==" not in line:
                continue
            need = Requirement(line.removesuffix("\\").strip())
            if need.marker is None or need.marker.evaluate(PLATFORM):
                (pin,) = need.specifier
                found[canonicalize_name(need.name)] = pin.version
    return found


def versions(document: Mapping[str, Any]) -> dict[str, str]:
    """Return the version of each package of a bill, without the build (`+cpu`)."""
    return {
        canonicalize_name(part["name"]): part["version"].partition("+")[0]
        for part in document["components"]
    }


def materials(installed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of an environment's bill that the lock files name."""
    pins = locked()
    parts = [
        part
        for part in installed["components"]
        if pins.get(canonicalize_name(part["name"])) == part["version"].partition("+")[0]
    ]
    parts.sort(key=lambda part: canonicalize_name(part["name"]))
    kept = {part["bom-ref"] for part in parts}
    links = [
        {**link, "dependsOn": sorted(kept.intersection(link.get("dependsOn", ())))}
        for link in installed["dependencies"]
        if link["ref"] in kept
    ]
    return {**installed, "components": parts, "dependencies": links}


def licence_of(part: Mapping[str, Any]) -> str:
    """Return the licence a package declares, else the title of the one that lies in it."""
    declared = part.get("licenses", ())
    exact = [one.get("expression") or one["license"].get("id") for one in declared]
    named = [
        one["license"]["name"].rpartition(" :: ")[2]
        for one in declared
        if "license" in one and "name" in one["license"]
    ]
    said = [*filter(None, exact)] or named
    if said:
        return "; ".join(dict.fromkeys(text.splitlines()[0] for text in said))
    for file in importlib.metadata.files(part["name"]) or ():
        if "licen" in file.name.casefold():
            return file.read_text(encoding="utf-8").strip().splitlines()[0]
    return "not declared"


def licences_text(document: Mapping[str, Any]) -> str:
    """Return `docs/licences.md`."""
    rows = (
        f"| {part['name']} | {part['version'].partition('+')[0]} | {licence_of(part)} |\n"
        for part in document["components"]
    )
    return _ABOUT + "".join(rows)


def json_text(document: Mapping[str, Any]) -> str:
    """Return `sbom.cdx.json`."""
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _installed() -> dict[str, Any]:
    """Return the bill of all that this Python finds."""
    command = [sys.executable, "-m", "cyclonedx_py", "environment", sys.executable]
    command += ["--pyproject", str(ROOT / "pyproject.toml"), "--output-reproducible"]
    made = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    document: dict[str, Any] = json.loads(made)
    return document


if __name__ == "__main__":
    sys.exit(main())
