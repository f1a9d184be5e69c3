"""Shows the progress of a long run on a terminal, and erases it at the end."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

    from assay.cli.streams import Streams

PATIENCE = 1.0
"""Seconds before the first update; shorter runs show none."""
INTERVAL = 0.2
"""Seconds between two updates."""


class Progress:
    """A line on standard error that is updated during the run and erased at its end."""

    def __init__(self, streams: Streams, doing: str, *, quiet: bool) -> None:
        self._stream = None if quiet or not streams.stderr.isatty() else streams.stderr
        self._doing = doing
        self._started = monotonic()
        self._written = 0

    def __enter__(self) -> Self:
        if self._stream is not None:
            from threading import Event, Thread

            self._over = Event()
            self._thread = Thread(target=self._tell, name="progress", daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._stream is not None:
            self._over.set()
            self._thread.join()
            if self._written:
                self._stream.write(f"\r{'':<{self._written}}\r")
                self._stream.flush()

    def at(self, doing: str) -> None:
        """Change what the run is said to be doing."""
        self._doing = doing

    def _tell(self) -> None:
        wait = PATIENCE
        while not self._over.wait(wait) and self._stream is not None:
            text = f"{self._doing} ({monotonic() - self._started:.0f} s)"
            self._stream.write(f"\r{text:<{self._written}}")
            self._stream.flush()
            self._written = len(text)
            wait = INTERVAL
