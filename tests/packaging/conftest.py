"""assay as its users get it: built from the tracked files, installed alone, far from the source."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
QUIET = {
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_NO_COMPILE": "1",
    "PIP_NO_INPUT": "1",
    "PIP_ROOT_USER_ACTION": "ignore",
}


def clean(**more: str) -> dict[str, str]:
    """This process's environment without what points Python at the source."""
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("PYTHON", "COV", "PYTEST"))}
    return {**kept, **QUIET, **more}


class Installed(NamedTuple):
    """A virtual environment that holds the wheel and what it depends on."""

    folder: Path
    wheel: Path

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def script(self) -> Path:
        return self.folder / "bin" / "assay"

    def run(self, *argv: object, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
        command = [str(self.script), *map(str, argv)]
        return subprocess.run(
            command, cwd=cwd, env=clean(**environ), capture_output=True, text=True, check=False
        )


def copy_of_what_is_tracked(to: Path) -> None:
    """What a fresh clone would hold, once everything here is committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for name in listed.stdout.split("\0"):
        source = ROOT / name
        if name and source.is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, to / name)


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel, made by way of the source package, and installed."""
    if not (ROOT / ".git").exists():
        pytest.skip("needs a git checkout, to know what a clone would hold")
    base = tmp_path_factory.mktemp("package")
    clone, built, folder = base / "clone", base / "dist", base / "environment"
    copy_of_what_is_tracked(clone)
    subprocess.run(
        [sys.executable, "-m", "build", "--outdir", built, clone],
        cwd=base, env=clean(), capture_output=True, check=True,
    )  # fmt: skip
    (wheel,) = built.glob("*.whl")
    venv.create(folder, symlinks=True)
    made = Installed(folder, wheel)
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", made.python, "install", "--quiet", wheel],
        cwd=base, env=clean(), check=True,
    )  # fmt: skip
    return made
