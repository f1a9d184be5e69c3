"""The dialect `node`: npm dotenv 18, its `parse` (dist/index.cjs, not the `fast` option)."""

from __future__ import annotations

from assay.dotenv.document import DotenvEntry, TextReading
from assay.dotenv.export_line import WORD, LinePattern
from assay.dotenv.newlines import newlines_unified

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.dotenv.document import SourceText

# What `\s` and `trim` take in JavaScript, and what `^`, `$` and `.` take as line breaks.
SPACES = (
    "\t\n\v\f\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
BREAKS = "\n\u2028\u2029"
_QUOTES = "'\"`"


def read(source: SourceText, environ: Mapping[str, str]) -> TextReading:  # noqa: ARG001 -- no expansion
    """Read a text; process variables play no part."""
    reading = assignments(source)
    reading.values = object_order({entry.key: entry.value for entry in reading.entries})
    return reading


def assignments(source: SourceText) -> TextReading:
    """Read the entries alone."""
    reading = TextReading(source)
    normal = newlines_unified(source.text)
    text, original = normal.text, normal.original
    pattern = LinePattern(
        text, spaces=SPACES, breaks=BREAKS, key=WORD + ".-", quotes=_QUOTES, bare=False
    )
    for match in pattern.matches():
        group = text[match.value_start : match.value_end]
        trimmed = group.strip(SPACES)
        start = match.value_start + (len(group) - len(group.lstrip(SPACES)) if trimmed else 0)
        value, quote = _value(trimmed)
        key = text[match.key_start : match.key_end]
        if source.invalid:
            value = replaced(value)
        reading.entries.append(
            DotenvEntry(
                source, key, value, original(match.key_start), original(match.key_end - 1) + 1,
                original(start), original(start + len(trimmed) - 1) + 1 if trimmed
                else original(start), quote, match.exported,
            )
        )  # fmt: skip
    return reading


def _value(trimmed: str) -> tuple[str, str]:
    if not trimmed:
        return "", ""
    first = trimmed[0]
    value, quote = trimmed, ""
    if first in _QUOTES or "\u2028" in trimmed or "\u2029" in trimmed:
        if len(trimmed) > 1 and first in _QUOTES and trimmed[-1] == first:
            value, quote = trimmed[1:-1], first
        else:
            value = _unquote_lines(trimmed)
        if first == '"' and "\\" in value:
            value = value.replace("\\n", "\n").replace("\\r", "\r")
    return value, quote


def _unquote_lines(value: str) -> str:
    # `/^(['"`])([\s\S]*)\1$/mg`: with line breaks in an unquoted value (only U+2028 and U+2029
    # get there) the expression finds quotes around some of its lines.
    lines = [0] + [i + 1 for i, c in enumerate(value) if c in BREAKS]
    ends = [i - 1 for i in lines[1:]] + [len(value)]
    closing: dict[str, int] = {}
    for end in ends:
        if end and value[end - 1] in _QUOTES:
            closing[value[end - 1]] = end - 1
    parts, done = [], 0
    for start in lines:
        if start < done or start >= len(value):
            continue
        close = closing.get(value[start], -1)
        if close > start:
            parts += [value[done:start], value[start + 1 : close]]
            done = close + 1
    return "".join([*parts, value[done:]])


def object_order(values: dict[str, str | None]) -> dict[str, str | None]:
    """Order and drop names as a JavaScript object does: array indices first, no `__proto__`."""
    values.pop("__proto__", None)
    indices = [k for k in values if k.isdecimal() and k.isascii() and _is_index(k)]
    if not indices:
        return values
    indices.sort(key=int)
    ordered = {key: values[key] for key in indices}
    ordered.update(values)
    return ordered


def _is_index(key: str) -> bool:
    return len(key) <= 10 and str(int(key)) == key and int(key) < 2**32 - 1


def replaced(text: str) -> str:
    """Turn bytes that are not UTF-8 into U+FFFD, as JavaScript's decoders do."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
