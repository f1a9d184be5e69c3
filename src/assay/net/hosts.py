"""Hosts: one spelling of each, which are this machine, and which a spec pins."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
"""A host in its normal spelling; networks of containers have names with underscores."""


def normal(host: str) -> str:
    """A host in the one spelling in which hosts are compared."""
    name = host.lower().removesuffix(".").strip("[]")
    address = _address(name)
    return str(getattr(address, "ipv4_mapped", None) or address or name)


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def is_this_machine(host: str) -> bool:
    """Whether a host is the machine that assay runs on: a socket, localhost, a loopback address."""
    name = normal(host)
    if name.startswith(("/", "@")) or name == "localhost":
        return True
    address = _address(name)
    return address is not None and address.is_loopback


def is_listed(host: str, hosts: Sequence[str]) -> bool:
    """Whether a host is one of `hosts`; `*.example.com` stands for every name below it."""
    name = normal(host)
    for pattern in map(normal, hosts):
        if pattern.startswith("*."):
            if name.endswith(pattern[1:]) and _NAME.fullmatch(name):
                return True
        elif name == pattern:
            return True
    return False


def pin_problem(host: str) -> str:
    """Why a text pins no host; empty if it does."""
    if not host.isascii():
        return "hosts are compared in ASCII: write it as URLs do, beginning with `xn--`"
    below = host.startswith("*.")
    name = normal(host.removeprefix("*."))
    if below and name and "." not in name:
        return f"`{host}` would let in hosts of anyone: name at least two labels after `*.`"
    if _NAME.fullmatch(name) and not (below and name.replace(".", "").isdigit()):
        return ""
    if _address(name) is not None and not below:
        return ""
    return (
        "expected the name of a host without scheme, port and path, such as db.example.com, or "
        "`*.example.com` for all below it"
    )
