"""What can be wrong with a database, and what to do about it by the way it is reached.

The codes are those with which backends refuse (`assay.databases.model.Refused`). A message of a
particular case is named after the value that it needs; a remedy after the backend that it is for,
or after the cause that the backend reports.
"""

from __future__ import annotations

from assay.kind import RuleMaker
from assay.model import Category, Severity

rule: RuleMaker = RuleMaker(Category.DATABASE)

URL_INVALID = rule(
    "database-url-invalid",
    "the URL of {database} in {variable} can't be used: {reason}",
    "Set {variable} to a URL such as `postgresql://USER:PASSWORD@HOST:5432/NAME`.",
    "The driver refuses such a URL before it contacts any server.",
    remedies={
        "supabase": "Set {variable} to `https://REF.supabase.co`, as the dashboard shows it under"
        " Project settings, Data API.",
    },
)
DRIVER_MISSING = rule(
    "database-driver-missing",
    "checking {database} needs {library}, which is not installed here",
    "Run `{command}`, then check again.",
    "assay reaches some databases through a library that is installed separately.",
)
NAME_NOT_RESOLVED = rule(
    "database-name-not-resolved",
    "{database}: the host name {host} can't be resolved",
    "Correct the host in {variable}; if it is right, check from a network that knows it.",
    "The application can't connect: the name is misspelt, known only in another network, or its "
    "project was paused or deleted.",
    remedies={
        "supabase": "Compare {variable} with the dashboard, Project settings, Data API; if it is "
        "right, restore the project there.",
    },
)
CONNECTION_REFUSED = rule(
    "database-connection-refused",
    "{database}: {host} refuses connections",
    "Start the database, or correct the host and the port in {variable}.",
    "The machine answers, but no database listens there: it is stopped, or uses another port.",
    remedies={"supabase": "Start it with `supabase start`, or correct the port in {variable}."},
)
HOST_NOT_LISTED = rule(
    "database-host-not-listed",
    "{variable} points {database} to {host}, but the spec allows only {listed}",
    "Correct the host in {variable}; or, if {host} is right, add it to `hosts` of {database} in "
    "the spec.",
    "The application would send its credentials to a host that nobody has approved.",
)
KEY_IN_CLEAR = rule(
    "database-key-unencrypted",
    "{key} would be sent to {database} at {host} unencrypted: {variable} begins with http://",
    "Set {variable} to the address that begins with `https://`; only this machine may be reached "
    "without TLS.",
    "Everyone along the way can read the key and use it.",
    formerly=("database-key-in-clear",),
)
NETWORK_UNREACHABLE = rule(
    "database-network-unreachable",
    "{database}: there is no route to {host} from here",
    "Check the network or the VPN. If {host} has only an IPv6 address, as the direct connection of "
    "a Supabase project does, put the address of its pooler (dashboard, Connect) into {variable}.",
    "The name is right, but its address is in a network that this machine can't reach.",
    remedies={"supabase": "Check the network or the VPN of this machine, then check again."},
)
TIMED_OUT = rule(
    "database-timed-out",
    "{database} at {host} did not answer within {seconds} seconds",
    "Allow this machine's address in the firewall or network restrictions of {host}; if the "
    "database is just slow, raise `within` of {database}.",
    "To the application, a firewall that drops packets, an address that is not allowed and an "
    "overloaded database all look like this.",
)
TLS_FAILED = rule(
    "database-tls-failed",
    "the TLS connection to {database} at {host} failed: {reason}",
    "End {variable} with `?sslmode=verify-full&sslrootcert=FILE`, where FILE contains the "
    "certificate of the authority that signed the server's.",
    "Without TLS the application either can't connect, or sends its password in the clear.",
    remedies={
        "unbound": "Find out what answers at {host}, because `channel_binding=require` in "
        "{variable} keeps the password from anything between you and your server. If it is your "
        "own pooler, which can't do channel binding, replace `channel_binding=require` with "
        "`sslmode=verify-full` and `sslrootcert=FILE`, where FILE contains the certificate of the "
        "authority that signed the pooler's.",
        "forbidden": "End {variable} with `?sslmode=require`: the server requires it.",
        "none-offered": "Turn TLS on at the server (`ssl = on` in postgresql.conf, with a "
        "certificate). Only if no network lies between, end {variable} with `?sslmode=disable`.",
        "supabase": "Set {variable} to the address with `https://` that the dashboard shows; if "
        "you are behind a proxy, trust its certificate with SSL_CERT_FILE.",
    },
)
WRONG_PASSWORD = rule(
    "database-wrong-password",
    "{database} at {host} rejects the user or the password in {variable}",
    "Set a new password for the role (`alter role ... password ...`), then write it into "
    "{variable}, with `@`, `:`, `/` and `%` in it percent-encoded.",
    "The password was changed on one side only, or belongs to another database.",
    messages={
        "role": "{database} at {host} rejects the user {role} or the password in {variable}",
    },
)
NOT_FOUND = rule(
    "database-not-found",
    "the server at {host} has no database called {name}",
    "Correct the name at the end of the URL in {variable}, or run `createdb {name}` on the server.",
    "The server is right but the name is wrong, or nobody has created the database yet.",
)
PAUSED = rule(
    "database-paused",
    "the project of {database} at {host} is paused or deleted",
    "Open the project in its dashboard and choose Restore; if it was deleted, set {variable} to "
    "the new one.",
    "Hosted projects without traffic are paused after a while, and then nothing answers.",
)
KEY_REJECTED = rule(
    "database-key-rejected",
    "{database} at {host} rejects the key in {variable}: {reason}",
    "Copy the key again from the dashboard, Project settings, API keys, into {variable}.",
    "The key was revoked or rotated, was cut off while copying, or belongs to another project.",
)
WRONG_PROJECT = rule(
    "database-wrong-project",
    "the key in {variable} belongs to the project {other}, but the URL of {database} belongs to "
    "{ref}",
    "Take the URL and the key from the same project, then set both.",
    "The values of two projects were mixed up, so every request is refused.",
    formerly=("database-key-foreign",),
)
WRONG_ROLE = rule(
    "database-wrong-role",
    "connected to {database} as {role}: expected {expected}",
    "Connect as {expected}: change the user in {variable}, or `role` of {database}.",
    "Another role sees other rows and has other rights: row level security hides rows without an "
    "error.",
    remedies={
        "supabase": "Put the key of {expected} into {variable} (dashboard, Project settings, API "
        "keys), or correct `role` of {database}.",
    },
)
SCHEMA_NOT_EXPOSED = rule(
    "database-schema-not-exposed",
    "{database} does not have the schema {schema}, or does not expose it",
    "Create the schema {schema}, or correct `schema` of {database}.",
    "The application can't reach anything in that schema.",
    messages={
        "exposed": "{database} does not have the schema {schema}, or does not expose it; it has "
        "{exposed}",
    },
    remedies={
        "supabase": "Add {schema} in the dashboard, Project settings, Data API, Exposed schemas, "
        "or correct `schema` of {database}.",
    },
)
DENIED = rule(
    "database-denied",
    "the role that assay connects as may not read {what} in {database}",
    "As the owner, run `grant usage on schema {within} to ROLE;` and `grant select on all tables "
    "in schema {within} to ROLE;`.",
    "The role lacks a right that assay needs, and that the application may need too.",
    remedies={
        "supabase": "Use a secret key (`sb_secret_...` or service_role) in {key}, or run `grant "
        "select on all tables in schema {within} to ROLE;` in the SQL editor.",
    },
)
FILE_MISSING = rule(
    "database-file-missing",
    "database {database}: the file in {variable} does not exist",
    "Run the migrations that create the file, or correct the path in {variable}.",
    "SQLite creates an empty file if there is none, and the application finds no table in it.",
    messages={"sqlite": "database {database}: the file {host} does not exist"},
    remedies={
        "sqlite": "Run the migrations that create {host}, or correct `path`, which is relative "
        "to the project.",
    },
)
FILE_UNREADABLE = rule(
    "database-file-unreadable",
    "database {database}: the file in {variable} can't be read: {reason}",
    "Put a SQLite database there that this user may read, or correct the path in {variable}.",
    "A file that is not a database, or that the user may not read, fails at the first query.",
    messages={"sqlite": "database {database}: the file {host} can't be read: {reason}"},
    remedies={
        "sqlite": "Put a SQLite database at {host} that this user may read, or correct `path`.",
    },
)
GATEWAY = rule(
    "database-gateway",
    "{database}: a gateway answers at {host} instead of the database, with status {status}",
    "Check the server that {host} forwards to, or correct {variable} if it points to something "
    "else.",
    "The server that the gateway forwards to is down or starting, or the URL points to another "
    "service.",
    remedies={
        "supabase": "Check the project in its dashboard and status.supabase.com, then check again; "
        "correct {variable} if it isn't a project's API URL.",
    },
)
RATE_LIMITED = rule(
    "database-rate-limited",
    "{database} at {host} refuses more requests for now",
    "Wait a minute, then check again; if it persists, raise the limit in its dashboard.",
    "What limits assay limits the application too.",
)
OVERLOADED = rule(
    "database-overloaded",
    "{database} at {host} accepts no more connections, or is starting or stopping",
    "Wait a minute, then check again; if it persists, connect through its pooler, or close "
    "connections that are not needed.",
    "The application gets no connection either: each instance keeps some, and the server has few.",
)
CONNECTION_LOST = rule(
    "database-connection-lost",
    "the connection to {database} at {host} was lost while reading",
    "Check again; if it happens again, look for a restart in the log of the server.",
    "The server was restarted, or something in between closes long connections.",
    formerly=("database-went-away",),
)
PAGE_REPEATED = rule(
    "database-page-repeated",
    "{database} returns the same rows of {table} again and again",
    "Declare the columns that identify a row of {table} as its primary key, so that it can be read "
    "page by page.",
    "A program that reads it page by page never reaches its end.",
)
TABLE_NOT_FOUND = rule(
    "database-table-not-found",
    "{database} has no table or view called {table}",
    "Run the migrations that create {table}, or correct its name in the spec.",
    "The application's queries on the table fail, and its rows can't be checked.",
    messages={"near": "{database} has no table or view called {table}: did you mean {near}?"},
)
FAILED = rule(
    "database-failed",
    "{database} at {host} could not be read: {state}",
    "Look the code up in the manual of the database, or look in its log at this time.",
    "The application may fail in the same way; assay does not know this error.",
    remedies={
        "forbidden-authentication": "Find out what answers at {host}. If it is your server, make "
        "its pg_hba.conf ask for the method that `require_auth` in {variable} names; if it is not, "
        "correct the host in {variable}.",
    },
)
BY_CODE = {made.code: made for made in rule.made}
"""The rules of what backends refuse with."""
UNSAID = {
    "command": "pip install assay",
    "host": "its address",
    "library": "its library",
    "listed": "other hosts",
    "name": "the name in the URL",
    "other": "another project",
    "reason": "it gives no reason",
    "ref": "its own",
    "role": "a role that it does not name",
    "schema": "of that name",
    "seconds": "the allowed",
    "state": "it gives no reason",
    "status": "unknown",
    "table": "the table",
    "what": "what is needed",
}
"""What messages say for a value that the backend does not know."""
EXTENSION_MISSING = rule(
    "database-extension-missing",
    "{database} lacks the extension {extension}",
    "Run `create extension if not exists {quoted};` in a migration.",
    "Functions and types of the extension fail wherever the application uses them.",
)
SUPERUSER = rule(
    "database-superuser",
    "assay connects to {database} as {role}, which is {powers}, in a live environment",
    "Run `create role assay_reader login nosuperuser password '...';`, grant it `usage` on the "
    "schema and `select` on the columns that are read, then put its URL into {variable}.",
    "Views, policies and index expressions run functions that others wrote, with the rights of "
    "the role that reads the rows. With such a role they can run programs on the server or write "
    "its files, even in a read-only transaction.",
    severity=Severity.WARNING,
)
