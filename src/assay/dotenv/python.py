"""The dialect `python`: python-dotenv 1.2 `dotenv_values`, its parser.py and variables.py."""

from __future__ import annotations

from assay.dotenv.document import BOM
from assay.dotenv.scanning import closing_quote, find_or_end, replaced, unescaped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from assay.dotenv.reading import TextReading

_SINGLE_ESCAPES = {"\\": "\\", "'": "'"}
_ESCAPES = {
    **_SINGLE_ESCAPES, '"': '"', "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t",
    "v": "\v",
}  # fmt: skip
_NEWLINES = "\r\n"


def read(reading: TextReading) -> None:
    """Read a text; the values of the file go before process variables in expansion."""
    reading.require_utf8(len(reading.text))
    _Parser(reading).read()


class _Stop(Exception):  # noqa: N818 -- python-dotenv's own control flow: the line is dropped
    pass


class _Parser:
    __slots__ = ("_at", "_reading", "_text")

    def __init__(self, reading: TextReading) -> None:
        self._reading = reading
        self._text = reading.text
        self._at = 1 if reading.text.startswith(BOM) else 0

    def read(self) -> None:
        while self._at < len(self._text):
            try:
                self._binding()
            except _Stop:
                self._reading.note_dropped([self._at])
                self._at = _line_end(self._text, self._at) + 1

    def _binding(self) -> None:
        text = self._text
        self._at = at = _skip(text, self._at)
        if at == len(text):
            return
        after = _skip(text, at + 6, _NEWLINES) if text.startswith("export", at) else at
        exported = after > at + 6
        if exported:
            self._at = after
        if text.startswith("#", self._at):
            self._end_of_line()
            return
        key_start, key = self._key()
        key_end = key_start + len(key)
        value, quote, start, end = None, "", key_end, key_end
        self._at = at = _skip(text, self._at, _NEWLINES)
        if text.startswith("=", at):
            self._at = start = _skip(text, at + 1, _NEWLINES)
            if start > at + 1 and text.startswith("#", start):
                value, end = "", start
            else:
                value, quote, end = self._value(start)
        self._end_of_line()
        found: list[tuple[str, str]] = []
        if value is not None and "${" in value:
            value = self._expanded(value, found)
        places = key_start, key_end, start, end
        reading = self._reading
        reading.add(key, value, places, quote, exported=exported, found=found)

    def _key(self) -> tuple[int, str]:
        text, at = self._text, self._at
        if text.startswith("'", at):
            close = text.find("'", at + 1)
            if close <= at + 1:
                raise _Stop
            self._at = close + 1
            return at + 1, text[at + 1 : close]
        end = at
        while end < len(text) and text[end] not in "=#" and not text[end].isspace():
            end += 1
        if end == at:
            raise _Stop
        self._at = end
        return at, text[at:end]

    def _value(self, at: int) -> tuple[str, str, int]:
        text = self._text
        first = text[at : at + 1]
        if first and first in "'\"":
            close = closing_quote(text, at)
            if close == -1:
                raise _Stop
            self._at = close + 1
            value = text[at + 1 : close]
            if "\\" in value:
                value = unescaped(value, "\\", _ESCAPES if first == '"' else _SINGLE_ESCAPES)
            return value, first, close + 1
        end = self._at = _line_end(text, at)
        comment = text.find("#", at + 1, end)
        while comment != -1 and not text[comment - 1].isspace():
            comment = text.find("#", comment + 1, end)
        value = text[at : end if comment == -1 else comment].rstrip()
        return value, "", at + len(value)

    def _end_of_line(self) -> None:
        text = self._text
        at = _skip(text, self._at, _NEWLINES)
        if text.startswith("#", at):
            at = _line_end(text, at)
        if at < len(text) and text[at] not in _NEWLINES:
            self._at = at
            raise _Stop
        self._at = at + (2 if text.startswith("\r\n", at) else 1)

    def _expanded(self, value: str, found: list[tuple[str, str]]) -> str:
        # `${NAME}` and `${NAME:-default}`, in quotes of either sort too; a name runs to `}` or `:`.
        values, environ = self._reading.values, self._reading.environ
        brace = colon = -1

        def looked_up(at: int, _: int) -> tuple[int, int, str] | None:
            nonlocal brace, colon
            if brace < at:
                brace = find_or_end(value, "}", at)
            if colon < at:
                colon = find_or_end(value, ":", at)
            plain = brace < colon
            if brace == len(value) or not (plain or value.startswith("-", colon + 1)):
                return None
            name = value[at + 2 : brace if plain else colon]
            default = "" if plain else value[colon + 2 : brace]
            found.append((value[at : brace + 1], name))
            got = values[name] if name in values else environ.get(name, default)
            return at, brace + 1, self._reading.spend(got or "", self._at)

        return replaced(value, "${", looked_up)


def _skip(text: str, at: int, kept: str = "") -> int:
    last = len(text)
    while at < last and text[at].isspace() and text[at] not in kept:
        at += 1
    return at


def _line_end(text: str, at: int) -> int:
    return find_or_end(text, "\r", at, find_or_end(text, "\n", at))
