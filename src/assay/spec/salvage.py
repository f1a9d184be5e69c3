"""Makes the most of a spec with mistakes, so that the rest of it can be checked in the same run."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from assay.kinds import KINDS
from assay.spec.assembly import assemble, head_of
from assay.spec.documents import parse_documents
from assay.spec.rules import WAIVER_UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable

    from assay.spec.document import Spec


def salvaged(data: dict[str, Any], places: Any, root: str, files: tuple[str, ...]) -> Spec:
    """A spec of what can be understood.

    An entry that can't be keeps its name, so that what refers to it is not called undeclared.
    """
    lost: dict[str, set[str]] = {}
    kept: dict[str, Any] = {}
    for field, value in data.items():
        if field in KINDS:
            kept[field] = _entries(field, value, lost.setdefault(field, set()))
        elif field == "documents":
            own = value if isinstance(value, dict) else {}
            kept[field] = {k: v for k, v in own.items() if _accepted(parse_documents, {k: v})}
        elif _accepted(head_of, {field: value}):
            kept[field] = value
        elif field == "waivers" and isinstance(value, list):
            kept[field] = list(map(_waiver, value))
    spec = assemble(kept, places, root, files)
    return msgspec.structs.replace(
        spec, lost={section: frozenset(names) for section, names in lost.items()}
    )


def _entries(section: str, content: Any, lost: set[str]) -> dict[str, Any]:
    if not isinstance(content, dict):
        return {}
    kind = KINDS[section]
    kept: dict[str, Any] = {}
    for name, value in content.items():
        if _accepted(partial(kind.parse, name), value):
            kept[name] = value
            continue
        lost.add(name)
        parse = partial(kind.parse, name)
        rest = _understood(parse, value) or _completed(parse, value)
        if rest is not None or kind.stand_in is not msgspec.UNSET:
            kept[name] = kind.stand_in if rest is None else rest
    return kept


def _understood(parse: Callable[[Any], object], value: Any) -> dict[str, Any] | None:
    """An entry without the fields that are wrong, so that what the others say is checked too."""
    if not isinstance(value, dict):
        return None
    for name in value:  # mostly it is one
        rest = {key: field for key, field in value.items() if key != name}
        if _accepted(parse, rest):
            return rest
    own: dict[str, Any] = {}
    for name in sorted(value, key=lambda field: field != "type"):  # others depend on it
        if _accepted(parse, {**own, name: value[name]}):
            own[name] = value[name]
    return own if _accepted(parse, own) else None


_FILLERS = {
    "cipher": "aes-256-gcm",
    "encoding": "base64",
    "message": "?",
}
"""Fields that an entry may lack, to values that refer to nothing."""
_REFUSED = re.compile(r"(?:missing required|contains unknown) field `([\w-]+)`")


def _completed(parse: Callable[[Any], object], value: Any) -> dict[str, Any] | None:
    """An entry with something in the fields that it lacks, so that the others are checked too."""
    if not isinstance(value, dict):
        return None
    filled = dict(value)
    while refused := _REFUSED.search(_refusal(parse, filled)):
        name = refused[1]
        if "unknown" in refused[0] and name in filled:
            del filled[name]
        elif "missing" in refused[0] and name in _FILLERS and name not in filled:
            filled[name] = _FILLERS[name]
        else:
            return None  # it is in an inner entry
    return filled if _accepted(parse, filled) else _understood(parse, filled)


def _refusal(parse: Callable[[Any], object], value: Any) -> str:
    try:
        parse(value)
    except msgspec.ValidationError as error:
        return str(error)
    return ""


def _waiver(value: Any) -> dict[str, Any]:
    """A waiver with its references, at the index that it had; its own faults are reported."""
    said = value if isinstance(value, dict) else {}
    references = {"rule": WAIVER_UNKNOWN.code, "subject": "", "environment": None}
    kept = {name: said[name] for name in references if isinstance(said.get(name), str)}
    return {"reason": "?", **references, **kept}


def _accepted(parse: Callable[[Any], object], value: Any) -> bool:
    try:
        parse(value)
    except msgspec.ValidationError:
        return False
    return True
