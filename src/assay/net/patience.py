"""Work in a thread of its own, which is left alone if it takes too long.

Drivers, name services and key derivations ask no clock of ours: only who waits for them can stop
waiting.
"""

from __future__ import annotations

from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

T = TypeVar("T")

_GLANCE = 0.2
"""Seconds. A signal that arrives just before a thread begins to wait for a lock is noticed only
when that wait ends: no wait is longer than this, so Ctrl-C is never lost."""


class Late(Exception):  # noqa: N818 - an answer of the world, not an error of ours
    """Work did not end in time."""


class Deadline:
    """A point in time that several steps share."""

    def __init__(
        self, left: float, *, of: float = 0.0, clock: Callable[[], float] = monotonic
    ) -> None:
        """End in `left` seconds; messages speak of `of`, or of the same."""
        self.seconds: float = of or left
        """The whole limit, for messages."""
        self._clock = clock
        self._end = clock() + left

    @property
    def left(self) -> float:
        """Seconds that are left; never 0, which sockets take for no waiting at all."""
        return max(0.001, self._end - self._clock())

    @property
    def over(self) -> bool:
        """Whether no time is left."""
        return self._clock() >= self._end

    def share(self, count: int) -> Deadline:
        """The first of `count` equal parts of what is left."""
        return Deadline(self.left / count, of=self.seconds, clock=self._clock)


def started(work: Callable[[], T], late: Callable[[T], None] | None = None) -> Future[T]:
    """Begin a piece of work, whose result or exception the future will hold.

    If the future is cancelled meanwhile, `late` is given the result by the thread that made it.
    """
    from concurrent.futures import Future

    future: Future[T] = Future()

    def run() -> None:
        try:
            made = work()
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            if future.set_running_or_notify_cancel():
                future.set_exception(error)
            return
        if future.set_running_or_notify_cancel():
            future.set_result(made)
        elif late is not None:
            late(made)

    # A daemon: what never ends must not keep the process from ending.
    Thread(target=run, daemon=True).start()
    return future


def awaited(
    future: Future[Any],
    seconds: float,
    cut: Callable[[], None] | None = None,
    grace: float = 0.0,
) -> Any:
    """The result of work that was started.

    After its time `cut` is called, which lets it end within a `grace`.

    Raises:
        Late: it took longer, and is left alone now.

    """
    from concurrent.futures import wait

    for limit, ending in ((seconds, cut), (grace, None)):
        end = monotonic() + limit
        while not future.done() and (left := end - monotonic()) > 0:
            wait([future], timeout=min(left, _GLANCE))
        if ending is not None and not future.done():
            ending()
    if future.done() or not future.cancel():  # it came in at this moment
        return future.result()
    raise Late


def in_time(
    work: Callable[[], T],
    seconds: float,
    late: Callable[[T], None] | None = None,
    cut: Callable[[], None] | None = None,
    grace: float = 0.0,
) -> T:
    """What `work` returns; see `started` and `awaited`."""
    result: T = awaited(started(work, late), seconds, cut, grace)
    return result
