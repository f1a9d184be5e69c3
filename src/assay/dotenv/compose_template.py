"""Compose's interpolation, compose-go 2 template/template.go, in linear time.

Its regular expression lets a reference with an operator run to the last `}` of its line; the brace
that balances its own then ends it, and the rest is substituted again. So a reference ends at its
balancing brace or, if there is none on the line, at the last one.
"""

from __future__ import annotations

from assay.dotenv.budget import DEPTH, BudgetExceeded
from assay.dotenv.export_line import WORD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from assay.dotenv.budget import ExpansionBudget

# `(?i)[_a-z]` folds case beyond ASCII: the long s and the Kelvin sign are letters of a name.
_NAME = WORD + "\u017f\u212a"
_OPERATORS = (":?", "?", ":-", "-", ":+", "+")


class TemplateRefused(Exception):  # noqa: N818 -- control flow, becomes a DotenvError in the reader
    """Compose refuses the value."""

    def __init__(self, reason: str, expected: str) -> None:
        """Take a reason without a value, and what was expected."""
        super().__init__(reason)
        self.reason = reason
        self.expected = expected


def substituted(
    text: str,
    lookup: Callable[[str], str | None],
    found: list[tuple[str, str]],
    budget: ExpansionBudget,
) -> str:
    """Return a text with its references replaced; add each reference and its name to `found`."""
    template = _Template(text, lookup, budget)
    result = template.substitute(0, len(text), 0)
    found += template.found
    return result


class _Template:
    __slots__ = ("_braces", "_budget", "_lookup", "_text", "found")

    def __init__(
        self, text: str, lookup: Callable[[str], str | None], budget: ExpansionBudget
    ) -> None:
        self._text = text
        self._lookup = lookup
        self._budget = budget
        self._braces = _balanced(text) if "${" in text else {}
        self.found: list[tuple[str, str]] = []

    def substitute(self, start: int, stop: int, depth: int) -> str:
        if depth > DEPTH:
            raise BudgetExceeded
        text = self._text
        parts, done = [], start
        at = text.find("$", start, stop)
        while at != -1:
            following = text[at + 1] if at + 1 < stop else ""
            if following == "$":
                parts.append(text[done : at + 1])
                done = at + 2
            elif following == "{":
                parts.append(text[done:at])
                made, done = self._braced(at, stop, depth)
                parts.append(made)
            elif following and following in _NAME and not following.isdecimal():
                end = self._name_end(at + 1, stop)
                parts += [text[done:at], self._value(text[at + 1 : end]) or ""]
                self.found.append((text[at:end], text[at + 1 : end]))
                done = end
            at = text.find("$", max(done, at + 1), stop)
        return "".join([*parts, text[done:stop]])

    def _name_end(self, at: int, stop: int) -> int:
        text = self._text
        while at < stop and text[at] in _NAME:
            at += 1
        return at

    def _value(self, name: str) -> str | None:
        value = self._lookup(name)
        if value is not None:
            self._budget.spend(len(value))
        return value

    def _braced(self, at: int, stop: int, depth: int) -> tuple[str, int]:
        text = self._text
        end = self._name_end(at + 2, stop)
        name = text[at + 2 : end]
        if not name or name[0].isdecimal():
            raise TemplateRefused(
                "a ${...} without a name", "expected ${NAME}, or $$ for a dollar sign"
            )
        operator = next((o for o in _OPERATORS if text.startswith(o, end, stop)), "")
        close = end
        if operator:
            line = text.find("\n", end, stop)
            bound = text.rfind("}", end, stop if line == -1 else line)
            close = min(self._braces.get(at + 1, bound), bound)
        if not text.startswith("}", close, stop):
            raise TemplateRefused(
                "a ${...} that is never closed, or has an unknown operator",
                "expected ${NAME}, ${NAME:-default}, ${NAME:?message} or ${NAME:+other}",
            )
        self.found.append((text[at : close + 1], name))
        if not operator:
            return self._value(name) or "", close + 1
        return self._applied(name, operator, end, close, depth), close + 1

    def _applied(self, name: str, operator: str, at: int, close: int, depth: int) -> str:
        # the other text is substituted, and may be refused, even if it is not used
        other = self.substitute(at + len(operator), close, depth + 1)
        value = self._value(name)
        present = bool(value) if operator[0] == ":" else value is not None
        if operator[-1] == "?" and not present:
            reason = "a variable that the file requires is not set"
            raise TemplateRefused(reason, f"expected {name} to be set")
        if operator[-1] == "+":
            return other if present else value or ""
        return (value or "") if present else other


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
