"""Opens what was sealed with a key, and seals with it, to prove that a key is the right one.

Nothing here raises for a wrong key, and what comes of opening never leaves: it is only compared
with the text that it should be.
"""

from __future__ import annotations

import hmac
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from assay.crypto import kdf, signing
from assay.crypto.ciphers import NEEDS
from assay.crypto.deriving import Problem, decoded
from assay.crypto.parts import BLOCK, Parts, parts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from assay.crypto.recipes import Recipe

PROBE = b"assay seals this and opens it again"
_BARE = ("cbc", "gcm")
"""How ciphers end whose texts have no form but nonce, tag and body."""
_OPENSSL_ROUNDS = 10_000
"""Of `openssl enc -pbkdf2` where nothing else is said (its manual page, openssl-enc(1))."""


class Answer(Enum):
    """What came of opening a text."""

    RIGHT = "right"
    OTHER = "other"
    """It opened, as its authentication proves, but to another text."""
    CLOSED = "closed"


class Known(Protocol):
    """A known answer, as a spec declares it."""

    @property
    def ciphertext(self) -> str:
        """What the application wrote."""

    @property
    def plaintext(self) -> str:
        """What it must open to."""

    @property
    def aad(self) -> str:
        """The additional authenticated data."""

    @property
    def layout(self) -> Sequence[str]:
        """How the parts follow each other."""

    @property
    def encoding(self) -> str | None:
        """How the ciphertext is written."""


def understood(cipher: str, known: Known) -> bool:
    """Whether a ciphertext has any layout that is known for the cipher."""
    if cipher == "fernet":
        return known.ciphertext.startswith("gAAAA")
    if signing.signs(cipher):
        return signing.understood(known.ciphertext)
    return _laid_out(cipher) and any(_parts(cipher, known))


def _laid_out(cipher: str) -> bool:
    return cipher == "chacha20-poly1305" or cipher.endswith(_BARE)


def opened(recipe: Recipe, text: str, key: bytes, known: Known) -> Answer:
    """What comes of opening a known answer with the key that was derived from `text`."""
    cipher, wanted = recipe.cipher, known.plaintext.encode()
    if cipher == "fernet":
        return _judged([_fernet(key, known.ciphertext)], wanted, proof=True)
    if signing.signs(cipher):
        right = signing.answers(recipe, text, key, known.ciphertext, wanted)
        return Answer.RIGHT if right else Answer.CLOSED
    raw = decoded(recipe, text)
    made = (
        _opened(cipher, own, parts, known.aad.encode())
        for parts in _parts(cipher, known)
        for own in _keyed(cipher, key, b"" if isinstance(raw, Problem) else raw, parts)
    )
    return _judged(made, wanted, proof=not cipher.endswith("cbc"))


def accepted(recipe: Recipe, text: str, key: bytes) -> bool:
    """Whether the cipher takes the key: what it seals, or signs, it opens, or verifies, again."""
    cipher = recipe.cipher
    if signing.signs(cipher):
        return signing.round_trip(recipe, text, key)
    if cipher == "fernet":
        from cryptography.fernet import Fernet

        sealed = Fernet(_fernet_key(key)).encrypt(PROBE).decode()
        return _fernet(key, sealed) == PROBE
    if not _laid_out(cipher):
        return True  # any bytes of the right number are a key, and any text is a passphrase
    return _opened(cipher, key, _sealed(cipher, key), b"") == PROBE


def _parts(cipher: str, known: Known) -> Iterator[Parts]:
    return parts_of(
        known.ciphertext,
        tagged=not cipher.endswith("cbc"),
        layout=known.layout,
        encoding=known.encoding,
    )


def _keyed(cipher: str, key: bytes, raw: bytes, parts: Parts) -> Iterator[bytes]:
    """The keys to try on parts: of OpenSSL's own format a new one comes from each salt."""
    if not parts.salt:
        yield key
        return
    size = NEEDS[cipher].least + BLOCK
    yield kdf.evp_bytes_to_key(raw, parts.salt, size=size)
    yield kdf.evp_bytes_to_key(raw, parts.salt, size=size, name="sha256")
    yield kdf.pbkdf2(raw, parts.salt, iterations=_OPENSSL_ROUNDS, name="sha256", size=size)


def _judged(made: Iterable[bytes | None], wanted: bytes, *, proof: bool) -> Answer:
    """The best answer; without authentication another text proves nothing."""
    answer = Answer.CLOSED
    for plain in made:
        if plain == wanted:
            return Answer.RIGHT
        if plain is not None and proof:
            answer = Answer.OTHER
    return answer


def _opened(cipher: str, key: bytes, parts: Parts, aad: bytes) -> bytes | None:
    if parts.salt:
        size = NEEDS[cipher].least
        parts = Parts(nonce=key[size:], body=parts.body)
        key = key[:size]
    if parts.mac and not hmac.compare_digest(hmac.digest(key, parts.signed, "sha256"), parts.mac):
        return None
    try:
        if cipher == "chacha20-poly1305":
            return _chacha(key, parts, aad)
        return _cbc(key, parts) if cipher.endswith("cbc") else _gcm(key, parts, aad)
    except ValueError:  # a nonce or a body of a size that the cipher does not know
        return None


def _gcm(key: bytes, parts: Parts, aad: bytes) -> bytes | None:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    mode = modes.GCM(parts.nonce, parts.tag, min_tag_length=max(4, len(parts.tag)))
    opening = Cipher(algorithms.AES(key), mode).decryptor()
    opening.authenticate_additional_data(aad)
    try:
        return opening.update(parts.body) + opening.finalize()
    except InvalidTag:
        return None


def _chacha(key: bytes, parts: Parts, aad: bytes) -> bytes | None:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    try:
        return ChaCha20Poly1305(key).decrypt(parts.nonce, parts.body + parts.tag, aad)
    except InvalidTag:
        return None


def _cbc(key: bytes, parts: Parts) -> bytes:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    from cryptography.hazmat.primitives.padding import PKCS7

    opening = Cipher(algorithms.AES(key), modes.CBC(parts.nonce)).decryptor()
    padded = opening.update(parts.body) + opening.finalize()
    removing = PKCS7(8 * BLOCK).unpadder()
    return removing.update(padded) + removing.finalize()


def _fernet(key: bytes, token: str) -> bytes | None:
    from cryptography.fernet import Fernet, InvalidToken

    try:
        return Fernet(_fernet_key(key)).decrypt(token)
    except InvalidToken:
        return None


def _fernet_key(key: bytes) -> bytes:
    import base64

    return base64.urlsafe_b64encode(key)


def _sealed(cipher: str, key: bytes) -> Parts:
    """The probe, sealed; its nonce is zero, for what it makes goes nowhere."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
    from cryptography.hazmat.primitives.padding import PKCS7

    nonce = bytes(12)
    if cipher.endswith("cbc"):
        adding = PKCS7(8 * BLOCK).padder()
        nonce = bytes(BLOCK)
        sealing = Cipher(algorithms.AES(key), modes.CBC(nonce)).encryptor()
        body = sealing.update(adding.update(PROBE) + adding.finalize()) + sealing.finalize()
        return Parts(nonce=nonce, body=body)
    aead = ChaCha20Poly1305(key) if cipher == "chacha20-poly1305" else AESGCM(key)
    body = aead.encrypt(nonce, PROBE, b"")
    return Parts(nonce=nonce, body=body[:-16], tag=body[-16:])
