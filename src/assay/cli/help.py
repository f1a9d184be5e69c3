"""Help that fits the terminal: prose is wrapped, examples are not."""

from __future__ import annotations

import argparse
import re
from itertools import groupby
from typing import TYPE_CHECKING

from assay.reporters.display import wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

_COLUMNS = re.compile(r" {2,}")
_INNER = " " * 6


class Help(argparse.RawDescriptionHelpFormatter):
    """Fits descriptions and epilogs, which are written for wider pages, to a terminal."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(f"{indent}{line}".rstrip() for line in _lines(text, width))

    def _split_lines(self, text: str, width: int) -> list[str]:
        return _wrapped(" ".join(text.split()), width)


def _wrapped(text: str, width: int, indent: str = "") -> list[str]:
    return (indent + wrap(text, width, first=len(indent), indent=indent)).split("\n")


def _lines(text: str, width: int) -> Iterator[str]:
    for sort, group in groupby(text.splitlines(), lambda line: line[:1].isspace() or not line):
        lines = list(group)
        if not sort:
            yield from _wrapped(" ".join(lines), width)
        elif max(map(len, lines)) <= width:
            yield from lines
        else:
            for line in lines:
                yield from _below_each_other(line, width)


def _below_each_other(line: str, width: int) -> Iterator[str]:
    """A line of a table that is too wide: what an example does stands below it."""
    first, *rest = _COLUMNS.split(line.strip())
    margin = line[: len(line) - len(line.lstrip())]
    if len(margin) > len(_INNER):  # what an example does, already below it
        margin = _INNER
    yield margin + first
    # exit codes stand beside each other as equals
    inner = margin if first[:1].isdigit() else _INNER
    for cell in rest:
        yield from _wrapped(cell, width, inner)
