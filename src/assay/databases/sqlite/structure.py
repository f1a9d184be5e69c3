"""What a SQLite file holds, in a handful of queries whatever the number of its tables.

The pragmas are asked as table-valued functions: https://www.sqlite.org/pragma.html#pragfunc.
"""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING, Any

from assay.databases.model import (
    PRIVILEGES,
    CheckConstraint,
    FoundColumn,
    FoundForeignKey,
    FoundIndex,
    FoundTable,
    Structure,
)
from assay.databases.session import LARGEST
from assay.databases.trouble import DatabaseTrouble
from assay.words import in_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Connection

_TABLES = """
SELECT name, type, sql FROM sqlite_master
WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name
"""
_COLUMNS = """
SELECT m.name, c.name, c.type, c."notnull", c.dflt_value, c.pk, c.hidden
FROM sqlite_master m JOIN pragma_table_xinfo(m.name) c
WHERE m.type IN ('table', 'view') ORDER BY m.name, c.cid
"""
_FOREIGN_KEYS = """
SELECT m.name, f.id, f."from", f."table", f."to", f.on_delete
FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f
WHERE m.type = 'table' ORDER BY m.name, f.id, f.seq
"""
_INDEXES = """
SELECT m.name, i.name, i."unique", i.origin, i.partial, k.name
FROM sqlite_master m JOIN pragma_index_list(m.name) i JOIN pragma_index_info(i.name) k
WHERE m.type = 'table' ORDER BY m.name, i.name, k.seqno
"""
_TEXTS = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
_ROW = 100
"""Bytes of a row in memory, beside its texts; at the least."""
_CHANGES = frozenset(("insert", "update", "delete"))


def sqlite_structure(
    connection: Connection, schema: str, *, host: str, writable: bool
) -> Structure:
    """The tables and views of a file; `writable` says whether this user may change the file.

    Raises:
        DatabaseTrouble: `schema` is another one than `main`, the only one of a file; or a few pages
            of the file unfold into more than memory should hold, as views of wide tables do.

    """
    if schema not in ("", "main"):
        raise DatabaseTrouble(
            "database-schema-not-exposed", host=host, schema=schema, exposed="main"
        )

    def rows(statement: str) -> Sequence[Any]:
        found: list[Any] = []
        size = 0
        for row in connection.exec_driver_sql(statement):
            found.append(row)
            size += _ROW + sum(len(cell) for cell in row if isinstance(cell, str | bytes))
            if size > LARGEST:
                state = f"a schema of more than {in_bytes(LARGEST)}"
                raise DatabaseTrouble("database-failed", host=host, state=state)
        return found

    columns, keys = _columns(rows(_COLUMNS))
    foreign = _foreign_keys(rows(_FOREIGN_KEYS), keys)
    indexes, unique = _indexes(rows(_INDEXES), dict(rows(_TEXTS)))
    tables = {}
    for name, sort, sql in rows(_TABLES):
        tables[name] = FoundTable(
            name=name,
            sort=sort,
            columns=columns.get(name, {}),
            primary_key=keys.get(name, ()),
            foreign_keys=tuple(foreign.get(name, ())),
            unique=tuple(unique.get(name, ())),
            indexes=tuple(indexes.get(name, ())),
            checks=tuple(checks_in(sql or "")),
            may=_may(changes=writable and sort == "table"),
        )
    return Structure(dialect="sqlite", schema="", tables=tables)


def _may(*, changes: bool) -> Mapping[str, bool]:
    """What the rights to the file come to."""
    return {name: name == "select" or (changes and name in _CHANGES) for name in PRIVILEGES}


def _columns(
    rows: Sequence[Any],
) -> tuple[dict[str, dict[str, FoundColumn]], dict[str, tuple[str, ...]]]:
    columns: dict[str, dict[str, FoundColumn]] = defaultdict(dict)
    keys: dict[str, dict[int, str]] = defaultdict(dict)
    integer: dict[str, bool] = {}
    for table, name, kind, required, default, position, hidden in rows:
        # https://www.sqlite.org/pragma.html#pragma_table_xinfo: 1 is a virtual table's own
        if hidden == 1:
            continue
        columns[table][name] = FoundColumn(
            name=name,
            type=kind.lower(),
            nullable=not required,
            default=default,
            generated=hidden in (2, 3),
        )
        if position:
            keys[table][position] = name
            integer[table] = kind.upper() == "INTEGER" and len(keys[table]) == 1
    for table, found in keys.items():
        if integer[table] and len(found) == 1:
            # INTEGER PRIMARY KEY is the row's number: SQLite fills it, and it is never NULL.
            (name,) = found.values()
            old = columns[table][name]
            columns[table][name] = FoundColumn(
                name=name, type=old.type, nullable=False, default=old.default, generated=True
            )
    ordered = {t: tuple(name for _, name in sorted(found.items())) for t, found in keys.items()}
    return columns, ordered


def _foreign_keys(
    rows: Sequence[Any], keys: Mapping[str, tuple[str, ...]]
) -> dict[str, list[FoundForeignKey]]:
    parts: dict[tuple[str, int], list[Any]] = defaultdict(list)
    for table, number, *rest in rows:
        parts[table, number].append(rest)
    found: dict[str, list[FoundForeignKey]] = defaultdict(list)
    for (table, _), columns in parts.items():
        _, other, target, on_delete = columns[0]
        named = tuple(each[2] for each in columns)
        found[table].append(
            FoundForeignKey(
                columns=tuple(each[0] for each in columns),
                table=other,
                targets=keys.get(other, ()) if target is None else named,
                on_delete="" if on_delete == "NO ACTION" else on_delete.lower(),
            )
        )
    return found


def _indexes(
    rows: Sequence[Any], texts: Mapping[str, Any]
) -> tuple[dict[str, list[FoundIndex]], dict[str, list[tuple[str, ...]]]]:
    parts: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for table, name, *rest in rows:
        parts[table, name].append(rest)
    indexes: dict[str, list[FoundIndex]] = defaultdict(list)
    unique: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for (table, name), columns in parts.items():
        only, origin, partial, _ = columns[0]
        named = tuple(each[3] for each in columns)
        whole = None not in named
        if not whole:
            expressions = _expressions(texts.get(name) or "", len(named))
            named = tuple(n or e for n, e in zip(named, expressions, strict=True))
        if origin == "c":
            made = FoundIndex(name=name, columns=named, unique=bool(only), partial=bool(partial))
            indexes[table].append(made)
        if only and origin != "pk" and not partial and whole:
            unique[table].append(named)
    return indexes, unique


def _expressions(sql: str, count: int) -> Sequence[str]:
    """What stands between the brackets of a CREATE INDEX."""
    start = sql.find("(")
    found: list[str] = []
    depth, begin, end = 0, start + 1, len(sql)
    for position, character in _signs(sql):
        if position < start:
            continue
        depth += (character == "(") - (character == ")")
        if not depth:
            end = position
            break
        if character == "," and depth == 1:
            found.append(sql[begin:position].strip())
            begin = position + 1
    found.append(sql[begin:end].strip())
    return found if len(found) == count else [sql[start + 1 : end].strip()] * count


def checks_in(sql: str) -> Iterator[CheckConstraint]:
    """The CHECK constraints of a CREATE TABLE, whose text is all that SQLite keeps of them."""
    before: deque[str] = deque(maxlen=3)
    depth, begin, outside, name = 0, -1, 0, ""
    for position, end in _pieces(sql):
        piece = sql[position:end]
        depth += (piece == "(") - (piece == ")")
        if begin >= 0 and depth == outside:
            yield CheckConstraint(name=name, expression=sql[begin:position].strip())
            begin = -1
        elif begin < 0 and piece == "(" and before and before[-1].lower() == "check":
            named = len(before) == 3 and before[0].lower() == "constraint"
            name = before[1].strip('"`[]').replace('""', '"') if named else ""
            begin, outside = end, depth - 1
        before.append(piece)
    if begin >= 0:
        yield CheckConstraint(name=name, expression=sql[begin:].strip())


def _signs(sql: str) -> Iterator[tuple[int, str]]:
    """Brackets and commas that are neither quoted nor in a comment, with their positions."""
    return ((at, sql[at]) for at, end in _pieces(sql) if end == at + 1 and sql[at] in "(),")


_ENDS = {"'": "'", '"': '"', "`": "`", "[": "]", "-": "\n", "/": "*/"}


def _pieces(sql: str) -> Iterator[tuple[int, int]]:
    """Where words, quoted texts and signs begin and end; spaces and comments are left out.

    It looks at each character once: whoever made the file may have made it to take long.
    """
    at, size = 0, len(sql)
    while at < size:
        character = sql[at]
        end = at + 1
        if character in "-/" and sql[at : at + 2] not in ("--", "/*"):
            yield at, end
        elif character in _ENDS:
            end = _end(sql, at)
            if character not in "-/":
                yield at, end
        elif character.isalnum() or character == "_":
            while end < size and (sql[end].isalnum() or sql[end] in "_$"):
                end += 1
            yield at, end
        elif not character.isspace():
            yield at, end
        at = end


def _end(sql: str, at: int) -> int:
    """The offset at which what is quoted at `at`, or the comment there, ends."""
    mark = _ENDS[sql[at]]
    end = at + 1 + (sql[at] == "/")
    while (found := sql.find(mark, end)) >= 0:
        end = found + len(mark)
        if mark not in "'\"`" or sql[end : end + 1] != mark:
            return end
        end += 1
    return len(sql)
