"""Explains in our words what libyaml stumbled over: the mistake, its place and what to write."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from assay.model import Location
from assay.spec import rules
from assay.spec.foreign import OWN_FIELDS

if TYPE_CHECKING:
    import yaml

    from assay.model import Finding


def spot(file: str, mark: Any) -> Location:
    """Where a mark of libyaml is."""
    return Location(file=file, line=mark.line + 1, column=mark.column + 1)


class _Slip(NamedTuple):
    """A mistake in the syntax; line and column count from 0."""

    line: int
    column: int
    reason: str
    step: str


def not_yaml(error: yaml.YAMLError, file: str, text: str) -> Finding:
    """The problem of a text that is not YAML."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        position = getattr(error, "position", 0) or 0
        before = text.encode()[:position].decode("utf-8", "replace")  # libyaml counts bytes
        line = before.count("\n") + 1
        at = Location(file=file, line=line, column=len(before) - before.rfind("\n"))
        reason = "a control character that YAML does not allow"
        return rules.problem(rules.NOT_YAML, at, reason=reason, advice="control-character")
    said = f"{getattr(error, 'context', '') or ''} {getattr(error, 'problem', '') or ''}"
    found = _slip(said, mark, getattr(error, "context_mark", None), text.split("\n"))
    if found is None:
        return rules.problem(rules.NOT_YAML, spot(file, mark), reason="unexpected text")
    at = Location(file=file, line=found.line + 1, column=found.column + 1)
    return rules.problem(rules.NOT_YAML, at, reason=found.reason, step=found.step)


def _slip(said: str, mark: Any, begun: Any, lines: list[str]) -> _Slip | None:
    here = lines[mark.line] if mark.line < len(lines) else ""
    tag = _TAGGED.search(here)
    if tag is not None and tag.start(1) <= mark.column:
        reason = "a value that begins with `!` is a YAML tag"
        return _Slip(mark.line, tag.start(1), reason, _QUOTED_CONDITION)
    if "character that cannot start any token" in said or "found a tab" in said:
        return _reserved(mark, here)
    if "escape character" in said or "hexdecimal" in said:
        at = here.find("\\", max(mark.column - 1, 0))
        reason = "a backslash in double quotes that begins no known escape"
        step = "Put the text in single quotes, in which a backslash stands for itself."
        return _Slip(mark.line, mark.column if at < 0 else at, reason, step)
    if "mapping values are not allowed" in said:
        return _colon(mark, [*lines[: mark.line], here])
    unended = _ending(said, mark, begun, here)
    if unended is not None:
        return unended
    for clue, (reason, step) in _CLUES.items():
        if clue in said:
            at = begun if begun is not None and reason.endswith("never closed") else mark
            return _Slip(at.line, at.column, reason, step)  # the end of the file says nothing
    return None


def _ending(said: str, mark: Any, begun: Any, here: str) -> _Slip | None:
    """Brackets and quotes that end too early, too late or with the wrong sign, on one line."""
    if "expected ',' or" in said and begun is not None and begun.line == mark.line:
        found = _in_brackets(here, begun.column, mark.column)
        if found is not None:
            return found._replace(line=mark.line)
    quoted = _AFTER_END.match(here)
    if here[mark.column : mark.column + 1] in ("]", "}") and "block mapping" in said:
        reason = f"`{here[mark.column]}` closes nothing"
        return _Slip(mark.line, mark.column, reason, "Remove it, or open what it closes.")
    if quoted is not None and quoted.end(1) < mark.column and "did not find expected" in said:
        return _ended(mark.line, here, quoted.start(2))
    return None


_QUOTED_CONDITION = "Put the value in quotes, such as \"!isSet('DEBUG')\"."


def _reserved(mark: Any, line: str) -> _Slip:
    """A tab, or a character that no plain value begins with."""
    sign = line[mark.column : mark.column + 1]
    if sign == "\t" or not sign:
        where = "in the indentation" if not line[: mark.column].strip(" -") else "before a value"
        step = "Indent with spaces: YAML does not allow tabs there."
        return _Slip(mark.line, mark.column, f"a tab {where}", step)
    reason = (
        f"a value can't begin with {sign}" if sign == "`" else f"a value can't begin with `{sign}`"
    )
    return _Slip(
        mark.line, mark.column, reason, f"Put the value in quotes, so that it is '{sign}...'."
    )


_GLUED = re.compile(r"(\s*(?:- +)?)([\w-]+):[^\s:/]\S*\s*$")


def _colon(mark: Any, lines: list[str]) -> _Slip:
    """A colon where no name can end."""
    line = lines[-1]
    if re.search(r":\s", line[: mark.column]):
        word = re.search(r"([\w-]+)\s*$", line[: mark.column])
        inside = line[: mark.column].rfind("{") > line[: mark.column].rfind("}")
        if inside and word is not None:
            return _comma(mark.line, word.start())
        step = "Put the text in quotes, because it contains a colon and a space."
        if word is not None and word[1] in OWN_FIELDS and line[: word.start()].rstrip()[-1:] == ":":
            step = f"Put `{word[1]}: ...` in braces, or on a line of its own below, indented."
        return _Slip(mark.line, mark.column, "a second colon on the line", step)
    before = next((n for n in range(len(lines) - 2, -1, -1) if lines[n].strip()), None)
    glued = None if before is None else _GLUED.match(lines[before])
    if before is not None and glued is not None:
        name = glued[2]
        reason = f"a space is missing after `{name}:`"
        return _Slip(before, glued.end(2) + 1, reason, f"Write `{name}: ...`, with a space.")
    reason = "a line indented too far, below a value that has ended"
    step = "Align the line with the other fields of its mapping, or remove the value above it."
    return _Slip(mark.line, len(line) - len(line.lstrip()), reason, step)


def _comma(line: int, column: int) -> _Slip:
    step = "Put a comma before it, or the whole value in quotes if this is part of a text."
    return _Slip(line, column, "a comma is missing here", step)


_OPEN = {"[": "]", "{": "}"}


def _in_brackets(line: str, begun: int, at: int) -> _Slip | None:
    """What is wrong between a bracket and the place where libyaml gave up, on one line."""
    sign, wanted = line[at : at + 1], _OPEN.get(line[begun : begun + 1], "")
    if not sign or not wanted or sign == "#":
        return None
    if sign in "]}":
        step = f"Close the bracket with `{wanted}` before it."
        return _Slip(0, begun, f"`{line[begun]}` is closed with `{sign}`", step)
    if line[at - 1] in "'\"":
        return _ended(0, line, _quote_of(line, begun, at - 1))
    before = line[begun + 1 : at].rstrip()
    if before[-1:] in ("]", "}") and not re.match(r"[\w-]+\s*:", line[at:]):
        opened = line.rfind("[" if before[-1] == "]" else "{", begun + 1, at)
        return _ended(0, line, max(opened, begun))
    word = re.search(r"([\w-]+)\s*$", line[:at]) if sign == ":" else None
    return _comma(0, at if word is None else word.start())


def _quote_of(line: str, begun: int, end: int) -> int:
    """Where the quoted text begins that ends at a column."""
    return max(line.rfind(line[end], begun, end), begun)


def _ended(number: int, line: str, column: int) -> _Slip:
    """Text that follows what has ended."""
    sign = line[column]
    what = {"[": "a list", "{": "a mapping"}.get(sign, "a quoted text")
    other = "double" if sign == "'" else "single"
    step = f"Put the whole value in {other} quotes."
    within = re.match(rf"{sign}[^{sign}]*{sign}\w", line[column:]) if sign in "'\"" else None
    if within is not None:
        twice = "''" if sign == "'" else '\\"'
        step = f"Put the text in {other} quotes, or write `{twice}` for each quote within it."
    return _Slip(number, column, f"text follows {what} that has ended", step)


_TAGGED = re.compile(r"(?:[:,\[{-]\s+|^\s*)(!)")
_AFTER_END = re.compile(r"""(\s*(?:- +)?[^\s'"\[{][^:]*: +)(['"\[{])""")
_INDENTATION = (
    "a line with the wrong indentation",
    "Align the fields of one mapping, and the dashes of one list.",
)
_CLUES = {
    "unexpected ':'": (
        "a colon where no name has ended",
        "Put the value in quotes if the colon belongs to it.",
    ),
    "quoted scalar": (
        "a quote is never closed",
        "Close the quote; double a single quote inside single quotes.",
    ),
    "block mapping did not find expected key": _INDENTATION,
    "expected '-' indicator": _INDENTATION,
    "could not find expected ':'": ("a name without a colon after it", "Write `name: value`."),
    "expected alphabetic or numeric character": (
        "an alias or an anchor without a name",
        "Put a value that begins with `*` or `&` in quotes.",
    ),
    "expected ',' or": (
        "a bracket is never closed",
        "Close the bracket with `]` or `}`, and put commas between the items.",
    ),
    "control characters are not allowed": (
        "a control character that YAML does not allow",
        "Remove the character, or write it as \\uXXXX in double quotes.",
    ),
}
