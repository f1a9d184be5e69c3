"""The questions to PostgreSQL's catalogue, each for all tables of a schema at once.

Lists come as JSON. https://www.postgresql.org/docs/current/catalogs.html documents the columns.

Whoever may create in a schema of the search path may define a function or an operator that fits
our arguments better than PostgreSQL's own, and it would run with our rights. So every name is
qualified, with operators written as `[=]`. A test plants one of every name.
https://wiki.postgresql.org/wiki/A_Guide_to_CVE-2018-1058
"""

from __future__ import annotations

import re


def own(statement: str) -> str:
    """A statement of ours with `OPERATOR(pg_catalog.=)` for `[=]`."""
    return re.sub(r"\[([-+<>=!~]+)\]", r"OPERATOR(pg_catalog.\1)", statement)


_RELATIONS = """
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid [=] c.relnamespace AND n.nspname [=] %(schema)s
"""
_KINDS = """c.relkind [=] ANY (ARRAY['r', 'p', 'v', 'm', 'f']::pg_catalog."char"[])"""
_NAMES = """pg_catalog.to_json(ARRAY(
    SELECT a.attname FROM pg_catalog.unnest({numbers}) WITH ORDINALITY u (attnum, place)
    JOIN pg_catalog.pg_attribute a ON a.attrelid [=] {table} AND a.attnum [=] u.attnum
    ORDER BY u.place))"""
_PRIVILEGES = """pg_catalog.to_json(ARRAY(
    SELECT p FROM pg_catalog.unnest(ARRAY['select', 'insert', 'update', 'delete', 'truncate',
        'references', 'trigger']) p
    WHERE pg_catalog.has_table_privilege(c.oid, p)))"""

_SPELT = """CASE WHEN NOT EXISTS (
        SELECT FROM pg_catalog.pg_type o
        JOIN pg_catalog.pg_namespace s ON s.oid [=] o.typnamespace
        WHERE o.typname [=] t.typname AND s.nspname [=] 'pg_catalog')
    THEN (SELECT pg_catalog.quote_ident(s.nspname::pg_catalog.text)
        FROM pg_catalog.pg_namespace s
        WHERE s.oid [=] t.typnamespace AND s.nspname [=] %(schema)s)
    END"""
"""The schema of a type that is named without it: that of the table, but for types that are named as
PostgreSQL's own are."""

_ROLE = """coalesce(r.rolname, CASE WHEN {oid} [=] 0 THEN 'public'
    ELSE {oid}::pg_catalog.text END)"""
_GRANTEE = f"{_ROLE.format(oid='g.grantee')}, pg_catalog.lower(g.privilege_type)"

SHOWN = own("""
SELECT pg_catalog.set_config('search_path', pg_catalog.concat_ws(', ', 'pg_catalog',
    CASE WHEN s.reset_val [=] ANY (ARRAY['', '""', 'pg_catalog', 'pg_catalog, pg_temp'])
        THEN s.boot_val ELSE s.reset_val END, 'pg_temp'), true)
FROM pg_catalog.pg_settings s WHERE s.name [=] 'search_path'
""")
"""Lets the queries after it write types and expressions as the role sees them; a role that searches
nothing, as roles do that only assay has, sees them as other roles do. These queries come last."""
SCHEMAS = own("""
SELECT n.nspname, pg_catalog.has_schema_privilege(n.oid, 'usage'),
    pg_catalog.pg_is_in_recovery(), EXISTS (
    SELECT FROM pg_catalog.pg_class c
    WHERE c.relnamespace [=] n.oid AND c.relkind [=] ANY (ARRAY['r', 'p']::pg_catalog."char"[]))
FROM pg_catalog.pg_namespace n
WHERE n.nspname [=] %(schema)s OR pg_catalog.left(n.nspname::pg_catalog.text, 3) [<>] 'pg_'
    AND n.nspname [<>] 'information_schema'
ORDER BY n.nspname
""")
TABLES = own(f"""
SELECT c.relname, c.relkind, c.relispartition, c.relrowsecurity,
    pg_catalog.row_security_active(c.oid), {_PRIVILEGES},
    pg_catalog.pg_relation_is_updatable(c.oid, false), pg_catalog.pg_get_userbyid(c.relowner)
{_RELATIONS} WHERE {_KINDS} ORDER BY c.relname
""")
COLUMNS = own(f"""
SELECT c.relname, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
    a.attnotnull OR t.typtype [=] 'd' AND t.typnotnull,
    pg_catalog.pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated,
    CASE WHEN t.typtype [=] 'e' THEN pg_catalog.to_json(ARRAY(
        SELECT e.enumlabel FROM pg_catalog.pg_enum e WHERE e.enumtypid [=] t.oid
        ORDER BY e.enumsortorder)) END,
    CASE WHEN a.attacl IS NOT NULL THEN pg_catalog.to_json(ARRAY(
        SELECT p FROM pg_catalog.unnest(ARRAY['select', 'insert', 'update', 'references']) p
        WHERE pg_catalog.has_column_privilege(c.oid, a.attnum, p))) END,
    {_SPELT}
{_RELATIONS}
JOIN pg_catalog.pg_attribute a ON a.attrelid [=] c.oid AND a.attnum [>] 0 AND NOT a.attisdropped
JOIN pg_catalog.pg_type t ON t.oid [=] a.atttypid
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid [=] c.oid AND d.adnum [=] a.attnum
WHERE {_KINDS} ORDER BY c.relname, a.attnum
""")  # noqa: S608 - made of constants
CONSTRAINTS = own(f"""
SELECT c.relname, k.contype, k.conname, {_NAMES.format(numbers="k.conkey", table="k.conrelid")},
    f.relname, fn.nspname, {_NAMES.format(numbers="k.confkey", table="k.confrelid")},
    k.confdeltype, CASE WHEN k.contype [=] 'c' THEN pg_catalog.pg_get_expr(k.conbin, k.conrelid) END
{_RELATIONS}
JOIN pg_catalog.pg_constraint k ON k.conrelid [=] c.oid
    AND k.contype [=] ANY (ARRAY['p', 'u', 'f', 'c']::pg_catalog."char"[])
LEFT JOIN pg_catalog.pg_class f ON f.oid [=] k.confrelid
LEFT JOIN pg_catalog.pg_namespace fn ON fn.oid [=] f.relnamespace
WHERE {_KINDS} ORDER BY c.relname, k.conname
""")
INDEXES = own(f"""
SELECT c.relname, x.relname, i.indisunique, i.indpred IS NOT NULL, i.indexprs IS NULL,
    pg_catalog.to_json(ARRAY(
        SELECT coalesce(a.attname, pg_catalog.pg_get_indexdef(i.indexrelid, k, true))
        FROM pg_catalog.generate_series(1, i.indnkeyatts) k
        LEFT JOIN pg_catalog.pg_attribute a
            ON a.attrelid [=] c.oid AND a.attnum [=] i.indkey[k [-] 1] AND a.attnum [<>] 0
        ORDER BY k))
{_RELATIONS}
JOIN pg_catalog.pg_index i ON i.indrelid [=] c.oid AND i.indisvalid
JOIN pg_catalog.pg_class x ON x.oid [=] i.indexrelid
WHERE {_KINDS} AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_constraint k
    WHERE k.conindid [=] i.indexrelid
        AND k.contype [=] ANY (ARRAY['p', 'u', 'x']::pg_catalog."char"[]))
ORDER BY c.relname, x.relname
""")  # noqa: S608 - made of constants
POLICIES = own(f"""
SELECT c.relname, p.polname, p.polcmd, p.polpermissive, pg_catalog.to_json(ARRAY(
    SELECT {_ROLE.format(oid="u.oid")}
    FROM pg_catalog.unnest(p.polroles) u (oid) LEFT JOIN pg_catalog.pg_roles r ON r.oid [=] u.oid
    ORDER BY 1))
{_RELATIONS} JOIN pg_catalog.pg_policy p ON p.polrelid [=] c.oid
WHERE {_KINDS} ORDER BY c.relname, p.polname
""")  # noqa: S608 - made of constants
GRANTS = own(f"""
SELECT c.relname, NULL, {_GRANTEE}
{_RELATIONS}
CROSS JOIN LATERAL pg_catalog.aclexplode(
    coalesce(c.relacl, pg_catalog.acldefault('r', c.relowner))) g
LEFT JOIN pg_catalog.pg_roles r ON r.oid [=] g.grantee
WHERE {_KINDS}
UNION ALL
SELECT c.relname, a.attname, {_GRANTEE}
{_RELATIONS}
JOIN pg_catalog.pg_attribute a ON a.attrelid [=] c.oid AND a.attnum [>] 0 AND NOT a.attisdropped
CROSS JOIN LATERAL pg_catalog.aclexplode(a.attacl) g
LEFT JOIN pg_catalog.pg_roles r ON r.oid [=] g.grantee
WHERE {_KINDS} AND a.attacl IS NOT NULL
""")
VIEWS = own(f"""
WITH RECURSIVE below (top, relation) AS (
    SELECT c.relname, c.oid {_RELATIONS} WHERE c.relkind [=] 'v'
    UNION
    SELECT b.top, d.refobjid FROM below b
    JOIN pg_catalog.pg_rewrite w ON w.ev_class [=] b.relation
    JOIN pg_catalog.pg_depend d ON d.objid [=] w.oid AND d.refobjid [<>] b.relation
        AND d.classid [=] 'pg_catalog.pg_rewrite'::pg_catalog.regclass
        AND d.refclassid [=] 'pg_catalog.pg_class'::pg_catalog.regclass
)
SELECT DISTINCT b.top FROM below b
JOIN pg_catalog.pg_class c ON c.oid [=] b.relation WHERE c.relrowsecurity
""")  # noqa: S608 - made of constants
EXTENSIONS = "SELECT extname FROM pg_catalog.pg_extension ORDER BY extname"
ROLES = own("""
SELECT rolname FROM pg_catalog.pg_roles
WHERE pg_catalog.left(rolname::pg_catalog.text, 3) [<>] 'pg_'
ORDER BY rolname
""")
LIMITS = """
SELECT pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true),
    pg_catalog.set_config('statement_timeout', %(limit)s, true),
    pg_catalog.set_config('lock_timeout', %(limit)s, true),
    pg_catalog.set_config('idle_in_transaction_session_timeout', %(idle)s, true),
    pg_catalog.set_config('datestyle', 'ISO', true),
    pg_catalog.set_config('timezone', 'UTC', true),
    pg_catalog.set_config('intervalstyle', 'postgres', true),
    pg_catalog.set_config('extra_float_digits', '1', true)
"""
"""Comes first in each transaction and lasts as long, since behind a pooler the next one may be in
another session. Temporary tables would be looked at first if the path didn't name them."""
ANY_BYTES = "SELECT pg_catalog.set_config('client_encoding', 'SQL_ASCII', true)"
WHO = """
SELECT pg_catalog.current_setting('server_version'), current_user
"""
POWERS = own("""
SELECT pg_catalog.bool_or((r.rolsuper OR r.rolbypassrls) AND r.rolname [=] current_user),
    pg_catalog.bool_or(r.rolsuper),
    (SELECT pg_catalog.string_agg(g.rolname::pg_catalog.text, ', ' ORDER BY g.rolname)
    FROM pg_catalog.pg_roles g
    WHERE g.rolname [=] ANY (ARRAY['pg_execute_server_program', 'pg_write_server_files'])
        AND pg_catalog.pg_has_role(g.oid, 'member'))
FROM pg_catalog.pg_roles r WHERE r.rolname [=] current_user OR r.rolname [=] session_user
""")
SHAPE = own("""
WITH RECURSIVE below (attnum, type) AS (
    SELECT a.attnum, a.atttypid FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid [=] c.relnamespace
    JOIN pg_catalog.pg_attribute a ON a.attrelid [=] c.oid AND a.attnum [>] 0 AND NOT a.attisdropped
    WHERE n.nspname [=] %(schema)s AND c.relname [=] %(table)s
        AND c.relkind [=] ANY (ARRAY['r', 'p', 'v', 'm', 'f']::pg_catalog."char"[])
    UNION ALL
    SELECT b.attnum, t.typbasetype FROM below b
    JOIN pg_catalog.pg_type t ON t.oid [=] b.type AND t.typtype [=] 'd'
)
SELECT a.attname, a.attnotnull, t.typname, t.typtype,
    CASE WHEN n.nspname [<>] 'pg_catalog' THEN pg_catalog.concat(
        pg_catalog.quote_ident(n.nspname), '.', pg_catalog.quote_ident(t.typname)) END,
    CASE WHEN n.nspname [<>] 'pg_catalog' THEN (
        SELECT pg_catalog.json_object_agg(m.amopstrategy, pg_catalog.concat(
            pg_catalog.quote_ident(s.nspname), '.', o.oprname))
        FROM pg_catalog.pg_opclass k
        JOIN pg_catalog.pg_am w ON w.oid [=] k.opcmethod AND w.amname [=] 'btree'
        JOIN pg_catalog.pg_amop m ON m.amopfamily [=] k.opcfamily
            AND m.amoplefttype [=] k.opcintype AND m.amoprighttype [=] k.opcintype
        JOIN pg_catalog.pg_operator o ON o.oid [=] m.amopopr
        JOIN pg_catalog.pg_namespace s ON s.oid [=] o.oprnamespace
        WHERE k.opcintype [=] t.oid AND k.opcdefault) END
FROM below b
JOIN pg_catalog.pg_type t ON t.oid [=] b.type AND t.typtype [<>] 'd'
JOIN pg_catalog.pg_namespace n ON n.oid [=] t.typnamespace
JOIN pg_catalog.pg_class c ON c.relname [=] %(table)s
JOIN pg_catalog.pg_namespace cn ON cn.oid [=] c.relnamespace AND cn.nspname [=] %(schema)s
JOIN pg_catalog.pg_attribute a ON a.attrelid [=] c.oid AND a.attnum [=] b.attnum
""")
"""The columns of a table, by the types that domains are made of. Of a type that is not PostgreSQL's
own come its name and the operators that its indexes go by, for `=` alone would not find them."""
KEYS = own("""
SELECT pg_catalog.to_json(ARRAY(
    SELECT a.attname FROM pg_catalog.pg_attribute a
    WHERE a.attrelid [=] i.indrelid AND a.attnum [=] ANY (i.indkey[0:i.indnkeyatts [-] 1])))
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid [=] i.indrelid
JOIN pg_catalog.pg_namespace n ON n.oid [=] c.relnamespace
WHERE n.nspname [=] %(schema)s AND c.relname [=] %(table)s
    -- an index does not cover the tables that inherit from its own
    AND (c.relkind [=] 'p' OR c.relkind [=] 'r' AND NOT c.relhassubclass)
    AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
""")
