"""What other tools and languages call the things of a spec, and what stands for them here.

The words are those of dotenv-linter, varlock, envalid, t3-env, zod, joi, pydantic, JSON Schema,
Docker, SQL and of habit. All are folded: lower case, without hyphens, blanks and underscores.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


def folded(word: object) -> str:
    """A word as the tables have it."""
    return str(word).lower().replace("_", "").replace("-", "").replace(" ", "")


def _table(words: Mapping[str, str]) -> dict[str, str]:
    """Each foreign word with its own; `words` are the other way round."""
    return {word: own for own, texts in words.items() for word in texts.split()}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TYPES = _table(
    {
        "text": "string str char varchar name word any raw plain",
        "boolean": "bool flag yesno truefalse onoff switch",
        "integer": "int uint int32 int64 long bigint smallint natural positiveinteger "
        "nonnegativeint "
        "wholenumber count",
        "number": "num float float32 float64 double decimal real numeric percent percentage",
        "url": "uri http https httpurl link href endpoint weburl origin",
        "address": "hostport host:port hostandport socket listen",
        "hostname": "host domain fqdn dns domainname server",
        "ip": "ipv4 ipv6 ipaddress ipaddr inet",
        "cidr": "subnet network iprange",
        "postgres": "postgresql pg postgresurl postgresqlurl psql cockroachdb",
        "mysql": "mariadb mysql2 mysqlurl",
        "mongodb": "mongo mongourl mongouri",
        "redis": "rediss redisurl redisuri valkey",
        "amqp": "amqps rabbitmq rabbit",
        "smtp": "mail mailer mailserver smtps smtpurl",
        "uuid": "guid uuid4 uuidv4 uuidv7",
        "path": "file dir directory folder filepath filename pathname pathlike",
        "regex": "regexp re regularexpression",
        "glob": "globpattern wildcard",
        "list": "array tuple set strings stringlist",
        "csv": "commaseparated",
        "json": "object dict map record struct jsonstring",
        "timestamp": "datetime isodate isodatetime iso8601 rfc3339",
        "duration": "interval timedelta period timespan ttl timeout ms seconds",
        "bytes-size": "bytes size filesize bytesize memory",
        "cron": "crontab cronexpression schedule",
        "timezone": "tz tzname zoneinfo iana",
        "locale": "language lang languagecode i18n",
        "country": "countrycode",
        "currency": "currencycode money",
        "color": "colour hexcolor",
        "hex": "hexadecimal hexstring",
        "base64": "b64 base64string",
        "base64url": "b64url urlsafebase64",
        "email": "mailaddress emailaddress",
        "phone": "tel telephone phonenumber mobile e164",
        "semver": "version semanticversion",
        "mime-type": "mime mimetype contenttype mediatype",
        "certificate": "cert x509 crt tlscertificate",
        "private-key": "privkey rsakey rsaprivatekey",
        "public-key": "pubkey",
        "ssh-key": "ssh sshpublickey",
        "jwt": "jsonwebtoken bearer",
        "aws-arn": "arn",
        "s3-uri": "s3 s3url bucketurl",
        "stripe-key": "stripe stripesecretkey stripeapikey",
        "sentry-dsn": "sentry",
        "supabase-key": "supabase",
        "openai-key": "openai openaiapikey",
        "anthropic-key": "anthropic",
        "github-token": "github githubpat",
        "slack-token": "slack",
        "google-api-key": "google googleapikey googlemapskey",
        "enum": "select picklist",
    }
)
"""Value types."""
SECRETS = _words(
    "secret password passwd pass apikey token key credential credentials sensitive secretstring "
    "secretstr accesskey accesstoken jwtsecret passphrase encrypted private"
)
"""Types of other tools that say only that nobody may see the value."""
CHOICES = _words(
    "enum choice choices oneof literal union allowed allowedvalues values valid options "
    "possiblevalues anyof in permitted"
)
"""What lists the values that are allowed, as a type or as a field."""
DATABASES = _words("databaseurl dburl connectionstring database db dsn connection jdbc")
"""Types of other tools for the connection to some database."""

WORDS: Mapping[str, Mapping[str, str]] = {
    "cipher": _table(
        {
            "aes-256-gcm": "aes aes256 aes256gcm gcm a256gcm aesgcm256 aesgcm",
            "aes-256-cbc": "aes256cbc cbc aescbc",
            "aes-128-gcm": "aes128 a128gcm",
            "hmac-sha256": "hs256 hmac sha256 hmacsha2",
            "hmac-sha384": "hs384",
            "hmac-sha512": "hs512 sha512",
            "chacha20-poly1305": "chacha chacha20 chachapoly",
            "xchacha20-poly1305": "xchacha xchacha20",
            "secretbox": "nacl libsodium xsalsa20poly1305 sodium",
            "rsa": "rs256 rs512 rsaoaep",
            "ec": "es256 ecdsa ecdh",
            "ed25519": "eddsa",
            "passphrase": "password openpgp gpg pbkdf2 scrypt",
        }
    ),
    "derive": _table(
        {
            "md5-hex": "md5 md5sum md5hash",
            "evp-md5": "evpbytestokey evp openssl cryptojs",
            "sha256": "sha sha2 sha256hash hash",
        }
    ),
    "dialect": _table(
        {
            "node": "nodejs js javascript npm typescript ts express nestjs dotenvjs",
            "next": "nextjs vercel",
            "python": "py pythondotenv django flask fastapi pydantic",
            "ruby": "rails rb",
            "compose": "dockercompose",
            "docker": "dockerrun envfile podman",
            "shell": "sh bash zsh posix export direnv source",
        }
    ),
    "encoding": _table(
        {
            "utf8": "text plain string raw ascii none utf",
            "hex": "hexadecimal base16",
            "base64": "b64 std",
            "base64url": "b64url urlsafe",
            "latin1": "binary iso88591",
            "pem": "pkcs8 pkcs1",
        }
    ),
    "parity": _table(
        {
            "same": "equal equals identical true",
            "different": "unique distinct differ",
            "shape": "type format",
        }
    ),
    "severity": _table(
        {
            "error": "critical fatal high err fail severe major",
            "warning": "warn medium minor",
            "info": "information notice low note hint",
        }
    ),
    "type": TYPES,
    "undeclared": _table(
        {
            "fail": "error deny forbid strict reject",
            "warn": "warning",
            "ignore": "allow off none skip",
        }
    ),
    **dict.fromkeys(
        ("extra-columns", "extra-grants", "extra-policies"),
        _table({"fail": "error deny forbid strict reject false", "allow": "ignore true skip"}),
    ),
    "documents": _table(
        {
            "env-example": "example env envfile dotenv envsample template sample",
            "environment-reference": "reference markdown md environment readme docs table",
            "setup-guide": "guide setup onboarding",
            "typescript": "ts dts types",
        }
    ),
    "values": _table({"process": "env environment os osenviron processenv environ system shell"}),
}
"""By the name of a field: words that it might be given, each with its own."""


def _by_word(words: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Each foreign word with the fields that it may mean; which of those depends on the entry."""
    found: dict[str, tuple[str, ...]] = {}
    for own, texts in words.items():
        for word in texts.split():
            found[word] = (*found.get(word, ()), own)
    return found


FIELDS = _by_word(
    {
        "assay": "version specversion apiversion assayversion",
        "variables": "vars var env envvars environmentvariables variable secrets properties "
        "settings "
        "config params",
        "environments": "envs stages targets profiles environment stage",
        "imports": "import includes include extends extend uses use inherit inherits from require",
        "project": "name app application title service",
        "documents": "docs document outputs generate",
        "databases": "database db dbs datasource datasources",
        "tables": "table",
        "rules": "rule constraints assertions checks invariants validations",
        "waivers": "waiver ignore exceptions allowlist suppressions exemptions",
        "credentials": "credential",
        "keys": "encryption crypto",
        "plugins": "plugin",
        "description": "desc doc docs help comment summary note notes about title label info "
        "documentation",
        "minimum": "min ge gte minvalue least lower",
        "maximum": "max le lte maxvalue most upper",
        "bytes": "length size len exactlength keylength",
        "min-length": "min minimum minlength minlen minimumlength ge length size len exactlength",
        "max-length": "max maximum maxlength maxlen maximumlength le",
        "pattern": "regex regexp match matches re format validate",
        "secret": "sensitive private confidential hidden redact redacted masked mask issecret "
        "noecho "
        "password",
        "example": "examples sample placeholder eg",
        "default": "fallback value defaultvalue devdefault initial orelse const",
        "allow-empty": "empty allowblank blank emptyok allowemptystring",
        "required": "mandatory require isrequired must needed requiredif requiredwhen requiredfor "
        "requiredin",
        "assert": "then ensure assertion check condition expression expr test must that cel",
        "when": "if onlyif condition onlywhen",
        "schemes": "scheme protocols protocol allowedschemes allowedprotocols",
        "truthy": "truevalues true on",
        "falsy": "falsevalues false off",
        "separator": "delimiter sep split delim",
        "of": "items item element elements itemtype",
        "only-in": "environments envs env onlyfor stages environment in",
        "rotate-every": "rotate rotation rotateafter maxage expiresafter lifetime rotationdays",
        "deprecated": "replacedby deprecatedby supersededby renamedto",
        "obtain": "url link howto source getfrom where href obtainfrom wheretoget",
        "group": "section category heading",
        "findings": "expect expected expectations expects results errors problems issues",
        "values": "sources source given input inputs env vars variables files file dotenv envfile "
        "envfiles from layers path load process",
        "live": "production prod isproduction islive",
        "path": "file filename filepath name location src",
        "dialect": "loader parser flavor flavour format syntax",
        "optional": "required ignoremissing allowmissing missingok",
        "cipher": "algorithm alg algo kind type method",
        "variable": "env name envvar key from source",
        "encoding": "format enc encode encodedas",
        "message": "error msg errormessage text reason",
        "remedy": "fix hint help solution",
        "expires": "until expiry expiration expiresat expireson validuntil end due",
        "reason": "why comment justification because note description",
        "rule": "code id check finding ruleid",
        "subject": "variable name target for",
        "severity": "level priority loglevel",
        "indexes": "index",
        "unique": "uniques uniqueconstraint uniqueconstraints isunique",
        "checks": "constraints constraint check",
        "policies": "policy rlspolicies",
        "grants": "grant permissions privileges rights",
        "columns": "fields cols column",
        "identity": "id ids identifier identifiedby rowid",
        "envelope": "format encryption layout encoding",
        "command": "for operation action cmd event on",
        "roles": "to role",
        "ciphertext": "cipher sealed encrypted encryptedtext data value",
        "plaintext": "plain cleartext decrypted opens expected expect",
        "options": "enum choices oneof allowed",
        "within": "timeout connecttimeout deadline maxwait",
        "extensions": "extension",
        "hosts": "host allowedhosts allowlist",
        "environment": "env environments stage target for",
        "owner": "team who by approvedby",
        "row-level-security": "rls rowsecurity",
        "primary-key": "primary pk isprimary",
        "nullable": "null optional allownull isnullable",
        "references": "foreignkey fk ref refs reference",
        "between": "environments envs compare",
        "sql": "postgres postgresql mysql mariadb mssql oracle dsn connection sqlalchemy",
        "sqlite": "sqlite3 file",
        "url": "variable env dsn connection connectionstring uri",
    }
)
"""Fields."""
OWN_FIELDS = frozenset({"options", "type"}.union(*FIELDS.values()))
"""Fields of a spec, as far as the words above stand for them."""
HINTS = {
    word: step
    for words, step in (
        ("additionalproperties unevaluatedproperties", "Write `undeclared: fail`."),
        (
            "services",
            "Declare each variable under `variables`; name the file in an environment's `values`.",
        ),
        (
            "valuefrom secretkeyref configmapkeyref envfrom vault ssm secretref",
            "Remove it: where values come from stands in the `values` of an environment.",
        ),
        (
            "validation validator transform refine",
            "Check one variable by its `type` or `pattern`, and several by an entry of `rules`.",
        ),
        (
            "alias aliases validationalias aka oldname formerly",
            "Declare each name under `variables`; `deprecated: NEW_NAME` marks a former one.",
        ),
        (
            "extends inherits inherit extend base",
            "Write the fields again, or share them by a YAML anchor: `<<: *name`.",
        ),
        (
            "on jobs steps permissions runson stages script",
            "Remove it: a spec has no jobs; run `assay check` in a step of the workflow.",
        ),
    )
    for word in words.split()
}
"""What has no field in a spec, and what to do instead."""
NEGATED = {
    "optional": "required",
    "nullable": "required",
    "public": "secret",
    "notnull": "nullable",
    "notempty": "allow-empty",
    "nonempty": "allow-empty",
    "noempty": "allow-empty",
}
"""Fields of other tools that mean the opposite of the field of a spec."""
TAKEN_BY = {
    "options": "enum",
    "minimum": "integer",
    "maximum": "integer",
    "bytes": "hex",
    "schemes": "url",
    "separator": "list",
    "of": "list",
    "truthy": "boolean",
    "falsy": "boolean",
    "role": "supabase-key",
    "versions": "ip",
    "schema": "json",
}
"""The usual type of a variable that has the field, if it says none."""
DATABASE_KINDS = "`type: postgres`, `mysql`, `mongodb` or `redis`"


def candidates(name: str, known: Collection[str]) -> list[str]:
    """The fields that a name of other tools may stand for, the likeliest first."""
    return [own for own in FIELDS.get(folded(name), ()) if own in known]


def word_for(field: str, value: object, words: Collection[Any]) -> str | None:
    """The word that a field has for one of other tools."""
    own = WORDS.get(field, {}).get(folded(value))
    return own if own in words else None


def versioned(field: str) -> bool:
    """Whether a field says the version of the language, or means to."""
    return bool(candidates(field, ("assay",))) or field == "assay"
