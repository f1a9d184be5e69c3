"""Reads YAML text into plain data with the place of every field.

YAML 1.2 in spirit: `yes`, `no`, `on` and `off` are text, so are dates; only canonical numbers are
numbers, so text comes back as it was written. Events are read from libyaml one by one and never by
recursion, so neither depth nor aliases can exhaust the process.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from assay.model import Location, Related
from assay.spec import rules
from assay.spec.places import Path, Place

if TYPE_CHECKING:
    from assay.model import Finding, Rule

try:
    from yaml import CLoader as _Loader
except ImportError:  # pragma: no cover - PyYAML was built without libyaml
    from yaml import Loader as _Loader  # type: ignore[assignment]

MOST_NODES = 1_000_000
"""More values than this, aliases expanded, are taken for an attack or a mistake."""
DEEPEST = 100
"""Deeper nesting than this has no meaning in any spec."""


class Tree(NamedTuple):
    """The content of one YAML file."""

    data: Any
    places: dict[Path, Place]
    problems: list[Finding]


class _Open:
    """A mapping or list whose end has not been read yet."""

    __slots__ = (
        "anchor",
        "data",
        "height",
        "key",
        "key_event",
        "merged",
        "path",
        "place",
        "weight",
    )

    def __init__(self, data: Any, path: Path, anchor: str | None, place: Place) -> None:
        self.data = data
        self.path = path
        self.anchor = anchor
        self.place = place
        self.key: str | None = None
        self.key_event: Any = None
        self.merged: list[dict[str, Any]] = []
        self.weight = 1
        self.height = 1


class _Anchored(NamedTuple):
    data: Any
    weight: int
    height: int


def read_yaml(text: str, file: str) -> Tree:
    """Read one document; what is wrong with it comes back as problems, never as an exception."""
    reader = _Reader(file)
    loader = _Loader(text)
    try:
        while True:
            event = loader.get_event()
            if event is None or not reader.take(event):
                break
    except yaml.YAMLError as error:
        reader.problems.append(_not_yaml(error, file, text))
    finally:
        loader.dispose()
    return Tree(reader.root, reader.places, reader.problems)


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Any = None
        self.places: dict[Path, Place] = {}
        self.problems: list[Finding] = []
        self._stack: list[_Open] = []
        self._anchors: dict[str, _Anchored | None] = {}
        self._documents = 0
        self._weight = 0

    def take(self, event: Any) -> bool:
        """Take one event; False when reading on doesn't make sense."""
        match event:
            case yaml.ScalarEvent():
                self._scalar(event)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                return self._start(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._end(event)
            case yaml.AliasEvent():
                return self._alias(event)
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    at = _spot(self.file, event.start_mark)
                    reason, advice = "a second document begins", "several-documents"
                    self._complain(rules.NOT_YAML, at, reason=reason, advice=advice)
                    return False
            case _:
                pass  # where the stream and the document begin and end says nothing
        return True

    def _complain(self, rule: Rule, at: Location, **values: str) -> None:
        self.problems.append(rules.problem(rule, at, values))

    def _scalar(self, event: Any) -> None:
        top = self._stack[-1] if self._stack else None
        if top is not None and top.key is None and isinstance(top.data, dict):
            top.key, top.key_event = event.value, event
            return
        value: Any = event.value
        if event.implicit[0] and not event.style:
            value = _plain(value)
            if value is _OCTAL:
                value = event.value
                at = self._place(event).of_value
                self._complain(rules.OCTAL, at, text=value)
        elif event.tag not in (None, "!", "tag:yaml.org,2002:str"):
            at = _spot(self.file, event.start_mark)
            self._complain(rules.TAG, at, tag=event.tag.replace("tag:yaml.org,2002:", "!!"))
        self._store(value, self._place(event), 1, 0)
        if event.anchor:
            self._anchors[event.anchor] = _Anchored(value, 1, 0)

    def _start(self, event: Any) -> bool:
        top = self._stack[-1] if self._stack else None
        if top is not None and top.key is None and isinstance(top.data, dict):
            self._complain(rules.KEY_NOT_TEXT, _spot(self.file, event.start_mark))
            return False
        if len(self._stack) >= DEEPEST:
            at = _spot(self.file, event.start_mark)
            reason = f"nested over {DEEPEST} deep"
            self._complain(rules.NOT_YAML, at, reason=reason, advice="too-deep")
            return False
        if event.tag not in (None, "!"):
            at = _spot(self.file, event.start_mark)
            self._complain(rules.TAG, at, tag=event.tag.replace("tag:yaml.org,2002:", "!!"))
        data: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        opened = _Open(data, self._path(), event.anchor, self._place(event))
        if event.anchor:
            self._anchors[event.anchor] = None
        self._stack.append(opened)
        return True

    def _end(self, event: Any) -> None:
        done = self._stack.pop()
        for merged in done.merged:
            for key, value in merged.items():
                done.data.setdefault(key, value)
        if done.anchor:
            self._anchors[done.anchor] = _Anchored(done.data, done.weight, done.height)
        mark = event.end_mark
        place = done.place._replace(end_line=mark.line + 1, end_column=mark.column + 1)
        self._store(done.data, place, done.weight, done.height)

    def _alias(self, event: Any) -> bool:
        at = _spot(self.file, event.start_mark)
        if event.anchor not in self._anchors:
            reason = "has no anchor above it"
            self._complain(rules.ALIAS, at, name=event.anchor, reason=reason, advice="unknown")
            return False
        anchored = self._anchors[event.anchor]
        if anchored is None:
            reason = "refers to the value that contains it"
            self._complain(rules.ALIAS, at, name=event.anchor, reason=reason, advice="circular")
            return False
        top = self._stack[-1] if self._stack else None
        if top is not None and top.key is None and isinstance(top.data, dict):
            self._complain(rules.KEY_NOT_TEXT, at)
            return False
        if len(self._stack) + anchored.height > DEEPEST:
            reason = f"nests the values over {DEEPEST} deep"
            self._complain(rules.ALIAS, at, name=event.anchor, reason=reason, advice="too-deep")
            return False
        self._store(anchored.data, self._place(event), anchored.weight, anchored.height)
        if self._weight > MOST_NODES:
            reason = f"expands the file to more than {MOST_NODES:,} values"
            self._complain(rules.ALIAS, at, name=event.anchor, reason=reason)
            return False
        return True

    def _path(self) -> Path:
        if not self._stack:
            return ()
        top = self._stack[-1]
        return (*top.path, len(top.data) if isinstance(top.data, list) else top.key or "")

    def _place(self, event: Any) -> Place:
        start, end = event.start_mark, event.end_mark
        inner = -1
        if isinstance(event, yaml.ScalarEvent) and start.line == end.line:
            inner = 1 if event.style in ("'", '"') else -1 if event.style else 0
        line, column = start.line + 1, start.column + 1
        rest = (line, column, end.line + 1, end.column + 1, inner)
        key = self._stack[-1].key_event if self._stack else None
        if key is None:
            return Place(self.file, 0, 0, 0, *rest)
        mark, stop = key.start_mark, key.end_mark
        return Place(self.file, mark.line + 1, mark.column + 1, stop.column + 1, *rest)

    def _store(self, value: Any, place: Place, weight: int, height: int) -> None:
        self._weight += weight
        if not self._stack:
            self.root = value
            self.places[()] = place
            return
        top = self._stack[-1]
        top.weight += weight
        top.height = max(top.height, height + 1)
        path = self._path()
        if isinstance(top.data, list):
            top.data.append(value)
            self.places[path] = place
            return
        key, event = top.key or "", top.key_event
        top.key = top.key_event = None
        if key == "<<" and not event.style:
            self._merge(top, value, place)
        elif key in top.data:
            first = self.places[path].of_key
            related = (Related(label="first here", location=first),)
            found = rules.problem(rules.DUPLICATE_KEY, place.of_key, related=related, key=key)
            self.problems.append(found)
        else:
            top.data[key] = value
            self.places[path] = place

    def _merge(self, top: _Open, value: Any, place: Place) -> None:
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, dict):
                top.merged.append(part)
            else:
                expected = {"field": "<<", "expected": "an alias of a mapping", "actual": "a value"}
                step = "Write `<<: *name`, and `&name` before a mapping."
                self._complain(rules.WRONG_TYPE, place.of_value, step=step, **expected)


_OCTAL = object()
_WORDS: dict[str, object] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


def _plain(text: str) -> object:
    """The value of a plain scalar: a number only if its text is the canonical one."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "-+.0123456789" or len(text) > 40:
        return text
    digits = text[1:] if text[0] in "+-" else text
    if digits.isascii() and digits.isdigit():
        if digits[0] == "0" and digits != "0":
            return _OCTAL
        return int(text) if text[0] != "+" and text != "-0" else text
    if not digits.replace(".", "", 1).isdigit() or not digits.isascii():
        return text
    return float(text) if repr(float(text)) == text else text


def _spot(file: str, mark: Any) -> Location:
    return Location(file=file, line=mark.line + 1, column=mark.column + 1)


def _not_yaml(error: yaml.YAMLError, file: str, text: str) -> Finding:
    """Say in our words what libyaml stumbled over."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        position = getattr(error, "position", 0) or 0
        before = text.encode()[:position].decode("utf-8", "replace")  # libyaml counts bytes
        line = before.count("\n") + 1
        at = Location(file=file, line=line, column=len(before) - before.rfind("\n"))
        reason = "a control character that YAML does not allow"
        return rules.problem(rules.NOT_YAML, at, reason=reason, advice="control-character")
    at = _spot(file, mark)
    begun = getattr(error, "context_mark", None)
    said = f"{getattr(error, 'context', '') or ''} {getattr(error, 'problem', '') or ''}"
    lines = text.split("\n")
    tag = _TAGGED.search(lines[mark.line]) if mark.line < len(lines) else None
    if tag is not None and tag.start(1) <= mark.column:
        at = Location(file=file, line=mark.line + 1, column=tag.start(1) + 1)
        reason = "a value that begins with `!` is a YAML tag"
        return rules.problem(rules.NOT_YAML, at, reason=reason, advice="tag")
    for clue, reason, step in _CLUES:
        if clue in said:
            if begun is not None and reason.endswith("never closed"):
                at = _spot(file, begun)  # the end of the file says nothing
            return rules.problem(rules.NOT_YAML, at, reason=reason, step=step)
    return rules.problem(rules.NOT_YAML, at, reason="unexpected text")


_TAGGED = re.compile(r"(?:[:,\[{-]\s+|^\s*)(!)")
_CLUES = (
    (
        "character that cannot start any token",
        "a tab or a reserved character where a value begins",
        "Indent with spaces, and put a value that begins with @, ` or % in quotes.",
    ),
    (
        "found a tab",
        "a tab in the indentation",
        "Indent with spaces: YAML does not allow tabs there.",
    ),
    (
        "mapping values are not allowed",
        "a second colon on the line, or a line indented too far",
        "Put text that contains `: ` in quotes, and align the fields of one mapping.",
    ),
    (
        "quoted scalar",
        "a quote is never closed",
        "Close the quote; double a single quote inside single quotes.",
    ),
    *(
        (
            clue,
            "a line with the wrong indentation",
            "Align the fields of one mapping, and the dashes of one list.",
        )
        for clue in ("block mapping did not find expected key", "expected '-' indicator")
    ),
    (
        "could not find expected ':'",
        "a name without a colon after it",
        "Write `name: value`.",
    ),
    (
        "expected ',' or",
        "a bracket is never closed",
        "Close the bracket, and put commas between the items.",
    ),
    (
        "control characters are not allowed",
        "a control character that YAML does not allow",
        "Remove the character, or write it as \\uXXXX in double quotes.",
    ),
)
