"""Secrets under names that build tools send to browsers."""

from __future__ import annotations

from collections.abc import Iterator

from assay.hygiene.lists import SECRET_STARTS, public_prefix
from assay.model import Category, Rule, Violation

EXPOSED = Rule(
    code="variable-exposed",
    category=Category.SECRET,
    message="{name} contains {what}, and the prefix {prefix} sends it to every browser",
    remedy="Revoke that key, store its replacement in a variable without {prefix}, and set {name} "
    "only to what may be public.",
    remedies={
        "service-role": "Revoke that key, store its replacement in a variable without {prefix}, "
        "and set {name} only to what may be public: the anon key.",
        "supabase-secret": "Revoke that key, store its replacement in a variable without {prefix}, "
        "and set {name} only to what may be public: the publishable key.",
    },
    why="Build tools copy variables with a public prefix into the JavaScript that everyone can "
    "download.",
    bad="NEXT_PUBLIC_SUPABASE_ANON_KEY=<the service_role key>",
    good="NEXT_PUBLIC_SUPABASE_ANON_KEY=<the anon key>",
)

RULES = (EXPOSED,)


def exposure(name: str, value: str, *, declared_secret: bool = False) -> Iterator[Violation]:
    """That a public name holds a secret: because its spec says so, or by the key's own mark."""
    prefix = public_prefix(name)
    if not prefix:
        return
    if jwt_role(value) == "service_role":
        yield EXPOSED.violated(case="service-role", what="a service_role key", prefix=prefix)
    elif value.startswith("sb_secret_"):
        case = "supabase-secret"
        yield EXPOSED.violated(case=case, what="a Supabase secret key", prefix=prefix)
    elif value.startswith(SECRET_STARTS):
        yield EXPOSED.violated(what="a secret key", prefix=prefix)
    elif declared_secret:
        yield EXPOSED.violated(what="a value that the spec declares secret", prefix=prefix)


def marked_secret(value: str) -> bool:
    """Whether a value is secret by its own mark, whatever its variable is declared to hold."""
    _, scheme, rest = value.partition("://")
    if (
        jwt_role(value) == "service_role"
        or value.startswith(SECRET_STARTS)
        or (bool(scheme) and "@" in rest)
    ):
        return True
    if "=" not in value and ":" not in value:
        return False
    from assay.hygiene.marks import holds_secret

    return holds_secret(value)


def jwt_role(value: str) -> str:
    """The `role` claim of a JWT (RFC 7519), unverified; empty if there is none."""
    parts = value.split(".")
    if len(parts) != 3 or not value.startswith("eyJ"):
        return ""
    import binascii
    import json

    payload = parts[1].replace("-", "+").replace("_", "/")
    try:
        claims = json.loads(binascii.a2b_base64(payload + "=" * (-len(payload) % 4)))
    except (ValueError, RecursionError):
        return ""
    role = claims.get("role") if isinstance(claims, dict) else None
    return role if isinstance(role, str) else ""
