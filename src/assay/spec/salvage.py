"""Makes the most of a spec with mistakes, so that the rest of it can be checked in the same run."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from assay.documents.section import parse_documents
from assay.kinds import KINDS, kind
from assay.spec.assembly import assemble, head_of
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
        if field in KINDS.values():
            kept[field] = _entries(field, value, lost.setdefault(field, set()))
        elif field == "documents":
            own = value if isinstance(value, dict) else {}
            kept[field] = {k: v for k, v in own.items() if _accepted(parse_documents, {k: v})}
        elif _accepted(head_of, {field: value}):
            kept[field] = value
        elif field == "waivers" and isinstance(value, list):
            kept[field] = list(map(_waiver, value))
    spec = assemble(kept, places, root, files)
    broken = frozenset(lost.pop("variables", ()))
    return msgspec.structs.replace(
        spec, broken=broken, lost={section: frozenset(names) for section, names in lost.items()}
    )


def _entries(section: str, content: Any, lost: set[str]) -> dict[str, Any]:
    if not isinstance(content, dict):
        return {}
    parses = [kind(name).parse for name, own in KINDS.items() if own == section]
    kept: dict[str, Any] = {}
    for name, value in content.items():
        if all(_accepted(partial(parse, name), value) for parse in parses):
            kept[name] = value
        elif section == "environments":
            kept[name] = {}
        elif section == "variables":
            kept[name] = None
            lost.add(name)
        else:
            lost.add(name)
    return kept


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
