"""What the authenticated ciphers do without their tag, in memory alone.

AES-GCM and ChaCha20-Poly1305 encrypt with a stream of key bytes, so decrypting is encrypting, and
the tag that a text should have can be computed and compared with the one that it has. Whether bytes
read as text distinguishes a right key from noise where no tag does.
"""

from __future__ import annotations

from assay.crypto.ciphers import NEEDS
from assay.crypto.envelopes.base import AES_GCM
from assay.lazily import made_once
from assay.redacted import redacted

TAG = 16
AEADS = AES_GCM | {"chacha20-poly1305"}
_BLOCK = 16
_FIELD = 0xE1 << 120
"""The polynomial of GHASH, NIST SP 800-38D, 6.3."""
_SPARSE = 8
"""Changed bytes within one block: chance changes so few in one block of 10**15."""


@redacted()
class Stream:
    """One key of a cipher with a tag."""

    def __init__(self, cipher: str, key: bytes) -> None:
        """ValueError where the key does not suit."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

        need = NEEDS[cipher]
        if cipher not in AEADS or not need.fits(len(key)):
            raise ValueError("no key of this cipher")
        self._key = key
        self._gcm = cipher in AES_GCM
        self._aead = AESGCM(key) if self._gcm else ChaCha20Poly1305(key)

    def takes(self, nonce: bytes) -> bool:
        """Whether the cipher takes a nonce of this size."""
        return 8 <= len(nonce) <= 128 if self._gcm else len(nonce) == 12

    def peek(self, nonce: bytes, body: bytes) -> bytes:
        """What the body would open to, whatever its tag says."""
        return self._aead.encrypt(nonce, body, None)[:-TAG]

    def tag(self, nonce: bytes, plain: bytes, aad: bytes) -> bytes:
        """The tag that a text has under this key."""
        return self._aead.encrypt(nonce, plain, aad)[-TAG:]

    def opens(self, nonce: bytes, sealed: bytes, aad: bytes) -> bool:
        """Whether a ciphertext followed by its tag is accepted."""
        from cryptography.exceptions import InvalidTag

        try:
            self._aead.decrypt(nonce, sealed, aad)
        except (InvalidTag, ValueError):
            return False
        return True

    def changed(self, body: bytes, difference: bytes) -> tuple[int, int] | None:
        """The first byte of one block that was changed, and how many were; None for anything else.

        GHASH is linear, so the difference of two tags is that of the texts times a power of H.
        """
        if not self._gcm:
            return None
        inverse = self._inverse
        wanted = _times(int.from_bytes(difference), inverse)  # off the block of lengths
        blocks = -(-len(body) // _BLOCK)
        for block in range(blocks - 1, -1, -1):
            wanted = _times(wanted, inverse)
            found = [at for at, byte in enumerate(wanted.to_bytes(_BLOCK)) if byte]
            start = block * _BLOCK
            if len(found) <= _SPARSE and start + found[-1] < len(body):
                return start + found[0], found[-1] - found[0] + 1
        return None

    @made_once
    def _inverse(self) -> int:
        """Of the hash key H, which is the block of zeros, encrypted."""
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

        made = Cipher(algorithms.AES(self._key), modes.ECB()).encryptor()  # noqa: S305 - one block
        return _inverse(int.from_bytes(made.update(bytes(_BLOCK)) + made.finalize()))


def _times(one: int, other: int) -> int:
    """The product in GF(2**128) as GHASH counts: the first bit is that of the power 0."""
    product = 0
    for at in range(127, -1, -1):
        if one >> at & 1:
            product ^= other
        other = other >> 1 ^ _FIELD if other & 1 else other >> 1
    return product


def _inverse(one: int) -> int:
    """The power 2**128 - 2, by Fermat."""
    power, result = one, 1 << 127
    for _ in range(127):
        power = _times(power, power)
        result = _times(result, power)
    return result


LEAST = 16
"""Bytes; less than that may read as text by chance."""
_BITS = 1.3
"""What each readable byte weighs: chance makes four in ten bytes readable."""
_LOOKED_AT = 2048
SURE = 42
"""Bits that convince where thousands of keys are tried."""
_MUCH_PADDING = 4
"""Bytes; a wrong key finds so many in order once in 2**32 tries."""
_TEXT = 0.75
"""The share of legible bytes in a block of text of which a few were changed."""
CONTROLS = bytes(set(range(32)) - set(b"\t\n\r")) + b"\x7f"
_CONTROL_TEXT = dict.fromkeys(CONTROLS) | dict.fromkeys(range(0x80, 0xA0))


def readable_to(data: bytes) -> int:
    """How many bytes from the beginning read as text in UTF-8, an unfinished character included."""
    try:
        data.decode()
        end = len(data)
    except UnicodeDecodeError as error:
        unfinished = error.reason == "unexpected end of data"
        end = len(data) if unfinished else error.start
    rest = data[:end].lstrip(_PLAIN)
    if not rest:
        return end
    for at in range(end - len(rest), end):
        if data[at] in CONTROLS:
            return at
    return end


_PLAIN = bytes(code for code in range(128) if code not in CONTROLS)


def legible(data: bytes) -> float:
    """The share of bytes at the beginning that read as text; noise has some four tenths."""
    if not data:
        return 0.0
    data = data[:_LOOKED_AT]
    kept = data.decode(errors="ignore").translate(_CONTROL_TEXT)
    return len(kept.encode()) / len(data)


def convinces(data: bytes, block: int = 16, *, bits: int = 30) -> bool:
    """Whether what an unauthenticated cipher opened to is more than chance in 2**`bits` tries.

    Each byte of padding was checked, and each byte of text is either readable or not. A `block` of
    0 bytes is that of a mode without padding.
    """
    padding = block - len(data) % block if block else 0
    if readable_to(data) < len(data):
        return False
    return 8 * padding + _BITS * len(data) >= bits


def padded(data: bytes, block: int = 16) -> bool:
    """Whether bytes that aren't text were opened by the right key, as much padding shows.

    Not if a block among them is text: then others are damaged. It says nothing of the beginning:
    what lost its first blocks has the same end.
    """
    enough = block - len(data) % block >= _MUCH_PADDING
    return enough and not any(map(_mostly_text, blocks(data, block)))


def blocks(data: bytes, size: int = 16) -> list[bytes]:
    """The blocks that data is made of; the last may be shorter."""
    return [data[at : at + size] for at in range(0, len(data), size)]


def _mostly_text(block: bytes) -> bool:
    """Whether a block is text, or was before a byte was changed; then others are damaged."""
    return len(block) >= _BLOCK // 2 and legible(block) >= _TEXT


def is_noise(block: bytes) -> bool:
    """Whether a block is what a damaged block of AES-CBC becomes."""
    return legible(block) < _TEXT
