"""Keeps values that hold secrets from showing them to whoever prints, logs or copies them."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, NoReturn, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REDACTED = "[redacted]"
BULLETS = "\u2022" * 6
"""What stands for every secret; the number says nothing about the secret's length."""
T = TypeVar("T")


def redacted(*shown: str) -> Callable[[type[T]], type[T]]:
    """Decorate a class that holds secrets: its repr shows only the attributes that are named.

    Consoles and trackers of errors that draw the variables of a frame ask `__rich_repr__` first, to
    which msgspec answers with every field; here it shows the same. Nothing is pickled.
    """

    def decorated(kind: type[T]) -> type[T]:
        name = kind.__name__

        def told(self: object) -> Iterator[str]:
            return (str(attrgetter(path)(self)) for path in shown)

        def __repr__(self: object) -> str:  # noqa: N807 - they become methods
            return f"{name}({', '.join(told(self)) or REDACTED})"

        def __rich_repr__(self: object) -> Iterator[str]:  # noqa: N807
            yield from told(self)

        def __reduce__(self: object) -> NoReturn:  # noqa: N807
            del self
            raise TypeError(f"{name} is never pickled or copied out of its process")

        for method in (__repr__, __rich_repr__, __reduce__):
            setattr(kind, method.__name__, method)
        return kind

    return decorated
