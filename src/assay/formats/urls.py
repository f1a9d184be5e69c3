"""URLs (RFC 3986) of web services, and the parts that connection strings are judged by."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, NamedTuple

from msgspec import Meta

from assay.formats.base import Format
from assay.formats.ecmascript import any_case
from assay.formats.hosts import host_allowed, hosts_problem, is_host, is_local, is_port
from assay.formats.names import Hosts
from assay.model import Category, Rule, Violation
from assay.redacted import redacted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.hygiene.sounds import Sound

URL_MALFORMED = Rule(
    code="url-malformed",
    category=Category.FORMAT,
    message="{name} is not a URL: its host or its port is malformed",
    remedy="Set {name} to a whole URL such as https://api.example.com/v1.",
    why="The HTTP client refuses it, or connects to another host than the one that was meant.",
    bad="API_URL=https:///v1",
    good="API_URL=https://api.example.com/v1",
)
URL_SCHEME_MISSING = Rule(
    code="url-scheme-missing",
    category=Category.FORMAT,
    message="{name} has no scheme: expected it to begin with {schemes}",
    remedy="Put {schemes} in front of {name}.",
    why="Clients take a URL without a scheme for a relative path.",
    bad="API_URL=api.example.com",
    good="API_URL=https://api.example.com",
)
URL_SCHEME = Rule(
    code="url-scheme",
    category=Category.FORMAT,
    message="{name} has the wrong scheme: expected {schemes}",
    remedy="Let {name} begin with {schemes}.",
    why="Plain http sends credentials readable for everyone on the way; others are not spoken.",
    bad="API_URL=http://api.example.com",
    good="API_URL=https://api.example.com",
)
URL_CHARACTERS = Rule(
    code="url-characters",
    category=Category.FORMAT,
    message="{name} holds a space or another character that a URL can't hold",
    remedy="Remove the character from {name}, or percent-encode it (a space is %20).",
    why="Some clients cut the URL there, some encode it, some refuse it.",
    bad="API_URL=https://example.com/a b",
    good="API_URL=https://example.com/a%20b",
)
URL_PERCENT = Rule(
    code="url-percent",
    category=Category.FORMAT,
    message="{name} holds a percent sign without two hex digits behind it",
    remedy="Write a percent sign in {name} as %25.",
    why="Decoders raise an error on it, or drop characters.",
    bad="API_URL=https://example.com/100%",
    good="API_URL=https://example.com/100%25",
)
URL_HOST = Rule(
    code="url-host",
    category=Category.FORMAT,
    message="{name} points to another host: expected {hosts}",
    remedy="Set the host of {name} to {hosts}.",
    why="The application would send its requests and credentials to a host the spec does not know.",
)
URL_LOCAL = Rule(
    code="url-local",
    category=Category.FORMAT,
    message="{name} points to this machine or a private network: expected a public host",
    remedy="Set {name} to the public address of the service.",
    why="In a deployment, localhost is the container itself; partners can't call back to it.",
    bad="CALLBACK_URL=https://localhost/callback",
    good="CALLBACK_URL=https://billing.example.com/callback",
)
URL_CREDENTIALS = Rule(
    code="url-credentials",
    category=Category.FORMAT,
    message="{name} holds a user name or a password: expected a URL without",
    remedy="Move the user name and the password out of {name} into variables of their own.",
    why="URLs end up in logs, and browsers refuse to fetch such a one.",
)
URL_CREDENTIALS_MISSING = Rule(
    code="url-credentials-missing",
    category=Category.FORMAT,
    message="{name} holds no user name and password: expected both before the host",
    remedy="Write {name} as scheme://USER:PASSWORD@host, each percent-encoded.",
    why="The service answers 401 to requests without credentials.",
)
URL_PATH = Rule(
    code="url-path",
    category=Category.FORMAT,
    message="{name} has another path: expected {path}",
    remedy="Set the path of {name} to {path}.",
    why="The application appends its own path, or the partner calls exactly this one.",
    bad="SUPABASE_URL=https://example.supabase.co/rest/v1",
    good="SUPABASE_URL=https://example.supabase.co",
)
URL_QUERY = Rule(
    code="url-query",
    category=Category.FORMAT,
    message="{name} holds a query or a fragment: expected a URL that ends with its path",
    remedy="Remove the question mark or the hash and everything behind it from {name}.",
    why="What the application appends becomes a part of the query, or is never sent.",
)
URL_TRAILING_SLASH = Rule(
    code="url-trailing-slash",
    category=Category.FORMAT,
    message="{name} {found} a slash at its end",
    remedy="{step} the slash at the end of {name}.",
    why="Joined with a path, it gives two slashes or none, and the server answers 404.",
)

_FORBIDDEN = frozenset(map(chr, range(33))) | frozenset('\x7f"<>\\^`{|}')
_SCHEME = frozenset(string.ascii_letters + string.digits + "+-.")
_HEX = frozenset(string.hexdigits)

Schemes = Annotated[
    tuple[str, ...],
    Meta(description="The schemes that are good.", examples=[["https"]], min_length=1),
]
Presence = Literal["allowed", "required", "forbidden"]


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
    """The parts of a URL; None where there is no `scheme://`."""
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
    """`host:port` as its host and port, the port None where there is no colon for one."""
    host, colon, port = place.rpartition(":")
    if not colon or (place.startswith("[") and place.endswith("]")):
        return place, None
    return host, port


def percent_encoded(text: str) -> bool:
    """Whether every percent sign has two hex digits behind it."""
    return all(
        len(part) > 1 and part[0] in _HEX and part[1] in _HEX for part in text.split("%")[1:]
    )


def url_characters(text: str) -> bool:
    """Whether a text holds only characters that a URL may hold."""
    return text.isascii() and _FORBIDDEN.isdisjoint(text)


class Url(Format, frozen=True, kw_only=True, tag="url"):
    """A URL with a host."""

    title: ClassVar[str] = "a URL"
    example_is_reserved: ClassVar[bool] = True
    rules: ClassVar[tuple[Rule, ...]] = (
        URL_MALFORMED,
        URL_SCHEME_MISSING,
        URL_SCHEME,
        URL_CHARACTERS,
        URL_PERCENT,
        URL_HOST,
        URL_LOCAL,
        URL_CREDENTIALS,
        URL_CREDENTIALS_MISSING,
        URL_PATH,
        URL_QUERY,
        URL_TRAILING_SLASH,
    )

    schemes: Schemes = ("http", "https")
    hosts: Hosts = None
    local: Annotated[
        Literal["allowed", "forbidden"],
        Meta(description="Whether localhost, bare names and private addresses are good."),
    ] = "allowed"
    credentials: Annotated[
        Presence, Meta(description="Whether USER:PASSWORD@ before the host is good, or needed.")
    ] = "allowed"
    path: Annotated[
        Annotated[str, Meta(pattern="^/")] | None,
        Meta(
            description="The path that the URL must have; a `*` at its end stands for any rest;"
            " `/` for no path.",
            examples=["/", "/api/callback", "/hooks/*"],
        ),
    ] = None
    query: Annotated[
        Literal["allowed", "forbidden"],
        Meta(description="Whether a query or a fragment behind the path is good."),
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
        """Schemes and hosts that can't be such."""
        for scheme in self.schemes:
            if not _SCHEME.issuperset(scheme) or not scheme.islower():
                yield "schemes", f"{scheme!r} is not a scheme: expected a lower-case name: https"
        problem = None if self.hosts is None else hosts_problem(self.hosts)
        if problem is not None:
            yield "hosts", problem

    def violations(self, value: str) -> Iterator[Violation]:
        """The form first; what the parts may be only where it is good."""
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
        if self.hosts is not None and not host_allowed(parts.host, self.hosts):
            yield URL_HOST.violated(hosts=" or ".join(self.hosts))
        if self.local == "forbidden" and is_local(parts.host):
            yield URL_LOCAL.violated()
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
        if self.trailing_slash == "forbidden" and slash:
            yield URL_TRAILING_SLASH.violated(found="has", step="Remove")
        if self.trailing_slash == "required" and not slash:
            yield URL_TRAILING_SLASH.violated(found="lacks", step="Add")

    def _schemes(self, suffix: str = "") -> str:
        return " or ".join(scheme + suffix for scheme in self.schemes)

    def value_schema(self) -> dict[str, Any]:
        """A scheme, then what a URL may hold (RFC 3986) and no white space."""
        return {"pattern": f"^{any_case(self.schemes)}://[!#-;=?-\\[\\]_a-z~]+$"}

    def example(self) -> str:
        """A URL for documentation (RFC 2606) that satisfies the parameters."""
        scheme = "https" if "https" in self.schemes else self.schemes[0]
        host = self.hosts[0].replace("*", "api") if self.hosts else "api.example.com"
        credentials = "user:password@" if self.credentials == "required" else ""
        path = "" if self.path in (None, "/") else (self.path or "").replace("*", "path")
        path = path.rstrip("/")
        if self.trailing_slash == "required":
            path += "/"
        return f"{scheme}://{credentials}{host}{path}"

    def screen(self) -> tuple[object, ...] | None:
        """Plain URLs, where only the scheme is narrowed; they hold no credentials."""
        free = (self.hosts, self.local, self.path, self.query, self.trailing_slash) == (
            None,
            "allowed",
            None,
            "allowed",
            "allowed",
        )
        return ("url", self.schemes) if free and self.credentials != "required" else None
