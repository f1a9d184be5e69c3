"""Compose's interpolation, compose-go 2 template/template.go, in linear time.

Its regular expression lets a reference with an operator run to the last `}` of its line; the brace
that balances its own then ends it, and the rest is substituted again. So a reference ends at its
balancing brace or, if there is none on the line, at the last one.
"""

from __future__ import annotations

from assay.dotenv.document import SourceText
from assay.dotenv.reading import DEPTH, TOO_MUCH, TextReading
from assay.dotenv.scanning import WORD_IN_ANY_CASE, replaced, skip

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_OPERATORS = (":?", "?", ":-", "-", ":+", "+")


def substituted(text: str, reading: TextReading, place: int, found: list[tuple[str, str]]) -> str:
    """Return a text with its references replaced; add each reference and its name to `found`."""
    return _Template(text, reading, place, found).substitute(0, len(text), 0)


def interpolated(text: str, environ: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """Return a text of a Compose file with its references replaced, and the names they look up.

    Raises:
        DotenvError: Compose refuses the text, or it requires a variable that is not set.

    """
    found: list[tuple[str, str]] = []
    value = substituted(text, TextReading(SourceText(text), environ), 0, found)
    return value, tuple(dict.fromkeys(name for _, name in found))


class _Template:
    __slots__ = ("_braces", "_found", "_place", "_reading", "_text")

    def __init__(
        self, text: str, reading: TextReading, place: int, found: list[tuple[str, str]]
    ) -> None:
        self._text = text
        self._reading = reading
        self._place = place
        self._braces = _balanced(text) if "${" in text else {}
        self._found = found

    def substitute(self, start: int, stop: int, depth: int) -> str:
        if depth > DEPTH:
            raise self._reading.refusal(*TOO_MUCH, self._place)
        text = self._text

        def looked_up(at: int, _: int) -> tuple[int, int, str] | None:
            following = text[at + 1] if at + 1 < stop else ""
            if following == "$":
                return at, at + 2, "$"
            if following == "{":
                return at, *self._braced(at, stop, depth)
            end = self._name_end(at + 1, stop)
            if end == at + 1 or following.isdecimal():
                return None
            name = text[at + 1 : end]
            value = self._value(name) or ""
            self._found.append((text[at:end], name))
            return at, end, value

        return replaced(text, "$", looked_up, start, stop)

    def _name_end(self, at: int, stop: int) -> int:
        return min(skip(self._text, at, WORD_IN_ANY_CASE), stop)

    def _value(self, name: str) -> str | None:
        reading = self._reading
        value = reading.environ.get(name, reading.values.get(name))
        return None if value is None else reading.spend(value, self._place)

    def _braced(self, at: int, stop: int, depth: int) -> tuple[int, str]:
        text = self._text
        end = self._name_end(at + 2, stop)
        name = text[at + 2 : end]
        if not name or name[0].isdecimal():
            reason = "a ${...} without a name"
            expected = "expected ${NAME}, or $$ for a dollar sign"
            raise self._reading.refusal(reason, expected, self._place)
        operator = next((o for o in _OPERATORS if text.startswith(o, end, stop)), "")
        close = end
        if operator:
            line = text.find("\n", end, stop)
            bound = text.rfind("}", end, stop if line == -1 else line)
            close = min(self._braces.get(at + 1, bound), bound)
        if not text.startswith("}", close, stop):
            reason = "a ${...} that is never closed, or has an unknown operator"
            expected = "expected ${NAME}, ${NAME:-default}, ${NAME:?message} or ${NAME:+other}"
            raise self._reading.refusal(reason, expected, self._place)
        self._found.append((text[at : close + 1], name))
        if not operator:
            return close + 1, self._value(name) or ""
        # the other text is substituted, and may be refused, even if it is not used
        other = self.substitute(end + len(operator), close, depth + 1)
        value = self._value(name)
        present = bool(value) if operator[0] == ":" else value is not None
        if operator[-1] == "?" and not present:
            reason = "a variable that the file requires is not set"
            raise self._reading.refusal(reason, f"expected {name} to be set", self._place)
        if operator[-1] == "+":
            return close + 1, other if present else value or ""
        return close + 1, value or "" if present else other


def _balanced(text: str) -> dict[int, int]:
    # Each `{` with the `}` that balances it. The original skips the character after a `{`.
    pairs: dict[int, int] = {}
    open_: list[int] = []
    at = 0
    last = len(text)
    while at < last:
        c = text[at]
        if c == "}" and open_:
            pairs[open_.pop()] = at
        elif c == "{":
            open_.append(at)
            at += 1
        at += 1
    return pairs
