"""Lays a declaration over an imported one: it may demand more, and must say so to demand less.

What a field demands is noted in the types that a kind makes of its entries; `assay.spec.narrows`
has the notes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_type_hints

import msgspec

from assay.formats import FORMATS
from assay.kinds import KINDS
from assay.registry import cached
from assay.spec.narrows import NOTE, Merging

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from assay.spec.narrows import NarrowsAny

_UNMARKED = Merging()


@cached
def _notes(type_: type[msgspec.Struct] | None) -> Mapping[str, Merging]:
    """What is noted of the fields of a type, by their names in YAML; all of its fields."""
    if type_ is None:
        return {}
    hints = get_type_hints(type_, include_extras=True)
    found = {}
    for field in msgspec.structs.fields(type_):
        extras = [meta.extra or {} for meta in getattr(hints[field.name], "__metadata__", ())]
        notes = [extra[NOTE] for extra in extras if NOTE in extra]
        found[field.encode_name] = notes[-1] if notes else _UNMARKED
    return found


def laid(section: str, below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """An entry over an imported one: its fields replace those below, but for what has a name."""
    notes = _notes(KINDS[section].fields)
    kind = above.get("type", below.get("type"))
    if section == "variables" and kind != below.get("type") and str(kind) in FORMATS:
        own = FORMATS[str(kind)].__struct_encode_fields__
        below = {name: below[name] for name in below if name in notes or name in own}
        below.pop("example", None)  # of the type that it had
    for field, note in notes.items():
        if _any(note.choices, above):
            below = _without(below, note.choices)
        if _any(note.allows, above):
            below = _without(below, (field,))
    merged = {**below, **above}
    for field, note in notes.items():
        lower, upper = below.get(field), above.get(field)
        if note.named and isinstance(lower, dict) and isinstance(upper, dict):
            both = lower.keys() & upper.keys()
            parts = {name: _part(note, lower[name], upper[name]) for name in both}
            merged[field] = {**lower, **upper, **parts}
    return merged


def _any(names: Iterable[str], given: Mapping[str, Any]) -> bool:
    return any(name in given for name in names)


def _without(given: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    gone = frozenset(names)
    return {name: value for name, value in given.items() if name not in gone}


def _part(note: Merging, below: Any, above: Any) -> Any:
    """What has a name over what is imported by that name, field by field if it has any."""
    lower, upper = _spelt(note, below), _spelt(note, above)
    return {**lower, **upper} if isinstance(lower, dict) and isinstance(upper, dict) else above


def _spelt(note: Merging, part: Any) -> Any:
    """A named declaration spelt out."""
    short = getattr(note.of, "short", "")
    if isinstance(part, str) and short:
        return {short: part}
    return {} if part is None else part


def loosened(section: str, imported: dict[str, Any], own: dict[str, Any]) -> list[tuple[str, ...]]:
    """The fields of `own` that demand less than `imported` does, or something unknown.

    Each is a path, as `("columns", "email", "nullable")`. Exempt is what `own` lists under
    `loosens`, where `columns` and `columns.email` stand for all that is in them.
    """
    admitted = own.get("loosens")
    exempt = admitted if isinstance(admitted, list) else []
    made = KINDS[section]
    return [
        path
        for path in _weaker(made.fields, made.narrows, imported, own)
        if not any(".".join(path[:depth]) in exempt for depth in range(1, len(path) + 1))
    ]


def _weaker(
    type_: type[msgspec.Struct] | None,
    others: NarrowsAny | None,
    imported: Mapping[str, Any],
    own: Mapping[str, Any],
) -> Iterator[tuple[str, ...]]:
    """The fields of one declaration; `others` is the rule for those that its type doesn't have."""
    notes = _notes(type_)
    chosen = [note.choices for note in notes.values()]
    for field, after in own.items():
        before, note = imported.get(field), notes.get(field)
        if before == after:
            continue
        rivals = next((names for names in chosen if field in names), ())
        if rivals:
            if _any(rivals, imported):
                yield (field,)
        elif note and note.named and isinstance(before, dict) and isinstance(after, dict):
            yield from ((field, *path) for path in _weaker_parts(note, before, after))
        elif note is None and others is not None:
            if not others(field, before, after, imported):
                yield (field,)
        elif not (note or _UNMARKED).rule(before, after, imported):
            yield (field,)


def _weaker_parts(
    note: Merging, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[tuple[str, ...]]:
    for name in after.keys() & before.keys():
        lower, upper = _spelt(note, before[name]), _spelt(note, after[name])
        if isinstance(lower, dict) and isinstance(upper, dict):
            for path in _weaker(note.of, note.inner, lower, upper):
                yield (name, *path)
        elif _unordered(lower) != _unordered(upper):
            yield (name,)


def _unordered(value: Any) -> Any:
    """Roles and privileges in any order."""
    return sorted(map(str, value)) if isinstance(value, list) else value
