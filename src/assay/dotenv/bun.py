"""The dialect `bun`: Bun 1.4's own reader, found out by what it makes of texts.

White space runs over newlines, what follows a closing quote is dropped, and no quotes protect a
`$`. A reference to an earlier name gives its expanded value, one to a later name the raw value.
"""

from __future__ import annotations

from assay.dotenv.document import BOM
from assay.dotenv.node import valid
from assay.dotenv.reading import DEPTH
from assay.dotenv.scanning import WORD, closing_quote, replaced, skip

TYPE_CHECKING = False
if TYPE_CHECKING:
    from assay.dotenv.document import DotenvEntry
    from assay.dotenv.reading import TextReading

_SPACES = "\t\v\f \n\r"
_KEY = WORD + "-."
_QUOTES = "`\"'"


def read(reading: TextReading) -> None:
    """Read a text; process variables keep their values, and references see them first."""
    _Parser(reading).read()
    values, environ = reading.values, reading.environ
    winners = {entry.key: entry for entry in reading.entries}
    for key, entry in winners.items():
        values[key] = environ.get(key, entry.value or "")
    for key, entry in winners.items():
        if key not in environ:
            entry.value = values[key] = _Expansion(entry, reading).expanded()


class _Parser:
    __slots__ = ("_at", "_reading", "_text")

    def __init__(self, reading: TextReading) -> None:
        self._reading = reading
        self._text = reading.text
        self._at = 1 if reading.text.startswith(BOM) else 0

    def read(self) -> None:
        text, reading = self._text, self._reading
        while self._at < len(text):
            start = skip(text, self._at, _SPACES)
            named = self._key(start, whole=True)
            if named is None:
                if start < len(text) and text[start] != "#":
                    reading.note_dropped([start])
                self._at = _line_end(text, start) + 1
                continue
            key_start, key_end, value_at = named
            value, quote, places = self._value(value_at)
            key = text[key_start:key_end]
            if reading.source.bad:
                value = valid(value)
            exported = text.startswith("export", start) and key_start > start
            reading.add(key, value, (key_start, key_end, *places), quote, exported=exported)

    def _key(self, start: int, *, whole: bool) -> tuple[int, int, int] | None:
        # Start and end of the name, and where its value may start.
        text = self._text
        end = skip(text, start, _KEY)
        at = skip(text, end, _SPACES)
        if start == end or at == len(text):
            return None
        if whole and end < at and text[start:end] == "export":
            inner = self._key(at, whole=False)
            if inner is not None:
                return inner
        if text[at] == "=":
            return start, end, at + 1
        if text[at] == ":" and text[at + 1 : at + 2] in tuple(_SPACES):
            return start, end, at + 2
        return None

    def _value(self, start: int) -> tuple[str, str, tuple[int, int]]:
        text = self._text
        opening = skip(text, start, _SPACES)
        if opening == len(text):
            self._at = opening
            return "", "", (start, start)
        if text[opening] in _QUOTES:
            close = closing_quote(text, opening)
            if close != -1:
                quote = text[opening]
                self._at = _line_end(text, close)
                self._reading.note_rest(close + 1, self._at)
                return _unescaped(text[opening + 1 : close], quote), quote, (opening, close + 1)
        end = start
        while end < len(text) and text[end] not in "#\r\n":
            end += 1
        self._at = end
        bare = text[start:end].strip(_SPACES)
        first = min(opening, end) if bare else start
        return bare, "", (first, first + len(bare))


def _line_end(text: str, at: int) -> int:
    while at < len(text) and text[at] not in "\n\r":
        at += 1
    return at


def _unescaped(value: str, quote: str) -> str:
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    if quote != '"' or "\\" not in value:
        return value
    parts, at = [], 0
    while at < len(value):
        pair = value[at : at + 2]
        if value[at] == "\\":
            parts.append({"\\n": "\n", "\\r": "\r"}.get(pair, pair))
            at += 2
        else:
            parts.append(value[at])
            at += 1
    return "".join(parts)


class _Expansion:
    __slots__ = ("_entry", "_found", "_reading", "_text")

    def __init__(self, entry: DotenvEntry, reading: TextReading) -> None:
        self._entry = entry
        self._reading = reading
        self._text = entry.value or ""
        self._found: list[tuple[str, str]] = []

    def expanded(self) -> str:
        if "$" not in self._text:
            return self._text
        made = self._part(0, len(self._text), 0)
        self._entry.expands = tuple([construct for construct, _ in self._found])
        self._entry.references = tuple([name for _, name in self._found if name])
        return made

    def _part(self, start: int, stop: int, depth: int) -> str:
        text = self._text
        if depth > DEPTH:
            raise self._reading.too_much(self._entry)

        def looked_up(at: int, done: int) -> tuple[int, int, str] | None:
            if at > done and text[at - 1] == "\\":
                return at - 1, at + 1, "$"
            braced = text.startswith("{", at + 1, stop)
            end = skip(text[:stop], at + 1 + braced, WORD)
            name = text[at + 1 + braced : end]
            if not braced:
                return (at, end, self._value(at, end, name, "")) if name else None
            close = _closing_brace(text, end, stop)
            if close == end:
                return at, end + 1, self._value(at, end + 1, name, "")
            if close != -1 and text.startswith(":-", end, stop):
                default = self._part(end + 2, close, depth + 1)
                return at, close + 1, self._value(at, close + 1, name, default)
            kept = stop if close == -1 else close + 1
            return at, kept, text[at:kept]

        return replaced(text, "$", looked_up, start, stop)

    def _value(self, start: int, end: int, name: str, default: str) -> str:
        reading = self._reading
        self._found.append((self._text[start:end], name))
        got = reading.environ.get(name, reading.values.get(name))
        return reading.spend(default if got is None else got, self._entry)


def _closing_brace(text: str, at: int, stop: int) -> int:
    # The `}` that closes a reference, past those of references within; -1 if there is none.
    depth = 0
    while at < stop:
        if text[at] == "\\":
            at += 1
        elif text.startswith("${", at, stop):
            depth += 1
            at += 1
        elif text[at] == "}":
            if not depth:
                return at
            depth -= 1
        at += 1
    return -1
