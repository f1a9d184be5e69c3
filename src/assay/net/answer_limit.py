"""A limit of time on whole answers: httpx limits each read alone, so that a trickle never ends."""

from __future__ import annotations

import socket
from contextlib import contextmanager, suppress
from threading import Lock, Timer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Watch:
    """Knows the connection that answers come over, and cuts it off when their time is over."""

    def __init__(self) -> None:
        self.late: bool = False
        """Whether the time of the last answer was over."""
        self._socket: socket.socket | None = None
        self._lock = Lock()
        self._waits = False

    def traced(self, event: str, info: Mapping[str, Any]) -> None:
        """What httpx shows of its connections: https://www.python-httpx.org/advanced/extensions/."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._socket = info["return_value"].get_extra_info("socket")

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Cut the connection off where what is done with it takes longer."""
        self.late, self._waits = False, True
        timer = Timer(seconds, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            with self._lock:
                self._waits = False
            timer.cancel()

    def _cut(self) -> None:
        with self._lock:
            if not self._waits:
                return
            self.late = True
            if self._socket is not None:
                with suppress(OSError):
                    # that of SSLSocket forgets its TLS, which the reading thread still uses
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
