"""A project in a folder of its own, and commands that run in it."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from assay.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TIMEOUT = 60.0
"""Seconds after which a command that hangs fails its test."""


class Ran(NamedTuple):
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """Both streams."""
        return self.out + self.err


def _heeding_interrupts() -> None:
    """What a shell starts in the background ignores Ctrl-C, and so would all that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Started(subprocess.Popen[bytes]):
    """A process that does not outlive a test that failed."""

    def __exit__(self, kind: object, value: object, trace: object) -> None:
        if kind is not None:
            self.kill()
        super().__exit__(None, None, None)


@contextlib.contextmanager
def _also_set(environ: Mapping[str, str]) -> Iterator[None]:
    """Set process variables for the block; to copy all of them takes as long as a small check."""
    before = {name: os.environ.get(name) for name in environ}
    os.environ.update(environ)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


class Project:
    """A folder with specs and .env files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    @contextlib.contextmanager
    def temporary(cls) -> Iterator[Project]:
        """A project that is gone after the block; for properties, which fixtures don't suit."""
        with tempfile.TemporaryDirectory(prefix="assay-test-") as folder:
            yield cls(Path(folder))

    def write(self, path: str, content: str | bytes) -> Path:
        """Write one file, and the folders above it."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        # at once, as editors do: who watches the file must not meet it half written
        beside = file.with_name(f".{file.name}.beside")
        beside.write_bytes(content.encode() if isinstance(content, str) else content)
        return beside.replace(file)

    def spec(self, text: str | bytes, name: str = "specs/app.yaml") -> Path:
        """Write the spec; `assay: 1` is put before it unless it stands there."""
        if isinstance(text, str) and not text.startswith("assay:"):
            text = "assay: 1\n" + text
        return self.write(name, text)

    def env(self, text: str | bytes, name: str = ".env") -> Path:
        """Write a .env file."""
        return self.write(name, text)

    def database(self, path: str, script: str) -> Path:
        """Make a SQLite database of a script."""
        file = self.folder / path
        with contextlib.closing(sqlite3.connect(file)) as database:
            database.executescript(script)
        return file

    def run(
        self,
        *argv: str,
        stdin: str | bytes = b"",
        environ: Mapping[str, str] | None = None,
    ) -> Ran:
        """Run a command in this process."""
        raw = stdin.encode() if isinstance(stdin, str) else stdin
        stdout, stderr = io.StringIO(), io.StringIO()
        with contextlib.chdir(self.folder), _also_set({"CI": "", **(environ or {})}):
            code = main(list(argv), io.TextIOWrapper(io.BytesIO(raw)), stdout, stderr)
        return Ran(code, stdout.getvalue(), stderr.getvalue())

    def start(self, *argv: str, **options: object) -> subprocess.Popen[bytes]:
        """Start a command as a process of its own."""
        merged: dict[str, Any] = {
            "cwd": self.folder,
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            "preexec_fn": _heeding_interrupts,
            **options,
        }
        command = [sys.executable, "-m", "assay", *argv]
        return Started(command, **merged)

    def spawn(self, *argv: str, **options: object) -> Ran:
        """Run a command as a process of its own."""
        with self.start(*argv, **options) as process:
            try:
                out, err = process.communicate(timeout=TIMEOUT)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        return Ran(process.returncode, (out or b"").decode(), (err or b"").decode())
