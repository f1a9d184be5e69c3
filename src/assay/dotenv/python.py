"""The dialect `python`: python-dotenv 1.2 `dotenv_values`, its parser.py and variables.py."""

from __future__ import annotations

from assay.dotenv.budget import TOO_MUCH, BudgetExceeded, ExpansionBudget
from assay.dotenv.document import BOM, DotenvEntry, TextReading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.dotenv.document import SourceText

_ESCAPES = {
    "\\": "\\", "'": "'", '"': '"', "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r",
    "t": "\t", "v": "\v",
}  # fmt: skip
_SINGLE_ESCAPES = {"\\": "\\", "'": "'"}


def read(source: SourceText, environ: Mapping[str, str]) -> TextReading:
    """Read a text; the values of the file go before process variables in expansion."""
    if source.invalid:
        reading = TextReading(source)
        offset = next(i for i, c in enumerate(source.text) if "\ud800" <= c <= "\udfff")
        reading.refuse("a byte that is not valid UTF-8", "expected a file saved as UTF-8", offset)
        return reading
    return _Parser(source, environ).read()


class _Stop(Exception):  # noqa: N818 -- python-dotenv's own control flow: the line is dropped
    pass


class _Parser:
    __slots__ = ("_at", "_budget", "_environ", "_last", "_reading", "_source", "_text")

    def __init__(self, source: SourceText, environ: Mapping[str, str]) -> None:
        self._source = source
        self._text = source.text
        self._last = len(source.text)
        self._at = 1 if source.text.startswith(BOM) else 0
        self._environ = environ
        self._reading = TextReading(source)
        self._budget = ExpansionBudget(source.text)

    def read(self) -> TextReading:
        reading = self._reading
        try:
            while self._at < self._last:
                try:
                    self._binding()
                except _Stop:
                    self._rest_of_line()
        except BudgetExceeded:
            reading.refuse(*TOO_MUCH, offset=self._at)
        return reading

    def _binding(self) -> None:
        text = self._text
        self._at = at = _skip_space(text, self._at)
        if at >= self._last:
            return
        exported = False
        if text.startswith("export", at):
            after = _skip_blank(text, at + 6)
            if after > at + 6:
                exported, at = True, after
        key, key_start, key_end = self._key(at)
        at = _skip_blank(text, self._at)
        self._at = at
        value: str | None = None
        quote, start, end = "", key_end, key_end
        if text.startswith("=", at):
            self._at = start = _skip_blank(text, at + 1)
            if start > at + 1 and text.startswith("#", start):
                value, end = "", start
            else:
                value, quote, end = self._value(start)
        self._end_of_line()
        if key is not None:
            self._add(key, value, (key_start, key_end, start, end), quote, exported=exported)

    def _key(self, at: int) -> tuple[str | None, int, int]:
        text = self._text
        first = text[at : at + 1]
        self._at = at
        if first == "#":
            return None, at, at
        if first == "'":
            close = text.find("'", at + 1)
            if close <= at + 1:
                raise _Stop
            self._at = close + 1
            return text[at + 1 : close], at + 1, close
        end = at
        while end < self._last:
            c = text[end]
            if c in "=#" or c.isspace():
                break
            end += 1
        if end == at:
            raise _Stop
        self._at = end
        return text[at:end], at, end

    def _value(self, at: int) -> tuple[str, str, int]:
        text = self._text
        first = text[at : at + 1]
        if first and first in "'\"":
            close = _closing(text, at)
            if close == -1:
                raise _Stop
            self._at = close + 1
            value = text[at + 1 : close]
            if "\\" in value:
                value = _unescaped(value, _ESCAPES if first == '"' else _SINGLE_ESCAPES)
            return value, first, close + 1
        end = self._at = _line_end(text, at)
        hash_ = text.find("#", at, end)
        while hash_ != -1:
            if hash_ > at and text[hash_ - 1].isspace():
                end = hash_
                break
            hash_ = text.find("#", hash_ + 1, end)
        value = text[at:end].rstrip()
        return value, "", at + len(value)

    def _end_of_line(self) -> None:
        text = self._text
        at = _skip_blank(text, self._at)
        if text.startswith("#", at):
            at = _line_end(text, at)
        if at < self._last and text[at] not in "\r\n":
            self._at = at
            raise _Stop
        self._at = at + (2 if text.startswith("\r\n", at) else 1)

    def _rest_of_line(self) -> None:
        at = self._at
        self._reading.note("dropped-line", "the line is not an assignment and is dropped", at)
        self._at = _line_end(self._text, at) + 1

    def _add(
        self, key: str, value: str | None, places: tuple[int, int, int, int], quote: str, *,
        exported: bool,
    ) -> None:  # fmt: skip
        found: list[tuple[str, str]] = []
        values = self._reading.values
        if value is not None and "${" in value:
            value = _expanded(value, values, self._environ, found, self._budget)
        self._reading.entries.append(
            DotenvEntry(self._source, key, value, *places, quote, exported, found)
        )
        values[key] = value


def _skip_space(text: str, at: int) -> int:
    last = len(text)
    while at < last and text[at].isspace():
        at += 1
    return at


def _skip_blank(text: str, at: int) -> int:
    last = len(text)
    while at < last and text[at].isspace() and text[at] not in "\r\n":
        at += 1
    return at


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    if end == -1:
        end = len(text)
    cut = text.find("\r", at, end)
    return end if cut == -1 else cut


def _closing(text: str, opening: int) -> int:
    # A backslash takes the next character with it, whatever it is.
    quote = text[opening]
    done = opening + 1
    close = text.find(quote, done)
    while close != -1:
        run = close
        while run > done and text[run - 1] == "\\":
            run -= 1
        if (close - run) % 2 == 0:
            return close
        done = close + 1
        close = text.find(quote, done)
    return -1


def _unescaped(value: str, escapes: Mapping[str, str]) -> str:
    parts, done = [], 0
    at = value.find("\\")
    while at != -1:
        made = escapes.get(value[at + 1 : at + 2])
        if made is None:
            at = value.find("\\", at + 1)
            continue
        parts += [value[done:at], made]
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
    # `${NAME}` and `${NAME:-default}`, in quotes of either sort too; a name runs to `}` or `:`.
    parts, done = [], 0
    at = value.find("${")
    brace = colon = -1
    while at != -1:
        if brace < at:
            brace = value.find("}", at)
            if brace == -1:
                break
        if colon < at:
            colon = value.find(":", at)
            if colon == -1:
                colon = len(value)
        name, default = "", ""
        if brace < colon:
            name = value[at + 2 : brace]
        else:
            if not value.startswith("-", colon + 1):
                at = value.find("${", at + 1)
                continue
            name, default = value[at + 2 : colon], value[colon + 2 : brace]
        got = values[name] if name in values else environ.get(name, default)
        found.append((value[at : brace + 1], name))
        parts += [value[done:at], got or ""]
        budget.spend(len(parts[-1]))
        done = brace + 1
        at = value.find("${", done)
    return "".join([*parts, value[done:]])
