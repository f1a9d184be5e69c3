"""Pieces of Markdown for the reports in it; for GitHub and GitLab alike."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assay.reporters.base import FIELDS
from assay.reporters.display import quoted, visible
from assay.words import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from assay.judging import Counts
    from assay.model import Finding

LIMIT = 200
"""Rows of one table, and items of one list."""

HEADS = ("Errors", "Warnings", "Infos", "Passed", "Skipped", "Unknown", "Waived")

# Code hosts look for mentions after rendering, when an entity is its character again: only what
# stands between the sign and the name keeps people from being called.
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;&#8203;"}
_SPECIAL = str.maketrans({**{char: f"\\{char}" for char in "\\`*_[]|~#"}, **_ENTITIES})
_BLOCK = re.compile(r"^(\s*)(\d*)([-+=.)])")
"""What would begin a list, a rule or a heading at the start of a line."""
_TICKS = re.compile("`+")
_LONGEST = 500


def cell(text: str) -> str:
    """`text` as it is, in Markdown: on one line, without markup, hidden links or mentions."""
    return _BLOCK.sub(r"\1\2\\\3", escaped(_short(text)))


def prose(text: str) -> str:
    """The same with what stands between backticks as code; not for the cells of a table."""
    text = _short(text)
    parts = quoted(text)
    if "" in parts[1:-1]:  # two backticks side by side, which Markdown reads in a different way
        return cell(text)
    written = [code(part) if odd % 2 else escaped(part) for odd, part in enumerate(parts)]
    return _BLOCK.sub(r"\1\2\\\3", "".join(written))


def code(text: str) -> str:
    """`text` as code, where nothing means anything but more backticks than it holds."""
    text = _short(text)
    fence = "`" * (max(map(len, _TICKS.findall(text)), default=0) + 1)
    space = " " if text.startswith(("`", " ")) or text.endswith(("`", " ")) else ""
    return f"{fence}{space}{text}{space}{fence}" if text.strip() else cell(text)


def _short(text: str) -> str:
    text = visible(text)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "\u2026"


def escaped(text: str) -> str:
    """`text` with what Markdown or HTML would act on, so that they don't."""
    return text.translate(_SPECIAL)


def numbers(counts: Counts) -> tuple[str, ...]:
    """The cells below `HEADS`."""
    return tuple(str(getattr(counts, name)) for name in FIELDS)


def table(
    heads: Sequence[str], rows: Iterable[Sequence[str]], *, more: int = 0, align: Sequence[str] = ()
) -> str:
    """A table; with a line that says how many rows are left out."""
    lines = [heads, align or ["---"] * len(heads), *rows]
    text = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    return f"{text}\n\n{plural(more, 'failure')} more, not shown here" if more > 0 else text


def folded(title: str, findings: Sequence[Finding], say: Callable[[Finding], str]) -> Iterable[str]:
    """A collapsed list of the findings that ask for no action at once; nothing if none do."""
    if not findings:
        return
    lines = [f"- {cell(say(finding) or finding.subject).strip()}" for finding in findings[:LIMIT]]
    if len(findings) > LIMIT:
        lines.append(f"- and {len(findings) - LIMIT} more")
    items = "\n".join(lines)
    yield f"<details><summary>{len(findings)} {title}</summary>\n\n{items}\n\n</details>"


def within(size: int, parts: Iterable[str]) -> str:
    """The parts as one page of at most `size` bytes; what has no room is left out, and said so."""
    kept: list[str] = []
    for part in parts:
        size -= len(part.encode()) + 2
        if size < 0:
            kept.append("The rest does not fit here.")
            break
        kept.append(part)
    return "\n\n".join(kept) + "\n"
