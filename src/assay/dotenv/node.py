"""The dialect `node`: npm dotenv 18, its `parse` (dist/index.cjs, not the `fast` option)."""

from __future__ import annotations

from assay.dotenv.export_line import LinePattern, trimmed
from assay.dotenv.scanning import WORD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from assay.dotenv.reading import TextReading

# What `\s` and `trim` take in JavaScript, and what `^`, `$` and `.` take as line breaks.
SPACES = (
    "\t\n\v\f\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
BREAKS = "\n\u2028\u2029"
_QUOTES = "'\"`"


def read(reading: TextReading) -> None:
    """Read a text; process variables play no part."""
    reading.unify_newlines()
    text = reading.text
    pattern = LinePattern(
        text, spaces=SPACES, breaks=BREAKS, key=WORD + ".-", quotes=_QUOTES, bare=False
    )
    for exported, (key_start, key_end, value_start, value_end, _) in pattern.matches():
        start, written = trimmed(text, value_start, value_end, SPACES)
        value, quote = _value(written)
        if reading.source.bad:
            value = valid(value)
        places = key_start, key_end, start, start + len(written)
        key = text[key_start:key_end]
        reading.add(key, value, places, quote, exported=exported)
    reading.values = object_order(reading.values)
    reading.note_dropped(pattern.dropped)


def _value(written: str) -> tuple[str, str]:
    first = written[:1]
    value, quote = written, ""
    if len(written) > 1 and first in _QUOTES and written[-1] == first:
        value, quote = written[1:-1], first
    elif "\u2028" in written or "\u2029" in written:
        value = _unquote_lines(written)
    if first == '"':
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


def valid(text: str) -> str:
    """Turn bytes that are not UTF-8 into U+FFFD, as JavaScript's decoders do."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
