"""Runs pieces of work side by side, and leaves alone what takes too long."""

from __future__ import annotations

from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from assay.net.patience import Late, awaited, started

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
    raises is raised here, if it is waited for.
    """
    begun = monotonic()
    running = {key: started(task, late) for key, task in work.items()}
    answers: dict[K, T] = {}
    for key, future in running.items():
        with suppress(Late):
            answers[key] = awaited(future, begun + seconds(key) - monotonic())
    return answers
