"""Reads one ciphertext from standard input."""

from __future__ import annotations

from binascii import unhexlify
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from assay.errors import UsageError
from assay.redacted import redacted

if TYPE_CHECKING:
    from assay.cli.streams import Streams

LARGEST = 2**20
"""Bytes; nothing longer is a credential."""


@redacted()
class GivenCell(NamedTuple):
    """The complete input, and the same without a trailing newline."""

    data: bytes
    body: bytes

    @property
    def ended(self) -> bool:
        """Whether the input ended with a newline."""
        return self.body + b"\n" == self.data or self.body + b"\r\n" == self.data


def _bare(body: bytes) -> bytes:
    """The bytes that psql prints as hex digits after a backslash and an x."""
    if body.startswith(b"\\x"):
        with suppress(ValueError):
            return unhexlify(body[2:])
    return body


def ciphertext(source: str, streams: Streams) -> GivenCell:
    """The ciphertext on standard input, and whether a newline follows it.

    Raises:
        UsageError: standard input is empty or too large.

    """
    if source != "-":
        raise UsageError(
            "the ciphertext is read from standard input, never from the command line",
            "Pipe it: `assay credentials explain - < FILE`.",
        )
    if streams.stdin.isatty():
        raise UsageError(
            "standard input is a terminal",
            "Pipe the ciphertext: `assay credentials explain - < FILE`.",
        )
    buffer = getattr(streams.stdin, "buffer", None)
    if buffer is None:
        data = streams.stdin.read(LARGEST + 2).encode("utf-8", "surrogateescape")
    else:
        data = buffer.read(LARGEST + 2)
    body = data.removesuffix(b"\n").removesuffix(b"\r")
    if not body.strip():
        raise UsageError(
            "standard input is empty", "Pipe the ciphertext: `assay credentials explain - < FILE`."
        )
    if len(body) > LARGEST:
        raise UsageError(
            "standard input is too large to be a credential: more than 1 MiB",
            "Pipe a single value.",
        )
    return GivenCell(data, _bare(body))
