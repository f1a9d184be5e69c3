"""From the text of a variable to the bytes of a key, step by step as the application goes."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

import msgspec

from assay.crypto import identities, node, pairs
from assay.crypto.ciphers import NEEDS, STRUCTURED
from assay.crypto.recipes import Derivation, Fit, Hkdf, Pbkdf2, SaltFrom, Scrypt
from assay.formats import asymmetric
from assay.formats.decoding import decode_base64, decode_base64url, decode_hex

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from assay.crypto.recipes import Recipe

    Reader = Callable[[str], bytes | None]


class DerivingProblem(msgspec.Struct, frozen=True, kw_only=True):
    """Why a text isn't a usable key."""

    code: str
    """`prefix`, `malformed`, `too-short`, `too-long`, `algorithm`, `halves`, `identity` or
    `salt`."""
    reason: str
    """The same in words, to follow "it"; never a part or a length of the text."""


def derived(
    recipe: Recipe, text: str, salts: Mapping[str, str | None] | None = None
) -> bytes | DerivingProblem:
    """The key that an application makes of `text`; for PEM and JWK what stands for a key pair.

    `salts` holds the values of the variables that `recipe.references` names.
    """
    raw = decoded(recipe, text)
    if isinstance(raw, DerivingProblem) or recipe.cipher not in NEEDS or _is_pair(recipe, text):
        return raw
    if not raw:
        return _unfit(recipe, "short")
    if recipe.cipher == "age" and (reason := identities.damage(raw)):
        return DerivingProblem(code="identity", reason=reason)
    return stretched(recipe, raw, salts or {})


def decoded(recipe: Recipe, text: str) -> bytes | DerivingProblem:
    """The bytes that an application reads from `text`, before it derives anything from them."""
    if not text.startswith(recipe.prefix):
        return DerivingProblem(code="prefix", reason=f"does not begin with {recipe.prefix}")
    body = text[len(recipe.prefix) :]
    if recipe.encoding in STRUCTURED:
        return _structured(recipe, body)
    if recipe.cipher == "fernet" and recipe.encoding == "base64url" and recipe.decoder == "strict":
        if len(body) % 4 and len(body.rstrip("=")) == len(body):
            reason = "lacks the = at its end, without which Fernet refuses it"
            return DerivingProblem(code="malformed", reason=reason)
        # Python, which knows Fernet best, takes any number of them, and either alphabet
        body = body.rstrip("=").replace("+", "-").replace("/", "_")
    raw = read(body, recipe.encoding, lenient=recipe.decoder == "node")
    if raw is None:
        return DerivingProblem(code="malformed", reason=f"is not {recipe.encoding}")
    return raw


def read(text: str, encoding: str, *, lenient: bool) -> bytes | None:
    """The bytes of a text in an encoding; None if a strict decoder refuses it."""
    strict, forgiving = _READERS.get(encoding, _READERS["utf8"])
    try:
        return forgiving(text) if lenient else strict(text)
    except UnicodeEncodeError:
        return None


_READERS: Mapping[str, tuple[Reader, Reader]] = {
    "hex": (decode_hex, node.from_hex),
    "base64": (decode_base64, node.from_base64),
    "base64url": (decode_base64url, node.from_base64),
    "latin1": (lambda text: text.encode("latin-1"), node.latin1),
    "utf8": (lambda text: text.encode("utf-8", "surrogateescape"), node.utf8),
}


def stretched(
    recipe: Recipe, raw: bytes, salts: Mapping[str, str | None]
) -> bytes | DerivingProblem:
    """The key that is made of the bytes that were read, even of none, where it suits the cipher."""
    need = NEEDS[recipe.cipher]
    size = need.least
    match recipe.derive:
        case "none":
            key = raw
        case "sha256":
            key = hashlib.sha256(raw).digest()[:size]
        case "md5-hex":
            digest = hashlib.md5(raw, usedforsecurity=False)
            key = digest.hexdigest().encode()[:size]
        case "evp-md5":
            key = evp_bytes_to_key(raw, size=size)
        case _:
            made = _derivation(recipe.derive.chosen, raw, salts, size)
            if isinstance(made, DerivingProblem):
                return made
            key = made
    if not key or not need.fits(len(key)):
        return _unfit(recipe, "short" if len(key) < size else "long")
    if len(key) == need.other and not pairs.halves_agree(key):
        return DerivingProblem(code="halves", reason="has two halves that don't belong together")
    return key[: need.least] if need.exact else key


def salted(recipe: Recipe, raw: bytes, salt: bytes) -> bytes | None:
    """The key that is made with a salt which a ciphertext holds; None if none can be made."""
    if not isinstance(recipe.derive, Derivation):
        return None
    size = NEEDS[recipe.cipher].least
    match recipe.derive.chosen:
        case Scrypt(cost=n, block_size=r, parallelization=p):
            return scrypt(raw, salt, n=n, r=r, p=p, size=size)
        case Pbkdf2(iterations=rounds, hash=name):
            return hashlib.pbkdf2_hmac(name, raw, salt, rounds, size)
        case Hkdf(info=info, hash=name):
            return hkdf(raw, salt, info=info.encode(), name=name, size=size)
        case Fit():
            return None


def _unfit(recipe: Recipe, words: str) -> DerivingProblem:
    needs = NEEDS[recipe.cipher].words
    return DerivingProblem(
        code=f"too-{words}", reason=f"is too {words} for {recipe.cipher}, which needs {needs}"
    )


def _derivation(
    chosen: Scrypt | Pbkdf2 | Hkdf | Fit, raw: bytes, salts: Mapping[str, str | None], size: int
) -> bytes | DerivingProblem:
    if isinstance(chosen, Fit):
        cut = raw[:size]
        return cut.ljust(size, chosen.fill.encode()[:1]) if chosen.fill else cut
    given = chosen.salt
    text = salts.get(given.variable) if isinstance(given, SaltFrom) else given
    salt = None if text is None else read(text, chosen.salt_encoding, lenient=False)
    if salt is None:
        where = f"in {given.variable}" if isinstance(given, SaltFrom) else "of the spec"
        return DerivingProblem(
            code="salt", reason=f"can't be derived: the salt {where} can't be read"
        )
    match chosen:
        case Scrypt(cost=n, block_size=r, parallelization=p):
            return scrypt(raw, salt, n=n, r=r, p=p, size=size)
        case Pbkdf2(iterations=rounds, hash=name):
            return hashlib.pbkdf2_hmac(name, raw, salt, rounds, size)
        case Hkdf(info=info, hash=name):
            return hkdf(raw, salt, info=info.encode(), name=name, size=size)


def _is_pair(recipe: Recipe, text: str) -> bool:
    """Whether the text holds a private key with a structure, not plain bytes."""
    if recipe.encoding not in STRUCTURED:
        return False
    return recipe.encoding == "pem" or pairs.octets(pairs.jwk_members(text)) is None


def _structured(recipe: Recipe, body: str) -> bytes | DerivingProblem:
    if recipe.encoding == "jwk" and recipe.cipher in NEEDS and recipe.cipher != "ed25519":
        octets = pairs.octets(pairs.jwk_members(body))
        reason = "is not a JWK of the kind oct"
        return DerivingProblem(code="malformed", reason=reason) if octets is None else octets
    key = pairs.read_pair(body, recipe.encoding)
    if key is None:
        form = "PEM" if recipe.encoding == "pem" else "JWK"
        return DerivingProblem(code="malformed", reason=f"is not a private key in {form}")
    if asymmetric.algorithm(key) != recipe.cipher:
        return DerivingProblem(
            code="algorithm", reason=f"is a key for a different algorithm than {recipe.cipher}"
        )
    return pairs.canonical(key)


MEMORY = 2**30
"""Bytes; scrypt with parameters that need more is refused when the spec is read."""
WORK = 2**24
"""The cost, block size and parallelization of scrypt, multiplied: about ten seconds."""


def scrypt(  # noqa: PLR0913 - the parameters of the RFC
    secret: bytes, salt: bytes, *, n: int, r: int, p: int, size: int
) -> bytes:
    """The function scrypt (RFC 7914)."""
    need = 128 * r * (n + p + 2) + 2**16
    return hashlib.scrypt(secret, salt=salt, n=n, r=r, p=p, maxmem=need, dklen=size)


def hkdf(secret: bytes, salt: bytes, *, info: bytes, name: str, size: int) -> bytes:
    """HKDF (RFC 5869): extract, then expand."""
    blank = bytes(hashlib.new(name).digest_size)
    extracted = hmac.digest(salt or blank, secret, name)
    block = made = b""
    while len(made) < size:
        block = hmac.digest(extracted, block + info + bytes([len(made) // len(blank) + 1]), name)
        made += block
    return made[:size]


def evp_bytes_to_key(secret: bytes, salt: bytes = b"", *, size: int, name: str = "md5") -> bytes:
    """OpenSSL's EVP_BytesToKey with one round (its manual page, EVP_BytesToKey(3))."""
    block = made = b""
    while len(made) < size:
        block = hashlib.new(name, block + secret + salt, usedforsecurity=False).digest()
        made += block
    return made[:size]
