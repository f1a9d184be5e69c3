"""`assay init --database`: the tables of a database in the spec, and nothing of its rows."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.project import Project

import assay
from assay.databases.base import Reach
from assay.databases.sqlite.backend import Sqlite
from assay.discovery.table_writing import DatabaseDraft
from assay.discovery.table_writing import written as written_sections
from assay.discovery.tables import tables_of
from assay.model import Outcome
from assay.spec.loader import load_text

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "kV9sTz2QqWmB4xR7"
KEY = "4e0970ae8d7689908f34d4275c642af11f32f07eb912728d5d735002620a06c1"
SHOP = f"""
create table tenants (
  id integer primary key,
  name text not null unique,
  plan varchar(20) default 'free',
  made_at timestamp default current_timestamp,
  attempts integer not null default 0
);
create table mpesa_credentials (
  id text primary key,
  tenant_id integer not null references tenants (id) on delete cascade,
  environment text not null default '{SECRET}',
  consumer_key_enc blob,
  constraint known check (environment <> '{SECRET}'),
  unique (tenant_id, environment)
);
create index by_name on tenants (made_at, name);
create view names as select name from tenants;
create table _prisma_migrations (id text);
insert into tenants (name) values ('{SECRET}');
"""


def database(project: Project, script: str = SHOP, path: str = "app.db") -> None:
    """Make a SQLite file."""
    with closing(sqlite3.connect(project.folder / path)) as made:
        made.executescript(f"pragma synchronous = off; begin; {script} commit;")


def written(project: Project, named: str = "DATABASE_URL") -> str:
    """The spec that init writes; it is valid, and passes on the database that it is made from."""
    ran = project.run("init", "--force", "--database", named)
    assert (ran.code, ran.err) == (0, ""), ran.said
    text = (project.folder / "specs/app.yaml").read_text(encoding="utf-8")
    linted = project.run("lint")
    assert linted.code == 0, text + linted.said
    checked = project.run("check", "-v")
    assert checked.code == 0, text + checked.said
    assert "error[" not in checked.out
    assert "warning[table" not in checked.out, text + checked.said
    return text


@pytest.fixture
def shop(project):
    project.env("DATABASE_URL=sqlite:///app.db\n")
    database(project)
    return project


def test_tables_are_written_as_people_would_write_them(shop):
    text = written(shop)
    assert text.partition("\n\ndatabases:\n")[2] == (
        "  main: {sql: {url: DATABASE_URL}}\n\n"
        "# What the database of DATABASE_URL holds in development now. Keep what the application "
        "relies on:\n# only what is said here is checked.\n"
        "# Left out because they are parts of others or belong to tools: _prisma_migrations.\n"
        "tables:\n"
        "  mpesa_credentials:\n"
        "    columns:\n"
        "      id: {type: text, primary-key: true}\n"
        "      tenant_id:\n"
        "        type: integer\n"
        "        nullable: false\n"
        "        references: {table: tenants, column: id, on-delete: cascade}\n"
        "      environment: {type: text, nullable: false}\n"
        "      consumer_key_enc: blob\n"
        "    unique: [[tenant_id, environment]]\n"
        "    checks: [known]\n"
        "  names:\n"
        "    view: true\n"
        "    columns:\n"
        "      name: text\n"
        "  tenants:\n"
        "    columns:\n"
        "      id: {type: integer, primary-key: true, generated: true}\n"
        "      name: {type: text, nullable: false, unique: true}\n"
        "      plan: varchar(20)\n"
        "      made_at: {type: timestamp, default: current_timestamp}\n"
        "      attempts: {type: integer, nullable: false, default: 0}\n"
        "    indexes: [[made_at, name]]\n"
        "\n"
        "# These columns look as if they held ciphertext. If so, say how it is sealed and by which "
        "of `keys`:\n# then assay says of each row whether it opens, and why not.\n#\n"
        "# credentials:\n"
        "#   mpesa_credentials:\n"
        "#     table: mpesa_credentials\n"
        "#     identity: [tenant_id, environment]\n"
        "#     key: main\n"
        "#     columns:\n"
        "#       consumer_key_enc: node-gcm\n"
    )


def test_what_is_proposed_in_comments_is_valid_once_it_is_taken_out_of_them(shop):
    shop.env(f"DATABASE_URL=sqlite:///app.db\nENCRYPTION_KEY={KEY}\n")
    lines = written(shop).splitlines()
    first = lines.index("# keys:")
    proposed = lines.index("# credentials:")
    for number in (*range(first, lines.index("", first)), *range(proposed, len(lines))):
        lines[number] = lines[number].removeprefix("# ").removeprefix("#")
    shop.write("specs/app.yaml", "\n".join(lines) + "\n")
    ran = shop.run("lint")
    assert ran.code == 0, ran.said
    checked = shop.run("check", "-v")
    assert checked.code == 0, checked.said
    assert "mpesa_credentials (credential)" in checked.out


def test_names_that_end_lines_stay_in_comments(shop):
    database(shop, 'create table schema_migrations (a text); create table "a\u2028b" (c_enc text);')
    database(shop, 'create table "__drizzle_migrations" (a text);')
    assert '#   "a\\U00002028b":\n' in written(shop)


def test_what_was_found_is_told_and_no_secret(shop):
    ran = shop.run("init", "--database", "DATABASE_URL")
    assert "  3 tables of the database of DATABASE_URL, as it is in development\n" in ran.out
    text = (shop.folder / "specs/app.yaml").read_text()
    assert SECRET not in text + ran.said


def test_a_database_is_not_contacted_unless_that_is_asked_for(project):
    project.env("DATABASE_URL=postgres://app:kV9sTz2QqWmB@127.0.0.1:1/app\n")
    ran = project.run("init")
    assert ran.code == 0
    assert "`assay init --database DATABASE_URL` adds its tables" in ran.out
    assert "databases:" not in (project.folder / "specs/app.yaml").read_text()


def test_a_sqlite_file_is_offered_and_taken(project):
    project.write("var/empty.db", b"")
    (project.folder / "data").mkdir()
    database(project, path="data/shop.sqlite3")
    assert "`assay init --database data/shop.sqlite3` adds" in project.run("init").out
    text = written(project, "data/shop.sqlite3")
    assert "  main: {sqlite: {path: data/shop.sqlite3}}\n" in text


def test_the_environment_without_real_users_is_looked_at(shop):
    shop.env("DATABASE_URL=sqlite:///nowhere.db\n", ".env.production")
    shop.env("DATABASE_URL=sqlite:///app.db\n", ".env.staging")
    (shop.folder / ".env").unlink()
    ran = shop.run("init", "--database", "DATABASE_URL")
    assert ran.code == 0, ran.said
    assert "of DATABASE_URL, as it is in staging\n" in ran.out


def test_a_live_database_is_read_only_if_somebody_insists(shop):
    (shop.folder / ".env").rename(shop.folder / ".env.production")
    refused = shop.run("init", "--database", "DATABASE_URL")
    assert refused.code == 2
    assert "DATABASE_URL is set in production only, whose users are real" in refused.err
    assert not (shop.folder / "specs").exists()
    ran = shop.run("init", "--database", "DATABASE_URL", "--live")
    assert ran.code == 0, ran.said
    assert "of DATABASE_URL, as it is in production\n" in ran.out


@pytest.mark.parametrize(
    "environments",
    ["{development: {live: true}}", "{shop: {live: true, values: [{dotenv: .env}]}}"],
)
def test_an_environment_that_the_spec_calls_live_is_left_alone(shop, environments):
    shop.spec(f"environments: {environments}\nvariables: {{DATABASE_URL: {{secret: true}}}}")
    ran = shop.run("init", "--database", "DATABASE_URL", "--output", "specs/tables.yaml")
    assert ran.code == 2
    assert "DATABASE_URL is set in development only, whose users are real" in ran.err


def test_a_spec_that_is_wrong_calls_nothing_live(shop):
    shop.spec("environments: {development: {live: perhaps}}", "specs/wrong.yaml")
    ran = shop.run("init", "--database", "DATABASE_URL", "--output", "specs/tables.yaml")
    assert ran.code == 0, ran.said


def test_several_databases_have_names_of_their_own(shop):
    shop.env("DATABASE_URL=sqlite:///app.db\nREPORTS_DATABASE_URL=sqlite:///two.db\n")
    database(shop, "create table tenants (n integer); create table sums (n integer);", "two.db")
    options = ("--database", "DATABASE_URL", "--database", "REPORTS_DATABASE_URL")
    ran = shop.run("init", *options)
    assert ran.code == 0, ran.said
    made = yaml.safe_load((shop.folder / "specs/app.yaml").read_text())
    assert list(made["databases"]) == ["main", "reports"]
    assert made["tables"]["tenants"]["database"] == "main"
    assert made["tables"]["reports.tenants"] == {
        "database": "reports",
        "name": "tenants",
        "columns": {"n": "integer"},
    }
    assert shop.run("check").code == 0


def test_beside_a_spec_only_the_tables_are_written(shop):
    assert shop.run("init").code == 0
    refused = shop.run("init", "--database", "DATABASE_URL")
    assert refused.code != 0
    assert "specs/app.yaml already exists" in refused.err
    ran = shop.run("init", "--database", "DATABASE_URL", "--output", "specs/tables.yaml")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "specs/tables.yaml written\n  3 tables of the database of DATABASE_URL, as it is in "
        "development\n\nnext\n  assay lint\n"
    )
    made = yaml.safe_load((shop.folder / "specs/tables.yaml").read_text())
    assert list(made) == ["assay", "databases", "tables"]
    assert shop.run("lint").code == 0
    assert shop.run("check").code == 0


def test_databases_of_one_name_are_numbered(project):
    for folder in ("a", "b", "c", "d"):
        (project.folder / folder).mkdir()
        database(project, "", f"{folder}/app.db")
    options = (word for folder in "abcd" for word in ("--database", f"{folder}/app.db"))
    ran = project.run("init", *options)
    assert ran.code == 0, ran.said
    made = yaml.safe_load((project.folder / "specs/app.yaml").read_text())
    assert list(made["databases"]) == ["main", "app", "app_2", "app_3"]


def test_long_lists_stand_on_lines_of_their_own(project):
    columns = [f"a_column_with_a_rather_long_name_{n}" for n in range(6)]
    project.env("DATABASE_URL=sqlite:///app.db\n")
    database(
        project,
        f"create table t ({', '.join(f'{c} text' for c in columns)}, "
        f"unique ({', '.join(columns[:3])}), unique ({', '.join(columns[3:])}));",
    )
    text = written(project)
    assert f"    unique:\n      - [{', '.join(columns[:3])}]\n" in text
    assert max(map(len, text.partition("tables:")[2].splitlines())) <= 120


@pytest.mark.parametrize(
    ("environment", "named", "code", "said"),
    [
        (
            "A=1",
            "DATABSE_URL",
            2,
            "neither a variable that a .env file or the process sets nor a file",
        ),
        ("DATABASE_URL=sqlite:///app.db", "DATABSE_URL", 2, "did you mean DATABASE_URL?"),
        ("A=1", "postgres://u:kV9sTz2QqW@h/d", 2, "takes the name of a variable, never a URL"),
        ("DATABASE_URL=sqlite:///gone.db", "DATABASE_URL", 3, "does not exist"),
        ("DATABASE_URL=postgres://u:kV9sTz2QqW@127.0.0.1:1/d", "DATABASE_URL", 3, "127.0.0.1:1"),
        ("DATABASE_URL=nonsense", "DATABASE_URL", 3, "DATABASE_URL"),
        ("DATABASE_URL=", "DATABASE_URL", 2, "neither a variable"),
        ("API=https://abcdefghijklmnopqrst.supabase.co", "API", 2, "no key for it is set"),
    ],
)
def test_a_database_that_cannot_be_read_is_told_and_nothing_is_written(
    project, environment, named, code, said
):
    project.env(f"{environment}\n")
    ran = project.run("init", "--database", named)
    assert (ran.code, ran.out) == (code, "")
    assert said in " ".join(ran.err.split())
    assert "kV9sTz2QqW" not in ran.err
    assert "help: " in ran.err
    assert not (project.folder / "specs").exists()


def test_a_database_without_tables(project):
    project.env("DATABASE_URL=sqlite:///app.db\n")
    database(project, "")
    text = written(project)
    assert "# In development, the database of DATABASE_URL has no tables yet.\n" in text
    assert text.endswith("tables: {}\n")


def test_five_hundred_tables(project):
    project.env("DATABASE_URL=sqlite:///app.db\n")
    script = "".join(f"create table t{n} (id integer primary key, a text);" for n in range(500))
    database(project, script)
    assert len(yaml.safe_load(written(project))["tables"]) == 500


def test_several_services_ask_for_the_one_that_is_meant(project):
    project.env("DATABASE_URL=sqlite:///app.db\n", "a/.env")
    project.env("PORT=1\n", "b/.env")
    ran = project.run("init", "--database", "DATABASE_URL")
    assert ran.code == 2
    assert "here are several services" in ran.err


NAMES = st.sampled_from(
    (
        *("id", "no", "on", "yes", "null", "type", "~", "1", "1.5", "true", "default", "columns"),
        *("two words", 'quo"ted', "it's", "a: b", "a #b", "- a", "{a}", "[a]", "näme", "日本", "*"),
        *("&a", "!a", "%a", "@a", "a\tb", "a\nb", "A", "emoji 😀", "select", "a.b", "`a`", "\\a"),
    )
)
TYPES = ("integer", "INT", "text", "varchar(40)", "BLOB", "numeric(10, 2)", "", "timestamp", "uuid")
DEFAULTS = ("", "", "default 1", "default -0.5", f"default '{SECRET}'", "default (1 + 1)",
            "default current_timestamp", "default null", f'default "{SECRET}"')  # fmt: skip


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def test_a_variable_that_only_the_process_sets_is_taken_from_there(project):
    database(project, "create table t (id integer primary key);")
    project.env("PORT=3000\n")
    environ = {"DATABASE_URL": "sqlite:///app.db", "OTHER": "x"}
    ran = project.run("init", "--database", "DATABASE_URL", environ=environ)
    assert (ran.code, ran.err) == (0, "")
    text = (project.folder / "specs/app.yaml").read_text()
    assert "- dotenv: .env" in text
    assert "- process  # the variables assay was started with" in text
    assert "OTHER" not in text
    assert "sqlite" not in text
    assert project.run("check", environ=environ).code == 0
    assert project.run("check").code == 1


def test_a_project_without_files_is_read_from_the_process(project):
    database(project, "create table t (id integer primary key);")
    environ = {"DATABASE_URL": "sqlite:///app.db"}
    assert project.run("init", "--database", "DATABASE_URL", environ=environ).code == 0
    assert project.run("check", environ=environ).code == 0


@st.composite
def schemas(draw: st.DrawFn) -> str:
    """Tables of any names and columns."""
    made: list[str] = []
    tables: dict[str, list[str]] = {}
    for table in draw(st.lists(NAMES, min_size=1, max_size=4, unique_by=str.lower)):
        columns = draw(st.lists(NAMES, min_size=1, max_size=5, unique_by=str.lower))
        some: st.SearchStrategy[list[str]] = st.lists(
            st.sampled_from(columns), min_size=1, max_size=3, unique=True
        )
        parts = []
        for column in columns:
            words = [quoted(column), draw(st.sampled_from(TYPES))]
            words += [draw(st.sampled_from(("", "not null"))), draw(st.sampled_from(DEFAULTS))]
            if draw(st.integers(0, 5)) == 0:
                words.append(f"check ({quoted(column)} <> '{SECRET}')")
            parts.append(" ".join(words))
        if draw(st.booleans()):
            parts.append(f"primary key ({', '.join(map(quoted, draw(some)))})")
        parts += [f"unique ({', '.join(map(quoted, k))})" for k in draw(st.lists(some, max_size=2))]
        if tables and draw(st.sampled_from((True, False))):
            other = draw(st.sampled_from(sorted(tables)))
            target = quoted(draw(st.sampled_from(tables[other])))
            rule = draw(st.sampled_from(("", "on delete cascade", "on delete set null")))
            own = quoted(draw(st.sampled_from(columns)))
            parts.append(f"foreign key ({own}) references {quoted(other)} ({target}) {rule}")
        made.append(f"create table {quoted(table)} ({', '.join(parts)});")
        for number, key in enumerate(draw(st.lists(some, max_size=2))):
            sort = draw(st.sampled_from(("index", "unique index")))
            where = draw(st.sampled_from(("", f"where {quoted(key[0])} is not null")))
            name = quoted(f"i {number} {table}")
            listed = ", ".join(map(quoted, key))
            made.append(f"create {sort} {name} on {quoted(table)} ({listed}) {where};")
        tables[table] = columns
    return "\n".join(made)


def made_of(folder: Path) -> str:
    """The sections of a spec that are made of `app.db`."""
    with closing(Sqlite(path="app.db").open({}, Reach(root=str(folder)))) as session:
        tables = tables_of(session.structure())
    backend = {"sqlite": {"path": "app.db"}}
    draft = DatabaseDraft("main", backend, "app.db", "development", tables)
    head = "assay: 1\nenvironments: {development: {values: []}}\n"
    return head + "\n".join(written_sections([draft])) + "\n"


@settings(max_examples=max(60, settings().max_examples // 4))
@given(schemas())
def test_what_is_written_is_valid_and_passes_on_the_database_it_was_made_from(script):
    with Project.temporary() as project:
        database(project, script)
        text = made_of(project.folder)
        report = assay.run(load_text(text.encode(), str(project.folder)))
        wrong = [f.message for f in report.findings if f.outcome is not Outcome.PASS]
        assert wrong == [], text
        assert SECRET not in text
