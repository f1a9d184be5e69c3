"""Starts a program that replaces assay, with an environment of its own."""

from __future__ import annotations

import errno
import os
import signal
from typing import TYPE_CHECKING

from assay.errors import NotFoundError, NotStartedError
from assay.hygiene.naming import shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assay.cli.streams import Streams
    from assay.errors import AssayError


def launch(
    command: Sequence[str], values: Mapping[str, str], streams: Streams, *, lenient: bool = False
) -> int:
    """Become the program; if a system can't do that, run it and return its exit code.

    Values that no environment can hold are left out where that is `lenient`.

    Raises:
        NotFoundError: the program does not exist.
        NotStartedError: there is, and the system refuses to start it, or to give it a value.

    """
    environ = _fitting(values, streams, lenient=lenient)
    streams.stdout.flush()
    streams.stderr.flush()
    try:
        if os.name != "nt":
            _restore_signals()
            os.execvpe(command[0], list(command), environ)  # noqa: S606 - what the user asked for
        return attended(command, environ)  # pragma: no cover - Windows; tested by itself
    except OSError as error:
        raise _refused(command[0], error) from None


def attended(command: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run a program to its end, and return its exit code; leave Ctrl-C to it."""
    import shutil
    import subprocess

    found = shutil.which(command[0], path=environ.get("PATH"))
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with (
            subprocess.Popen(  # noqa: S603 - what the user asked for
                [found or command[0], *command[1:]], env=dict(environ)
            ) as process
        ):
            return process.wait()
    finally:
        signal.signal(signal.SIGINT, before)


def _restore_signals() -> None:
    """Undo what Python did at its start: an ignored SIGPIPE would be inherited."""
    for name in ("SIGPIPE", "SIGXFSZ"):
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, signal.SIG_DFL)


def _fitting(values: Mapping[str, str], streams: Streams, *, lenient: bool) -> dict[str, str]:
    """The values that an environment can hold; the others are refused, or each is named."""
    fitting: dict[str, str] = {}
    for name, value in values.items():
        try:
            held = b"\0" not in os.fsencode(name + value) and name and "=" not in name
        except UnicodeEncodeError:
            held = False
        if held:
            fitting[name] = value
            continue
        fault = f"{shown(name)} contains bytes that no environment variable can"
        step = "Remove the NUL character or the invalid UTF-8 from its line."
        if not lenient:
            raise NotStartedError(f"{fault}, so CMD is not started", step)
        streams.tell(f"{fault}, so CMD starts without it", step)
    return fitting


def _refused(program: str, error: OSError) -> AssayError:
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR if os.sep in program or not error.filename:
            return NotFoundError(f"{program} was not found", "Fix the path of the program.")
        case errno.ENOENT | errno.ENOTDIR:
            return NotFoundError(f"{program} was not found on PATH", "Fix its name, or install it.")
        case errno.EACCES | errno.EPERM if os.path.isdir(program):
            return NotStartedError(f"{program} is a folder", "Name a program inside it.")
        case errno.EACCES | errno.EPERM:
            return NotStartedError(
                f"{program} is not executable",
                f"Make it executable: `chmod +x {program}`.",
            )
        case errno.ENOEXEC:
            return NotStartedError(
                f"{program} has a format that this system can't execute",
                "Begin the script with a line such as `#!/bin/sh`, or name its interpreter.",
            )
        case errno.E2BIG:
            return NotStartedError(
                f"the environment is too large to start {program}",
                "Put the largest value into a file.",
            )
        case _:
            reason = (error.strerror or "refused by the system").lower()
            return NotStartedError(f"{program} can't be started: {reason}")
