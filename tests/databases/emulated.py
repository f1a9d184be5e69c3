"""What the emulator keeps in memory, and how PostgREST answers queries of it.

https://docs.postgrest.org/en/stable/references/api/tables_views.html; the root document follows
https://github.com/PostgREST/postgrest/blob/main/src/PostgREST/Response/OpenAPI.hs.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cmp_to_key
from typing import Any

NUMBERS = ("smallint", "integer", "bigint", "numeric", "double precision", "real")
ROLES = frozenset({"anon", "authenticated", "service_role"})


class Problem(Exception):  # noqa: N818 - an answer
    """An answer that refuses."""

    def __init__(
        self, status: int, code: str | None = None, message: str = "", hint: str | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body: dict[str, Any] = {"message": message, "hint": hint}
        if code is not None:
            self.body |= {"code": code, "details": None}


@dataclass
class Table:
    """A table or view, with what the root document tells of it."""

    name: str
    columns: dict[str, str]
    rows: list[dict[str, Any]] = field(default_factory=list)
    primary: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    foreign: dict[str, tuple[str, str]] = field(default_factory=dict)
    enums: dict[str, list[str]] = field(default_factory=dict)
    defaults: dict[str, Any] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    lengths: dict[str, int] = field(default_factory=dict)
    readable: frozenset[str] = ROLES
    """Roles with a grant."""
    hidden: frozenset[str] = frozenset()
    """Roles that row level security shows no rows."""
    view: bool = False


def answer(
    tables: dict[str, Table], name: str, query: list[tuple[str, str]], role: str, most: int
) -> tuple[list[dict[str, Any]], int]:
    """The rows that a query gives, and where they begin."""
    table = tables.get(name)
    if table is None:
        message = f"Could not find the table 'public.{name}' in the schema cache"
        near = next((each for each in tables if each[:3] == name[:3]), None)
        hint = f"Perhaps you meant the table 'public.{near}'" if near else None
        raise Problem(404, "PGRST205", message, hint)
    if role not in table.readable:
        grant = "Grant the required privileges to the current role with: "
        grant += f"GRANT SELECT ON public.{name} TO {role};"
        status = 401 if role == "anon" else 403
        raise Problem(status, "42501", f"permission denied for table {name}", grant)
    given = dict(query)
    names = _selected(table, given.get("select", "*"))
    rows = [] if role in table.hidden else list(table.rows)
    for key, value in query:
        if key not in ("select", "order", "limit", "offset"):
            grouped = key in ("and", "or")
            test = Tree(table, value).group(key) if grouped else Tree(table, key).plain(value)
            rows = [row for row in rows if test(row) is True]
    rows = _ordered(table, rows, given.get("order", ""))
    start = int(given.get("offset", 0))
    count = min(int(given.get("limit", most)), most)
    shown = [
        {
            called: as_text(row[column], table.columns[column])
            if cast
            else as_json(table, row, column)
            for called, column, cast in names
        }
        for row in rows[start : start + count]
    ]
    return shown, start


def as_text(value: Any, type_: str) -> str | None:
    """As PostgreSQL casts it to text."""
    if value is None:
        return None
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def as_json(table: Table, row: dict[str, Any], column: str) -> Any:
    value, type_ = row[column], table.columns[column]
    if type_ in ("json", "jsonb"):
        return None if value is None else json.loads(value)
    return as_text(value, type_) if isinstance(value, bytes) else value


def typed(text: str, type_: str) -> Any:
    """A literal as a value of a type."""
    try:
        if type_ in ("smallint", "integer", "bigint"):
            return int(text)
        if type_ in NUMBERS:
            return float(text)
        if type_ == "boolean":
            return {"true": True, "false": False}[text]
        if type_ == "bytea":
            return bytes.fromhex(text.removeprefix("\\x"))
    except (ValueError, KeyError):
        raise Problem(400, "22P02", f'invalid input syntax for type {type_}: "{text}"') from None
    return text


def _column(table: Table, name: str) -> str:
    if name not in table.columns:
        raise Problem(400, "42703", f"column {table.name}.{name} does not exist")
    return name


def _selected(table: Table, select: str) -> list[tuple[str, str, bool]]:
    """What is asked for: its name in the answer, its column, and whether it is cast to text."""
    if select == "*":
        return [(name, name, False) for name in table.columns]
    found = []
    reader = Reader(select)
    while not reader.over:
        called = name = reader.name(",:")
        if not reader.text.startswith("::", reader.at) and reader.take(":"):
            name = reader.name(",:")
        cast = reader.take("::text")
        found.append((called, _column(table, name), cast))
        if not reader.take(",") and not reader.over:
            raise Problem(400, "PGRST100", "failed to parse select parameter")
    return found


def _ordered(table: Table, rows: list[dict[str, Any]], order: str) -> list[dict[str, Any]]:
    names = []
    reader = Reader(order)
    while not reader.over:
        names.append(_column(table, reader.name(".,")))
        reader.take(".asc")
        if not reader.take(",") and not reader.over:
            raise Problem(400, "PGRST100", "failed to parse order")
    for name in names:
        if table.columns[name] in ("json", "xml"):
            type_ = table.columns[name]
            message = f"could not identify an ordering operator for type {type_}"
            raise Problem(404, "42883", message)

    def compare(left: dict[str, Any], right: dict[str, Any]) -> int:
        for name in names:
            mine, theirs = left[name], right[name]
            if mine == theirs:
                continue
            if mine is None or theirs is None:
                return 1 if mine is None else -1
            return -1 if mine < theirs else 1
        return 0

    return sorted(rows, key=cmp_to_key(compare))


class Reader:
    """Reads names and values that may be quoted."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    @property
    def over(self) -> bool:
        return self.at >= len(self.text)

    def take(self, text: str) -> bool:
        if not self.text.startswith(text, self.at):
            return False
        self.at += len(text)
        return True

    def expect(self, text: str) -> None:
        if not self.take(text):
            raise Problem(400, "PGRST100", "failed to parse logic tree")

    def name(self, stops: str) -> str:
        if self.take('"'):
            return self._quoted()
        begin = self.at
        while not self.over and self.text[self.at] not in stops:
            self.at += 1
        return self.text[begin : self.at]

    def _quoted(self) -> str:
        found = []
        while not self.take('"'):
            if self.over:
                raise Problem(400, "PGRST100", "failed to parse logic tree")
            self.take("\\")
            found.append(self.text[self.at])
            self.at += 1
        return "".join(found)


class Tree(Reader):
    """Conditions, as functions of a row to True, False or None for NULL."""

    def __init__(self, table: Table, text: str) -> None:
        super().__init__(text)
        self.table = table

    def group(self, word: str) -> Any:
        """`(a,b)`, joined by a word."""
        self.expect("(")
        parts = [self.item()]
        while self.take(","):
            parts.append(self.item())
        self.expect(")")
        return _joined(parts, word)

    def item(self) -> Any:
        negated = self.take("not.")
        for word in ("and", "or"):
            if self.take(f"{word}("):
                self.at -= 1
                inner = self.group(word)
                return _negated(inner) if negated else inner
        if negated:
            self.at -= len("not.")
        name = _column(self.table, self.name("."))
        self.expect(".")
        return self.operation(name)

    def plain(self, value: str) -> Any:
        """`column=operator.value`, whose value goes on to the end."""
        name = _column(self.table, self.name("."))
        operator, _, rest = value.partition(".")
        return self.test(name, operator, rest)

    def operation(self, name: str) -> Any:
        negated = self.take("not.")
        operator = self.name(".")
        self.expect(".")
        if operator == "in":
            self.expect("(")
            values = []
            while not self.take(")"):
                values.append(self.name(",)"))
                self.take(",")
            type_ = self.table.columns[name]
            wanted = [typed(each, type_) for each in values]
            test = lambda row: None if row[name] is None else row[name] in wanted  # noqa: E731
        else:
            test = self.test(name, operator, self.name(",)"))
        return _negated(test) if negated else test

    def test(self, name: str, operator: str, text: str) -> Any:
        if operator == "is":
            wanted = {"null": None, "true": True, "false": False}[text]
            return lambda row: row[name] is wanted
        value = typed(text, self.table.columns[name])
        compare = {
            "eq": lambda x: x == value,
            "neq": lambda x: x != value,
            "lt": lambda x: x < value,
            "lte": lambda x: x <= value,
            "gt": lambda x: x > value,
            "gte": lambda x: x >= value,
        }.get(operator)
        if compare is None:
            raise Problem(400, "PGRST100", "failed to parse logic tree")
        return lambda row: None if row[name] is None else compare(row[name])


def _joined(parts: list[Any], word: str) -> Any:
    decisive = word == "or"

    def test(row: dict[str, Any]) -> bool | None:
        found = [part(row) for part in parts]
        if decisive in found:
            return decisive
        return None if None in found else not decisive

    return test


def _negated(test: Any) -> Any:
    return lambda row: None if (found := test(row)) is None else not found


def root_document(tables: dict[str, Table], version: str) -> dict[str, Any]:
    """The root document, as PostgREST writes it."""
    return {
        "swagger": "2.0",
        "info": {
            "description": "",
            "title": "standard public schema",
            "version": f"{version} (a1b2c3d)",
        },
        "host": "0.0.0.0:3000",
        "basePath": "/",
        "schemes": ["http"],
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "paths": {"/": {"get": {}}}
        | {
            f"/{name}": {"get": {}}
            | ({} if table.view else {"post": {}, "patch": {}, "delete": {}})
            for name, table in tables.items()
        },
        "definitions": {name: _definition(table) for name, table in tables.items()},
    }


def _definition(table: Table) -> dict[str, Any]:
    properties = {name: _property(table, name) for name in table.columns}
    found: dict[str, Any] = {"type": "object", "properties": properties}
    required = (
        [*table.required] if table.view else [*dict.fromkeys((*table.required, *table.primary))]
    )
    return {"required": required, **found} if required else found


def _property(table: Table, name: str) -> dict[str, Any]:
    type_ = table.columns[name]
    found: dict[str, Any] = {"format": type_}
    swagger = {"boolean": "boolean", **dict.fromkeys(("smallint", "integer", "bigint"), "integer")}
    swagger |= dict.fromkeys(("numeric", "real", "double precision"), "number")
    if type_ not in ("json", "jsonb"):
        found["type"] = "array" if type_.endswith("[]") else swagger.get(type_, "string")
    for key, values in (
        ("default", table.defaults),
        ("enum", table.enums),
        ("maxLength", table.lengths),
    ):
        if name in values:
            found[key] = values[name]
    note = []
    if name in table.primary:
        note.append("This is a Primary Key.<pk/>")
    if name in table.foreign:
        other, column = table.foreign[name]
        note.append(
            f"This is a Foreign Key to `{other}.{column}`.<fk table='{other}' column='{column}'/>"
        )
    comment = table.comments.get(name)
    if note:
        found["description"] = (f"{comment}\n\n" if comment else "") + "\n".join(["Note:", *note])
    elif comment:
        found["description"] = comment
    return found
