"""Names of hosts as URLs, addresses and e-mail share them (RFC 1123, section 2.1)."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from typing import Annotated

from msgspec import Meta

Hosts = Annotated[
    tuple[str, ...] | None,
    Meta(
        description="The hosts allowed; `*.example.com` matches every name below it.",
        examples=[["api.example.com", "*.example.org"]],
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
