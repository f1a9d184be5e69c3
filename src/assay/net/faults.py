"""What can keep a server from being reached, or from answering."""

from __future__ import annotations


class NetworkFault(Exception):  # noqa: N818 - an answer of the world, not an error of ours
    """A server is not reached, or doesn't answer. It never holds a library's own message.

    `code` is one of `connection-refused`, `failed`, `name-not-resolved`, `network-unreachable`,
    `timed-out`, `tls-failed` and `connection-lost`; `values` always have the `host`.
    """

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.code = code
        self.values = values
