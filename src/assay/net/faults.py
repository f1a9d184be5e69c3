"""What can keep a server from being reached, or from answering."""

from __future__ import annotations

import errno
import socket

from assay.words import in_seconds

UNREACHABLE = frozenset((errno.ENETUNREACH, errno.EHOSTUNREACH))
"""What a system says of an address to which no route leads, as of IPv6 on a machine without it."""
REASONS = {
    9: "its certificate is not valid yet",
    10: "its certificate has expired",
    18: "its certificate is self-signed and not trusted",
    19: "its certificate comes from an authority that is not trusted",
    20: "its certificate comes from an authority that is not trusted",
    21: "its certificate comes from an authority that is not trusted",
    23: "its certificate was revoked",
    62: "its certificate is for another host",
    64: "its certificate is for another address",
}
"""Why a certificate is not trusted, by X509_V_ERR codes:
https://docs.openssl.org/master/man3/X509_STORE_CTX_get_error/."""


class NetworkFault(Exception):  # noqa: N818 - an answer of the world, not an error of ours
    """A server is not reached, or doesn't answer. It never holds a library's own message.

    `code` is one of `connection-refused`, `failed`, `name-not-resolved`, `network-unreachable`,
    `timed-out`, `tls-failed` and `connection-lost`; `values` always have the `host`.
    """

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    @classmethod
    def timed_out(cls, host: str, seconds: float) -> NetworkFault:
        """No answer in time."""
        return cls("timed-out", host=host, seconds=in_seconds(seconds))


def fault_of(error: BaseException, host: str) -> NetworkFault | None:
    """What the system's own error means; None if it says no more than that."""
    if isinstance(error, socket.gaierror):
        return NetworkFault("name-not-resolved", host=host)
    if isinstance(error, ConnectionRefusedError):
        return NetworkFault("connection-refused", host=host)
    if isinstance(error, OSError) and error.errno in UNREACHABLE:
        return NetworkFault("network-unreachable", host=host)
    return None
