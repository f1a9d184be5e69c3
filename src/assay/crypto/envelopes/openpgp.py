"""The packets of an OpenPGP message (RFC 9580), as far as one has to look before it is opened.

The library opens what has the form that is checked here; given anything else it may give up loudly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from assay.crypto.envelopes.base import Misfit
from assay.crypto.envelopes.encodings import from_base64
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
    """The message without its armour (RFC 9580, 6.2).

    Raises:
        Misfit: the armour is damaged.

    """
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
    """The packets of a binary message, old framing and new.

    Raises:
        Misfit: it isn't one, or ends within one.

    """
    at = 0
    while at < len(data):
        first = data[at]
        if not first & 0x80:
            raise Misfit("malformed", "is not an OpenPGP packet")
        if first & 0x40:
            body, at = _new(data, at + 1)
            yield Packet(first & 0x3F, body)
        else:
            body, at = _old(data, at + 1, first & 3)
            yield Packet(first >> 2 & 0x0F, body)


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


def _new(data: bytes, at: int) -> tuple[bytes, int]:
    """A body of the new framing (RFC 9580, 4.2.1), which may come in parts."""
    parts = []
    while True:
        head = data[at : at + 1]
        if not head:
            raise Misfit("truncated", "ends within a packet")
        size = head[0]
        if size < 192:
            at += 1
        elif size < 224:
            size = (size - 192 << 8) + _number(data, at + 1, 1) + 192
            at += 2
        elif size == 255:
            size = _number(data, at + 1, 4)
            at += 5
        else:
            part, at = _taken(data, at + 1, 1 << (size & 0x1F))
            parts.append(part)
            continue
        part, at = _taken(data, at, size)
        return b"".join((*parts, part)), at


def _old(data: bytes, at: int, kind: int) -> tuple[bytes, int]:
    """A body of the old framing (RFC 9580, 4.2.2)."""
    if kind == 3:
        return data[at:], len(data)
    width = 1 << kind
    return _taken(data, at + width, _number(data, at, width))


def _number(data: bytes, at: int, width: int) -> int:
    digits, _ = _taken(data, at, width)
    return int.from_bytes(digits, "big")


def _taken(data: bytes, at: int, size: int) -> tuple[bytes, int]:
    part = data[at : at + size]
    if len(part) != size:
        raise Misfit("truncated", "ends within a packet")
    return part, at + size
