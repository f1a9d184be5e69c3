"""Installs what is measured: assay from its wheel, and the peers, each in a place of its own."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / ".peers" / "bench"
MANIFESTS = ROOT / "bench" / "peers"
KEPT = 6
"""How many environments of assay are kept, of this checkout and of others."""
_PARTS = ("pyproject.toml", "README.md", "LICENSE", "src", "specs", "templates")


class Setting(NamedTuple):
    """Where everything is."""

    binaries: Path
    """Of the environment that assay is installed in."""
    peers: Path
    """The folder of the peers' `python` and `node`."""
    scratch: Path
    """A folder for the files of this run."""
    runs: int

    @property
    def python(self) -> str:
        """The interpreter that assay runs on."""
        return str(self.binaries / "python")

    @property
    def assay(self) -> str:
        """The console script."""
        return str(self.binaries / "assay")

    @property
    def environ(self) -> dict[str, str]:
        """What children see: nothing that makes Python compile again or a program phone home."""
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.scratch),
            "LANG": "C.UTF-8",
            "XDG_CACHE_HOME": str(self.scratch / "cache"),
            "VARLOCK_TELEMETRY_DISABLED": "true",
            "DO_NOT_TRACK": "1",
        }


def installed(revision: str | None = None) -> Path:
    """The programs of an environment that holds assay's wheel, of this checkout or a revision."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source"
        source.mkdir()
        if revision is None:
            _copy(source)
        else:
            _export(revision, source)
        home = HERE / f"assay-{_digest(source)}"
        if not (home / "complete").exists():
            _install(source, home)
    return home / "bin"


def _copy(target: Path) -> None:
    compiled = shutil.ignore_patterns("__pycache__", "*.pyc")
    for name in _PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target / name, ignore=compiled)
        elif (ROOT / name).exists():
            shutil.copy(ROOT / name, target / name)


def _export(revision: str, target: Path) -> None:
    archive = target.parent / "source.tar"
    subprocess.run(["git", "archive", "-o", archive, revision], cwd=ROOT, check=True)
    shutil.unpack_archive(archive, target, "tar")
    for part in list(target.iterdir()):
        if part.name not in _PARTS:
            shutil.rmtree(part) if part.is_dir() else part.unlink()
    for name in ("specs", "templates"):  # git keeps no empty folders
        (target / name).mkdir(exist_ok=True)


def _digest(source: Path) -> str:
    digest = hashlib.sha256(f"{sys.version}{sys.executable}".encode())
    for file in _files(source):
        digest.update(f"\0{file.relative_to(source)}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _files(source: Path) -> Iterator[Path]:
    yield from sorted(file for file in source.rglob("*") if file.is_file())


def _install(source: Path, home: Path) -> None:
    print(f"installing assay into {home.relative_to(ROOT)}", file=sys.stderr)
    shutil.rmtree(home, ignore_errors=True)
    _environment(home)
    wheels = source.parent / "wheels"
    _run(sys.executable, "-m", "pip", "wheel", "-qq", "--no-deps", "-w", wheels, source)
    pip = (sys.executable, "-m", "pip", "-qq", "--python", home / "bin" / "python")
    _run(*pip, "install", "--compile", *wheels.glob("*.whl"))
    (home / "complete").touch()
    _forget_old()


def _forget_old() -> None:
    made = [(mark.stat().st_mtime, mark.parent) for mark in HERE.glob("assay-*/complete")]
    for _, home in sorted(made)[:-KEPT]:
        shutil.rmtree(home)


def _environment(home: Path) -> None:
    """A virtual environment without pip, whose hooks would slow each start of Python."""
    base = getattr(sys, "_base_executable", sys.executable)
    _run(base, "-m", "venv", "--without-pip", home)


def install_peers() -> Path:
    """The peers' folder, filled if it is not; what can't be installed is missing later."""
    node, python = HERE / "node", HERE / "python"
    node.mkdir(parents=True, exist_ok=True)
    if _stale(node, "package.json") and shutil.which("npm"):
        shutil.copy(MANIFESTS / "package.json", node)
        _try("npm", "install", "--prefix", node, "--no-audit", "--no-fund", "--silent")
    if _stale(python, "requirements.txt"):
        if not (python / "bin" / "python").exists():
            _environment(python)
        shutil.copy(MANIFESTS / "requirements.txt", python)
        pip = (sys.executable, "-m", "pip", "-q", "--python", python / "bin" / "python")
        _try(*pip, "install", "--compile", "-r", python / "requirements.txt")
    return HERE


def _stale(home: Path, manifest: str) -> bool:
    copy = home / manifest
    return not copy.exists() or copy.read_bytes() != (MANIFESTS / manifest).read_bytes()


def _run(*command: str | Path) -> None:
    dropped = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "VIRTUAL_ENV")
    environ = {name: value for name, value in os.environ.items() if name not in dropped}
    subprocess.run(list(map(str, command)), check=True, env=environ)


def _try(*command: str | Path) -> None:
    try:
        _run(*command)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"peers: {error}", file=sys.stderr)
