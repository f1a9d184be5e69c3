"""JSON Web Tokens (RFC 7519) and JSON Web Keys (RFC 7517)."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta

from assay.formats import asymmetric, clock
from assay.formats.base import Format
from assay.formats.decoding import decode_base64url
from assay.formats.documents import load_json
from assay.model import Rule, Severity, Violation

JWT_MALFORMED = Rule(
    code="jwt-malformed",
    message="{name} is not a JWT: expected three parts of base64url joined by dots",
    remedy="Copy the full value of {name} again: it begins with eyJ and has exactly two dots.",
    why="A token that was cut or changed fails verification, so every service rejects it.",
)
JWT_UNSIGNED = Rule(
    code="jwt-unsigned",
    message="{name} is an unsigned JWT: its algorithm is none",
    remedy="Have the token issued again with a signature.",
    why="Anyone can write such a token, and a service that accepts it accepts them all (RFC 8725, "
    "3.1).",
)
JWT_ALGORITHM = Rule(
    code="jwt-algorithm",
    message="{name} is signed with the wrong algorithm: expected {algorithms}",
    remedy="Have the token issued again, signed with {algorithms}.",
    why="A service that verifies one algorithm rejects tokens signed with any other.",
)
JWT_CLAIMS = Rule(
    code="jwt-claim-missing",
    message="{name} lacks the claim {claim}",
    remedy="Have the token issued again with the claim {claim}.",
    why="The service checks the claim and denies access if it is missing.",
)
JWT_ISSUER = Rule(
    code="jwt-issuer",
    message="{name} comes from the wrong issuer: expected {issuer}",
    remedy="Get the token from {issuer}.",
    why="Services reject tokens from issuers that they don't trust.",
)
JWT_AUDIENCE = Rule(
    code="jwt-audience",
    message="{name} has the wrong audience: expected {audience}",
    remedy="Have the token issued for {audience}.",
    why="Services reject tokens that were issued for a different audience.",
)
JWT_EXPIRED = Rule(
    code="jwt-expired",
    message="{name} is a token that expired on {day}",
    remedy="Get a new token, and set {name} to it.",
    why="The service answers every request with 401.",
)
JWT_EXPIRES_SOON = Rule(
    code="jwt-expires-soon",
    message="{name} is a token that expires on {day}: expected at least {days} more days",
    remedy="Get a new token now, and set {name} to it.",
    why="From that day on, the service answers every request with 401.",
    severity=Severity.WARNING,
)
JWT_NOT_YET_VALID = Rule(
    code="jwt-not-yet-valid",
    message="{name} is a token that is not valid until {day}",
    remedy="Check this machine's clock, or get a token that is valid now.",
    why="Until that day, the service answers every request with 401.",
)
JWK_MALFORMED = Rule(
    code="jwk-malformed",
    message="{name} is not a JWK: expected a JSON object with kty",
    remedy="Copy the full value of {name} again, with its braces and double quotes.",
    why="The JOSE library can't read the key.",
)
JWK_KIND = Rule(
    code="jwk-kind",
    message="{name} is the wrong kind of key: expected kty {kinds}",
    remedy="Generate a key with kty {kinds}, and set {name} to it.",
    why="The algorithm needs its own kind of key, such as RSA for RS256, so the library raises an "
    "error.",
)
JWK_MEMBER = Rule(
    code="jwk-member",
    message="{name} lacks a valid member {member}: it is missing, cut or not base64url",
    remedy="Copy the full value of {name} again.",
    why="Without that member the key can't be used (RFC 7518, section 6).",
)
JWK_PRIVATE = Rule(
    code="jwk-is-private",
    message="{name} contains the private half of the key: expected only the public half",
    remedy="Replace the exposed key pair, and set {name} to the new public key, without the member "
    "d (or k).",
    why="Public keys are published, so this one lets anyone sign.",
)
JWK_PUBLIC = Rule(
    code="jwk-is-public",
    message="{name} contains only the public half of the key: expected the private one",
    remedy="Set {name} to the key with its member d.",
    why="The public half can't sign or decrypt anything.",
)

_MEMBERS = {
    "RSA": ("n", "e"),
    "EC": ("x", "y"),
    "OKP": ("x",),
    "oct": ("k",),
}
_CURVES = {
    "EC": {"P-256": 32, "P-384": 48, "P-521": 66, "secp256k1": 32},
    "OKP": {"Ed25519": 32, "X25519": 32, "Ed448": 57, "X448": 56},
}
"""The bytes of each member, leading zeros kept (RFC 7518, 6.2.1; RFC 8037; RFC 8812)."""


class Jwt(Format, frozen=True, kw_only=True, tag="jwt"):
    """A signed JSON Web Token; the signature itself is not verified."""

    title = "a JWT"
    secret_by_type = True
    """Whoever has it is let in."""
    value_pattern = r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*$"
    looks_like = "eyJ"
    rules: ClassVar[tuple[Rule, ...]] = (
        *(JWT_MALFORMED, JWT_UNSIGNED, JWT_ALGORITHM, JWT_CLAIMS, JWT_ISSUER, JWT_AUDIENCE),
        *(JWT_EXPIRED, JWT_EXPIRES_SOON, JWT_NOT_YET_VALID),
    )

    algorithms: Annotated[
        tuple[str, ...] | None,
        Meta(description="The algorithms allowed.", examples=[["RS256", "ES256"]]),
    ] = None
    claims: Annotated[
        tuple[str, ...],
        Meta(description="The claims that the token must have.", examples=[["sub", "exp"]]),
    ] = ()
    issuer: Annotated[
        str | None, Meta(description="The issuer (claim `iss`) that the token must have.")
    ] = None
    audience: Annotated[
        str | None,
        Meta(
            description="The audience (claim `aud`) that the token must have, alone or in a list."
        ),
    ] = None
    min_validity: Annotated[
        int, Meta(description="How many more days the token must be valid.", examples=[21], ge=0)
    ] = 0

    def problems(self) -> Iterator[tuple[str, str]]:
        if "none" in map(str.lower, self.algorithms or ()):
            yield "algorithms", "'none' means unsigned: expected an algorithm such as RS256"

    def violations(self, value: str) -> Iterator[Violation]:
        found = read_jwt(value)
        if found is None:
            yield JWT_MALFORMED.violated()
            return
        header, claims = found
        name = header.get("alg")
        if str(name).lower() == "none":
            yield JWT_UNSIGNED.violated()
        elif self.algorithms is not None and name not in self.algorithms:
            yield JWT_ALGORITHM.violated(algorithms=" or ".join(self.algorithms))
        for claim in self.claims:
            if claim not in claims:
                yield JWT_CLAIMS.violated(claim=claim)
        if self.issuer is not None and claims.get("iss") != self.issuer:
            yield JWT_ISSUER.violated(issuer=self.issuer)
        given = claims.get("aud")
        audiences = given if isinstance(given, list) else [given]
        if self.audience is not None and self.audience not in audiences:
            yield JWT_AUDIENCE.violated(audience=self.audience)
        yield from time_violations(claims, self.min_validity)

    def example(self) -> str:
        """A token without a meaning, whose signature is zero."""
        header = {"alg": (self.algorithms or ("HS256",))[0], "typ": "JWT"}
        claims: dict[str, Any] = dict.fromkeys(self.claims, "example")
        if "exp" in claims:
            claims["exp"] = 253402300799  # the last second of 9999
        claims |= {name: 0 for name in ("iat", "nbf") if name in claims}
        claims |= {"iss": self.issuer} if self.issuer else {}
        claims |= {"aud": self.audience} if self.audience else {}
        return write_jwt(header, claims)


class Jwk(Format, frozen=True, kw_only=True, tag="jwk"):
    """A JSON Web Key."""

    title = "a JWK"
    rules: ClassVar[tuple[Rule, ...]] = (
        JWK_MALFORMED,
        JWK_KIND,
        JWK_MEMBER,
        JWK_PRIVATE,
        JWK_PUBLIC,
    )

    part: Annotated[
        Literal["any", "public", "private"], Meta(description="Which half of the key pair it is.")
    ] = "any"
    kinds: Annotated[
        Annotated[tuple[Literal["RSA", "EC", "OKP", "oct"], ...], Meta(min_length=1)] | None,
        Meta(description="The kinds of key (kty) allowed."),
    ] = None

    @property
    def sensitive(self) -> bool:
        """It may hold the private half, unless it must not."""
        return self.part != "public"

    def problems(self) -> Iterator[tuple[str, str]]:
        if self.part == "public" and "oct" in (self.kinds or ()):
            yield "kinds", "a key with kty oct has no public half: expected RSA, EC or OKP"

    def violations(self, value: str) -> Iterator[Violation]:
        key = _object(value)
        kind = None if key is None else key.get("kty")
        if key is None or not isinstance(kind, str) or kind not in _MEMBERS:
            yield JWK_MALFORMED.violated()
            return
        if self.kinds is not None and kind not in self.kinds:
            yield JWK_KIND.violated(kinds=" or ".join(self.kinds))
        private = "k" if kind == "oct" else "d"
        curve = key.get("crv")
        size = _CURVES.get(kind, {}).get(curve) if isinstance(curve, str) else None
        for member in (*_MEMBERS[kind], *((private,) if private in key else ())):
            if not _is_bytes(key.get(member), size):
                yield JWK_MEMBER.violated(member=member)
        if kind in _CURVES and not isinstance(curve, str):
            yield JWK_MEMBER.violated(member="crv")
        if self.part == "public" and private in key:
            yield JWK_PRIVATE.violated()
        if self.part == "private" and private not in key:
            yield JWK_PUBLIC.violated()

    def example(self) -> str:
        """A key that the whole world knows."""
        return self._made(asymmetric.known, bytes(range(32)), private=self.part == "private")

    def generate(self) -> str | None:
        if self.part == "public":
            return None
        import secrets

        return self._made(asymmetric.make, secrets.token_bytes(32), private=True)

    def _made(self, make: Callable[[str], Any], secret: bytes, *, private: bool) -> str:
        kind = (self.kinds or ("OKP",))[0]
        if kind == "oct":
            return _json({"kty": kind, "k": _encoded(secret)})
        members = _members(kind, make(_ALGORITHMS[kind]))
        return _json({k: v for k, v in members.items() if private or k in _PUBLIC})


_ALGORITHMS = {"RSA": "rsa", "EC": "ec", "OKP": "ed25519"}
_PUBLIC = ("kty", "crv", "x", "y", "n", "e")


def read_jwt(text: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The header and the claims of a compact JWS; None if it isn't one."""
    parts = text.split(".")
    if len(parts) != 3 or "=" in text or len(text) > 65536:
        return None
    decoded = [decode_base64url(part) for part in parts]
    if decoded[2] is None:
        return None
    header, claims = (_object((part or b"").decode(errors="replace")) for part in decoded[:2])
    if header is None or claims is None or not isinstance(header.get("alg"), str):
        return None
    return (header, claims) if parts[2] or header["alg"].lower() == "none" else None


def write_jwt(header: dict[str, Any], claims: dict[str, Any]) -> str:
    """A token with 32 zero bytes for a signature, for examples."""
    parts = (_json(header).encode(), _json(claims).encode(), bytes(32))
    return ".".join(map(_encoded, parts))


def time_violations(claims: dict[str, Any], min_validity: int) -> Iterator[Violation]:
    """What is wrong with exp and nbf today."""
    now = clock.now().timestamp()
    end, begin = _seconds(claims.get("exp")), _seconds(claims.get("nbf"))
    if end is not None and end < now:
        yield JWT_EXPIRED.violated(day=_day(end))
    elif begin is not None and begin > now + 60:
        yield JWT_NOT_YET_VALID.violated(day=_day(begin))
    elif end is not None and end < now + timedelta(days=min_validity).total_seconds():
        yield JWT_EXPIRES_SOON.violated(day=_day(end), days=min_validity)


def _day(seconds: float) -> date:
    return datetime.fromtimestamp(seconds, UTC).date()


def _seconds(claim: object) -> float | None:
    """A NumericDate (RFC 7519, section 2), within the years that the calendar has."""
    if isinstance(claim, bool) or not isinstance(claim, int | float):
        return None
    return min(max(float(claim), 0.0), 253402300799.0)


def _object(text: str) -> dict[str, Any] | None:
    try:
        found = load_json(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _is_bytes(member: object, size: int | None) -> bool:
    """Whether a member is base64url of some bytes, of as many as are asked for."""
    decoded = decode_base64url(member) if isinstance(member, str) and "=" not in member else None
    return bool(decoded) and size in (None, len(decoded or b""))


def _members(kind: str, key: Any) -> dict[str, str]:
    if kind == "OKP":
        public, secret = key.public_key().public_bytes_raw(), key.private_bytes_raw()
        return {"kty": kind, "crv": "Ed25519", "x": _encoded(public), "d": _encoded(secret)}
    numbers = key.private_numbers()
    shared = numbers.public_numbers
    if kind == "EC":
        values = {"x": shared.x, "y": shared.y, "d": numbers.private_value}
        coordinates = {name: _encoded(v.to_bytes(32, "big")) for name, v in values.items()}
        return {"kty": kind, "crv": "P-256", **coordinates}
    values = {"n": shared.n, "e": shared.e, "d": numbers.d, "p": numbers.p, "q": numbers.q}
    values |= {"dp": numbers.dmp1, "dq": numbers.dmq1, "qi": numbers.iqmp}
    return {"kty": kind} | {
        name: _encoded(v.to_bytes((v.bit_length() + 7) // 8, "big")) for name, v in values.items()
    }


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
