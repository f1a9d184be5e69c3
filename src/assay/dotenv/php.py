"""The dialect `php`: vlucas/phpdotenv 5, as Laravel loads it; its Parser/ and Loader/Resolver.php.

It refuses a file for one bad line, and silently drops the rest of the file after a `="` that is
never closed. References see earlier names only, and one to an unset name stays as it is.
"""

from __future__ import annotations

import re

from assay.dotenv.document import BOM
from assay.dotenv.node import valid
from assay.dotenv.scanning import skip

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.dotenv.document import DotenvError
    from assay.dotenv.reading import TextReading

# What PHP's `trim`, and what `\s` and `ctype_space`, take as white space.
_TRIMMED = " \n\r\t\v\0"
_SPACES = " \t\n\v\f\r"
_ESCAPES = {
    "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", '"': '"', "\\": "\\", "$": "$",
}  # fmt: skip
# `(?=([^\\]"))`: the quotes that no backslash precedes, once pairs of backslashes are gone.
_QUOTE = re.compile(r'(?<=[^\\])"')
_NAME = re.compile(r"[a-zA-Z0-9_.]+")
_REFERENCE = re.compile(r"\$\{([a-zA-Z0-9_.]+)\}")
_OPEN = re.compile(r"\$\{?[a-zA-Z0-9_.]*")
_QUOTED_NAME = 3
_EXPORTED_NAME = 8


def read(reading: TextReading) -> None:
    """Read a text; variables that the process has already keep their values."""
    reading.unify_newlines()
    text = reading.text
    start = buffered = 1 if text.startswith(BOM) else 0
    multiline = False
    for line in text[start:].split("\n"):
        started = '="' in line and not _stops(line, started=True)
        if not multiline:
            buffered = start
        multiline = multiline or started
        end = start + len(line)
        if multiline and _stops(line, started=started):
            multiline = False
        if not multiline and text[buffered:end].strip(_TRIMMED)[:1] not in ("", "#"):
            _entry(reading, buffered, end)
        start = end + 1
    if multiline:
        reason = "a quote is never closed, so the variable and all after it are lost"
        reading.note("unclosed-quote", reason, reading.original(buffered))


def _stops(line: str, *, started: bool) -> bool:
    if line == '"':
        return True
    quotes = _QUOTE.finditer(line.replace("\\\\", ""))
    return sum(1 for _ in quotes) > (1 if started else 0)


def _entry(reading: TextReading, start: int, end: int) -> None:
    text = reading.text
    equals = text.find("=", start, end)
    if equals == -1:
        key, key_start = _name(reading, start, end)
        places = key_start, key_start + len(key), end, end
        reading.add(key, None, places)
        return
    first, last = _trimmed(text, start, equals)
    if first == last:
        raise _refusal(reading, "a line without a name", "expected NAME=value", start)
    key, key_start = _name(reading, first, last)
    exported = key_start > first and text.startswith("export", first)
    start, last = _trimmed(text, equals + 1, end)
    pieces, quote, end = _value(reading, start, last)
    found: list[tuple[str, str]] = []
    value = _resolved(reading, pieces, found, start)
    if reading.source.bad:
        value = valid(value).replace("\ufffd", "?")
    places = key_start, key_start + len(key), start, end
    reading.add(key, value, places, quote, exported=exported, found=found)
    if key in reading.environ:
        reading.values[key] = reading.environ[key]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    start = min(skip(text, start, _TRIMMED), end)
    while end > start and text[end - 1] in _TRIMMED:
        end -= 1
    return start, end


def _name(reading: TextReading, start: int, end: int) -> tuple[str, int]:
    text = reading.text
    exported = text.startswith("export", start, end) and text[start + 6 : start + 7] in _SPACES
    if exported and end - start > _EXPORTED_NAME:  # `export A` is too short for it
        start = skip(text, start + 6, _TRIMMED)
    if end - start >= _QUOTED_NAME and text[start] == text[end - 1] and text[start] in "'\"":
        start, end = start + 1, end - 1
    if _NAME.fullmatch(text, start, end) is None:
        expected = "expected NAME=value with letters, digits, _ and . in the name"
        raise _refusal(reading, "an invalid name", expected, start)
    return text[start:end], start


def _refusal(reading: TextReading, reason: str, expected: str, at: int) -> DotenvError:
    return reading.refusal(reason, expected, reading.original(at))


def _value(reading: TextReading, start: int, last: int) -> tuple[list[str], str, int]:
    """The value's pieces, each but the first begins with a `$` that expands; its quote and end."""
    text = reading.text
    quote = text[start:last][:1]
    if quote == "'":
        close = text.find(quote, start + 1, last)
        pieces, end = [text[start + 1 : close]], close + 1
    elif quote == '"':
        pieces, end = _double_quoted(reading, start, last)
    else:
        end = min(skip(text, start, _SPACES), last)  # a form feed, which `trim` leaves
        while end < last and text[end] != "#" and text[end] not in _SPACES:
            end += 1
        first, *others = text[start:end].split("$")
        pieces, quote = [first, *("$" + other for other in others)], ""
    if quote and not end:
        expected = f"expected a closing {quote}"
        raise _refusal(reading, "a quote is never closed", expected, start)
    rest = skip(text, end, _SPACES)
    if rest < last and text[rest] != "#":
        reason = "text after the closing quote" if quote else "a blank in a value without quotes"
        raise _refusal(reading, reason, "expected quotes around the complete value", start)
    return pieces, quote, end


def _double_quoted(reading: TextReading, start: int, last: int) -> tuple[list[str], int]:
    # The pieces, and the offset after the closing quote, 0 if there is none.
    text, at = reading.text, start + 1
    pieces: list[list[str]] = [[]]
    while at < last and (c := text[at]) != '"':
        if c == "\\":
            at += 1
            c = _ESCAPES.get(text[at:last][:1], "")
            if not c and at < last:
                reason = "an unknown escape sequence between double quotes"
                expected = r"expected \\ for a backslash, or single quotes around the value"
                raise _refusal(reading, reason, expected, start)
        elif c == "$":
            pieces.append([])
        pieces[-1].append(c)
        at += 1
    return ["".join(piece) for piece in pieces], at + 1 if at < last else 0


def _resolved(
    reading: TextReading, pieces: Sequence[str], found: list[tuple[str, str]], place: int
) -> str:
    # From the last reference to the first, so that what one gives may complete one before it.
    made: list[str] = []  # from the right to the left
    for piece in reversed(pieces[1:]):
        whole = piece
        if _OPEN.fullmatch(piece) is not None and made:
            whole = piece + reading.spend("".join(reversed(made)), place)
            made = []
        reference = _REFERENCE.match(whole)
        value = None
        if reference is not None:
            name = reference[1]
            value = reading.environ.get(name, reading.values.get(name))
        if reference is None or value is None:
            made.append(whole)
        else:
            found.append((reference[0], reference[1]))
            made += [whole[reference.end() :], reading.spend(value, place)]
    found.reverse()
    return "".join([pieces[0], *reversed(made)])
