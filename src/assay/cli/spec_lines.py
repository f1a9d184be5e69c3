"""Decides which part of a spec's line may be shown: the field that a finding is about.

Comments are left out. Other values of the line are bullets, unless they are words of the language;
so is the default or example of what is secret, and whatever looks like a credential. If the text
is not YAML, only words of the language and names stay.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import yaml

from assay.discretion import discreet
from assay.hygiene.sounds import sounds_secret
from assay.kinds import KINDS
from assay.redacted import BULLETS
from assay.reporters.base import Quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.model import Location

try:
    from yaml import CLoader as _Loader
except ImportError:  # pragma: no cover - PyYAML was built without libyaml
    from yaml import Loader as _Loader  # type: ignore[assignment]

_VALUES = ("default", "example")
"""Fields of a variable that hold what may stand in an environment."""
_OF_TESTS = ("environments", "process", "values")
"""Fields of a fixture test below which values of environments stand."""
_TRUE = ("true", "yes", "on")
_NAMING = frozenset(
    (
        *(("keys", field) for field in ("variable", "previous")),
        *(("databases", field) for field in ("sql", "supabase", "url", "key")),
        *(("variables", field) for field in ("deprecated", "url", "key")),
        ("credentials", "suspects"),
    )
)
"""Fields, by their section, that hold the name of a variable."""
_ASSIGNMENT = re.compile(r"\s*(?:export\s+)?[A-Za-z_]\w*\s*=(?![=~])\s*\S")


class _Scalar(NamedTuple):
    """A text of a YAML file: its place from 0, and the fields that lead to it."""

    path: tuple[str | int, ...]
    key: bool
    text: str
    line: int
    start: int
    end_line: int
    end: int


MOST_TEXTS = 500
"""On a line that is shown. Each is looked at for each finding on the line."""


class SpecLines:
    """The lines of one spec file."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._scalars: dict[int, list[_Scalar]] = {}
        self._said: dict[tuple[str | int, ...], str] = {}
        self._names: set[str] = {"true", "false"}
        for scalar in _scalars(text):
            if not scalar.key:
                self._said[scalar.path] = scalar.text
            elif len(scalar.path) == 2:
                self._names.add(scalar.text)
            for line in range(scalar.line, scalar.end_line + 1):
                self._scalars.setdefault(line, []).append(scalar)

    def quoted(self, at: Location) -> Quoted | None:
        """The line of `at` as it may be shown."""
        number = (at.line or 0) - 1
        scalars = self._scalars.get(number, ())
        if not 0 <= number < len(self._lines) or len(scalars) > MOST_TEXTS:
            return None
        line = self._lines[number]
        cells, done = list(line), 0
        for scalar in scalars:
            start = scalar.start if scalar.line == number else 0
            end = scalar.end if scalar.end_line == number else len(line)
            if start < done or end < start or (scalar.line != number and not end):
                continue
            _hide_between(line, done, start, cells)
            if own := _PROPERTIES.match(line[start:end]):
                if discreet(own[0]) != own[0]:
                    _hide(cells, start, start + len(own[0].rstrip()), _APART)
                start += own.end()
            if not self._open(scalar, at, start, end):
                quotes = end - start > 1 and line[start] in _QUOTES and line[end - 1] == line[start]
                _hide(cells, start + quotes, end - quotes, _APART if quotes else _HIDDEN)
            done = end
        _hide_between(line, done, len(line), cells)
        return _shown(cells, at)

    def _open(self, scalar: _Scalar, at: Location, start: int, end: int) -> bool:
        """Whether a text may be shown where a finding is about `at`."""
        text, path = scalar.text, scalar.path
        if discreet(text) != text or _ASSIGNMENT.match(text):
            return False
        if scalar.key or not text.strip():
            return True
        if self._secret(path) or not self._fits(path, text):
            return False
        if _of_variable(path):
            meant = at.column is not None and start <= at.column - 1 < max(end, start + 1)
            return meant and (at.end_column is None or at.end_column - 1 <= end)
        field = next((part for part in reversed(path) if isinstance(part, str)), "")
        about = at.column is not None and start <= at.column - 1 < end
        return about or _known(field) or _known(text)

    def _secret(self, path: tuple[str | int, ...]) -> bool:
        """Whether what stands at a path may be somebody's secret."""
        if path[:1] == ("tests",):
            return any(field in _OF_TESTS for field in path[2:-1])
        if len(path) == 2 and path[0] in KINDS:  # a value, though a mapping belongs there
            return True
        if not _of_variable(path):
            below = path[:1] == ("variables",) and any(field in path[1:] for field in _VALUES)
            return below or path[-1:] == ("<<",)
        said = self._said.get((*path[:2], "secret"), "").lower()
        if said:
            return said in _TRUE
        type_ = self._said.get((*path[:2], "type"), "text")
        return sounds_secret(str(path[1])) or _sensitive_type(type_)

    def _fits(self, path: tuple[str | int, ...], text: str) -> bool:
        """Whether a text is a name, where the name of a variable belongs."""
        field = next((part for part in reversed(path) if isinstance(part, str)), "")
        if (*path[:1], field) not in _NAMING:
            return True
        return bool(_NAME.fullmatch(text)) or text in self._names


def _of_variable(path: tuple[str | int, ...]) -> bool:
    return len(path) == 3 and path[0] == "variables" and path[2] in _VALUES


def _scalars(text: str) -> Iterator[_Scalar]:
    """Every text of a YAML file in its order, as far as the file can be read."""
    loader = _Loader(text)
    stack: list[list[Any]] = [[False, 0]]
    """For each open mapping or list: whether it is a mapping, and its key or number."""
    try:
        while (event := loader.get_event()) is not None:
            if isinstance(event, yaml.CollectionStartEvent):
                mapping = isinstance(event, yaml.MappingStartEvent)
                stack.append([mapping, None if mapping else 0])
                continue
            if isinstance(event, yaml.CollectionEndEvent):
                stack.pop()
            elif isinstance(event, yaml.ScalarEvent):
                is_key = stack[-1][0] and stack[-1][1] is None
                if is_key:
                    stack[-1][1] = event.value
                path = tuple(entry[1] for entry in stack[1:])
                a: Any = event.start_mark
                b: Any = event.end_mark
                yield _Scalar(path, is_key, event.value, a.line, a.column, b.line, b.column)
                if is_key:
                    continue
            elif not isinstance(event, yaml.AliasEvent):
                continue
            stack[-1][1] = None if stack[-1][0] else stack[-1][1] + 1
    except yaml.YAMLError:
        return
    finally:
        loader.dispose()


_PROPERTIES = re.compile(r"(?:[&!]\S*(?:\s+|$))+")
"""The anchor and the tag of a text, which libyaml takes for a part of it."""
_WORD = re.compile(r"[^\s{}\[\],:\"']+")
_COLON = re.compile(r"\s*:")
_COMMENT = re.compile(r"(?:^|(?<=\s))#")
_SIGNS = re.compile(r"[-?|>&*!+0-9%@`.]+|[&*!][A-Za-z_][\w-]*|!![a-z]+|---")
_NAME = re.compile(r"[A-Z][A-Z0-9_]*")


def _hide_between(line: str, start: int, end: int, cells: list[str]) -> None:
    """Hide what stands between texts, but for words of the language; leave out a comment."""
    text = line[start:end]
    if comment := _COMMENT.search(text):
        text = text[: comment.start()].rstrip()
        cells[start + len(text) :] = [""] * (len(line) - start - len(text))
    indent = len(line) - len(line.lstrip(" -\t"))
    for word in _WORD.finditer(text):
        name = _NAME.fullmatch(word[0]) and _COLON.match(text, word.end())
        first = start + word.start() <= indent
        signs = _SIGNS.fullmatch(word[0]) and not word[0].strip("-+.").isdigit()
        plain = signs or _known(word[0]) or (name and first)
        if not plain or discreet(word[0]) != word[0]:
            _hide(cells, start + word.start(), start + word.end(), _HIDDEN)


_QUOTES = ('"', "'")
_HIDDEN, _APART = "\0", "\1"
"""What stands for a hidden character; one in quotes joins no bullets before it."""
_ROW = re.compile(f"(?:{_HIDDEN}+|{_APART}+)(?:[\"'\\s]*{_HIDDEN}+)*")


def _hide(cells: list[str], start: int, end: int, mark: str) -> None:
    cells[start:end] = [mark if cell else "" for cell in cells[start:end]]


def _shown(cells: list[str], at: Location) -> Quoted:
    """A line with each row of hidden characters as bullets, and the columns of `at` in it."""
    text = "".join(cells)
    first = len("".join(cells[: (at.column or 1) - 1]))
    last = None if at.end_column is None else len("".join(cells[: at.end_column - 1]))
    for row in _ROW.finditer(text):
        low, high = row.span()
        if row[0].startswith(_APART):  # with the quotes around it
            low -= text.startswith(_QUOTES, max(low - 1, 0))
            high += text.startswith(_QUOTES, high)
        if low < first < high:
            first = low
        if last is not None and low < last < high:
            last = high
    shown = _ROW.sub(BULLETS, text).rstrip()
    start = min(len(_ROW.sub(BULLETS, text[:first])), len(shown))
    end = None
    if last is not None:
        end = max(min(len(_ROW.sub(BULLETS, text[:last])), len(shown)), start + 1) + 1
    column = None if at.column is None else start + 1
    return Quoted(shown, msgspec.structs.replace(at, column=column, end_column=end))


@cache
def _words() -> frozenset[str]:
    """Every word of the language; `make docs` lists them, because making the schemas takes long."""
    return frozenset((Path(__file__).parent / "spec_words.txt").read_text("ascii").splitlines())


def _known(text: str) -> bool:
    return text in _words()


def _sensitive_type(name: str) -> bool:
    """Whether the values of a type are secret; so they are if that is unknown."""
    from assay.formats import FORMATS

    if name not in FORMATS:
        return False
    try:
        return bool(FORMATS[name]().sensitive)
    except TypeError:  # it has parameters without which there is none
        return True
