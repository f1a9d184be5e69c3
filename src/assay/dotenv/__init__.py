"""Read .env texts exactly as the loaders of eight ecosystems do, losing nothing of the text.

`loads` gives what an application would see, `parse` the entries with their places, `differences`
what other loaders make of the same text, and `quote` a spelling that reads back as a given value.
Nothing in a text is ever executed.
"""

from __future__ import annotations

from assay.dotenv.document import Document, DotenvEntry, Problem, Values
from assay.dotenv.error import DotenvError
from assay.dotenv.parsing import DIALECTS, parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assay.dotenv.portability import Difference

__all__ = [
    "DIALECTS",
    "Document",
    "DotenvEntry",
    "DotenvError",
    "Problem",
    "Values",
    "differences",
    "loads",
    "parse",
    "quote",
]


def loads(
    text: str | bytes, dialect: str = "node", *, environ: Mapping[str, str] | None = None
) -> Values:
    """Return what an application sees that loads this text with this dialect's loader.

    `environ` holds the process variables that expansion may read; none by default. The result is a
    dict in the loader's own order, with the lossless document as its attribute `document`.

    Raises:
        DotenvError: the loader refuses the text, or the dialect is unknown.

    """
    document = parse(text, dialect, environ=environ)
    if document.errors:
        raise document.errors[0]
    values = Values(document.values)
    values.document = document
    return values


def differences(text: str | bytes, dialect: str, others: Sequence[str]) -> tuple[Difference, ...]:
    """Return the names whose value another dialect reads differently, with the cause.

    Raises:
        DotenvError: a dialect is not known.

    """
    from assay.dotenv.portability import compared

    return compared(text, dialect, others)


def quote(value: str, dialect: str = "node") -> str:
    """Return a spelling, to stand after `NAME=`, that the dialect reads back as exactly `value`.

    Raises:
        DotenvError: the dialect has no spelling of this value, or is not known.

    """
    from assay.dotenv.quoting import spelled

    return spelled(value, dialect)
