"""Hosts, addresses, URLs, connection strings, repositories."""

from tests.formats.tables.case import case

PG = "postgresql://app:secret@db.example.com"

CASES = (
    # RFC 4291, section 2.2; RFC 6943, section 3.1.1 on leading zeros
    case(
        "ip",
        *("192.0.2.10", "::1", "2001:db8::10", "0.0.0.0"),
        bad={
            "10.0.0.256": "ip-malformed",
            "10.0.0.01": "ip-malformed",
            "10.0.0.1:80": "ip-malformed",
            "١.١.١.١": "ip-malformed",
        },
    ),
    case("ip", "10.0.0.1", versions=[4], bad={"::1": "ip-version"}),
    case("ip", "::1", versions=[6], bad={"10.0.0.1": "ip-version"}),
    case("ip", "8.8.8.8", scope="public", bad={"10.0.0.1": "ip-scope"}),
    case("ip", "2620:fe::fe", scope="public", versions=[6]),
    case("ip", "10.0.0.1", scope="private", bad={"8.8.8.8": "ip-scope"}),
    # RFC 4632, section 3.1
    case(
        "cidr",
        *("10.0.0.0/8", "192.0.2.1/32", "2001:db8::/32", "0.0.0.0/0", "2001:DB8::/32"),
        bad={
            "10.0.0.0/33": "cidr-malformed",
            "10.0.0.0/255.0.0.0": "cidr-malformed",
            "fe80::1%eth0/64": "cidr-malformed",
            "10.0.0.7": "cidr-prefix-missing",
            "10.0.0.7/24": "cidr-host-bits",
        },
    ),
    case("cidr", "10.0.0.7/24", host_bits="allowed"),
    case(
        "cidr",
        "10.0.0.0/24",
        versions=[4],
        min_prefix=16,
        bad={
            "2001:db8::/32": "cidr-version",
            "0.0.0.0/0": "cidr-too-wide",
        },
    ),
    case("cidr", "2001:db8::/64", versions=[6], min_prefix=48),
    # RFC 1123, section 2.1; WHATWG URL, "ends in a number checker"
    case(
        "hostname",
        *("localhost", "api.example.com", "xn--bcher-kva.example", "10.0.0.1", "A" * 63),
        bad={
            "db_primary.example.com": "hostname-malformed",
            "-a.example.com": "hostname-malformed",
            "a..b": "hostname-malformed",
            "999.1.1.1": "hostname-malformed",
            "a" * 64: "hostname-malformed",
            ".".join(["a" * 60] * 5): "hostname-malformed",
            "bücher.example": "hostname-malformed",
            "https://api.example.com": "hostname-url",
            "db.example.com:5432": "hostname-port",
        },
    ),
    case(
        "hostname",
        "db.example.com",
        qualified=True,
        bad={
            "db": "hostname-unqualified",
            "10.0.0.1": "hostname-unqualified",
        },
    ),
    case(
        "hostname",
        "a.example.com",
        "example.org",
        hosts=["*.example.com", "example.org"],
        bad={
            "example.com": "hostname-not-allowed",
        },
    ),
    case("hostname", "*.example.com", wildcards=["*."], bad={"*": "hostname-malformed"}),
    case("hostname", "a.example.com", local="forbidden", bad={"db": "hostname-local"}),
    case(
        "hostname",
        *("db", "10.0.0.5"),
        local="network",
        bad={"localhost": "hostname-local", "127.0.0.1": "hostname-local"},
    ),
    case(
        "address",
        *("localhost:80", "[::1]:443", "kafka.example.com:9092"),
        bad={
            "kafka.example.com": "address-port-missing",
            "[::1]": "address-port-missing",
            "host:0": "address-malformed",
            "host:99999": "address-malformed",
            "https://a:1": "address-malformed",
            ":80": "address-malformed",
            "a b": "address-malformed",
        },
    ),
    case("address", ":80", wildcard=True),
    # RFC 5321, sections 4.1.2 and 4.5.3.1
    case(
        "email",
        *("ops@example.com", "a.b+c@mail.example.com", "o'hara@example.com"),
        bad={
            "ops@example": "email-malformed",
            ".a@example.com": "email-malformed",
            "a..b@example.com": "email-malformed",
            "@example.com": "email-malformed",
            "a@1.2.3.4": "email-malformed",
            "a" * 65 + "@example.com": "email-malformed",
            "a b@example.com": "email-malformed",
            "Ann <ann@example.com": "email-malformed",
            "Ann <ann@example.com>": "email-display-name",
        },
    ),
    case("email", "Ann <ann@example.com>", display_name="allowed"),
    case("email", "a@example.com", hosts=["example.com"], bad={"a@example.org": "email-domain"}),
    # RFC 3986
    case(
        "url",
        *(
            "https://api.example.com/v1?x=%20#top",
            "http://localhost:3000",
            "https://[::1]:8443/",
            "https://u:p@example.com",
            "HTTPS://Example.com",
        ),
        bad={
            "api.example.com": "url-scheme-missing",
            "1http://example.com": "url-scheme-missing",
            "ftp://example.com": "url-scheme",
            "https:///v1": "url-malformed",
            "https://a_b.example.com": "url-malformed",
            "https://example.com:99999": "url-malformed",
            "https://example.com:": "url-malformed",
            "https://example.com/a b": "url-characters",
            "https://exämple.com": "url-characters",
            "https://example.com/\n": "url-characters",
            "https://example.com/100%": "url-percent",
            "https://[::1": "url-malformed",
        },
    ),
    case(
        "url",
        "https://api.example.com/callback",
        schemes=["https"],
        hosts=["*.example.com"],
        local="forbidden",
        credentials="forbidden",
        path="/callback",
        query="forbidden",
        trailing_slash="forbidden",
        bad={
            "http://api.example.com/callback": "url-scheme",
            "https://evil.example/callback": "url-host",
            "https://127.0.0.1/callback": "url-host url-local",
            "https://u@api.example.com/callback": "url-credentials",
            "https://api.example.com/other": "url-path",
            "https://api.example.com/callback?x": "url-query",
            "https://api.example.com/callback/": "url-trailing-slash",
        },
    ),
    case(
        "url",
        "https://u:p@example.com/",
        credentials="required",
        trailing_slash="required",
        bad={
            "https://u@example.com/": "url-credentials-missing",
            "https://u:p@example.com": "url-trailing-slash",
        },
    ),
    case(
        "url",
        "https://a.example",
        "https://a.example/",
        path="/",
        bad={
            "https://a.example/rest/v1": "url-path",
        },
    ),
    case(
        "url", "https://a.example/hooks/1", path="/hooks/*", bad={"https://a.example": "url-path"}
    ),
    case("url", "ws://a.example", schemes=["ws", "wss"]),
    case(
        "url",
        "https://example.com",
        local="forbidden",
        bad={
            "https://localhost": "url-local",
            "https://db.internal": "url-local",
            "https://[fd00::1]": "url-local",
            "https://redis": "url-local",
        },
    ),
    # PostgreSQL manual, 34.1.1.2
    case(
        "postgres",
        *(
            f"{PG}:5432/app",
            "postgres://localhost",
            "postgresql://a:1,b:2/app",
            "postgresql://app:p%40ss@db.example.com/app",
            "postgresql://host1:123,host2:456/somedb?target_session_attrs=any",
            "postgresql:///mydb?host=localhost&port=5433",
            "postgresql:///mydb?host=::1",
            "postgresql:///dbname?host=/var/lib/postgresql",
            "postgresql://%2Fvar%2Flib%2Fpostgresql/dbname",
            "postgresql://app:x@/app?host=/cloudsql/project:region:instance",
            "postgresql:///app",
            "postgresql://:5433/app",
            "postgres://postgres:p@db.abcdefghijklmnopqrst.supabase.co:5432/postgres",
            "postgres://app.abcdefghijklmnopqrst:p@aws-0-eu-west-1.pooler.supabase.com/postgres",
            "postgres://a:p@aws-0-eu-west-1.pooler.supabase.com/postgres?options=reference%3Dab",
            "postgres://app:p@ep-a-1.eu-central-1.aws.neon.tech/app",
            "postgres://app:p@ep-a-1.eu-central-1.aws.neon.tech/app?sslmode=require",
            "postgres://app:p@db.example.com/app?sslmode=disable",
        ),
        bad={
            "postgres://u:p@ss/word@h/db": "connection-password-unescaped",
            "postgres://postgres:p@aws-0-eu-west-1.pooler.supabase.com/postgres": (
                "postgres-pooler-user"
            ),
            "postgres://app:p@ep-a-1.eu-central-1.aws.neon.tech/app?sslmode=disable": (
                "connection-tls-demanded"
            ),
            "mysql://db.example.com/app": "connection-scheme",
            "db.example.com": "connection-scheme",
            "postgresql://app:p@ss@db.example.com/app": "connection-password-unescaped",
            "postgresql://app:p/ss@db.example.com/app": "connection-password-unescaped",
            "postgresql://app:12#x@db.example.com/app": "connection-password-unescaped",
            "postgresql://app:100%@db.example.com/app": "connection-password-unescaped",
            "postgresql://app:[YOUR-PASSWORD]@db.example.com/a": "connection-password-placeholder",
            "postgresql://app:a b@db.example.com/app": "connection-characters",
            "postgresql://db_1.example.com:x/app": "connection-malformed",
            "postgres://": "connection-malformed",
            "postgresql:///app?host=a_b": "connection-malformed",
            "postgresql:///app?port=0": "connection-malformed",
        },
    ),
    case(
        "postgres",
        f"{PG}:6543/app?sslmode=verify-full",
        f"{PG}:6543/app?ssl=true",
        schemes=["postgresql"],
        hosts=["db.example.com"],
        ports=[6543],
        local="forbidden",
        credentials="required",
        database="required",
        tls="required",
        bad={
            "postgres://app:x@db.example.com:6543/app?sslmode=require": "connection-scheme",
            "postgresql://a:x@localhost:6543/a?ssl=1": "connection-host connection-local",
            "postgresql://a:x@/a?host=/run&port=6543&ssl=1": "connection-host connection-local",
            f"{PG}/app?sslmode=require": "connection-port",
            "postgresql://app@db.example.com:6543/a?sslmode=require": (
                "connection-credentials-missing"
            ),
            "postgresql://db.example.com:6543/a?sslmode=require": "connection-credentials-missing",
            f"{PG}:6543?sslmode=require": "connection-database-missing",
            f"{PG}:6543/app?sslmode=prefer": "connection-tls-missing",
        },
    ),
    case(
        "postgres",
        *("postgres://u:p@db:5432/shop", "postgres://u:p@10.1.2.3/shop"),
        local="network",
        bad={
            "postgres://u:p@localhost:5432/shop": "connection-local",
            "postgres://u:p@127.0.0.1/shop": "connection-local",
        },
    ),
    case("url", "http://api:8080", local="network", bad={"http://localhost:8080": "url-local"}),
    case("postgres", "postgresql+asyncpg://h/d", schemes=["postgresql+asyncpg"]),
    case(
        "postgres",
        "postgres://h/d",
        credentials="forbidden",
        bad={
            "postgres://u@h/d": "connection-credentials",
        },
    ),
    case(
        "mysql",
        "mysql://u:p@h/d?ssl-mode=REQUIRED",
        tls="required",
        bad={
            "mysql://u:p@h/d": "connection-tls-missing",
            "mysql://u:p@h/d?ssl-mode=DISABLED": "connection-tls-missing",
            "mysql://a,b/d": "connection-malformed",
        },
    ),
    case(
        "mysql",
        *("mariadb://u:p@h:3306/d", "mysql://u:p@aws.connect.psdb.cloud/d"),
        bad={"mysql://u:p@aws.connect.psdb.cloud/d?ssl=false": "connection-tls-demanded"},
    ),
    case(
        "redis",
        "redis://localhost:6379/0",
        *("redis://:p@h", "redis://default:p@fly-shop.upstash.io:6379"),
        *("rediss://default:p@eu1-a-1.upstash.io:6379", "redis://a.redis.cache.windows.net:6379"),
        bad={
            "redis://h/cache": "redis-database",
            "redis://default:p@eu1-a-1.upstash.io:6379": "connection-tls-demanded",
            "redis://:p@a.redis.cache.windows.net:6380": "connection-tls-demanded",
            "redis://u:p@Db-1.DB.ONDIGITALOCEAN.COM:25061": "connection-tls-demanded",
        },
    ),
    case("redis", "rediss://h", tls="required", bad={"redis://h": "connection-tls-missing"}),
    # MongoDB connection string specification
    case(
        "mongodb",
        "mongodb://a:1,b:2/app",
        "mongodb://%2Ftmp%2Fmongodb-27017.sock/app",
        *("mongodb+srv://u:p@c.example.com/app", "mongodb+srv://u:p@a.mongodb.net/app"),
        bad={
            "mongodb://u:p@a.mongodb.net:27017,b.mongodb.net:27017/app": "connection-tls-demanded",
            "mongodb+srv://u:p@a.mongodb.net/app?tls=false": "connection-tls-demanded",
            "mongodb+srv://c.example.com:27017/app": "mongodb-srv",
            "mongodb+srv://a.example.com,b.example.com/app": "mongodb-srv",
        },
    ),
    case(
        "mongodb",
        "mongodb+srv://c.example.com",
        "mongodb://h/?tls=true",
        tls="required",
        bad={
            "mongodb://h": "connection-tls-missing",
            "mongodb+srv://c.example.com/?tls=false": "connection-tls-missing",
        },
    ),
    case("mongodb", "mongodb+srv://c.example.com/a", schemes=["mongodb+srv"]),
    # The URI specification of RabbitMQ
    case("amqp", "amqp://u:p@h:5672/v", "amqps://h/a%2Fb", bad={"amqp://h/a/b": "amqp-vhost"}),
    case("amqp", "amqps://h", tls="required", bad={"amqp://h": "connection-tls-missing"}),
    case("smtp", "smtp://u:p@h:587", "smtps://h:465/", bad={"smtp://h/inbox": "smtp-path"}),
    case(
        "smtp",
        "smtps://h",
        "smtp://h?tls=true",
        tls="required",
        bad={
            "smtp://h": "connection-tls-missing",
        },
    ),
    case(
        "smtp", "smtp://h/x", database="required", bad={"smtp://h": "connection-database-missing"}
    ),
    # Git URLs, as the manual of git-fetch has them
    case(
        "git-url",
        *(
            "https://github.com/acme/billing.git",
            "git@github.com:acme/billing.git",
            "ssh://git@host.example:2222/acme/x",
        ),
        bad={
            "github.com/acme/billing": "git-url-malformed",
            "a b": "git-url-malformed",
            "https://github.com": "git-url-malformed",
            "git://github.com/acme/x": "git-url-scheme",
            "https://token@github.com/acme/x": "git-url-credentials",
            "https://u:p@github.com/acme/x": "git-url-credentials",
        },
    ),
    case(
        "git-url",
        "git@github.com:a/b",
        schemes=["ssh"],
        hosts=["github.com"],
        bad={
            "git@evil.example:a/b": "git-url-host",
        },
    ),
    case("git-url", "https://u:p@github.com/a/b", credentials="allowed"),
)
