"""The dialect `next`: `@next/env` 16, which bundles dotenv 16.3 and dotenv-expand 10.

Its expansion works from the last `$` to the first, replaces the first place where the reference's
text occurs (which may be another one), and feeds the result through JavaScript's `replace`
patterns. A value that refers to itself overflows the stack there, and the file is not loaded.
"""

from __future__ import annotations

from assay.dotenv.budget import TOO_MUCH, BudgetExceeded, ExpansionBudget
from assay.dotenv.export_line import WORD
from assay.dotenv.node import assignments, object_order

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.dotenv.document import DotenvEntry, SourceText, TextReading

# Each step is a stack frame there; about this many fit in Node's default stack.
_STEPS = 5000
# Characters that all steps together may copy, and what passing an escaped dollar sign counts for.
_COPIED = 64 * 1024 * 1024
_SKIPPED = 32


class _Endless(Exception):  # noqa: N818 -- control flow inside the module
    pass


def read(source: SourceText, environ: Mapping[str, str]) -> TextReading:
    """Read a text; a process variable's value stands in for that of the file."""
    reading = assignments(source)
    values = object_order({entry.key: entry.value for entry in reading.entries})
    winners = {entry.key: entry for entry in reading.entries}
    if environ or "$" in source.text:
        budget = ExpansionBudget(source.text)
        for key in values:
            entry = winners[key]
            try:
                values[key] = entry.value = _expanded(entry, values, environ, budget)
            except _Endless:
                reading.refuse(
                    "the value refers to itself, or to too many others",
                    "expected a reference to a different variable; write \\$ for a dollar sign",
                    entry.value_start,
                )
                break
            except BudgetExceeded:
                reading.refuse(*TOO_MUCH, offset=entry.value_start)
                break
    reading.values = values
    return reading


def _expanded(
    entry: DotenvEntry,
    values: Mapping[str, str | None],
    environ: Mapping[str, str],
    budget: ExpansionBudget,
) -> str:
    value = environ.get(entry.key, entry.value or "")
    if "$" not in value:
        return value
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
            return value.replace("\\$", "$")
        construct, name, default = reference
        found.append((construct, name))
        first = value.find(construct)
        got = environ.get(name) or default or values.get(name) or ""
        before, after = value[:first], value[first + len(construct) :]
        made = _patterns(got, before, construct, after) if "$" in got else got
        budget.spend(len(made))
        copied += len(value)
        if copied > _COPIED:
            raise _Endless
        value = f"{before}{made}{after}"
    raise _Endless


def _reference(value: str, at: int) -> tuple[str, str, str] | None:
    # `\${?([\w]+)(?::-([^}\\]*))?}?`: the braces need not match.
    last = len(value)
    start = at + 2 if value.startswith("{", at + 1) else at + 1
    end = start
    while end < last and value[end] in WORD:
        end += 1
    if end == start:
        return None
    name, default = value[start:end], ""
    if value.startswith(":-", end):
        stop = end + 2
        while stop < last and value[stop] not in "}\\":
            stop += 1
        default, end = value[end + 2 : stop], stop
    if value.startswith("}", end):
        end += 1
    return value[at:end], name, default


def _patterns(made: str, before: str, construct: str, after: str) -> str:
    # JavaScript's replacement patterns; the search text is a string, so there are no groups.
    meanings = {"$": "$", "&": construct, "`": before, "'": after}
    parts, done = [], 0
    at = made.find("$")
    while at != -1:
        meaning = meanings.get(made[at + 1 : at + 2])
        if meaning is None:
            at = made.find("$", at + 1)
            continue
        parts += [made[done:at], meaning]
        done = at + 2
        at = made.find("$", done)
    return "".join([*parts, made[done:]])
