"""Keys, indexes and checks of a table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assay.kinds.sql_words import in_parentheses, quoted, same_expression
from assay.kinds.table import rules
from assay.kinds.table.sight import Sight, known
from assay.kinds.table.spec import CheckRule, ForeignKey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.databases.model import FoundForeignKey as FoundKey
    from assay.kinds.table.spec import Index
    from assay.model import Violation

Path = tuple[str | int, ...]


def keys(sight: Sight) -> Iterator[Violation]:
    """What is wrong with keys, indexes and checks; of what lacks a column, that alone."""
    yield from _primary_key(sight)
    for path, about, declared in _foreign_keys(sight):
        if sight.has(*declared.columns):
            yield from _foreign_key(sight, path, about, declared)
    for path, about, columns in _uniques(sight):
        if sight.has(*columns):
            yield from _unique(sight, path, about, columns)
    for number, index in enumerate(sight.declared.wanted_indexes):
        if sight.has(*index.columns):
            yield from _index(sight, ("indexes", number), index)
    for path, about, check in _checks(sight):
        yield from _check(sight, path, about, check)


def _primary_key(sight: Sight) -> Iterator[Violation]:
    wanted = sight.declared.key
    if wanted is None or not sight.has(*wanted):
        return
    found = sight.seen("primary key", sight.found.primary_key)
    if found is None or sight.alike(wanted, found):
        return
    path: Path = ("primary-key",)
    if sight.declared.primary_key is None:
        path = ("columns", wanted[0], *path)
    definition = f"primary key {in_parentheses(wanted)}" if wanted else "no primary key"
    changes = [f"drop constraint {quoted(f'{sight.name}_pkey')}"] if found else []
    changes += [f"add {definition}"] if wanted else []
    yield sight.broken(
        rules.PRIMARY_KEY,
        path,
        about="primary-key",
        found=f"the primary key {in_parentheses(found)}" if found else "no primary key",
        expected=in_parentheses(wanted) if wanted else "none",
        change=", ".join(changes),
        definition=definition,
    )


def _foreign_keys(sight: Sight) -> Iterator[tuple[Path, str, ForeignKey]]:
    """Every declared foreign key: its place, what it is called, and its declaration."""
    for name, column in sight.declared.columns.items():
        if (to := column.reference) is not None:
            targets = (to.column,) if to.column else ()
            key = ForeignKey(
                columns=(name,), table=to.table, targets=targets, on_delete=to.on_delete
            )
            yield ("columns", name, "references"), name, key
    for number, declared in enumerate(sight.declared.foreign_keys):
        about = f"foreign-keys({', '.join(declared.columns)})"
        yield ("foreign-keys", number), about, declared


def _foreign_key(sight: Sight, path: Path, about: str, declared: ForeignKey) -> Iterator[Violation]:
    found = known(sight.found.foreign_keys, ())
    here = [key for key in found if sight.alike(key.columns, declared.columns)]
    fitting = next((key for key in here if _fits(sight, declared, key)), None)
    definition = f"foreign key {in_parentheses(declared.columns)} references "
    definition += sight.other(declared.table)
    definition += f" {in_parentheses(declared.targets)}" if declared.targets else ""
    definition += f" on delete {declared.on_delete}" if declared.on_delete else ""
    if fitting is not None:
        yield from _on_delete(sight, path, about, declared, fitting, definition)
        return
    if not here and sight.unseen("foreign keys", sight.gap("foreign_keys")):
        return
    yield sight.broken(
        rules.FOREIGN_KEY,
        path,
        about=about,
        columns=_shown(declared.columns),
        target=f"{declared.table}{_dotted(declared.targets)}",
        case="elsewhere" if here else "",
        other=f"{here[0].table}{_dotted(here[0].targets)}" if here else "",
        change=f"add {definition}",
        definition=definition,
    )


def _fits(sight: Sight, declared: ForeignKey, found: FoundKey) -> bool:
    if not _same_table(sight, declared.table, found.table):
        return False
    if not declared.targets or not found.targets:
        return True
    pairs = zip(declared.columns, declared.targets, strict=False)
    there = zip(found.columns, found.targets, strict=False)
    return sight.alike(map("\0".join, pairs), map("\0".join, there))


def _same_table(sight: Sight, declared: str, found: str) -> bool:
    own = f"{sight.structure.schema}."
    names = {declared, sight.real(declared)}
    return found.removeprefix(own) in {name.removeprefix(own) for name in names} or (
        sight.is_sqlite and found.lower() in {name.lower() for name in names}
    )


def _on_delete(  # noqa: PLR0913, PLR0917 - a key, its place in the spec, and what is there
    sight: Sight, path: Path, about: str, declared: ForeignKey, found: FoundKey, definition: str
) -> Iterator[Violation]:
    if declared.on_delete is None:
        return
    what = f"on-delete of {_shown(declared.columns)}"
    there = sight.seen(what, found.on_delete)
    if there is None or (there.lower() or "no action") == declared.on_delete:
        return
    constraint = quoted(f"{sight.name}_{'_'.join(declared.columns)}_fkey")
    yield sight.broken(
        rules.ON_DELETE,
        path if path[0] == "columns" else (*path, "on-delete"),
        about=about,
        target=declared.table,
        found=there.lower() or "no action",
        expected=declared.on_delete,
        change=f"drop constraint {constraint}, add {definition}",
        definition=definition,
    )


def _uniques(sight: Sight) -> Iterator[tuple[Path, str, tuple[str, ...]]]:
    for name, column in sight.declared.columns.items():
        if column.unique:
            yield ("columns", name, "unique"), name, (name,)
    for number, columns in enumerate(sight.declared.uniques):
        yield ("unique", number), f"unique({', '.join(columns)})", columns


def _unique(sight: Sight, path: Path, about: str, columns: tuple[str, ...]) -> Iterator[Violation]:
    if any(sight.alike(columns, group) for group in _told_unique(sight)):
        return
    if sight.unseen("unique constraints", sight.gap("unique", "primary_key")):
        return
    name = f"{quoted('_'.join((sight.name, *columns, 'key')))} " if sight.is_sqlite else ""
    yield sight.broken(
        rules.NOT_UNIQUE,
        path,
        about=about,
        columns=_shown(columns),
        sql=f"create unique index {name}on {sight.sql} {in_parentheses(columns)};",
    )


def _told_unique(sight: Sight) -> list[tuple[str, ...]]:
    """The groups of columns that are known not to repeat."""
    found = [*known(sight.found.unique, ()), known(sight.found.primary_key, ())]
    return [group for group in found if group]


def _index(sight: Sight, path: Path, wanted: Index) -> Iterator[Violation]:
    if _indexed(sight, wanted):
        return
    if sight.unseen("indexes", sight.gap("indexes")):
        return
    what = "unique index" if wanted.unique else "index"
    columns = ", ".join(quoted(c) if "(" not in c else c for c in wanted.columns)
    name = ""
    if sight.is_sqlite:
        parts = (re.sub(r"\W", "_", column).strip("_") for column in wanted.columns)
        name = " " + quoted("_".join((sight.name, *parts, "idx")))
    yield sight.broken(
        rules.INDEX_MISSING,
        path,
        about=f"indexes({', '.join(wanted.columns)})",
        case="unique" if wanted.unique else "",
        columns=_shown(wanted.columns),
        sql=f"create {what}{name} on {sight.sql} ({columns});",
    )


def _indexed(sight: Sight, wanted: Index) -> bool:
    """Whether an index or a key serves, as far as they are reported."""
    groups = _told_unique(sight)
    if wanted.unique:
        indexes = known(sight.found.indexes, ())
        groups += [index.columns for index in indexes if index.unique]
        return any(sight.alike(wanted.columns, group) for group in groups)
    groups += [index.columns for index in known(sight.found.indexes, ())]
    length = len(wanted.columns)
    return any(sight.alike(wanted.columns, group[:length], ordered=True) for group in groups)


def _checks(sight: Sight) -> Iterator[tuple[Path, str, CheckRule]]:
    for name, column in sight.declared.columns.items():
        if column.check and sight.has(name):
            yield ("columns", name, "check"), name, _check_rule(column.check)
    for number, item in enumerate(sight.declared.checks):
        check = item if isinstance(item, CheckRule) else _check_rule(item)
        yield ("checks", number), f"checks({check.name or check.expression})", check


def _check_rule(text: str) -> CheckRule:
    """A check from a text: a name where it is one word, else a condition."""
    return CheckRule(name=text) if text.isidentifier() else CheckRule(expression=text)


def _check(sight: Sight, path: Path, about: str, wanted: CheckRule) -> Iterator[Violation]:
    found = sight.seen("checks", sight.found.checks)
    if found is None:
        return
    for check in found:
        named = not wanted.name or check.name.lower() == wanted.name.lower()
        same = not wanted.expression or same_expression(wanted.expression, check.expression)
        if named and same:
            return
    case = "named" if wanted.name else ""
    definition = ""
    if wanted.expression:
        case = "named-condition" if wanted.name else ""
        name = f"constraint {quoted(wanted.name)} " if wanted.name else ""
        definition = f"{name}check ({wanted.expression})"
    yield sight.broken(
        rules.CHECK_MISSING,
        path,
        about=about,
        case=case,
        check=wanted.name,
        condition=wanted.expression,
        change=f"add {definition}" if definition else "",
        definition=definition,
    )


def _shown(columns: tuple[str, ...]) -> str:
    return columns[0] if len(columns) == 1 else f"({', '.join(columns)})"


def _dotted(targets: tuple[str, ...]) -> str:
    if not targets:
        return ""
    return f".{targets[0]}" if len(targets) == 1 else f" ({', '.join(targets)})"
