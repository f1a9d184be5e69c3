"""Reads .env files for the screen: their values, or nothing if the engine has to look."""

import os

from assay.gate import opened
from assay.screen.fast_dotenv import read_plain

LARGEST = 32 * 1024 * 1024
"""Bytes; as for the source `dotenv`."""
LARGEST_ODD = 1024 * 1024
"""Bytes of what takes the full reader, which the engine would have to run again."""


def read_values(
    file: str, dialect: "str | None", inside: "tuple[str, ...]"
) -> "dict[str, str] | None":
    """What the application sees in a file, None if the engine has to look.

    Raises:
        OSError: the file can't be read.

    """
    data = None if dialect is None else _content(file, inside)
    if data is None or dialect is None:
        return None
    values = read_plain(data, dialect)
    if values is not None or len(data) > LARGEST_ODD:
        return values
    return _read_odd(data, dialect)


def _content(file: str, inside: "tuple[str, ...]") -> "bytes | None":
    """What a regular file of a sensible size contains; the engine reads all others.

    A pipe or a device has no size, so what has no size is left to the engine too.
    """
    descriptor = opened(file, inside)
    try:
        size = os.fstat(descriptor).st_size
        data = os.read(descriptor, size + 1) if size <= LARGEST else b""
    finally:
        os.close(descriptor)
    return data if len(data) == size > 0 else None


def _read_odd(data: bytes, dialect: str) -> "dict[str, str] | None":
    """The full reader's values, unless there is something to report about the text."""
    from assay.dotenv import parse
    from assay.dotenv.misreading import misreading

    document = parse(data, dialect)
    if document.errors or document.problems or document.duplicates or document.has_bom:
        return None
    for entry in document.entries:
        if entry.executes or entry.expands or misreading(entry):
            return None
        if dialect == "nuxt" and "$" in entry.raw:  # another file may set what this one lacks
            return None
    values = document.values
    if None in values.values():
        return None
    return values  # type: ignore[return-value]  # no None is left
