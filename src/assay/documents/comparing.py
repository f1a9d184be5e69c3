"""Shows what would change in a document, and nothing that assay itself did not write.

What stands in a file on a disk may be anybody's: a password that was pasted under a heading, or the
values of a copy that was filled in. Only lines that are made of the spec are shown as they are.
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from assay.documents.filled_in import assignment
from assay.hygiene.naming import shown
from assay.reporters.display import visible

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

HIDDEN = "•" * 8
"""What stands for a text that is not shown, whatever its length."""
_MARK = re.compile(r"\W*assay:(?:begin [a-z0-9-]+|end(?: [a-z0-9-]+)?)\W*$")


def unified(path: str, before: bytes | None, after: bytes, made: Collection[str]) -> Iterator[str]:
    """The lines of a unified diff, in which `made` are the texts that assay made."""
    own = {line for text in made for line in lines_of(text)}
    names = {one.name for one in map(assignment, own) if one is not None}
    diff = difflib.unified_diff(
        lines_of((before or b"").decode("utf-8", "backslashreplace")),
        lines_of(after.decode("utf-8", "backslashreplace")),
        f"a/{path}" if before is not None else "/dev/null",
        f"b/{path}",
        lineterm="",
    )
    for number, line in enumerate(diff):
        text = line[1:]
        if number < 2 or line[0] in "@+" or text in own or not text.strip() or _MARK.match(text):
            yield line
        else:
            yield f"{line[0]}{_hidden(text, names)}"


def _hidden(text: str, names: Collection[str]) -> str:
    """A line of which only the name of a variable is shown, if it is one."""
    found = assignment(text)
    if found is None or (found.name not in names and shown(found.name) != found.name):
        return HIDDEN
    return f"{found.name}={HIDDEN if found.value else ''}"


def lines_of(text: str) -> list[str]:
    """The lines of a text; what can't be seen is written as an escape."""
    if not text:
        return []
    lines = [visible(line).replace("\\t", "\t") for line in text.split("\n")]
    if lines[-1]:
        return [*lines[:-1], f"{lines[-1]}  (no newline at the end)"]
    return lines[:-1]
