"""Private keys in PEM and JWK, and signatures as known answers.

Two keys are the same where their public halves are. Signatures are HMAC, RSA, ECDSA and Ed25519,
bare or in a JWT. A key for RSA may also open what was encrypted with its public half.
"""

from __future__ import annotations

import hmac
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from assay.crypto.ciphers import BARE, PAIRS
from assay.formats import asymmetric
from assay.formats.decoding import decode_base64, decode_base64url, decode_hex
from assay.formats.documents import load_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.crypto.recipes import Recipe

_CURVES = {
    "P-256": "SECP256R1",
    "P-384": "SECP384R1",
    "P-521": "SECP521R1",
    "secp256k1": "SECP256K1",
}


def read_pair(text: str, encoding: str) -> Any | None:
    """The private key of a PEM or a JWK; None if there is none that can be read."""
    return asymmetric.private_of(text) if encoding == "pem" else _of_jwk(jwk_members(text))


def canonical(key: Any) -> bytes:
    """Bytes that are equal exactly where two private keys are: those of their public halves.

    Encodings of private keys differ for the same key (RFC 8017 lets d be one of several numbers).
    """
    return b"private key of " + asymmetric.spki(key.public_key())


def halves_agree(key: bytes) -> bool:
    """Whether the 64 bytes of an Ed25519 key are a seed and the public key that comes of it."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    public = Ed25519PrivateKey.from_private_bytes(key[:32]).public_key().public_bytes_raw()
    return public == key[32:]


def jwk_members(text: str) -> dict[str, Any]:
    """The members of a JWK; none if it is not a JSON object."""
    try:
        found = load_json(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def octets(members: dict[str, Any]) -> bytes | None:
    """The bytes of a JWK of the kind oct (RFC 7518, 6.4); None for other kinds."""
    return _member(members, "k") if members.get("kty") == "oct" else None


def _member(members: dict[str, Any], name: str) -> bytes | None:
    value = members.get(name)
    return decode_base64url(value) if isinstance(value, str) else None


def _number(members: dict[str, Any], name: str) -> int:
    return int.from_bytes(_member(members, name) or b"", "big")


def _of_jwk(members: dict[str, Any]) -> Any | None:
    try:
        match members.get("kty"):
            case "RSA":
                return _rsa(members)
            case "EC":
                return _ec(members)
            case "OKP":
                return _okp(members)
            case _:
                return None
    except (ValueError, OverflowError):
        return None  # the numbers don't belong together


def _rsa(members: dict[str, Any]) -> Any | None:
    from cryptography.hazmat.primitives.asymmetric import rsa

    n, e, d, p, q = (_number(members, name) for name in ("n", "e", "d", "p", "q"))
    if not (n and e and d):
        return None
    if not (p and q):
        p, q = rsa.rsa_recover_prime_factors(n, e, d)
    return rsa.RSAPrivateNumbers(
        p, q, d, d % (p - 1), d % (q - 1), rsa.rsa_crt_iqmp(p, q), rsa.RSAPublicNumbers(e, n)
    ).private_key()


def _ec(members: dict[str, Any]) -> Any | None:
    from cryptography.hazmat.primitives.asymmetric import ec

    name = _CURVES.get(str(members.get("crv")))
    if name is None or not _number(members, "d"):
        return None
    public = ec.EllipticCurvePublicNumbers(
        _number(members, "x"), _number(members, "y"), getattr(ec, name)()
    )
    return ec.EllipticCurvePrivateNumbers(_number(members, "d"), public).private_key()


def _okp(members: dict[str, Any]) -> Any | None:
    from cryptography.hazmat.primitives.asymmetric import ed25519

    secret = _member(members, "d")
    if members.get("crv") != "Ed25519" or secret is None:
        return None
    key = ed25519.Ed25519PrivateKey.from_private_bytes(secret)
    return key if key.public_key().public_bytes_raw() == _member(members, "x") else None


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
        with suppress(ValueError):
            if private.decrypt(raw, scheme) == plaintext:
                return True
    return False


def _signer(recipe: Recipe, text: str, key: bytes) -> Any | None:
    """The bytes of an HMAC key, or the private key of a pair."""
    if recipe.cipher.startswith("hmac"):
        return key
    if recipe.encoding in BARE | {"utf8", "latin1"}:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(key)
    return read_pair(text.removeprefix(recipe.prefix), recipe.encoding)


def _verifies(signer: Any, signature: bytes, message: bytes, name: str) -> bool:
    """Whether a signature is right in one of the ways in which it may be meant."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    if isinstance(signer, bytes):
        return hmac.compare_digest(hmac.digest(signer, message, name), signature)
    public, function = signer.public_key(), getattr(hashes, name.upper())()
    ways: list[tuple[Any, ...]] = [(signature, message)]
    if isinstance(public, rsa.RSAPublicKey):
        pss = padding.PSS(padding.MGF1(function), padding.PSS.AUTO)
        ways = [(signature, message, scheme, function) for scheme in (padding.PKCS1v15(), pss)]
    elif isinstance(public, ec.EllipticCurvePublicKey):
        half = len(signature) // 2  # as JOSE writes it: r and s side by side (RFC 7518, 3.4)
        r, s = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
        both = (signature, encode_dss_signature(r, s))
        ways = [(one, message, ec.ECDSA(function)) for one in both]
    for way in ways:
        with suppress(InvalidSignature):
            public.verify(*way)
            return True
    return False


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
