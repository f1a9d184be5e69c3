"""`assay diff` and `assay snapshot` of tables: what is contacted, shown and kept."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import jsonschema
import pytest

from assay.snapshots.files import snapshot_schema

PEPPER = {"ASSAY_PEPPER": "8f1c2d7be04a95632fd1c07ab89e3465d0127f8ab3c4e596071829dabfce1430"}
SPEC = """\
environments:
  dev: {values: [{dotenv: .env}]}
  prod: {values: [{dotenv: prod.env}]}
variables:
  URL: {secret: true}
  MODE: {required: false}
databases:
  main: {sql: {url: URL}}
"""
DEV = "create table pay (id integer primary key, note text default 'kV9sTz2QqWmB');"
PROD = "create table pay (id integer primary key, note varchar(9)); create table log (id integer);"


def database(project, name: str, script: str) -> None:
    with closing(sqlite3.connect(project.folder / name)) as made:
        made.executescript(script)


@pytest.fixture
def bank(project):
    project.spec(SPEC)
    project.env("URL=sqlite:///dev.db\nMODE=a\n")
    project.env("URL=sqlite:///prod.db\nMODE=b\n", "prod.env")
    database(project, "dev.db", DEV)
    database(project, "prod.db", PROD)
    return project


def names(ran) -> set[str]:
    """The first cells of the table that was printed."""
    lines = ran.out.partition("\n\n")[0].splitlines()[1:]
    return {line.partition("  ")[0] for line in lines}


ALL = {
    *("URL", "MODE", "table log", "table pay.note type", "table pay.note default"),
}


@pytest.mark.parametrize(
    ("only", "shown"),
    [
        ([], ALL),
        (["*"], ALL),
        (["tables"], ALL - {"URL", "MODE"}),
        (["variables"], {"URL", "MODE"}),
        (["variables", "log"], {"URL", "MODE", "table log"}),
        (["main"], ALL - {"URL", "MODE"}),
        (["pay"], {"table pay.note type", "table pay.note default"}),
        (["pay.*"], {"table pay.note type", "table pay.note default"}),
        (["MODE"], {"MODE"}),
        (["l*"], {"table log"}),
    ],
)
def test_only_selects_tables_too(bank, only, shown):
    ran = bank.run("diff", "dev", "prod", *(word for name in only for word in ("--only", name)))
    assert (ran.code, ran.err) == (0, "")
    assert names(ran) == shown


def test_a_name_that_selects_nothing_is_compared_with_those_of_tables(bank):
    ran = bank.run("diff", "dev", "prod", "--only", "pya")
    assert ran.code == 2
    assert "--only pya selects nothing: did you mean pay?" in ran.err


def test_no_database_is_contacted_for_variables_alone(bank):
    bank.env("URL=postgres://u:kV9sTz2QqWmB@127.0.0.1:1/x\nMODE=b\n", "prod.env")
    ran = bank.run("diff", "dev", "prod", "--only", "MODE")
    assert (ran.code, ran.err) == (0, "")
    assert bank.run("diff", "dev", "prod").code == 3


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgres://u:kV9sTz2QqWmB@127.0.0.1:1/x", "the tables of main can't be read: connection"),
        ("nonsense-kV9sTz2QqWmB", "the tables of main can't be read: url invalid"),
        ("", "URL, which contains the address of the database, is set but empty"),
        ("sqlite:///gone.db", "the tables of main can't be read: file missing"),
    ],
)
def test_a_database_that_cannot_be_read_is_unknown_with_the_reason(bank, url, said):
    bank.env(f"URL={url}\nMODE=b\n", "prod.env")
    ran = bank.run("diff", "dev", "prod", "--format", "json")
    assert ran.code == 3
    assert "kV9sTz2QqWmB" not in ran.said
    rows = {row["name"]: row for row in json.loads(ran.out)["rows"]}
    cell = rows["tables"]["cells"]["prod"]
    assert (cell["state"], cell["value"]) == ("denied", "unknown")
    assert said in cell["reason"]
    assert bank.run("diff", "dev", "prod", "--allow-unknown").code == 0


def test_json_tells_table_database_and_aspect(bank):
    found = json.loads(bank.run("diff", "dev", "prod", "--format", "json").out)["rows"]
    row = next(row for row in found if row.get("aspect") == "type")
    assert row == {
        "name": "pay.note",
        "kind": "table",
        "database": "main",
        "aspect": "type",
        "agree": False,
        "cells": {
            "dev": {"state": "readable", "group": None, "value": "text", "reason": None},
            "prod": {
                "state": "readable",
                "group": None,
                "value": "character varying(9)",
                "reason": None,
            },
        },
        "demands": [],
    }


def test_several_databases_are_told_apart(bank):
    bank.spec(SPEC + "  other: {sqlite: {path: dev.db}}\n")
    ran = bank.run("diff", "dev", "prod", "--matching", "--only", "tables")
    assert "table log in main" in names(ran)
    assert "table pay in other" in names(ran)


def test_a_snapshot_holds_tables_and_no_literal(bank):
    ran = bank.run("snapshot", environ=PEPPER)
    assert (ran.code, ran.err) == (0, "")
    assert "kV9sTz2QqWmB" not in ran.out
    kept = json.loads(ran.out)["environments"]["dev"]["databases"]["main"]
    assert kept["dialect"] == "sqlite"
    pay = kept["tables"]["pay"]
    assert pay["columns"] == ["id", "note"]
    assert pay["traits"]["type"] == {"id": "integer", "note": "text"}
    assert pay["traits"]["default"]["note"]["text"] == "'…'"
    assert bank.run("snapshot", environ=PEPPER).out == ran.out
    jsonschema.validate(json.loads(ran.out), snapshot_schema())


def test_snapshots_compare_tables_without_the_databases(bank):
    assert bank.run("snapshot", "-o", "all.json", environ=PEPPER).code == 0
    (bank.folder / "dev.db").unlink()
    (bank.folder / "prod.db").unlink()
    ran = bank.run("diff", "all.json", "--only", "tables", "--expect", "identical")
    assert ran.code == 1
    assert names(ran) == ALL - {"URL", "MODE"}


def test_a_snapshot_without_tables_says_nothing_of_them(bank):
    made = bank.run("snapshot", "prod", "--no-tables", "-o", "prod.json", environ=PEPPER)
    assert made.code == 0
    kept = json.loads((bank.folder / "prod.json").read_text())
    assert "databases" not in kept["environments"]["prod"]
    ran = bank.run("diff", "prod", "prod.json", environ=PEPPER)
    assert ran.code == 0
    assert "tables in prod.json:prod: prod.json:prod does not include tables" in ran.out
    strict = bank.run("diff", "prod", "prod.json", "--expect", "same", environ=PEPPER)
    assert strict.code == 3


def test_a_database_that_cannot_be_read_makes_no_snapshot(bank):
    (bank.folder / "prod.db").unlink()
    ran = bank.run("snapshot", "prod", environ=PEPPER)
    assert (ran.code, ran.out) == (3, "")
    assert "prod can't be read: the tables of main can't be read" in ran.err
    assert "--no-tables" in ran.err
    assert bank.run("snapshot", "dev", environ=PEPPER).code == 0


def test_a_condition_keeps_a_database_from_being_looked_at(bank):
    bank.spec(SPEC.replace("{url: URL}}", "{url: URL}, when: environment == 'dev'}"))
    (bank.folder / "prod.db").unlink()
    ran = bank.run("diff", "dev", "prod", "--matching")
    assert (ran.code, ran.err) == (0, "")
    assert names(ran) == {"URL", "MODE"}


def test_markdown_escapes_names_of_tables(bank):
    database(bank, "prod.db", 'create table "a|b`c" (id integer);')
    ran = bank.run("diff", "dev", "prod", "--only", "tables", "--format", "markdown")
    assert ran.code == 0
    row = next(line for line in ran.out.splitlines() if "a\\|b" in line)
    assert row.endswith("| `missing` | `table` |  |")
