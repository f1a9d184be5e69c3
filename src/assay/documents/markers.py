"""The marked parts of a hand-written file: `assay:begin NAME` to `assay:end`, each in a comment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from assay.documents.markdown import blocks
from assay.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MARKDOWN = (".md", ".markdown", ".mdx")
"""Files whose fenced blocks show examples, so that marks in them mark nothing."""
_MARK = re.compile(
    r"^\ufeff?(?P<indent>[ \t]*)(?P<opener><!--|\{/\*|/\*|//+|#+|--|;+)[ \t]*"
    r"assay:(?P<word>begin|end)(?P<rest>[ \t][^\r\n]*?|)[ \t]*(?:-->|\*/\}?)?[ \t]*$"
)
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_HEADING = re.compile(r"^ {0,3}(#{1,6})(?:[ \t]|$)")


class Part(NamedTuple):
    """What stands between two marks."""

    name: str
    line: int
    """The line of its first mark, counted from 1."""
    start: int
    """Where its text begins: after the line of the first mark."""
    end: int
    """Where its text ends: before the line of the second mark."""
    indent: str
    newline: str
    spaced: bool
    """Whether blank lines keep the text apart from the marks, as Markdown needs it."""
    level: int
    """The level of the heading that it stands under; 0 if there is none."""


def parts_of(text: str, file: str) -> list[Part]:
    """The marked parts of a text, in its order.

    Raises:
        OutputError: a mark has no other half, stands inside a part, or is not understood.

    """
    found: list[Part] = []
    opened: Part | None = None
    for line, start, content, level in _lines(text, file):
        mark = _MARK.match(content)
        if mark is None:
            continue
        name = mark["rest"].strip()
        if mark["word"] == "end":
            if opened is None:
                raise OutputError(
                    f"{file}:{line}: assay:end has no assay:begin above it",
                    "Put `assay:begin NAME` where the part begins, or remove this line.",
                )
            if name not in ("", opened.name):
                raise OutputError(
                    f"{file}:{line}: assay:end ends {opened.name}, which begins in line "
                    f"{opened.line}, and not {name}",
                    "Write `assay:end` without a name, or fix the name.",
                )
            found.append(opened._replace(end=start))
            opened = None
            continue
        if opened is not None:
            raise OutputError(
                f"{file}:{line}: assay:begin is inside the part {opened.name}, which begins in "
                f"line {opened.line}",
                "Put `assay:end` before it; parts can't be nested.",
            )
        if not _NAME.fullmatch(name):
            said = f"{name} is not a name" if name else "it names no document"
            raise OutputError(
                f"{file}:{line}: assay:begin is not understood: {said}",
                "Write the document's kind after it, as in `assay:begin environment-reference`.",
            )
        after = start + len(content)
        newline = "\r\n" if text.startswith("\r\n", after) else "\n"
        spaced = mark["opener"] in ("<!--", "{/*")
        begin = min(after + len(newline), len(text))
        opened = Part(name, line, begin, begin, mark["indent"], newline, spaced, level)
    if opened is not None:
        raise OutputError(
            f"{file}:{opened.line}: the part {opened.name} begins here and never ends",
            "Put `assay:end` in its own comment where the part ends.",
        )
    return found


def filled(text: str, file: str, parts: list[Part], make: Callable[[Part], str]) -> str:
    """A text with its parts remade; all else stays as it is.

    Raises:
        OutputError: what was made holds a mark itself, so that it could not be replaced again.

    """
    pieces: list[str] = []
    at = 0
    for part in parts:
        pieces += [text[at : part.start], _body(part, make(part), file)]
        at = part.end
    return "".join([*pieces, text[at:]])


def unmarked(name: str, made: str, file: str) -> str:
    """A text that holds no mark, for it could not be told from those around it.

    Raises:
        OutputError: it holds one.

    """
    for _, _, line, _ in _lines(made, file):
        if _MARK.match(line):
            raise OutputError(
                f"the text of {name} holds a line that marks a part: {line.strip()}",
                "Remove the line from the template or spec that it comes from.",
            )
    return made


def _body(part: Part, made: str, file: str) -> str:
    lines = unmarked(part.name, made, file).strip("\n").split("\n")
    if part.spaced:
        lines = ["", *lines, ""]
    return "".join(f"{part.indent}{line}".rstrip() + part.newline for line in lines)


def _lines(text: str, file: str) -> Iterator[tuple[int, int, str, int]]:
    """Each line with its number, offset, text, and the level of the heading above it."""
    markdown = file.endswith(MARKDOWN)
    start, level = 0, 0
    lines = blocks(text) if markdown else ((raw, False) for raw in text.split("\n"))
    for number, (raw, inside) in enumerate(lines, 1):
        if not inside:
            content = raw.removesuffix("\r")
            heading = _HEADING.match(content) if markdown else None
            level = len(heading[1]) if heading else level
            yield number, start, content, level
        start += len(raw) + 1
