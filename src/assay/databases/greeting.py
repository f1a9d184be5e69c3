"""Why a PostgreSQL server did not let us in.

libpq gives no SQLSTATE for a connection that fails, only a text in the server's language. So after
a failure, and only then, assay introduces itself once more in the server's own protocol, and reads
what it says: https://www.postgresql.org/docs/current/protocol-message-formats.html.
"""

from __future__ import annotations

import socket
import ssl
import struct
from contextlib import closing
from typing import TYPE_CHECKING, NoReturn

from assay.databases import scram
from assay.databases.base import Trouble
from assay.databases.faults import code_of_state
from assay.databases.network import Deadline, connected
from assay.databases.tls import context_for, missing_certificate, why_untrusted
from assay.databases.urls import invalid

if TYPE_CHECKING:
    from assay.databases.postgres import Target
    from assay.databases.urls import Address

_TLS_REQUEST = struct.pack("!ii", 8, 80877103)
_VERSION_3 = 196608
_LONGEST = 2**16
_TRIED_PLAIN = ("disable", "allow")
_DEMANDED = ("require", "verify-ca", "verify-full")
_PAUSED = ("tenant or user not found", "tenant/user", "endpoint is disabled", "endpoint has been")
"""What Supabase's and Neon's poolers say of projects that are paused, gone, or of another region.

They send the SQLSTATE XX000 with it, which says nothing.
"""
_FULL = ("max client connections reached", "too many clients")


def refusal(error: Exception, target: Target, host: str, deadline: Deadline) -> Trouble:
    """What a connection that failed with `error` means."""
    import psycopg

    cause = getattr(error, "orig", None) or error
    if isinstance(cause, psycopg.errors.ConnectionTimeout):
        silent = Trouble("database-timed-out", host=host, seconds=f"{deadline.seconds:g}")
        return web_server(target.addresses[0]) or silent
    if isinstance(cause, psycopg.ProgrammingError):
        return invalid("it has a parameter, or a value of one, that libpq does not know")
    if reason := missing_certificate(target.parameters):
        return Trouble("database-tls-failed", host=host, reason=reason)
    left = Deadline(max(2.0, deadline.left))
    for address in target.addresses:
        try:
            Greeting(address, target, left).exchange()
        except Trouble as trouble:
            return trouble
        except (OSError, ValueError, struct.error) as problem:
            return _broken(problem, address, left)
    # It let us in this time: what failed before is not said.
    return Trouble("database-failed", host=host, state=type(cause).__name__)


def _broken(problem: Exception, address: Address, deadline: Deadline) -> Trouble:
    if isinstance(problem, TimeoutError):
        seconds = f"{deadline.seconds:g}"
        return Trouble("database-timed-out", host=address.shown, seconds=seconds)
    if isinstance(problem, OSError):
        return Trouble("database-went-away", host=address.shown)
    return Trouble("database-failed", host=address.shown, state="not PostgreSQL")


def web_server(address: Address) -> Trouble | None:
    """Whether a silent server answers in HTTP, as one does that waits for the end of a line."""
    if address.host.startswith("/"):
        return None
    try:
        with closing(connected(address.host, address.port, Deadline(1.0))) as made:
            made.sendall(b"HEAD / HTTP/1.0\r\n\r\n")
            answer = made.recv(12)
    except (Trouble, OSError):
        return None
    return _gateway(answer, address.shown) if answer.startswith(b"HTTP/") else None


def _gateway(answer: bytes, host: str) -> Trouble:
    status = answer[9:12].decode("ascii", "replace")
    return Trouble("database-gateway", host=host, status=status if status.isdigit() else "unknown")


class Greeting:
    """One introduction to one server, up to where it lets us in or says why not."""

    def __init__(
        self, address: Address, target: Target, deadline: Deadline, *, tls: bool | None = None
    ) -> None:
        self._address = address
        self._parameters = target.parameters
        self._target = target
        self._deadline = deadline
        self._mode = target.parameters["sslmode"]
        self._wants_tls = self._mode not in _TRIED_PLAIN if tls is None else tls
        self._socket: socket.socket
        self._asked = False
        """Whether the server went as far as asking for a password."""

    def exchange(self) -> None:
        """Introduce ourselves.

        Raises:
            Trouble: why we are not let in.
            OSError, ValueError: the server goes away, or talks in another way.

        """
        with closing(self._open()) as made:
            self._socket = made
            if self._wants_tls and not self._address.host.startswith("/"):
                self._secure()
            with closing(self._socket):
                self._introduce()

    def _open(self) -> socket.socket:
        if not self._address.host.startswith("/"):
            return connected(self._address.host, self._address.port, self._deadline)
        made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        made.settimeout(self._deadline.left)
        try:
            made.connect(self._address.shown)
        except (FileNotFoundError, ConnectionRefusedError):
            made.close()
            raise Trouble("database-connection-refused", host=self._address.shown) from None
        except OSError:
            made.close()
            raise
        return made

    def _secure(self) -> None:
        self._socket.sendall(_TLS_REQUEST)
        match self._read(1):
            case b"S":
                if reason := self._shake_hands():
                    self._no_tls(reason)
            case b"N":
                if self._mode in _DEMANDED:
                    self._no_tls(
                        "the server offers none, and the URL demands it", cause="none-offered"
                    )
            case other:
                self._not_postgres(other)

    def _shake_hands(self) -> str:
        """Begin to speak TLS; why that does not work, or nothing."""
        try:
            context = context_for(self._parameters)
        except (ssl.SSLError, OSError, ValueError):
            return "the files that its `sslrootcert`, `sslcert` and `sslkey` name can't be used"
        try:
            self._socket = context.wrap_socket(self._socket, server_hostname=self._address.host)
        except ssl.SSLError as error:
            return why_untrusted(error)
        return ""

    def _introduce(self) -> None:
        names = ("user", "dbname", "options")
        given = {name: self._parameters[name] for name in names if name in self._parameters}
        if "dbname" in given:
            given["database"] = given.pop("dbname")
        body = b"".join(
            name.encode() + b"\0" + value.encode() + b"\0" for name, value in given.items()
        )
        packed = struct.pack("!ii", len(body) + 9, _VERSION_3)
        self._socket.sendall(packed + body + b"\0")
        proof: scram.Client | None = None
        while True:
            sort, content = self._message()
            match sort:
                case b"E":
                    self._refused(content)
                case b"R":
                    proof = self._prove(content, proof)
                case b"Z":
                    return
                case _:
                    pass

    def _prove(self, content: bytes, proof: scram.Client | None) -> scram.Client | None:
        """Answer a request for a password.

        https://www.postgresql.org/docs/current/sasl-authentication.html
        """
        (kind,) = struct.unpack("!i", content[:4])
        if kind in (0, 12):
            return proof
        self._asked = True
        password = self._parameters.get("password")
        if password is None:
            self._wrong_password()
        match kind:
            case 3:
                self._send(password.encode() + b"\0")
            case 5:
                user = self._parameters.get("user", "")
                self._send(scram.md5(user, password, content[4:8]) + b"\0")
            case 10 if b"SCRAM-SHA-256" in content[4:].split(b"\0"):
                proof = scram.Client(password)
                first = proof.first()
                self._send(b"SCRAM-SHA-256\0" + struct.pack("!i", len(first)) + first)
            case 11 if proof is not None:
                self._send(proof.final(content[4:]))
            case _:
                state = f"authentication {kind}"
                raise Trouble("database-failed", host=self._address.shown, state=state)
        return proof

    def _refused(self, content: bytes) -> NoReturn:
        fields = {part[:1]: part[1:].decode(errors="replace") for part in content.split(b"\0")}
        state, said = fields.get(b"C", ""), fields.get(b"M", "").lower()
        host = self._address.shown
        if state[:2] in ("28", "08", "XX", "") and self._admits_tls_only():
            self._no_tls("the server demands it, and the URL forbids it", cause="forbidden")
        if any(words in said for words in _PAUSED):
            raise Trouble("database-paused", host=host)
        if any(words in said for words in _FULL):
            raise Trouble("database-overloaded", host=host)
        match code_of_state(state):
            case "database-wrong-password":
                self._wrong_password()
            case "database-not-found" as code:
                name = self._parameters.get("dbname") or self._parameters.get("user", "")
                raise Trouble(code, host=host, name=name)
            case "database-denied" as code:
                raise Trouble(code, host=host, what="the database itself")
            case "database-overloaded" as code:
                raise Trouble(code, host=host)
            case _:
                raise Trouble("database-failed", host=host, state=state or "none")

    def _admits_tls_only(self) -> bool:
        """Whether the server, which refused us without TLS, asks for a password with it."""
        if self._asked or self._wants_tls or self._address.host.startswith("/"):
            return False
        again = Greeting(self._address, self._target, self._deadline, tls=True)
        try:
            again.exchange()
        except (Trouble, OSError, ValueError, struct.error):
            return again._asked
        return True

    def _message(self) -> tuple[bytes, bytes]:
        sort = self._read(1)
        if sort not in b"EKNRSZv":
            self._not_postgres(sort)
        (length,) = struct.unpack("!i", self._read(4))
        if not 4 <= length <= _LONGEST:
            raise ValueError("a message of impossible length")
        return sort, self._read(length - 4)

    def _read(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            self._socket.settimeout(self._deadline.left)
            more = self._socket.recv(count - len(data))
            if not more:
                raise ConnectionResetError
            data += more
        return data

    def _send(self, content: bytes) -> None:
        self._socket.sendall(b"p" + struct.pack("!i", len(content) + 4) + content)

    def _not_postgres(self, start: bytes) -> NoReturn:
        """Say what else it is: an error of the server itself, a web server, or no one we know."""
        if start == b"E":
            (length,) = struct.unpack("!i", self._read(4))
            self._refused(self._read(min(max(length, 4), _LONGEST) - 4))
        if start == b"H" and (answer := start + self._read(11)).startswith(b"HTTP/"):
            raise _gateway(answer, self._address.shown)
        raise ValueError("not PostgreSQL")

    def _wrong_password(self) -> NoReturn:
        role = self._parameters.get("user", "")
        raise Trouble("database-wrong-password", host=self._address.shown, role=role)

    def _no_tls(self, reason: str, *, cause: str = "") -> NoReturn:
        host = self._address.shown
        raise Trouble("database-tls-failed", host=host, reason=reason, cause=cause)
