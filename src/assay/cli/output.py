"""Renders reports and puts them where they were asked for."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from assay.cli.project import (
    Open,
    add_colour_argument,
    add_repeatable_argument,
    allowed_by,
    ensure_known,
    use_plugins,
)
from assay.errors import OutputError, UsageError
from assay.files import FileTrouble, read_bytes, write_atomically
from assay.gate import inside_of, named_inside, word
from assay.model import Blurred, Location, Report, Severity
from assay.package_data import folder
from assay.reporters import REPORTERS, render_report
from assay.reporters.base import Context
from assay.spec.files import ENDINGS, SPEC
from assay.templating import Overrides
from assay.version import __version__

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping

    from assay.cli.spec_lines import SpecLines
    from assay.cli.streams import Streams
    from assay.errors import SpecError
    from assay.model import Rule
    from assay.redaction import Masker
    from assay.reporters.base import Quoted


class OutputTarget(NamedTuple):
    """A report to be written: its format, and its file or None for standard output."""

    format: str
    path: str | None


def add_output_arguments(parser: argparse.ArgumentParser) -> None:
    """The options that every command with a report has."""
    group = parser.add_argument_group("report")
    group.add_argument(
        "--format",
        default="text",
        choices=Open(REPORTERS),
        metavar="FORMAT",
        help=f"the format to print: {', '.join(REPORTERS)} (default: text)",
    )
    add_repeatable_argument(group, "--output", "FORMAT=FILE", "also write a report to a file")
    add_colour_argument(group, "text")
    group.add_argument("-q", "--quiet", action="store_true", help="print failures only")
    group.add_argument("-v", "--verbose", action="store_true", help="also print passes")


def add_threshold_arguments(parser: argparse.ArgumentParser) -> None:
    """The options that decide the exit code."""
    group = parser.add_argument_group("exit code")
    group.add_argument(
        "--fail-on",
        default="error",
        choices=[str(severity) for severity in Severity],
        help="the lowest severity that fails the run (default: error)",
    )
    group.add_argument(
        "--allow-unknown",
        action="store_true",
        help="pass even if something could not be checked",
    )


def targets(arguments: argparse.Namespace) -> list[OutputTarget]:
    """What is to be written where, checked before any work is done."""
    _known(arguments.format, arguments)
    found = [OutputTarget(arguments.format, None)]
    for text in arguments.output:
        name, equals, path = text.partition("=")
        if not equals or not path:
            raise UsageError(
                f"--output {text} does not name a file",
                "Write FORMAT=FILE, for example `--output sarif=assay.sarif`.",
            )
        _known(name, arguments)
        if path == "-":
            raise UsageError(
                f"--output {text} would mix two reports on standard output",
                f"Write `--format {name}` to print that report instead of the text.",
            )
        found.append(OutputTarget(name, path))
    return found


def _known(name: str, arguments: argparse.Namespace) -> None:
    """Refuse what isn't a format, not even one of the project's plug-ins."""
    if name not in REPORTERS:
        use_plugins(arguments)
    ensure_known(name, REPORTERS, "a report format", "Choose one of")


def emit(
    report: Report,
    arguments: argparse.Namespace,
    streams: Streams,
    *,
    root: str,
    for_people: Callable[[Context], str] | None = None,
) -> int:
    """Write every requested report, or none if one can't be rendered; the run's exit code.

    `for_people` renders the format `text` for commands that have their own.
    """
    report = report.placed(partial(_blurred, masker=streams.masker, root=root))
    rendered: list[tuple[OutputTarget, str]] = []
    for target in targets(arguments):
        context = context_for(arguments, streams, root=root, to_file=bool(target.path))
        own = for_people if target.format == "text" else None
        text = own(context) if own else render_report(target.format, report, context)
        # reporters have already masked what they show
        rendered.append((target, streams.masker.mask(text) if own else text))
    for target, text in rendered:
        if target.path is None:
            streams.write(text, commands=target.format == "github", masked=True)
        else:
            write_atomically(target.path, text.encode("utf-8", "backslashreplace"))
    summary = streams.environ.get("GITHUB_STEP_SUMMARY")
    if arguments.format == "github" and summary:
        text = render(report, "github-summary", arguments, streams, root=root, to_file=True)
        _append(summary, text)
    return exit_code(report, arguments)


def exit_code(report: Report, arguments: argparse.Namespace) -> int:
    """What a report comes to, by the arguments."""
    threshold = Severity(getattr(arguments, "fail_on", "error"))
    unknown = getattr(arguments, "allow_unknown", False)
    return report.exit_code(fail_on=threshold, allow_unknown=unknown)


def _blurred(location: Location, masker: Masker, root: str) -> Location:
    """A place that reveals nothing about the secrets in its file."""
    path = os.path.normpath(os.path.join(root, location.file))
    return masker.assignments.blurred(path, location)


def render(  # noqa: PLR0913 - each is independent of the others
    report: Report,
    name: str,
    arguments: argparse.Namespace,
    streams: Streams,
    *,
    root: str,
    to_file: bool = False,
) -> str:
    """A report in one format."""
    return render_report(name, report, context_for(arguments, streams, root=root, to_file=to_file))


def context_for(
    arguments: argparse.Namespace, streams: Streams, *, root: str, to_file: bool = False
) -> Context:
    """How to render a report, by the arguments."""
    return Context(
        version=__version__,
        rules=_rules,
        excerpt=Excerpts(root, streams.masker, streams.taken, _inside(arguments, root)).line,
        mask=streams.masker.mask,
        templates=Overrides(root, allowed=allowed_by(arguments)),
        root=_from_repository(root),
        fail_on=Severity(getattr(arguments, "fail_on", "error")),
        allow_unknown=getattr(arguments, "allow_unknown", False),
        colour=not to_file and streams.colour(arguments.colour),
        width=0 if to_file else streams.width,
        quiet=arguments.quiet,
        verbose=arguments.verbose,
    )


def spec_problems(error: SpecError, streams: Streams) -> str:
    """The problems of a spec as text, for commands that could not begin."""
    from assay.reporters.display import visible

    if all(p.location is None or p.location.line is None for p in error.problems):
        said = ((visible(p.message), visible(p.remedy)) for p in error.problems)
        return "\n".join(f"assay: {message}\n  help: {remedy}" for message, remedy in said)
    taken = {**error.contents, **streams.taken}
    context = Context(
        version=__version__,
        excerpt=Excerpts(os.getcwd(), streams.masker, taken, inside=()).line,
        colour=streams.colour("auto") and streams.stderr.isatty(),
        width=streams.width,
        quiet=True,
    )
    return render_report("text", Report.of(error.problems), context)


class Excerpts:
    """Lines of files that findings point at, with everything else on them as bullets.

    Only of specs and of .env files that were read for their variables.
    """

    def __init__(
        self,
        root: str,
        masker: Masker,
        taken: Mapping[str, bytes],
        inside: tuple[str, ...] | None = None,
    ) -> None:
        """`taken` was already read; other files must be in `inside`, by default the repository."""
        self._root = root
        self._masker = masker
        self._taken = taken
        self._inside = inside_of(root) if inside is None else inside
        self._files: dict[str, list[str]] = {}
        self._specs: dict[str, SpecLines] = {}

    def line(self, location: Location) -> Quoted | None:
        """A location's line as it may be shown; None if it may not, or can't be read."""
        if location.line is None:
            return None
        if isinstance(location, Blurred):
            return self.line(location.exact)
        file = location.file
        path = os.path.normpath(self._path(file))
        is_spec = file.startswith("builtin:") or file.endswith((".yaml", ".yml"))
        known = not is_spec and self._masker.assignments.knows(path)
        if not is_spec and not known and file not in self._taken:
            return None
        if file not in self._files:
            self._files[file] = self._lines(file)
        lines = self._files[file]
        if not 0 < location.line <= len(lines):
            return None
        if known:
            line = lines[location.line - 1]
            quoted = self._masker.assignments.quoted(path, line, location)
        else:
            quoted = self._spec_lines(file).quoted(location)
        # Reporters shorten long lines, and the last masker would not know a secret by its half.
        if quoted is None or self._masker.mask(quoted.text) != quoted.text:
            return None
        return quoted

    def _spec_lines(self, file: str) -> SpecLines:
        from assay.cli.spec_lines import SpecLines

        if file not in self._specs:
            self._specs[file] = SpecLines("\n".join(self._files[file]))
        return self._specs[file]

    def _lines(self, file: str) -> list[str]:
        content = self._taken.get(file) or read_bytes(
            self._path(file), limit=LARGEST, inside=self._inside
        )
        if isinstance(content, FileTrouble):
            return []
        if file.endswith(ENDINGS) and not SPEC.search(content):
            return []  # it is not a spec, and may contain secrets
        text = content.decode(errors="replace").removeprefix("\ufeff")
        return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")

    def _path(self, file: str) -> str:
        if file.startswith("builtin:"):
            return os.path.join(folder("specs"), file.removeprefix("builtin:") + ".yaml")
        return os.path.join(self._root, file)


LARGEST = 32 * 1024 * 1024
"""Bytes; larger files are not checked."""


def _inside(arguments: argparse.Namespace, root: str) -> tuple[str, ...]:
    """Where files of findings may lie: in the repository, or what the person named."""
    files = getattr(arguments, "files", ())
    inside = named_inside(root, files, os.getcwd(), allowed_by(arguments))
    spec = getattr(arguments, "spec", None)
    return inside if spec in (None, "-") else (*inside, *word(spec, inside, os.getcwd()))


def _rules() -> dict[str, Rule]:
    from assay.spec.rulebook import all_rules

    return all_rules()


def _from_repository(root: str) -> str:
    """The root as seen from the top of its repository, which code hosts count paths from."""
    top = os.path.abspath(root)
    while not os.path.exists(os.path.join(top, ".git")):
        above = os.path.dirname(top)
        if above == top:
            return "."
        top = above
    return os.path.relpath(os.path.abspath(root), top).replace(os.sep, "/")


def _append(path: str, text: str) -> None:
    """Append to a file that other steps write to as well."""
    try:
        with open(path, "a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except OSError as error:
        reason = (error.strerror or "it can't be written").lower()
        raise OutputError(
            f"the step summary could not be written: {reason}",
            "Check the path in GITHUB_STEP_SUMMARY.",
        ) from None
