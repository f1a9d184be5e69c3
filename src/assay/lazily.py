"""A property that is made when it is first asked for, without any lock.

`functools.cached_property` of Python 3.11 has one lock for all objects of a class. If a process
forks while another thread holds it, the child waits for it forever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

T = TypeVar("T")


class made_once(Generic[T]):  # noqa: N801 - a decorator
    """Decorate a method without arguments. Two threads may make its value at the same time."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make = make
        self.__doc__ = make.__doc__

    @overload
    def __get__(self, instance: None, owner: type[Any]) -> Self: ...

    @overload
    def __get__(self, instance: object, owner: type[Any]) -> T: ...

    def __get__(self, instance: object | None, owner: type[Any]) -> Self | T:
        if instance is None:
            return self
        made = instance.__dict__[self._make.__name__] = self._make(instance)
        return made
