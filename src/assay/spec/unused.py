"""Which variables of imported specs a project has no use for."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from assay.suggest import closest

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping


def listed_in(data: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    """The names and patterns that one file lists, with their index; the types refuse others."""
    content = data.get("unused")
    for index, item in enumerate(content if isinstance(content, list) else ()):
        if isinstance(item, str):
            yield index, item


def fitting_in(
    pattern: str, origins: Mapping[str, str], below: Container[str]
) -> tuple[list[str], dict[str, str]]:
    """The imported variables that a pattern names, and what a complaint says if there are none.

    `origins` is the file that declares each variable last, `below` are the files that are imported.
    What the importing spec declares itself has a use.
    """
    imported = [name for name, origin in origins.items() if origin in below]
    fitting = [name for name in imported if fnmatchcase(name, pattern)]
    if pattern in origins:
        said = {"expected": "unused, because the spec declares it", "advice": "declared"}
    else:
        similar = closest(pattern, imported) or ""
        said = {"expected": "a variable of an imported spec", "similar": similar}
    return fitting, {"name": pattern, "advice": "unused", **said}
