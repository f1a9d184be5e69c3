"""Recipes: how an application turns the text of a variable into the bytes of a key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from msgspec import Meta

if TYPE_CHECKING:
    from collections.abc import Iterator


def meant(meanings: dict[str, str], description: str | None = None) -> Meta:
    """What is said of a field, and of each word that it may be."""
    return Meta(description=description, extra_json_schema={"meanings": meanings})


class _Plain(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """What all parts of a recipe share."""


class SaltFrom(_Plain, frozen=True, kw_only=True):
    """A salt that another variable holds."""

    variable: Annotated[str, Meta(description="The variable that holds the salt.", min_length=1)]


Salt = Annotated[
    str | SaltFrom,
    Meta(
        description="The salt as the application passes it, or the variable that holds it.",
        examples=["salt", {"variable": "ENCRYPTION_SALT"}],
    ),
]
SaltEncoding = Annotated[
    Literal["utf8", "hex", "base64"], Meta(description="How the salt's text becomes bytes.")
]
Hash = Annotated[
    Literal["sha1", "sha256", "sha384", "sha512"], Meta(description="The hash function.")
]


class Scrypt(_Plain, frozen=True, kw_only=True):
    """scrypt (RFC 7914), as Node's `scryptSync` does it where nothing else is said."""

    salt: Salt
    salt_encoding: SaltEncoding = "utf8"
    cost: Annotated[
        int, Meta(description="N, a power of two.", ge=2, le=2**20, examples=[16384])
    ] = 16384
    block_size: Annotated[int, Meta(description="r.", ge=1, le=64)] = 8
    parallelization: Annotated[int, Meta(description="p.", ge=1, le=64)] = 1


class Pbkdf2(_Plain, frozen=True, kw_only=True):
    """PBKDF2 with HMAC (RFC 8018)."""

    salt: Salt
    salt_encoding: SaltEncoding = "utf8"
    iterations: Annotated[
        int, Meta(description="How many rounds.", ge=1, le=10_000_000, examples=[100000])
    ]
    hash: Hash = "sha256"


class Hkdf(_Plain, frozen=True, kw_only=True):
    """HKDF (RFC 5869)."""

    salt: Salt = ""
    salt_encoding: SaltEncoding = "utf8"
    info: Annotated[str, Meta(description="What the key is for, as the application passes it.")] = (
        ""
    )
    hash: Hash = "sha256"


class Fit(_Plain, frozen=True, kw_only=True):
    """Cut to the cipher's length, or filled up to it with one character."""

    fill: Annotated[
        str, Meta(description="What fills up a text that is too short.", max_length=1)
    ] = "0"


class Derivation(_Plain, frozen=True, kw_only=True):
    """One function with its parameters."""

    scrypt: Scrypt | None = None
    pbkdf2: Pbkdf2 | None = None
    hkdf: Hkdf | None = None
    fit: Fit | None = None

    @property
    def given(self) -> tuple[Scrypt | Pbkdf2 | Hkdf | Fit, ...]:
        """The functions that are given; the loader of specs sees to it that it is one."""
        return tuple(filter(None, (self.scrypt, self.pbkdf2, self.hkdf, self.fit)))

    @property
    def name(self) -> str:
        """The name of the one that is given."""
        return next(one for one in self.__struct_fields__ if getattr(self, one) is not None)

    @property
    def chosen(self) -> Scrypt | Pbkdf2 | Hkdf | Fit:
        """The one that is given."""
        return self.given[0]


PartedCipher = Literal[
    "aes-128-gcm",
    "aes-192-gcm",
    "aes-256-gcm",
    "aes-128-cbc",
    "aes-192-cbc",
    "aes-256-cbc",
    "aes-128-ctr",
    "aes-192-ctr",
    "aes-256-ctr",
    "aes-128-ecb",
    "aes-192-ecb",
    "aes-256-ecb",
    "aes-128-ccm",
    "aes-192-ccm",
    "aes-256-ccm",
    "aes-128-eax",
    "aes-192-eax",
    "aes-256-eax",
    "des-ede3-cbc",
    "chacha20-poly1305",
]
"""Those whose nonce, tag and ciphertext a layout can tell apart."""
Cipher = Literal[
    PartedCipher,
    "xchacha20-poly1305",
    "secretbox",
    "fernet",
    "a128cbc-hs256",
    "a192cbc-hs384",
    "a256cbc-hs512",
    "aes-128-kw",
    "aes-192-kw",
    "aes-256-kw",
    "age",
    "passphrase",
    "hmac-sha256",
    "hmac-sha384",
    "hmac-sha512",
    "rsa",
    "ec",
    "ed25519",
]
Encoding = Literal["hex", "base64", "base64url", "utf8", "latin1", "pem", "jwk"]
Decoder = Literal["strict", "node"]
Derive = Literal["none", "sha256", "md5-hex", "evp-md5"]


class Recipe(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """How an application turns a text into the key of a cipher."""

    cipher: Annotated[
        Cipher,
        meant(
            description="What the key is for; it decides how many bytes are needed.",
            meanings={
                "aes-128-gcm": "AES-GCM with a key of 16 bytes.",
                "aes-192-gcm": "AES-GCM with a key of 24 bytes.",
                "aes-256-gcm": "AES-GCM with a key of 32 bytes.",
                "aes-128-cbc": "AES-CBC with a key of 16 bytes.",
                "aes-192-cbc": "AES-CBC with a key of 24 bytes.",
                "aes-256-cbc": "AES-CBC with a key of 32 bytes.",
                "aes-128-ctr": "AES-CTR, which nothing authenticates, with a key of 16 bytes.",
                "aes-192-ctr": "AES-CTR, which nothing authenticates, with a key of 24 bytes.",
                "aes-256-ctr": "AES-CTR, which nothing authenticates, with a key of 32 bytes.",
                "aes-128-ecb": "AES-ECB, for reading old rows, with a key of 16 bytes.",
                "aes-192-ecb": "AES-ECB, for reading old rows, with a key of 24 bytes.",
                "aes-256-ecb": "AES-ECB, for reading old rows, with a key of 32 bytes.",
                "aes-128-ccm": "AES-CCM with a key of 16 bytes.",
                "aes-192-ccm": "AES-CCM with a key of 24 bytes.",
                "aes-256-ccm": "AES-CCM with a key of 32 bytes.",
                "aes-128-eax": "AES-EAX with a key of 16 bytes.",
                "aes-192-eax": "AES-EAX with a key of 24 bytes.",
                "aes-256-eax": "AES-EAX with a key of 32 bytes.",
                "des-ede3-cbc": "3DES in CBC mode, for reading old rows, with a key of 24 bytes.",
                "chacha20-poly1305": "ChaCha20-Poly1305 (RFC 8439) with a key of 32 bytes.",
                "xchacha20-poly1305": "XChaCha20-Poly1305, with a nonce of 24 bytes and a key "
                "of 32.",
                "secretbox": "NaCl's secretbox (XSalsa20-Poly1305) with a key of 32 bytes.",
                "fernet": "Fernet, with 32 bytes for signing and encrypting together.",
                "a128cbc-hs256": "JWE's AES-CBC and HMAC together: 32 bytes, half for each.",
                "a192cbc-hs384": "JWE's AES-CBC and HMAC together: 48 bytes, half for each.",
                "a256cbc-hs512": "JWE's AES-CBC and HMAC together: 64 bytes, half for each.",
                "aes-128-kw": "AES Key Wrap (RFC 3394), JWE's A128KW, with a key of 16 bytes.",
                "aes-192-kw": "AES Key Wrap (RFC 3394), JWE's A192KW, with a key of 24 bytes.",
                "aes-256-kw": "AES Key Wrap (RFC 3394), JWE's A256KW, with a key of 32 bytes.",
                "age": "age: an identity (`AGE-SECRET-KEY-1...`), or a passphrase.",
                "passphrase": "The text itself opens, and each ciphertext says what is made of "
                "it: OpenPGP, iron-session, cryptr, CryptoJS, OpenSSL, JWE's PBES2.",
                "hmac-sha256": "Signing with HMAC, also HS256: 32 bytes or more.",
                "hmac-sha384": "Signing with HMAC, also HS384: 48 bytes or more.",
                "hmac-sha512": "Signing with HMAC, also HS512: 64 bytes or more.",
                "rsa": "An RSA private key.",
                "ec": "A private key on an elliptic curve, such as for ES256.",
                "ed25519": "An Ed25519 private key.",
            },
        ),
    ]
    encoding: Annotated[
        Encoding,
        meant(
            description="How the application reads the text.",
            meanings={
                "hex": "Two hex digits a byte.",
                "base64": "Standard base64.",
                "base64url": "base64 for URLs, padded or not.",
                "utf8": "The text itself is the key, or the passphrase.",
                "latin1": "The text itself, a byte for each character.",
                "pem": "A private key in PEM.",
                "jwk": "A JSON Web Key.",
            },
        ),
    ]
    decoder: Annotated[
        Decoder,
        meant(
            description="How strictly it is read.",
            meanings={
                "strict": "As most languages do, which refuse what is not well formed.",
                "node": "As Node's `Buffer.from` does, which takes either base64 alphabet, "
                "needs no padding, and never complains.",
            },
        ),
    ] = "strict"
    prefix: Annotated[
        str,
        Meta(
            description="What stands before the key, and the application takes off.",
            examples=["base64:", "k1.aesgcm256."],
        ),
    ] = ""
    derive: Annotated[
        Annotated[
            Derive,
            meant(
                meanings={
                    "none": "The bytes that were read are the key.",
                    "sha256": "The SHA-256 of what was read.",
                    "md5-hex": "The MD5 of what was read, as 32 hex digits used as text.",
                    "evp-md5": "OpenSSL's EVP_BytesToKey with MD5, one round and no salt, as "
                    "`createCipher` of old Node did.",
                }
            ),
        ]
        | Annotated[Derivation, Meta(extra_json_schema={"minProperties": 1, "maxProperties": 1})],
        Meta(
            description="What makes the key of the bytes that were read.",
            examples=["sha256", {"scrypt": {"salt": "salt"}}],
        ),
    ] = "none"

    @property
    def references(self) -> tuple[str, ...]:
        """The variables that hold a salt."""
        return tuple(_salts(self.derive))


def _salts(derive: Any) -> Iterator[str]:
    if isinstance(derive, Derivation) and derive.given:
        salt = getattr(derive.chosen, "salt", "")
        if isinstance(salt, SaltFrom):
            yield salt.variable
