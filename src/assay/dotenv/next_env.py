"""The dialect `next`: `@next/env` 16, which bundles dotenv 16.3 and dotenv-expand 10.

Its expansion works from the last `$` to the first, replaces the first place where the reference's
text occurs (which may be another one), and feeds the result through JavaScript's `replace`
patterns. A value that refers to itself overflows the stack there, and the file is not loaded.
"""

from __future__ import annotations

from assay.dotenv import node
from assay.dotenv.document import DotenvError
from assay.dotenv.scanning import WORD, find_or_end, skip, unescaped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from assay.dotenv.document import DotenvEntry
    from assay.dotenv.reading import TextReading

# Each step is a stack frame there; about this many fit in Node's default stack.
_STEPS = 5000
# Characters that all steps together may copy, and what passing an escaped dollar sign counts for.
_COPIED = 64 * 1024 * 1024
_SKIPPED = 32


def read(reading: TextReading) -> None:
    """Read a text; a process variable's value stands in for that of the file."""
    node.read(reading)
    if not reading.environ and "$" not in reading.text:
        return
    winners = {entry.key: entry for entry in reading.entries}
    for key in reading.values:
        reading.values[key] = _expanded(winners[key], reading)


def _expanded(entry: DotenvEntry, reading: TextReading) -> str:
    value, environ = reading.environ.get(entry.key, entry.value or ""), reading.environ
    found: list[tuple[str, str]] = []
    copied = 0
    for _ in range(_STEPS):
        at = value.rfind("$")
        while at > 0 and value[at - 1] == "\\":
            at = value.rfind("$", 0, at)
            copied += _SKIPPED
        reference = _reference(value, at) if at != -1 else None
        if reference is None:
            entry.expands = tuple([construct for construct, _ in reversed(found)])
            entry.references = tuple([name for _, name in reversed(found)])
            entry.value = value.replace("\\$", "$")
            return entry.value
        construct, name, default = reference
        found.append((construct, name))
        first = value.find(construct)
        got = environ.get(name) or default or reading.values.get(name) or ""
        before, after = value[:first], value[first + len(construct) :]
        # JavaScript's replacement patterns; the search text is a string, so there are no groups
        got = unescaped(got, "$", {"$": "$", "&": construct, "`": before, "'": after})
        made = reading.spend(got, entry.value_start)
        copied += len(value)
        if copied > _COPIED:
            break
        value = f"{before}{made}{after}"
    raise DotenvError(
        "the value refers to itself, or to too many others",
        "expected a reference to a different variable; write \\$ for a dollar sign",
        *entry.value_position,
    )


def _reference(value: str, at: int) -> tuple[str, str, str] | None:
    # `\${?([\w]+)(?::-([^}\\]*))?}?`: the braces need not match.
    start = at + 2 if value.startswith("{", at + 1) else at + 1
    end = skip(value, start, WORD)
    if end == start:
        return None
    name, default = value[start:end], ""
    if value.startswith(":-", end):
        stop = find_or_end(value, "}", end, find_or_end(value, "\\", end))
        default, end = value[end + 2 : stop], stop
    if value.startswith("}", end):
        end += 1
    return value[at:end], name, default
