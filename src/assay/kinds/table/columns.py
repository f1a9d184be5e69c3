"""Columns of a table: whether they are there, and as they are declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET

from assay.facts import Unobservable
from assay.kinds.sql_words import allowed_values, literal, quoted, same_default
from assay.kinds.table import rules
from assay.kinds.table.sight import VIEWS, Gap, Sight, Verdict, known
from assay.kinds.table.types import same
from assay.model import Severity
from assay.schema_diff.expressions import expression
from assay.suggest import pairs
from assay.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from assay.databases.model import FoundColumn as Found
    from assay.kinds.table.spec import Column
    from assay.model import Violation

MOST = 8
"""Names that a message lists."""


def columns(sight: Sight) -> Iterator[Verdict]:
    """What is wrong with the columns."""
    found = sight.found.columns
    if isinstance(found, Unobservable):
        if sight.declared.columns or sight.declared.extra_columns != "allow":
            yield Gap("columns", found)
        return
    undeclared = _undeclared(sight, found)
    there = {name: sight.column(name) for name in sight.declared.columns}
    meant = pairs((name for name, column in there.items() if column is None), undeclared)
    for name, declared in sight.declared.columns.items():
        column = there[name]
        if column is None:
            yield _missing(sight, name, declared, meant.get(name))
        else:
            yield from _column(sight, name, declared, column)
    taken = set(meant.values())
    yield from _extra(sight, [name for name in undeclared if name not in taken])


def _undeclared(sight: Sight, found: Mapping[str, Found]) -> list[str]:
    declared = {sight.column(name) for name in sight.declared.columns}
    names = {column.name for column in declared if column is not None}
    return [name for name in found if name not in names]


def _missing(sight: Sight, name: str, declared: Column, other: str | None) -> Violation:
    if other:
        change = f"rename column {quoted(other)} to {quoted(name)}"
    else:
        change = f"add column {_added(sight, name, declared)}"
    return sight.broken(
        rules.COLUMN_MISSING,
        ("columns", name),
        about=name,
        case="similar" if other else "",
        on_key=True,
        column=name,
        similar=other or "",
        sql=f"alter table {sight.sql} {change};",
    )


def definition(name: str, declared: Column) -> str:
    """A column as `create table` takes it."""
    words = [quoted(name), declared.type or "text"]
    if declared.nullable is False:
        words.append("not null")
    if declared.default is not UNSET and declared.default is not None:
        words.append(f"default {literal(declared.default)}")
    return " ".join(words)


def _added(sight: Sight, name: str, declared: Column) -> str:
    """A column as `add column` takes it, with what it references; SQLite adds no unique one."""
    made = definition(name, declared)
    made += " unique" if declared.unique and not sight.is_sqlite else ""
    reference = declared.reference
    if reference is None:
        return made
    column = f" ({quoted(reference.column)})" if reference.column else ""
    other = ".".join(map(quoted, sight.real(reference.table).split(".")))
    return f"{made} references {other}{column}"


def _extra(sight: Sight, undeclared: list[str]) -> Iterator[Verdict]:
    policy = sight.declared.extra_columns
    if policy == "allow":
        return
    for name in undeclared:
        yield sight.broken(
            rules.COLUMN_UNDECLARED,
            ("extra-columns",),
            about=name,
            severity=Severity.ERROR if policy == "fail" else Severity.WARNING,
            column=name,
            sql=f"alter table {sight.sql} drop column {quoted(name)};",
        )
    untold = sight.untold("columns")
    if untold is not None:
        yield Gap("further columns", untold)


def _column(sight: Sight, name: str, declared: Column, found: Found) -> Iterator[Verdict]:
    """The aspects of one column, each by itself."""
    yield from _type(sight, name, declared, found)
    yield from _nullable(sight, name, declared, found)
    if declared.default is not UNSET:
        yield from _default(sight, name, declared, found)
    if declared.generated is not None:
        yield from _generated(sight, name, declared, found)
    if declared.options is not None:
        yield from _options(sight, name, declared, found)


def _type(sight: Sight, name: str, declared: Column, found: Found) -> Iterator[Verdict]:
    if not declared.type:
        return
    if isinstance(found.type, Unobservable):
        yield Gap(f"type of {name}", found.type)
        return
    dialect = sight.structure.dialect
    verdict = same(declared.type, found.type, dialect, exact=found.exact)
    if verdict is None:
        reason = "its length and precision can't be seen"
        yield Gap(f"type of {name}", Unobservable(reason=reason))
    elif not verdict:
        target = f"alter column {quoted(name)} type {declared.type}"
        change = f"{target} using {quoted(name)}::{declared.type}"
        yield sight.broken(
            rules.COLUMN_TYPE,
            ("columns", name, "type"),
            about=name,
            column=name,
            found=found.type or "none",
            expected=declared.type,
            statement=sight.altering(change, definition(name, declared)),
        )


def _nullable(sight: Sight, name: str, declared: Column, found: Found) -> Iterator[Verdict]:
    if declared.nullable is None:
        return
    if isinstance(found.nullable, Unobservable):
        yield Gap(f"nullability of {name}", found.nullable)
        return
    if sight.found.sort in VIEWS and found.nullable:
        reason = "a view does not show whether its query can return null"
        yield Gap(f"nullability of {name}", Unobservable(reason=reason))
        return
    key = known(sight.found.primary_key, ())
    nullable = found.nullable and found.name not in key
    if nullable == declared.nullable:
        return
    action = "drop" if declared.nullable else "set"
    change = f"alter column {quoted(name)} {action} not null"
    yield sight.broken(
        rules.COLUMN_NOT_NULL if declared.nullable else rules.COLUMN_NULLABLE,
        ("columns", name, "nullable"),
        about=name,
        column=name,
        statement=sight.altering(change, definition(name, declared)),
    )


def _default(sight: Sight, name: str, declared: Column, found: Found) -> Iterator[Verdict]:
    if isinstance(found.default, Unobservable):
        yield Gap(f"default of {name}", found.default)
        return
    wanted = None if declared.default is UNSET else declared.default
    if same_default(wanted, found.default) or (wanted is None and found.generated):
        return
    change = "drop default" if wanted is None else f"set default {literal(wanted)}"
    shown = expression(found.default).shown if found.default else ""
    yield sight.broken(
        rules.COLUMN_DEFAULT,
        ("columns", name, "default"),
        about=name,
        column=name,
        found=f"the default `{shown}`" if shown else "no default",
        expected="none" if wanted is None else f"`{literal(wanted)}`",
        statement=sight.altering(
            f"alter column {quoted(name)} {change}", definition(name, declared)
        ),
    )


def _generated(sight: Sight, name: str, declared: Column, found: Found) -> Iterator[Verdict]:
    if not found.generated and isinstance(found.default, Unobservable):
        yield Gap(f"generation of {name}", found.default)
        return
    if found.generated == declared.generated:
        return
    change = "add generated by default as identity" if declared.generated else "drop identity"
    yield sight.broken(
        rules.COLUMN_NOT_GENERATED if declared.generated else rules.COLUMN_GENERATED,
        ("columns", name, "generated"),
        about=name,
        column=name,
        statement=sight.altering(
            f"alter column {quoted(name)} {change}",
            f"{definition(name, declared)}{' as (...) stored' if declared.generated else ''}",
        ),
    )


def _options(sight: Sight, name: str, declared: Column, found: Found) -> Iterator[Verdict]:
    wanted = declared.options or ()
    allowed = found.options
    if allowed is None:
        checks = known(sight.found.checks, ())
        lists = (allowed_values(check.expression, found.name) for check in checks)
        allowed = next((values for values in lists if values is not None), None)
    if allowed is None and isinstance(sight.found.checks, Unobservable):
        yield Gap(f"options of {name}", sight.found.checks)
        return
    if allowed is not None and set(allowed) == set(wanted):
        return
    advice, statement = _allowing(sight, name, declared, found)
    case, values = _instead(allowed, wanted, shown=found.options is not None)
    yield sight.broken(
        rules.COLUMN_OPTIONS,
        ("columns", name, "options"),
        about=name,
        case=case,
        advice=advice,
        column=name,
        expected=listed(wanted, most=MOST),
        statement={**statement, **values},
    )


def _instead(
    allowed: tuple[str, ...] | None, wanted: tuple[str, ...], *, shown: bool
) -> tuple[str, dict[str, str]]:
    """The message, and what the column accepts instead; only an enum's own names are shown."""
    if allowed is None:
        return "", {"found": "any value"}
    missing = [value for value in wanted if value not in allowed]
    extra = [value for value in allowed if value not in wanted]
    further = listed(extra, most=MOST) if shown else "other values"
    if not missing:
        return "", {"found": f"{further} too"}
    case = "instead" if extra else "missing"
    return case, {"found": further, "missing": listed(missing, most=MOST)}


def _allowing(
    sight: Sight, name: str, declared: Column, found: Found
) -> tuple[str, dict[str, str]]:
    """The remedy that makes the column accept what it should, and its values."""
    wanted = declared.options or ()
    missing = [value for value in wanted if value not in (found.options or ())]
    if found.options is not None and missing and isinstance(found.type, str):
        values = "; ".join(
            f"alter type {found.type} add value {literal_text(value)}" for value in missing
        )
        return "", {"sql": f"{values};", "definition": definition(name, declared)}
    if found.options is not None:
        return "extra", {}
    texts = ", ".join(map(literal_text, wanted))
    check = f"check ({quoted(name)} in ({texts}))"
    return "", sight.altering(f"add {check}", f"{definition(name, declared)} {check}")


def literal_text(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"
