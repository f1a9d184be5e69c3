"""Hashes of passwords in the forms that verifiers read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from assay.formats.base import Format
from assay.formats.tokens import has_shape
from assay.model import Rule, Severity, Violation

MALFORMED = Rule(
    code="password-hash-malformed",
    message="{name} is not a password hash: expected {expected}",
    remedy="Generate one with `htpasswd -nBC 12 USER` or the application's own command, and set "
    "{name} to it.",
    why="No password matches it, so nobody can log in.",
)
CUT = Rule(
    code="password-hash-truncated",
    message="{name} is only part of a password hash: the text after a dollar sign is missing",
    remedy="Store the full hash in {name} again, in single quotes so that no dollar sign is "
    "expanded.",
    why="Shells, Docker Compose and some loaders replace $NAME with a variable's value, usually "
    "with nothing, so no password matches.",
    bad="ADMIN_HASH=$2b$12 (from a shell that expanded the rest)",
    formerly=("password-hash-cut",),
)
ALGORITHM = Rule(
    code="password-hash-algorithm",
    message="{name} is a hash of the wrong algorithm: expected {algorithms}",
    remedy="Hash the password again with {algorithms}, and set {name} to the result.",
    why="The application can verify only the declared algorithms, so it rejects every password.",
)
WEAK = Rule(
    code="password-hash-weak",
    message="{name} is a bcrypt hash with too low a cost: expected at least {cost}",
    remedy="Hash the password again with a cost of {cost}, as in `htpasswd -nBC {cost} USER`.",
    why="Each step of cost doubles the work of guessing; below the minimum, a leaked hash is "
    "cracked quickly (OWASP Password Storage Cheat Sheet).",
    severity=Severity.WARNING,
)

_B64 = "[A-Za-z0-9+/.=]"
_SHAPES = {
    "argon2": r"[$]argon2(?:id|i|d)[$](?:v=[0-9]{1,3}[$])?m=[0-9]{1,10},t=[0-9]{1,10},p=[0-9]{1,5}"
    rf"[$]{_B64}{{8,128}}[$]{_B64}{{16,256}}",
    "bcrypt": r"[$]2[abxy]?[$](?:0[4-9]|[12][0-9]|3[01])[$][A-Za-z0-9./]{53}",
    "scrypt": rf"[$]scrypt[$]ln=[0-9]{{1,2}},r=[0-9]{{1,4}},p=[0-9]{{1,4}}[$]{_B64}{{8,128}}"
    rf"[$]{_B64}{{16,256}}",
    "pbkdf2": r"(?:[$]pbkdf2-sha(?:1|256|512)[$]|pbkdf2_sha(?:1|256|512)[$])(?:i=)?[0-9]{1,10}"
    rf"[$]{_B64}{{4,128}}[$]{_B64}{{16,256}}",
    "sha-crypt": r"[$][56][$](?:rounds=[0-9]{1,9}[$])?[A-Za-z0-9./]{1,16}[$][A-Za-z0-9./]{43,86}",
}
_STARTS = ("$argon2", "$2", "$scrypt", "$pbkdf2", "pbkdf2_", "$5", "$6")
Algorithm = Literal["argon2", "bcrypt", "scrypt", "pbkdf2", "sha-crypt"]


class PasswordHash(Format, frozen=True, kw_only=True, tag="password-hash"):
    """The hash of a password in the modular crypt format, the PHC form, or Django's."""

    title = "a password hash"
    secret_by_type = True
    """It can be guessed at offline."""
    looks_like = r"\$(?:2[abxy]|argon2\w*|scrypt)\$"
    rules: ClassVar[tuple[Rule, ...]] = (MALFORMED, CUT, ALGORITHM, WEAK)

    algorithms: Annotated[
        tuple[Algorithm, ...],
        Meta(description="The algorithms allowed.", examples=[["argon2"]], min_length=1),
    ] = ("argon2", "bcrypt", "scrypt", "pbkdf2")
    min_cost: Annotated[int, Meta(description="The lowest bcrypt cost allowed.", ge=4, le=31)] = 10

    def violations(self, value: str) -> Iterator[Violation]:
        found = next((name for name, shape in _SHAPES.items() if has_shape(shape, value)), None)
        if found is None:
            cut = value.startswith(_STARTS)
            yield (CUT if cut else MALFORMED).violated(expected=" or ".join(self.algorithms))
        elif found not in self.algorithms:
            yield ALGORITHM.violated(algorithms=" or ".join(self.algorithms))
        elif found == "bcrypt" and int(value.split("$")[2]) < self.min_cost:
            yield WEAK.violated(cost=self.min_cost)

    def example(self) -> str:
        salt, digest = "example/" * 2, "example/" * 4
        return {
            "argon2": f"$argon2id$v=19$m=65536,t=3,p=4${salt}${digest}",
            "bcrypt": f"$2b${max(12, self.min_cost)}${(digest + digest)[:53]}",
            "scrypt": f"$scrypt$ln=17,r=8,p=1${salt}${digest}",
            "pbkdf2": f"$pbkdf2-sha256$600000${salt}${digest}",
            "sha-crypt": f"$6$rounds=656000${salt}${(digest * 3)[:86]}",
        }[self.algorithms[0]]

    def screen(self) -> tuple[object, ...] | None:
        """The shapes of the good algorithms, but bcrypt's, whose cost matters."""
        shapes = [_SHAPES[name] for name in self.algorithms if name != "bcrypt"]
        return ("match", "|".join(f"(?:{shape})" for shape in shapes)) if shapes else None
