"""Names of hosts as URLs, addresses and e-mail share them (RFC 1123), and addresses of IP."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from assay.formats.base import Format, Permission
from assay.model import Rule, Violation

IP_MALFORMED = Rule(
    code="ip-malformed",
    message="{name} is not an IP address: expected one such as 192.0.2.10 or 2001:db8::10",
    remedy="Set {name} to the address alone, without a port, a scheme or a prefix length.",
    why="The program passes the value to the socket library, which rejects it at startup.",
    bad="BIND=10.0.0.256",
    good="BIND=10.0.0.25",
)
IP_VERSION = Rule(
    code="ip-version",
    message="{name} is an address of the wrong IP version: expected {expected}",
    remedy="Set {name} to an {expected} address.",
    why="A socket of one IP version can't use addresses of the other.",
)
IP_SCOPE = Rule(
    code="ip-scope",
    message="{name} has the wrong scope: expected a {scope} address",
    remedy="Set {name} to a {scope} address.",
    why="A private address can't be reached from outside, and a public one exposes an internal "
    "service.",
    bad="PUBLIC_IP=10.0.0.5",
)
CIDR_MALFORMED = Rule(
    code="cidr-malformed",
    message="{name} is not a network: expected one such as 10.0.0.0/8 or 2001:db8::/32",
    remedy="Set {name} to the network's first address, a slash, and the prefix length.",
    why="An allow list that can't be parsed blocks either everyone or no one.",
    bad="ALLOWED_NETWORK=10.0.0.0/33",
    good="ALLOWED_NETWORK=10.0.0.0/24",
)
CIDR_PREFIX_MISSING = Rule(
    code="cidr-prefix-missing",
    message="{name} is an address without a prefix length: expected a network such as 10.0.0.0/8",
    remedy="Append the prefix length to {name}; for a single address that is /32 (IPv6: /128).",
    why="Programs disagree on whether a bare address means one host or a classful network.",
    bad="ALLOWED_NETWORK=10.0.0.7",
    good="ALLOWED_NETWORK=10.0.0.7/32",
)
CIDR_HOST_BITS = Rule(
    code="cidr-host-bits",
    message="{name} has bits set after its prefix: expected the network's first address",
    remedy="Set the host part of {name} to zero, or use a longer prefix.",
    why="Strict parsers (PostgreSQL, Python, Terraform) reject it; others silently widen it to "
    "the full network.",
    bad="ALLOWED_NETWORK=10.0.0.7/24",
    good="ALLOWED_NETWORK=10.0.0.0/24",
)
CIDR_VERSION = Rule(
    code="cidr-version",
    message="{name} is a network of the wrong IP version: expected {expected}",
    remedy="Set {name} to an {expected} network.",
    why="A firewall rule for one IP version never matches packets of the other.",
)
CIDR_TOO_WIDE = Rule(
    code="cidr-too-wide",
    message="{name} is too wide a network: expected a prefix of /{prefix} or longer",
    remedy="Narrow {name} to the addresses that need access.",
    why="Every address in the network is let in, including strangers'.",
    bad="ALLOWED_NETWORK=0.0.0.0/0",
)

Versions = Annotated[
    tuple[Literal[4, 6], ...],
    Meta(description="The IP versions allowed.", examples=[[4]], min_length=1),
]
Hosts = Annotated[
    tuple[str, ...] | None,
    Meta(
        description="The hosts allowed; `*.example.com` matches every name below it.",
        examples=[["api.example.com", "*.example.org"]],
    ),
]

Local = Annotated[
    Literal["allowed", "network", "forbidden"] | None,
    Meta(
        description="Whether the host may be this machine (localhost) or in a private network. "
        "`network` takes names and addresses of a private network, such as a service of "
        "compose.yaml, but not this machine. By default, this machine is reported in live "
        "environments only."
    ),
]

_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_SUFFIXES = (".localhost", ".local", ".internal", ".test")


def is_hostname(text: str) -> bool:
    """Whether a text is a host's name in ASCII, or an IPv4 address in dotted form."""
    plain = len(text) <= 253 and _NAME.fullmatch(text) is not None
    return plain and (not text.rpartition(".")[2].isdigit() or is_ipv4(text))


def is_host(text: str) -> bool:
    """Whether a text is a host's name or an address; IPv6 in the brackets that URLs need."""
    if text.startswith("[") and text.endswith("]"):
        return is_ipv6(text[1:-1])
    return is_hostname(text)


def is_ipv4(text: str) -> bool:
    """Whether a text is an IPv4 address of four numbers without leading zeros."""
    return _is_address(text, ipaddress.IPv4Address)


def is_ipv6(text: str) -> bool:
    """Whether a text is an IPv6 address, without brackets."""
    return _is_address(text, ipaddress.IPv6Address)


def _is_address(text: str, version: Callable[[str], object]) -> bool:
    try:
        version(text)
    except ValueError:
        return False
    return True


def is_port(text: str) -> bool:
    """Whether a text is a port from 1 to 65535."""
    return text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= 65535


def is_local(host: str) -> bool:
    """Whether a host is only reachable from the same machine or network."""
    name = host.strip("[]").lower()
    if is_ipv4(name) or is_ipv6(name):
        return not ipaddress.ip_address(name).is_global
    return name == "localhost" or name.endswith(_SUFFIXES) or "." not in name


def is_loopback(host: str) -> bool:
    """Whether a host is this machine (RFC 6761)."""
    name = host.strip("[]").lower()
    if is_ipv4(name) or is_ipv6(name):
        return ipaddress.ip_address(name).is_loopback
    return name == "localhost" or name.endswith(".localhost")


def host_allowed(host: str, allowed: tuple[str, ...] | None) -> bool:
    """Whether a host is one of `allowed`; `*.example.com` allows every name below it."""
    name = host.lower()
    return allowed is None or any(
        name == good or (good.startswith("*.") and name.endswith(good[1:]))
        for good in map(str.lower, allowed)
    )


def hosts_problems(hosts: tuple[str, ...] | None) -> Iterator[tuple[str, str]]:
    """Why the parameter `hosts` can't be right; see `Format.problems`."""
    bad = next((host for host in hosts or () if not is_host(host.removeprefix("*."))), None)
    if bad is not None:
        yield "hosts", f"{bad!r} is not a host name: expected a name such as api.example.com"
    elif hosts == ():
        yield "hosts", "the list is empty: expected one or more hosts"


class Ip(Format, frozen=True, kw_only=True, tag="ip"):
    """An IPv4 or IPv6 address."""

    title = "an IP address"
    named_like = r"(?:^|_)(?:HOST|HOSTNAME|DOMAIN|SERVER|IP|ADDR|ADDRESS|BIND|LISTEN)$"
    begins_like = r"[\d.]+$|.*:.*:"
    rules: ClassVar[tuple[Rule, ...]] = (IP_MALFORMED, IP_VERSION, IP_SCOPE)

    versions: Versions = (4, 6)
    scope: Annotated[
        Literal["any", "public", "private"],
        Meta(description="Whether the address must be public or private."),
    ] = "any"

    def violations(self, value: str) -> Iterator[Violation]:
        try:
            address = ipaddress.ip_address(value)
        except ValueError:
            yield IP_MALFORMED.violated()
            return
        if address.version not in self.versions:
            yield IP_VERSION.violated(expected=_named(self.versions))
        elif self.scope != "any" and address.is_global is not (self.scope == "public"):
            yield IP_SCOPE.violated(scope=self.scope)

    def example(self) -> str:
        """Loopback or documentation addresses; public resolvers where they must be public."""
        if self.scope == "public":
            return "9.9.9.9" if 4 in self.versions else "2620:fe::fe"
        return "192.0.2.10" if 4 in self.versions else "2001:db8::10"

    def screen(self) -> tuple[object, ...] | None:
        if 4 not in self.versions or self.scope != "any":
            return None
        return ("match", r"(?:(?:1?[1-9]?[0-9]|10[0-9])\.){3}(?:1?[1-9]?[0-9]|10[0-9])")


class Cidr(Format, frozen=True, kw_only=True, tag="cidr"):
    """A network as an address and a prefix length."""

    title = "a network in CIDR form"
    named_like = r"(?:^|_)(?:CIDRS?|SUBNET|NETWORK)$"
    begins_like = r".*/"
    rules: ClassVar[tuple[Rule, ...]] = (
        CIDR_MALFORMED,
        CIDR_PREFIX_MISSING,
        CIDR_HOST_BITS,
        CIDR_VERSION,
        CIDR_TOO_WIDE,
    )

    versions: Versions = (4, 6)
    host_bits: Annotated[
        Permission, Meta(description="Whether bits after the prefix may be set, as in 10.0.0.7/24.")
    ] = "forbidden"
    min_prefix: Annotated[
        Annotated[int, Meta(ge=0, le=128)] | None,
        Meta(description="The shortest prefix allowed, which is the widest network."),
    ] = None

    def violations(self, value: str) -> Iterator[Violation]:
        prefix = value.partition("/")[2]
        # Netmasks instead of a prefix length, which ipaddress would take, are not CIDR.
        good = "%" not in value and ("/" not in value or (prefix.isascii() and prefix.isdigit()))
        try:
            address = ipaddress.ip_interface(value if good else "")
        except ValueError:
            yield CIDR_MALFORMED.violated()
            return
        network = address.network
        if "/" not in value:
            yield CIDR_PREFIX_MISSING.violated()
        if self.host_bits == "forbidden" and address.ip != network.network_address:
            yield CIDR_HOST_BITS.violated()
        if network.version not in self.versions:
            yield CIDR_VERSION.violated(expected=_named(self.versions))
        if self.min_prefix is not None and network.prefixlen < self.min_prefix:
            yield CIDR_TOO_WIDE.violated(prefix=self.min_prefix)

    def example(self) -> str:
        """A network for documentation (RFC 5737, RFC 3849), as narrow as it must be."""
        if 4 in self.versions:
            return f"192.0.2.0/{min(max(24, self.min_prefix or 0), 32)}"
        return f"2001:db8::/{max(32, self.min_prefix or 0)}"


def _named(versions: tuple[int, ...]) -> str:
    return " or ".join(f"IPv{version}" for version in versions)
