"""Reads YAML text into plain data with the place of every field.

YAML 1.2 in spirit: `yes`, `no`, `on` and `off` are text, so are dates; only canonical numbers are
numbers, so text comes back as it was written. Events are read from libyaml one by one, nested no
deeper than any spec is, so neither depth nor aliases can exhaust the process.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import yaml

from assay.model import Related
from assay.spec import rules
from assay.spec.places import Path, Place
from assay.spec.yaml_errors import not_yaml, spot
from assay.suggest import closest, hint

if TYPE_CHECKING:
    from collections.abc import Callable

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


class _Value(NamedTuple):
    """A value, how many there are in it with all aliases expanded, and how deep they are nested."""

    data: Any
    weight: int = 1
    height: int = 0


class _Stop(Exception):  # noqa: N818 - a problem says why
    """Reading on doesn't make sense."""


def read_yaml(text: str, file: str) -> Tree:
    """Read one document; what is wrong with it comes back as problems, never as an exception."""
    loader = _Loader(text)
    reader = _Reader(file, loader.get_event)
    try:
        reader.read()
    except _Stop:
        pass
    except yaml.YAMLError as error:
        reader.problems.append(not_yaml(error, file, text))
    finally:
        loader.dispose()
    return Tree(reader.root, reader.places, reader.problems)


class _Reader:
    def __init__(self, file: str, following: Callable[[], Any]) -> None:
        self.file = file
        self.root: Any = None
        self.places: dict[Path, Place] = {}
        self.problems: list[Finding] = []
        self._following = following
        self._anchors: dict[str, _Value | None] = {}
        self._weight = 0

    def read(self) -> None:
        """Read all there is."""
        documents = 0
        while (event := self._following()) is not None:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    reason, advice = "a second document begins", "several-documents"
                    self._stop(rules.NOT_YAML, event, reason=reason, advice=advice)
            elif isinstance(event, yaml.NodeEvent):
                value, self.places[()] = self._value(event, (), None)
                self.root = value.data

    def _stop(self, rule: Rule, event: Any, **values: str) -> NoReturn:
        self.problems.append(rules.problem(rule, spot(self.file, event.start_mark), values))
        raise _Stop

    def _value(self, event: Any, path: Path, key: Any) -> tuple[_Value, Place]:
        """The value that an event begins, and its place; `key` is the event of its name, if any."""
        place = self._place(event, key)
        if isinstance(event, yaml.AliasEvent):
            value = self._aliased(event, len(path))
        else:
            if event.tag not in (None, "!") and not self._is_text(event):
                tag = event.tag.replace("tag:yaml.org,2002:", "!!")
                at = spot(self.file, event.start_mark)
                advice = "" if tag.startswith("!!") else "condition"
                self.problems.append(rules.problem(rules.TAG, at, tag=tag, advice=advice))
            if isinstance(event, yaml.ScalarEvent):
                value = _Value(self._scalar(event, place))
                if event.tag not in (None, "!") and event.tag.startswith("!"):
                    value = _Value(f"{event.tag} {event.value}".strip())  # as it would be in quotes
            else:
                value, mark = self._collection(event, path)
                place = place._replace(end_line=mark.line + 1, end_column=mark.column + 1)
            if event.anchor:
                self._anchors[event.anchor] = value
        self._weight += value.weight
        return value, place

    def _is_text(self, event: Any) -> bool:
        """Whether a tag says of a text what it is anyway."""
        if not isinstance(event, yaml.ScalarEvent):
            return False
        plain = event.implicit[0] and not event.style
        return plain or event.tag == "tag:yaml.org,2002:str"

    def _scalar(self, event: Any, place: Place) -> object:
        if not event.implicit[0] or event.style:
            return event.value
        value = _plain(event.value)
        if value is _OCTAL:
            value = event.value
            self.problems.append(rules.problem(rules.OCTAL, place.of_value, text=value))
        return value

    def _collection(self, event: Any, path: Path) -> tuple[_Value, Any]:
        """A mapping or list, and the mark of its end."""
        if len(path) >= DEEPEST:
            reason = f"nested over {DEEPEST} deep"
            self._stop(rules.NOT_YAML, event, reason=reason, advice="too-deep")
        if event.anchor:
            self._anchors[event.anchor] = None
        data: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        merged: list[Any] = []
        weight = height = 1
        while not isinstance(event := self._following(), yaml.CollectionEndEvent):
            key = None
            if isinstance(data, dict):
                key, event = self._key(event), self._following()
            own = (*path, len(data) if key is None else key.value)
            value, place = self._value(event, own, key)
            weight += value.weight
            height = max(height, value.height + 1)
            if key is None:
                data.append(value.data)
                self.places[own] = place
            elif key.value == "<<" and not key.style:
                merged += self._merged(value.data, place)
            elif key.value in data:
                first = self.places[own].of_key
                related = (Related(label="first here", location=first),)
                found = rules.problem(
                    rules.DUPLICATE_KEY, place.of_key, related=related, key=key.value
                )
                self.problems.append(found)
            else:
                data[key.value] = value.data
                self.places[own] = place
        for part in merged:
            for name, inner in part.items():
                data.setdefault(name, inner)
        return _Value(data, weight, height), event.end_mark

    def _key(self, event: Any) -> Any:
        """The event of a field's name."""
        if isinstance(event, yaml.AliasEvent):
            self._anchored(event)
        if not isinstance(event, yaml.ScalarEvent):
            braces = isinstance(event, yaml.MappingStartEvent) and event.flow_style
            self._stop(rules.KEY_NOT_TEXT, event, case="braces" if braces else "")
        if not event.style and _UNSEEN.search(event.value):
            reason = "a space that is not an ordinary one, which YAML takes for part of a name"
            step = "Replace it with an ordinary space: it may come from a web page."
            self._stop(rules.NOT_YAML, event, reason=reason, step=step)
        return event

    def _anchored(self, event: Any) -> _Value:
        """The value that an alias stands for."""
        if event.anchor not in self._anchors:
            near = closest(event.anchor, self._anchors)
            reason = f"has no anchor above it{hint(event.anchor, self._anchors)}"
            advice, step = (
                "unknown" if self._anchors else "text",
                f"Write `*{near}`." if near else "",
            )
            self._stop(
                rules.ALIAS, event, name=event.anchor, reason=reason, advice=advice, step=step
            )
        value = self._anchors[event.anchor]
        if value is None:
            reason = "refers to the value that contains it"
            self._stop(rules.ALIAS, event, name=event.anchor, reason=reason, advice="circular")
        return value

    def _aliased(self, event: Any, depth: int) -> _Value:
        value = self._anchored(event)
        if depth + value.height > DEEPEST:
            reason = f"nests the values over {DEEPEST} deep"
            self._stop(rules.ALIAS, event, name=event.anchor, reason=reason, advice="too-deep")
        if self._weight + value.weight > MOST_NODES:
            reason = f"expands the file to more than {MOST_NODES:,} values"
            self._stop(rules.ALIAS, event, name=event.anchor, reason=reason)
        return value

    def _place(self, event: Any, key: Any) -> Place:
        start, end = event.start_mark, event.end_mark
        inner = -1
        if isinstance(event, yaml.ScalarEvent) and start.line == end.line:
            inner = 1 if event.style in ("'", '"') else -1 if event.style else 0
        line, column = start.line + 1, start.column + 1
        rest = (line, column, end.line + 1, end.column + 1, inner)
        if key is None:
            return Place(self.file, 0, 0, 0, *rest)
        mark, stop = key.start_mark, key.end_mark
        return Place(self.file, mark.line + 1, mark.column + 1, stop.column + 1, *rest)

    def _merged(self, value: Any, place: Place) -> list[dict[str, Any]]:
        """The mappings that `<<` stands for."""
        parts = value if isinstance(value, list) else [value]
        for part in parts:
            if not isinstance(part, dict):
                expected = {"field": "<<", "expected": "an alias of a mapping", "actual": "a value"}
                step = "Write `<<: *name`, and `&name` before a mapping."
                at = place.of_value
                self.problems.append(rules.problem(rules.WRONG_TYPE, at, expected, step=step))
        return [part for part in parts if isinstance(part, dict)]


_UNSEEN = re.compile("[\u00a0\u2000-\u200b\u202f\u2060\u3000\ufeff]")
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
