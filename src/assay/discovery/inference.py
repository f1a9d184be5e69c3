"""The narrowest type that a variable's values satisfy; the formats themselves decide.

A candidate comes from the look of a value or from the variable's name, and holds only if its format
has nothing to say against any of the values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from assay.formats import FORMATS
from assay.hygiene.damage import damage
from assay.hygiene.exposure import marked_secret
from assay.hygiene.lists import public_prefix
from assay.hygiene.sounds import sound, sounds_secret
from assay.hygiene.standins import stand_in
from assay.hygiene.strength import entropy_bits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assay.formats.base import Format

KEY_SIZES = (16, 24, 32, 48, 64)
"""Bytes that ciphers and signatures take; a size among these shows nothing of a secret."""
LEAST_SIZE = 20
LEAST_BITS = 3.2
"""Bits for each character, above which a text without spaces is hardly made of words."""
_BASE32 = re.compile(r"(?=[A-Z]*[2-7])[A-Z2-7]{16,}=*|(?:[A-Z2-7]{4} ){3,}[A-Z2-7]{2,4}")
"""What authenticator apps take (RFC 4648, section 6), in groups of four or not."""
_RECOVERY = re.compile(r"[a-z]{3,8}(?: [a-z]{3,8}){11,23}")
"""The words of a wallet (BIP 39)."""


class Guess(NamedTuple):
    """What a variable is taken for."""

    type: str = "text"
    parameters: dict[str, Any] = {}  # noqa: RUF012 - nobody changes it
    secret: bool = False
    """Whether its values are secret, whatever the spec need say for that."""
    stated: bool | None = None
    """What the spec has to say of that; None if the type says it already."""

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
    """The type of a variable by its name, its values in all environments, and what code reads.

    Values that are damaged or stand in for others are judged as what they were meant to be, or not
    at all: a spec must not become lax for the sake of a mistake that it is there to find. Nor must
    it become strict because of the one value that a laptop has: a type that only that value shows
    needs a name that says the same, or a second value.

    Args:
        name: the variable's name.
        values: its values, none of them empty.
        hint: the type that code reads it as; "lenient" if it takes the digits that come first.

    """
    meant = [value for value in map(intended, values) if value]
    secret = sounds_secret(name) or any(map(looks_secret, meant))
    if hint == "lenient" and meant and not any(value[0].isdigit() for value in meant):
        hint = "number"
    if hint == "url" and any("://" in value for value in meant):
        hint = ""  # its scheme may be any
    for type_, parameters in _candidates(name.upper(), meant, secret=secret, hint=hint):
        form = made(type_, parameters)
        if any(form.problems()) or _hasty(type_, parameters, name.upper(), meant, hint):
            continue
        if type_ in (hint, _named(name.upper())) or _satisfied(type_, form, meant):
            return _with_secrecy(name, type_, parameters, form, secret=secret)
    return _with_secrecy(name, "text", {}, made("text", {}), secret=secret)


_NUMBERED = re.compile(
    r"(?:^|_)(?:AGE|AMOUNT|ATTEMPTS?|BATCH|BITS|BUDGET|BYTES|CAPACITY|CONCURRENCY|CONNECTIONS|COUNT|DAYS"
    r"|DB|DELAY|DEPTH|EXPIRATION|EXPIRES(?:_IN)?|EXPIRY|HEIGHT|HOURS|INSTANCES|INTERVAL|ITERATIONS|KB"
    r"|LENGTH|LIFETIME|LIMIT|MAX|MB|MILLIS|MIN|MINUTES|MS|NUM|PERCENT|PERIOD|POOL|PRIORITY|QUANTITY"
    r"|QUOTA|RATE|RATIO|REPLICAS|RETRIES|ROUNDS|SCALE|SEC|SECONDS|SECS|SIZE|TEMPERATURE|THREADS"
    r"|THRESHOLD|TIMEOUT|TOTAL|TTL|WEIGHT|WIDTH|WORKERS)(?:_|$)"
)
"""Names of what is counted or measured; any other may be a number today and a word tomorrow."""
_CIPHERING = re.compile(
    r"(?:^|_)(?:AES|CIPHER|CRYPTO|DEK|ENCRYPT|ENCRYPTION|FERNET|KEK|KMS)(?:_|$)"
)
"""Names of keys whose bytes are counted; any other secret may be any text."""
_MAIL = re.compile(r"MAIL|(?:^|_)(?:CONTACT|FROM|RECIPIENT|REPLY_TO|SENDER|SUPPORT|TO)(?:_|$)")


def _hasty(
    type_: str, parameters: dict[str, Any], name: str, values: Sequence[str], hint: str
) -> bool:
    """Whether only the one value that was seen is of a type, and the next need not be."""
    if not values or hint == type_:
        return False
    if type_ == "url":  # some take a pattern, or several; a database is a file on laptops
        files = not {"file", "sqlite"}.isdisjoint(parameters.get("schemes", ()))
        return files or bool(re.search(r"(?:S|ORIGIN)$", name))
    if type_ == "email" and parameters == {}:
        return not _MAIL.search(name)
    if type_ == "boolean":
        return name.endswith(("ORIGIN", "ORIGINS", "TRUST_PROXY"))
    if len(set(values)) > 1:
        return False
    if type_ in ("integer", "number"):
        return not _NUMBERED.search(name) and hint != "lenient"
    if type_ in ("hex", "base64", "base64url"):
        return not _CIPHERING.search(name)
    if type_ == "ip":
        return not name.endswith("IP")
    return type_ == "address" and name.endswith(("HOST", "SERVER", "ENDPOINT"))


def _satisfied(type_: str, form: Format, values: Sequence[str]) -> bool:
    """Whether the values are of a type; a port by its name is one though it be out of range."""
    if type_ == "port":
        return all(value.isdecimal() and value.strip("0") for value in values)
    return not any(any(form.violations(value)) for value in values)


def made(type_: str, parameters: dict[str, Any]) -> Format:
    """A format with parameters."""
    return FORMATS.parse({"type": type_, **parameters})


def intended(value: str) -> str:
    """The value that was meant: without damage from the way, empty if it only stands in."""
    if any(stand_in(value, secret=True)):
        return ""
    if "-----BEGIN" in value or not any(damage(value, keeps_space=False)):
        return value
    bare = value.strip()
    if len(bare) > 1 and bare[0] == bare[-1] and bare[0] in "\"'`":
        bare = bare[1:-1].strip()
    bare = bare.removesuffix("  -")
    return "" if any(stand_in(bare, secret=True)) else bare


def looks_secret(value: str) -> bool:
    """Whether a value is secret by its own mark, or as random as a key is."""
    if marked_secret(value) or _BASE32.fullmatch(value) or _RECOVERY.fullmatch(value):
        return True
    if len(value) < LEAST_SIZE or any(map(str.isspace, value)) or "://" in value:
        return False
    classes = sum(any(map(kind, value)) for kind in (str.islower, str.isupper, str.isdigit))
    longest = max(map(len, re.split(r"[^A-Za-z0-9]+", value)))
    return classes > 1 and longest >= 16 and entropy_bits(value) / len(value) > LEAST_BITS


def _with_secrecy(
    name: str, type_: str, parameters: dict[str, Any], form: Format, *, secret: bool
) -> Guess:
    if form.never_secret:
        return Guess(type_, parameters, sound(name) in form.left_to_names)
    if public_prefix(name):
        # whoever gave it that name means it for browsers; a key that is not is found by its mark
        return Guess(type_, parameters, form.sensitive, False if form.sensitive else None)
    secret = form.sensitive or (secret and not form.public)
    return Guess(type_, parameters, secret, True if secret and not form.sensitive else None)


Candidates = Iterator[tuple[str, dict[str, Any]]]
"""Types with their parameters, the likeliest first."""


def _candidates(name: str, values: Sequence[str], *, secret: bool, hint: str) -> Candidates:
    if named := _named(name):
        yield named, {}
    if hint in ("boolean", "duration", "integer", "number", "url") and not _port(name):
        yield hint, {}
    if values:
        yield from _by_look(values)
    if _port(name):
        yield "port", {}
    if not values:
        yield from ((type_, {}) for type_, like in _SERVERS.items() if like.search(name))
    elif secret:
        yield from _key_material(values)
    else:
        yield from _words(name, values)
        yield from _several(name, values)
        yield from _by_name(name, values)
        yield from _by_form(name, values, hint)


def _port(name: str) -> bool:
    return bool(re.search(r"(?:^|_)PORT$", name))


def _named(name: str) -> str:
    """The type that nothing else is called like; any other value is a mistake."""
    return "sentry-dsn" if name.endswith("SENTRY_DSN") else ""


def _server(words: str) -> re.Pattern[str]:
    return re.compile(
        rf"^(?!.*(?:^|_)(?:REST|HTTP|API|WEB|ADMIN|CONSOLE|PROXY)_)(?:.*_)?(?:{words})(?:_.*)?_UR[IL]"
        r"(?:_(?:NO_SSL|NON_POOLING|UNPOOLED|POOLED|DIRECT))?$"
    )


_SERVERS = {
    "postgres": _server("PG|POSTGRES|POSTGRESQL"),
    "mysql": _server("MYSQL|MARIADB"),
    "mongodb": _server("MONGO|MONGODB"),
    "redis": _server("REDIS|VALKEY"),
    "amqp": _server("AMQP|RABBITMQ"),
}
"""Types of addresses, to the names that say which server answers there."""


_SCHEMES = frozenset(
    (
        *("file", "ftp", "ftps", "grpc", "grpcs", "imap", "imaps", "kafka", "ldap", "ldaps"),
        *("mqtt", "mqtts", "nats", "sftp", "sqlite", "ssh", "tcp", "udp", "unix", "ws", "wss"),
    )
)


_SAFE = {"ftp": "ftps", "grpc": "grpcs", "imap": "imaps", "ldap": "ldaps", "mqtt": "mqtts"}
_SAFE |= {"ws": "wss"}
"""Schemes to the ones that encrypt: a laptop may use the first, production the second."""


def _by_look(values: Sequence[str]) -> Candidates:
    """Types whose values nothing else looks like."""
    value = values[0]
    if all(value.startswith("pk_") for value in values):
        yield "stripe-key", {"kinds": ["publishable"]}
    looks = {type_: FORMATS[type_].looks_like for type_ in FORMATS}
    yield from _longest({type_: look for type_, look in looks.items() if look}, [value])
    schemes = {value.partition("://")[0] for value in values if "://" in value}
    if schemes and schemes <= {"http", "https"}:
        yield "url", {}
    elif schemes and schemes <= _SCHEMES:  # a part of the value: no other may stand in a spec
        schemes |= {_SAFE[scheme] for scheme in schemes if scheme in _SAFE}
        yield "url", {"schemes": sorted(schemes)}


def _key_material(values: Sequence[str]) -> Candidates:
    """How bytes are written, if they are as many as keys have."""
    sizes = {len(value) for value in values}
    for size in KEY_SIZES:
        if sizes == {2 * size}:
            yield "hex", {"bytes": size}
    for type_ in ("base64", "base64url"):
        for size in KEY_SIZES:
            yield type_, {"bytes": size}


_MODES = (
    *("development", "test", "staging", "preview", "sandbox", "production", "live", "local"),
    "ci",
)
_LEVELS = (
    *("trace", "silly", "verbose", "debug", "http", "info", "notice", "warn", "warning", "error"),
    *("critical", "crit", "fatal", "alert", "emergency", "silent", "off"),
)
"""What loggers call their levels; one value does not show which logger it is."""


def _words(name: str, values: Sequence[str]) -> Candidates:
    """Short lists of words that everybody knows, and booleans."""
    seen = set(values)
    if name == "NODE_ENV":
        yield "enum", {"options": ["development", "production", "test"]}
    if name.endswith(("LOG_LEVEL", "LOGLEVEL", "LOGGING_LEVEL")):
        yield "enum", {"options": list(_LEVELS)}
        yield "enum", {"options": list(map(str.upper, _LEVELS))}
    known = len(seen) > 1 and seen <= set(_MODES)
    if known and re.search(r"(?:^|_)(?:ENV|ENVIRONMENT|STAGE|MODE)$", name):
        yield "enum", {"options": [word for word in _MODES if word in seen]}
    lower = {value.lower() for value in seen}
    flag = re.search(
        r"(?:^|_)(?:ALLOW|ALLOWED|AUTO|CAN|DEBUG|DISABLED?|DRY_?RUN|ENABLED?|ENFORCE|FLAG|FORCE|HAS"
        r"|IGNORE|INSECURE|IS|KEEP|NO|PREFER|READ_?ONLY|REQUIRED?|SECURE|SHOULD|SKIP|SSL|STRICT|TLS"
        r"|TRUST|USE|VERBOSE|WITH)(?:_|$)",
        name,
    )
    if lower & {"true", "false"} or (
        flag and (lower <= {"0", "1"} or lower & {"yes", "no", "on", "off"})
    ):
        yield "boolean", {}


def _several(name: str, values: Sequence[str]) -> Candidates:
    """Lists, by a name in the plural; hosts and origins may be patterns."""
    plural = re.search(r"(?:^|_)(DOMAIN|EMAIL|HOST|IP|ORIGIN|URL)S$", name)
    if plural and not any(value.startswith(("[", "{")) for value in values):
        if all("," in value for value in values):
            yield "list", {"of": "url"}
        item = {"EMAIL": "email", "URL": "url"}.get(plural[1])
        yield "list", {"of": item} if item else {}


def _by_name(name: str, values: Sequence[str]) -> Candidates:
    named = (t for t in FORMATS if (like := FORMATS[t].named_like) and re.search(like, name))
    return _longest({type_: FORMATS[type_].begins_like for type_ in named}, values)


def _longest(starts: Mapping[str, str], values: Sequence[str]) -> Candidates:
    """Types with whose beginning all values begin, the longest first."""
    found: list[tuple[int, str]] = []
    for type_, start in starts.items():
        sizes = [match.end() for match in (re.match(start, value) for value in values) if match]
        if len(sizes) == len(values):
            found.append((-max(sizes), type_))
    yield from ((type_, {}) for _, type_ in sorted(found))


def _by_form(name: str, values: Sequence[str], hint: str) -> Candidates:
    """Types that a value's form shows, once the name has had its say."""
    if all("@" in value for value in values):
        if _MAIL.search(name) and re.search(r"(?:^|_)(?:FROM|REPLY_TO|SENDER)(?:_|$)", name):
            yield "email", {"display-name": "allowed"}
        yield "email", {}
    # a zero at the beginning is that of a code or a telephone number
    if all(re.fullmatch(r"-?(?!0\d)\d{1,15}", value) for value in values):
        yield ("number" if hint == "lenient" else "integer"), {}
    if all(re.fullmatch(r"-?\d{1,15}\.\d{1,10}", value) for value in values):
        yield "number", {}
    if any("," in value for value in values):
        for item in ("url", "email", "hostname"):
            if all("." in part or "://" in part for value in values for part in value.split(",")):
                yield "list", {"of": item}
