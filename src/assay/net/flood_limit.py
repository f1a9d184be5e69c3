"""Cuts a connection off when its server is silent for too long, or sends too much.

A driver takes an answer in before it gives any of it to us: libpq allots up to a gigabyte for one
value if the server says that it has one. A server that does not do what our statements ask can be
stopped only from beside, by what the kernel has received for the connection.
"""

from __future__ import annotations

import os
import socket
import struct
import sys
from contextlib import contextmanager, suppress
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

TICK = 0.02
"""Seconds between two looks."""
_RECEIVED = 128
"""The offset of `tcpi_bytes_received` in `struct tcp_info` of Linux, linux/tcp.h."""


class Watched:
    """What became of a connection."""

    def __init__(self) -> None:
        self.late: bool = False
        self.flooded: int = 0
        """The bytes that it may have sent, if it sent more."""

    @contextmanager
    def within(self, descriptor: int, seconds: float, most: int) -> Iterator[None]:
        """Cut the socket of a descriptor off after some seconds, or more than `most` bytes."""
        with socket.socket(fileno=os.dup(descriptor)) as own:
            done = Event()
            watching = Thread(target=self._watch, args=(own, done, seconds, most), daemon=True)
            watching.start()
            try:
                yield
            finally:
                done.set()
                watching.join()

    def _watch(self, own: socket.socket, done: Event, seconds: float, most: int) -> None:
        until = monotonic() + seconds
        begin = received(own)
        while not done.wait(TICK):
            if begin is not None and ((received(own) or 0) - begin) > most:
                self.flooded = most
            elif monotonic() > until:
                self.late = True
            else:
                continue
            with suppress(OSError):  # the driver waits for it in another thread, and sees its end
                own.shutdown(socket.SHUT_RDWR)
            return


def received(own: socket.socket) -> int | None:
    """How many bytes the kernel has received for a TCP connection; None if it doesn't say."""
    if sys.platform != "linux":  # pragma: no cover - there the drivers alone set limits
        return None
    try:
        told = own.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _RECEIVED + 8)
    except OSError:  # a socket of a different family
        return None
    if len(told) < _RECEIVED + 8:  # pragma: no cover - kernels before 4.1
        return None
    return int(struct.unpack_from("=Q", told, _RECEIVED)[0])
