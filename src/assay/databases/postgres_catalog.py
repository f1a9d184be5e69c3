"""The questions to PostgreSQL's catalogue, each for all tables of a schema at once.

Lists come as JSON. https://www.postgresql.org/docs/current/catalogs.html tells of the columns.
"""

from __future__ import annotations

_RELATIONS = """
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname = %(schema)s
"""
_KINDS = "c.relkind IN ('r', 'p', 'v', 'm', 'f')"
_NAMES = """to_json(ARRAY(
    SELECT a.attname FROM unnest({numbers}) WITH ORDINALITY u (attnum, place)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = {table} AND a.attnum = u.attnum
    ORDER BY u.place))"""
_PRIVILEGES = """to_json(ARRAY(
    SELECT p FROM unnest(ARRAY['select', 'insert', 'update', 'delete', 'truncate', 'references',
        'trigger']) p
    WHERE has_table_privilege(c.oid, p)))"""

SCHEMAS = """
SELECT n.nspname, has_schema_privilege(n.oid, 'usage'), pg_is_in_recovery(), EXISTS (
    SELECT FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid AND c.relkind IN ('r', 'p'))
FROM pg_catalog.pg_namespace n
WHERE n.nspname = %(schema)s OR n.nspname NOT LIKE 'pg~_%%' ESCAPE '~'
    AND n.nspname <> 'information_schema'
ORDER BY n.nspname
"""
TABLES = f"""
SELECT c.relname, c.relkind, c.relispartition, c.relrowsecurity, row_security_active(c.oid),
    {_PRIVILEGES}, pg_relation_is_updatable(c.oid, false), pg_get_userbyid(c.relowner)
{_RELATIONS} WHERE {_KINDS} ORDER BY c.relname
"""
COLUMNS = f"""
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
    a.attnotnull OR t.typtype = 'd' AND t.typnotnull,
    pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated,
    CASE WHEN t.typtype = 'e' THEN to_json(ARRAY(
        SELECT e.enumlabel FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid
        ORDER BY e.enumsortorder)) END,
    CASE WHEN a.attacl IS NOT NULL THEN to_json(ARRAY(
        SELECT p FROM unnest(ARRAY['select', 'insert', 'update', 'references']) p
        WHERE has_column_privilege(c.oid, a.attnum, p))) END
{_RELATIONS}
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE {_KINDS} ORDER BY c.relname, a.attnum
"""  # noqa: S608 - made of constants
CONSTRAINTS = f"""
SELECT c.relname, k.contype, k.conname, {_NAMES.format(numbers="k.conkey", table="k.conrelid")},
    f.relname, fn.nspname, {_NAMES.format(numbers="k.confkey", table="k.confrelid")},
    k.confdeltype, CASE WHEN k.contype = 'c' THEN pg_get_expr(k.conbin, k.conrelid) END
{_RELATIONS}
JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid AND k.contype IN ('p', 'u', 'f', 'c')
LEFT JOIN pg_catalog.pg_class f ON f.oid = k.confrelid
LEFT JOIN pg_catalog.pg_namespace fn ON fn.oid = f.relnamespace
WHERE {_KINDS} ORDER BY c.relname, k.conname
"""
INDEXES = f"""
SELECT c.relname, x.relname, i.indisunique, i.indpred IS NOT NULL, i.indexprs IS NULL,
    to_json(ARRAY(
        SELECT coalesce(a.attname, pg_get_indexdef(i.indexrelid, k, true))
        FROM generate_series(1, i.indnkeyatts) k
        LEFT JOIN pg_catalog.pg_attribute a
            ON a.attrelid = c.oid AND a.attnum = i.indkey[k - 1] AND a.attnum <> 0
        ORDER BY k))
{_RELATIONS}
JOIN pg_catalog.pg_index i ON i.indrelid = c.oid AND i.indisvalid
JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
WHERE {_KINDS} AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_constraint k
    WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
ORDER BY c.relname, x.relname
"""  # noqa: S608 - made of constants
POLICIES = f"""
SELECT c.relname, p.polname, p.polcmd, p.polpermissive, to_json(ARRAY(
    SELECT coalesce(r.rolname, CASE WHEN u.oid = 0 THEN 'public' ELSE u.oid::text END)
    FROM unnest(p.polroles) u (oid) LEFT JOIN pg_catalog.pg_roles r ON r.oid = u.oid
    ORDER BY 1))
{_RELATIONS} JOIN pg_catalog.pg_policy p ON p.polrelid = c.oid
WHERE {_KINDS} ORDER BY c.relname, p.polname
"""  # noqa: S608 - made of constants
GRANTS = f"""
SELECT c.relname, NULL, coalesce(r.rolname, CASE WHEN g.grantee = 0 THEN 'public'
    ELSE g.grantee::text END), lower(g.privilege_type)
{_RELATIONS}
CROSS JOIN LATERAL aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) g
LEFT JOIN pg_catalog.pg_roles r ON r.oid = g.grantee
WHERE {_KINDS}
UNION ALL
SELECT c.relname, a.attname, coalesce(r.rolname, CASE WHEN g.grantee = 0 THEN 'public'
    ELSE g.grantee::text END), lower(g.privilege_type)
{_RELATIONS}
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
CROSS JOIN LATERAL aclexplode(a.attacl) g
LEFT JOIN pg_catalog.pg_roles r ON r.oid = g.grantee
WHERE {_KINDS} AND a.attacl IS NOT NULL
"""
VIEWS = f"""
WITH RECURSIVE below (top, relation) AS (
    SELECT c.relname, c.oid {_RELATIONS} WHERE c.relkind = 'v'
    UNION
    SELECT b.top, d.refobjid FROM below b
    JOIN pg_catalog.pg_rewrite w ON w.ev_class = b.relation
    JOIN pg_catalog.pg_depend d ON d.objid = w.oid AND d.refobjid <> b.relation
        AND d.classid = 'pg_catalog.pg_rewrite'::regclass
        AND d.refclassid = 'pg_catalog.pg_class'::regclass
)
SELECT DISTINCT b.top FROM below b
JOIN pg_catalog.pg_class c ON c.oid = b.relation WHERE c.relrowsecurity
"""  # noqa: S608 - made of constants
EXTENSIONS = "SELECT extname FROM pg_catalog.pg_extension ORDER BY extname"
ROLES = """
SELECT rolname FROM pg_catalog.pg_roles WHERE rolname NOT LIKE 'pg~_%%' ESCAPE '~' ORDER BY rolname
"""
