"""Writes a spec as people would: sections, comments, short entries in one line."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WIDTH = 100
_PLAIN = re.compile(
    r"[A-Za-z_./](?:[A-Za-z0-9_./()'+=@, -]|:(?=[A-Za-z0-9/]))*[A-Za-z0-9_./()'-]|[A-Za-z_.]"
)
_WORDS = frozenset(
    ("y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", ".nan", ".inf")
)
"""What some version of YAML takes for something other than text."""


def scalar(value: object, *, flow: bool = False) -> str:
    """A scalar, quoted only if it must be."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return json.dumps(value)
    plain = _PLAIN.fullmatch(value) and not (flow and "," in value)
    numeric = re.fullmatch(r"[-+.]?[0-9][0-9a-fA-FxXoO_.eE+:-]*|\.", value)
    if plain and value.lower() not in _WORDS and not numeric:
        return value
    quoted = json.dumps(value, ensure_ascii=False)
    return "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in quoted)


def flow(value: object) -> str:
    """A value in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(k, flow=True)}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(value, flow=True)


def entry(name: str, fields: Mapping[str, Any], *, indent: int, remark: str = "") -> Iterator[str]:
    """One entry of a section: in one line where that is easily read, else a line for each field."""
    margin = " " * indent
    key = f"{margin}{scalar(name, flow=True)}:"
    behind = f"  # {remark}" if remark else ""
    short = f"{key} {flow(dict(fields))}{behind}"
    if fields and "description" not in fields and len(short) <= WIDTH:
        yield short
        return
    yield key + behind
    for field, value in fields.items():
        shown = flow(value) if isinstance(value, dict | list | tuple) else scalar(value)
        yield f"{margin}  {scalar(field, flow=True)}: {shown}"


def comment(text: str, *, indent: int = 0) -> Iterator[str]:
    """A comment, wrapped."""
    import textwrap

    margin = " " * indent
    plain = "".join(c if c.isprintable() else " " for c in text)  # some end a line in YAML
    for line in textwrap.wrap(plain, WIDTH - indent - 2, break_long_words=False) or [""]:
        yield f"{margin}# {line}".rstrip()
