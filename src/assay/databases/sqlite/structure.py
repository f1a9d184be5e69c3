"""What a SQLite file holds, in a handful of queries whatever the number of its tables.

The pragmas are asked as table-valued functions: https://www.sqlite.org/pragma.html#pragfunc.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from assay.databases.catalogues import grouped
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
from assay.databases.trouble import DatabaseTrouble, failed
from assay.schema_diff.lexing import pieces
from assay.words import in_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

_MASTER = "(SELECT * FROM sqlite_master WHERE ?1 = '' OR tbl_name = ?1 COLLATE NOCASE) m"
_TABLES = f"""
SELECT name, type, sql FROM {_MASTER}
WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name
"""  # noqa: S608 - made of constants
_COLUMNS = f"""
SELECT m.name, c.name, c.type, c."notnull", c.dflt_value, c.pk, c.hidden
FROM {_MASTER} JOIN pragma_table_xinfo(m.name) c
WHERE m.type IN ('table', 'view') ORDER BY m.name, c.cid
"""  # noqa: S608
_FOREIGN_KEYS = f"""
SELECT m.name, f.id, f."from", f."table", f."to", f.on_delete
FROM {_MASTER} JOIN pragma_foreign_key_list(m.name) f
WHERE m.type = 'table' ORDER BY m.name, f.id, f.seq
"""  # noqa: S608
_INDEXES = f"""
SELECT m.name, i.name, i."unique", i.origin, i.partial, k.name
FROM {_MASTER} JOIN pragma_index_list(m.name) i JOIN pragma_index_info(i.name) k
WHERE m.type = 'table' ORDER BY m.name, i.name, k.seqno
"""  # noqa: S608
_TEXTS = f"SELECT name, sql FROM {_MASTER} WHERE type = 'index' AND sql IS NOT NULL"  # noqa: S608
_ROW = 100
"""Bytes of a row in memory, beside its texts; at the least."""
_CHANGES = frozenset(("insert", "update", "delete"))


def sqlite_structure(
    connection: Connection,
    schema: str,
    *,
    host: str,
    writable: bool = False,
    only: str = "",
) -> Structure:
    """The tables and views of a file, or the `only` one; `writable` if this user may change it.

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
        for row in connection.exec_driver_sql(statement, (only,)):
            found.append(row)
            size += _ROW + sum(len(cell) for cell in row if isinstance(cell, str | bytes))
            if size > LARGEST:
                raise failed(f"a schema of more than {in_bytes(LARGEST)}", host=host)
        return found

    columns = grouped(rows(_COLUMNS))
    keys = {name: _key(found) for name, found in columns.items()}
    foreign = grouped(rows(_FOREIGN_KEYS))
    indexes, texts = grouped(rows(_INDEXES)), dict(rows(_TEXTS))
    tables = {}
    for name, sort, sql in rows(_TABLES):
        own = [*_indexes(indexes.get(name, ()), texts)]
        tables[name] = FoundTable(
            name=name,
            sort=sort,
            columns=_columns(columns.get(name, ())),
            primary_key=keys.get(name, ()),
            foreign_keys=tuple(_foreign_keys(foreign.get(name, ()), keys)),
            unique=tuple(index.columns for index, _, unique in own if unique),
            indexes=tuple(index for index, made, _ in own if made),
            checks=tuple(checks_in(sql or "")),
            may=_may(changes=writable and sort == "table"),
        )
    return Structure(dialect="sqlite", schema="", tables=tables)


def _may(*, changes: bool) -> Mapping[str, bool]:
    """What the rights to the file come to."""
    return {name: name == "select" or (changes and name in _CHANGES) for name in PRIVILEGES}


def _key(rows: Iterable[Any]) -> tuple[str, ...]:
    places = sorted((place, name) for name, *_, place, hidden in rows if place and hidden != 1)
    return tuple(name for _, name in places)


def _columns(rows: Sequence[Any]) -> dict[str, FoundColumn]:
    columns: dict[str, FoundColumn] = {}
    key = _key(rows)
    for name, kind, required, default, _, hidden in rows:
        # https://www.sqlite.org/pragma.html#pragma_table_xinfo: 1 is a virtual table's own
        if hidden == 1:
            continue
        # INTEGER PRIMARY KEY is the row's number: SQLite fills it, and it is never NULL.
        number = key == (name,) and kind.upper() == "INTEGER"
        columns[name] = FoundColumn(
            name=name,
            type=kind.lower(),
            nullable=not (required or number),
            default=default,
            generated=number or hidden in (2, 3),
        )
    return columns


def _foreign_keys(
    rows: Iterable[Any], keys: Mapping[str, tuple[str, ...]]
) -> Iterator[FoundForeignKey]:
    for parts in grouped(rows).values():
        columns, (other, *_), targets, (on_delete, *_) = zip(*parts, strict=True)
        yield FoundForeignKey(
            columns=columns,
            table=other,
            targets=keys.get(other, ()) if targets[0] is None else targets,
            on_delete="" if on_delete == "NO ACTION" else on_delete.lower(),
        )


def _indexes(
    rows: Iterable[Any], texts: Mapping[str, Any]
) -> Iterator[tuple[FoundIndex, bool, bool]]:
    """Indexes, whether somebody made them, and whether they make columns unique."""
    for name, parts in grouped(rows).items():
        only, origin, partial, _ = parts[0]
        named = tuple(column for *_, column in parts)
        plain = None not in named
        if not plain:
            expressions = _expressions(texts.get(name) or "", len(named))
            named = tuple(n or e for n, e in zip(named, expressions, strict=True))
        index = FoundIndex(name=name, columns=named, unique=bool(only), partial=bool(partial))
        yield index, origin == "c", bool(only and origin != "pk" and not partial and plain)


def _expressions(sql: str, count: int) -> Sequence[str]:
    """What stands between the brackets of a CREATE INDEX."""
    start = sql.find("(")
    found: list[str] = []
    depth, begin, end = 0, start + 1, len(sql)
    for position, _ in _pieces(sql):
        character = sql[position]
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


def _pieces(sql: str) -> Iterator[tuple[int, int]]:
    """Where words, quoted texts and signs begin and end; spaces and comments are left out.

    It looks at each character once: whoever made the file may have made it to take long.
    """
    found = pieces(sql, bracketed=True)
    return ((at, end) for sort, at, end in found if sort not in ("space", "comment"))
