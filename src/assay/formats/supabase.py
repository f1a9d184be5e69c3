"""API keys of Supabase: legacy JWTs, and the present publishable and secret keys."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from assay.formats.base import Format
from assay.formats.jose import read_jwt, time_violations, write_jwt
from assay.formats.urls import split_url
from assay.model import Rule, Violation

MALFORMED = Rule(
    code="supabase-key-malformed",
    message="{name} is not a Supabase key: expected a JWT, sb_publishable_... or sb_secret_...",
    remedy="Copy the full value of {name} again from the Supabase dashboard (Project settings, API "
    "keys).",
    why="Supabase answers every request with 401 'Invalid API key'.",
)
ROLE = Rule(
    code="supabase-key-role",
    message="{name} is the {found} key: expected the {expected} key",
    remedy="Copy the {expected} key from the Supabase dashboard (Project settings, API keys); if a "
    "secret key was exposed, revoke it there.",
    why="A secret key bypasses row level security, so in a browser it exposes every row. A public "
    "key on the server sees no rows and raises no error.",
    bad="NEXT_PUBLIC_SUPABASE_ANON_KEY=(the service_role key)",
)
KIND = Rule(
    code="supabase-key-kind",
    message="{name} is a {found} key: expected a {expected} key",
    remedy="Copy the {expected} key from the Supabase dashboard (Project settings, API keys).",
    why="Edge functions accept only JWTs, and a project can turn legacy keys off.",
)
EXPIRED = Rule(
    code="supabase-key-expired",
    message="{name} is a Supabase key that has expired",
    remedy="Copy the current key from the Supabase dashboard (Project settings, API keys).",
    why="Supabase answers every request with 401 and the code PGRST303.",
)
PROJECT = Rule(
    code="supabase-key-project",
    message="{name} and the URL in {url} belong to different projects",
    remedy="Copy {name} and {url} from the API settings of the same project.",
    why="Each project has its own keys, so Supabase answers 401 'Invalid API key'.",
)

Role = Literal["anon", "service_role", "publishable", "secret"]
Kind = Literal["legacy", "current"]

_PUBLIC: dict[str, str] = {"anon": "public", "publishable": "public"}
_CURRENT = re.compile(r"sb_(publishable|secret)_[A-Za-z0-9_-]{20,100}")


class SupabaseKey(Format, frozen=True, kw_only=True, tag="supabase-key"):
    """An API key of a Supabase project."""

    title = "a Supabase key"
    looks_like = "sb_(?:publishable|secret)_"
    rules: ClassVar[tuple[Rule, ...]] = (MALFORMED, ROLE, KIND, EXPIRED, PROJECT)

    role: Annotated[
        Role | None,
        Meta(
            description="What the key may do. `anon` also allows publishable keys, and "
            "`service_role` also allows secret keys.",
            examples=["anon", "service_role"],
        ),
    ] = None
    kinds: Annotated[
        tuple[Kind, ...],
        Meta(description="Legacy keys are JWTs; current ones begin with sb_.", min_length=1),
    ] = ("legacy", "current")
    url: Annotated[
        str | None,
        Meta(description="The variable that holds the project's URL.", examples=["SUPABASE_URL"]),
    ] = None

    @property
    def sensitive(self) -> bool:
        """All but the keys that are made for browsers."""
        return self.role not in _PUBLIC

    def problems(self) -> Iterator[tuple[str, str]]:
        if self.role in ("publishable", "secret") and "current" not in self.kinds:
            yield "kinds", f"{self.role} keys exist only in the current kind"

    def violations(self, value: str) -> Iterator[Violation]:
        found = _role(value)
        if found is None:
            yield MALFORMED.violated()
            return
        kind: Kind = "current" if found in ("publishable", "secret") else "legacy"
        if self.role is not None and _may(found) != _may(self.role):
            yield ROLE.violated(found=found, expected=self.role)
        elif self.role in ("publishable", "secret") and kind == "legacy":
            yield KIND.violated(found=kind, expected=self.role)
        elif kind not in self.kinds:
            yield KIND.violated(found=kind, expected=self.kinds[0])
        if kind == "legacy" and expired(value):
            yield EXPIRED.violated()

    def references(self) -> tuple[str, ...]:
        return () if self.url is None else (self.url,)

    def violations_with(self, value: str, others: Mapping[str, str]) -> Iterator[Violation]:
        key_project, url_project = key_ref(value), project(others.get(self.url or "", ""))
        if key_project is not None and url_project and key_project != url_project:
            yield PROJECT.violated(url=self.url)

    def example(self) -> str:
        role = self.role or "anon"
        if role in ("publishable", "secret") or self.kinds == ("current",):
            kind = "publishable" if _may(role) == "public" else "secret"
            return f"sb_{kind}_{'example' * 4}"
        claims = {"iss": "supabase", "ref": "abcdefgh", "role": role, "exp": 253402300799}
        return write_jwt({"alg": "HS256", "typ": "JWT"}, claims)

    def screen(self) -> tuple[object, ...] | None:
        """Keys of the current kind; those before them are JWTs, which expire."""
        if "current" not in self.kinds:
            return None
        role = {"public": "publishable", "secret": "secret"}[_may(self.role)] if self.role else ""
        return ("match", f"sb_{role or '(?:publishable|secret)'}_[A-Za-z0-9_-]{{20,100}}")


def _role(value: str) -> str | None:
    current = _CURRENT.fullmatch(value)
    if current is not None:
        return current[1]
    role = (read_jwt(value) or ({}, {}))[1].get("role")
    return role if role in ("anon", "service_role") else None


def _may(role: str) -> str:
    return _PUBLIC.get(role, "secret")


def key_ref(value: str) -> str | None:
    """The project that a legacy key names."""
    ref = (read_jwt(value) or ({}, {}))[1].get("ref")
    return ref if isinstance(ref, str) else None


def expired(value: str) -> bool:
    """Whether a legacy key's time is over."""
    claims = (read_jwt(value) or ({}, {}))[1]
    return any(v.rule.code == "jwt-expired" for v in time_violations(claims, 0))


def project(url: str) -> str | None:
    """The project of a hosted API's URL; None for a domain of one's own."""
    parts = split_url(url)
    host = parts.host.lower() if parts else ""
    for domain in (".supabase.co", ".supabase.in"):
        if host.endswith(domain):
            return host.removesuffix(domain)
    return None
