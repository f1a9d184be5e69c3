"""The mapping to write instead of text, a list or a number, by the place where it stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from assay.formats import FORMATS
from assay.spec import foreign
from assay.spec.flow import flow, pair
from assay.spec.instead_sources import source
from assay.spec.meant_types import type_for
from assay.suggest import closest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.spec.places import Path


_CONDITION = re.compile(r"==|!=|&&|\|\||[<>]|isSet")


_SHORT = {
    "keys": "{{variable: {value}, cipher: aes-256-gcm, encoding: hex}}",
    "databases": "{{sql: {{url: {value}}}}}",
    "rules": '{{assert: {value}, message: "..."}}',
    "columns": "{{type: {value}}}",
    "sql": "{{url: {value}}}",
    "documents": "env-example",
}


def as_mapping(path: Path, value: Any) -> str:
    """How to write the mapping of an entry of which only one thing was given; empty if unknown."""
    section = path[-2] if len(path) > 1 else ""
    name = path[-1] if path else ""
    first = _by_place(path, value)
    if first:
        return first
    if path[:1] == ("variables",) and len(path) == 2:
        return f"Write `{name}: {_variable(str(name), value)}`."
    if path[:1] == ("environments",) and len(path) == 2:
        return f"Write `{name}: {{values: [{source(value)}]}}`."
    if len(path) == 1 and isinstance(value, (list, str)):
        return _section(str(name), value)
    special = _of_names(path, value)
    if special:
        return special
    if name == "dotenv" and isinstance(value, list):
        items = [f"`- dotenv: {flow(item)}`" for item in value if flow(item)]
        return f"Write {' and '.join(items)}: one item for each file."
    shown = flow(value) if isinstance(value, str) else ""
    if section in ("keys", "databases") or name == "sql":  # of variables, which may be their values
        shown = shown if re.fullmatch(r"[A-Z][A-Z0-9_]*", shown) else "NAME"
    if section == "rules" and not _CONDITION.search(shown):
        shown = "CONDITION"
    form = _SHORT.get(str(name) if name == "sql" else str(section))
    return f"Write `{name}: {form.format(value=shown)}`." if form and shown else ""


def _by_place(path: Path, value: Any) -> str:
    """What the place alone, or the beginning of the text, says is wrong; empty for the rest."""
    name = path[-1] if path else ""
    within = glued(value) if isinstance(value, str) and len(path) > 1 else ""
    if within in foreign.OWN_FIELDS:  # anything else may be part of a secret
        return f"Put a space after the colon, as in `{within}: ...`."
    if path[:1] == ("variables",) and len(path) == 2 and name in foreign.OWN_FIELDS:
        return f"Indent `{name}` below the name of its variable."
    if path == ("undeclared",) and isinstance(value, list):
        return f"Write `undeclared: {{prefixes: {{{_named(value, 'fail')}}}}}`."
    if path[:1] == ("documents",) and len(path) == 3:
        return f"Write `{path[1]}: {name}`."
    if isinstance(value, str) and value.lstrip().startswith("{"):
        return "Write it as a mapping, without the quotes around it."
    return ""


def _of_names(path: Path, value: Any) -> str:
    """How to write names, each of which lacks what is said of it; empty for other mappings."""
    name = path[-1] if path else ""
    if path[:1] == ("tests",) and "findings" in path and isinstance(value, str):
        shown = value if re.fullmatch(r"[a-z-]+", value) else "RULE"
        return f"Write `{shown}: SUBJECT`."
    if path[:1] == ("parity",) and name == "variables" and isinstance(value, list):
        return f"Write what is asked of each: `variables: {{{_named(value, 'same')}}}`."
    if path[:1] == ("tests",) and name == "values" and isinstance(value, list):
        names = [str(item).partition("=")[0] for item in value if "=" in str(item)]
        return f"Write each name with a colon after it: `values: {{{_named(names, '...')}}}`."
    if len(path) == 2 and path[0] == "tables" and isinstance(value, list):
        return f"Write `{name}: {{columns: {{{_named(value)}}}}}`."
    if path[0:1] == ("credentials",) and name == "columns" and isinstance(value, list):
        form = "{envelope: node-gcm-hex}"
        return f"Write each with its envelope, as in `columns: {{{_named(value, form)}}}`."
    if name == "columns" and isinstance(value, list):
        return f"Write each name with a colon after it: `columns: {{{_named(value)}}}`."
    return ""


def glued(text: str) -> str:
    """The name that a text begins with, if its colon has no space after it; else empty."""
    found = re.match(r"([A-Za-z_][\w-]*):(?![\s/]|$)", text)
    return "" if found is None else found[1]


def _variable(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return f"{{type: boolean, default: {flow(value)}}}"
    if isinstance(value, (int, float)):
        kind = "number" if isinstance(value, float) else "integer"
        if "PORT" in name.upper() and isinstance(value, int) and 0 < value < 65536:
            kind = "port"
        return f"{{type: {kind}, default: {value}}}"
    if isinstance(value, list) and flow(value):
        return f"{{type: enum, options: {flow(value)}}}"
    word = foreign.folded(value)
    if word in ("required", "mandatory"):
        return "{required: true}"
    if word in ("optional", "nullable", "notrequired"):
        return "{required: false}"
    if isinstance(value, str) and (own := type_for(value.removesuffix("?"))):
        return f"{{type: {own}, required: false}}" if "?" in value else f"{{type: {own}}}"
    if word in foreign.SECRETS:
        return "{secret: true}"
    if isinstance(value, str) and re.fullmatch(r"[A-Z]?[a-z,']+( [A-Za-z0-9,'()-]+){2,}\.?", value):
        return "{description: ...}"
    similar = closest(value, FORMATS) if isinstance(value, str) else None
    return f"{{type: {similar or 'text'}}}"


def _section(name: str, value: Any) -> str:
    """How to write a section whose entries have no names before them."""
    if isinstance(value, str):
        return pasted(name, value)
    if name == "documents":
        kinds = [item for item in value if item in DOCUMENTS]
        shown = ", ".join(f"{DOCUMENTS[kind]}: {kind}" for kind in kinds)
        shown = shown or _named(value, "env-example")
        return f"Write each path with its document: `documents: {{{shown}}}`."
    if all(isinstance(item, dict) and len(item) == 1 and "name" not in item for item in value):
        return "Remove the dashes: each name stands on a line of its own, with a colon after it."
    own = _named(value, _ENTRIES.get(name, ""))
    shown = f"`{name}: {{{own}}}`" if own else "`NAME: {...}`"
    return f"Write a mapping of names, not a list: {shown}."


_ENTRIES = {
    "databases": "{sql: {url: DATABASE_URL}}",
    "environments": "{values: [process]}",
}
"""What an entry must hold at least."""


def _named(items: list[Any], after: str = "") -> str:
    """The names of a list, as those of a mapping."""
    names = [item.get("name", "") if isinstance(item, dict) else item for item in items]
    shown = [flow(name) for name in names if isinstance(name, str)]
    more = {
        name: {key: item for key, item in thing.items() if key != "name"}
        for name, thing in zip(shown, items, strict=False)
        if isinstance(thing, dict)
    }
    return ", ".join(_with(name, more.get(name), after) for name in shown if name)


def _with(name: str, more: Mapping[str, Any] | None, after: str) -> str:
    if more:
        told = (
            pair(str(key), value)
            if key == "type" or isinstance(value, (bool, int, float))
            else f"{key}: ..."  # not to repeat a secret
            for key, value in more.items()
        )
        return f"{name}: {{{', '.join(told)}}}"
    return f"{name}: {after}" if after else f"{name}: "


def pasted(section: str, text: str) -> str:
    """What to do about lines of a .env file, or a name without a blank after its colon."""
    glued = re.match(r"([A-Za-z_]\w*)([:=])(\S*)", text)
    if glued is None:
        return f"Write each name with a colon after it, on a line of its own, below `{section}:`."
    name, sign, rest = glued.groups()
    if sign == ":":
        inner = f" {{type: {rest}}}" if rest in FORMATS else " ..."
        return f"Put a space after the colon: `{name}:{inner}`."
    step = f"Write `{name}:` with what it must be, as in `{name}: {{type: text}}`"
    return f"{step}; values stay in .env."


DOCUMENTS = {
    "env-example": ".env.example",
    "environment-reference": "docs/environment.md",
    "json-schema": "docs/env.schema.json",
    "python": "settings.py",
    "runbook": "docs/runbook.md",
    "setup-guide": "docs/setup.md",
    "troubleshooting": "docs/troubleshooting.md",
    "typescript": "src/env.d.ts",
}
"""Each kind of document with a usual path."""
