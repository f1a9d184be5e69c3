"""`assay check`: checks environments against the spec."""

from __future__ import annotations

import os
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING

from assay import api
from assay.cli import interrupts
from assay.cli.output import (
    add_output_arguments,
    add_threshold_arguments,
    emit,
    targets,
)
from assay.cli.progress import Progress
from assay.cli.project import add_all_argument, add_spec_argument, load, root_of
from assay.cli.untrusted import add_untrusted_argument
from assay.discretion import looks_secret
from assay.errors import SpecError, UsageError
from assay.hygiene.lists import PUBLISHED, UNSET_LITERALS
from assay.hygiene.naming import shown
from assay.hygiene.standins import is_placeholder
from assay.kinds import KINDS, LIVE
from assay.model import Severity
from assay.probes.environment import EnvironmentProbe
from assay.words import plural

if TYPE_CHECKING:
    import argparse

    from assay.cli.projects import Project
    from assay.cli.streams import Streams
    from assay.facts import Setting
    from assay.kinds.variable.spec import Declared
    from assay.model import Report
    from assay.spec.document import Spec

EPILOG = """\
examples:
  assay check                                   every environment that the spec declares
  assay check production                        one of them
  assay check --all                             every project below, as in a monorepo
  assay check --only 'MPESA_*'                  what concerns these variables
  assay check --output sarif=assay.sarif --output junit=assay.xml
  assay check ci --format github                annotations and a step summary on GitHub
  assay check production --wait 60s             try again until it passes
  assay check development --watch               check again whenever a file changes
"""
PAUSE = 0.5
"""Seconds between two looks at the files with --watch, or two tries with --wait."""
_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "": 1.0}


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument(
        "environments",
        nargs="*",
        metavar="ENV",
        help="the environments to check (default: all that the spec declares)",
    )
    add_spec_argument(parser)
    add_all_argument(parser)
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="WHAT",
        help="check only a kind, a variable or a group; `*` stands for any text; repeatable",
    )
    again = parser.add_mutually_exclusive_group()
    again.add_argument(
        "--watch", action="store_true", help="check again whenever a file of the project changes"
    )
    again.add_argument(
        "--wait",
        metavar="DURATION",
        help="try again until the checks pass, for at most this long (60s, 5m)",
    )
    add_untrusted_argument(parser)
    add_output_arguments(parser)
    add_threshold_arguments(parser)


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Check, report, and decide."""
    targets(arguments)
    if arguments.all and arguments.watch:
        raise UsageError("--all and --watch contradict each other", "Leave one of them out.")
    if arguments.untrusted and (arguments.watch or arguments.wait):
        raise UsageError(
            "--untrusted looks once", "Leave out --watch and --wait, which look again and again."
        )
    patience = _seconds(arguments.wait) if arguments.wait else 0.0
    if arguments.watch:
        return _watch(arguments, streams)
    deadline = time.monotonic() + patience
    tries = 1
    with Progress(streams, "checking", quiet=arguments.quiet) as progress:
        while True:
            root, report = _report(arguments, streams)
            code = _code(report, arguments)
            if code == 0 or time.monotonic() >= deadline:
                break
            failed = len(report.failures(Severity(arguments.fail_on)))
            progress.at(f"waiting for {plural(failed, 'failure')} to go, try {tries}")
            tries += 1
            interrupts.check()
            time.sleep(min(PAUSE, max(0.0, deadline - time.monotonic())))
    if patience and code and not arguments.quiet:
        streams.say(f"assay: gave up after {arguments.wait} and {tries} tries")
    emit(report, arguments, streams, root=root)
    return code


def _report(arguments: argparse.Namespace, streams: Streams) -> tuple[str, Report]:
    """The report, and the folder that its places are relative to."""
    if not arguments.all:
        spec = load(arguments, streams)
        return spec.root, checked(spec, arguments, streams)
    from assay.cli.projects import check_all, projects

    found = projects(arguments)

    def check(one: Project, environments: list[str]) -> Report:
        given = SimpleNamespace(
            environments=environments, only=arguments.only, untrusted=arguments.untrusted
        )
        return checked(one.spec, given, streams)

    return os.getcwd(), check_all(found, arguments.environments, check)


def checked(
    spec: Spec, arguments: argparse.Namespace | SimpleNamespace, streams: Streams
) -> Report:
    """The report on the chosen environments; from here on the masker knows what was read."""
    untrusted: bool = arguments.untrusted
    world = api.world_of(spec, streams.environ, untrusted=untrusted)
    probe = EnvironmentProbe(spec.environments, world)
    report = api.run(
        spec,
        environments=arguments.environments,
        only=arguments.only,
        probe=probe,
        untrusted=untrusted,
    )
    if untrusted and (live := sorted(KINDS[kind] for kind in LIVE if KINDS[kind] in spec.sections)):
        streams.say(f"assay: not checked with --untrusted: {', '.join(live)}")
    learn(streams, spec, probe)
    return report


def learn(streams: Streams, spec: Spec, probe: EnvironmentProbe) -> None:
    """Tell the masker every value that is secret, or that nobody declared."""
    words = {spec.project, *spec.environments, *spec.variables}
    for environment in spec.environments.values():
        words.update(source.label for source in environment.values)
    secrets = {
        setting.value.reveal()
        for listing in probe.listings
        for name, setting in listing.items()
        if setting.value is not None and name in spec.variables
        if spec.variables[name].declared.secret
    }
    for listing in probe.listings:
        for name, setting in listing.items():
            entry = spec.variables.get(name)
            stray = setting.value is not None and setting.value.reveal() in secrets
            _place(streams, spec, setting, None if entry is None or stray else entry.declared)
            if entry is None and shown(name) != name:
                streams.masker.learn(name)
            if setting.value is None:
                continue
            if entry is None and not setting.location:
                continue  # the process holds names of others: PATH is no secret
            value = setting.value.reveal()
            secret = entry is None or entry.declared.hides(value)
            if secret and value not in words and not _ordinary(value):
                streams.masker.learn(value)
                if "://" in value:
                    _learn_password(streams, value)
                if name in spec.keyed:
                    _learn_spellings(streams, value)


def _place(streams: Streams, spec: Spec, setting: Setting, declared: Declared | None) -> None:
    """Tell the masker where a value stands, and whether it may be shown there."""
    at, name_at = setting.location, setting.name_location
    if at is None or setting.value is None or name_at is None:
        return
    assignments = streams.masker.assignments
    path = os.path.normpath(os.path.join(spec.root, at.file))
    value = setting.value.reveal()
    hidden = declared is None or setting.expanded or declared.hides(value) or looks_secret(value)
    if declared is None or hidden:
        assignments.hide(path, at, value)
    else:
        assignments.add(path, declared.name, name_at, at, value)


def _learn_spellings(streams: Streams, value: str) -> None:
    """Tell the masker the other ways to write a key: the same bytes in hex and base64."""
    from assay.crypto.decodings import spellings

    for spelling in spellings(value):
        streams.masker.learn(spelling)


def _learn_password(streams: Streams, url: str) -> None:
    """Tell the masker the password in a URL, as it is written and as it is meant."""
    from urllib.parse import unquote

    login, at, _ = url.partition("://")[2].rpartition("@")
    password = login.partition(":")[2]
    if at and password and not _ordinary(password):
        streams.masker.learn(password)
        streams.masker.learn(unquote(password))


def _ordinary(value: str) -> bool:
    """Whether a value is a plain word or a stand-in, which reports hold for other reasons.

    To mask `variable` or `password` wherever it stands would garble the report, and tell everyone
    which word it was.
    """
    if value in UNSET_LITERALS or value in PUBLISHED:
        return True
    if value[:1] != "<" and is_placeholder(value):
        return True
    return len(value) < 16 and value.isascii() and value.isalpha() and value.islower()


def _code(report: Report, arguments: argparse.Namespace) -> int:
    return report.exit_code(
        fail_on=Severity(arguments.fail_on), allow_unknown=arguments.allow_unknown
    )


def _seconds(text: str) -> float:
    number, unit = text.rstrip("smh"), text[len(text.rstrip("smh")) :]
    if not number.replace(".", "", 1).isdigit() or not number.isascii() or unit not in _UNITS:
        raise UsageError(f"--wait {text} is not a duration", "Write a number and s, m or h: 60s.")
    return float(number) * _UNITS[unit]


def _watch(arguments: argparse.Namespace, streams: Streams) -> int:
    """Check again whenever a file changes, until Ctrl-C."""
    files: list[str] = []
    seen: dict[str, tuple[int, int]] | None = None
    while True:
        with interrupts.held():
            if _stamps(files) != seen:
                if seen is not None:
                    streams.clear()
                files, seen = _look(arguments, streams, files)
                if not arguments.quiet:
                    streams.say("watching for changes; Ctrl-C ends")
                streams.stdout.flush()
        time.sleep(PAUSE)


def _look(
    arguments: argparse.Namespace, streams: Streams, known: list[str]
) -> tuple[list[str], dict[str, tuple[int, int]]]:
    """Check once; the files to watch from now on, and how they were before they were read."""
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
    stamps = _stamps(files)  # a change from here on is seen, even while the check runs
    emit(checked(spec, arguments, streams), arguments, streams, root=spec.root)
    return files, stamps


def _watched(spec: Spec) -> list[str]:
    """The spec's files with their folders, the files that environments read, and databases."""
    own = [os.path.join(spec.root, f) for f in spec.files if not f.startswith("builtin:")]
    paths = {*own, *map(os.path.dirname, own)}
    for environment in spec.environments.values():
        for source in environment.values:
            path = getattr(source, "path", None)
            if path:
                paths.add(os.path.join(spec.root, path))
    for entry in spec.sections.get("databases", {}).values():
        if entry.declared.reached_by.offline:
            paths.add(os.path.join(spec.root, entry.declared.reached_by.path))
    return sorted(paths)


def _stamps(files: list[str]) -> dict[str, tuple[int, int]]:
    stamps: dict[str, tuple[int, int]] = {}
    for file in files:
        try:
            found = os.stat(file)
        except OSError:
            continue
        stamps[file] = (found.st_mtime_ns, found.st_size)
    return stamps
