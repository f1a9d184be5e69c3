"""How long an opener may work on explanations, so that garbage can't keep an application busy."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MINUTE = 60.0


class ExplainingBudget:
    """Seconds of work that may be done in a minute: a token bucket.

    It has no lock, because a process that is forked while a thread holds one would wait for ever.
    Two threads that pay at once may lose a payment, and the next minute makes up for it.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = monotonic) -> None:
        """`clock` gives seconds that never go back."""
        self._size = seconds
        self._left = seconds
        self._clock = clock
        self._filled = clock()
        self._usual = 0.0

    def reserve(self) -> float | None:
        """Seconds set aside for one piece of work; None if there aren't any left."""
        now = self._clock()
        refill = (now - self._filled) * self._size / MINUTE
        self._filled = now
        self._left = min(self._size, self._left + refill)
        if self._left <= 0:
            return None
        self._left -= self._usual
        return self._usual

    def pay(self, reserved: float, spent: float) -> None:
        """Settle what a piece of work took."""
        self._left += reserved - spent
        self._usual = spent
