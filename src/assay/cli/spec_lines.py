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

import yaml

from assay.discretion import discreet
from assay.hygiene.sounds import sounds_secret
from assay.kinds import KINDS
from assay.model import Location
from assay.redacted import BULLETS
from assay.reporters.base import Quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

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
        if not 0 <= number < len(self._lines):
            return None
        if len(self._scalars.get(number, ())) > MOST_TEXTS:
            return None
        line = self._lines[number]
        pieces: list[tuple[int, int, str]] = []
        done, ended = 0, False
        for scalar in self._scalars.get(number, ()):
            start = scalar.start if scalar.line == number else 0
            end = scalar.end if scalar.end_line == number else len(line)
            if start < done or end < start or (scalar.line != number and not end):
                continue
            ended = _gap(line, done, start, pieces)
            if own := _PROPERTIES.match(line[start:end]):
                tags = own[0] if discreet(own[0]) == own[0] else f"{BULLETS} "
                pieces.append((start, start + own.end(), tags))
                start += own.end()
            raw = line[start:end]
            shown = raw if self._open(scalar, at, start, end) else _in_quotes(raw)
            pieces.append((start, end, shown))
            done = end
        if not ended:
            _gap(line, done, len(line), pieces)
        return _joined(pieces, at)

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
    """Whether the default or example of a variable stands at a path."""
    return len(path) == 3 and path[0] == "variables" and path[2] in _VALUES


def _scalars(text: str) -> Iterator[_Scalar]:
    """Every text of a YAML file in its order, as far as the file can be read."""
    loader = _Loader(text)
    stack: list[list[Any]] = []
    """For each open mapping or list: whether it is a mapping, and its key or number."""
    try:
        while (event := loader.get_event()) is not None:
            top = stack[-1] if stack else None
            if isinstance(event, yaml.ScalarEvent):
                is_key = top is not None and top[0] and top[1] is None
                if is_key and top is not None:
                    top[1] = event.value
                path = tuple(entry[1] for entry in stack)
                a: Any = event.start_mark
                b: Any = event.end_mark
                yield _Scalar(path, is_key, event.value, a.line, a.column, b.line, b.column)
                if not is_key:
                    _next(top)
            elif isinstance(event, yaml.AliasEvent):
                _next(top)
            elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                mapping = isinstance(event, yaml.MappingStartEvent)
                stack.append([mapping, None if mapping else 0])
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                stack.pop()
                _next(stack[-1] if stack else None)
    except yaml.YAMLError:
        return
    finally:
        loader.dispose()


def _next(top: list[Any] | None) -> None:
    if top is not None:
        top[1] = None if top[0] else top[1] + 1


_PROPERTIES = re.compile(r"(?:[&!]\S*(?:\s+|$))+")
"""The anchor and the tag of a text, which libyaml takes for a part of it."""
_WORD = re.compile(r"[^\s{}\[\],:\"']+")
_COLON = re.compile(r"\s*:")
_COMMENT = re.compile(r"(?:^|(?<=\s))#")
_SIGNS = re.compile(r"[-?|>&*!+0-9%@`.]+|[&*!][A-Za-z_][\w-]*|!![a-z]+|---")
_NAME = re.compile(r"[A-Z][A-Z0-9_]*")


def _gap(line: str, start: int, end: int, pieces: list[tuple[int, int, str]]) -> bool:
    """Add what stands between texts; True if a comment ends the line."""
    text = line[start:end]
    comment = _COMMENT.search(text)
    if comment:
        text = text[: comment.start()].rstrip()
    at, indent = 0, len(line) - len(line.lstrip(" -\t"))
    for word in _WORD.finditer(text):
        name = _NAME.fullmatch(word[0]) and _COLON.match(text, word.end())
        first = start + word.start() <= indent
        signs = _SIGNS.fullmatch(word[0]) and not word[0].strip("-+.").isdigit()
        plain = signs or _known(word[0]) or (name and first)
        shown = word[0] if plain and discreet(word[0]) == word[0] else BULLETS
        pieces.append((start + at, start + word.start(), text[at : word.start()]))
        pieces.append((start + word.start(), start + word.end(), shown))
        at = word.end()
    pieces.append((start + at, start + len(text), text[at:]))
    if comment:
        pieces.append((start + len(text), len(line), ""))
    return comment is not None


def _in_quotes(raw: str) -> str:
    """Bullets, in the quotes that stand there."""
    quote = raw[0] if len(raw) > 1 and raw[0] in "\"'" and raw[-1] == raw[0] else ""
    return f"{quote}{BULLETS}{quote}"


def _ends_hidden(text: str) -> bool:
    """Whether nothing but blanks and quotes comes after bullets."""
    end = len(text)
    while end and (text[end - 1] in "\"'" or text[end - 1].isspace()):
        end -= 1
    return text.endswith(BULLETS, 0, end)


def _joined(pieces: list[tuple[int, int, str]], at: Location) -> Quoted:
    """The pieces as one line, each row of bullets as one, and the columns of `at` in it."""
    text = ""
    start = end = None
    first = (at.column or 1) - 1
    last = None if at.end_column is None else at.end_column - 1
    for low, high, shown in pieces:
        hidden = shown == BULLETS and _ends_hidden(text)
        if hidden:
            text = text.rstrip("\"' \t")
        base = max(len(text) - len(BULLETS), 0) if hidden else len(text)
        same = len(shown) == high - low and BULLETS not in shown
        if start is None and low <= first < max(high, low + 1):
            start = base + (first - low if same else 0)
        if not hidden:
            text += shown
        if end is None and last is not None and low < last <= high:
            end = base + (last - low) if same else len(text)
    text = text.rstrip()
    start = min(len(text) if start is None else start, len(text))
    column = None if at.column is None else start + 1
    wanted = None if last is None else max(len(text) if end is None else end, start + 1) + 1
    place = Location(
        file=at.file, line=at.line, column=column, end_line=at.end_line, end_column=wanted
    )
    return Quoted(text, place)


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
