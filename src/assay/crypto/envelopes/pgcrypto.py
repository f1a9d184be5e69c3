"""pgcrypto: what PostgreSQL's `pgp_sym_encrypt` writes, an OpenPGP message under a passphrase.

Sources: PostgreSQL's documentation, appendix F, pgcrypto, "PGP Encryption Functions"; RFC 9580.
`gpg --symmetric` and openpgp.js write the same. Opened are messages in AES with an integrity check,
which is what pgcrypto writes by default.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple

from assay.crypto.envelopes.base import Closed, Envelope, Material, Misfit, Opener
from assay.crypto.envelopes.opening import EXTRA, from_base64, needed
from assay.redacted import redacted

if TYPE_CHECKING:
    from collections.abc import Iterator

BEGIN, END = b"-----BEGIN PGP MESSAGE-----", b"-----END PGP MESSAGE-----"
PUBLIC, PASSPHRASE, UNPROTECTED, PROTECTED, AEAD = 1, 3, 9, 18, 20
"""Packet types: sealed session keys, and encrypted data without and with an integrity check."""
_OLD_CIPHERS = {1: "IDEA", 2: "3DES", 3: "CAST5", 4: "Blowfish"}
_AES = frozenset((7, 8, 9))
_S2K = {0: 2, 1: 10, 3: 11}
"""Kinds of string-to-key specifiers, and how many bytes each has."""
_SHORTEST = 42
"""Bytes of encrypted data: version, 16 and 2 random ones, an empty packet, 22 of the check."""


@redacted("tag")
class Packet(NamedTuple):
    """One packet."""

    tag: int
    body: bytes


def binary(data: bytes) -> bytes:
    """The message without its armour (RFC 9580, 6.2); raises `Misfit` if that is damaged."""
    if not data.lstrip().startswith(BEGIN):
        return data
    inner = data.strip().replace(b"\r\n", b"\n")
    if not inner.endswith(END):
        raise Misfit("truncated", "ends before its armor does")
    inner = inner[len(BEGIN) : -len(END)].strip(b" \t")
    head, blank, body = inner.partition(b"\n\n")
    if not blank or (head.strip() and b":" not in head):
        body = inner
    lines = body.strip().split(b"\n")
    if lines[-1].startswith(b"=") and len(lines[-1].strip()) == 5:  # the checksum
        del lines[-1]
    try:
        return from_base64(b"".join(lines))
    except ValueError:
        raise Misfit("malformed", "is not base64 inside its armor") from None


def packets(data: bytes) -> Iterator[Packet]:
    """The packets of a binary message, old framing and new; raises `Misfit` if it is damaged."""
    reader = BytesIO(data)
    while head := reader.read(1):
        (first,) = head
        if not first & 0x80:
            raise Misfit("malformed", "is not an OpenPGP packet")
        if first & 0x40:
            yield Packet(first & 0x3F, _in_parts(reader))
        elif first & 3 == 3:
            yield Packet(first >> 2 & 0x0F, reader.read())
        else:
            size = _number(reader, 1 << (first & 3))
            yield Packet(first >> 2 & 0x0F, _taken(reader, size))


def refusal(data: bytes) -> Misfit | None:
    """Why a message can't be one that a passphrase opens, or not by this library."""
    found = []
    try:
        for packet in packets(data):
            found.append(packet)
            if len(found) > 2:
                break
    except Misfit as wrong:
        return wrong
    if not found:
        return Misfit("truncated", "is empty")
    first = found[0]
    if first.tag == PUBLIC:
        return Misfit("unsupported", "is encrypted to a public key, not with a passphrase")
    if first.tag != PASSPHRASE:
        return Misfit("malformed", "is not an OpenPGP message encrypted with a passphrase")
    if len(found) != 2:
        return Misfit("truncated" if len(found) < 2 else "malformed", "is not a pair of packets")
    return _session_key(first.body) or _encrypted(found[1])


def _session_key(body: bytes) -> Misfit | None:
    if len(body) < 4:
        return Misfit("truncated", "ends within its first packet")
    version, cipher, s2k = body[0], body[1], body[2]
    if version != 4:
        return Misfit("unsupported", "has a session key packet of an unknown version")
    if cipher in _OLD_CIPHERS:
        name = _OLD_CIPHERS[cipher]
        return Misfit("unsupported", f"is encrypted with {name}, which can't be decrypted here")
    if cipher not in _AES or s2k not in _S2K:
        return Misfit("unsupported", "has an unknown cipher or key derivation")
    return Misfit("truncated", "ends within its salt") if len(body) < 2 + _S2K[s2k] else None


def _encrypted(packet: Packet) -> Misfit | None:
    if packet.tag == UNPROTECTED:
        return Misfit("unsupported", "has no integrity check: it was made with disable-mdc=1")
    if packet.tag == AEAD or (packet.tag == PROTECTED and packet.body[:1] not in (b"", b"\x01")):
        return Misfit("unsupported", "is encrypted in an unknown mode")
    if packet.tag != PROTECTED:
        return Misfit("malformed", "contains no encrypted data")
    return Misfit("truncated", "ends too early") if len(packet.body) < _SHORTEST else None


def _in_parts(reader: BytesIO) -> bytes:
    """A body of the new framing (RFC 9580, 4.2.1), which may come in parts."""
    parts = []
    while (size := _number(reader, 1)) not in _WHOLE:
        parts.append(_taken(reader, 1 << (size & 0x1F)))
    if size == 255:
        size = _number(reader, 4)
    elif size >= 192:
        size = (size - 192 << 8) + _number(reader, 1) + 192
    return b"".join((*parts, _taken(reader, size)))


_WHOLE = frozenset((*range(224), 255))
"""How the size of a body begins that no further part follows."""


def _number(reader: BytesIO, width: int) -> int:
    return int.from_bytes(_taken(reader, width), "big")


def _taken(reader: BytesIO, size: int) -> bytes:
    part = reader.read(size)
    if len(part) != size:
        raise Misfit("truncated", "ends within a packet")
    return part


_TAGS = (b"\xc3", b"\x8c")
"""How a session key packet begins, in the new framing and the old."""
_CIPHERS = range(1, 14)
_MODES = {4: (3, (0, 1, 3, 4)), 5: (3, (1, 2, 3)), 6: (4, (1, 2, 3))}
"""Version of the packet: where its cipher stands, and what may follow it, which is a kind of
string-to-key specifier or a mode (RFC 9580, 5.3)."""


class Pgcrypto(Envelope, frozen=True, kw_only=True, tag="pgcrypto"):
    """OpenPGP under a passphrase, as PostgreSQL's pgcrypto, gpg and openpgp.js write it."""

    title = "a message of OpenPGP"
    shape = "bytes that begin c30d04, or -----BEGIN PGP MESSAGE-----"
    material: ClassVar[Literal["key", "text"]] = "text"
    ciphers: ClassVar[frozenset[str]] = frozenset(("passphrase",))
    marked = True
    extra = EXTRA

    def recognizes(self, data: bytes) -> bool:
        """Whether it begins as one."""
        if data.lstrip().startswith(BEGIN):
            return True
        at, modes = _MODES.get(data[2], (0, ())) if len(data) > 5 else (0, ())
        return data[:1] in _TAGS and data[at] in _CIPHERS and data[at + 1] in modes

    @property
    def milliseconds(self) -> float:
        """That of the hashes that OpenPGP makes of a passphrase."""
        return 15.0

    def misfit(self, data: bytes) -> Misfit | None:
        """What is wrong with its form."""
        try:
            return refusal(binary(data))
        except Misfit as wrong:
            return wrong

    def opener(self, material: Material, cipher: str) -> Opener:
        """What opens it with one passphrase."""
        del cipher  # there is one
        pysequoia = needed("pysequoia", "pysequoia")
        try:
            passphrase = material.text.decode()
        except UnicodeDecodeError:
            raise Misfit("key", "is a passphrase that is not text") from None

        def opened(data: bytes, _aad: bytes) -> bytes:
            message = binary(data)
            wrong = refusal(message)
            if wrong is not None:
                raise wrong
            try:
                return bytes(pysequoia.decrypt(message, passwords=[passphrase]).bytes)
            except Exception as error:  # noqa: BLE001 - the library raises no better one
                raise _refused(str(error)) from None

        return opened


def _refused(said: str) -> Closed | Misfit:
    """What the library means.

    Where only the last check fails the text is damaged; but a wrong passphrase passes the first one
    too, once in 65536 times, so nothing is proved.
    """
    if said.startswith("Policy rejected symmetric"):  # what it rejects else is noise
        return Misfit("unsupported", "is encrypted in a way that is considered broken")
    return Closed()
