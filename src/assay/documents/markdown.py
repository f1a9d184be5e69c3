"""Text as Markdown shows it: nothing in it is taken for markup, but code between backticks.

The dialect is CommonMark 0.31 with the tables and links of GitHub.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from assay.reporters.base import sentence as stopped
from assay.reporters.display import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MARK = re.compile(r"assay:(?=begin|end)")
_CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_URL = re.compile(r"https?://[^\s<>`|\\\"'\[\]*]+[^\s<>`|\\\"'\[\]*.,;:!?)]")
_SPECIAL = re.compile(r"\\(?=[!-/:-@\[-`{-~]|$)|[`*\[\]<~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
"""What is markup somewhere; a backslash only before punctuation, `_` only at the edge of a word."""
_FENCE = re.compile(r"^ {0,3}(`{3,}(?=[^`]*$)|~{3,})([^\r\n]*)$")
_OPENING = re.compile(r"^(?:([>#+=-])|(\d{1,9})([.)])(?=\s|$))")


def line(text: str) -> str:
    """A text on one line, with what can't be seen written as an escape; it marks no part."""
    return visible(_MARK.sub("assay: ", " ".join(text.split())))


def prose(text: str) -> str:
    """A text as Markdown: one line, escaped, its `code` and its addresses kept."""
    pieces = _pieces(_CODE, line(text), _addresses, "{}")
    return _OPENING.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", "".join(pieces))


def _addresses(text: str) -> str:
    return "".join(_pieces(_URL, text, partial(_SPECIAL.sub, r"\\\g<0>"), "<{}>"))


def _pieces(
    pattern: re.Pattern[str], text: str, outside: Callable[[str], str], inside: str
) -> Iterator[str]:
    """A text cut where a pattern matches, what stands outside of it changed."""
    at = 0
    for match in pattern.finditer(text):
        yield outside(text[at : match.start()])
        yield inside.format(match[0])
        at = match.end()
    yield outside(text[at:])


def code(text: str, longest: int = 0) -> str:
    """Inline code on one line; cut where it is longer than `longest`, if that is given."""
    shown = visible(text)
    if longest and len(shown) > longest:
        shown = shown[: longest * 3 // 5] + "..."
    if not shown.strip():
        return "` `"
    runs = [len(run) for run in re.findall(r"`+", shown)]
    fence = "`" * next(n for n in range(1, len(runs) + 2) if n not in runs)
    space = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{fence}{space}{shown}{space}{fence}"


def cell(text: str) -> str:
    """Markdown that stands in a table: a bar would end the cell, even within code."""
    return re.sub(r"(?<!\\)(\\*)\|", lambda match: f"{match[1] * 2}\\|", text)


def fenced(text: str, language: str = "text") -> str:
    """A block of code, fenced so that nothing in it can end it."""
    lines = [visible(part).replace("\\t", "\t") for part in text.strip("\n").split("\n")]
    runs = [len(run) for run in re.findall(r"`{3,}", text)]
    fence = "`" * max([3, *(run + 1 for run in runs)])
    return "\n".join([f"{fence}{language}", *lines, fence])


def tidy(text: str) -> str:
    """Markdown without spaces at newlines, and with one blank line if there are more."""
    lines: list[str] = []
    for raw, inside in blocks(text):
        kept = raw if inside else raw.rstrip()
        if inside or kept or (lines and lines[-1]):
            lines.append(kept)
    return "\n".join(lines).strip("\n") + "\n"


def blocks(text: str) -> Iterator[tuple[str, bool]]:
    """Each line of Markdown, and whether it stands in a fenced block or ends one."""
    fence = ""
    for raw in text.split("\n"):
        yield raw, bool(fence)
        marks = _FENCE.match(raw.removesuffix("\r"))
        if not fence:
            fence = marks[1] if marks else ""
        elif marks and marks[1].startswith(fence) and not marks[2].strip():
            fence = ""


def sentence(text: str) -> str:
    """A text that begins with a capital and ends with a stop."""
    whole = stopped(text)
    return whole[:1].upper() + whole[1:]


def anchor(heading: str) -> str:
    """What a code host links to a heading by."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


FILTERS: dict[str, Callable[..., str]] = {
    "anchor": anchor,
    "cell": cell,
    "code": code,
    "fenced": fenced,
    "line": line,
    "prose": prose,
    "sentence": sentence,
    "stopped": stopped,
}
"""What templates of Markdown use."""
