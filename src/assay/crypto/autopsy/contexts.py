"""What a ciphertext may be bound to: the additional data that programs choose."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

NOTHING = "nothing"
_JOINS = (":", "|", "/", "-", "")


class SealingContext(NamedTuple):
    """Additional authenticated data that a row may have been sealed with."""

    words: str
    """To follow "sealed with"; empty for what the spec declares."""
    make: Callable[[bytes, Sequence[str]], bytes | None]
    """It, from what is declared for the row and from the row's identity."""


DECLARED = SealingContext("", lambda declared, _: declared)


def contexts(columns: Sequence[str], identity: Sequence[str]) -> Iterator[SealingContext]:
    """Other data than the declared, the likeliest first."""
    yield SealingContext(NOTHING, lambda declared, _: b"" if declared else None)
    for at in range(len(identity)):
        name = columns[at] if at < len(columns) else "a value that names the row"
        yield SealingContext(name, lambda _, held, at=at: _value(held, at))  # type: ignore[misc]  # mypy does not infer lambdas with defaults
    if len(identity) > 1:
        for join in _JOINS:
            words = f"what names the row, joined with {join}" if join else "what names the row"
            yield SealingContext(words, lambda _, held, join=join: join.join(held).encode())  # type: ignore[misc]  # as above


def _value(identity: Sequence[str], at: int) -> bytes | None:
    return identity[at].encode(errors="surrogatepass") if at < len(identity) else None
