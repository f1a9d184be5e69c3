"""`assay run`: checks an environment, then starts a program with its values."""

from __future__ import annotations

import errno
import os
import signal
from typing import TYPE_CHECKING, Any

from assay.cli import options
from assay.cli.output import context_for, exit_code
from assay.cli.progress import Progress
from assay.cli.project import load, run_of
from assay.errors import AssayError, NotFoundError, NotStartedError, UsageError
from assay.facts import Listing, Setting, SourceReading, State, Unobservable
from assay.hygiene.naming import shown
from assay.model import Report
from assay.reporters import render_report
from assay.selection import selected

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

    from assay.cli.streams import Streams
    from assay.spec.document import Spec

EPILOG = """\
examples:
  assay run development -- npm start             check, then start with those values
  assay run production --clean -- ./server       pass declared variables only
  assay run ci --fail-on warning -- pytest -x    start only if there are no warnings either
  assay run development --no-check -- env        start without checking

Only CMD's own output is printed. If the check fails, its report is printed on standard error, CMD
is not started, and the exit code is that of `assay check`. Otherwise assay execs CMD, which keeps
its streams, signals and exit code (127: not found, 126: cannot start).
"""
BASICS = (
    *("HOME", "LANG", "LOGNAME", "PATH", "SHELL", "TEMP", "TERM", "TMP", "TMPDIR", "TZ", "USER"),
    *("APPDATA", "COMSPEC", "LOCALAPPDATA", "PATHEXT", "SYSTEMDRIVE", "SYSTEMROOT", "USERPROFILE"),
)
"""What every program needs to run, whatever its configuration."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes; the program's own words come after `--`."""
    parser.usage = "assay run ENV [options] -- CMD [ARG ...]"
    parser.set_defaults(program=[])
    parser.add_argument("environment", metavar="ENV", help="the environment to check and to use")
    options.several(parser, "stray", "-- CMD", "the program and its arguments")
    options.spec(parser)
    options.only(parser)
    options.flag(parser, "--no-check", told="start CMD without checking")
    options.flag(parser, "--defaults", told="also pass the spec's defaults for unset variables")
    options.flag(
        parser,
        "--clean",
        told="pass only the declared variables and the basics (PATH, HOME, ...) of this process",
    )
    options.exit_code(parser)
    group = parser.add_argument_group("report on standard error")
    options.colour(group, "it")
    options.flag(group, "-q", "--quiet", told="print failures only")
    options.flag(group, "-v", "--verbose", told="also print passes, before CMD starts")


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Check, then become the program."""
    _understood(arguments)
    spec = load(arguments, streams)
    (name,) = selected(spec, [arguments.environment])
    with run_of(spec, streams) as made, Progress(streams, "checking", quiet=arguments.quiet):
        report = None if arguments.no_check else made.check([name], only=arguments.only)
        sources = range(len(spec.environments[name].values))
        readings = [made.ask(SourceReading(name, index)) for index in sources]
        listing = made.ask(Listing(name))
    if report is not None:
        code = exit_code(report, arguments)
        if code or arguments.verbose:
            aside = streams._replace(stdout=streams.stderr)
            context = context_for(arguments, aside, root=spec.root)
            aside.write(render_report("text", report, context))
        if code:
            return code
    for reading in readings:
        if isinstance(reading, Unobservable):
            streams.tell(reading.reason, reading.remedy)
            return Report.EXIT_UNKNOWN
    given = _values(listing, spec, arguments, streams)
    inherited = {
        name: value
        for name, value in streams.environ.items()
        if not arguments.clean or name.upper() in BASICS or name.startswith("LC_")
    }
    if arguments.clean and _coerced(streams.environ):
        del inherited["LC_CTYPE"]
    return launch(arguments.program, {**inherited, **given}, streams, lenient=arguments.no_check)


def _coerced(environ: Mapping[str, str]) -> bool:
    """Whether Python itself has set LC_CTYPE, as it does in the locale C (PEP 538)."""
    others = {environ.get("LC_ALL", ""), environ.get("LANG", "")}
    return others <= {"", "C", "POSIX"} and environ.get("LC_CTYPE") in ("C.UTF-8", "C.utf8")


def _understood(arguments: argparse.Namespace) -> None:
    stray = arguments.stray
    if stray and not arguments.program:
        raise UsageError(
            "put the program after --",
            f"Write `assay run {arguments.environment} -- {stray[0]} ...`.",
        )
    if stray:
        raise UsageError(
            f"unexpected argument {stray[0]} before --", "Name one environment, then -- and CMD."
        )
    if not arguments.program or not arguments.program[0]:
        raise UsageError(
            "there is no program to start",
            f"Put it after --, for example `assay run {arguments.environment} -- npm start`.",
        )


def _values(
    listing: Mapping[str, Setting],
    spec: Spec,
    arguments: argparse.Namespace,
    streams: Streams,
) -> dict[str, str]:
    """What the environment sets, exactly as its loaders read it."""
    values: dict[str, str] = {}
    for name, setting in listing.items():
        declared = name in spec.variables
        if setting.state is State.MISSING or (arguments.clean and not declared):
            continue
        if setting.value is None:
            called = name if declared else shown(name)
            streams.tell(f"{called} can't be read from {setting.source}, so CMD starts without it")
            continue
        values[name] = setting.value.reveal()
    if arguments.defaults:
        for name, entry in spec.variables.items():
            default = entry.declared.default
            if default is not None and name not in values:
                values[name] = default
    return values


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
    before = {}
    try:
        if os.name != "nt":
            before = _restore_signals()
            os.execvpe(command[0], list(command), environ)  # noqa: S606 - what the user asked for
        return attended(command, environ)  # pragma: no cover - Windows; tested by itself
    except OSError as error:
        for number, handler in before.items():
            signal.signal(number, handler)
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


def _restore_signals() -> dict[int, Any]:
    """Undo what Python did at its start: an ignored SIGPIPE would be inherited.

    The answer says what it was.
    """
    numbers = [getattr(signal, name, None) for name in ("SIGPIPE", "SIGXFSZ")]
    return {n: signal.signal(n, signal.SIG_DFL) for n in numbers if n is not None}


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
