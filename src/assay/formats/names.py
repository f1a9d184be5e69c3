"""Names of hosts, addresses of services, and e-mail addresses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from msgspec import Meta

from assay.formats.base import Format, Permission
from assay.formats.hosts import host_allowed, hosts_problems, is_host, is_hostname, is_ipv4, is_port
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
    remedy="Remove the scheme and everything after the host from {name}.",
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
    remedy="Keep only the part of {name} between the angle brackets.",
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

Hosts = Annotated[
    tuple[str, ...] | None,
    Meta(
        description="The hosts allowed; `*.example.com` matches every name below it.",
        examples=[["api.example.com", "*.example.org"]],
    ),
]

_LOCAL = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~."
)


class Hostname(Format, frozen=True, kw_only=True, tag="hostname"):
    """The name of a host (RFC 1123), or its IPv4 address."""

    title = "a host name"
    example_is_reserved = True
    named_like = r"(?:^|_)(?:HOST|HOSTNAME|DOMAIN|SERVER)$"
    rules = (
        *(HOSTNAME_MALFORMED, HOSTNAME_URL, HOSTNAME_PORT, HOSTNAME_UNQUALIFIED),
        HOSTNAME_NOT_ALLOWED,
    )

    hosts: Hosts = None
    qualified: Annotated[
        bool,
        Meta(description="Whether the name must have a domain; addresses are then not allowed."),
    ] = False

    def problems(self) -> Iterator[tuple[str, str]]:
        """Hosts that are not hosts."""
        yield from hosts_problems(self.hosts)

    def violations(self, value: str) -> Iterator[Violation]:
        """Name the usual mix-ups first, then judge the name."""
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

    def example(self) -> str:
        """The first of the hosts, else a name for documentation (RFC 2606)."""
        return self.hosts[0].replace("*", "api") if self.hosts else "api.example.com"

    def screen(self) -> tuple[object, ...] | None:
        """Any host, if the spec does not restrict it."""
        return None if self.qualified or self.hosts is not None else ("host",)


class Address(Format, frozen=True, kw_only=True, tag="address"):
    """A host and a port, as in `kafka.example.com:9092`."""

    title = "a host and port"
    screened = ("match", r"(?:[a-z0-9]{1,24}\.){0,6}[a-z](?:[a-z-]{0,20}[a-z])?:[1-9][0-9]{0,3}")
    """Up to seven short labels, the last one without digits."""
    sample = "service.example.com:8080"
    """A name for documentation (RFC 2606)."""
    named_like = r"(?:^|_)(?:HOST|SERVER|ADDR|ADDRESS|BIND|LISTEN|ENDPOINT|BROKER)$"
    begins_like = r".*:\d+$"
    rules = (ADDRESS_MALFORMED, ADDRESS_PORT_MISSING)

    wildcard: Annotated[
        bool, Meta(description="Whether the host may be omitted, as in addresses to listen on.")
    ] = False

    def violations(self, value: str) -> Iterator[Violation]:
        """A host, a colon, a port."""
        host, colon, port = value.rpartition(":")
        if is_host(value):
            yield ADDRESS_PORT_MISSING.violated()
        elif not colon or not is_port(port) or not (is_host(host) or (self.wildcard and not host)):
            yield ADDRESS_MALFORMED.violated()


class Email(Format, frozen=True, kw_only=True, tag="email"):
    """An e-mail address (RFC 5321), in ASCII and with a full domain."""

    title = "an email address"
    example_is_reserved = True
    rules = (EMAIL_MALFORMED, EMAIL_DISPLAY_NAME, EMAIL_DOMAIN)

    hosts: Hosts = None
    display_name: Annotated[
        Permission,
        Meta(
            description="Whether a display name, as in `Billing <billing@example.com>`, is allowed."
        ),
    ] = "forbidden"

    def problems(self) -> Iterator[tuple[str, str]]:
        """Domains that are not domains."""
        yield from hosts_problems(self.hosts)

    def violations(self, value: str) -> Iterator[Violation]:
        """The display name, then the address, then its domain."""
        display, bracket, rest = value.partition("<")
        address = rest[:-1] if bracket and rest.endswith(">") else value
        if "<" in address or not _is_email(address) or not display.isprintable():
            yield EMAIL_MALFORMED.violated()
        elif address != value and self.display_name == "forbidden":
            yield EMAIL_DISPLAY_NAME.violated()
        elif not host_allowed(address.rpartition("@")[2], self.hosts):
            yield EMAIL_DOMAIN.violated(hosts=" or ".join(self.hosts or ()))

    def value_schema(self) -> dict[str, Any]:
        """An @ between two texts without white space, and a display name if that is good."""
        address = r"[^@\s<>]+@[^@\s<>]+"
        named = rf"(?:{address}|[^@]*<{address}>)"
        return {"pattern": f"^{named if self.display_name == 'allowed' else address}$"}

    def example(self) -> str:
        """A name for documentation (RFC 2606)."""
        return f"ops@{self.hosts[0].replace('*', 'mail') if self.hosts else 'example.com'}"

    def screen(self) -> tuple[object, ...] | None:
        """Plain addresses, if the domain does not matter."""
        return None if self.hosts is not None else ("email",)


def _is_email(text: str) -> bool:
    local, _, domain = text.rpartition("@")
    if not 0 < len(local) <= 64 or len(text) > 254 or not _LOCAL.issuperset(local):
        return False
    if local[0] == "." or local[-1] == "." or ".." in local:
        return False
    return "." in domain and is_hostname(domain) and not is_ipv4(domain)
