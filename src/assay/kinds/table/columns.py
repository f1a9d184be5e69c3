"""Columns of a table: whether they are there, and as they are declared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import UNSET

from assay.facts import Unobservable
from assay.kinds.sql_words import allowed_values, literal, literal_text, quoted, same_default
from assay.kinds.table import rules
from assay.kinds.table.sight import VIEWS, Sight, known, severity_of
from assay.kinds.table.types import same
from assay.schema_diff.expressions import expression
from assay.suggest import pairs
from assay.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.databases.model import FoundColumn as Found
    from assay.kinds.table.spec import Column
    from assay.model import Rule, Violation

MOST = 8
"""Names that a message lists."""


class _Beside(NamedTuple):
    """A column as it is declared, beside the column as it was found."""

    sight: Sight
    name: str
    declared: Column
    found: Found

    def broken(
        self, rule: Rule, field: str, change: str, *, suffix: str = "", **more: Any
    ) -> Violation:
        """A violation in a field of the column; `change` follows `alter column NAME`."""
        return self.sight.broken(
            rule,
            ("columns", self.name, field),
            change=f"alter column {quoted(self.name)} {change}",
            definition=definition(self.name, self.declared) + suffix,
            column=self.name,
            **more,
        )


def columns(sight: Sight) -> Iterator[Violation]:
    """What is wrong with the columns."""
    found = sight.found.columns
    if isinstance(found, Unobservable):
        if sight.declared.columns or sight.declared.extra_columns != "allow":
            sight.unseen("columns", found)
        return
    there = {name: sight.column(name) for name in sight.declared.columns}
    known = {column.name for column in there.values() if column is not None}
    undeclared = [name for name in found if name not in known]
    meant = pairs((name for name, column in there.items() if column is None), undeclared)
    for name, declared in sight.declared.columns.items():
        column = there[name]
        if column is None:
            yield _missing(sight, name, declared, meant.get(name, ""))
            continue
        beside = _Beside(sight, name, declared, column)
        for judge in (_type, _nullable, _default, _generated, _options):
            yield from judge(beside)
    taken = set(meant.values())
    yield from _extra(sight, [name for name in undeclared if name not in taken])


def _missing(sight: Sight, name: str, declared: Column, other: str) -> Violation:
    renamed = f"rename column {quoted(other)} to {quoted(name)}"
    return sight.broken(
        rules.COLUMN_MISSING,
        ("columns", name),
        case="similar" if other else "",
        on_key=True,
        column=name,
        similar=other,
        change=renamed if other else f"add column {_added(sight, name, declared)}",
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
    return f"{made} references {sight.other(reference.table)}{column}"


def _extra(sight: Sight, undeclared: list[str]) -> Iterator[Violation]:
    policy = sight.declared.extra_columns
    if policy == "allow":
        return
    for name in undeclared:
        yield sight.broken(
            rules.COLUMN_UNDECLARED,
            ("extra-columns",),
            about=name,
            severity=severity_of(policy),
            column=name,
            change=f"drop column {quoted(name)}",
        )
    sight.unseen("further columns", sight.untold("columns"))


def _type(of: _Beside) -> Iterator[Violation]:
    wanted, what = of.declared.type, f"type of {of.name}"
    found = of.sight.seen(what, of.found.type) if wanted else None
    if found is None:
        return
    verdict = same(wanted, found, of.sight.structure.dialect, exact=of.found.exact)
    if verdict is None:
        of.sight.unseen(what, "its length and precision can't be seen")
    elif not verdict:
        change = f"type {wanted} using {quoted(of.name)}::{wanted}"
        yield of.broken(rules.COLUMN_TYPE, "type", change, found=found or "none", expected=wanted)


def _nullable(of: _Beside) -> Iterator[Violation]:
    wanted, what = of.declared.nullable, f"nullability of {of.name}"
    found = None if wanted is None else of.sight.seen(what, of.found.nullable)
    if found is None:
        return
    if of.sight.found.sort in VIEWS and found:
        of.sight.unseen(what, "a view does not show whether its query can return null")
    elif (found and of.found.name not in known(of.sight.found.primary_key, ())) != wanted:
        rule = rules.COLUMN_NOT_NULL if wanted else rules.COLUMN_NULLABLE
        yield of.broken(rule, "nullable", f"{'drop' if wanted else 'set'} not null")


def _default(of: _Beside) -> Iterator[Violation]:
    wanted, found = of.declared.default, of.found.default
    if wanted is UNSET:
        return
    if isinstance(found, Unobservable):
        of.sight.unseen(f"default of {of.name}", found)
        return
    if same_default(wanted, found) or (wanted is None and of.found.generated):
        return
    shown = expression(found).shown if found else ""
    yield of.broken(
        rules.COLUMN_DEFAULT,
        "default",
        "drop default" if wanted is None else f"set default {literal(wanted)}",
        found=f"the default `{shown}`" if shown else "no default",
        expected="none" if wanted is None else f"`{literal(wanted)}`",
    )


def _generated(of: _Beside) -> Iterator[Violation]:
    wanted = of.declared.generated
    if wanted is None:
        return
    if not of.found.generated and isinstance(of.found.default, Unobservable):
        of.sight.unseen(f"generation of {of.name}", of.found.default)
    elif of.found.generated != wanted:
        yield of.broken(
            rules.COLUMN_NOT_GENERATED if wanted else rules.COLUMN_GENERATED,
            "generated",
            "add generated by default as identity" if wanted else "drop identity",
            suffix=" as (...) stored" if wanted else "",
        )


def _options(of: _Beside) -> Iterator[Violation]:
    wanted, allowed, checks = of.declared.options, of.found.options, of.sight.found.checks
    if wanted is None:
        return
    if allowed is None:
        lists = (allowed_values(check.expression, of.found.name) for check in known(checks, ()))
        allowed = next((values for values in lists if values is not None), None)
    if allowed is None and isinstance(checks, Unobservable):
        of.sight.unseen(f"options of {of.name}", checks)
        return
    if allowed is not None and set(allowed) == set(wanted):
        return
    case, values = _instead(allowed, wanted, shown=of.found.options is not None)
    yield of.sight.broken(
        rules.COLUMN_OPTIONS,
        ("columns", of.name, "options"),
        case=case,
        column=of.name,
        expected=listed(wanted, most=MOST),
        **_allowing(of, wanted),
        **values,
    )


def _instead(
    allowed: tuple[str, ...] | None, wanted: tuple[str, ...], *, shown: bool
) -> tuple[str, dict[str, Any]]:
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


def _allowing(of: _Beside, wanted: tuple[str, ...]) -> dict[str, Any]:
    """The remedy that makes the column accept what it should, and its values."""
    own = definition(of.name, of.declared)
    if of.found.options is None:
        check = f"check ({quoted(of.name)} in ({', '.join(map(literal_text, wanted))}))"
        return {"change": f"add {check}", "definition": f"{own} {check}"}
    missing = [value for value in wanted if value not in of.found.options]
    if not missing or not isinstance(of.found.type, str):
        return {"advice": "extra"}
    adding = (f"alter type {of.found.type} add value {literal_text(v)};" for v in missing)
    return {"sql": " ".join(adding), "definition": own}
