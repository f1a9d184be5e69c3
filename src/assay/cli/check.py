"""`assay check`: checks environments against the spec."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from assay.cli import interrupts, options
from assay.cli.output import emit, exit_code, targets
from assay.cli.progress import Progress
from assay.cli.project import load, own_files, root_of, run_of
from assay.errors import SpecError, UsageError
from assay.facts import Guesses
from assay.kinds import kinds_of
from assay.model import Report, Severity
from assay.words import plural

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from assay.cli.projects import Project
    from assay.cli.streams import Streams
    from assay.spec.document import Spec

EPILOG = """\
examples:
  assay check                                   every environment whose values are here
  assay check production                        one of them
  assay check --all                             every project below, as in a monorepo
  assay check --only 'MPESA_*'                  only checks about these variables
  assay check --output sarif=assay.sarif --output junit=assay.xml
  assay check ci --format github                annotations and a step summary on GitHub
  assay check production --wait 60s             retry until it passes
  assay check development --watch               check again whenever a file changes
"""
PAUSE = 0.5
"""Seconds between two looks at the files with --watch, or two attempts with --wait."""
_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "": 1.0}


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    options.environments(parser, "to check (default: all whose values are here)")
    options.flag(
        parser,
        "--all-environments",
        told="every environment of the spec, even if its values are somewhere else",
    )
    options.spec(parser)
    options.every_project(parser)
    options.only(parser)
    again = parser.add_mutually_exclusive_group()
    options.flag(again, "--watch", told="check again whenever a project file changes")
    again.add_argument(
        "--wait",
        metavar="DURATION",
        help="retry until the checks pass, for at most this long (60s, 5m)",
    )
    options.untrusted(parser)
    options.report(parser)
    options.exit_code(parser)


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Check, report, and decide."""
    targets(arguments)
    if arguments.all and arguments.watch:
        raise UsageError("--all and --watch can't be combined", "Use one of them.")
    if arguments.untrusted and (arguments.watch or arguments.wait):
        raise UsageError(
            "--untrusted can't be combined with --watch or --wait", "Remove --watch and --wait."
        )
    patience = _seconds(arguments.wait) if arguments.wait else 0.0
    if arguments.watch:
        return _watch(arguments, streams)
    deadline = time.monotonic() + patience
    tries = 1
    with Progress(streams, "checking", quiet=arguments.quiet) as progress:
        while True:
            root, report, notes = _report(arguments, streams)
            code = exit_code(report, arguments)
            if code == 0 or time.monotonic() >= deadline:
                break
            failed = len(report.failures(Severity(arguments.fail_on)))
            progress.at(f"waiting for {plural(failed, 'failure')} to clear, attempt {tries}")
            tries += 1
            interrupts.check()
            time.sleep(min(PAUSE, max(0.0, deadline - time.monotonic())))
    for note in notes:
        streams.say(f"assay: {note}")
    if patience and code and not arguments.quiet:
        streams.say(f"assay: gave up after {arguments.wait} and {tries} attempts")
    return emit(report, arguments, streams, root=root)


def _report(arguments: argparse.Namespace, streams: Streams) -> tuple[str, Report, list[str]]:
    """The report, the folder that its places are relative to, and what was left out."""
    if not arguments.all:
        spec = load(arguments, streams)
        chosen, notes = _chosen(spec, arguments, streams)
        return spec.root, checked(spec, chosen, arguments, streams), notes
    from assay.cli.projects import check_all, projects

    found, guesses = projects(arguments), Guesses()
    said: list[str] = []

    def check(one: Project, environments: list[str]) -> Report:
        chosen, notes = _chosen(one.spec, arguments, streams)
        said.extend(note if one.folder == "." else f"{one.folder}: {note}" for note in notes)
        return checked(one.spec, environments or chosen, arguments, streams, guesses)

    return os.getcwd(), check_all(found, arguments.environments, check), said


def _chosen(
    spec: Spec, arguments: argparse.Namespace, streams: Streams
) -> tuple[Sequence[str], list[str]]:
    """The environments to check, and what to say of others: the named ones, else those here."""
    if arguments.environments or arguments.all_environments or arguments.untrusted:
        return arguments.environments, []
    from assay.cli.elsewhere import checked_here, not_checked

    here = checked_here(spec, streams.environ)
    left = [name for name in spec.environments if name not in here]
    return here, [not_checked(left)] if left else []


def checked(
    spec: Spec,
    environments: Sequence[str],
    arguments: argparse.Namespace,
    streams: Streams,
    guesses: Guesses | None = None,
) -> Report:
    """The report on the chosen environments; the masker then knows what was read."""
    untrusted: bool = arguments.untrusted
    with run_of(spec, streams, untrusted=untrusted, guesses=guesses) as made:
        report = made.check(environments, only=arguments.only)
    if untrusted and (live := sorted(kind.section for kind in kinds_of(spec) if kind.live)):
        streams.say(f"assay: not checked with --untrusted: {', '.join(live)}")
    return report


def _seconds(text: str) -> float:
    number, unit = text.rstrip("smh"), text[len(text.rstrip("smh")) :]
    if not number.replace(".", "", 1).isdigit() or not number.isascii() or unit not in _UNITS:
        raise UsageError(
            f"--wait {text} is not a duration", "Write a number followed by s, m or h, such as 60s."
        )
    return float(number) * _UNITS[unit]


def _watch(arguments: argparse.Namespace, streams: Streams) -> int:
    files: list[str] = []
    seen: dict[str, tuple[int, int]] | None = None
    while True:
        with interrupts.held():
            if _stamps(files) != seen:
                if seen is not None:
                    streams.clear()
                files, seen = _look(arguments, streams, files)
                if not arguments.quiet:
                    streams.say("watching for changes; press Ctrl-C to stop")
                streams.stdout.flush()
        time.sleep(PAUSE)


def _look(
    arguments: argparse.Namespace, streams: Streams, known: list[str]
) -> tuple[list[str], dict[str, tuple[int, int]]]:
    """Check once; the files to watch next, and their stamps from before they were read."""
    try:
        spec = load(arguments, streams)
    except SpecError as error:
        from assay.cli.output import spec_problems

        root = root_of(arguments)
        blamed = (os.path.join(root, p.location.file) for p in error.problems if p.location)
        files = sorted({*known, *blamed, os.path.join(root, "specs")})
        stamps = _stamps(files)
        streams.write(spec_problems(error, streams))
        return files, stamps
    files = _watched(spec)
    stamps = _stamps(files)  # taken first, so that changes during the check are seen
    chosen, notes = _chosen(spec, arguments, streams)
    report = checked(spec, chosen, arguments, streams)
    emit(report, arguments, streams, root=spec.root)
    for note in notes:
        streams.say(f"assay: {note}")
    return files, stamps


def _watched(spec: Spec) -> list[str]:
    """The spec's files with their folders, the files that environments read, and databases."""
    from assay.kinds.database.spec import Database

    own = own_files(spec)
    read: list[object] = [s for one in spec.environments.values() for s in one.values]
    read += [entry.declared.reached_by for entry in spec.entries(Database).values()]
    paths = filter(None, (getattr(one, "path", None) for one in read))
    named = (os.path.join(spec.root, path) for path in paths)
    return sorted({*own, *map(os.path.dirname, own), *named})


def _stamps(files: list[str]) -> dict[str, tuple[int, int]]:
    stamps: dict[str, tuple[int, int]] = {}
    for file in files:
        with suppress(OSError):
            found = os.stat(file)
            stamps[file] = (found.st_mtime_ns, found.st_size)
    return stamps
