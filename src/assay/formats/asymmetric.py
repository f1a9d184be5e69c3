"""Key pairs: reading them, naming them, and making ones for examples."""

from __future__ import annotations

import warnings
from functools import cache
from typing import Any, Literal

from assay.formats.armor import LIMIT, labels, unwrapped

Algorithm = Literal["rsa", "ec", "ed25519", "ed448", "x25519", "x448", "dsa"]


class EncryptedKeyError(ValueError):
    """A private key needs a passphrase."""


def read_private(text: str) -> Any | None:
    """The private key of a PEM text; None if there is none that can be read.

    Raises:
        EncryptedKeyError: it needs a passphrase.

    """
    kind = "ssh" if "-----BEGIN OPENSSH" in text else "pem"
    return _read(f"load_{kind}_private_key", text, password=None)


def read_public(text: str) -> Any | None:
    """The public key of a PEM text; None if there is none that can be read."""
    return _read("load_pem_public_key", text)


def read_ssh_public(text: str) -> Any | None:
    """The public key of a line of `authorized_keys`; None if it can't be read."""
    return _read("load_ssh_public_key", text)


def _read(loader: str, text: str, **options: None) -> Any | None:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization

    if len(text) > LIMIT:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # old algorithms are this package's own rules
            return getattr(serialization, loader)(text.encode(), **options)
    except TypeError as error:  # what cryptography raises where a passphrase is missing
        raise EncryptedKeyError from error
    except (ValueError, UnsupportedAlgorithm) as error:
        if options and "assword" in str(error):
            raise EncryptedKeyError from error
        return None


def algorithm(key: Any) -> str:
    """The algorithm of a private or public key, as specs name it."""
    name = type(key).__name__.removesuffix("PrivateKey").removesuffix("PublicKey").lower()
    return "ec" if name == "ellipticcurve" else name


def mismatched(public: Any | None, private: str) -> bool:
    """Whether a public key isn't that of the private key in a variable; no if either is missing."""
    key: Any = private_of(private)
    return None not in (public, key) and spki(public) != spki(key.public_key())


def spki(public: Any) -> bytes:
    """A public key in DER (RFC 5280, SubjectPublicKeyInfo)."""
    return _public_bytes(public, "DER")


def public_pem(key: Any) -> str:
    """A public key in PEM."""
    return _public_bytes(key, "PEM").decode()


def _public_bytes(key: Any, encoding: str) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    found: bytes = key.public_bytes(getattr(Encoding, encoding), PublicFormat.SubjectPublicKeyInfo)
    return found


def private_of(value: str) -> Any | None:
    """The private key in a variable, however it is stored; None if none can be read."""
    text = unwrapped(value)
    try:
        return read_private(text) if isinstance(labels(text), list) else None
    except EncryptedKeyError:
        return None


def private_pem(key: Any, form: str = "PKCS8") -> str:
    """A private key in PKCS #8, or in OpenSSH's own form."""
    from cryptography.hazmat.primitives import serialization as forms

    wanted = getattr(forms.PrivateFormat, form)
    found: bytes = key.private_bytes(forms.Encoding.PEM, wanted, forms.NoEncryption())
    return found.decode()


def make(kind: str, bits: int = 3072) -> Any:
    """A fresh private key."""
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    if kind == "rsa":
        return rsa.generate_private_key(65537, max(bits, 2048))
    return ec.generate_private_key(ec.SECP256R1()) if kind == "ec" else _seeded(kind)[0].generate()


def known(kind: str, bits: int = 2048) -> Any:
    """A private key that the whole world knows, the same each time: for examples only.

    Its secret number is 1, its seed is zero, or its primes are Mersenne's.
    """
    from cryptography.hazmat.primitives.asymmetric import ec

    if kind == "rsa":
        return _known_rsa(1279 if bits <= 1279 + 2203 else 2281)
    if kind == "ec":
        return ec.derive_private_key(1, ec.SECP256R1())
    keys, size = _seeded(kind)
    return keys.from_private_bytes(bytes(size))


def _seeded(kind: str) -> tuple[Any, int]:
    """A class of keys that any seed makes, Ed25519's unless asked otherwise, and a seed's size."""
    from cryptography.hazmat.primitives.asymmetric import ed448, ed25519, x448, x25519

    return {
        "ed448": (ed448.Ed448PrivateKey, 57),
        "x25519": (x25519.X25519PrivateKey, 32),
        "x448": (x448.X448PrivateKey, 56),
    }.get(kind, (ed25519.Ed25519PrivateKey, 32))


@cache
def _known_rsa(power: int) -> Any:
    from cryptography.hazmat.primitives.asymmetric import rsa

    p, q, e = 2**2203 - 1, 2**power - 1, 65537
    d = pow(e, -1, (p - 1) * (q - 1))
    public = rsa.RSAPublicNumbers(e, p * q)
    crt = rsa.rsa_crt_iqmp(p, q)
    return rsa.RSAPrivateNumbers(p, q, d, d % (p - 1), d % (q - 1), crt, public).private_key()
