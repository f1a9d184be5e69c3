"""Signatures as known answers: HMAC, RSA, ECDSA and Ed25519, bare or in a JWT.

A key for RSA may also open what was encrypted with its public half.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any

from assay.crypto import pairs
from assay.crypto.ciphers import BARE, PAIRS
from assay.formats.decoding import decode_base64, decode_base64url, decode_hex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.crypto.recipes import Recipe

_JWT_HASHES = {"256": "sha256", "384": "sha384", "512": "sha512"}


def signs(cipher: str) -> bool:
    """Whether a key signs, so that a known answer is a signature of its plaintext."""
    return cipher.startswith("hmac") or cipher in PAIRS or cipher == "ed25519"


def understood(text: str) -> bool:
    """Whether a text is a signature in a known encoding, or a JWT."""
    return any(_signatures(text)) or _jwt(text) is not None


def answers(recipe: Recipe, text: str, key: bytes, given: str, plaintext: bytes) -> bool:
    """Whether `given` is this key's signature of `plaintext`, or of a JWT with that payload."""
    signer = _signer(recipe, text, key)
    if signer is None:
        return False
    jwt = _jwt(given)
    if jwt is not None:
        signed, payload, raw, bits = jwt
        name = _JWT_HASHES.get(bits, "sha256")
        return payload == plaintext and _verifies(signer, raw, signed, name)
    name = f"sha{recipe.cipher[-3:]}" if recipe.cipher.startswith("hmac") else "sha256"
    return any(
        _verifies(signer, raw, plaintext, name)
        or (recipe.cipher == "rsa" and _decrypts(signer, raw, plaintext))
        for raw in _signatures(given)
    )


def _decrypts(private: Any, raw: bytes, plaintext: bytes) -> bool:
    """Whether a ciphertext opens, padded in one of the ways of RFC 8017."""
    from cryptography.hazmat.primitives.asymmetric import padding
    from cryptography.hazmat.primitives.hashes import SHA1, SHA256

    oaep = [
        padding.OAEP(padding.MGF1(function()), function(), None)
        for function in (SHA256, SHA1)  # SHA-1 is the default of Node
    ]
    for scheme in (*oaep, padding.PKCS1v15()):
        try:
            if private.decrypt(raw, scheme) == plaintext:
                return True
        except ValueError:
            continue
    return False


def _signer(recipe: Recipe, text: str, key: bytes) -> Any | None:
    """The bytes of an HMAC key, or the private key of a pair."""
    if recipe.cipher.startswith("hmac"):
        return key
    if recipe.encoding in BARE | {"utf8", "latin1"}:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(key)
    return pairs.read_pair(text.removeprefix(recipe.prefix), recipe.encoding)


def _verifies(signer: Any, signature: bytes, message: bytes, name: str) -> bool:
    from cryptography.exceptions import InvalidSignature

    if isinstance(signer, bytes):
        return hmac.compare_digest(hmac.digest(signer, message, name), signature)
    for attempt in _attempts(signer.public_key(), signature, message, name):
        try:
            attempt()
        except InvalidSignature:
            continue
        return True
    return False


def _attempts(public: Any, signature: bytes, message: bytes, name: str) -> Iterator[Any]:
    """The ways in which a signature may be meant, each to be tried."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    function = getattr(hashes, name.upper())()
    if isinstance(public, rsa.RSAPublicKey):
        pss = padding.PSS(padding.MGF1(function), padding.PSS.AUTO)
        yield lambda: public.verify(signature, message, padding.PKCS1v15(), function)
        yield lambda: public.verify(signature, message, pss, function)
    elif isinstance(public, ec.EllipticCurvePublicKey):
        yield lambda: public.verify(signature, message, ec.ECDSA(function))
        half = len(signature) // 2  # as JOSE writes it: r and s side by side (RFC 7518, 3.4)
        r, s = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
        both = encode_dss_signature(r, s)
        yield lambda: public.verify(both, message, ec.ECDSA(function))
    else:
        yield lambda: public.verify(signature, message)


def _signatures(text: str) -> Iterator[bytes]:
    for decode in (decode_hex, decode_base64, decode_base64url):
        if raw := decode(text):
            yield raw


def _jwt(text: str) -> tuple[bytes, bytes, bytes, str] | None:
    """What is signed, the payload, the signature, and the bits of the hash of a compact JWT."""
    from assay.formats.jose import read_jwt

    found = read_jwt(text)
    if found is None:
        return None
    signed, _, signature = text.rpartition(".")
    payload = decode_base64url(signed.partition(".")[2]) or b""
    return signed.encode(), payload, decode_base64url(signature) or b"", str(found[0]["alg"])[-3:]
