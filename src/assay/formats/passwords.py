"""Hashes of passwords in the forms that verifiers read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from msgspec import Meta

from assay.formats.base import Format
from assay.formats.tokens import has_shape
from assay.model import Category, Rule, Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

MALFORMED = Rule(
    code="password-hash-malformed",
    category=Category.FORMAT,
    message="{name} is not a password hash: expected {expected}",
    remedy="Make one with `htpasswd -nBC 12 USER` or the application's own command.",
    why="The verifier rejects every password, so nobody can log in.",
)
CUT = Rule(
    code="password-hash-cut",
    category=Category.FORMAT,
    message="{name} is a part of a password hash: text behind its dollar signs is missing",
    remedy="Store {name} again in single quotes, or escape each dollar sign as the loader wants.",
    why="Shells, docker compose and some loaders replace $NAME by a variable, mostly by nothing.",
    bad="ADMIN_HASH=$2b$12 (from a shell that expanded the rest)",
)
ALGORITHM = Rule(
    code="password-hash-algorithm",
    category=Category.FORMAT,
    message="{name} is a hash of another algorithm: expected {algorithms}",
    remedy="Hash the password again with {algorithms}.",
    why="The verifier knows only the declared algorithms.",
)
WEAK = Rule(
    code="password-hash-weak",
    category=Category.FORMAT,
    message="{name} is a bcrypt hash of too low a cost: expected {cost} or more",
    remedy="Hash the password again with a cost of {cost}, as in `htpasswd -nBC {cost} USER`.",
    why="Each step of cost doubles the work of guessing (OWASP Password Storage Cheat Sheet).",
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
_STARTS = {
    "argon2": "$argon2",
    "bcrypt": "$2",
    "scrypt": "$scrypt",
    "pbkdf2": "$pbkdf2",
    "sha-crypt": "$5",
}
Algorithm = Literal["argon2", "bcrypt", "scrypt", "pbkdf2", "sha-crypt"]


class PasswordHash(Format, frozen=True, kw_only=True, tag="password-hash"):
    """The hash of a password in the modular crypt format, the PHC form, or Django's."""

    title: ClassVar[str] = "a password hash"
    secret_by_type = True
    """It can be guessed at offline."""
    looks_like = r"\$(?:2[abxy]|argon2\w*|scrypt)\$"
    rules: ClassVar[tuple[Rule, ...]] = (MALFORMED, CUT, ALGORITHM, WEAK)

    algorithms: Annotated[
        tuple[Algorithm, ...],
        Meta(description="The algorithms that are good.", examples=[["argon2"]], min_length=1),
    ] = ("argon2", "bcrypt", "scrypt", "pbkdf2")
    min_cost: Annotated[int, Meta(description="The least cost of bcrypt.", ge=4, le=31)] = 10

    def violations(self, value: str) -> Iterator[Violation]:
        """The form, the algorithm, then the cost."""
        found = next((name for name, shape in _SHAPES.items() if has_shape(shape, value)), None)
        if found is None:
            cut = value.startswith((*_STARTS.values(), "$6", "pbkdf2_"))
            yield (CUT if cut else MALFORMED).violated(expected=" or ".join(self.algorithms))
        elif found not in self.algorithms:
            yield ALGORITHM.violated(algorithms=" or ".join(self.algorithms))
        elif found == "bcrypt" and int(value.split("$")[2]) < self.min_cost:
            yield WEAK.violated(cost=self.min_cost)

    def example(self) -> str:
        """A hash of no password."""
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
