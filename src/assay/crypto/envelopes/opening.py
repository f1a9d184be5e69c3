"""What envelopes are opened with: decoders, and ciphers that are made once for a key.

Decoders are as lenient as programs. What they let pass is proved by a tag or a MAC, so that hides
no damage. What takes a key raises `Misfit` if the cipher does not take it.
"""

from __future__ import annotations

from binascii import a2b_base64, unhexlify
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import Any, Literal, TypeAlias

import msgspec

from assay.crypto.ciphers import NEEDS
from assay.crypto.envelopes.base import AES_CBC, Closed, Envelope, Material, Misfit, Opener, Parts

Encoding: TypeAlias = Literal["raw", "hex", "base64", "base64url"]
_URL_TO_STANDARD = bytes.maketrans(b"-_", b"+/")


def from_base64(data: bytes) -> bytes:
    """The bytes of base64 in either alphabet, padded or not, in lines or not; or ValueError."""
    try:
        return a2b_base64(data, strict_mode=True)
    except ValueError:
        joined = b"".join(data.translate(_URL_TO_STANDARD).split()).rstrip(b"=")
        return a2b_base64(joined + b"=" * (-len(joined) % 4), strict_mode=True)


def as_it_is(data: bytes) -> bytes:
    """The bytes themselves."""
    return data


DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "raw": as_it_is,
    "hex": unhexlify,
    "base64": from_base64,
    "base64url": from_base64,
}
"""Each raises ValueError for what is not written in its encoding."""
WORDS = {"raw": "bytes", "hex": "hex", "base64": "base64", "base64url": "base64url"}
"""As in "is not ..."."""


_BLANKS = b" \t\r\n"


def members(data: bytes) -> dict[str, Any] | None:
    """The members of a JSON object; None if it isn't one."""
    if data.lstrip(_BLANKS)[:1] != b"{":
        return None
    try:
        found = msgspec.json.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def object_in(data: bytes) -> dict[str, Any]:
    """The members of a JSON object; raises `Misfit` for what is cut off, or isn't one."""
    found = members(data)
    if found is not None:
        return found
    kept = data.strip(_BLANKS)
    if kept.startswith(b"{") and not kept.endswith(b"}"):
        raise Misfit("truncated", "ends in the middle of its JSON object")
    raise Misfit("malformed", "is not a JSON object")


def unwrapped(data: bytes) -> bytes:
    """What a text in base64 holds, also of one that is cut off; nothing if it isn't one."""
    kept = data.strip(_BLANKS)
    for end in (len(kept), len(kept) - len(kept) % 4, len(kept.rstrip(b"=")) // 4 * 4):
        with suppress(ValueError):
            return from_base64(kept[:end])
    return b""


def decoded(text: object) -> bytes | None:
    """The bytes of a member in base64; None if it isn't text, or not base64."""
    if not isinstance(text, str) or not text.isascii():
        return None
    try:
        return from_base64(text.encode())
    except ValueError:
        return None


EXTRA = "envelopes"
"""The optional libraries, as in `pip install 'assay[envelopes]'`."""
TAG = 16
BLOCK = 16

Aead: TypeAlias = Callable[[bytes, bytes, bytes], bytes]
"""Nonce, ciphertext followed by the tag, and additional data, to the text."""
Cbc: TypeAlias = Callable[[bytes, bytes], bytes]
"""Nonce and ciphertext to the text, without its padding."""


Decrypting: TypeAlias = Callable[[Parts, bytes], bytes]
"""Parts and additional data to the text; it raises `Closed` or `Misfit`."""


def needed(module: str, library: str) -> Any:
    """The module of an optional library; raises `Misfit`, with the name people know, without it."""
    try:
        return import_module(module)
    except ImportError:
        reason = f"can't be decrypted without {library}: run `pip install 'assay[{EXTRA}]'`"
        raise Misfit("missing-library", reason) from None


def suited(key: bytes, cipher: str) -> bytes:
    """The key itself."""
    need = NEEDS.get(cipher)
    if need is None or not need.fits(len(key)):
        raise Misfit("key", f"is not a key for {cipher}")
    return key[: need.least] if need.exact else key


def aead(cipher: str, key: bytes) -> Aead:
    """What opens AES-GCM or ChaCha20-Poly1305 with a tag of 16 bytes.

    It raises `InvalidTag` for what does not open, and ValueError for a nonce of a wrong size: who
    calls it 100,000 times translates them.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

    key = suited(key, cipher)
    return ChaCha20Poly1305(key).decrypt if cipher == "chacha20-poly1305" else AESGCM(key).decrypt


def short_gcm(cipher: str, key: bytes, size: int) -> Aead:
    """As `aead`, for AES-GCM with a tag of 4 to 15 bytes, which Node cuts off when asked to."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    algorithm = algorithms.AES(suited(key, cipher))

    def decrypt(nonce: bytes, sealed: bytes, aad: bytes) -> bytes:
        if len(sealed) < size:
            raise InvalidTag
        mode = modes.GCM(nonce, sealed[-size:], min_tag_length=size)
        opening = Cipher(algorithm, mode).decryptor()
        opening.authenticate_additional_data(aad)
        return opening.update(sealed[:-size]) + opening.finalize()

    return decrypt


def cbc(cipher: str, key: bytes) -> Cbc:
    """What opens AES-CBC with the padding of PKCS #7 (RFC 5652, 6.3), which proves nothing.

    It raises `Closed` where the padding is wrong.
    """
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    algorithm = algorithms.AES(suited(key, cipher))

    def decrypt(nonce: bytes, body: bytes) -> bytes:
        try:
            opening = Cipher(algorithm, modes.CBC(nonce)).decryptor()
            padded = opening.update(body) + opening.finalize()
        except ValueError:
            raise Closed from None
        count = padded[-1] if padded else 0
        if not 0 < count <= BLOCK or padded[-count:] != bytes((count,)) * count:
            raise Closed
        return padded[:-count]

    return decrypt


def by_parts(cipher: str, key: bytes) -> Decrypting:
    """What opens parts in AES, by their tag if the cipher has one."""
    from cryptography.exceptions import InvalidTag

    if cipher in AES_CBC:
        in_blocks = cbc(cipher, key)
        return lambda found, _aad: in_blocks(found.nonce, found.body)
    decrypt = aead(cipher, key)

    def opened(found: Parts, aad: bytes) -> bytes:
        try:
            return decrypt(found.nonce, found.body + found.tag, aad)
        except InvalidTag:
            raise Closed from None

    return opened


def otherwise_sealed(found: Parts, cipher: str) -> Misfit:
    """What is wrong with parts of the other mode of AES than that of the key."""
    sealed = "AES-GCM" if found.tag else "AES-CBC"
    return Misfit("key", f"was encrypted with {sealed}, but the key is for {cipher}")


class Parted(Envelope, frozen=True, kw_only=True):
    """An envelope whose parts are seen without any key."""

    def misfit(self, data: bytes) -> Misfit | None:
        """What is wrong with its parts."""
        try:
            self._taken(data)
        except Misfit as wrong:
            return Misfit(wrong.code, wrong.reason)
        return None

    def parts(self, data: bytes) -> Parts | None:
        """Its parts; None if something is wrong with them."""
        try:
            return self._taken(data)
        except Misfit:
            return None

    def opener(self, material: Material, cipher: str) -> Opener:
        """What opens it with one key."""
        decrypt = self._decrypting(material, cipher)
        return lambda data, aad: decrypt(self._taken(data), aad)

    def _key(self, material: Material, cipher: str) -> bytes:
        """The key, if it suits; raises `Misfit`."""
        return suited(material.key, cipher if cipher in self.ciphers else "")

    def _taken(self, data: bytes) -> Parts:
        """Its parts; raises `Misfit`."""
        raise NotImplementedError  # pragma: no cover

    def _decrypting(self, material: Material, cipher: str) -> Decrypting:
        """What opens parts with one key; raises `Misfit` if the key does not suit."""
        raise NotImplementedError  # pragma: no cover
