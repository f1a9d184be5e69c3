"""The dialect `symfony`: symfony/dotenv, its Dotenv.php; commands are noted and never run."""

from __future__ import annotations

import re

from assay.dotenv.document import BOM
from assay.dotenv.node import valid
from assay.dotenv.ruby import commands_found
from assay.dotenv.scanning import find_or_end

TYPE_CHECKING = False
if TYPE_CHECKING:
    from assay.dotenv.document import DotenvError
    from assay.dotenv.reading import TextReading

_SPACES = " \t\n\v\f\r"
_TRIMMED = " \n\r\t\v\0"
_NAME = r"_?[A-Za-z][A-Za-z0-9_]*"
_START = re.compile(rf"(export[ \t]+)?({_NAME})")
_NOTHING = re.compile(r"[ \t]*(?:#[^\n]*)?(?=\n|\Z)")
_REFERENCE = re.compile(rf"(?<!\\)(\\*)\$(?!\()(\{{)?({_NAME})?(:[-=][^}}]*)?(\}})?")


def read(reading: TextReading) -> None:
    """Read a text; variables that the process has already keep their values."""
    if reading.text.startswith(BOM):
        raise reading.refusal("a byte order mark", "expected a file without one", 0)
    reading.unify_newlines()
    _Parser(reading).read()


class _Parser:
    __slots__ = ("_at", "_executes", "_found", "_reading", "_text")

    def __init__(self, reading: TextReading) -> None:
        self._reading = reading
        self._text = reading.text
        self._at = 0
        self._found: list[tuple[str, str]] = []
        self._executes = False

    def read(self) -> None:
        text, reading = self._text, self._reading
        self._skip_empty_lines()
        while self._at < len(text):
            named = _START.match(text, self._at)
            if named is None:
                raise self._refusal("an invalid character in a name", self._at)
            if not text.startswith("=", named.end()):
                raise self._refusal("no = right after a name", self._at)
            start = self._at = named.end() + 1
            self._found, self._executes = [], False
            value, end = self._value()
            quote = text[start:end][:1]
            reading.add(
                named[2],
                valid(value) if reading.source.bad else value,
                (*named.span(2), start, end),
                quote if quote in ("'", '"') else "",
                exported=bool(named[1]),
                found=self._found,
                executes=self._executes,
            )
            if named[2] in reading.environ:
                reading.values[named[2]] = reading.environ[named[2]]
            self._skip_empty_lines()

    def _refusal(self, reason: str, at: int) -> DotenvError:
        expected = "expected NAME=value without spaces around =, and quotes around a value with any"
        return self._reading.refusal(reason, expected, self._reading.original(at))

    def _skip_empty_lines(self) -> None:
        text, at = self._text, self._at
        while at < len(text) and (text[at] in _SPACES or text[at] == "#"):
            at = find_or_end(text, "\n", at) if text[at] == "#" else at + 1
        self._at = at

    def _value(self) -> tuple[str, int]:
        text, start = self._text, self._at
        nothing = _NOTHING.match(text, start)
        if nothing is not None:
            self._at = nothing.end()
            return "", start
        if text[start] in " \t":
            raise self._refusal("whitespace before a value", start)
        parts: list[str] = []
        end = start
        while self._at < len(text) and text[self._at] != "\n":
            if text[self._at] in "'\"":
                parts.append(self._quoted(text[self._at]))
                end = self._at
                continue
            bare = self._bare()
            parts.append(bare)
            end = self._at if bare else end
            if text.startswith("#", self._at):
                break
        return "".join(parts), end - (len(text[start:end]) - len(text[start:end].rstrip(_TRIMMED)))

    def _quoted(self, quote: str) -> str:
        text, opening = self._text, self._at
        close = text.find(quote, opening + 1)
        if quote == '"':
            while close != -1 and text[close - 1] == "\\" and text[close - 2] != "\\":
                close = text.find(quote, close + 1)
        if close == -1:
            raise self._refusal("a quote is never closed", opening)
        self._at = close + 1
        value = text[opening + 1 : close]
        if quote == "'":
            return value
        for escape, meant in (('\\"', '"'), ("\\r", "\r"), ("\\n", "\n")):
            value = value.replace(escape, meant)
        return self._resolved(value, opening)

    def _bare(self) -> str:
        text, start, at = self._text, self._at, self._at
        parts: list[str] = []
        before = text[at - 1]
        while (
            at < len(text) and text[at] not in "\n\"'" and not (text[at] == "#" and before in " \t")
        ):
            if text[at] == "\\" and text[at + 1 : at + 2] in ("'", '"'):
                at += 1
            end = self._nested(at + 1) if text.startswith("$(", at) else at + 1
            parts.append(text[at:end])
            before = text[at]
            at = end
        self._at = at
        value = "".join(parts).rstrip(_TRIMMED)
        resolved = self._resolved(value, start)
        if resolved == value and not self._executes and any(c in _SPACES for c in value):
            raise self._refusal("a value with spaces that is not in quotes", start)
        return resolved

    def _nested(self, opening: int) -> int:
        # After the parenthesis that closes the one at `opening`.
        text, depth, at = self._text, 0, opening
        while at < len(text) and text[at] != "\n":
            depth += {"(": 1, ")": -1}.get(text[at], 0)
            at += 1
            if not depth:
                return at
        raise self._refusal("a command is never closed", opening)

    def _resolved(self, value: str, place: int) -> str:
        if "$" in value:
            value, executes = commands_found(value)
            self._executes = self._executes or executes
            value = _REFERENCE.sub(lambda match: self._looked_up(match, place), value)
        return value.replace("\\\\", "\\")

    def _looked_up(self, match: re.Match[str], place: int) -> str:
        slashes, opened, name, default, closed = match.groups()
        if len(slashes) % 2:
            return match[0][1:]
        if not (name or default or closed):
            return match[0]
        if opened and not closed:
            raise self._refusal("a ${ that is never closed", place)
        values, environ = self._reading.values, self._reading.environ
        value = environ.get(name or "", values.get(name or "")) or ""
        if not value and default:
            if set(default) & set("'\"{$"):
                raise self._refusal("a quote, { or $ in a default", place)
            value = default[2:]
            if default[1] == "=":
                values[name or ""] = value
        self._found.append((match[0][len(slashes) :], name or ""))
        return slashes + self._reading.spend(value, place) + ("}" if closed and not opened else "")
