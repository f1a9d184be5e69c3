"""The dialect `dotenv-expand`: npm dotenv with dotenv-expand 12, whose `lib/main.js` this follows.

It expands what dotenv has unquoted, so no quotes protect a `$`. What a reference gives is looked
through again, and replaces the first place where the reference's text occurs, through JavaScript's
`replace` patterns. dotenv has put the file's values into the process by then, so that references
look ahead as well.
"""

from __future__ import annotations

import re

from assay.dotenv import node
from assay.dotenv.scanning import unescaped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.dotenv.document import DotenvEntry
    from assay.dotenv.reading import TextReading

REFERENCE = re.compile(r"(?<!\\)\$\{([^{}]+)\}|(?<!\\)\$([A-Za-z_][A-Za-z0-9_]*)")
OPERATOR = re.compile(r":\+|\+|:-|-")
COPIED = 16 * 1024 * 1024
"""Characters that all steps for one value together may look at."""
STEP = 2048
"""What a step counts for at least: values that refer to each other go on without an end there."""
ENDLESS = (
    "the value refers to itself, or to too many others",
    "expected a reference to a different variable; write \\$ for a dollar sign",
)


def take_in(reading: TextReading) -> None:
    """Read a text as dotenv does, before anything is expanded."""
    node.read(reading)


def read(reading: TextReading) -> None:
    """Read a text; process variables stand before the file's values, and are not expanded."""
    take_in(reading)
    resolve(reading)


def resolve(reading: TextReading) -> None:
    """Expand what was read."""
    expand(reading, {**texts(reading), **reading.environ}, {})


def texts(reading: TextReading) -> dict[str, str]:
    """The values that were read, before any is expanded."""
    return {name: value or "" for name, value in reading.values.items()}


def expand(reading: TextReading, process: Mapping[str, str], known: dict[str, str]) -> None:
    """Expand what was read; references look in `process`, then in `known`, which takes it all."""
    if not reading.environ and "$" not in reading.text:
        return
    winners = {entry.key: entry for entry in reading.entries}
    for key in reading.values:
        entry, given = winners[key], reading.environ.get(key)
        if given and given != entry.value:
            value = given
        else:
            value = _Expansion(entry, reading).expanded(known, process)
        entry.value = reading.values[key] = known[key] = value.replace("\\$", "$")


class _Expansion:
    __slots__ = ("_entry", "_found", "_left", "_reading")

    def __init__(self, entry: DotenvEntry, reading: TextReading) -> None:
        self._entry = entry
        self._reading = reading
        self._found: list[tuple[str, str]] = []
        self._left = COPIED

    def expanded(self, known: Mapping[str, str], process: Mapping[str, str]) -> str:
        result = self._entry.value or ""
        seen: set[str] = set()
        while (match := REFERENCE.search(result)) is not None:
            self._left -= len(result) + STEP
            if self._left < 0:
                raise self._entry.refusal(*ENDLESS)
            seen.add(result)
            key, operator, other = _parts(match[1] or match[2])
            value = process.get(key, known.get(key, ""))
            if operator.endswith("+"):
                value, other = "", other if value else ""
            made = other if not value or value in seen else value
            self._found.append((match[0], key))
            result = self._replaced(result, match[0], made)
            if result == known.get(key):
                break
        entry = self._entry
        entry.expands = tuple([construct for construct, _ in self._found])
        entry.references = tuple([name for _, name in self._found])
        return result

    def _replaced(self, text: str, construct: str, made: str) -> str:
        at = text.find(construct)
        before, after = text[:at], text[at + len(construct) :]
        patterns = {"$": "$", "&": construct, "`": before, "'": after}
        made = self._reading.spend(unescaped(made, "$", patterns), self._entry)
        return f"{before}{made}{after}"


def _parts(expression: str) -> tuple[str, str, str]:
    """The name, the operator, and what stands after that."""
    found = OPERATOR.search(expression)
    # without one, JavaScript splits at the word for null
    operator = found[0] if found else "null"
    name, _, other = expression.partition(operator)
    return name, operator if found else "", other
