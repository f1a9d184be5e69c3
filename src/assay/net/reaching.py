"""Names to addresses and addresses to connections, with a limit, and each failure told apart."""

from __future__ import annotations

import socket
from typing import Any

from assay.net.faults import NetworkFault, fault_of
from assay.net.patience import Deadline, Late, in_time


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
        raise NetworkFault.timed_out(where, deadline.seconds) from None
    if not found:
        raise NetworkFault("name-not-resolved", host=where)
    return [(int(entry[0]), entry[4]) for entry in found]


def reachable(host: str, port: int, deadline: Deadline) -> None:
    """Connect, and hang up.

    Raises:
        NetworkFault: the name is not known, nothing listens, or nobody answers in time.

    """
    where = shown(host, port)
    last = NetworkFault("name-not-resolved", host=where)
    for family, address in resolved(host, port, deadline):
        with socket.socket(family, socket.SOCK_STREAM) as made:
            made.settimeout(deadline.left)
            try:
                made.connect(address)
            except TimeoutError:
                last = NetworkFault.timed_out(where, deadline.seconds)
            except OSError as error:
                failed = NetworkFault("failed", host=where, state=type(error).__name__)
                last = fault_of(error, where) or failed
            else:
                return
    raise last
