"""Runs pieces of work side by side, and leaves alone what takes too long."""

from __future__ import annotations

from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

K = TypeVar("K")
T = TypeVar("T")


def side_by_side(
    work: Mapping[K, Callable[[], T]],
    seconds: Callable[[K], float],
    late: Callable[[T], None] | None = None,
) -> dict[K, T]:
    """What each piece of work returns; nothing for one that takes longer than its seconds.

    `late` is given what such a piece returns in the end, by the thread that made it. What a piece
    raises is raised here, where it is waited for.
    """
    from concurrent.futures import Future

    def run(task: Callable[[], T], future: Future[T]) -> None:
        try:
            made = task()
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            if future.set_running_or_notify_cancel():
                future.set_exception(error)
            return
        # Whoever comes after the deadline finds the future cancelled.
        if future.set_running_or_notify_cancel():
            future.set_result(made)
        elif late is not None:
            late(made)

    started = monotonic()
    running: dict[K, Future[Any]] = {}
    for key, task in work.items():
        running[key] = Future()
        # Daemons: one that never answers must not keep the process from ending.
        Thread(target=run, args=(task, running[key]), daemon=True).start()
    answers: dict[K, T] = {}
    for key, future in running.items():
        left = started + seconds(key) - monotonic()
        try:
            answers[key] = future.result(timeout=max(0.0, left))
        except TimeoutError:
            if future.done() or not future.cancel():  # it came in at this moment, or raised this
                answers[key] = future.result()
    return answers
