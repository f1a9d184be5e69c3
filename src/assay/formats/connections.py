"""What connection strings of databases, brokers and mail servers share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal
from urllib.parse import parse_qsl

from msgspec import Meta

from assay.formats.base import Format, Presence
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
from assay.formats.urls import (
    UrlParts,
    percent_encoded,
    split_port,
    split_url,
    url_characters,
)
from assay.model import Rule, Violation

_ENCODE = (
    'Percent-encode the user name and the password with `python3 -c "import urllib.parse '
    "as u; print(u.quote(input(), safe=''))\"`."
)
SCHEME = Rule(
    code="connection-scheme",
    message="{name} is not {title}: expected {schemes} at the start",
    remedy="Change the start of {name} to {schemes}.",
    why="The scheme selects the driver; with the wrong one, nothing connects.",
    bad="DATABASE_URL=mysql://db.example.com/app",
    good="DATABASE_URL=postgresql://db.example.com/app",
)
MALFORMED = Rule(
    code="connection-malformed",
    message="{name} is not {title}: its host or port is malformed",
    remedy="Write {name} as {form}.",
    why="The driver doesn't know where to connect.",
)
CHARACTERS = Rule(
    code="connection-characters",
    message="{name} contains a space or some other character that must be percent-encoded",
    remedy=_ENCODE,
    why="The driver cuts the string at that character, or refuses it.",
)
UNESCAPED = Rule(
    code="connection-password-unescaped",
    message="{name} has an unescaped delimiter in its user name or password",
    remedy=_ENCODE,
    why="The driver takes part of the password for the host or the path, and can't connect.",
    bad="DATABASE_URL=postgresql://app:p@ss@db.example.com/app",
    good="DATABASE_URL=postgresql://app:p%40ss@db.example.com/app",
)
PLACEHOLDER = Rule(
    code="connection-password-placeholder",
    message="{name} still has a placeholder instead of the password",
    remedy="Replace the placeholder in {name}, including any brackets, with the password.",
    why="The server rejects the placeholder as a wrong password.",
    bad="DATABASE_URL=postgresql://app:[YOUR-PASSWORD]@db.example.com/app",
)
CREDENTIALS = Rule(
    code="connection-credentials",
    message="{name} contains a user name or a password: expected a connection string without "
    "credentials",
    remedy="Move the user name and the password out of {name} into variables of their own.",
    why="The application reads its credentials elsewhere, and these leak wherever the address is "
    "logged.",
)
CREDENTIALS_MISSING = Rule(
    code="connection-credentials-missing",
    message="{name} lacks the {missing}: expected user name and password before the host",
    remedy="Write {name} as {form}.",
    why="The server refuses the connection, or accepts it as an anonymous user.",
)
DATABASE_MISSING = Rule(
    code="connection-database-missing",
    message="{name} lacks the {part}: expected it after the host",
    remedy="Write {name} as {form}.",
    why="The driver falls back to a default name, often that of the user.",
    bad="DATABASE_URL=postgresql://db.example.com",
    good="DATABASE_URL=postgresql://db.example.com/app",
)
HOST = Rule(
    code="connection-host",
    message="{name} points to the wrong host: expected {hosts}",
    remedy="Set the host of {name} to {hosts}.",
    why="The application would read and write data on a server that the spec does not list.",
)
LOCAL = Rule(
    code="connection-local",
    message="{name} points to this machine or a private network: expected a public host",
    messages={"network": "{name} points to this machine: expected a host in the network"},
    remedy="Set the host of {name} to the service's public address; or, if it runs in the same "
    "network, declare `local: network` and set the host to its name there, such as that of the "
    "service in compose.yaml.",
    remedies={
        "network": "Set the host of {name} to that of the service in the network, such as its name "
        "in compose.yaml."
    },
    why="In a deployment, localhost is the container itself, and the service doesn't run there.",
)
PORT = Rule(
    code="connection-port",
    message="{name} has the wrong port: expected {ports}",
    remedy="Set the port of {name} to {ports}.",
    why="Poolers, read replicas and TLS each have their own port, so the application reaches the "
    "wrong one.",
)
TLS = Rule(
    code="connection-tls-missing",
    message="{name} does not ask for TLS: expected {tls}",
    remedy="Change {name} to use {tls}.",
    why="Without TLS, anyone on the network path can read the password and the data.",
    bad="DATABASE_URL=postgresql://db.example.com/app?sslmode=prefer",
    good="DATABASE_URL=postgresql://db.example.com/app?sslmode=require",
)

TLS_DEMANDED = Rule(
    code="connection-tls-demanded",
    message="{name} does not ask for TLS, but {provider} accepts nothing else: expected {tls}",
    remedy="Change {name} to use {tls}.",
    why="The server closes a connection that doesn't begin with TLS, so the client fails or tries "
    "again without end.",
    bad="REDIS_URL=redis://default:...@eu1-glad-cat-30994.upstash.io:6379",
    good="REDIS_URL=rediss://default:...@eu1-glad-cat-30994.upstash.io:6379",
)

CONNECTION_RULES = (
    SCHEME,
    MALFORMED,
    CHARACTERS,
    UNESCAPED,
    PLACEHOLDER,
    CREDENTIALS,
    CREDENTIALS_MISSING,
    DATABASE_MISSING,
    HOST,
    LOCAL,
    PORT,
    TLS,
    TLS_DEMANDED,
)


_PLACEHOLDER = re.compile(r"[\[<{].*[\]>}]|(?i:your[-_]?(?:\w+[-_])?password)|PASSWORD")


class Connection(Format, frozen=True, kw_only=True):
    """The rules that all connection strings share; each service adds its own."""

    rules: ClassVar[tuple[Rule, ...]] = CONNECTION_RULES
    known: ClassVar[tuple[str, ...]]
    """The schemes of the service, the usual one first."""
    form: ClassVar[str]
    """A connection string with words instead of its parts."""
    default_port: ClassVar[int]
    tls_words: ClassVar[str]
    """How a connection string asks for TLS."""
    part = "database"
    """What the path names."""
    path_form = "segments"
    """What the screen takes for a path: segments, segment, number or nothing."""
    many_hosts = False
    """Whether the service takes several hosts, joined by commas."""
    tls_schemes: ClassVar[tuple[str, ...]] = ()
    """Schemes that ask for TLS; without an option below, an example's has an `s` at its end."""
    tls_options: ClassVar[tuple[str, ...]] = ()
    """The names of the option for TLS, of which the first one given counts."""
    tls_values: ClassVar[tuple[str, ...]] = ("true",)
    """The values of that option that ask for TLS."""
    tls_only: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Regular expressions of hosts that take no connection without TLS, and whose they are."""
    tls_domains: ClassVar[tuple[str, ...]] = ()
    """The domains in which the screen leaves hosts to these, unless the scheme is one of:"""
    tls_safe: ClassVar[tuple[str, ...]] = ()
    tls_example = ""
    """An option that asks for TLS."""
    path_example = "/app"

    schemes: Annotated[
        tuple[str, ...] | None,
        Meta(description="The schemes allowed; by default all that the service has."),
    ] = None
    hosts: Hosts = None
    ports: Annotated[
        tuple[int, ...] | None,
        Meta(description="The ports allowed; a missing port counts as the default one."),
    ] = None
    local: Local = None
    credentials: Annotated[
        Presence,
        Meta(description="Whether a user name and a password are allowed, required or forbidden."),
    ] = "allowed"
    database: Annotated[
        Literal["allowed", "required"],
        Meta(description="Whether a name after the host is required."),
    ] = "allowed"
    tls: Annotated[
        Literal["allowed", "required"], Meta(description="Whether the string must ask for TLS.")
    ] = "allowed"

    @property
    def sensitive(self) -> bool:
        """They hold a password, unless they must not."""
        return self.credentials != "forbidden"

    def problems(self) -> Iterator[tuple[str, str]]:
        for scheme in self.schemes or ():
            if not self._is_known(scheme):
                expected = " or ".join(self.known)
                yield "schemes", f"{scheme!r} is not a scheme of this service: expected {expected}"
        yield from hosts_problems(self.hosts)

    def violations(self, value: str) -> Iterator[Violation]:
        schemes = self.schemes or self.known
        parts = split_url(value)
        if parts is None or not self._is_scheme(parts.scheme):
            expected = " or ".join(f"{scheme}://" for scheme in schemes)
            yield SCHEME.violated(title=self.title, schemes=expected)
            return
        userinfo = parts.userinfo or ""
        password = userinfo.partition(":")[2]
        # An at sign after the host means that a delimiter in the password came before it.
        cut = "@" in parts.path or (parts.userinfo is None and "@" in value)
        if _PLACEHOLDER.fullmatch(password):
            yield PLACEHOLDER.violated()
        elif cut or "@" in userinfo or not percent_encoded(userinfo):
            yield UNESCAPED.violated()
        elif not url_characters(value):
            yield CHARACTERS.violated()
        else:
            yield from self._of_parts(parts)

    def _of_parts(self, parts: UrlParts) -> Iterator[Violation]:
        places = [split_port(place) for place in self.places(parts)]
        if not all(is_host(host) and (port is None or is_port(port)) for host, port in places):
            yield MALFORMED.violated(title=self.title, form=self.form)
            return
        yield from self._credentials(parts)
        if self.database == "required" and len(parts.path) < 2:
            yield DATABASE_MISSING.violated(part=self.part, form=self.form)
        for host, port in places:
            yield from self._place(host, int(port) if port else self.default_port)
        given = options(parts)
        provider = self.tls_only_at(places)
        if provider and self.goes_without_tls(parts, given):
            yield TLS_DEMANDED.violated(provider=provider, tls=self.tls_words)
        elif self.tls == "required" and not self.asks_for_tls(parts, given):
            yield TLS.violated(tls=self.tls_words)
        yield from self.own_violations(parts)

    def screen(self) -> tuple[object, ...] | None:
        chosen = (self.hosts, self.ports, self.credentials, self.tls)
        if chosen != (None, None, "allowed", "allowed") or self.local not in (None, "allowed"):
            return None
        return (
            "connection",
            self.schemes or self.known,
            self.path_form,
            self.database == "required",
            ((*self.tls_domains, "aivencloud.com", "ondigitalocean.com"), self.tls_safe),
        )

    def _is_known(self, scheme: str) -> bool:
        # SQLAlchemy writes the driver after a plus, as in postgresql+asyncpg.
        return scheme in self.known or scheme.partition("+")[0] in self.known

    def _is_scheme(self, scheme: str) -> bool:
        return self._is_known(scheme) if self.schemes is None else scheme in self.schemes

    def asks_for_tls(self, parts: UrlParts, given: dict[str, str]) -> bool:
        """Whether a string asks for TLS by its scheme or its options."""
        chosen = next((given[name] for name in self.tls_options if name in given), "")
        return parts.scheme in self.tls_schemes or chosen.lower() in self.tls_values

    def goes_without_tls(self, parts: UrlParts, given: dict[str, str]) -> bool:
        """Whether no driver would begin with TLS."""
        return not self.asks_for_tls(parts, given)

    def tls_only_at(self, places: list[tuple[str, str | None]]) -> str:
        """Whose the hosts are that take no connection without TLS; empty for others."""
        found = (
            provider
            for host, port in places
            for pattern, provider in self.tls_only
            if re.fullmatch(pattern, f"{host.lower()}:{port or self.default_port}")
        )
        return next(found, "")

    def hosts_in(self, value: str) -> tuple[str, ...]:
        parts = split_url(value)
        if parts is None or self.local is not None:
            return ()
        return tuple(split_port(place)[0] for place in parts.host.split(","))

    def own_violations(self, parts: UrlParts) -> Iterator[Violation]:
        """What is wrong by the rules of this service alone."""
        del parts
        yield from ()

    def places(self, parts: UrlParts) -> list[str]:
        """The hosts, each with its port where one is given."""
        place = parts.host if parts.port is None else f"{parts.host}:{parts.port}"
        if not self.many_hosts:
            return [place]
        # a path, percent-encoded, is that of a socket on this machine
        return ["localhost" if p[:3].lower() == "%2f" else p for p in place.split(",")]

    def _credentials(self, parts: UrlParts) -> Iterator[Violation]:
        if self.credentials == "forbidden" and parts.userinfo is not None:
            yield CREDENTIALS.violated()
        if self.credentials == "required":
            user, _, password = (parts.userinfo or "").partition(":")
            if not password:
                missing = "password" if user else "user name and password"
                yield CREDENTIALS_MISSING.violated(missing=missing, form=self.form)

    def _place(self, host: str, port: int) -> Iterator[Violation]:
        if not host_allowed(host, self.hosts):
            yield HOST.violated(hosts=" or ".join(self.hosts or ()))
        if self.local == "forbidden" and is_local(host):
            yield LOCAL.violated()
        elif self.local == "network" and is_loopback(host):
            yield LOCAL.violated(case="network")
        if self.ports is not None and port not in self.ports:
            yield PORT.violated(ports=" or ".join(map(str, self.ports)))

    def example(self) -> str:
        """A host for documentation (RFC 2606), with a password that is obviously not real."""
        scheme = (self.schemes or self.known)[0]
        host = self.hosts[0].replace("*", "db") if self.hosts else "service.example.com"
        credentials = "" if self.credentials == "forbidden" else "app:password@"
        port = self.ports[0] if self.ports else self.default_port
        if self.tls == "required" and not self.tls_example and self.schemes is None:
            scheme += "s"
        tls = f"?{self.tls_example}" if self.tls == "required" and self.tls_example else ""
        path = self.path_example or ("/app" if self.database == "required" else "")
        place = host if scheme.endswith("+srv") else f"{host}:{port}"
        return f"{scheme}://{credentials}{place}{path}{tls}"


def options(parts: UrlParts) -> dict[str, str]:
    """The options after the question mark, with names in lower case."""
    pairs = parse_qsl(parts.query or "", keep_blank_values=True)
    return {name.lower(): value for name, value in pairs}
