"""Lays a declaration over an imported one: it may demand more, and must say so to demand less."""

from __future__ import annotations

from typing import Any

_FREE = frozenset(("description", "example", "group", "loosens", "obtain", "rotate-every"))
"""Fields that demand nothing of an environment."""
_SEVERITIES = ("info", "warning", "error")


BY_NAME = {"tables": ("columns", "grants", "policies")}
"""Section to the fields of its entries that hold declarations by name, each of which stays."""


def laid(section: str, below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """An entry over an imported one: its fields replace those below, but for what has a name."""
    whole = {**below, **above}
    for field in BY_NAME.get(section, ()):
        lower, upper = below.get(field), above.get(field)
        if isinstance(lower, dict) and isinstance(upper, dict):
            whole[field] = {**lower, **upper}
            if field == "columns":
                both = lower.keys() & upper.keys()
                whole[field] |= {name: _column(lower[name], upper[name]) for name in both}
    return whole


def _column(below: Any, above: Any) -> Any:
    """A column over an imported one; the bare type of either is a field like others."""
    lower = {"type": below} if isinstance(below, str) else below
    upper = {"type": above} if isinstance(above, str) else above
    if isinstance(lower or {}, dict) and isinstance(upper or {}, dict):
        return {**(lower or {}), **(upper or {})}
    return above


def loosened(imported: dict[str, Any], own: dict[str, Any]) -> list[str]:
    """The fields of `own` that demand less than `imported` does, or something that can't be told.

    Fields that `own` lists under `loosens` are exempt.
    """
    admitted = own.get("loosens")
    exempt = set(admitted) if isinstance(admitted, list) else set()
    return [
        field
        for field, value in own.items()
        if field not in _FREE
        and field not in exempt
        and not _narrows(field, imported.get(field, _DEFAULTS.get(field)), value, imported)
    ]


_DEFAULTS: dict[str, Any] = {
    "allow-empty": False,
    "required": True,
    "severity": None,
    "type": "text",
}


def _narrows(field: str, before: Any, after: Any, imported: dict[str, Any]) -> bool:
    if before == after:
        return True
    match field:
        case "required":
            # false demands least, then a condition, then true
            return (after is True) or (before is False)
        case "deprecated":
            # what is deprecated may be unset
            return not after or imported.get("required", True) is not True
        case "secret" | "allow-empty":
            return after is (field == "secret")
        case "severity":
            if after not in _SEVERITIES or before not in _SEVERITIES:
                return bool(after == "error")
            return _SEVERITIES.index(after) > _SEVERITIES.index(before)
        case "type":
            return before == "text" and not {"pattern", "min-length", "max-length"} & set(imported)
        case "default" | "when":
            return False
        case "parity":
            return before in (None, "any")
        case _:
            return _tightens(field, before, after)


def _tightens(field: str, before: Any, after: Any) -> bool:
    """Whether a type's parameter allows less than before."""
    if before is None:
        return True  # a constraint where there was none
    if isinstance(before, list) and isinstance(after, list):
        return bool(after) and all(item in before for item in after)
    if isinstance(before, (int, float)) and isinstance(after, (int, float)):
        if field.startswith("min"):
            return after > before
        if field.startswith("max"):
            return after < before
    return False
