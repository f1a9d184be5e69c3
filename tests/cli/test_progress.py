"""Where something takes long, a terminal is told so; nobody else is."""

from __future__ import annotations

import io
import os
import time
from typing import Any

from assay.cli import progress
from assay.cli.progress import Progress
from assay.cli.streams import Streams
from assay.redaction import Masker


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def streams(stderr: io.StringIO) -> Streams:
    return Streams(io.StringIO(), io.StringIO(), stderr, os.environ, Masker(), {})


def shown(terminal: io.StringIO, monkeypatch: Any, seconds: float, *, quiet: bool = False) -> str:
    monkeypatch.setattr(progress, "PATIENCE", 0.05)
    monkeypatch.setattr(progress, "INTERVAL", 0.05)
    with Progress(streams(terminal), "reading", quiet=quiet) as line:
        time.sleep(seconds / 2)
        line.at("judging")
        time.sleep(seconds / 2)
    return terminal.getvalue()


def test_a_terminal_sees_what_is_being_done_and_the_line_is_wiped(monkeypatch):
    text = shown(Terminal(), monkeypatch, 0.6)
    assert "\rreading (0 s)" in text
    assert "judging (" in text
    assert text.endswith("\r")
    assert text.rstrip("\r").endswith(" ")


def test_what_is_quick_goes_unsaid(monkeypatch):
    assert shown(Terminal(), monkeypatch, 0.0) == ""


def test_a_quiet_run_and_a_file_see_nothing(monkeypatch):
    assert shown(Terminal(), monkeypatch, 0.3, quiet=True) == ""
    assert shown(io.StringIO(), monkeypatch, 0.3) == ""
