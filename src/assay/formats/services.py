"""Connection strings of the services that applications mostly use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from assay.formats.connections import CONNECTION_RULES, Connection, options
from assay.model import Rule, Violation

if TYPE_CHECKING:
    from assay.formats.urls import UrlParts

REDIS_DATABASE = Rule(
    code="redis-database",
    message="{name} has a Redis database that is not a number: expected a path such as /0",
    remedy="Set the path of {name} to the database's number, usually /0.",
    why="Redis databases have numbers: clients reject a name or silently use database 0.",
    bad="REDIS_URL=redis://cache.example.com/cache",
    good="REDIS_URL=redis://cache.example.com/0",
)
MONGODB_SRV = Rule(
    code="mongodb-srv",
    message="{name} has several hosts or a port after mongodb+srv: expected a single host name",
    remedy="Keep only the cluster's host name in {name}, or use the scheme mongodb.",
    why="With mongodb+srv the hosts and ports come from DNS, so drivers reject any others.",
    bad="MONGODB_URI=mongodb+srv://cluster.example.com:27017/app",
    good="MONGODB_URI=mongodb+srv://cluster.example.com/app",
)
AMQP_VHOST = Rule(
    code="amqp-vhost",
    message="{name} has an unescaped slash in the name of its virtual host",
    remedy="Write the slash in {name} as %2F, or remove it to use the default virtual host.",
    why="RabbitMQ answers 'vhost not found' to a path with more than one segment.",
    bad="AMQP_URL=amqp://broker.example.com/a/b",
    good="AMQP_URL=amqp://broker.example.com/a%2Fb",
)
SMTP_PATH = Rule(
    code="smtp-path",
    message="{name} has a path after the host: expected no path",
    remedy="Remove the slash and everything after it from {name}.",
    why="Mail servers have no paths, so the mail library rejects the URL or ignores what was "
    "meant.",
)


POOLER_USER = Rule(
    code="postgres-pooler-user",
    message="{name} connects to Supabase's pooler without the project in the user name: expected "
    "USER.PROJECT_REF",
    remedy="Append a dot and the project's reference to the user name in {name}, as in "
    "postgres.PROJECT_REF; the dashboard shows the full string under Connect.",
    why="All projects of a region share the pooler, which finds out by the user whose database is "
    "meant, and answers 'Tenant or user not found'.",
    bad="DATABASE_URL=postgres://postgres:...@aws-0-eu-central-1.pooler.supabase.com:5432/postgres",
    good="DATABASE_URL=postgres://postgres.PROJECT_REF:...@"
    "aws-0-eu-central-1.pooler.supabase.com:5432/postgres",
)


MANAGED = (
    (r".*\.aivencloud\.com:\d+", "Aiven"),
    (r".*\.db\.ondigitalocean\.com:\d+", "DigitalOcean"),
)
"""Who takes no connection without TLS to any database."""
AZURE = ("azure.com", "azure.net", "windows.net")


class Postgres(Connection, frozen=True, kw_only=True, tag="postgres"):
    """A PostgreSQL connection URI (PostgreSQL manual, 34.1.1.2)."""

    title = "a PostgreSQL connection string"
    looks_like = r"postgres(?:ql)?(?:\+\w+)?://"
    rules: ClassVar[tuple[Rule, ...]] = (*CONNECTION_RULES, POOLER_USER)
    known: ClassVar[tuple[str, ...]] = ("postgresql", "postgres")
    form = "postgresql://USER:PASSWORD@HOST:5432/DATABASE"
    default_port = 5432
    tls_words = "sslmode=require, verify-ca or verify-full"
    tls_options: ClassVar[tuple[str, ...]] = ("sslmode", "ssl")
    """The second one as the drivers of Node and Python write it."""
    tls_values: ClassVar[tuple[str, ...]] = ("require", "verify-ca", "verify-full", "true", "1")
    tls_example = "sslmode=require"
    tls_domains: ClassVar[tuple[str, ...]] = (
        "neon.tech",
        "azure.com",
        "cockroachlabs.cloud",
        "psdb.cloud",
        "supabase.com",
    )
    tls_safe: ClassVar[tuple[str, ...]] = ("postgresql", "postgres")
    tls_only: ClassVar[tuple[tuple[str, str], ...]] = (
        (r".*\.neon\.tech:\d+", "Neon"),
        (r".*\.postgres\.database\.azure\.com:\d+", "Azure"),
        (r".*\.cockroachlabs\.cloud:\d+", "CockroachDB"),
        *MANAGED,
        (r".*\.psdb\.cloud:\d+", "PlanetScale"),
    )
    many_hosts = True

    def goes_without_tls(self, parts: UrlParts, given: dict[str, str]) -> bool:  # noqa: ARG002
        """If the string says so: by default libpq asks for TLS wherever the server has it."""
        return given.get("sslmode", given.get("ssl", "")).lower() in ("disable", "false", "0")

    def own_violations(self, parts: UrlParts) -> Iterator[Violation]:
        pooled = any(h.lower().endswith(".pooler.supabase.com") for h in parts.host.split(","))
        user = (parts.userinfo or "").partition(":")[0]
        named = "reference=" in options(parts).get("options", "")
        if pooled and user and "." not in user and not named:
            yield POOLER_USER.violated()

    def places(self, parts: UrlParts) -> list[str]:
        """The host may stand among the options, or be left out; a path is a local socket's."""
        if parts.host or not (parts.path or parts.query):
            return super().places(parts)
        given = options(parts)
        host, port = given.get("host", ""), given.get("port") or parts.port
        host = "localhost" if host.startswith("/") or not host else host
        host = f"[{host}]" if ":" in host else host
        return [f"{host}:{port}" if port else host]


class Mysql(Connection, frozen=True, kw_only=True, tag="mysql"):
    """A MySQL or MariaDB connection URI (MySQL manual, 6.2.5)."""

    title = "a MySQL connection string"
    looks_like = r"(?:mysql|mariadb)(?:\+\w+)?://"
    known: ClassVar[tuple[str, ...]] = ("mysql", "mysqlx", "mysql2", "mariadb")
    form = "mysql://USER:PASSWORD@HOST:3306/DATABASE"
    default_port = 3306
    tls_words = "ssl-mode=REQUIRED, VERIFY_CA or VERIFY_IDENTITY"
    tls_example = "ssl-mode=REQUIRED"
    tls_domains: ClassVar[tuple[str, ...]] = ("psdb.cloud", "tidbcloud.com", "azure.com")
    tls_safe: ClassVar[tuple[str, ...]] = ("mysql", "mysql2", "mariadb")
    tls_only: ClassVar[tuple[tuple[str, str], ...]] = (
        (r".*\.psdb\.cloud:\d+", "PlanetScale"),
        (r".*\.tidbcloud\.com:\d+", "TiDB Cloud"),
        (r".*\.mysql\.database\.azure\.com:\d+", "Azure"),
        *MANAGED,
    )

    def goes_without_tls(self, parts: UrlParts, given: dict[str, str]) -> bool:  # noqa: ARG002
        """If the string says so: by default many drivers ask for TLS where the server has it."""
        modes = [given[n] for n in ("ssl-mode", "sslmode", "ssl", "tls") if n in given]
        return any(mode.lower() in ("disabled", "disable", "false", "0") for mode in modes)

    def asks_for_tls(self, parts: UrlParts, given: dict[str, str]) -> bool:  # noqa: ARG002
        """By `ssl-mode`, or the spellings of other drivers."""
        mode = next((given[n] for n in ("ssl-mode", "sslmode", "ssl", "tls") if n in given), "")
        return mode.lower() not in ("", "disabled", "preferred", "false", "0")


class Redis(Connection, frozen=True, kw_only=True, tag="redis"):
    """A Redis or Valkey connection URI (IANA's registrations of redis and rediss)."""

    title = "a Redis connection string"
    looks_like = "rediss?://"
    rules: ClassVar[tuple[Rule, ...]] = (*CONNECTION_RULES, REDIS_DATABASE)
    known: ClassVar[tuple[str, ...]] = ("redis", "rediss", "valkey", "valkeys")
    form = "rediss://USER:PASSWORD@HOST:6379/0"
    default_port = 6379
    tls_words = "the scheme rediss"
    tls_schemes: ClassVar[tuple[str, ...]] = ("rediss", "valkeys")
    tls_domains: ClassVar[tuple[str, ...]] = ("upstash.io", *AZURE, "amazonaws.com", "render.com")
    tls_safe: ClassVar[tuple[str, ...]] = ("rediss", "valkeys")
    tls_only: ClassVar[tuple[tuple[str, str], ...]] = (
        (r"(?!fly-).*\.upstash\.io:\d+", "Upstash"),
        (r".*\.redis\.cache\.windows\.net:6380", "Azure (port 6380)"),
        (r".*\.redis\.azure\.net:\d+", "Azure"),
        (r".*\.serverless\.\w+\.cache\.amazonaws\.com:\d+", "ElastiCache Serverless"),
        (r".*-(?:redis|keyvalue)\.render\.com:\d+", "Render"),
        *MANAGED,
    )
    path_example = "/0"
    path_form = "number"

    def own_violations(self, parts: UrlParts) -> Iterator[Violation]:
        number = parts.path[1:]
        if number and not (number.isdigit() and len(number) < 6):
            yield REDIS_DATABASE.violated()


class Mongodb(Connection, frozen=True, kw_only=True, tag="mongodb"):
    """A MongoDB connection string (MongoDB's connection string specification)."""

    title = "a MongoDB connection string"
    looks_like = r"mongodb(?:\+srv)?://"
    rules: ClassVar[tuple[Rule, ...]] = (*CONNECTION_RULES, MONGODB_SRV)
    known: ClassVar[tuple[str, ...]] = ("mongodb", "mongodb+srv")
    form = "mongodb+srv://USER:PASSWORD@HOST/DATABASE"
    default_port = 27017
    tls_words = "the scheme mongodb+srv, or tls=true"
    tls_example = "tls=true"
    tls_domains: ClassVar[tuple[str, ...]] = ("mongodb.net", "azure.com")
    tls_safe: ClassVar[tuple[str, ...]] = ("mongodb+srv",)
    tls_only: ClassVar[tuple[tuple[str, str], ...]] = (
        (r".*\.mongodb\.net:\d+", "Atlas"),
        (r".*\.mongo\.cosmos\.azure\.com:\d+", "Azure"),
    )
    many_hosts = True

    def asks_for_tls(self, parts: UrlParts, given: dict[str, str]) -> bool:
        """By option; `mongodb+srv` turns it on unless an option turns it off."""
        chosen = given.get("tls", given.get("ssl", "")).lower()
        return chosen == "true" or (parts.scheme == "mongodb+srv" and chosen != "false")

    def own_violations(self, parts: UrlParts) -> Iterator[Violation]:
        if parts.scheme == "mongodb+srv" and (parts.port is not None or "," in parts.host):
            yield MONGODB_SRV.violated()


class Amqp(Connection, frozen=True, kw_only=True, tag="amqp"):
    """An AMQP 0-9-1 connection URI (RabbitMQ's URI specification)."""

    title = "an AMQP connection string"
    looks_like = "amqps?://"
    rules: ClassVar[tuple[Rule, ...]] = (*CONNECTION_RULES, AMQP_VHOST)
    known: ClassVar[tuple[str, ...]] = ("amqp", "amqps")
    form = "amqps://USER:PASSWORD@HOST:5671/VHOST"
    default_port = 5672
    tls_words = "the scheme amqps"
    tls_schemes: ClassVar[tuple[str, ...]] = ("amqps",)
    tls_domains: ClassVar[tuple[str, ...]] = ("amazonaws.com", "on.aws", "windows.net")
    tls_safe: ClassVar[tuple[str, ...]] = ("amqps",)
    tls_only: ClassVar[tuple[tuple[str, str], ...]] = (
        (r".*\.mq\.[\w-]+\.(?:amazonaws\.com|on\.aws):\d+", "Amazon MQ"),
        (r".*\.servicebus\.windows\.net:\d+", "Azure Service Bus"),
    )
    path_form = "segment"
    part = "virtual host"

    def own_violations(self, parts: UrlParts) -> Iterator[Violation]:
        if "/" in parts.path[1:]:
            yield AMQP_VHOST.violated()


class Smtp(Connection, frozen=True, kw_only=True, tag="smtp"):
    """An SMTP URI, as mail libraries read it."""

    title = "an SMTP connection string"
    looks_like = "smtps?://"
    rules: ClassVar[tuple[Rule, ...]] = (*CONNECTION_RULES, SMTP_PATH)
    known: ClassVar[tuple[str, ...]] = ("smtp", "smtps", "submission", "submissions")
    form = "smtps://USER:PASSWORD@HOST:465"
    default_port = 587
    tls_words = "the scheme smtps (port 465), or the option tls=true (port 587)"
    tls_schemes: ClassVar[tuple[str, ...]] = ("smtps", "submissions")
    tls_example = "tls=true"
    path_example = ""
    path_form = "nothing"

    def asks_for_tls(self, parts: UrlParts, given: dict[str, str]) -> bool:
        """By the scheme, or an option that demands STARTTLS."""
        chosen = [given[n].lower() for n in ("tls", "requiretls", "secure") if n in given]
        return parts.scheme in self.tls_schemes or "true" in chosen

    def own_violations(self, parts: UrlParts) -> Iterator[Violation]:
        if self.database == "allowed" and len(parts.path) > 1:
            yield SMTP_PATH.violated()
