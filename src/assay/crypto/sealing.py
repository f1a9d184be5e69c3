"""Opens what was sealed with a key, and seals with it, to prove that a key is the right one.

Nothing here raises for a wrong key, and what comes of opening never leaves: it is only compared
with the text that it should be.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

from assay.crypto import signing
from assay.crypto.ciphers import STRUCTURED
from assay.crypto.deriving import DerivingProblem, decoded
from assay.crypto.envelopes.base import AES_CBC, Closed, Envelope, Material, Misfit
from assay.crypto.envelopes.layout import Layout
from assay.crypto.envelopes.opening import BLOCK
from assay.crypto.known import Candidate, Known, candidates

if TYPE_CHECKING:
    from assay.crypto.recipes import Recipe

PROBE = b"assay seals this and opens it again"


class OpeningResult(Enum):
    """What came of opening a text."""

    RIGHT = "right"
    OTHER = "other"
    """It opened, as its authentication proves, but to another text."""
    CLOSED = "closed"


def understood(cipher: str, known: Known) -> bool:
    """Whether a ciphertext has any form that is known for the cipher."""
    if signing.signs(cipher) and signing.understood(known.ciphertext):
        return True
    return any(candidates(cipher, known))


def opened(recipe: Recipe, text: str, key: bytes, known: Known) -> OpeningResult:
    """What comes of opening a known answer with the key that was derived from `text`.

    Raises:
        Misfit: an optional library is missing that might open it.

    """
    cipher, wanted = recipe.cipher, known.plaintext.encode()
    if signing.signs(cipher) and signing.answers(recipe, text, key, known.ciphertext, wanted):
        return OpeningResult.RIGHT
    answer, missing = OpeningResult.CLOSED, None
    for candidate in candidates(cipher, known):
        made = _material(candidate.envelope, recipe, text, key)
        try:
            plain = None if made is None else _opened(candidate, made, cipher, known.aad.encode())
        except Misfit as misfit:
            missing = misfit
            continue
        if plain == wanted:
            return OpeningResult.RIGHT
        if plain is not None and candidate.envelope.proves(cipher):
            answer = OpeningResult.OTHER
    if missing is not None and answer is OpeningResult.CLOSED:
        raise Misfit(missing.code, missing.reason)
    return answer


def _material(envelope: Envelope, recipe: Recipe, text: str, key: bytes) -> Material | None:
    if recipe.encoding in STRUCTURED:
        made = envelope.material_of(recipe, text)
        return None if isinstance(made, DerivingProblem) else made
    raw = decoded(recipe, text)
    return Material(key=key, text=b"" if isinstance(raw, DerivingProblem) else raw)


def _opened(candidate: Candidate, material: Material, cipher: str, aad: bytes) -> bytes | None:
    try:
        return candidate.envelope.opener(material, cipher)(candidate.data, aad)
    except Closed:
        return None
    except Misfit as misfit:
        if misfit.code == "missing-library":
            raise
        return None


def accepted(recipe: Recipe, text: str, key: bytes) -> bool:
    """Whether the cipher takes the key: what it seals, or signs, it opens, or verifies, again."""
    cipher = recipe.cipher
    if signing.signs(cipher):
        return signing.round_trip(recipe, text, key)
    if cipher not in Layout.ciphers:
        return True  # any bytes of the right number are a key, and any text is a passphrase
    return _opened(_sealed(cipher, key), Material(key=key, text=key), cipher, b"") == PROBE


def _sealed(cipher: Any, key: bytes) -> Candidate:
    """The probe, sealed; its nonce is zero, for what it makes goes nowhere."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
    from cryptography.hazmat.primitives.padding import PKCS7

    nonce = bytes(BLOCK if cipher in AES_CBC else 12)
    if cipher in AES_CBC:
        adding = PKCS7(8 * BLOCK).padder()
        sealing = Cipher(algorithms.AES(key), modes.CBC(nonce)).encryptor()
        body = sealing.update(adding.update(PROBE) + adding.finalize()) + sealing.finalize()
    else:
        aead = ChaCha20Poly1305(key) if cipher == "chacha20-poly1305" else AESGCM(key)
        body = aead.encrypt(nonce, PROBE, b"")
    layout = Layout(cipher=cipher, layout=(f"iv:{len(nonce)}", "ciphertext"))
    return Candidate(layout, nonce + body)
