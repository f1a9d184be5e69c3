"""One connection of libpq's, made within a time limit; and why there is none.

Nothing is sent but by libpq, under the rules of the URL. A second question on a connection of our
own, however well meant, would be asked under weaker ones.
"""

from __future__ import annotations

import os
import random
import selectors
import socket
from contextlib import closing, contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Any

from assay.databases.postgres.libpq import Listener
from assay.databases.postgres.refusals import Failure, refusal
from assay.databases.trouble import DatabaseTrouble, failed, timed_out
from assay.databases.urls import HostPort, invalid
from assay.net.faults import NetworkFault
from assay.net.flood_limit import Watched, received
from assay.net.patience import Deadline, Late, in_time
from assay.net.reaching import resolved
from assay.redacted import redacted
from assay.words import in_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.databases.postgres.connection import Target

_FINAL = "database-wrong-password"
"""After this the other hosts of a URL are not tried; libpq doesn't either."""
_UNREACHED = frozenset(
    {"database-name-not-resolved", "database-connection-refused", "database-timed-out"}
    | {"database-network-unreachable"}
)
"""What says less than a server that answers."""
_PATIENCE = 0.5
"""Seconds beyond the limit, in which a silent server may turn out to be a web server."""
_FIRST = 1024
"""Bytes of a server's first answer that are looked at."""
_MOST = 2**20
"""Bytes of all answers until the server lets us in; libpq would make room for a gigabyte."""
_LINE = b" / HTTP/1.0\r\n\r\n"
_LIMITS = {"keepalives_idle": "10", "keepalives_interval": "5", "keepalives_count": "3"}
_OWN = {"fallback_application_name": "assay", "client_encoding": "utf8"}


def connected(target: Target, deadline: Deadline) -> Any:
    """A `PGconn` that a server of the target let in."""
    attempts = Attempts(target, deadline)
    try:
        # hashing for SCRAM, Kerberos, and files that are pipes ask no clock
        made = in_time(attempts.made, deadline.left + 2 * _PATIENCE, _finish)
    except Late:
        made = timed_out(target.shown, deadline.seconds)
    # raised here, where no frame holds what libpq said
    if isinstance(made, DatabaseTrouble):
        raise made
    return made


def _finish(made: Any) -> None:
    """Close what came too late."""
    if not isinstance(made, DatabaseTrouble):
        made.finish()


@redacted()
class Attempts:
    """The ways to reach a target, each with its part of the time."""

    def __init__(self, target: Target, deadline: Deadline) -> None:
        self._target = target
        self._deadline = deadline
        self._troubles: list[DatabaseTrouble] = []

    def made(self) -> Any:
        """The first connection that succeeds, or the trouble that says most."""
        for address, numeric, wish, share in self._places():
            own = {"host": address.host, "port": str(address.port)}
            own |= {"hostaddr": numeric} if numeric else {}
            own |= {"target_session_attrs": wish} if wish else {}
            made = self._attempt(address, own, share)
            if not isinstance(made, DatabaseTrouble) or made.refused.code == _FINAL:
                return made
            self._troubles.append(made)
        answered = [each for each in self._troubles if each.refused.code not in _UNREACHED]
        return (answered or self._troubles or [invalid("it has no host")])[0]

    def _places(self) -> Iterator[tuple[HostPort, str, str, Deadline]]:
        """Hosts with their network addresses, as psycopg tries them."""
        parameters = self._target.parameters
        hosts = [*zip(self._target.addresses, self._target.numeric, strict=True)]
        if parameters.get("load_balance_hosts") == "random":
            random.shuffle(hosts)
        wishes = [parameters.get("target_session_attrs", "")]
        if wishes == ["prefer-standby"]:
            # libpq knows it for a list of hosts, and gets them one by one
            wishes = ["standby", "any"]
        turns = [(wish, *host) for wish in wishes for host in hosts]
        for turn, (wish, address, given) in enumerate(turns):
            share = self._deadline.share(len(turns) - turn)
            found = [given]
            if address.is_remote and not given:
                try:
                    known = resolved(address.host, address.port, share)
                except NetworkFault as fault:
                    self._troubles.append(DatabaseTrouble.of(fault))
                    continue
                found = list(dict.fromkeys(str(where[0]) for _, where in known))
            for index, numeric in enumerate(found):
                yield address, numeric, wish, share.share(len(found) - index)

    def _attempt(self, address: HostPort, own: dict[str, str], deadline: Deadline) -> Any:
        """A connection to one address, or the trouble with it."""
        from psycopg import Error, pq
        from psycopg.conninfo import make_conninfo

        silence = {"tcp_user_timeout": str(int(self._deadline.seconds * 1000))}
        given = {**_LIMITS, **silence, **self._target.parameters, **_OWN, **own}
        try:
            pgconn = pq.PGconn.connect_start(make_conninfo("", **given).encode())
        except Error:
            return invalid("it has a parameter, or a value of one, that libpq does not support")
        with closing(Listener(pgconn)) as listener:
            trouble = self._polled(pgconn, listener, address, deadline)
        if trouble is None:
            return pgconn
        pgconn.finish()
        return trouble

    def _polled(
        self, pgconn: Any, listener: Listener, address: HostPort, deadline: Deadline
    ) -> DatabaseTrouble | None:
        """Have libpq connect; nothing if the server let us in.

        https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PQCONNECTSTARTPARAMS
        """
        from psycopg.pq import ConnStatus, PollingStatus

        heard = b""
        direct = self._target.parameters.get("sslnegotiation") == "direct"
        while pgconn.status != ConnStatus.BAD:
            begins = (direct or heard == b"S") and not listener.hears_tls
            watched = Watched()
            with (
                watched.within(pgconn.socket, deadline.left + _PATIENCE, _MOST),
                _held_back(pgconn.socket) if begins else nullcontext(),
            ):
                polled = listener.poll()
            alive = polled != PollingStatus.FAILED
            if watched.flooded or (alive and _received(pgconn.socket) > _MOST):
                return failed(f"an answer of more than {in_bytes(_MOST)}", host=address.shown)
            if polled == PollingStatus.OK:
                return None
            if polled == PollingStatus.FAILED:
                break
            reading = polled == PollingStatus.READING
            if not _ready(pgconn.socket, deadline, reading=reading):
                status = "" if heard or not address.is_remote else _asked(pgconn.socket)
                late = timed_out(address.shown, deadline.seconds)
                return _gateway(status, address) if status else late
            if reading and (status := _status(heard := heard or _peeked(pgconn.socket))):
                return _gateway(status, address)
        return refusal(
            Failure(
                text=pgconn.error_message.decode(errors="replace"),
                address=address,
                parameters=self._target.parameters,
                seconds=deadline.seconds,
                heard=heard,
                needs_password=bool(pgconn.needs_password),
                verify_code=listener.verify_code,
            )
        )


def _ready(descriptor: int, deadline: Deadline, *, reading: bool) -> bool:
    """Whether a socket can be read or written before the time is over."""
    event = selectors.EVENT_READ if reading else selectors.EVENT_WRITE
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, event)
        return not deadline.over and bool(selector.select(deadline.left))


@contextmanager
def _held_back(descriptor: int) -> Iterator[None]:
    """Keep what libpq sends meanwhile until it returns.

    So a handshake can't begin and fail in the same step, after which its state is gone.
    """
    try:
        made = _socket(descriptor)
    except OSError:
        yield
        return
    with made:
        _cork(made, 1)
        yield
        _cork(made, 0)


def _cork(made: socket.socket, value: int) -> None:
    option = getattr(socket, "TCP_CORK", None)
    if option is not None and made.family != getattr(socket, "AF_UNIX", None):
        with suppress(OSError):
            made.setsockopt(socket.IPPROTO_TCP, option, value)


def _socket(descriptor: int) -> socket.socket:
    """One of our own for a connection of libpq's; `OSError` if that is closed."""
    return socket.socket(fileno=os.dup(descriptor))


def _received(descriptor: int) -> int:
    """The bytes that a connection has brought so far; 0 if it's closed, or isn't TCP."""
    with suppress(OSError), _socket(descriptor) as made:
        return received(made) or 0
    return 0


def _peeked(descriptor: int) -> bytes:
    """The first bytes that libpq will read; they stay there for it."""
    with suppress(OSError), _socket(descriptor) as made:
        return made.recv(_FIRST, socket.MSG_PEEK)
    return b""


def _asked(descriptor: int) -> str:
    """The status of a web server that has been waiting for the end of a line.

    It's asked on libpq's own connection, which is given up after this.
    """
    with suppress(OSError), _socket(descriptor) as made:
        made.settimeout(_PATIENCE)
        made.sendall(_LINE)
        return _status(made.recv(12))
    return ""


def _status(heard: bytes) -> str:
    """The status of an answer in HTTP; empty if it's none."""
    if not heard.startswith(b"HTTP/"):
        return ""
    status = heard[9:12].decode("ascii", "replace")
    return status if status.isdigit() and status.isascii() else "unknown"


def _gateway(status: str, address: HostPort) -> DatabaseTrouble:
    return DatabaseTrouble("database-gateway", host=address.shown, status=status)
