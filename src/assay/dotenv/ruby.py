"""The dialect `ruby`: the gem dotenv 3.2, lib/dotenv/parser.rb and lib/dotenv/substitutions/."""

from __future__ import annotations

from assay.dotenv.budget import TOO_MUCH, BudgetExceeded, ExpansionBudget
from assay.dotenv.document import BOM, DotenvEntry, TextReading
from assay.dotenv.export_line import WORD, LinePattern
from assay.dotenv.newlines import newlines_unified

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.dotenv.document import SourceText
    from assay.dotenv.export_line import Match
    from assay.dotenv.newlines import Normalised

_SPACES = " \t\n\v\f\r"
_STRIPPED = _SPACES + "\0"
# `/[A-Z0-9_]/i` folds case beyond ASCII: the long s and the Kelvin sign are letters of a name.
_NAME = WORD + "\u017f\u212a"


def read(source: SourceText, environ: Mapping[str, str]) -> TextReading:
    """Read a text; variables that the process has already keep their values."""
    reading = TextReading(source)
    if source.invalid:
        offset = next(i for i, c in enumerate(source.text) if "\ud800" <= c <= "\udfff")
        reading.refuse("a byte that is not valid UTF-8", "expected a file saved as UTF-8", offset)
        return reading
    text = source.text
    if text.startswith(BOM):
        # the gem opens files with "bom|utf-8"; a line break instead keeps the offsets
        text = "\n" + text[1:]
    normal = newlines_unified(text)
    pattern = LinePattern(
        normal.text, spaces=_SPACES, breaks="\n", key=WORD + ".", quotes="'\"", bare=True
    )
    budget = ExpansionBudget(source.text)
    for match in pattern.matches():
        key = normal.text[match.key_start : match.key_end]
        place = normal.original(match.key_start)
        if match.exported and match.value_start == match.value_end and not _set(key, environ):
            if key not in reading.values:
                reading.refuse(
                    "an exported name has no value",
                    "expected the name to be set in the file: write NAME=value",
                    place,
                )
            continue
        try:
            _add(reading, normal, match, environ, budget)
        except BudgetExceeded:
            reading.refuse(*TOO_MUCH, offset=place)
            break
    return reading


def _set(key: str, environ: Mapping[str, str]) -> bool:
    # a variable that the process has already keeps its value
    return key in environ and key != "DOTENV_LINEBREAK_MODE"


def _add(
    reading: TextReading,
    normal: Normalised,
    match: Match,
    environ: Mapping[str, str],
    budget: ExpansionBudget,
) -> None:
    text, original = normal.text, normal.original
    group = text[match.value_start : match.value_end]
    trimmed = group.strip(_STRIPPED)
    lead = len(group) - len(group.lstrip(_STRIPPED)) if trimmed else 0
    value, quote = trimmed, ""
    if len(trimmed) > 1 and trimmed[0] in "'\"" and trimmed[-1] == trimmed[0]:
        value, quote = trimmed[1:-1], trimmed[0]
    values = reading.values
    found: list[tuple[str, str]] = []
    executes = False
    if quote != "'":
        if "\\" in value:
            if quote:
                value = _newlines_kept(value, legacy=_legacy(values, environ))
            value = _unescaped(value)
        if "$" in value:
            value = _expanded(value, values, environ, found, budget)
            if "$(" in value:
                value, executes = _commands_found(value)
    start = original(match.value_start + lead)
    end = original(match.value_start + lead + len(trimmed) - 1) + 1 if trimmed else start
    key = text[match.key_start : match.key_end]
    reading.entries.append(
        DotenvEntry(
            reading.source, key, value, original(match.key_start),
            original(match.key_end - 1) + 1, start, end, quote, match.exported, found, executes,
        )
    )  # fmt: skip
    values[key] = environ[key] if _set(key, environ) else value


def _legacy(values: Mapping[str, str | None], environ: Mapping[str, str]) -> bool:
    name = "DOTENV_LINEBREAK_MODE"
    return (values[name] if name in values else environ.get(name)) == "legacy"


def _newlines_kept(value: str, *, legacy: bool) -> str:
    if legacy:
        return value.replace("\\n", "\n").replace("\\r", "\r")
    # doubled here so that they come out of unescaping as they were
    return value.replace("\\n", "\\\\n").replace("\\r", "\\\\r")


def _unescaped(value: str) -> str:
    # `gsub(/\\([^$])/, '\1')`
    parts, done = [], 0
    last = len(value) - 1
    at = value.find("\\")
    while -1 < at < last:
        if value[at + 1] == "$":
            at = value.find("\\", at + 1)
            continue
        parts += [value[done:at], value[at + 1]]
        done = at + 2
        at = value.find("\\", done)
    return "".join([*parts, value[done:]])


def _expanded(
    value: str,
    values: Mapping[str, str | None],
    environ: Mapping[str, str],
    found: list[tuple[str, str]],
    budget: ExpansionBudget,
) -> str:
    # `/(\\)?(\$)(?!\()\{?([A-Z0-9_]+)?\}?/i`: the braces need not match.
    parts, done = [], 0
    last = len(value)
    at = value.find("$")
    while at != -1:
        end = at + 1
        if value.startswith("(", end):
            at = value.find("$", end)
            continue
        if value.startswith("{", end):
            end += 1
        start = end
        while end < last and value[end] in _NAME:
            end += 1
        name = value[start:end]
        if value.startswith("}", end):
            end += 1
        if at > done and value[at - 1] == "\\":
            parts += [value[done : at - 1], value[at:end]]
        elif name:
            got = values[name] if name in values else environ.get(name)
            found.append((value[at:end], name))
            parts += [value[done:at], got or ""]
            budget.spend(len(parts[-1]))
        else:
            parts.append(value[done:end])
        done = end
        at = value.find("$", done)
    return "".join([*parts, value[done:]])


def _commands_found(value: str) -> tuple[str, bool]:
    # `$(...)` with balanced, non-empty parentheses is run by the gem unless a backslash precedes
    # it. Here its text stays, a backslash before it goes.
    pairs = _parentheses(value)
    parts, done, executes = [], 0, False
    at = value.find("$(")
    while at != -1:
        close = pairs.get(at + 1, -1)
        if close == -1:
            at = value.find("$(", at + 2)
            continue
        if at > done and value[at - 1] == "\\":
            parts.append(value[done : at - 1])
            done = at
        else:
            executes = True
        parts.append(value[done : close + 1])
        done = close + 1
        at = value.find("$(", done)
    return "".join([*parts, value[done:]]), executes


def _parentheses(value: str) -> dict[int, int]:
    # Each opening parenthesis with its partner, if nothing between them is an empty pair.
    pairs: dict[int, int] = {}
    open_: list[tuple[int, bool]] = []
    for at, c in enumerate(value):
        if c == "(":
            open_.append((at, True))
        elif c == ")" and open_:
            start, good = open_.pop()
            good = good and at > start + 1
            if good:
                pairs[start] = at
            elif open_:
                open_[-1] = (open_[-1][0], False)
    return pairs
