"""Key pairs: reading them, naming them, and making ones for examples."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import cache
from typing import Any, Literal

from assay.formats.armor import LIMIT, armor, blocks, unwrapped

Algorithm = Literal["rsa", "ec", "ed25519", "ed448", "x25519", "x448", "dsa"]
_CLASSES: dict[str, Algorithm] = {
    "RSA": "rsa",
    "EllipticCurve": "ec",
    "EC": "ec",
    "Ed25519": "ed25519",
    "Ed448": "ed448",
    "X25519": "x25519",
    "X448": "x448",
    "DSA": "dsa",
}


class EncryptedKeyError(ValueError):
    """A private key needs a passphrase."""


def read_private(text: str) -> Any | None:
    """The private key of a PEM text; None if there is none that can be read.

    Raises:
        EncryptedKeyError: it needs a passphrase.

    """
    from cryptography.hazmat.primitives import serialization

    if "-----BEGIN OPENSSH" in text:
        return _read(serialization.load_ssh_private_key, text)
    return _read(serialization.load_pem_private_key, text)


def read_public(text: str) -> Any | None:
    """The public key of a PEM text; None if there is none that can be read."""
    from cryptography.hazmat.primitives import serialization

    return _read_public(serialization.load_pem_public_key, text)


def read_ssh_public(text: str) -> Any | None:
    """The public key of a line of `authorized_keys`; None if it can't be read."""
    from cryptography.hazmat.primitives import serialization

    return _read_public(serialization.load_ssh_public_key, text)


def _read(load: Callable[..., Any], text: str) -> Any | None:
    from cryptography.exceptions import UnsupportedAlgorithm

    if len(text) > LIMIT:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # old algorithms are this package's own rules
            return load(text.encode(), password=None)
    except TypeError as error:  # what cryptography raises where a passphrase is missing
        raise EncryptedKeyError from error
    except (ValueError, UnsupportedAlgorithm) as error:
        if "assword" in str(error):
            raise EncryptedKeyError from error
        return None


def _read_public(load: Callable[..., Any], text: str) -> Any | None:
    from cryptography.exceptions import UnsupportedAlgorithm

    if len(text) > LIMIT:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return load(text.encode())
    except (ValueError, UnsupportedAlgorithm):
        return None


def algorithm(key: Any) -> str:
    """The algorithm of a private or public key, as specs name it."""
    name = type(key).__name__.removesuffix("PrivateKey").removesuffix("PublicKey")
    return _CLASSES.get(name, name.lower())


def same_key(public: Any, private: Any) -> bool:
    """Whether a public key belongs to a private one."""
    return spki(public) == spki(private.public_key())


def spki(public: Any) -> bytes:
    """A public key in DER (RFC 5280, SubjectPublicKeyInfo)."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    found: bytes = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return found


def private_of(value: str) -> Any | None:
    """The private key in a variable, however it is stored; None if none can be read."""
    text = unwrapped(value)
    if not isinstance(blocks(text), list):
        return None
    try:
        return read_private(text)
    except EncryptedKeyError:
        return None


def private_pem(key: Any) -> str:
    """A private key in PKCS #8."""
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
    )

    return armor(
        "PRIVATE KEY", key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    )


def public_pem(key: Any) -> str:
    """A public key in PEM."""
    return armor("PUBLIC KEY", spki(key))


def make(kind: str, bits: int = 3072) -> Any:
    """A fresh private key."""
    from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa, x448, x25519

    match kind:
        case "rsa":
            return rsa.generate_private_key(65537, max(bits, 2048))
        case "ec":
            return ec.generate_private_key(ec.SECP256R1())
        case "ed448":
            return ed448.Ed448PrivateKey.generate()
        case "x25519":
            return x25519.X25519PrivateKey.generate()
        case "x448":
            return x448.X448PrivateKey.generate()
        case _:
            return ed25519.Ed25519PrivateKey.generate()


def known(kind: str, bits: int = 2048) -> Any:
    """A private key that the whole world knows, the same each time: for examples only.

    Its secret number is 1, its seed is zero, or its primes are Mersenne's.
    """
    from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, x448, x25519

    match kind:
        case "rsa":
            return _known_rsa(1279 if bits <= 1279 + 2203 else 2281)
        case "ec":
            return ec.derive_private_key(1, ec.SECP256R1())
        case "ed448":
            return ed448.Ed448PrivateKey.from_private_bytes(bytes(57))
        case "x25519":
            return x25519.X25519PrivateKey.from_private_bytes(bytes(32))
        case "x448":
            return x448.X448PrivateKey.from_private_bytes(bytes(56))
        case _:
            return ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32))


@cache
def _known_rsa(power: int) -> Any:
    from cryptography.hazmat.primitives.asymmetric import rsa

    p, q, e = 2**2203 - 1, 2**power - 1, 65537
    d = pow(e, -1, (p - 1) * (q - 1))
    public = rsa.RSAPublicNumbers(e, p * q)
    crt = rsa.rsa_crt_iqmp(p, q)
    return rsa.RSAPrivateNumbers(p, q, d, d % (p - 1), d % (q - 1), crt, public).private_key()
