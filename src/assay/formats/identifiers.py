"""Identifiers and version numbers: UUID, ULID, semantic versions."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from assay.formats.base import Format, Permission
from assay.formats.ranges import Ranged, out_of_range
from assay.model import Rule, Severity, Violation

UUID_MALFORMED = Rule(
    code="uuid-malformed",
    message="{name} is not a UUID: expected 8-4-4-4-12 hex digits joined by hyphens",
    remedy="Copy the full value of {name} again, without braces or a prefix.",
    why="Databases reject the value in uuid columns, and services can't find the object.",
    bad="TENANT_ID=123e4567e89b12d3a456426614174000",
    good="TENANT_ID=123e4567-e89b-12d3-a456-426614174000",
)
UUID_VERSION = Rule(
    code="uuid-version",
    message="{name} is a UUID of the wrong version: expected version {versions}",
    remedy="Set {name} to a UUID of version {versions}.",
    why="Versions have different guarantees: version 1, for example, reveals the time and the "
    "machine.",
)
UUID_NIL = Rule(
    code="uuid-nil",
    severity=Severity.WARNING,
    message="{name} is the nil UUID, which identifies nothing",
    remedy="Set {name} to the UUID of the real object.",
    why="The nil UUID means 'none' (RFC 9562, section 5.9), so no object with that ID exists.",
    bad="TENANT_ID=00000000-0000-0000-0000-000000000000",
)
ULID_MALFORMED = Rule(
    code="ulid-malformed",
    message="{name} is not a ULID: expected 26 characters of Crockford's base32, the first of them "
    "0 to 7",
    remedy="Copy the full value of {name} again; a ULID has no I, L, O or U.",
    why="Libraries reject the value or read a different identifier from it.",
)
SEMVER_MALFORMED = Rule(
    code="semver-malformed",
    message="{name} is not a semantic version: expected MAJOR.MINOR.PATCH without leading zeros",
    remedy="Set {name} to a version such as 1.4.0 or 1.4.0-rc.1.",
    why="Comparing versions fails, so feature gates and migrations take the wrong branch.",
    bad="MIN_CLIENT_VERSION=1.4",
    good="MIN_CLIENT_VERSION=1.4.0",
)
SEMVER_PREFIX = Rule(
    code="semver-prefix",
    message="{name} begins with a v: expected only the version",
    remedy="Remove the v from {name}.",
    why="v1.2.3 is the name of a tag, not a semantic version, so parsers reject it.",
    bad="MIN_CLIENT_VERSION=v1.4.0",
    good="MIN_CLIENT_VERSION=1.4.0",
)
SEMVER_PRERELEASE = Rule(
    code="semver-prerelease",
    message="{name} is a pre-release: expected a released version",
    remedy="Set {name} to a released version, without a hyphen and suffix.",
    why="A pre-release can be withdrawn or changed without notice.",
)
SEMVER_RANGE = out_of_range("semver", "version")

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_NUMBER = "(?:0|[1-9][0-9]{0,17})"
_WORD = rf"(?:{_NUMBER}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_SEMVER = re.compile(
    rf"({_NUMBER})\.({_NUMBER})\.({_NUMBER})(?:-({_WORD}(?:\.{_WORD})*))?"
    r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)

Precedence = tuple[int, int, int, bool, tuple[tuple[bool, int, str], ...]]


class Uuid(Format, frozen=True, kw_only=True, tag="uuid"):
    """A UUID (RFC 9562)."""

    title = "a UUID"
    value_pattern = "^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"
    looks_like = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-"
    arbitrary = True
    rules: ClassVar[tuple[Rule, ...]] = (UUID_MALFORMED, UUID_VERSION, UUID_NIL)

    versions: Annotated[
        tuple[Literal[1, 2, 3, 4, 5, 6, 7, 8], ...] | None,
        Meta(description="The versions allowed; any by default.", examples=[[4, 7]]),
    ] = None

    def violations(self, value: str) -> Iterator[Violation]:
        if not re.fullmatch(self.value_pattern.strip("^$"), value):
            yield UUID_MALFORMED.violated()
        elif value == str(uuid.UUID(int=0)):
            yield UUID_NIL.violated()
        elif self.versions is not None and uuid.UUID(value).version not in self.versions:
            yield UUID_VERSION.violated(versions=" or ".join(map(str, self.versions)))

    def example(self) -> str:
        return f"123e4567-e89b-{(self.versions or (4,))[0]}2d3-a456-426614174000"

    def generate(self) -> str | None:
        return str(uuid.uuid4()) if self.versions is None or 4 in self.versions else None

    def screen(self) -> tuple[object, ...]:
        """Of a known version and RFC 9562's variant, in lower case."""
        return ("uuid", "".join(map(str, self.versions or range(1, 9))))


class Ulid(Format, frozen=True, kw_only=True, tag="ulid"):
    """A ULID: 48 bits of time and 80 random ones (github.com/ulid/spec)."""

    title = "a ULID"
    screened: ClassVar[tuple[object, ...] | None] = ("match", f"[0-7][{CROCKFORD}]{{25}}")
    sample = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
    """The one of the specification."""
    value_pattern = "^[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}$"
    arbitrary = True
    rules: ClassVar[tuple[Rule, ...]] = (ULID_MALFORMED,)

    def violations(self, value: str) -> Iterator[Violation]:
        if not re.fullmatch(self.value_pattern.strip("^$"), value):
            yield ULID_MALFORMED.violated()

    def generate(self) -> str:
        import secrets

        number = (time.time_ns() // 1_000_000 << 80) | secrets.randbits(80)
        return "".join(CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))


class Semver(Ranged, frozen=True, kw_only=True, tag="semver"):
    """A semantic version (semver.org, 2.0.0)."""

    title = "a semantic version"
    standard = True
    sample = "1.4.0"
    screened: ClassVar[tuple[object, ...] | None] = (
        "match",
        r"(?:0|[1-9][0-9]{0,8})(?:\.(?:0|[1-9][0-9]{0,8})){2}",
    )
    limit = "a semantic version: expected a form such as 1.4.0"
    spans: ClassVar[tuple[str, str, str]] = (
        "{0} or higher",
        "{1} or lower",
        "{0} or higher and {1} or lower",
    )
    named_like = r"(?:^|_)VERSION$"
    begins_like = r"v?\d+\.\d+\.\d"
    rules: ClassVar[tuple[Rule, ...]] = (
        SEMVER_MALFORMED,
        SEMVER_PREFIX,
        SEMVER_PRERELEASE,
        SEMVER_RANGE,
    )

    minimum: Annotated[
        str | None, Meta(description="The lowest version allowed.", examples=["1.4.0"])
    ] = None
    maximum: Annotated[
        str | None, Meta(description="The highest version allowed.", examples=["2.0.0"])
    ] = None
    prefix: Annotated[
        Permission, Meta(description="Whether a v before the version, as in tags, is allowed.")
    ] = "forbidden"
    prerelease: Annotated[
        Permission, Meta(description="Whether pre-releases such as 1.4.0-rc.1 are allowed.")
    ] = "allowed"

    def measure(self, text: str) -> Precedence | None:
        return precedence(text)

    def violations(self, value: str) -> Iterator[Violation]:
        bare = value.removeprefix("v")
        if bare != value and self.prefix == "forbidden" and precedence(bare) is not None:
            yield SEMVER_PREFIX.violated()
        yield from super().violations(bare)

    def own_violations(self, value: str) -> Iterator[Violation]:
        if self.prerelease == "forbidden" and "-" in value.partition("+")[0]:
            yield SEMVER_PRERELEASE.violated()


def precedence(text: str) -> Precedence | None:
    """What versions are ordered by (semver.org, item 11); None if the text isn't a version."""
    found = _SEMVER.fullmatch(text)
    if found is None:
        return None
    words = found[4].split(".") if found[4] else []
    keys = tuple((False, int(w), "") if w.isdigit() else (True, 0, w) for w in words)
    return int(found[1]), int(found[2]), int(found[3]), not words, keys
