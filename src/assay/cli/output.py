"""Renders reports and puts them where they were asked for."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from assay.cli.project import allowed_by, ensure_known, inside_by, use_plugins
from assay.errors import OutputError, SpecError, UsageError
from assay.escapes import visible
from assay.files import FileTrouble, read_bytes, write_atomically
from assay.gate import top_of
from assay.model import Blurred, Location, Report, Severity
from assay.package_data import folder
from assay.rendering import every_rule
from assay.reporters import REPORTERS, render_report
from assay.reporters.base import Context, Quoted
from assay.spec.files import ENDINGS, SPEC
from assay.templating import Overrides
from assay.version import __version__

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping

    from assay.cli.spec_lines import SpecLines
    from assay.cli.streams import Streams
    from assay.redaction import Masker


def targets(arguments: argparse.Namespace) -> list[tuple[str, str]]:
    """The formats to be written, each with its file; empty for standard output.

    They are checked before any work is done.
    """
    _known(arguments.format, arguments)
    found = [(arguments.format, "")]
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
        found.append((name, path))
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

    def blurred(at: Location) -> Location:
        """A place that reveals nothing about the secrets in its file."""
        path = os.path.normpath(os.path.join(root, at.file))
        return streams.masker.assignments.blurred(path, at)

    report = report.placed(blurred)
    rendered: list[tuple[str, str, str]] = []
    for name, path in targets(arguments):
        context = context_for(arguments, streams, root=root, to_file=bool(path))
        own = for_people if name == "text" else None
        text = own(context) if own else render_report(name, report, context)
        # reporters have already masked what they show
        rendered.append((name, path, streams.masker.mask(text) if own else text))
    for name, path, text in rendered:
        if path:
            write_atomically(path, text.encode("utf-8", "backslashreplace"))
        else:
            streams.write(text, commands=name == "github", masked=True)
    summary = streams.environ.get("GITHUB_STEP_SUMMARY")
    told = any(name == "github-summary" for name, _, _ in rendered)
    if arguments.format == "github" and summary and not told:
        context = context_for(arguments, streams, root=root, to_file=True)
        _append(summary, render_report("github-summary", report, context))
    return exit_code(report, arguments)


def exit_code(report: Report, arguments: argparse.Namespace) -> int:
    """What a report comes to, by the arguments."""
    threshold = Severity(getattr(arguments, "fail_on", "error"))
    unknown = getattr(arguments, "allow_unknown", False)
    return report.exit_code(fail_on=threshold, allow_unknown=unknown)


def context_for(
    arguments: argparse.Namespace, streams: Streams, *, root: str, to_file: bool = False
) -> Context:
    """How to render a report, by the arguments."""
    return Context(
        version=__version__,
        rules=every_rule,
        excerpt=Excerpts(root, streams.masker, streams.taken, inside_by(arguments, root)).line,
        mask=streams.masker.mask,
        templates=Overrides(root, allowed=allowed_by(arguments)),
        root=os.path.relpath(os.path.realpath(root), top_of(root)).replace(os.sep, "/"),
        fail_on=Severity(getattr(arguments, "fail_on", "error")),
        allow_unknown=getattr(arguments, "allow_unknown", False),
        colour=not to_file and streams.colour(arguments.colour),
        width=0 if to_file else streams.width,
        quiet=arguments.quiet,
        verbose=arguments.verbose,
    )


def spec_problems(error: SpecError, streams: Streams) -> str:
    """The problems of a spec as text, for commands that could not begin."""
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
        self, root: str, masker: Masker, taken: Mapping[str, bytes], inside: tuple[str, ...]
    ) -> None:
        """`taken` was already read; other files must be in `inside`."""
        self._root = root
        self._masker = masker
        self._taken = taken
        self._inside = inside
        self._lines = cache(self._read)
        self._spec_lines = cache(self._parsed)

    def line(self, location: Location) -> Quoted | None:
        """A location's line as it may be shown; None if it may not, or can't be read."""
        if isinstance(location, Blurred):
            return self.line(location.exact)
        file, number = location.file, location.line or 0
        path = os.path.normpath(self._path(file))
        is_spec = file.startswith("builtin:") or file.endswith((".yaml", ".yml"))
        known = not is_spec and self._masker.assignments.knows(path)
        may_be_shown = is_spec or known or file in self._taken
        if not number or not may_be_shown or number > len(self._lines(file)):
            return None
        if known:
            line = self._lines(file)[number - 1]
            quoted = self._masker.assignments.quoted(path, line, location)
        else:
            quoted = self._spec_lines(file).quoted(location)
        # Reporters shorten long lines, and the last masker would not know a secret by its half.
        if quoted is None or self._masker.mask(quoted.text) != quoted.text:
            return None
        return quoted

    def _parsed(self, file: str) -> SpecLines:
        from assay.cli.spec_lines import SpecLines

        return SpecLines("\n".join(self._lines(file)))

    def _read(self, file: str) -> list[str]:
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


def _append(path: str, text: str) -> None:
    try:
        with open(path, "a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except OSError as error:
        reason = (error.strerror or "it can't be written").lower()
        raise OutputError(
            f"the step summary could not be written: {reason}",
            "Check the path in GITHUB_STEP_SUMMARY.",
        ) from None
