"""A way to a server that falls silent, or trickles, at any point of the conversation."""

from __future__ import annotations

import socket
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Relay:
    """Passes on what a server sends until `messages` of its have come, and then nearly nothing.

    `pause` is the time between two bytes after that; nothing at all comes if it's 0.
    """

    def __init__(self, port: int, *, messages: int, pause: float) -> None:
        self._port = port
        self._left = messages
        self._pause = pause
        self._over = Event()
        self.reached = False
        """Whether it came to that."""
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]

    def serve(self) -> None:
        while True:
            try:
                made, _ = self.listening.accept()
            except OSError:
                return
            there = socket.create_connection(("127.0.0.1", self._port))
            Thread(target=self._up, args=(made, there), daemon=True).start()
            Thread(target=self._down, args=(there, made), daemon=True).start()

    def _up(self, made: socket.socket, there: socket.socket) -> None:
        with suppress(OSError):
            while data := made.recv(65536):
                there.sendall(data)
        with suppress(OSError):
            there.shutdown(socket.SHUT_RDWR)

    def _down(self, there: socket.socket, made: socket.socket) -> None:
        with suppress(OSError), made, there:
            while not self._over.is_set():
                if not (head := self._exactly(there, 5)):
                    return
                whole = head + self._exactly(there, int.from_bytes(head[1:], "big") - 4)
                if self._left > 0:
                    self._left -= 1
                    made.sendall(whole)
                    continue
                self.reached = True
                for byte in whole:
                    if self._over.wait(self._pause or 60):
                        return
                    made.sendall(bytes([byte]))

    @staticmethod
    def _exactly(there: socket.socket, count: int) -> bytes:
        data = b""
        while len(data) < count:
            more = there.recv(count - len(data))
            if not more:
                return b""
            data += more
        return data

    def stop(self) -> None:
        """Fall silent, or begin to trickle, with the next message."""
        self._left = 0

    def close(self) -> None:
        self._over.set()
        with suppress(OSError):
            self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()


@contextmanager
def relayed(port: int, *, messages: int, pause: float) -> Iterator[Relay]:
    """A relay that runs until the end of the block."""
    relay = Relay(port, messages=messages, pause=pause)
    Thread(target=relay.serve, daemon=True).start()
    try:
        yield relay
    finally:
        relay.close()
