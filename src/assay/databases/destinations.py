"""Where a database's credentials would be sent, judged before anything is sent there.

A secret of the process may not follow an address that a file of the project gives: whoever can
change the file would get the secret. So the spec has to pin the host, or nothing is contacted.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, NamedTuple

from assay.databases.model import Refused
from assay.facts import Setting, Unobservable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assay.databases.base import Backend

NOT_LISTED = "database-host-not-listed"
IN_CLEAR = "database-key-in-clear"
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
"""A host in its normal spelling; networks of containers have names with underscores."""
_UNKNOWN_HOST = "another host"
"""What a host is called that holds what a file took from the process, which may be a secret."""


class Destination(NamedTuple):
    """What a backend would contact with the credentials of its variables."""

    hosts: tuple[str, ...]
    """Names, addresses, and folders of sockets, as the driver gets them."""
    encrypted: bool = True
    """Whether nobody on the way can read the credentials; true where the driver decides that."""
    ambient: str = ""
    """What else of this machine is sent as a password, in words; empty where there is nothing."""


def normal(host: str) -> str:
    """A host in the one spelling in which hosts are compared."""
    name = host.lower().removesuffix(".").strip("[]")
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return name
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


def is_this_machine(host: str) -> bool:
    """Whether a host is the machine that assay runs on: a socket, localhost, a loopback address."""
    name = normal(host)
    if name.startswith(("/", "@")) or name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


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
    """Why a text pins no host; empty where it does."""
    if not host.isascii():
        return "hosts are compared in ASCII: write it as URLs do, beginning with `xn--`"
    below = host.startswith("*.")
    name = normal(host.removeprefix("*."))
    if below and name and "." not in name:
        return f"`{host}` would let in hosts of anyone: name at least two labels after `*.`"
    if _NAME.fullmatch(name) and not (below and _is_number(name)):
        return ""
    if _is_ipv6(name) and not below:
        return ""
    return (
        "expected the name of a host without scheme, port and path, such as db.example.com, or "
        "`*.example.com` for all below it"
    )


def _is_number(name: str) -> bool:
    return name.replace(".", "").isdigit()


def _is_ipv6(name: str) -> bool:
    try:
        return bool(ipaddress.IPv6Address(name))
    except ValueError:
        return False


def barrier(
    name: str,
    backend: Backend,
    destination: Destination,
    hosts: Sequence[str],
    settings: Mapping[str, Setting],
) -> Refused | Unobservable | None:
    """Why a database must not be contacted; None where it may be.

    `name` is that of the database, `hosts` are those that the spec pins, and `settings` those of
    the backend's variables, all of which are readable.
    """
    away = [host for host in destination.hosts if not is_this_machine(host)]
    if not away:
        return None
    address, *_ = backend.variables
    where = settings[address]
    shown = _UNKNOWN_HOST if where.borrowed else away[0]
    if not destination.encrypted:
        return Refused(code=IN_CLEAR, values={"host": shown})
    if hosts:
        others = [host for host in away if not is_listed(host, hosts)]
        if not others:
            return None
        host = _UNKNOWN_HOST if where.borrowed else others[0]
        return Refused(code=NOT_LISTED, values={"host": host, "listed": " or ".join(hosts)})
    if not where.in_project:
        return None
    secret = _secret_of_the_process(backend, destination, settings)
    if not secret:
        return None
    right = "HOST" if where.borrowed else away[0]
    return Unobservable(
        reason=f"its address is {address} in {where.source}, but {secret}: whoever can change that "
        "file could have the secret sent anywhere",
        remedy=f"If {right} is the right host, add `hosts: [{', '.join(dict.fromkeys(away))}]` to "
        f"{name} under `databases` in the spec."
        if right != "HOST"
        else f"Add `hosts: [HOST]` to {name} under `databases` in the spec, with the host that the "
        f"secret may be sent to.",
    )


def _secret_of_the_process(
    backend: Backend, destination: Destination, settings: Mapping[str, Setting]
) -> str:
    """What of the process, or of this machine, would be sent there, in words."""
    for variable in backend.variables:
        setting = settings[variable]
        if not setting.in_project:
            return f"{variable} comes from {setting.source or 'elsewhere'}"
        if setting.borrowed:
            return f"{variable} takes the value of {setting.borrowed[0]} from the process"
    return f"the password comes from {destination.ambient}" if destination.ambient else ""
