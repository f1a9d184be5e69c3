"""Private keys in PEM and JWK: reading them, and telling whether two are the same."""

from __future__ import annotations

from typing import Any

from assay.formats import asymmetric
from assay.formats.decoding import decode_base64url
from assay.formats.documents import load_json

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
