"""The dialect `compose`: Docker Compose, compose-go 2 dotenv/parser.go.

Compose merges the file's names into the project's environment; a value is expanded when it is
unquoted or in double quotes.
"""

from __future__ import annotations

from assay.dotenv.budget import TOO_MUCH, BudgetExceeded, ExpansionBudget
from assay.dotenv.compose_template import TemplateRefused, substituted
from assay.dotenv.document import BOM, DotenvEntry, TextReading
from assay.dotenv.export_line import skip

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.dotenv.document import SourceText

# Go's unicode.IsSpace, and the parser's own isSpace, which leaves out the line break.
SPACES = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
_BLANKS = "\t\v\f\r \x85\xa0"
_EXPORT_SPACES = "\t\n\f\r "
_ESCAPES = {
    "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "$": "$$",
    '"': '"', "\\": "\\",
}  # fmt: skip
_OCTAL = "01234567"
_NAME_EXPECTED = "expected NAME=value with letters, digits and _ . - [ ] in the name"


def read(source: SourceText, environ: Mapping[str, str]) -> TextReading:
    """Read a text; process variables go before the values of the file in expansion."""
    reader = _Reader(source, environ)
    try:
        reader.read()
    except _Stop as stop:
        reader.reading.refuse(stop.reason, stop.expected, stop.offset)
    return reader.reading


class _Stop(Exception):  # noqa: N818 -- control flow inside the module
    def __init__(self, reason: str, expected: str, offset: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.expected = expected
        self.offset = offset


class _Reader:
    __slots__ = ("_budget", "_environ", "_last", "_text", "reading")

    def __init__(self, source: SourceText, environ: Mapping[str, str]) -> None:
        self.reading = TextReading(source)
        self._text = source.text
        self._last = len(source.text)
        self._environ = environ
        self._budget = ExpansionBudget(source.text)

    def read(self) -> None:
        text = self._text
        at = 1 if text.startswith(BOM) else 0
        while True:
            at = skip(text, at, SPACES)
            if at == self._last:
                return
            if text[at] == "#":
                at = text.find("\n", at)
                if at == -1:
                    return
            else:
                at = self._statement(at)

    def _statement(self, at: int) -> int:
        text = self._text
        start = at
        exported = text.startswith("export", at) and text[at + 6 : at + 7] in tuple(_EXPORT_SPACES)
        if exported:
            start = skip(text, at + 6, _BLANKS)
        end = self._name_end(start)
        if end == self._last:
            if start == end:
                raise _Stop("export has no name", "expected export NAME=value", at)
            # no separator up to the end: the parser takes the rest as the value of an empty name
            return self._assign("", start, start, start, exported=exported)
        name = text[start:end].rstrip(SPACES)
        if " " in name:
            raise _Stop("a space in a name", _NAME_EXPECTED, start)
        value = skip(text, end + 1, _BLANKS)
        if text[end] == "\n":
            if name in self._environ:
                self._add(name, self._environ[name], start, end, exported=exported)
            return value
        return self._assign(name, start, start + len(name), value, exported=exported)

    def _name_end(self, at: int) -> int:
        text, last = self._text, self._last
        while at < last:
            c = text[at]
            if c in "=:\n":
                return at
            if not (c.isalpha() or c in "_.-[]" or c in _BLANKS or c.isnumeric()):
                raise _Stop("an invalid character in a name", _NAME_EXPECTED, at)
            at += 1
        return last

    def _add(self, name: str, value: str, start: int, end: int, *, exported: bool) -> None:
        self.reading.entries.append(
            DotenvEntry(self.reading.source, name, value, start, end, end, end, "", exported)
        )
        self.reading.values[name] = value

    def _assign(self, name: str, start: int, end: int, at: int, *, exported: bool) -> int:
        text, reading = self._text, self.reading
        quote = text[at : at + 1]
        found: list[tuple[str, str]] = []
        if quote and quote in "'\"":
            value, resume = self._quoted(at)
            value_end = resume
            if quote == '"':
                if "\\" in value:
                    value = _unescaped(value)
                value = self._expanded(value, at, found)
        else:
            newline = text.find("\n", at)
            resume = self._last if newline == -1 else newline + 1
            stop = self._last if newline == -1 else newline
            comment = text.find(" #", at, stop)
            value = text[at : stop if comment == -1 else comment].rstrip(SPACES)
            value_end, quote = at + len(value), ""
            value = self._expanded(value, at, found)
        reading.entries.append(
            DotenvEntry(
                reading.source, name, value, start, end, at, value_end, quote, exported, found
            )
        )
        reading.values[name] = value
        return resume

    def _quoted(self, opening: int) -> tuple[str, int]:
        # A backslash takes the next character with it and goes only before the quote.
        text = self._text
        quote = text[opening]
        parts, done = [], opening + 1
        close = text.find(quote, done)
        while close != -1:
            run = close
            while run > done and text[run - 1] == "\\":
                run -= 1
            if (close - run) % 2 == 0:
                parts.append(text[done:close])
                return "".join(parts), close + 1
            parts += [text[done : close - 1], quote]
            done = close + 1
            close = text.find(quote, done)
        raise _Stop("a quote is never closed", f"expected a closing {quote}", opening)

    def _expanded(self, value: str, at: int, found: list[tuple[str, str]]) -> str:
        if "$" not in value:
            return value
        try:
            return substituted(value, self._lookup, found, self._budget)
        except TemplateRefused as refused:
            raise _Stop(refused.reason, refused.expected, at) from None
        except BudgetExceeded:
            raise _Stop(*TOO_MUCH, at) from None

    def _lookup(self, name: str) -> str | None:
        if name in self._environ:
            return self._environ[name]
        return self.reading.values.get(name)


def _unescaped(value: str) -> str:
    # `\\(?:[abcfnrtv$"\\]|0\d{0,3})`, some of which Go's strconv then refuses and leaves.
    parts, done = [], 0
    at = value.find("\\")
    while at != -1:
        following = value[at + 1 : at + 2]
        made, end = _ESCAPES.get(following), at + 2
        if following == "0":
            made, end = _octal(value, at)
        if made is None:
            at = value.find("\\", at + (2 if following == "c" else 1))
            continue
        parts += [value[done:at], made]
        done = end
        at = value.find("\\", done)
    return "".join([*parts, value[done:]])


def _octal(value: str, at: int) -> tuple[str, int]:
    # The 0 goes first; three octal digits then make a character, else the rest stays.
    end = at + 2
    while end < at + 5 and value[end : end + 1].isdecimal() and value[end].isascii():
        end += 1
    digits = value[at + 2 : end]
    if len(digits) == 3 and all(d in _OCTAL for d in digits) and int(digits, 8) < 256:
        return chr(int(digits, 8)), end
    return "\\" + digits, end
