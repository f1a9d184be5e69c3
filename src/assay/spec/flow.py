"""Values as a spec has them on one line, for remedies that say what to write."""

from __future__ import annotations

import re
from typing import Any

from assay.discretion import looks_secret

_PLAIN = re.compile(r"[A-Za-z_./][\w./-]*(?::[\w./-]+)?")
_HARMLESS = re.compile(r"[\w ,.:/*&|=!<>()'\"+?{}\[\]\\^$-]{1,60}")
_YAML_WORDS = ("true", "false", "null", "yes", "no", "on", "off", "y", "n")


def flow(value: Any) -> str:
    """A value as a spec has it on one line; empty if it may be a secret, or is long."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, list):
        items = [flow(item) for item in value]
        return f"[{', '.join(items)}]" if items and all(items) else ""
    if not isinstance(value, str) or looks_secret(value) or not _HARMLESS.fullmatch(value):
        return ""
    if _PLAIN.fullmatch(value) and value.lower() not in _YAML_WORDS:
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def pair(name: str, value: Any) -> str:
    """`name: value`, or the name alone if the value is not to be shown."""
    text = flow(value)
    return f"{name}: {text}" if text else name
