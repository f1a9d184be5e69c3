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
    """The type of a variable by its name and its values in all environments, none of them empty.

    Values that are damaged or stand in for others are judged as what they were meant to be, or not
    at all: a spec must not become lax for the sake of a mistake that it is there to find.
    """
    meant = [value for value in map(intended, values) if value]
    secret = sounds_secret(name) or any(map(looks_secret, meant))
    for type_, parameters in _candidates(name.upper(), meant, secret=secret, hint=hint):
        form = made(type_, parameters)
        if not any(form.problems()) and _satisfied(type_, form, meant):
            return _with_secrecy(name, type_, parameters, form, secret=secret)
    return _with_secrecy(name, "text", {}, made("text", {}), secret=secret)


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
    if values:
        yield from _by_look(values[0])
    if re.search(r"(?:^|_)PORT$", name):
        yield "port", {}
    if not values:
        if hint:
            yield hint, {}
    elif secret:
        yield from _key_material(values)
    else:
        yield from _words(name, values)
        yield from _by_name(name, values)
        yield from _by_form(values, hint)


_SCHEMES = frozenset(
    (
        *("file", "ftp", "ftps", "grpc", "grpcs", "imap", "imaps", "kafka", "ldap", "ldaps"),
        *("mqtt", "mqtts", "nats", "sftp", "sqlite", "ssh", "tcp", "udp", "unix", "ws", "wss"),
    )
)


def _by_look(value: str) -> Candidates:
    """Types whose values nothing else looks like."""
    looks = {type_: FORMATS[type_].looks_like for type_ in FORMATS}
    yield from _longest({type_: look for type_, look in looks.items() if look}, [value])
    scheme = value.partition("://")[0]
    if scheme in ("http", "https"):
        yield "url", {}
    elif scheme in _SCHEMES:  # a part of the value: no other may stand in a spec
        yield "url", {"schemes": [scheme]}


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
    ("trace", "debug", "info", "warn", "error", "fatal"),
    ("debug", "info", "warning", "error", "critical"),
    ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"),
    ("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"),
    ("error", "warn", "info", "http", "verbose", "debug", "silly"),
)


def _words(name: str, values: Sequence[str]) -> Candidates:
    """Short lists of words that everybody knows, and booleans."""
    seen = set(values)
    if name == "NODE_ENV":
        yield "enum", {"options": ["development", "production", "test"]}
    if name.endswith(("LOG_LEVEL", "LOGLEVEL", "LOGGING_LEVEL")):
        for levels in _LEVELS:
            yield "enum", {"options": list(levels)}
    known = len(seen) > 1 and seen <= set(_MODES)
    if known and re.search(r"(?:^|_)(?:ENV|ENVIRONMENT|STAGE|MODE)$", name):
        yield "enum", {"options": [word for word in _MODES if word in seen]}
    lower = {value.lower() for value in seen}
    flag = re.search(
        r"(?:^|_)(?:ENABLED?|DISABLED?|DEBUG|USE|IS|HAS|ALLOW|SKIP|VERBOSE|FLAG|SECURE|SSL|TLS|DRY_RUN)"
        r"(?:_|$)",
        name,
    )
    if lower & {"true", "false"} or (
        flag and (lower <= {"0", "1"} or lower & {"yes", "no", "on", "off"})
    ):
        yield "boolean", {}


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


def _by_form(values: Sequence[str], hint: str) -> Candidates:
    """Types that a value's form shows, once the name has had its say."""
    if all("@" in value for value in values):
        yield "email", {}
    if hint in ("boolean", "integer", "number"):
        yield hint, {}
    # a zero at the beginning is that of a code or a telephone number
    if all(re.fullmatch(r"-?(?!0\d)\d{1,15}", value) for value in values):
        yield "integer", {}
    if all(re.fullmatch(r"-?\d{1,15}\.\d{1,10}", value) for value in values):
        yield "number", {}
    if any("," in value for value in values):
        for item in ("url", "email", "hostname"):
            if all("." in part or "://" in part for value in values for part in value.split(",")):
                yield "list", {"of": item}
