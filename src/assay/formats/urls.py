"""URLs (RFC 3986) of web services, and the parts that connection strings are judged by."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, NamedTuple

from msgspec import Meta

from assay.formats.base import Format, Permission, Presence, any_case
from assay.formats.hosts import (
    Hosts,
    Local,
    host_allowed,
    hosts_problems,
    is_host,
    is_local,
    is_loopback,
    is_port,
)
from assay.model import Rule, Violation
from assay.redacted import redacted

if TYPE_CHECKING:
    from assay.hygiene.sounds import Sound

URL_MALFORMED = Rule(
    code="url-malformed",
    message="{name} is not a URL: its host or port is malformed",
    remedy="Set {name} to a complete URL such as https://api.example.com/v1.",
    why="The HTTP client rejects it, or connects to a host that nobody meant.",
    bad="API_URL=https:///v1",
    good="API_URL=https://api.example.com/v1",
)
URL_SCHEME_MISSING = Rule(
    code="url-scheme-missing",
    message="{name} has no scheme: expected {schemes} at the start",
    remedy="Put {schemes} in front of {name}.",
    why="Clients treat a URL without a scheme as a relative path.",
    bad="API_URL=api.example.com",
    good="API_URL=https://api.example.com",
)
URL_SCHEME = Rule(
    code="url-scheme",
    message="{name} has the wrong scheme: expected {schemes}",
    remedy="Change the start of {name} to {schemes}.",
    why="With plain http, anyone on the network path can read the credentials; with other schemes, "
    "the client can't connect.",
    bad="API_URL=http://api.example.com",
    good="API_URL=https://api.example.com",
)
URL_CHARACTERS = Rule(
    code="url-characters",
    message="{name} contains a space or some other character that URLs can't contain",
    remedy="Remove the character from {name}, or percent-encode it (a space is %20).",
    why="Some clients cut the URL at that character, some encode it, and some reject it.",
    bad="API_URL=https://example.com/a b",
    good="API_URL=https://example.com/a%20b",
)
URL_PERCENT = Rule(
    code="url-percent",
    message="{name} has a percent sign that is not followed by two hex digits",
    remedy="Write a percent sign in {name} as %25.",
    why="Decoders raise an error, or drop characters.",
    bad="API_URL=https://example.com/100%",
    good="API_URL=https://example.com/100%25",
)
URL_HOST = Rule(
    code="url-host",
    message="{name} points to the wrong host: expected {hosts}",
    remedy="Set the host of {name} to {hosts}.",
    why="The application would send its requests and credentials to a host that the spec does not "
    "list.",
)
URL_LOCAL = Rule(
    code="url-local",
    message="{name} points to this machine or a private network: expected a public host",
    messages={"network": "{name} points to this machine: expected a host in the network"},
    remedy="Set {name} to the public address of the service.",
    remedies={
        "network": "Set the host of {name} to that of the service in the network, such as its name "
        "in compose.yaml."
    },
    why="In a deployment, localhost is the container itself, and partners can't call back to it.",
    bad="CALLBACK_URL=https://localhost/callback",
    good="CALLBACK_URL=https://billing.example.com/callback",
)
URL_CREDENTIALS = Rule(
    code="url-credentials",
    message="{name} contains a user name or a password: expected a URL without credentials",
    remedy="Move the user name and the password out of {name} into variables of their own.",
    why="URLs end up in logs, password included, and browsers refuse to fetch such a URL.",
)
URL_CREDENTIALS_MISSING = Rule(
    code="url-credentials-missing",
    message="{name} lacks a user name and a password: expected both before the host",
    remedy="Write {name} as scheme://USER:PASSWORD@host, each percent-encoded.",
    why="The service answers requests without credentials with 401.",
)
URL_PATH = Rule(
    code="url-path",
    message="{name} has the wrong path: expected {path}",
    remedy="Set the path of {name} to {path}.",
    why="The application appends its own path to this one, or a partner calls exactly this path, "
    "so requests end in 404.",
    bad="SUPABASE_URL=https://example.supabase.co/rest/v1",
    good="SUPABASE_URL=https://example.supabase.co",
)
URL_QUERY = Rule(
    code="url-query",
    message="{name} contains a query or a fragment: expected a URL that ends with its path",
    remedy="Remove the question mark or the hash and everything after it from {name}.",
    why="Whatever the application appends becomes part of the query, or is never sent.",
)
URL_TRAILING_SLASH = Rule(
    code="url-trailing-slash",
    message="{name} ends with a slash, but must not",
    messages={"missing": "{name} does not end with a slash, but must"},
    remedy="Remove the slash at the end of {name}.",
    remedies={"missing": "Add a slash to the end of {name}."},
    why="When the application appends a path, the URL has two slashes or none, and the server "
    "answers 404.",
)

_FORBIDDEN = frozenset(map(chr, range(33))) | frozenset('\x7f"<>\\^`{|}')
_SCHEME = frozenset(string.ascii_letters + string.digits + "+-.")
_BARE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")

Schemes = Annotated[
    tuple[str, ...],
    Meta(description="The schemes allowed.", examples=[["https"]], min_length=1),
]


@redacted("scheme")
class UrlParts(NamedTuple):
    """A URL that was cut at its delimiters; nothing is decoded, and the scheme is lowered."""

    scheme: str
    userinfo: str | None
    host: str
    port: str | None
    path: str
    query: str | None
    fragment: str | None

    @property
    def well_formed(self) -> bool:
        """Whether host and port are ones."""
        return is_host(self.host) and (self.port is None or is_port(self.port))


def split_url(value: str) -> UrlParts | None:
    """The parts of a URL; None if there is no `scheme://`."""
    scheme, separator, rest = value.partition("://")
    if not separator or not scheme[:1].isalpha() or not _SCHEME.issuperset(scheme):
        return None
    rest, hash_sign, fragment = rest.partition("#")
    rest, question, query = rest.partition("?")
    authority, slash, path = rest.partition("/")
    userinfo, at, place = authority.rpartition("@")
    host, port = split_port(place)
    return UrlParts(
        scheme.lower(),
        userinfo if at else None,
        host,
        port,
        slash + path,
        query if question else None,
        fragment if hash_sign else None,
    )


def split_port(place: str) -> tuple[str, str | None]:
    """`host:port` as its host and port, the port None if there is no colon for one."""
    host, colon, port = place.rpartition(":")
    if not colon or (place.startswith("[") and place.endswith("]")):
        return place, None
    return host, port


def percent_encoded(text: str) -> bool:
    """Whether every percent sign is followed by two hex digits."""
    return not _BARE_PERCENT.search(text)


def url_characters(text: str) -> bool:
    """Whether a text holds only characters that a URL may hold."""
    return text.isascii() and _FORBIDDEN.isdisjoint(text)


class Url(Format, frozen=True, kw_only=True, tag="url"):
    """A URL with a host."""

    title = "a URL"
    example_is_reserved = True
    rules: ClassVar[tuple[Rule, ...]] = (
        *(URL_MALFORMED, URL_SCHEME_MISSING, URL_SCHEME, URL_CHARACTERS, URL_PERCENT, URL_HOST),
        *(URL_LOCAL, URL_CREDENTIALS, URL_CREDENTIALS_MISSING, URL_PATH, URL_QUERY),
        URL_TRAILING_SLASH,
    )

    schemes: Schemes = ("http", "https")
    hosts: Hosts = None
    local: Local = None
    credentials: Annotated[
        Presence,
        Meta(
            description="Whether USER:PASSWORD@ before the host is allowed, required or forbidden."
        ),
    ] = "allowed"
    path: Annotated[
        Annotated[str, Meta(pattern="^/")] | None,
        Meta(
            description="The path that the URL must have; a `*` at the end matches anything, and "
            "`/` means no path.",
            examples=["/", "/api/callback", "/hooks/*"],
        ),
    ] = None
    query: Annotated[
        Permission, Meta(description="Whether a query or a fragment after the path is allowed.")
    ] = "allowed"
    trailing_slash: Annotated[
        Presence, Meta(description="Whether the path may, must or must not end with a slash.")
    ] = "allowed"

    @property
    def left_to_names(self) -> frozenset[Sound]:
        """A webhook, and what may hold a password, such as a `DATABASE_URL`."""
        webhook: frozenset[Sound] = frozenset(("webhook",))
        return webhook if self.credentials == "forbidden" else webhook | {"address"}

    def problems(self) -> Iterator[tuple[str, str]]:
        for scheme in self.schemes:
            if not _SCHEME.issuperset(scheme) or not scheme.islower():
                wrong = f"{scheme!r} is not a scheme"
                yield "schemes", f"{wrong}: expected a lower-case name such as https"
        yield from hosts_problems(self.hosts)

    def violations(self, value: str) -> Iterator[Violation]:
        if not url_characters(value):
            yield URL_CHARACTERS.violated()
            return
        parts = split_url(value)
        if parts is None:
            yield URL_SCHEME_MISSING.violated(schemes=self._schemes("://"))
            return
        if not parts.well_formed:
            yield URL_MALFORMED.violated()
            return
        if not percent_encoded(value):
            yield URL_PERCENT.violated()
        if parts.scheme not in self.schemes:
            yield URL_SCHEME.violated(schemes=self._schemes())
        yield from self._place(parts)
        yield from self._rest(parts)

    def _place(self, parts: UrlParts) -> Iterator[Violation]:
        if not host_allowed(parts.host, self.hosts):
            yield URL_HOST.violated(hosts=" or ".join(self.hosts or ()))
        if self.local == "forbidden" and is_local(parts.host):
            yield URL_LOCAL.violated()
        elif self.local == "network" and is_loopback(parts.host):
            yield URL_LOCAL.violated(case="network")
        if self.credentials == "forbidden" and parts.userinfo is not None:
            yield URL_CREDENTIALS.violated()
        if self.credentials == "required":
            user, _, password = (parts.userinfo or "").partition(":")
            if not user or not password:
                yield URL_CREDENTIALS_MISSING.violated()

    def _rest(self, parts: UrlParts) -> Iterator[Violation]:
        path = parts.path or "/"
        if self.path is not None:
            begins = self.path.endswith("*") and path.startswith(self.path[:-1])
            if not begins and path.rstrip("/") != self.path.rstrip("/"):
                yield URL_PATH.violated(path=self.path)
        if self.query == "forbidden" and (parts.query, parts.fragment) != (None, None):
            yield URL_QUERY.violated()
        slash = parts.path.endswith("/")
        if self.trailing_slash == ("forbidden" if slash else "required"):
            yield URL_TRAILING_SLASH.violated(case="" if slash else "missing")

    def _schemes(self, suffix: str = "") -> str:
        return " or ".join(scheme + suffix for scheme in self.schemes)

    def hosts_in(self, value: str) -> tuple[str, ...]:
        parts = split_url(value)
        return () if parts is None or self.local is not None else (parts.host,)

    def value_schema(self) -> dict[str, Any]:
        """A scheme, then what a URL may hold (RFC 3986) and no white space."""
        return {"pattern": f"^{any_case(self.schemes)}://[!#-;=?-\\[\\]_a-z~]+$"}

    def example(self) -> str:
        """A URL for documentation (RFC 2606) that satisfies the parameters."""
        scheme = "https" if "https" in self.schemes else self.schemes[0]
        host = self.hosts[0].replace("*", "api") if self.hosts else "api.example.com"
        credentials = "user:password@" if self.credentials == "required" else ""
        path = (self.path or "").replace("*", "path").rstrip("/")
        path += "/" if self.trailing_slash == "required" else ""
        return f"{scheme}://{credentials}{host}{path}"

    def screen(self) -> tuple[object, ...] | None:
        chosen = (self.hosts, self.local, self.path, self.query, self.trailing_slash)
        free = chosen in (
            (None, None, None, "allowed", "allowed"),
            (None, "allowed", None, "allowed", "allowed"),
        )
        return ("url", self.schemes) if free and self.credentials != "required" else None
