"""Checks untrusted files without the network, process variables, or much of anything else.

`confined` is the promise; the audit hook and the limits of the operating system hold it should
anything else fail to. Neither can be taken back, so they are set only in a process of our own.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING, Any

from assay.errors import LimitError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from assay.cli.streams import Streams

ALWAYS = frozenset(("hook", "lint"))
"""Commands that always run untrusted: they check files before anybody has reviewed them."""
KEPT = frozenset(
    (
        *("COLUMNS", "FORCE_COLOR", "GITHUB_STEP_SUMMARY", "HOME", "LANG", "LC_ALL", "LC_CTYPE"),
        *("NO_COLOR", "PATH", "SYSTEMROOT", "TERM", "TZ", "USERPROFILE", "XDG_CACHE_HOME"),
    )
)
"""The process variables that say where and how to print; they contain no secret."""
MEMORY = 2 * 1024**3
"""Bytes beyond what the process uses when it begins."""
PROCESSOR = 120
"""Seconds of processor time."""
PATIENCE = 300
"""Seconds of wall-clock time."""
AGAIN = 10
"""Seconds between the signals that end a run whose time is up."""
FILE = 256 * 1024**2
"""Bytes that a report may have."""
FILES = 256
"""Files that may be open at the same time."""

_FORBIDDEN = (
    *("os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile"),
    *("os.system", "pty.spawn", "socket.", "subprocess."),
)
_CHANGING = (
    *("os.chmod", "os.chown", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir"),
    *("os.symlink", "os.truncate", "os.utime", "shutil."),
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def is_untrusted(arguments: Any) -> bool:
    """Whether a command runs on files that may be untrusted."""
    return arguments.command in ALWAYS or getattr(arguments, "untrusted", False)


def may_remember(arguments: Any) -> bool:
    """Whether a run may write to the cache; the hook may, because the cache makes it fast."""
    return arguments.command == "hook" or not is_untrusted(arguments)


def confined(arguments: Any, streams: Streams, *, alone: bool) -> Streams:
    """The streams of a command that may read no variables but those about printing.

    If the process is `alone` ours, it is also limited, and can't undo that.
    """
    from assay.screen import private

    keep = may_remember(arguments)
    environ = {name: value for name, value in streams.environ.items() if name in KEPT}
    if alone:
        for name in set(os.environ) - KEPT:
            del os.environ[name]
        sys.dont_write_bytecode = True
        limit()
        sys.addaudithook(guard(_written(arguments, environ), private.place() if keep else None))
    return streams._replace(environ=environ)


def _written(arguments: Any, environ: Mapping[str, str]) -> list[str]:
    named = [text.partition("=")[2] for text in getattr(arguments, "output", None) or ()]
    return [path for path in (*named, environ.get("GITHUB_STEP_SUMMARY")) if path]


def guard(written: Iterable[str], cache: str | None) -> Callable[[str, tuple[Any, ...]], None]:
    """An audit hook that allows only reading, and writing to these files and this folder."""
    whole = {os.path.realpath(path) for path in written}
    whole |= {os.path.abspath(path) for path in written} | {os.devnull}
    # reports are written beside, under names that begin so, then renamed
    beside = tuple(
        os.path.join(os.path.dirname(path), f".{os.path.basename(path)[:100]}.")
        for path in whole - {os.devnull}
    )
    folder = os.path.realpath(cache).rstrip(os.sep) + os.sep if cache else None

    def allowed(path: object) -> bool:
        if isinstance(path, int):
            return True  # a descriptor: what it stands for was opened before
        try:
            name = os.path.abspath(os.fsdecode(path))  # type: ignore[arg-type]
        except (TypeError, ValueError):
            return False
        if name in whole or name.startswith(beside):
            return True
        real = os.path.realpath(name).rstrip(os.sep) + os.sep
        return folder is not None and (real.startswith(folder) or folder.startswith(real))

    def audit(event: str, values: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = values
            if isinstance(flags, int) and flags & _WRITING and not allowed(path):
                raise LimitError("a file that was not named would be written", _BUG)
        elif event.startswith(_FORBIDDEN):
            raise LimitError(f"an untrusted run tried something forbidden: {event}", _BUG)
        elif event.startswith(_CHANGING) and not all(
            map(allowed, values[: 2 if "rename" in event else 1])
        ):
            raise LimitError("a file that was not named would be changed", _BUG)

    return audit


_BUG = "Please report this and the command that caused it: it is a bug in assay."


def limit() -> None:
    """Bound the memory, time and files of this process."""
    try:
        import resource
    except ImportError:  # pragma: no cover - Windows has no such limits
        return
    size = _size()
    if size:
        _lower(resource.RLIMIT_AS, size + MEMORY)
    _lower(resource.RLIMIT_FSIZE, FILE)
    _lower(resource.RLIMIT_NOFILE, FILES)
    _lower(resource.RLIMIT_CPU, PROCESSOR, reserve=10)
    signal.signal(signal.SIGXCPU, _exhausted)
    signal.signal(signal.SIGALRM, _exhausted)
    # more than once: what takes any error for an answer may have caught the first
    signal.setitimer(signal.ITIMER_REAL, PATIENCE, AGAIN)


def _lower(what: int, most: int, *, reserve: int = 0) -> None:
    import resource

    soft, hard = resource.getrlimit(what)
    hard = most + reserve if hard == resource.RLIM_INFINITY else min(hard, most + reserve)
    if soft == resource.RLIM_INFINITY or soft > most:
        soft = most
    try:
        resource.setrlimit(what, (min(soft, hard), hard))
    except (OSError, ValueError):  # pragma: no cover - a system that has no such limit
        return


def _size() -> int:
    """The bytes of address space that this process takes; 0 if that is unknown."""
    try:
        with open("/proc/self/statm", "rb") as statm:
            pages = int(statm.read().split()[0])
    except (OSError, ValueError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _exhausted(_number: int, _frame: object) -> None:
    raise LimitError(
        "checking these files takes too long",
        "Look for very large files, and for conditions, patterns or templates that repeat a lot.",
    )
