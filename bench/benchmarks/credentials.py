"""Stored credentials: rows per second, the cost where none opens, and the memory that they take."""

from __future__ import annotations

import json
import shutil
import subprocess
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from bench import rows as made
from bench.measure import Command, in_turns, peak_memory
from bench.setting import ROOT
from bench.table import Row, at_most, times

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bench.setting import Setting

OPENED = 100_000
FAILING = 10_000
SLOWEST = 3.0
"""How many times the healthy check one may take in which no row opens."""
GROWTH = 1.1
"""What memory may grow by where there are ten times as many rows."""
NODE = ROOT / "bench" / "peers" / "opening.cjs"


def rows(setting: Setting) -> Iterator[Row]:
    """Opening, failing, memory, and the statements that tables take."""
    yield from _opening(setting)
    yield from _failing(setting)
    yield from _memory(setting)
    few, many = (_inside(setting, "queries", str(count)) for count in (20, 200))
    yield Row(
        "statements for 200 tables beside those for 20", times(many / few), "", "≤ 1", many <= few
    )


def _inside(setting: Setting, *arguments: str) -> Any:
    folder = setting.scratch / "-".join(arguments[:2])
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [setting.python, "-m", "bench.rows", *arguments],
        cwd=folder,
        env={**setting.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
        text=True,
    )
    return json.loads(done.stdout)


def _opening(setting: Setting) -> Iterator[Row]:
    file = str(setting.scratch / "rows.bin")
    found = _inside(setting, "opening", str(OPENED), file)
    rate = OPENED / found["assay"]
    bare = found["bare"] / found["assay"]
    yield Row(f"{OPENED:,} rows of {made.SIZE} bytes opened", f"{rate:,.0f}/s")
    yield Row("beside a bare loop of `cryptography`", times(bare), "", "≥ 0.5", bare >= 0.5)
    node = shutil.which("node")
    if node is None:
        yield Row("beside the same loop of Node's `crypto`", "Node is missing")
        return
    done = subprocess.run([node, str(NODE), file, str(OPENED)], capture_output=True, check=True)
    ratio = json.loads(done.stdout) / found["assay"]
    yield Row("beside the same loop of Node's `crypto`", times(ratio), "", "≥ 1", ratio >= 1)


def _failing(setting: Setting) -> Iterator[Row]:
    """Every row fails for one cause: the search is made for a few, and verified on all."""

    def command(name: str, folder: Path, expected: int) -> Command:
        words = (setting.assay, "credentials", "check")
        return Command(name, words, folder, setting.environ, expected)

    home = setting.scratch / "failing"
    well = list(made.rows(FAILING))
    buffers = (
        json.dumps({"type": "Buffer", "data": list(cell)}, separators=(",", ":")).encode()
        for cell in well
    )
    lost = made.rows(FAILING, sha256(b"lost").digest())
    commands = [
        command("healthy", made.project(home / "healthy", iter(well)), 0),
        command("read otherwise", made.project(home / "other", iter(well), derive="sha256"), 1),
        command("an earlier key", made.project(home / "old", made.rows(FAILING, made.OTHER)), 1),
        command("JSON Buffers", made.project(home / "buffers", buffers), 1),
        command("a key that is lost", made.project(home / "lost", lost), 1),
    ]
    found = in_turns(commands, max(3, setting.runs // 3))
    for name, timing in found.items():
        if name != "healthy":
            what = f"`credentials check` of {FAILING:,} rows that fail: {name}"
            yield at_most(what, timing, found["healthy"], SLOWEST)


def _memory(setting: Setting) -> Iterator[Row]:
    peaks = []
    for count in (OPENED // 10, OPENED):
        folder = made.project(setting.scratch / f"memory-{count}", made.rows(count))
        words = (setting.assay, "credentials", "check", "--quiet")
        peaks.append(peak_memory(Command("memory", words, folder, setting.environ)))
    growth = peaks[1] / peaks[0]
    what = f"peak memory of {OPENED:,} rows beside that of {OPENED // 10:,}"
    yield Row(what, times(growth), "", f"≤ {GROWTH:g}", growth <= GROWTH)
