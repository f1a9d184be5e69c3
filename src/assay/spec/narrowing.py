"""Lays a declaration over an imported one: it may demand more, and must say so to demand less."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.databases import BACKENDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_FREE = frozenset(("description", "example", "group", "loosens", "obtain", "rotate-every"))
"""Fields that demand nothing of an environment."""
_FREE_IN = {
    "credentials": ("identity", "suspects"),
    "databases": ("within",),
    "rules": ("message", "remedy"),
}
"""Section to more of them."""
_EXEMPTING = frozenset(("ignore", "only-in", "when", "where"))
"""Fields that let something go where they are given at all; those of variables stand below."""
_GROWING = frozenset(
    ("between", "check-value", "checks", "extensions", "foreign-keys", "indexes", "may", "policies")
) | frozenset(("sealed", "unique"))
"""Fields that demand more with each item."""
_ORDERS: dict[str, Sequence[Any]] = {
    "extra-columns": (None, "allow", "warn", "fail"),
    "extra-grants": ("allow", None, "warn", "fail"),
    "extra-policies": ("allow", None, "warn", "fail"),
    "severity": ("info", "warning", "error"),
}
"""Field to its values, each of which demands more than the one before."""
BY_NAME = {
    "credentials": ("columns", "metadata"),
    "tables": ("columns", "grants", "policies"),
}
"""Section to the fields of its entries that hold declarations by name, each of which stays."""
_SHORT = {("credentials", "columns"): "envelope", ("tables", "columns"): "type"}
"""What a bare text stands for instead of such a declaration."""


def laid(section: str, below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """An entry over an imported one: its fields replace those below, but for what has a name."""
    if section == "databases" and not BACKENDS.keys().isdisjoint(above):
        below = {field: value for field, value in below.items() if field not in BACKENDS}
    if section == "rules" and not {"assert", "when"}.isdisjoint(above):
        # what was allowed to look into secrets is the condition that stood there
        below = {field: value for field, value in below.items() if field != "reveals"}
    whole = {**below, **above}
    for field in BY_NAME.get(section, ()):
        lower, upper = below.get(field), above.get(field)
        if isinstance(lower, dict) and isinstance(upper, dict):
            both = lower.keys() & upper.keys()
            parts = {name: _part(section, field, lower[name], upper[name]) for name in both}
            whole[field] = {**lower, **upper, **parts}
    return whole


def _part(section: str, field: str, below: Any, above: Any) -> Any:
    """What has a name over what is imported by that name, field by field where it has any."""
    lower, upper = _spelt(section, field, below), _spelt(section, field, above)
    return {**lower, **upper} if isinstance(lower, dict) and isinstance(upper, dict) else above


def _spelt(section: str, field: str, part: Any) -> Any:
    """A named declaration spelt out."""
    if isinstance(part, str) and (section, field) in _SHORT:
        return {_SHORT[section, field]: part}
    return {} if part is None else part


def loosened(section: str, imported: dict[str, Any], own: dict[str, Any]) -> list[tuple[str, ...]]:
    """The fields of `own` that demand less than `imported` does, or something unknown.

    Each is a path, as `("columns", "email", "nullable")`. Exempt is what `own` lists under
    `loosens`, where `columns` and `columns.email` stand for all that is in them.
    """
    admitted = own.get("loosens")
    exempt = admitted if isinstance(admitted, list) else []
    return [
        path
        for path in _weaker(section, imported, own)
        if not any(".".join(path[:depth]) in exempt for depth in range(1, len(path) + 1))
    ]


def _weaker(
    section: str, imported: dict[str, Any], own: dict[str, Any]
) -> Iterator[tuple[str, ...]]:
    if section == "environments":
        return  # they belong to the project, whatever an import may say
    free = _FREE.union(_FREE_IN.get(section, ()))
    for field, after in own.items():
        if field in free:
            continue
        before = imported.get(field)
        if field in BACKENDS and section == "databases":
            if before != after and not BACKENDS.keys().isdisjoint(imported):
                yield (field,)
        elif section == "variables":
            if not _of_variable(field, before, after, imported):
                yield (field,)
        elif (
            field in BY_NAME.get(section, ())
            and isinstance(before, dict)
            and isinstance(after, dict)
        ):
            yield from _weaker_parts(section, field, before, after)
        elif not _narrows(field, before, after):
            yield (field,)


def _weaker_parts(
    section: str, field: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[tuple[str, ...]]:
    for name in after.keys() & before.keys():
        lower = _spelt(section, field, before[name])
        upper = _spelt(section, field, after[name])
        if isinstance(lower, dict) and isinstance(upper, dict):
            for inner, value in upper.items():
                if inner not in _FREE and not _narrows(inner, lower.get(inner), value):
                    yield (field, name, inner)
        elif _unordered(lower) != _unordered(upper):
            yield (field, name)


def _unordered(value: Any) -> Any:
    """Roles and privileges in any order."""
    return sorted(map(str, value)) if isinstance(value, list) else value


def _narrows(field: str, before: Any, after: Any) -> bool:
    """Whether a field of anything but a variable demands as much as before."""
    if field == "severity" and before is None:
        before = "error"
    if before == after:
        return True
    if field in _ORDERS and before in _ORDERS[field] and after in _ORDERS[field]:
        return _ORDERS[field].index(after) > _ORDERS[field].index(before)
    if field in _EXEMPTING:
        return False
    if field == "reveals":
        return not after
    if before is None or (field == "parity" and before == "any"):
        return True
    if field in _GROWING and isinstance(before, list) and isinstance(after, list):
        return all(item in after for item in before)
    if field in _GROWING and isinstance(before, dict) and isinstance(after, dict):
        return before.items() <= after.items()
    if field in ("hosts", "options"):
        return _tightens(field, before, after)
    # whether what is not unique, nor required, nor of the key must be so
    return before is False and field in ("primary-key", "required", "unique")


_DEFAULTS: dict[str, Any] = {
    "allow-empty": False,
    "required": True,
    "severity": None,
    "type": "text",
}


def _of_variable(field: str, before: Any, after: Any, imported: dict[str, Any]) -> bool:
    """Whether a field of a variable demands as much as before."""
    before = _DEFAULTS.get(field) if before is None and field not in imported else before
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
            order = _ORDERS[field]
            if after not in order or before not in order:
                return bool(after == "error")
            return order.index(after) > order.index(before)
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
