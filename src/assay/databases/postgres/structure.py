"""What a schema of a PostgreSQL database holds, in a handful of queries whatever its size."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from assay.databases.model import (
    PRIVILEGES,
    CheckConstraint,
    FoundColumn,
    FoundForeignKey,
    FoundIndex,
    FoundPolicy,
    FoundTable,
    Structure,
)
from assay.databases.postgres import catalog
from assay.databases.trouble import DatabaseTrouble
from assay.facts import Unobservable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Answer = Sequence[Any] | Unobservable
    Ask = Callable[[str], Answer]
    """Gives the rows of a query, or why they may not be seen."""

_SORTS = {
    "r": "table",
    "p": "partitioned table",
    "v": "view",
    "m": "materialized view",
    "f": "foreign table",
}
_COMMANDS = {"*": "all", "r": "select", "a": "insert", "w": "update", "d": "delete"}
_ON_DELETE = {"r": "restrict", "c": "cascade", "n": "set null", "d": "set default"}
_CHANGES = {"update": 4, "insert": 8, "delete": 16}
"""Bits of pg_relation_is_updatable, which are 1 << CmdType."""
_REPLICA = Unobservable(
    reason="the server is a read-only replica",
    remedy="Point the variable to the primary server.",
)
_NAME = 256
"""Characters of a name, or of a type, that are kept. PostgreSQL's own names have 63 bytes."""
_NAMES = 20
"""Names of schemas that a message lists."""
_VIEW = Unobservable(reason="it is a view of tables with row level security")


def _denied(host: str) -> DatabaseTrouble:
    return DatabaseTrouble("database-denied", host=host, what="the catalog of tables")


def postgres_structure(asked: Ask, schema: str, *, host: str) -> Structure:
    """The tables of a schema.

    Raises:
        DatabaseTrouble: there is no such schema, or the role may not look.

    """

    def ask(statement: str) -> Answer:
        rows = asked(statement)
        if isinstance(rows, Unobservable):
            return rows
        return [(_cut(name), *rest) for name, *rest in rows]

    schemas = ask(catalog.SCHEMAS)
    if isinstance(schemas, Unobservable):
        raise _denied(host)
    known = {name: row for name, *row in schemas}
    if schema not in known:
        names = [name for name, (usable, *_) in known.items() if usable]
        more = [f"{len(names) - _NAMES} more"] if len(names) > _NAMES else []
        usable = ", ".join([*names[:_NAMES], *more]) or "none"
        raise DatabaseTrouble(
            "database-schema-not-exposed", host=host, schema=schema, exposed=usable
        )
    usable, replica, _ = known[schema]
    rows = ask(catalog.TABLES)
    if isinstance(rows, Unobservable):
        raise _denied(host)
    extensions, roles = _first(ask(catalog.EXTENSIONS)), _first(ask(catalog.ROLES))
    made = _Tables(ask, schema)
    tables: dict[str, FoundTable] = {}
    for name, kind, partition, secured, active, may, changes, owner in rows:
        held = set(json.loads(may)) if usable else set()
        if kind in "vmf":
            held -= {change for change, bit in _CHANGES.items() if not changes & bit}
        tables[name] = FoundTable(
            name=name,
            schema=schema,
            sort="partition" if partition else _SORTS[kind],
            row_security=secured,
            owner=owner,
            hidden=made.hidden(name, active=active),
            may=made.may(name, held, usable=usable, replica=replica),
            **made.fields(name),
        )
    return Structure(
        dialect="postgresql",
        schema=schema,
        usable=usable,
        elsewhere=tuple(name for name, row in known.items() if row[2] and name != schema),
        tables=tables,
        extensions=extensions,
        roles=roles,
    )


def _cut(name: Any) -> Any:
    return name[:_NAME] if isinstance(name, str) else name


def _first(rows: Answer) -> tuple[str, ...] | Unobservable:
    return rows if isinstance(rows, Unobservable) else tuple(row[0] for row in rows)


class _Tables:
    """What the tables of a schema hold, by their names."""

    def __init__(self, ask: Ask, schema: str) -> None:
        self._schema = schema
        self._partly: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        views = ask(catalog.VIEWS)
        self._views = set() if isinstance(views, Unobservable) else {name for (name,) in views}
        grants = _by_table(ask(catalog.GRANTS))
        policies = _by_table(ask(catalog.POLICIES))
        ask(catalog.SHOWN)
        self._aspects: dict[str, dict[str, Any] | Unobservable] = {
            "columns": self._columns(_by_table(ask(catalog.COLUMNS))),
            **self._constraints(_by_table(ask(catalog.CONSTRAINTS))),
            "policies": _each(policies, _policies),
            "grants": _each(grants, _grants),
            "column_grants": _each(grants, _column_grants),
        }
        self._index(_by_table(ask(catalog.INDEXES)))

    def fields(self, name: str) -> dict[str, Any]:
        """The fields of a table that are the same questions for all."""
        return {
            field: told if isinstance(told, Unobservable) else told[name]
            for field, told in self._aspects.items()
            if isinstance(told, Unobservable) or name in told
        }

    def hidden(self, name: str, *, active: bool) -> bool | Unobservable:
        """Whether row level security holds for us."""
        return _VIEW if name in self._views else active

    def may(
        self, name: str, held: set[str], *, usable: bool, replica: bool
    ) -> dict[str, bool | Unobservable]:
        """What we may do with a table."""
        told: dict[str, bool | Unobservable] = {}
        for privilege in PRIVILEGES:
            told[privilege] = privilege in held
            columns = self._partly[name][privilege]
            if privilege not in held and columns and usable:
                told[privilege] = Unobservable(
                    reason=f"it is granted only on these columns: {', '.join(columns)}"
                )
            elif replica and privilege in held and privilege in (*_CHANGES, "truncate"):
                told[privilege] = _REPLICA
        return told

    def _columns(
        self, rows: Mapping[str, list[Any]] | Unobservable
    ) -> dict[str, dict[str, FoundColumn]] | Unobservable:
        if isinstance(rows, Unobservable):
            return rows
        found: dict[str, dict[str, FoundColumn]] = defaultdict(dict)
        for table, columns in rows.items():
            for name, kind, required, default, identity, generated, options, may, own in columns:
                # Types of the tables' own schema are named without it, as those on the path are.
                found[table][_cut(name)] = FoundColumn(
                    name=_cut(name),
                    type=_cut(kind.removeprefix(f"{own}.") if own else kind),
                    nullable=not required,
                    default=_IDENTITY.get(identity, default),
                    generated=bool(identity or generated),
                    options=None if options is None else tuple(json.loads(options)),
                )
                for privilege in json.loads(may or "[]"):
                    self._partly[table][privilege].append(name)
        return found

    def _constraints(
        self, rows: Mapping[str, list[Any]] | Unobservable
    ) -> dict[str, dict[str, Any] | Unobservable]:
        names = ("primary_key", "unique", "foreign_keys", "checks")
        if isinstance(rows, Unobservable):
            return dict.fromkeys(names, rows)
        keys: dict[str, Any] = {}
        lists: dict[str, dict[str, Any]] = {name: defaultdict(tuple) for name in names[1:]}
        for table, constraints in rows.items():
            for sort, name, columns, other, schema, targets, on_delete, expression in constraints:
                own = tuple(json.loads(columns))
                match sort:
                    case "p":
                        keys[table] = own
                    case "u":
                        lists["unique"][table] += (own,)
                    case "f":
                        made = FoundForeignKey(
                            columns=own,
                            table=other if schema == self._schema else f"{schema}.{other}",
                            targets=tuple(json.loads(targets)),
                            on_delete=_ON_DELETE.get(on_delete, ""),
                        )
                        lists["foreign_keys"][table] += (made,)
                    case _:
                        check = CheckConstraint(name=_cut(name), expression=expression)
                        lists["checks"][table] += (check,)
        return {"primary_key": keys, **lists}

    def _index(self, rows: Mapping[str, list[Any]] | Unobservable) -> None:
        """Add the indexes that no constraint made, and which of them make columns unique."""
        unique = self._aspects["unique"]
        if isinstance(rows, Unobservable) or isinstance(unique, Unobservable):
            self._aspects["indexes"] = rows if isinstance(rows, Unobservable) else {}
            self._aspects["unique"] = rows if isinstance(rows, Unobservable) else unique
            return
        found: dict[str, tuple[FoundIndex, ...]] = {}
        for table, indexes in rows.items():
            for name, only, partial, plain, columns in indexes:
                own = tuple(json.loads(columns))
                made = FoundIndex(name=_cut(name), columns=own, unique=only, partial=partial)
                found[table] = (*found.get(table, ()), made)
                if only and plain and not partial and own not in unique.get(table, ()):
                    unique[table] = (*unique.get(table, ()), own)
        self._aspects["indexes"] = found


_IDENTITY = {"a": "generated always as identity", "d": "generated by default as identity"}


def _by_table(rows: Answer) -> dict[str, list[Any]] | Unobservable:
    if isinstance(rows, Unobservable):
        return rows
    found: dict[str, list[Any]] = defaultdict(list)
    for name, *rest in rows:
        found[name].append(rest)
    return found


def _each(
    rows: Mapping[str, list[Any]] | Unobservable, made: Callable[[list[Any]], Any]
) -> dict[str, Any] | Unobservable:
    if isinstance(rows, Unobservable):
        return rows
    return {table: made(found) for table, found in rows.items()}


def _policies(rows: list[Any]) -> tuple[FoundPolicy, ...]:
    return tuple(
        FoundPolicy(
            name=_cut(name),
            command=_COMMANDS.get(command, "all"),
            roles=tuple(json.loads(roles)),
            permissive=permissive,
        )
        for name, command, permissive, roles in rows
    )


def _grants(rows: list[Any]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for column, role, privilege in rows:
        if column is None:
            found[role].add(privilege)
    return {role: frozenset(privileges) for role, privileges in sorted(found.items())}


def _column_grants(rows: list[Any]) -> dict[str, dict[str, tuple[str, ...]]]:
    found: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for column, role, privilege in rows:
        if column is not None:
            found[role][privilege] = (*found[role].get(privilege, ()), column)
    return dict(sorted(found.items()))
