"""What can be wrong with a database, and what to do about it by the way it is reached.

The codes are those with which backends refuse (`assay.databases.model.Refused`).
"""

from __future__ import annotations

from assay.model import Category, Rule, Severity


def _rule(
    code: str, message: str, remedy: str, why: str, *, severity: Severity = Severity.ERROR
) -> Rule:
    return Rule(
        code=f"database-{code}",
        category=Category.DATABASE,
        message=message,
        remedy=remedy,
        why=why,
        severity=severity,
    )


URL_INVALID = _rule(
    "url-invalid",
    "the URL of {database} in {variable} can't be used: {reason}",
    "Set {variable} to a URL such as `postgresql://USER:PASSWORD@HOST:5432/NAME`.",
    "The driver refuses such a URL before it asks any server.",
)
DRIVER_MISSING = _rule(
    "driver-missing",
    "{database} can't be looked at without {library}, which is not installed here",
    "Run `{command}`, then check again.",
    "assay reaches a database through a library that it does not bring along.",
)
NAME_NOT_RESOLVED = _rule(
    "name-not-resolved",
    "no address is known for {host}, where {database} should be",
    "Correct the host in {variable}; where it is right, check from a network that knows it.",
    "The application can't connect: the name is misspelt, is known in another network only, or its "
    "project was paused or deleted.",
)
CONNECTION_REFUSED = _rule(
    "connection-refused",
    "nothing accepts connections at {host}, where {database} should be",
    "Start the database, or correct the host and the port in {variable}.",
    "The machine answers, but no database listens there: it is stopped, or has another port.",
)
HOST_NOT_LISTED = _rule(
    "host-not-listed",
    "{variable} leads {database} to {host}, but the spec allows {listed} only",
    "Correct the host in {variable}; or, if {host} is right, add it to `hosts` of {database} in "
    "the spec.",
    "The application would send its credentials to a host that nobody has approved.",
)
KEY_IN_CLEAR = _rule(
    "key-in-clear",
    "{key} would be sent to {database} at {host} unencrypted: {variable} begins with http://",
    "Set {variable} to the address that begins with `https://`; only this machine may be reached "
    "without TLS.",
    "Everyone on the way can read the key and use it.",
)
NETWORK_UNREACHABLE = _rule(
    "network-unreachable",
    "no route leads from here to {host}, where {database} should be",
    "Check the network or the VPN; where {host} has an IPv6 address only, as the direct connection "
    "of a Supabase project does, put the address of its pooler (dashboard, Connect) into "
    "{variable}.",
    "The name is right, but its address is of a network that this machine has no way to.",
)
TIMED_OUT = _rule(
    "timed-out",
    "{database} at {host} did not answer within {seconds} seconds",
    "Allow this machine's address in the firewall or network restrictions of {host}; where the "
    "database is only slow, raise `within` of {database}.",
    "A firewall that drops packets, an address that is not allowed, or a database without room "
    "looks just so to the application.",
)
TLS_FAILED = _rule(
    "tls-failed",
    "no secure connection to {database} at {host} comes about: {reason}",
    "Let {variable} end with `?sslmode=verify-full&sslrootcert=FILE`, where FILE holds the "
    "certificate of the authority that signed the server's.",
    "Without it the application either can't connect, or sends its password in the clear.",
)
WRONG_PASSWORD = _rule(
    "wrong-password",
    "{database} at {host} rejects the user or the password in {variable}{who}",
    "Set the password of the role anew (`alter role ... password ...`), then write it into "
    "{variable}, with `@`, `:`, `/` and `%` in it percent-encoded.",
    "The password was changed on one side only, or is another database's.",
)
NOT_FOUND = _rule(
    "not-found",
    "the server at {host} has no database called {name}",
    "Correct the name at the end of the URL in {variable}, or run `createdb {name}` on the server.",
    "The server is right and the name is wrong, or nobody has made the database yet.",
)
PAUSED = _rule(
    "paused",
    "the project of {database} at {host} is paused, or gone",
    "Open the project in its dashboard and choose Restore; where it was deleted, set {variable} to "
    "the new one.",
    "Hosted projects without traffic are paused after a while, and nothing answers then.",
)
KEY_REJECTED = _rule(
    "key-rejected",
    "{database} at {host} does not accept the key in {variable}: {reason}",
    "Copy the key again from the dashboard, Project settings, API keys, into {variable}.",
    "The key was revoked or rotated, was cut on its way, or is another project's.",
)
KEY_FOREIGN = _rule(
    "key-foreign",
    "the key in {variable} belongs to the project {other}, and the URL of {database} to {ref}",
    "Take the URL and the key from the same project, then set both.",
    "The values of two projects were mixed, so every request is refused.",
)
WRONG_ROLE = _rule(
    "wrong-role",
    "{database} takes us for {role}, expected {expected}",
    "Connect as {expected}: change the user in {variable}, or `role` of {database}.",
    "Another role sees other rows and has other rights: row level security gives nothing, without "
    "an error.",
)
SCHEMA_NOT_EXPOSED = _rule(
    "schema-not-exposed",
    "{database} does not serve the schema {schema}{served}",
    "Create the schema {schema}, or correct `schema` of {database}.",
    "Whatever is in that schema is out of reach for the application.",
)
DENIED = _rule(
    "denied",
    "{database} does not let us read {what}",
    "Run `grant usage on schema {within} to ROLE;` and `grant select on all tables in schema "
    "{within} to ROLE;` as its owner.",
    "The role lacks a right that the application needs too, or that assay needs to look.",
)
FILE_MISSING = _rule(
    "file-missing",
    "{host}, where {database} should be, does not exist",
    "Run the migrations that create the file, or correct the path in {variable}.",
    "SQLite makes an empty file where there is none, and the application finds no table in it.",
)
FILE_UNREADABLE = _rule(
    "file-unreadable",
    "{host}, where {database} should be, can't be read: {reason}",
    "Put a SQLite database there that this user may read, or correct the path in {variable}.",
    "What is no database, or is kept from the user, fails at the first query.",
)
GATEWAY = _rule(
    "gateway",
    "a gateway answers at {host} in place of {database}, with status {status}",
    "Look at the state of the server behind {host}, or correct {variable} where that leads to "
    "something else.",
    "The server behind the gateway is down or starts, or the URL leads to another service.",
)
RATE_LIMITED = _rule(
    "rate-limited",
    "{database} at {host} refuses more requests for now",
    "Wait a minute, then check again; where it lasts, raise the limit in its dashboard.",
    "What limits assay limits the application too.",
)
OVERLOADED = _rule(
    "overloaded",
    "{database} at {host} takes no more connections, or starts or stops right now",
    "Wait a minute, then check again; where it lasts, connect through its pooler, or close what "
    "holds connections.",
    "The application gets no connection either: each instance holds some, and the server has few.",
)
WENT_AWAY = _rule(
    "went-away",
    "{database} at {host} went away while it was read",
    "Check again; where it happens again, look into the log of the server for a restart.",
    "The server was restarted, or something between closes connections that last.",
)
PAGE_REPEATED = _rule(
    "page-repeated",
    "{database} gives the same rows of {table} again and again",
    "Declare columns that name a row of {table} as its primary key, so that it can be read page by "
    "page.",
    "Whoever reads it page by page never comes to its end.",
)
TABLE_NOT_FOUND = _rule(
    "table-not-found",
    "{database} has no table or view called {table}{meant}",
    "Run the migrations that create {table}, or correct its name in the spec.",
    "Rows were asked for that nothing holds.",
)
FAILED = _rule(
    "failed",
    "{database} at {host} could not be read: {state}",
    "Look the code up in the manual of the database, or in its log at this time.",
    "It fails in a way that assay has no words for.",
)
EXTENSION_MISSING = _rule(
    "extension-missing",
    "{database} lacks the extension {extension}",
    "Run `create extension if not exists {quoted};` in a migration.",
    "Functions and types of the extension fail wherever the application uses them.",
)
SUPERUSER = _rule(
    "superuser",
    "assay connects to {database} as {role}, which is {powers}, in a live environment",
    "Run `create role assay_reader login nosuperuser password '...';`, grant it `usage` on the "
    "schema and `select` on the columns that are read, then put its URL into {variable}.",
    "Views, policies and index expressions run functions that others wrote, with the rights of "
    "whoever reads the rows. With such a role they can run programs on the server or write its "
    "files, even in a read-only transaction.",
    severity=Severity.WARNING,
)
RULES: tuple[Rule, ...] = (
    CONNECTION_REFUSED,
    DENIED,
    DRIVER_MISSING,
    EXTENSION_MISSING,
    FAILED,
    FILE_MISSING,
    FILE_UNREADABLE,
    GATEWAY,
    HOST_NOT_LISTED,
    KEY_FOREIGN,
    KEY_IN_CLEAR,
    KEY_REJECTED,
    NAME_NOT_RESOLVED,
    NETWORK_UNREACHABLE,
    NOT_FOUND,
    OVERLOADED,
    PAGE_REPEATED,
    PAUSED,
    RATE_LIMITED,
    SCHEMA_NOT_EXPOSED,
    SUPERUSER,
    TABLE_NOT_FOUND,
    TIMED_OUT,
    TLS_FAILED,
    URL_INVALID,
    WENT_AWAY,
    WRONG_PASSWORD,
    WRONG_ROLE,
)
BY_CODE = {rule.code: rule for rule in RULES if rule not in (EXTENSION_MISSING, SUPERUSER)}
"""The rules of what backends refuse with."""
UNSAID = {
    "command": "pip install assay",
    "exposed": "",
    "host": "its address",
    "meant": "",
    "library": "its library",
    "listed": "other hosts",
    "name": "the name in the URL",
    "other": "another one",
    "reason": "it does not say why",
    "ref": "its own",
    "role": "",
    "schema": "of that name",
    "seconds": "the given",
    "state": "no reason is given",
    "status": "unknown",
    "table": "the table",
    "what": "what is needed",
}
"""What stands in messages for a value that the backend does not know."""
OTHERWISE: dict[str, dict[str, str]] = {
    "database-url-invalid": {
        "supabase": "Set {variable} to `https://REF.supabase.co`, as the dashboard shows it under"
        " Project settings, Data API.",
    },
    "database-name-not-resolved": {
        "supabase": "Compare {variable} with the dashboard, Project settings, Data API; where it "
        "is right, restore the project there.",
    },
    "database-connection-refused": {
        "supabase": "Start it with `supabase start`, or correct the port in {variable}.",
    },
    "database-network-unreachable": {
        "supabase": "Check the network or the VPN of this machine, then check again.",
    },
    "database-failed": {
        "forbidden-authentication": "Find out what answers at {host}. If it is your server, let "
        "its pg_hba.conf ask for the method that `require_auth` in {variable} names; if it is not, "
        "correct the host in {variable}.",
    },
    "database-tls-failed": {
        "unbound": "Find out what answers at {host}, because `channel_binding=require` in "
        "{variable} keeps the password from anything between you and your server. If it is a "
        "pooler of yours that can't do channel binding, replace `channel_binding=require` with "
        "`sslmode=verify-full` and `sslrootcert=FILE`, where FILE holds the certificate of the "
        "authority that signed the pooler's.",
        "forbidden": "Let {variable} end with `?sslmode=require`: that is what the server demands.",
        "none-offered": "Turn TLS on at the server (`ssl = on` in postgresql.conf, with a "
        "certificate); only where no network lies between, let {variable} end with "
        "`?sslmode=disable`.",
        "supabase": "Set {variable} to the address with `https://` that the dashboard shows; "
        "behind a proxy, trust its certificate with SSL_CERT_FILE.",
    },
    "database-wrong-role": {
        "supabase": "Put the key of {expected} into {variable} (dashboard, Project settings, API "
        "keys), or correct `role` of {database}.",
    },
    "database-schema-not-exposed": {
        "supabase": "Add {schema} in the dashboard, Project settings, Data API, Exposed schemas, "
        "or correct `schema` of {database}.",
    },
    "database-denied": {
        "supabase": "Use a secret key (`sb_secret_...` or service_role) in {key}, or run `grant "
        "select on all tables in schema {within} to ROLE;` in the SQL editor.",
    },
    "database-gateway": {
        "supabase": "Look at the project in its dashboard and at status.supabase.com, then check "
        "again; correct {variable} where it is no project's API URL.",
    },
    "database-file-missing": {
        "sqlite": "Run the migrations that create {host}, or correct `path`, which is relative "
        "to the project.",
    },
    "database-file-unreadable": {
        "sqlite": "Put a SQLite database at {host} that this user may read, or correct `path`.",
    },
}
"""Remedies that differ: by code, and by the cause that is told, or the backend's name."""
