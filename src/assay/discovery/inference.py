"""The narrowest type that a variable's values satisfy; the formats themselves decide.

A candidate comes from the look of a value or from the variable's name, and holds only if its format
has nothing to say against any of the values.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from assay.discovery.secrecy import looks_secret
from assay.hygiene.damage import damage
from assay.hygiene.exposure import public_prefix
from assay.hygiene.sounds import sound, sounds_secret
from assay.hygiene.standins import stand_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assay.formats.base import Format

KEY_SIZES = (16, 24, 32, 48, 64)
"""Bytes that ciphers and signatures take; a size among these tells nothing of a secret."""
CLOSED = frozenset(("boolean", "enum", "integer", "number", "port"))
"""Types whose values are no secrets, and may stand in a spec."""

_OPEN = frozenset(("aws-arn", "certificate", "public-key", "sentry-dsn"))
"""Types whose values may be seen by anybody, whatever their names say."""


class Guess(NamedTuple):
    """What a variable is taken for."""

    type: str = "text"
    parameters: dict[str, Any] = {}  # noqa: RUF012 - nobody changes it
    secret: bool = False
    """Whether its values are secret, whatever the spec need say for that."""
    stated: bool | None = None
    """What the spec has to say of that; None where the type says it already."""

    @property
    def fields(self) -> dict[str, Any]:
        """The fields of its declaration."""
        fields: dict[str, Any] = {} if self.type == "text" else {"type": self.type}
        fields.update(self.parameters)
        if self.stated is not None:
            fields["secret"] = self.stated
        return fields

    @property
    def format(self) -> Format:
        """The value type, made."""
        return made(self.type, self.parameters)


def guess(name: str, values: Sequence[str], *, hint: str = "") -> Guess:
    """The type of a variable by its name and its values in all environments, none of them empty.

    Values that are damaged or stand in for others are judged as what they were meant to be, or not
    at all: a spec must not become lax for the sake of a mistake that it is there to find.
    """
    meant = [value for value in map(intended, values) if value]
    secret = sounds_secret(name) or any(map(looks_secret, meant))
    for type_, parameters in _candidates(name, meant, secret=secret, hint=hint):
        form = made(type_, parameters)
        if any(form.problems()) or not _satisfied(type_, form, meant):
            continue
        return _with_secrecy(name, type_, parameters, form, secret=secret)
    return _with_secrecy(name, "text", {}, made("text", {}), secret=secret)


def _satisfied(type_: str, form: Format, values: Sequence[str]) -> bool:
    """Whether the values are of a type; a port by its name is one though it be out of range."""
    if type_ == "port":
        return all(value.isdecimal() and value.strip("0") for value in values)
    return not any(any(form.violations(value)) for value in values)


def made(type_: str, parameters: dict[str, Any]) -> Format:
    """A format with parameters."""
    from assay.formats import format_class

    return msgspec.convert({"type": type_, **parameters}, format_class(type_))


def intended(value: str) -> str:
    """The value that was meant: without damage from the way, empty where it only stands in."""
    if any(stand_in(value, secret=True)):
        return ""
    if "-----BEGIN" in value or not any(damage(value, keeps_space=False)):
        return value
    bare = value.strip()
    if len(bare) > 1 and bare[0] == bare[-1] and bare[0] in "\"'`":
        bare = bare[1:-1].strip()
    bare = bare.removesuffix("  -")
    return "" if any(stand_in(bare, secret=True)) else bare


def _with_secrecy(
    name: str,
    type_: str,
    parameters: dict[str, Any],
    form: Format,
    *,
    secret: bool,
) -> Guess:
    if type_ in CLOSED:
        return Guess(type_, parameters, sound(name) in form.left_to_names)
    if public_prefix(name):
        # whoever gave it that name means it for browsers; a key that is not is found by its mark
        return Guess(type_, parameters, form.sensitive, False if form.sensitive else None)
    secret = form.sensitive or (secret and type_ not in _OPEN)
    return Guess(type_, parameters, secret, True if secret and not form.sensitive else None)


def _candidates(
    name: str, values: Sequence[str], *, secret: bool, hint: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    upper = name.upper()
    if not values:
        yield from _by_name_alone(upper, hint)
        return
    yield from _by_look(values[0])
    if re.search(r"(?:^|_)PORT$", upper):
        yield "port", {}
    if secret:
        yield from _key_material(values)
        return
    yield from _words(upper, values)
    yield from _by_name(upper, values)
    yield from _by_form(values, hint)


def _by_name_alone(name: str, hint: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if re.search(r"(?:^|_)PORT$", name):
        yield "port", {}
    if hint:
        yield hint, {}


_LOOKS: tuple[tuple[str, str], ...] = (
    (r"(?:sk|pk|rk)_(?:live|test)_", "stripe-key"),
    (r"whsec_", "stripe-webhook-secret"),
    (r"gh[pousr]_|github_pat_", "github-token"),
    (r"glpat-", "gitlab-token"),
    (r"xox[a-z]-|xapp-", "slack-token"),
    (r"https://hooks\.slack\.com/", "slack-webhook"),
    (r"SG\.", "sendgrid-key"),
    (r"sk-ant-", "anthropic-key"),
    (r"sk-", "openai-key"),
    (r"AIza", "google-api-key"),
    (r"npm_", "npm-token"),
    (r"re_", "resend-key"),
    (r"AKIA|ASIA", "aws-access-key-id"),
    (r"arn:aws", "aws-arn"),
    (r"s3://", "s3-uri"),
    (r"(?:AC|SK)[0-9a-f]{32}$", "twilio-sid"),
    (r"https?://[0-9a-f]{16,}@", "sentry-dsn"),
    (r"sb_(?:publishable|secret)_", "supabase-key"),
    (r"eyJ", "jwt"),
    (r"postgres(?:ql)?(?:\+\w+)?://", "postgres"),
    (r"(?:mysql|mariadb)(?:\+\w+)?://", "mysql"),
    (r"rediss?://", "redis"),
    (r"mongodb(?:\+srv)?://", "mongodb"),
    (r"amqps?://", "amqp"),
    (r"smtps?://", "smtp"),
    (r"-----BEGIN CERTIFICATE", "certificate"),
    (r"-----BEGIN (?:\w+ )*PRIVATE KEY", "private-key"),
    (r"-----BEGIN (?:\w+ )*PUBLIC KEY", "public-key"),
    (r"-----BEGIN ", "pem"),
    (r"ssh-(?:rsa|ed25519) ", "ssh-key"),
    (r"\$(?:2[abxy]|argon2\w*|scrypt)\$", "password-hash"),
    (r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-", "uuid"),
    (r"\s*[{\[]", "json"),
    (r"git@|.*\.git$", "git-url"),
)
_SCHEMES = frozenset(
    (
        *(
            "file",
            "ftp",
            "ftps",
            "grpc",
            "grpcs",
            "imap",
            "imaps",
            "kafka",
            "ldap",
            "ldaps",
            "mqtt",
        ),
        *("mqtts", "nats", "sftp", "sqlite", "ssh", "tcp", "udp", "unix", "ws", "wss"),
    )
)


def _by_look(value: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Types whose values nothing else looks like."""
    for pattern, type_ in _LOOKS:
        if re.match(pattern, value):
            yield type_, {}
    scheme = value.partition("://")[0]
    if scheme in ("http", "https"):
        yield "url", {}
    elif scheme in _SCHEMES:  # a part of the value: no other may stand in a spec
        yield "url", {"schemes": [scheme]}


def _key_material(values: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """How bytes are written, where they are as many as keys have."""
    sizes = {len(value) for value in values}
    for size in KEY_SIZES:
        if sizes == {2 * size}:
            yield "hex", {"bytes": size}
    for type_ in ("base64", "base64url"):
        for size in KEY_SIZES:
            yield type_, {"bytes": size}


_MODES = (
    "development",
    "test",
    "staging",
    "preview",
    "sandbox",
    "production",
    "live",
    "local",
    "ci",
)
_LEVELS = (
    ("trace", "debug", "info", "warn", "error", "fatal"),
    ("debug", "info", "warning", "error", "critical"),
    ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"),
    ("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"),
    ("error", "warn", "info", "http", "verbose", "debug", "silly"),
)


def _words(name: str, values: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Short lists of words that everybody knows, and truth values."""
    seen = set(values)
    if name == "NODE_ENV":
        yield "enum", {"options": ["development", "production", "test"]}
    if name.endswith(("LOG_LEVEL", "LOGLEVEL", "LOGGING_LEVEL")):
        for levels in _LEVELS:
            yield "enum", {"options": list(levels)}
    if (
        re.search(r"(?:^|_)(?:ENV|ENVIRONMENT|STAGE|MODE)$", name)
        and len(seen) > 1
        and (seen <= set(_MODES))
    ):
        yield "enum", {"options": [word for word in _MODES if word in seen]}
    lower = {value.lower() for value in seen}
    flag = re.search(
        r"(?:^|_)(?:ENABLED?|DISABLED?|DEBUG|USE|IS|HAS|ALLOW|SKIP|VERBOSE|FLAG|SECURE|SSL|TLS|DRY_RUN)"
        r"(?:_|$)",
        name,
    )
    if lower <= {"true", "false"} or (flag and lower <= {"0", "1"}):
        yield "boolean", {}
    if lower & {"true", "false"} or (flag and lower & {"yes", "no", "on", "off"}):
        yield "boolean", {}


_NAMED: tuple[tuple[str, str, str], ...] = (
    (r"(?:^|_)(?:TZ|TIMEZONE|TIME_ZONE)$", "", "timezone"),
    (r"AWS_(?:DEFAULT_)?REGION$|(?:^|_)S3_REGION$", "", "aws-region"),
    (r"(?:^|_)(?:LOCALE|LANGUAGE|LANGUAGE_CODE)$", "", "locale"),
    (r"(?:^|_)CURRENCY$", "", "currency"),
    (r"(?:^|_)COUNTRY(?:_CODE)?$", "", "country"),
    (r"(?:^|_)(?:PHONE|PHONE_NUMBER|MSISDN)$", r"\+", "phone"),
    (r"(?:^|_)COLOU?R$", "#", "color"),
    (r"(?:^|_)(?:CRON|SCHEDULE)(?:_|$)", r".* ", "cron"),
    (r"(?:^|_)VERSION$", r"v?\d+\.\d+\.\d", "semver"),
    (r"(?:^|_)(?:DATE|DAY|SINCE|UNTIL)$", r"\d{4}-", "date"),
    (r"(?:^|_)(?:AT|TIMESTAMP|SINCE|UNTIL)$", r"\d{4}-", "timestamp"),
    (r"(?:^|_)(?:CIDRS?|SUBNET|NETWORK)$", r".*/", "cidr"),
    (
        r"(?:^|_)(?:HOST|HOSTNAME|DOMAIN|SERVER|IP|ADDR|ADDRESS|BIND|LISTEN)$",
        r"[\d.]+$|.*:.*:",
        "ip",
    ),
    (r"(?:^|_)(?:HOST|SERVER|ADDR|ADDRESS|BIND|LISTEN|ENDPOINT|BROKER)$", r".*:\d+$", "address"),
    (r"(?:^|_)(?:HOST|HOSTNAME|DOMAIN|SERVER)$", "", "hostname"),
    (r"(?:^|_)(?:SIZE|LIMIT|MEMORY|QUOTA)$", r"\d+(?:\.\d+)?\s*[kKMGT]", "bytes-size"),
    (
        r"(?:^|_)(?:TIMEOUT|TTL|INTERVAL|EXPIRY|EXPIRES|EXPIRES_IN|EXPIRATION|MAX_AGE|DELAY|PERIOD)$",
        r"(?:\d+[a-z]+)+$|P",
        "duration",
    ),
    (r"(?:^|_)(?:PATH|DIR|DIRECTORY|FOLDER|FILE|ROOT)$", r"[./~]", "path"),
)
"""What a name must look like, how its values must begin, and the type that is then tried."""


def _by_name(name: str, values: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for pattern, start, type_ in _NAMED:
        if re.search(pattern, name) and all(re.match(start, value) for value in values):
            yield type_, {}


def _by_form(values: Sequence[str], hint: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Types that a value's form tells, once the name has had its say."""
    if all("@" in value for value in values):
        yield "email", {}
    if hint in ("boolean", "integer", "number"):
        yield hint, {}
    if all(re.fullmatch(r"-?\d{1,15}", value) for value in values) and not any(
        re.match(r"-?0\d", value)
        for value in values  # a code or a telephone number
    ):
        yield "integer", {}
    if all(re.fullmatch(r"-?\d{1,15}\.\d{1,10}", value) for value in values):
        yield "number", {}
    if any("," in value for value in values):
        for item in ("url", "email", "hostname"):
            if all("." in part or "://" in part for value in values for part in value.split(",")):
                yield "list", {"of": item}
