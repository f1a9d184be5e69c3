"""What to do about a field that its place does not have: it belongs elsewhere, or to no spec."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from assay.kinds import KINDS
from assay.spec import foreign
from assay.words import either

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from assay.spec.places import Path


def elsewhere(name: str, path: Path, root: Mapping[str, Any]) -> str:
    """What to do about a field at `path`, by the schema of the file; empty if nothing is known."""
    if path and name in root.get("properties", {}) and "variables" in root["properties"]:
        return f"Move `{name}` to the top level of the file, without indentation."
    if path[:1] == ("environments",) and _NAME.fullmatch(name):
        return f"Declare `{name}:` below `variables`; its value stands in a source, such as .env."
    if path[:1] == ("tests",) and _NAME.fullmatch(name):
        return f"Move `{name}` below `values`."
    if path[:1] == ("keys",) and foreign.folded(name) in ("bits", "bytes", "keysize", "size"):
        return f"Remove `{name}`: the cipher decides how many bytes are needed."
    hint = foreign.HINTS.get(foreign.folded(name))
    if hint is not None:
        return hint
    sections = [section for section in KINDS if name in _fields(section, root)]
    if len(path) > 2:
        return ""
    if sections == ["variables"] or (not path and "variables" in sections):
        return f"Write `{name}` in the entry of each variable that it is about, below `variables`."
    if not 0 < len(sections) <= MOST or path[:1] in {(section,) for section in sections}:
        return ""
    return f"Move `{name}` to an entry of {either(f'`{section}`' for section in sections)}."


def nameless(data: Any, root: Mapping[str, Any]) -> Iterator[str]:
    """The sections that hold the fields of one entry, without its name above them."""
    for section in KINDS:
        entries = data.get(section) if isinstance(data, dict) else None
        fields = _fields(section, root)
        if not isinstance(entries, dict) or not entries or section == "variables":
            continue
        flat = any(not isinstance(entry, dict | None) for entry in entries.values())
        alone = section == "databases" and not any(
            isinstance(entry, dict) and fields.keys() & entry for entry in entries.values()
        )
        if (flat or alone) and entries.keys() <= fields.keys():
            yield section


MOST = 3
"""Sections that a remedy names."""
_NAME = re.compile("[A-Z][A-Z0-9_]*")


def _fields(section: str, root: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fields that an entry of a section has."""
    entry = root.get("$defs", {}).get(section, {})
    for form in (entry, *entry.get("anyOf", ())):
        if "properties" in form:
            found: Mapping[str, Any] = form["properties"]
            return found
    return {}
