"""The composition root of every command: arguments in, exit code out, no traceback ever."""

from __future__ import annotations

import os
import sys
from contextlib import redirect_stdout
from contextvars import copy_context
from importlib import import_module
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, TextIO

from assay.cli import interrupts
from assay.cli.commands import ACTIONS, COMMANDS
from assay.cli.streams import Streams
from assay.cli.untrusted import confined, is_untrusted
from assay.errors import BUG, AssayError, Interrupted, LimitError, SpecError, UsageError
from assay.redaction import Masker
from assay.registry import blamed, failure
from assay.screen import SimpleArguments, simple_arguments
from assay.suggest import hint
from assay.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence


def run(
    argv: Sequence[str], stdin: TextIO, stdout: TextIO, stderr: TextIO, *, alone: bool = False
) -> int:
    """Run a command line; every way that it can end has an exit code and a message.

    `alone` means that the process exists only for it, and may be limited permanently.
    """
    streams = Streams(stdin, stdout, stderr, os.environ, Masker(), {})
    # the plug-ins that a command uses are of no concern to the next one
    return copy_context().run(_run, argv, streams, alone=alone)


def _run(argv: Sequence[str], streams: Streams, alone: bool) -> int:
    try:
        code = _dispatch(argv, streams, alone=alone)
        streams.stdout.flush()
    except KeyboardInterrupt:
        return _ended(Interrupted("interrupted"), streams)
    except Exception as error:  # noqa: BLE001 - the last line of defence: no traceback, no secret
        meant = _meant(error)
        if meant is not None:
            return _ended(meant, streams)
        broken = isinstance(error, BrokenPipeError)
        return _closed_pipe(streams.stdout) if broken else _bug(error, streams)
    return code


def _meant(error: Exception) -> AssayError | None:
    """What an error means to the user; None for a closed pipe and for a bug of ours."""
    plugin = blamed(error)
    if plugin is not None:
        return AssayError(*failure(plugin, error))
    match error:
        case AssayError():
            return error
        case MemoryError():
            return LimitError("these files need more memory than there is", _SMALLER)
        case RecursionError():
            return LimitError("the input is nested too deeply", _SMALLER)
        case UnicodeEncodeError():
            return LimitError(_UNWRITABLE, "Set LC_ALL=C.UTF-8, then run it again.")
        case BrokenPipeError():
            return None
        case OSError():
            reason = (error.strerror or "input or output failed").lower()
            step = "Check the free space of the disk and the permissions of the files."
            return AssayError(reason, step)
        case _:
            return Interrupted("interrupted") if interrupts.seen() else None


_UNWRITABLE = "a file name contains characters that this locale can't encode"
_SMALLER = "Find the very large or deeply nested part of the spec or its files, and reduce it."


def _dispatch(argv: Sequence[str], streams: Streams, *, alone: bool) -> int:
    if any("\0" in word for word in argv):  # no shell can pass one, but programs can
        raise UsageError("an argument contains a NUL character", "Remove that character.")
    if argv[:1] == ["help"]:  # as in `git help commit`
        argv = [*argv[1:], "--help"]
    name = next((word for word in argv if not word.startswith("-")), None)
    if name is not None and argv[0] == name and name not in COMMANDS:
        raise UsageError(
            f"{name} is not a command of assay{hint(name, COMMANDS)}",
            "Run `assay --help` for the commands.",
        )
    if name == "hook":
        _refuse_files_as_options(argv)
    simple = simple_arguments(argv[1:]) if name == "hook" and argv[0] == name else None
    if simple is not None:
        from assay.screen.remembered import screened_afresh

        arguments = _hook_arguments(simple)  # spares the start-up of the parser
        streams = confined(arguments, streams, alone=alone)
        if screened_afresh(simple):
            return 0
    else:
        from assay.cli.parsing import parser

        tree = parser(only=name or "")
        try:
            with redirect_stdout(streams.stdout):  # argparse prints --help and --version
                arguments = tree.parse_args(list(argv))
        except SystemExit as end:  # --help and --version have printed what they had to
            return int(end.code or 0)
        if arguments.command is None:
            streams.write(tree.format_help())
            return 2
    action = f"_{arguments.action}" if arguments.command in ACTIONS else ""
    module: Any = import_module(f"assay.cli.{arguments.command}{action}")
    interrupts.listen()
    if is_untrusted(arguments) and simple is None:
        streams = confined(arguments, streams, alone=alone)
    code: int = module.run(arguments, streams)
    return code


def _refuse_files_as_options(argv: Sequence[str]) -> None:
    """Reject an option that is the name of a file, because pre-commit passes file names unchanged.

    Otherwise a file named `--output=text=/srv/app/.env` in a repository would be obeyed.
    """
    options = argv[: argv.index("--")] if "--" in argv else argv
    for word in options:
        if word.startswith("-") and word != "-" and os.path.lexists(word):
            raise UsageError(
                f"the file name {word} would be taken for an option",
                "Rename the file, or put `--` before the file names.",
            )


def _hook_arguments(simple: SimpleArguments) -> Any:
    """What the parser returns for such simple arguments; a test compares the two."""
    return SimpleNamespace(
        command="hook",
        files=simple.files,
        spec=simple.spec,
        allow_path=[],
        env=simple.environment,
        all=False,
        every_project=True,
        quiet=simple.quiet,
        format="text",
        output=[],
        colour="auto",
        verbose=False,
        fail_on="error",
        allow_unknown=False,
    )


def _ended(error: AssayError, streams: Streams) -> int:
    try:
        if isinstance(error, SpecError):
            from assay.cli.output import spec_problems

            streams.say(spec_problems(error, streams).rstrip("\n"))
        else:
            streams.tell(error.message, error.remedy)
    except OSError:
        pass  # standard error is gone too, but there is still the exit code
    return error.exit_code


def _closed_pipe(stdout: TextIO) -> int:
    """The reader has gone: redirect the stream, or Python prints an error when it exits."""
    try:
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, stdout.fileno())
        os.close(devnull)
    except (OSError, ValueError):
        pass
    return 141  # 128 + SIGPIPE, as a shell reports it for other programs


def _bug(error: Exception, streams: Streams) -> int:
    """Name the place, but not the message, which may quote a secret."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = "?"
    if trace is not None:
        file = os.path.basename(trace.tb_frame.f_code.co_filename)
        place = f"{file}:{trace.tb_lineno}"
    python = ".".join(map(str, sys.version_info[:3]))
    streams.say(
        f"assay: a bug in assay: {type(error).__name__} at {place}\n"
        f"  help: Please report it with this line: assay {__version__}, Python {python}."
    )
    return BUG
