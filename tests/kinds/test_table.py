"""Tables: what is asked of them, and what can't be told of them."""

from __future__ import annotations

import time
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.kinds.live import World, about, failures, judged
from tests.kinds.tables import HEAD, UNTOLD, VALUES, spec_of, tables

from assay.databases.model import (
    CheckConstraint,
    Connected,
    FoundColumn,
    FoundForeignKey,
    FoundIndex,
    FoundPolicy,
    FoundTable,
    Structure,
    StructureOf,
)
from assay.facts import Unobservable
from assay.model import Outcome, Report, Severity

ROLES = ("anon", "authenticated", "service_role")


def column(name: str, type_: Any = "text", **more: Any) -> FoundColumn:
    return FoundColumn(name=name, type=type_, **{"nullable": True, **more})


def table(*columns: FoundColumn, name: str = "tenants", **more: Any) -> FoundTable:
    return FoundTable(name=name, columns={c.name: c for c in columns}, **more)


def judge(
    declared: str,
    *found: FoundTable,
    dialect: str = "postgresql",
    connected: Connected | None = None,
    **more: Any,
) -> Report:
    """The report on tables; `declared` is YAML below `tables`, each line moved in."""
    structure = Structure(
        dialect=dialect,
        schema="public",
        tables={t.name: t for t in found},
        **{"roles": ROLES, **more},
    )
    indented = "".join(f"  {line}\n" for line in declared.splitlines())
    world = World(
        {"": structure, "billing": structure},
        connected=connected or Connected(dialect=dialect, role="service_role"),
        values=VALUES,
    )
    return judged(f"{HEAD}tables:\n{indented}", world)


def only(report: Report, rule: str) -> Any:
    """The one failure, which is of this rule."""
    [found] = [f for f in report.findings if f.outcome is Outcome.FAIL]
    assert found.rule == rule
    return found


def unknown(report: Report) -> str:
    """What is said of the one that is unknown; nothing failed."""
    assert failures(report) == []
    [found] = [f for f in report.findings if f.outcome is Outcome.UNKNOWN]
    return found.message


def test_an_entry_may_have_another_name_than_its_table():
    found = table(column("id", "uuid"), name="app_tenants")
    report = judge("tenants: {name: app_tenants, columns: {id: uuid, name: text}}", found)
    assert only(report, "column-missing").message == "app_tenants has no column name"
    assert only(report, "column-missing").subject == "tenants.name"


def test_a_table_of_another_schema_is_written_with_it():
    report = judge("tenants: {schema: billing, columns: {name: text}}", table(column("id")))
    assert "`alter table billing.tenants add column name text;`" in report.findings[0].remedy


def test_a_missing_table_of_another_schema_is_told_with_it():
    found = only(judge("tenants: {schema: billing}"), "table-missing")
    assert found.message == "tenants does not exist in the schema billing of main"


def test_names_that_sql_would_misread_stand_in_quotes():
    found = table(column("id"), name="user")
    report = judge('user: {columns: {"Full Name": text}}', found)
    assert '`alter table "user" add column "Full Name" text;`' in report.findings[0].remedy


def test_a_missing_column_is_added_with_all_that_is_declared_of_it():
    declared = (
        "owners: {name: people, columns: {}}\n"
        "tenants: {columns: {owner: {type: uuid, references: owners.id, nullable: false,"
        " default: gen_random_uuid()}}}"
    )
    report = judge(declared, table(column("id")), table(name="people"))
    assert (
        "`alter table tenants add column owner uuid not null default gen_random_uuid()"
        " references people (id);`" in only(report, "column-missing").remedy
    )


@pytest.mark.parametrize(
    ("default", "there", "rule"),
    [
        ("now()", "CURRENT_TIMESTAMP", ""),
        ("now()", "'2020-01-01'::date", "column-wrong-default"),
        ("free", "'free'::character varying", ""),
        ("free", "'paid'::text", "column-wrong-default"),
        ("free", None, "column-wrong-default"),
        ("0", "0", ""),
        ("0", "'0'::numeric", ""),
        ("1.50", "1.5", ""),
        ("-1", "'-1'::integer", ""),
        ("1", "x", "column-wrong-default"),
        ("true", "true", ""),
        ("true", "false", "column-wrong-default"),
        ("false", "0", ""),
        ("null", None, ""),
        ("null", "NULL::text", ""),
        ("null", "''::text", "column-wrong-default"),
        ("''", "''::text", ""),
        ("nextval('tenants_id_seq')", "nextval('public.tenants_id_seq'::regclass)", ""),
    ],
)
def test_defaults_are_compared_by_what_they_mean(default, there, rule):
    declared = f"tenants: {{columns: {{a: {{default: {default}}}}}}}"
    report = judge(declared, table(column("a", default=there)))
    assert [found for found, _ in failures(report)] == ([rule] if rule else [])


@pytest.mark.parametrize(
    ("there", "options", "rule"),
    [
        ("(a = ANY (ARRAY['x'::text, 'y'::text]))", None, ""),
        ("a in ('y', 'x')", None, ""),
        ("(\"a\")::text = 'x'", None, "column-wrong-options"),
        ("length(a) > 1", None, "column-wrong-options"),
        ("a in ('x', 1)", None, "column-wrong-options"),
        ("b in ('x', 'y')", None, "column-wrong-options"),
        ("length(a) > 1", ("y", "x"), ""),
    ],
)
def test_options_are_those_of_an_enum_or_a_check(there, options, rule):
    checks = (CheckConstraint(name="c", expression=there),)
    found = table(column("a", options=options), checks=checks)
    report = judge("tenants: {columns: {a: {options: [x, y]}}}", found)
    assert [found for found, _ in failures(report)] == ([rule] if rule else [])


def test_an_enum_that_lacks_options_is_to_be_given_them():
    found = table(column("a", "mood", options=("x", "z")))
    report = judge("tenants: {columns: {a: {options: [x, y, it's]}}}", found)
    failed = only(report, "column-wrong-options")
    assert failed.message == "tenants.a accepts z, but not y and it's: expected x, y and it's"
    assert (
        failed.remedy
        == "Run `alter type mood add value 'y'; alter type mood add value 'it''s';` in a migration."
    )


def test_an_enum_with_further_options_is_not_to_be_altered():
    found = table(column("a", "mood", options=("x", "z")))
    report = judge("tenants: {columns: {a: {options: [x]}}}", found)
    assert only(report, "column-wrong-options").remedy.startswith("Declare the additional values")


def test_an_enum_that_only_lacks_options_says_which():
    found = table(column("a", "mood", options=("x",)))
    report = judge("tenants: {columns: {a: {options: [x, y]}}}", found)
    failed = only(report, "column-wrong-options")
    assert failed.message == "tenants.a does not accept y: expected x and y"


def test_the_options_of_a_check_are_not_shown():
    checks = (CheckConstraint(name="c", expression="a in ('x', 'hunter2')"),)
    report = judge("tenants: {columns: {a: {options: [x]}}}", table(column("a"), checks=checks))
    failed = only(report, "column-wrong-options")
    assert failed.message == "tenants.a accepts other values too: expected x"


def test_long_lists_are_cut():
    options = ", ".join(f"o{number}" for number in range(20))
    report = judge(f"tenants: {{columns: {{a: {{options: [{options}]}}}}}}", table(column("a")))
    assert only(report, "column-wrong-options").message.endswith("o6, o7 and 12 more")


@pytest.mark.parametrize(
    ("references", "key", "rule"),
    [
        ("auth.users.id", ("auth.users", "id"), ""),
        ("users.id", ("auth.users", "id"), "table-foreign-key-missing"),
        ("public.users.id", ("users", "id"), ""),
        ("users.id", ("public.users", "id"), ""),
        ("users", ("users", "uuid"), ""),
        ("users.id", ("users", "uuid"), "table-foreign-key-missing"),
        ("people.id", ("app_users", "id"), ""),
        ("{table: users, on-delete: no action}", ("users", "id"), ""),
        ("{table: users, on-delete: restrict}", ("users", "id"), "table-wrong-on-delete"),
    ],
)
def test_references_are_followed_by_name_and_schema(references, key, rule):
    declared = (
        f"people: {{name: app_users}}\ntenants: {{columns: {{a: {{references: {references}}}}}}}"
    )
    keys = (FoundForeignKey(columns=("a",), table=key[0], targets=(key[1],)),)
    report = judge(declared, table(column("a"), foreign_keys=keys), table(name="app_users"))
    assert [found for found, _ in failures(report)] == ([rule] if rule else [])


def test_a_column_that_is_missing_makes_one_failure():
    declared = (
        "tenants: {columns: {id: {type: uuid, primary-key: true, references: users.id,"
        " unique: true, check: length(id) > 1, options: [a]}}, unique: [[id, name]],"
        " indexes: [id], foreign-keys: [{columns: [id, name], table: users}]}"
    )
    report = judge(declared, table(column("name")))
    assert failures(report) == [("column-missing", "tenants.id")]


@pytest.mark.parametrize(
    ("index", "there", "passes"),
    [
        ("[a]", FoundIndex(name="i", columns=("a", "b")), True),
        ("[b]", FoundIndex(name="i", columns=("a", "b")), False),
        ("[[b, a]]", FoundIndex(name="i", columns=("a", "b")), False),
        ("[a]", FoundIndex(name="i", columns=("a",), partial=True), True),
        ("[{columns: [a], unique: true}]", FoundIndex(name="i", columns=("a",), unique=True), True),
        ("[{columns: [a], unique: true}]", FoundIndex(name="i", columns=("a",)), False),
        (
            "[{columns: [b, a], unique: true}]",
            FoundIndex(name="i", columns=("a", "b"), unique=True),
            True,
        ),
        ("['lower(a)']", FoundIndex(name="i", columns=("lower((a)::text)",)), True),
        ("['lower(b)']", FoundIndex(name="i", columns=("lower((a)::text)",)), False),
    ],
)
def test_an_index_serves_by_its_first_columns(index, there, passes):
    found = table(column("a"), column("b"), indexes=(there,))
    report = judge(f"tenants: {{indexes: {index}}}", found)
    assert (failures(report) == []) == passes


def test_keys_serve_as_indexes():
    found = table(column("a"), column("b"), primary_key=("a",), unique=(("b", "a"),))
    report = judge("tenants: {indexes: [a, b, {columns: [a, b], unique: true}]}", found)
    assert failures(report) == []


@pytest.mark.parametrize(
    ("check", "there", "passes"),
    [
        ("a > 0", "((a > (0)::numeric))", True),
        ("A>0", "(a > 0)", True),
        ("a != 0", "(a <> 0)", True),
        ("a ~~ 'x%'", "(a like 'x%'::text)", True),
        (
            "a in ('x', 'y')",
            "((a)::text = ANY ((ARRAY['x'::character varying, 'y'])::text[]))",
            True,
        ),
        ("a > 0", "(a > 1)", False),
        ("a = 'X'", "(a = 'x'::text)", False),
        ("positive", "whatever", True),
        ("negative", "whatever", False),
        ("{name: positive, expression: a > 0}", "(a > 0)", True),
        ("{name: positive, expression: a > 1}", "(a > 0)", False),
        ("{name: other, expression: a > 0}", "(a > 0)", False),
    ],
)
def test_checks_are_found_by_name_or_by_what_they_say(check, there, passes):
    checks = (CheckConstraint(name="positive", expression=there),)
    written = check if check.startswith("{") else f'"{check}"'
    report = judge(f"tenants: {{checks: [{written}]}}", table(column("a"), checks=checks))
    assert (failures(report) == []) == passes


@pytest.mark.parametrize(
    ("declared", "sort", "rule"),
    [
        ("true", "view", ""),
        ("true", "materialized view", ""),
        ("true", "table", "table-wrong-kind"),
        ("false", "partitioned table", ""),
        ("false", "view", "table-wrong-kind"),
        ("null", "view", ""),
    ],
)
def test_a_view_is_told_from_a_table(declared, sort, rule):
    report = judge(f"tenants: {{view: {declared}}}", table(sort=sort))
    assert [found for found, _ in failures(report)] == ([rule] if rule else [])


def test_whether_a_view_gives_null_is_unknown():
    report = judge("tenants: {columns: {a: {nullable: false}}}", table(column("a"), sort="view"))
    assert "its nullability of a (a view does not show" in unknown(report)
    report = judge("tenants: {columns: {a: {nullable: true}}}", table(column("a"), sort="view"))
    assert "its nullability of a" in unknown(report)


@pytest.mark.parametrize("there", ["generated always as identity", "upper(name)", None])
def test_what_generates_a_column_is_no_default(there):
    found = table(column("a", generated=True, default=there))
    declared = "tenants: {columns: {a: {generated: true, default: null}}}"
    assert failures(judge(declared, found)) == []


def test_what_may_be_a_table_or_a_view_is_unknown():
    report = judge("tenants: {view: false}", table(sort="table or view"))
    assert "its sort (tables and views look the same from there)" in unknown(report)


@pytest.mark.parametrize(
    ("grants", "has", "rule", "severity"),
    [
        ("{anon: []}", {}, "", None),
        ("{anon: []}", {"anon": {"select"}}, "table-grant-excess", Severity.ERROR),
        (
            "{anon: [select]}",
            {"anon": {"select", "update"}},
            "table-grant-excess",
            Severity.WARNING,
        ),
        ("{anon: [select]}", {"anon": {"select", "trigger", "references"}}, "", None),
        ("{anon: []}", {"anon": {"trigger"}}, "table-grant-excess", Severity.ERROR),
        ("{anon: [select]}", {}, "table-grant-missing", Severity.ERROR),
        ("{anno: [select]}", {}, "table-role-missing", Severity.ERROR),
        ("{anno: []}", {}, "", None),
        (
            "{anon: [select]}",
            {"anon": {"select"}, "boss": {"select"}, "me": {"delete"}},
            "table-grant-undeclared",
            Severity.WARNING,
        ),
        ("{anon: []}", {"boss": {"select"}}, "", None),
        ("{public: [select]}", {}, "table-grant-missing", Severity.ERROR),
        ("{public: []}", {"public": {"select"}}, "table-grant-excess", Severity.ERROR),
    ],
)
def test_grants_are_declared_by_role(grants, has, rule, severity):
    held = {role: frozenset(privileges) for role, privileges in has.items()}
    found = table(grants=held, owner="boss")
    report = judge(f"tenants: {{grants: {grants}}}", found)
    if rule:
        assert only(report, rule).severity is severity
    assert [found for found, _ in failures(report)] == ([rule] if rule else [])


def test_a_grant_on_some_columns_is_too_much_for_none_and_too_little_for_all():
    found = table(column("id"), column_grants={"anon": {"select": ("id", "name")}}, grants={})
    report = judge("tenants: {grants: {anon: []}}", found)
    assert (
        "anon may select id, name of tenants, but must have no rights on it"
        in report.findings[0].message
    )
    report = judge("tenants: {grants: {anon: [select]}}", found)
    message = only(report, "table-grant-missing").message
    assert message == "anon may not select tenants: it may only select id, name of it"


def test_roles_that_are_not_told_may_exist():
    report = judge("tenants: {grants: {anno: [select]}}", table(), roles=UNTOLD)
    assert only(report, "table-grant-missing").subject == "tenants.grants.anno"


def test_what_differs_of_a_policy_is_told_at_its_field():
    found = table(policies=(FoundPolicy(name="own", command="all", roles=("public",)),))
    declared = (
        "tenants:\n  policies:\n    own:\n      command: insert\n      roles: [authenticated]"
    )
    report = judge(declared, found)
    told = [f for f in report.findings if f.rule == "table-policy-differs"]
    assert [f.message for f in told] == [
        "the policy own of tenants is for all: expected for insert",
        "the policy own of tenants is for public: expected for authenticated",
    ]
    assert [f.location and f.location.line for f in told] == [10, 11]
    assert "for insert to authenticated with check (...);`" in report.findings[0].remedy


def test_policies_may_be_listed_by_name():
    found = table(policies=(FoundPolicy(name="own rows", command="all", roles=("public",)),))
    report = judge("tenants: {policies: [own rows, own row]}", found)
    failed = only(report, "table-policy-missing")
    assert failed.message == "tenants has no policy own row"
    assert 'create policy "own row" on tenants using (...);' in failed.remedy


@pytest.mark.parametrize(
    ("declared", "severity"),
    [
        ("{policies: [own]}", Severity.WARNING),
        ("{policies: [own], extra-policies: fail}", Severity.ERROR),
        ("{extra-policies: warn}", Severity.WARNING),
        ("{policies: [own], extra-policies: allow}", None),
        ("{row-level-security: false}", None),
    ],
)
def test_a_policy_more_is_told_where_it_lets_rows_through(declared, severity):
    own = FoundPolicy(name="own", command="all", roles=("anon",))
    tight = msgspec.structs.replace(own, name="tight", permissive=False)
    more = msgspec.structs.replace(own, name="More rows", command="select", roles=("public",))
    policies = (tight, more, own) if "[own]" in declared else (tight, more)
    report = judge(f"tenants: {declared}", table(policies=policies))
    assert [f.severity for f in report.findings if f.outcome is Outcome.FAIL] == (
        [severity] if severity else []
    )
    if severity:
        failed = only(report, "table-policy-undeclared")
        assert failed.message == (
            "tenants has a policy More rows that the spec does not declare: for select, to public"
        )
        assert 'drop policy "More rows" on tenants;' in failed.remedy


@pytest.mark.parametrize(
    ("declared", "severity"),
    [("fail", Severity.ERROR), ("warn", Severity.WARNING), ("allow", None)],
)
def test_what_becomes_of_roles_that_nobody_named_is_told(declared, severity):
    found = table(
        column("id"), column_grants={"me": {"select": ("id",)}}, grants={"boss": frozenset()}
    )
    report = judge(f"tenants: {{extra-grants: {declared}}}", found)
    assert [f.severity for f in report.findings if f.outcome is Outcome.FAIL] == (
        [severity] if severity else []
    )


@pytest.mark.parametrize(("dialect", "more"), [("mysql", True), ("postgresql", False)])
def test_a_remedy_in_sql_says_whose_it_is_where_the_database_has_another(dialect, more):
    schema = Structure(dialect=dialect, schema="", tables={"tenants": table(column("id"))})
    text = HEAD + "tables: {tenants: {columns: {id: text, analyze: int}, extra-columns: fail}}"
    report = judged(text, World({"": schema}, values=VALUES))
    failed = only(report, "column-missing")
    assert 'add column "analyze" int;`' in failed.remedy
    assert ("Run the MySQL equivalent of" in failed.remedy) is more


def test_a_policy_that_restricts_is_created_so():
    declared = "tenants: {policies: {own: {permissive: false, command: select}}}"
    failed = only(judge(declared, table()), "table-policy-missing")
    assert "create policy own on tenants as restrictive for select using (...);" in failed.remedy


def test_what_we_may_not_do_is_told_with_our_role():
    report = judge(
        "tenants: {may: [select, insert, delete]}",
        table(may={"select": True, "insert": False, "delete": False}),
    )
    failed = only(report, "table-privilege-missing")
    assert (
        failed.message == "service_role, which assay connects as, may not insert or delete tenants"
    )
    assert "`grant insert, delete on tenants to service_role;`" in failed.remedy


def test_who_may_not_use_the_schema_is_told_so():
    found = table(may={"select": False})
    report = judge("tenants: {may: [select]}", found, usable=False)
    failed = only(report, "table-privilege-missing")
    assert "`grant usage on schema public to service_role;`" in failed.remedy
    assert "`grant select on tenants to service_role;`" in failed.remedy


def test_what_nobody_tried_is_unknown():
    report = judge(
        "tenants: {may: [select, insert, delete]}", table(may={"select": True, "delete": UNTOLD})
    )
    said = unknown(report)
    assert "its privilege to insert (only trying would show it, and that would change data)" in said
    assert f"its privilege to delete ({UNTOLD.reason})" in said


def test_in_sqlite_names_have_no_case_and_there_are_no_roles():
    found = table(column("ID", "integer"), column("Name"), name="Tenants", primary_key=("ID",))
    declared = (
        "tenants: {columns: {id: integer, name: text}, primary-key: [id], extra-columns: fail,"
        " row-level-security: true, grants: {service_role: [select]}, policies: [own]}"
    )
    assert failures(judge(declared, found, dialect="sqlite")) == []


def test_what_sqlite_cannot_alter_is_to_be_made_anew():
    found = table(column("id"), may={"update": False})
    declared = "tenants: {columns: {id: {nullable: false}}, may: [update]}"
    report = judge(declared, found, dialect="sqlite", connected=Connected(dialect="sqlite"))
    assert failures(report) == [
        ("column-nullable", "tenants.id"),
        ("table-privilege-missing", "tenants.may.update"),
    ]
    anew, rights = (f for f in report.findings if f.outcome is Outcome.FAIL)
    assert "recreate tenants with" in anew.remedy
    assert rights.message == "the role that assay connects as may not update tenants"


def test_what_a_data_api_does_not_tell_is_unknown_and_violations_come_first():
    silent = Unobservable(reason="the data API does not expose it", remedy="Use sql.")
    found = FoundTable(
        name="tenants",
        sort="table or view",
        columns={
            "id": column("id", "uuid", nullable=silent, default=silent),
            "name": column("name", "character varying", exact=False),
            "plan": column("plan", "text", default=silent),
        },
        primary_key=("id",),
        foreign_keys=(),
        unique=silent,
        indexes=silent,
        checks=silent,
        row_security=silent,
        policies=silent,
        grants=silent,
        may={"select": True},
        untold={"columns": silent, "foreign_keys": silent},
    )
    declared = (
        "tenants: {columns: {id: {type: uuid, nullable: false, primary-key: true},"
        " name: varchar(40), plan: {type: bytea, generated: true, options: [a], default: x,"
        " references: plans.id}}, extra-columns: fail, unique: [name], indexes: [name, id],"
        " checks: [a], row-level-security: true, policies: [own], grants: {anon: []}}"
    )
    report = judge(declared, found, dialect="postgrest")
    assert failures(report) == [("column-wrong-type", "tenants.plan")]
    gap = about(report, "tenants")
    assert gap.outcome is Outcome.UNKNOWN
    assert gap.message == (
        "tenants could not be observed: its nullability of id, default of plan, generation of "
        "plan, options of plan, further columns, foreign keys, unique constraints, indexes, "
        "checks, row level security, policies and grants (the data API does not expose it), its "
        "type of name (its length and precision can't be seen)"
    )
    assert gap.remedy == "Use sql."
    assert report.exit_code() == 1


def test_columns_that_are_not_told_leave_the_keys_to_be_judged():
    found = FoundTable(name="tenants", columns=UNTOLD, primary_key=())
    report = judge("tenants: {columns: {id: {type: uuid, primary-key: true}}}", found)
    assert failures(report) == [("table-wrong-primary-key", "tenants.primary-key")]
    assert "its columns" in about(report, "tenants").message


def test_an_entry_that_asks_nothing_of_columns_does_not_miss_them():
    found = FoundTable(name="tenants", columns=UNTOLD)
    assert about(judge("tenants: {}", found), "tenants").outcome is Outcome.PASS


def test_a_foreign_key_that_is_told_to_point_elsewhere_is_wrong_though_others_are_not_told():
    keys = (FoundForeignKey(columns=("a",), table="x", targets=("id",)),)
    found = table(column("a"), foreign_keys=keys, untold={"foreign_keys": UNTOLD})
    report = judge("tenants: {columns: {a: {references: y.id}}}", found)
    assert (
        only(report, "table-foreign-key-missing").message
        == "a of tenants references x.id, not y.id"
    )


def test_what_becomes_of_rows_may_be_untold():
    keys = (FoundForeignKey(columns=("a",), table="x", targets=("id",), on_delete=UNTOLD),)
    declared = "tenants: {columns: {a: {references: {table: x, on-delete: cascade}}}}"
    report = judge(declared, table(column("a"), foreign_keys=keys))
    assert "its on-delete of a" in unknown(report)


def test_every_table_of_a_database_is_asked_for_with_its_columns():
    declared = "tenants: {columns: {id: uuid}, may: [select]}\nusers: {name: people, columns: {}}"
    world = World({"": Structure(dialect="postgresql", schema="public")}, values=VALUES)
    indented = "".join(f"  {line}\n" for line in declared.splitlines())
    judged(f"{HEAD}tables:\n{indented}", world)
    [query] = [q for q in world.asked if isinstance(q, StructureOf)]
    assert [(a.table, a.columns, a.select) for a in query.asked] == [
        ("tenants", ("id",), True),
        ("people", (), False),
    ]


def test_thousands_of_missing_tables_and_columns_take_no_time():
    columns = "".join(f"a{number:x}_of_many: text, " for number in range(1500))
    tables = "".join(f"t{number:x}_of_many: {{}}\n" for number in range(1500))
    found = [table(*(column(f"b{number:x}_of_lots") for number in range(1500)))]
    found += [table(name=f"u{number:x}_of_lots") for number in range(1500)]
    started = time.process_time()
    report = judge(f"tenants: {{columns: {{{columns}}}, extra-columns: warn}}\n{tables}", *found)
    assert len(failures(report)) == 4500
    assert time.process_time() - started < 20


@settings(max_examples=60)
@given(st.data())
def test_whatever_a_database_is_like_it_is_judged(data):
    """Names, types and expressions of a database may be any text."""
    text = st.text(max_size=6)
    names = st.lists(text, min_size=1, max_size=2).map(tuple)
    declared = data.draw(tables())
    columns = {
        name: column(
            name, data.draw(text), default=data.draw(text), options=data.draw(st.none() | names)
        )
        for name in (*declared.columns, data.draw(text))
    }
    found = FoundTable(
        name="tenants",
        columns=columns,
        primary_key=data.draw(names),
        foreign_keys=(
            FoundForeignKey(
                columns=data.draw(names),
                table=data.draw(text),
                targets=data.draw(names),
                on_delete=data.draw(text),
            ),
        ),
        unique=(data.draw(names),),
        indexes=(FoundIndex(name="i", columns=data.draw(names)),),
        checks=(CheckConstraint(name=data.draw(text), expression=data.draw(text)),),
        policies=(FoundPolicy(name=data.draw(text), command=data.draw(text), roles=("a",)),),
        grants={data.draw(text): frozenset({"select"})},
    )
    structure = Structure(
        dialect=data.draw(st.sampled_from(["postgresql", "sqlite", "postgrest", "mysql"])),
        schema=data.draw(text),
        tables={"tenants": found},
    )
    report = judged(HEAD + spec_of(declared), World({"": structure}, values=VALUES))
    assert [f for f in report.findings if f.kind == "table" and f.message]
