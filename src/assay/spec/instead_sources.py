"""The sources to write instead of the name of a file, or of fields in the wrong place."""

from __future__ import annotations

import re
from typing import Any

from assay.sources import SOURCES
from assay.spec import foreign
from assay.spec.flow import flow, pair
from assay.suggest import closest


def source(value: Any) -> str:
    """Sources, as items of a list: of the name of a file, or the word `process`."""
    items = value if isinstance(value, list) else [value]
    if isinstance(value, dict):
        files = [
            (n, each) for n, i in value.items() for each in (i if isinstance(i, list) else [i])
        ]
        items = [{name: item} for name, item in files]
    return ", ".join(map(_source, items)) or "{dotenv: .env}"


def _source(value: Any) -> str:
    if isinstance(value, dict):
        name, item = next(iter(value.items())) if len(value) == 1 else ("", "")
        if name in SOURCES and isinstance(item, dict):
            inner = [pair(str(key), part) for key, part in item.items() if flow(part)]
            return f"{{{name}: {{{', '.join(inner) or '...'}}}}}"
        if "compose" in value:
            return "{compose: {...}}"
        return _source(name if name == "process" else item)
    if foreign.WORDS["values"].get(foreign.folded(value)) or value == "process" or value is True:
        return "process"
    if isinstance(value, str) and FILE.fullmatch(value) and (shown := flow(value)):
        return f"{{dotenv: {shown}}}"
    misspelt = isinstance(value, str) and closest(value, SOURCES) == "process"
    return "process" if misspelt else "{dotenv: .env}"


FILE = re.compile(r"[\w./-]*\.env[\w.-]*")


def beside_source(value: Any) -> str:
    """How to write the fields of a source that stand beside its name; empty if unclear."""
    if not isinstance(value, dict) or "dotenv" not in value:
        return ""
    rest = {key: item for key, item in value.items() if key != "dotenv"}
    if not rest.keys() <= {"path", "dialect", "optional", "also-read-by"}:
        return ""
    own = value["dotenv"]
    inner = {**({"path": own} if isinstance(own, str) else {}), **rest}
    shown = ", ".join(pair(key, item) for key, item in inner.items())
    return f"Write `dotenv: {{{shown}}}`."
