"""Names of hosts, addresses of services, e-mail and Git repositories."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta

from assay.formats.base import Format, Permission
from assay.formats.hosts import (
    Hosts,
    Local,
    host_allowed,
    hosts_problems,
    is_host,
    is_hostname,
    is_ipv4,
    is_local,
    is_loopback,
    is_port,
)
from assay.formats.urls import split_url, url_characters
from assay.model import Rule, Violation

HOSTNAME_MALFORMED = Rule(
    code="hostname-malformed",
    message="{name} is not a host name: expected letters, digits and hyphens joined by dots",
    remedy="Set {name} to a host name alone; write a non-ASCII name in its xn-- form.",
    why="The resolver rejects the name, so every connection fails (RFC 1123, section 2.1).",
    bad="DB_HOST=db_primary.example.com",
    good="DB_HOST=db-primary.example.com",
)
HOSTNAME_URL = Rule(
    code="hostname-url",
    message="{name} is a URL: expected only the host name",
    remedy="Remove the scheme, as in https://, and everything after the host from {name}.",
    why="The program adds its own scheme, and the resolver then looks for a host named 'https'.",
    bad="API_HOST=https://api.example.com/",
    good="API_HOST=api.example.com",
)
HOSTNAME_PORT = Rule(
    code="hostname-port",
    message="{name} ends with a port: expected only the host name",
    remedy="Remove the colon and the port from {name}, and set the port in its own variable.",
    why="The resolver takes the colon and the port for part of the name, and finds no such host.",
    bad="DB_HOST=db.example.com:5432",
    good="DB_HOST=db.example.com",
)
HOSTNAME_UNQUALIFIED = Rule(
    code="hostname-unqualified",
    message="{name} is an unqualified name or an address: expected a full name such as "
    "db.example.com",
    remedy="Set {name} to the full name of the host, including its domain.",
    why="An unqualified name resolves only on machines with the right search domain.",
)
HOSTNAME_NOT_ALLOWED = Rule(
    code="hostname-not-allowed",
    message="{name} is the wrong host: expected {hosts}",
    remedy="Set {name} to {hosts}.",
    why="The application would talk to a host that the spec does not list.",
)
HOSTNAME_LOCAL = Rule(
    code="hostname-local",
    message="{name} is this machine or in a private network: expected a public host",
    messages={"network": "{name} is this machine: expected a host in the network"},
    remedy="Set {name} to the public name of the host.",
    remedies={
        "network": "Set {name} to the name of the service in the network, such as that in "
        "compose.yaml."
    },
    why="The name is looked up where the program runs, which is a different machine.",
    bad="DB_HOST=localhost",
    good="DB_HOST=db.example.com",
)
ADDRESS_MALFORMED = Rule(
    code="address-malformed",
    message="{name} is not an address: expected host:port, with IPv6 in brackets",
    remedy="Set {name} to a host, a colon and a port, without a scheme or path.",
    why="The program splits the value at its colon, and then can't listen or connect.",
    bad="BROKER=https://kafka.example.com:9092",
    good="BROKER=kafka.example.com:9092",
)
ADDRESS_PORT_MISSING = Rule(
    code="address-port-missing",
    message="{name} has no port: expected host:port",
    remedy="Append a colon and the service's port to {name}.",
    why="There is no default port, so the connection fails.",
    bad="BROKER=kafka.example.com",
    good="BROKER=kafka.example.com:9092",
)
EMAIL_MALFORMED = Rule(
    code="email-malformed",
    message="{name} is not an email address: expected one such as ops@example.com",
    remedy="Set {name} to one address, without spaces.",
    why="The mail server rejects the message, and nobody notices.",
    bad="ALERTS_TO=ops@example",
    good="ALERTS_TO=ops@example.com",
)
EMAIL_DISPLAY_NAME = Rule(
    code="email-display-name",
    message="{name} contains a display name: expected only the address",
    remedy="Keep only the part of {name} between the angle brackets; or, if the application takes "
    "a name as well, declare `display-name: allowed`.",
    why="Mail servers reject it as an envelope address (RFC 5321).",
    bad="MAIL_FROM=Billing <billing@example.com>",
    good="MAIL_FROM=billing@example.com",
)
EMAIL_DOMAIN = Rule(
    code="email-domain",
    message="{name} is an address in the wrong domain: expected {hosts}",
    remedy="Set {name} to an address at {hosts}.",
    why="Mail from a domain that isn't verified with the provider is rejected or marked as spam.",
)

GIT_MALFORMED = Rule(
    code="git-url-malformed",
    message="{name} is not a Git URL: expected https://HOST/PATH or git@HOST:PATH",
    remedy="Copy the address from the repository's Clone or Code button into {name}.",
    why="`git clone` fails because it can't parse the address.",
    bad="REPO=github.com/acme/billing",
    good="REPO=https://github.com/acme/billing.git",
)
GIT_SCHEME = Rule(
    code="git-url-scheme",
    message="{name} uses the wrong protocol: expected {schemes}",
    remedy="Change the address in {name} to use {schemes}.",
    why="SSH needs a key and https a token; git:// and http:// are not protected at all.",
)
GIT_CREDENTIALS = Rule(
    code="git-url-credentials",
    message="{name} contains a password or a token: expected an address without credentials",
    remedy="Remove the password from {name}, and use a credential helper or a deploy key.",
    why="Git writes the address, including the token, to .git/config and to error messages.",
)
GIT_HOST = Rule(
    code="git-url-host",
    message="{name} points to the wrong host: expected {hosts}",
    remedy="Set the host of {name} to {hosts}.",
    why="The application would run code from a host that the spec does not list.",
)

GitScheme = Literal["https", "ssh", "http", "git"]
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")


class Hostname(Format, frozen=True, kw_only=True, tag="hostname"):
    """The name of a host (RFC 1123), or its IPv4 address."""

    title = "a host name"
    example_is_reserved = True
    named_like = r"(?:^|_)(?:HOST|HOSTNAME|DOMAIN|SERVER)$"
    rules: ClassVar[tuple[Rule, ...]] = (
        *(HOSTNAME_MALFORMED, HOSTNAME_URL, HOSTNAME_PORT, HOSTNAME_UNQUALIFIED),
        *(HOSTNAME_NOT_ALLOWED, HOSTNAME_LOCAL),
    )

    hosts: Hosts = None
    qualified: Annotated[
        bool,
        Meta(description="Whether the name must have a domain; addresses are then not allowed."),
    ] = False
    wildcards: Annotated[
        tuple[Literal["*", ".", "*."], ...],
        Meta(
            description="Which patterns are allowed, as in lists of allowed hosts: `*` for any "
            "host, `.` for a domain and all below it (.example.com), `*.` for all below it. "
            "IPv6 addresses in brackets are then allowed as well.",
            examples=[["*", "."]],
        ),
    ] = ()
    local: Local = None

    def problems(self) -> Iterator[tuple[str, str]]:
        yield from hosts_problems(self.hosts)

    def violations(self, value: str) -> Iterator[Violation]:
        """Name the usual mix-ups first, then judge the name."""
        if self._is_pattern(value):
            return
        name, _, port = value.rpartition(":")
        if "://" in value:
            yield HOSTNAME_URL.violated()
        elif is_hostname(name) and port.isascii() and port.isdigit():
            yield HOSTNAME_PORT.violated()
        elif not is_hostname(value):
            yield HOSTNAME_MALFORMED.violated()
        elif self.qualified and ("." not in value or is_ipv4(value)):
            yield HOSTNAME_UNQUALIFIED.violated()
        elif not host_allowed(value, self.hosts):
            yield HOSTNAME_NOT_ALLOWED.violated(hosts=" or ".join(self.hosts or ()))
        elif self.local == "forbidden" and is_local(value):
            yield HOSTNAME_LOCAL.violated()
        elif self.local == "network" and is_loopback(value):
            yield HOSTNAME_LOCAL.violated(case="network")

    def _is_pattern(self, value: str) -> bool:
        if not self.wildcards:
            return False
        start = next((w for w in (".", "*.") if w in self.wildcards and value.startswith(w)), "")
        if value == "*" or start:
            return "*" in self.wildcards if value == "*" else is_hostname(value.removeprefix(start))
        return value.startswith("[") and is_host(value)

    def hosts_in(self, value: str) -> tuple[str, ...]:
        return (value,) if self.local is None and not self.wildcards else ()

    def example(self) -> str:
        return self.hosts[0].replace("*", "api") if self.hosts else "api.example.com"

    def screen(self) -> tuple[object, ...] | None:
        near = self.local in (None, "allowed")
        return ("host",) if near and not self.qualified and self.hosts is None else None


class Address(Format, frozen=True, kw_only=True, tag="address"):
    """A host and a port, as in `kafka.example.com:9092`."""

    title = "a host and port"
    screened: ClassVar[tuple[object, ...] | None] = (
        "match",
        r"(?:[a-z0-9]{1,24}\.){0,6}[a-z](?:[a-z-]{0,20}[a-z])?:[1-9][0-9]{0,3}",
    )
    sample = "service.example.com:8080"
    """A name for documentation (RFC 2606)."""
    named_like = r"(?:^|_)(?:HOST|SERVER|ADDR|ADDRESS|BIND|LISTEN|ENDPOINT|BROKER)$"
    begins_like = r".*:\d+$"
    rules: ClassVar[tuple[Rule, ...]] = (ADDRESS_MALFORMED, ADDRESS_PORT_MISSING)

    wildcard: Annotated[
        bool, Meta(description="Whether the host may be omitted, as in addresses to listen on.")
    ] = False

    def violations(self, value: str) -> Iterator[Violation]:
        host, colon, port = value.rpartition(":")
        if is_host(value):
            yield ADDRESS_PORT_MISSING.violated()
        elif not colon or not is_port(port) or not (is_host(host) or (self.wildcard and not host)):
            yield ADDRESS_MALFORMED.violated()

    def hosts_in(self, value: str) -> tuple[str, ...]:
        return () if self.wildcard else (value.rpartition(":")[0],)


class Email(Format, frozen=True, kw_only=True, tag="email"):
    """An e-mail address (RFC 5321), in ASCII and with a full domain."""

    title = "an email address"
    example_is_reserved = True
    rules: ClassVar[tuple[Rule, ...]] = (EMAIL_MALFORMED, EMAIL_DISPLAY_NAME, EMAIL_DOMAIN)

    hosts: Hosts = None
    display_name: Annotated[
        Permission,
        Meta(
            description="Whether a display name, as in `Billing <billing@example.com>`, is allowed."
        ),
    ] = "forbidden"

    def problems(self) -> Iterator[tuple[str, str]]:
        yield from hosts_problems(self.hosts)

    def violations(self, value: str) -> Iterator[Violation]:
        display, bracket, rest = value.partition("<")
        address = rest[:-1] if bracket and rest.endswith(">") else value
        if "<" in address or not _is_email(address) or not display.isprintable():
            yield EMAIL_MALFORMED.violated()
        elif address != value and self.display_name == "forbidden":
            yield EMAIL_DISPLAY_NAME.violated()
        elif not host_allowed(address.rpartition("@")[2], self.hosts):
            yield EMAIL_DOMAIN.violated(hosts=" or ".join(self.hosts or ()))

    def value_schema(self) -> dict[str, Any]:
        address = r"[^@\s<>]+@[^@\s<>]+"
        named = rf"(?:{address}|[^@]*<{address}>)"
        return {"pattern": f"^{named if self.display_name == 'allowed' else address}$"}

    def example(self) -> str:
        return f"ops@{self.hosts[0].replace('*', 'mail') if self.hosts else 'example.com'}"

    def screen(self) -> tuple[object, ...] | None:
        return None if self.hosts is not None else ("email",)


def _is_email(text: str) -> bool:
    local, _, domain = text.rpartition("@")
    if len(local) > 64 or len(text) > 254 or not _LOCAL.fullmatch(local):
        return False
    return "." in domain and is_hostname(domain) and not is_ipv4(domain)


class GitUrl(Format, frozen=True, kw_only=True, tag="git-url"):
    """The address of a Git repository, as a URL or in the short form of SSH."""

    title = "a Git URL"
    looks_like = r"git@|.*\.git$"
    rules: ClassVar[tuple[Rule, ...]] = (GIT_MALFORMED, GIT_SCHEME, GIT_CREDENTIALS, GIT_HOST)

    schemes: Annotated[
        tuple[GitScheme, ...],
        Meta(description="How the repository is reached.", examples=[["ssh"]], min_length=1),
    ] = ("https", "ssh")
    hosts: Hosts = None
    credentials: Annotated[
        Permission, Meta(description="Whether a password or token before the host is allowed.")
    ] = "forbidden"

    @property
    def sensitive(self) -> bool:
        return self.credentials == "allowed"

    def problems(self) -> Iterator[tuple[str, str]]:
        yield from hosts_problems(self.hosts)

    def violations(self, value: str) -> Iterator[Violation]:
        found = _split_git(value)
        if found is None:
            yield GIT_MALFORMED.violated()
            return
        scheme, userinfo, host = found
        if scheme not in self.schemes:
            yield GIT_SCHEME.violated(schemes=" or ".join(self.schemes))
        # A bare user name is normal in SSH; over https it is mostly a token.
        secret = ":" in userinfo or (userinfo not in ("", "git") and scheme != "ssh")
        if secret and self.credentials == "forbidden":
            yield GIT_CREDENTIALS.violated()
        if not host_allowed(host, self.hosts):
            yield GIT_HOST.violated(hosts=" or ".join(self.hosts or ()))

    def example(self) -> str:
        host = self.hosts[0].replace("*", "git") if self.hosts else "git.example.com"
        if self.schemes[0] == "ssh":
            return f"git@{host}:acme/billing.git"
        return f"{self.schemes[0]}://{host}/acme/billing.git"

    def screen(self) -> tuple[object, ...] | None:
        if "https" not in self.schemes or self.hosts is not None:
            return None
        return ("match", "https://[a-z]{1,20}(?:[.][a-z]{1,20}){1,3}(?:/[A-Za-z0-9_.-]{1,60}){1,4}")


def _split_git(value: str) -> tuple[str, str, str] | None:
    if not url_characters(value):
        return None
    parts = split_url(value)
    if parts is not None:
        good = parts.well_formed and parts.scheme in ("https", "ssh", "http", "git")
        return (parts.scheme, parts.userinfo or "", parts.host) if good and parts.path[1:] else None
    place, colon, path = value.partition(":")
    user, at, host = place.rpartition("@")
    if not colon or not at or not path or path.startswith("//") or not is_host(host):
        return None
    return "ssh", user, host
