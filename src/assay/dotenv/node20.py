"""The dialect `node20`: `util.parseEnv` and `--env-file` of Node 20, src/node_dotenv.cc.

That parser looks for `=` and not for lines, so a line without one becomes part of the next name.
"""

from __future__ import annotations

from assay.dotenv.document import DotenvEntry, TextReading
from assay.dotenv.newlines import returns_removed
from assay.dotenv.node import object_order, replaced

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.dotenv.document import SourceText

_EXPORT = "export "


def read(source: SourceText, environ: Mapping[str, str]) -> TextReading:  # noqa: ARG001 -- no expansion
    """Read a text; process variables play no part."""
    return _Reader(source).read()


class _Reader:
    __slots__ = ("_last", "_original", "_reading", "_source", "_text")

    def __init__(self, source: SourceText) -> None:
        normal = returns_removed(source.text)
        self._source = source
        self._original = normal.original
        self._reading = TextReading(source)
        self._text = normal.text
        self._last = len(normal.text.rstrip(" "))

    def read(self) -> TextReading:
        text, last = self._text, self._last
        at = len(text) - len(text.lstrip(" "))
        while at < last:
            if text[at] in "\n#":
                newline = text.find("\n", at, last)
                if newline != -1:
                    at = newline + 1
                    continue
            equals = text.find("=", at, last)
            if equals == -1:
                break
            key_start, key_end = self._trimmed(at, equals)
            if key_start == key_end:
                break
            exported = text.startswith(_EXPORT, key_start, key_end)
            if exported:
                key_start += len(_EXPORT)
            at = self._value(key_start, key_end, equals + 1, exported)
        reading = self._reading
        # the real store is a std::map, ordered by the bytes of the names
        entries = sorted(
            {entry.key: entry.value for entry in reading.entries}.items(),
            key=lambda item: item[0].encode("utf-8", "surrogatepass"),
        )
        reading.values = object_order(dict(entries))
        return reading

    def _trimmed(self, start: int, end: int) -> tuple[int, int]:
        text = self._text
        while start < end and text[start] == " ":
            start += 1
        while end > start and text[end - 1] == " ":
            end -= 1
        return start, end

    def _value(self, key_start: int, key_end: int, at: int, exported: bool) -> int:
        # Returns where reading goes on.
        text, last = self._text, self._last
        while at < last and text[at] == " ":
            at += 1
        first = text[at] if at < last else ""
        if first and first in "'\"`":
            close = text.find(first, at + 1, last)
            if close != -1:
                value = text[at + 1 : close]
                if first == '"':
                    value = value.replace("\\n", "\n")
                self._add(key_start, key_end, at, close + 1, value, first, exported)
                newline = text.find("\n", close + 1, last)
                return last if newline == -1 else newline
            newline = text.find("\n", at, last)
            if newline == -1:
                # an unclosed quote on the last line: the name is lost and reading goes on here
                self._reading.note(
                    "unclosed-quote",
                    "a quote on the last line is never closed, so the variable is lost",
                    at,
                )
                return at
            self._add(key_start, key_end, at, newline, text[at:newline], "", exported)
            return newline
        newline = text.find("\n", at, last)
        if newline == -1:
            newline = last
        end = text.find("#", at, newline)
        start, end = self._trimmed(at, newline if end == -1 else end)
        self._add(key_start, key_end, start, end, text[start:end], "", exported)
        return newline

    def _add(  # noqa: PLR0913, PLR0917 -- offsets in the order of the text
        self, key_start: int, key_end: int, start: int, end: int, value: str, quote: str,
        exported: bool,
    ) -> None:  # fmt: skip
        source, original = self._source, self._original
        key = self._text[key_start:key_end]
        if source.invalid:
            key, value = replaced(key), replaced(value)
        self._reading.entries.append(
            DotenvEntry(
                source, key, value, original(key_start), original(key_end), original(start),
                original(end), quote, exported,
            )
        )  # fmt: skip
