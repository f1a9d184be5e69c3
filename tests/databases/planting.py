"""Plants functions, operators, types and relations in a database under the names of others'.

What is planted is derived from the statements that a server was sent, so that a new statement is
attacked without anybody thinking of it.
"""

from __future__ import annotations

import re
from contextlib import closing
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.databases.postgres import Database, Server

MARK = "PLANTED"
_SENT = re.compile(r"LOG:  (?:statement|execute [^:]*): (.*(?:\n\t.*)*)")
_QUOTED = re.compile(r"'(?:[^']|'')*'|--[^\n]*")
_CONCRETE = {
    "anyarray": ("name[]", "text[]", "oid[]", "int2[]", '"char"[]'),
    "anynonarray": ("text", "name", "oid", "int4"),
    "anyelement": ("text", "name", "oid", "int4", "int8", "bool", '"char"', "name[]", "text[]"),
    "any": ("text", "name", "int4", "citext", "bytea", "jsonb", "uuid"),
    "anyenum": ("mood",),
}
"""What a planted signature has where PostgreSQL's own takes types of all sorts."""
_PAIRS = ("name", "text", "oid", "int4", "int8", "bool", '"char"', "bytea", "name[]", "text[]")
_WORDS = {"like": "~~", "not like": "!~~", "in": "=", "not in": "<>", "between": ">="}


class Names(NamedTuple):
    """What statements call."""

    functions: set[str]
    operators: set[str]
    types: set[str]
    relations: set[str]


def sent(server: Server, user: str = "") -> list[str]:
    """The statements that a server with `log_statement=all` was sent, by a user if one is given."""
    assert server.folder is not None
    text = (server.folder / "log").read_text()
    lines = [line for line in re.split(r"\n(?!\t)", text) if not user or f"<{user}>" in line]
    return [found[1] for line in lines if (found := _SENT.search(line))]


def names_in(statements: list[str]) -> Names:
    """The functions, operators, types and relations of statements."""
    text = "\n".join(_QUOTED.sub("''", each.lower()) for each in dict.fromkeys(statements))
    functions = set(re.findall(r"([a-z_][a-z_0-9]*)\s*\(", text))
    operators = set(re.findall(r"[-+*/<>=~!@#%^&|?]+", text.replace("*", " ")))
    operators |= {sign for word, sign in _WORDS.items() if re.search(rf"\b{word}\b", text)}
    types = set(re.findall(r"(?:::|\bas )\s*(?:pg_catalog\.)?\"?([a-z_0-9]+)", text))
    relations = set(re.findall(r"\b(?:from|join)\s+(?:pg_catalog\.)?([a-z_0-9]+)", text))
    return Names(functions, operators, types, relations)


def plant(database: Database, names: Names, schemas: tuple[str, ...]) -> int:
    """Plant one of every name in schemas; the number that PostgreSQL let us plant."""
    with closing(psycopg.connect(database.url(), autocommit=True)) as connection:
        connection.execute("SET search_path = pg_catalog, public")
        types = [*_types(connection, names)]
        signatures = [
            *_signatures(connection, names.functions),
            ("like_escape", "text, text", "text"),
        ]
        operators = [*_operators(connection, names.operators)]
        planted = 0
        for schema in schemas:
            connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
            connection.execute(f'GRANT USAGE ON SCHEMA "{schema}" TO PUBLIC')
            made = [*_functions(schema, signatures), *_signs(schema, operators)]
            made += [*_domains(schema, types), *_views(schema, names.relations)]
            for statement in made:
                try:
                    connection.execute(statement)
                except psycopg.Error:
                    continue
                planted += 1
    return planted


def _body(what: str) -> str:
    return f"""BEGIN RAISE LOG '{MARK} %', {sql.Literal(what).as_string()};
        RAISE EXCEPTION '{MARK}'; END"""


def _function(schema: str, name: str, arguments: str, returns: str) -> str:
    return (
        f'CREATE FUNCTION "{schema}"."{name}"({arguments}) RETURNS {returns} LANGUAGE plpgsql AS '
        f"$planted${_body(f'{name}({arguments})')}$planted$"
    )


def _each(arguments: list[str], returns: str) -> Iterator[tuple[list[str], str]]:
    """A signature itself, and with types of their own in the place of `anyelement` and the like."""
    yield arguments, returns
    for name in sorted(set(arguments) & set(_CONCRETE)):
        for concrete in _CONCRETE[name]:
            result = (
                concrete if returns == name else "text" if returns.startswith("any") else returns
            )
            yield [concrete if each == name else each for each in arguments], result


def _signatures(connection: psycopg.Connection, names: set[str]) -> Iterator[tuple[str, str, str]]:
    query = """
        SELECT proname, ARRAY(SELECT format_type(t, NULL) FROM unnest(proargtypes) t),
            format_type(prorettype, NULL), proretset FROM pg_catalog.pg_proc
        WHERE proname = ANY (%s) AND pronamespace = 'pg_catalog'::regnamespace"""
    for name, given, returns, several in connection.execute(query, [sorted(names)]).fetchall():
        arguments = [each.strip('"') if each == '"any"' else each for each in given]
        for made, result in _each(arguments, returns):
            yield name, ", ".join(made), f"SETOF {result}" if several else result


def _functions(schema: str, signatures: list[tuple[str, str, str]]) -> Iterator[str]:
    for name, arguments, returns in dict.fromkeys(signatures):
        yield _function(schema, name, arguments, returns)


def _operators(connection: psycopg.Connection, names: set[str]) -> Iterator[tuple[str, str, str]]:
    query = """
        SELECT oprname, format_type(oprleft, NULL), format_type(oprright, NULL),
            format_type(oprresult, NULL) FROM pg_catalog.pg_operator
        WHERE oprname = ANY (%s) AND oprleft <> 0 AND oprnamespace = 'pg_catalog'::regnamespace"""
    for name, left, right, returns in connection.execute(query, [sorted(names)]).fetchall():
        for (made_left, made_right), _ in _each([left, right], returns):
            yield name, f"{made_left}, {made_right}", returns
        if returns == "boolean":
            for one, other in product(_PAIRS, repeat=2):
                yield name, f"{one}, {other}", returns


def _signs(schema: str, operators: list[tuple[str, str, str]]) -> Iterator[str]:
    for number, (name, arguments, returns) in enumerate(dict.fromkeys(operators)):
        left, right = arguments.split(", ")
        called = f"planted_{number}"
        yield _function(schema, called, arguments, returns)
        yield (
            f'CREATE OPERATOR "{schema}".{name} '
            f'(FUNCTION = "{schema}".{called}, LEFTARG = {left}, RIGHTARG = {right})'
        )


def _types(connection: psycopg.Connection, names: Names) -> Iterator[tuple[str, str]]:
    query = (
        "SELECT typname, format_type(oid, NULL) FROM pg_catalog.pg_type WHERE typname = ANY (%s)"
    )
    yield from connection.execute(query, [sorted(names.types)]).fetchall()


def _domains(schema: str, types: list[tuple[str, str]]) -> Iterator[str]:
    for name, own in types:
        yield _function(schema, f"planted_in_{name}", own, "boolean")
        yield (
            f'CREATE DOMAIN "{schema}"."{name}" AS pg_catalog."{name}" '
            f'CHECK ("{schema}"."planted_in_{name}"(VALUE))'
        )


def _views(schema: str, relations: set[str]) -> Iterator[str]:
    yield _function(schema, "planted_view", "", "text")
    for name in relations:
        yield f'CREATE VIEW "{schema}"."{name}" AS SELECT "{schema}".planted_view() AS oid'
