"""The commands that several benchmarks measure."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

from bench.measure import Command
from bench.setting import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from bench.setting import Setting

BARE = "python -c pass"


def bare(setting: Setting) -> Command:
    """The interpreter that assay runs on, doing nothing."""
    return Command(BARE, (setting.python, "-c", "pass"), setting.scratch, setting.environ)


def hook(
    setting: Setting,
    name: str,
    folder: Path,
    *,
    expected: int = 0,
    before: Callable[[], Mapping[str, str]] | None = None,
) -> Command:
    """`assay hook .env` in a project."""
    arguments = (setting.assay, "hook", ".env")
    return Command(name, arguments, folder, setting.environ, expected, before)


def inside(setting: Setting, folder: Path, *arguments: str, patience: float | None = None) -> Any:
    """What `bench.inside` finds.

    Raises:
        subprocess.SubprocessError: it failed, or took longer than `patience` seconds.

    """
    done = subprocess.run(
        [setting.python, "-m", "bench.inside", *arguments],
        cwd=folder,
        env={**setting.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
        text=True,
        timeout=patience,
    )
    return json.loads(done.stdout)
