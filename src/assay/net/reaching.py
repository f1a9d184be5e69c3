"""Names to addresses and addresses to connections, with a limit, and each failure told apart."""

from __future__ import annotations

import errno
import socket
from contextlib import closing
from typing import TYPE_CHECKING, Any

from assay.net.faults import NetworkFault
from assay.net.patience import Late, in_time
from assay.words import in_seconds

if TYPE_CHECKING:
    from assay.net.patience import Deadline

UNREACHABLE = frozenset((errno.ENETUNREACH, errno.EHOSTUNREACH))
"""What a system says of an address to which no route leads, as of IPv6 on a machine without it."""


def shown(host: str, port: int) -> str:
    """`host:port`, with an IPv6 address in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def resolved(host: str, port: int, deadline: Deadline) -> list[tuple[int, Any]]:
    """The addresses of a host, as families and socket addresses.

    Raises:
        NetworkFault: there are none, or the name service does not answer in time.

    """

    def look_up() -> list[Any]:
        try:
            return list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError):
            return []

    where = shown(host, port)
    try:
        found = in_time(look_up, deadline.left)  # getaddrinfo knows no limit of its own
    except Late:
        seconds = in_seconds(deadline.seconds)
        raise NetworkFault("timed-out", host=where, seconds=seconds) from None
    if not found:
        raise NetworkFault("name-not-resolved", host=where)
    return [(int(entry[0]), entry[4]) for entry in found]


def connected(host: str, port: int, deadline: Deadline) -> socket.socket:
    """An open connection; the caller closes it. Its time limit is what is left.

    Raises:
        NetworkFault: the name is not known, nothing listens, or nobody answers in time.

    """
    last: NetworkFault | None = None
    for family, address in resolved(host, port, deadline):
        made = socket.socket(family, socket.SOCK_STREAM)
        made.settimeout(deadline.left)
        try:
            made.connect(address)
        except OSError as error:
            made.close()
            last = _fault(error, shown(host, port), deadline)
        else:
            return made
    raise last or NetworkFault("name-not-resolved", host=shown(host, port))


def _fault(error: OSError, host: str, deadline: Deadline) -> NetworkFault:
    if isinstance(error, TimeoutError):
        return NetworkFault("timed-out", host=host, seconds=in_seconds(deadline.seconds))
    if isinstance(error, ConnectionRefusedError):
        return NetworkFault("connection-refused", host=host)
    if error.errno in UNREACHABLE:
        return NetworkFault("network-unreachable", host=host)
    return NetworkFault("failed", host=host, state=type(error).__name__)


def reachable(host: str, port: int, deadline: Deadline) -> str:
    """The address that answers, so that a driver need not look it up again.

    Raises:
        NetworkFault: see `connected`.

    """
    with closing(connected(host, port, deadline)) as made:
        return str(made.getpeername()[0])
