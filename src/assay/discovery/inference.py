"""The narrowest type that a variable's values satisfy; the formats themselves decide.

A candidate comes from the look of a value or from the variable's name, and holds only if its format
has nothing to say against any of the values.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from assay.discovery.secrecy import looks_secret
from assay.formats import FORMATS
from assay.hygiene.damage import damage
from assay.hygiene.lists import public_prefix
from assay.hygiene.sounds import sound, sounds_secret
from assay.hygiene.standins import stand_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assay.formats.base import Format

KEY_SIZES = (16, 24, 32, 48, 64)
"""Bytes that ciphers and signatures take; a size among these shows nothing of a secret."""


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


def _with_secrecy(
    name: str,
    type_: str,
    parameters: dict[str, Any],
    form: Format,
    *,
    secret: bool,
) -> Guess:
    if form.never_secret:
        return Guess(type_, parameters, sound(name) in form.left_to_names)
    if public_prefix(name):
        # whoever gave it that name means it for browsers; a key that is not is found by its mark
        return Guess(type_, parameters, form.sensitive, False if form.sensitive else None)
    secret = form.sensitive or (secret and not form.public)
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
    found: list[tuple[int, str]] = []
    for type_ in FORMATS:
        looks = FORMATS[type_].looks_like
        if looks and (match := re.match(looks, value)):
            found.append((-match.end(), type_))
    yield from ((type_, {}) for _, type_ in sorted(found))
    scheme = value.partition("://")[0]
    if scheme in ("http", "https"):
        yield "url", {}
    elif scheme in _SCHEMES:  # a part of the value: no other may stand in a spec
        yield "url", {"schemes": [scheme]}


def _key_material(values: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """How bytes are written, if they are as many as keys have."""
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
    """Short lists of words that everybody knows, and booleans."""
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


def _by_name(name: str, values: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    found: list[tuple[int, str]] = []
    for type_ in FORMATS:
        pattern, start = FORMATS[type_].named_like, FORMATS[type_].begins_like
        if pattern and re.search(pattern, name):
            matches = [re.match(start, value) for value in values]
            sizes = [match.end() for match in matches if match]
            if len(sizes) == len(matches):
                found.append((-max(sizes), type_))
    yield from ((type_, {}) for _, type_ in sorted(found))


def _by_form(values: Sequence[str], hint: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Types that a value's form shows, once the name has had its say."""
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
