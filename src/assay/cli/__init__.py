"""The command line. Each command is a module of its own, imported only when it runs.

`assay hook` on clean files never gets past the screen, which imports next to nothing; everything
else goes through `assay.cli.program`.
"""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal, NoReturn, TextIO


def program() -> "NoReturn":
    """Run the command line of this process, then exit without cleaning up what the exit frees."""
    import _signal  # type: ignore[import-not-found]  # `signal` without what that imports

    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        # Until the command begins: some C modules crash if their import is interrupted.
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
    code = main()
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:  # it is None after `>&-`
                stream.flush()
        except (OSError, ValueError):
            code = code or 1
    os._exit(code)


def main(
    argv: "Sequence[str] | None" = None,
    stdin: "TextIO | None" = None,
    stdout: "TextIO | None" = None,
    stderr: "TextIO | None" = None,
) -> int:
    """Run one command and return its exit code; see `assay.errors` for what the codes mean."""
    if argv is None:
        import gc

        gc.set_threshold(100_000)  # collecting garbage costs more than a short run leaves
        if "_ARGCOMPLETE" in os.environ:  # a shell asks for completions
            from assay.cli.completion import complete

            complete()
    arguments = list(sys.argv[1:] if argv is None else argv)
    out, err = stdout or sys.stdout, stderr or sys.stderr
    try:
        if arguments[:1] == ["hook"]:
            from assay.screen import screened

            if screened(arguments[1:]):
                return 0
        from assay.cli.program import run
    except KeyboardInterrupt:
        err.write("assay: interrupted\n")
        return 130
    given = stdin or sys.stdin or _nothing("r")
    return run(arguments, given, out or _nothing("w"), err or _nothing("w"), alone=argv is None)


def _nothing(mode: "Literal['r', 'w']") -> "TextIO":
    """A substitute for a stream that was closed before the process began."""
    return open(os.devnull, mode, encoding="utf-8")
