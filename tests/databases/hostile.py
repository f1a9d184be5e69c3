"""A server that asks for the password in every way, and remembers all that reaches it."""

from __future__ import annotations

import base64
import datetime as dt
import ipaddress
import socket
import ssl
import struct
from contextlib import closing, contextmanager, suppress
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CANARY = "c4nary-p4ssw0rd"
CLEARTEXT, MD5, SASL = 3, 5, 10


class Pair(NamedTuple):
    """A certificate and its key, as files."""

    certificate: Path
    key: Path
    revoked: Path
    """A list in which its issuer takes it back."""
    root: Path
    """Its issuer's own certificate."""


def certified(folder: Path, *, days: int = 1, name: str = "localhost") -> Pair:
    """A server's certificate of an authority of its own."""
    now = dt.datetime.now(dt.UTC)
    begin, end = now - dt.timedelta(days=30), now + dt.timedelta(days=days)
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority")])

    def made(subject: x509.Name, public: Any, until: dt.datetime, *more: Any) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(root_name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(begin)
            .not_valid_after(until)
        )
        for extension in more:
            builder = builder.add_extension(extension, critical=True)
        return builder.sign(root_key, hashes.SHA256())

    root = made(
        root_name,
        root_key.public_key(),
        now + dt.timedelta(days=9),
        x509.BasicConstraints(ca=True, path_length=None),
    )
    names = [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    leaf = made(subject, key.public_key(), end, x509.SubjectAlternativeName(names))
    taken_back = (
        x509.RevokedCertificateBuilder()
        .serial_number(leaf.serial_number)
        .revocation_date(begin)
        .build()
    )
    revoked = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root_name)
        .last_update(begin)
        .next_update(now + dt.timedelta(days=9))
        .add_revoked_certificate(taken_back)
        .sign(root_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    files = {
        "leaf.crt": leaf.public_bytes(pem),
        "leaf.key": private,
        "root.crl": revoked.public_bytes(pem),
        "root.crt": root.public_bytes(pem),
    }
    for file, content in files.items():
        (folder / file).write_bytes(content)
    return Pair(*(folder / file for file in files))


def message(kind: bytes, body: bytes) -> bytes:
    """A message of the protocol."""
    return kind + struct.pack("!i", len(body) + 4) + body


def refusal(
    state: str, words: str, *, severity: str = "FATAL", where: str = "auth_failed"
) -> bytes:
    """An ErrorResponse."""
    fields = {"S": severity, "V": "FATAL", "C": state, "M": words, "F": "auth.c", "R": where}
    body = b"".join(name.encode() + text.encode() + b"\0" for name, text in fields.items())
    return message(b"E", body + b"\0")


class Hostile:
    """Asks for `method`, then refuses whatever comes with `last`."""

    def __init__(
        self,
        *,
        tls: Pair | None = None,
        method: int = CLEARTEXT,
        last: bytes = refusal("28P01", "no"),
        at: tuple[str, int] = ("127.0.0.1", 0),
    ) -> None:
        self._context: ssl.SSLContext | None = None
        if tls is not None:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(tls.certificate, tls.key)
        self._method = method
        self._last = last
        self.connections = 0
        self.heard = b""
        """All bytes of all connections, those within TLS decrypted."""
        self.listening = socket.create_server(at)
        self.port = self.listening.getsockname()[1]

    def serve(self) -> None:
        while True:
            try:
                made, _ = self.listening.accept()
            except OSError:
                return
            self.connections += 1
            made.settimeout(5)
            with suppress(OSError), made:
                self._talk(made)

    def _receive(self, made: socket.socket) -> bytes:
        got = made.recv(65536)
        self.heard += got
        if not got:
            raise ConnectionResetError
        return got

    def _talk(self, made: socket.socket) -> None:
        first = self._receive(made)
        if first[4:8] == struct.pack("!i", 80877103):
            if self._context is None:
                made.sendall(b"N")
                first = self._receive(made)
            else:
                made.sendall(b"S")
                with self._context.wrap_socket(made, server_side=True) as encrypted:
                    self._receive(encrypted)
                    self._ask(encrypted)
                return
        self._ask(made)

    def _ask(self, talking: socket.socket) -> None:
        more = {MD5: b"salt", SASL: b"SCRAM-SHA-256\0\0"}.get(self._method, b"")
        talking.sendall(message(b"R", struct.pack("!i", self._method) + more))
        answer = self._receive(talking)
        if self._method == SASL and (nonce := answer.rpartition(b"r=")[2]):
            salt = base64.b64encode(b"0123456789abcdef")
            said = b"r=" + nonce + b"x,s=" + salt + b",i=4096"
            talking.sendall(message(b"R", struct.pack("!i", 11) + said))
            self._receive(talking)
        talking.sendall(self._last)
        while True:
            self._receive(talking)


@contextmanager
def hostile(**how: Any) -> Iterator[Hostile]:
    """A server that runs until the end of the block."""
    server = Hostile(**how)
    thread = Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        with suppress(OSError):
            server.listening.shutdown(socket.SHUT_RDWR)
        server.listening.close()
        thread.join(5)


@contextmanager
def answering(talk):
    """A server that accepts, and does with each connection what it is told."""
    open_ones = []
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:

        def serve():
            while True:
                try:
                    made, _ = listening.accept()
                except OSError:
                    return
                open_ones.append(made)
                with closing(made), suppress(OSError):
                    talk(made)

        thread = Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"postgresql://me:{CANARY}@127.0.0.1:{listening.getsockname()[1]}/x"
        finally:
            for each in (listening, *open_ones):
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
            thread.join(5)
