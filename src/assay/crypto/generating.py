"""Makes keys from the system's random source, written as an application reads them."""

from __future__ import annotations

import base64
import secrets
import string
from typing import TYPE_CHECKING

from assay.crypto import identities
from assay.crypto.ciphers import NEEDS, STRUCTURED, TEXTS

if TYPE_CHECKING:
    from assay.crypto.recipes import Recipe

PASSPHRASE = 32
"""Random bytes in a passphrase: as strong as any key that is derived from it."""
RSA_BITS = 3072
_ALPHABET = string.ascii_letters + string.digits
_KINDS = {"rsa": "RSA", "ec": "EC", "ed25519": "OKP"}


def generated(recipe: Recipe) -> str:
    """A new key in the encoding of a recipe, without a newline, after its prefix."""
    return recipe.prefix + _body(recipe)


def _body(recipe: Recipe) -> str:
    if recipe.encoding in STRUCTURED:
        return _structured(recipe)
    if recipe.cipher == "age":
        return identities.written(secrets.token_bytes(identities.SIZE))
    bare = recipe.derive == "none" and recipe.cipher not in TEXTS
    size = NEEDS[recipe.cipher].least if bare else PASSPHRASE
    match recipe.encoding:
        case "hex":
            return secrets.token_hex(size)
        case "base64":
            return base64.b64encode(secrets.token_bytes(size)).decode()
        case "base64url" if recipe.cipher == "fernet":  # which Python refuses without its padding
            return base64.urlsafe_b64encode(secrets.token_bytes(size)).decode()
        case "base64url":
            return secrets.token_urlsafe(size)
        case _ if bare:
            return "".join(secrets.choice(_ALPHABET) for _ in range(size))
        case _:
            return secrets.token_urlsafe(size)


def _structured(recipe: Recipe) -> str:
    from assay.formats import asymmetric
    from assay.formats.jose import Jwk

    kind = _KINDS.get(recipe.cipher)
    if recipe.encoding == "pem":
        return asymmetric.private_pem(asymmetric.make(recipe.cipher, RSA_BITS)).rstrip("\n")
    if kind is None:
        k = secrets.token_urlsafe(NEEDS[recipe.cipher].least)
        return f'{{"kty":"oct","k":"{k}"}}'
    return Jwk(kinds=(kind,), part="private").generate() or ""  # type: ignore[arg-type]  # as above
