"""What ciphers and signatures need of a key."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class KeyNeed(NamedTuple):
    """How many bytes a key must have."""

    least: int
    exact: bool = True
    other: int = 0
    """Another number of bytes that will do, of which the first `least` are the key."""
    called: str = ""
    """What is needed where it has no number of bytes."""

    def fits(self, size: int) -> bool:
        """Whether a key of `size` bytes will do."""
        return size in (self.least, self.other) if self.exact else size >= self.least

    @property
    def words(self) -> str:
        """As in "which needs 32 bytes"."""
        if self.called:
            return self.called
        return f"{self.least} bytes" if self.exact else f"{self.least} bytes or more"


TEXTS = frozenset(("age", "passphrase"))
"""Ciphers that a text opens as it is: each ciphertext says what is made of it."""
PAIRS = frozenset(("rsa", "ec"))
"""Ciphers whose keys are private keys with a structure of their own; ed25519 may be bare bytes."""
NEEDS: Mapping[str, KeyNeed] = {
    "aes-128-gcm": KeyNeed(16),
    "aes-192-gcm": KeyNeed(24),
    "aes-256-gcm": KeyNeed(32),
    "aes-128-cbc": KeyNeed(16),
    "aes-192-cbc": KeyNeed(24),
    "aes-256-cbc": KeyNeed(32),
    "aes-128-ctr": KeyNeed(16),
    "aes-192-ctr": KeyNeed(24),
    "aes-256-ctr": KeyNeed(32),
    "aes-128-ecb": KeyNeed(16),
    "aes-192-ecb": KeyNeed(24),
    "aes-256-ecb": KeyNeed(32),
    "aes-128-ccm": KeyNeed(16),
    "aes-192-ccm": KeyNeed(24),
    "aes-256-ccm": KeyNeed(32),
    "aes-128-eax": KeyNeed(16),
    "aes-192-eax": KeyNeed(24),
    "aes-256-eax": KeyNeed(32),
    "des-ede3-cbc": KeyNeed(24),
    "chacha20-poly1305": KeyNeed(32),
    "xchacha20-poly1305": KeyNeed(32),
    "secretbox": KeyNeed(32),
    "fernet": KeyNeed(32),
    "a128cbc-hs256": KeyNeed(32),  # a key for HMAC and one for AES, RFC 7518, 5.2
    "a192cbc-hs384": KeyNeed(48),
    "a256cbc-hs512": KeyNeed(64),
    "aes-128-kw": KeyNeed(16),
    "aes-192-kw": KeyNeed(24),
    "aes-256-kw": KeyNeed(32),
    "age": KeyNeed(1, exact=False, called="an identity or a passphrase"),
    "passphrase": KeyNeed(1, exact=False, called="a text"),
    "hmac-sha256": KeyNeed(32, exact=False),  # as long as the hash, or longer: RFC 7518, 3.2
    "hmac-sha384": KeyNeed(48, exact=False),
    "hmac-sha512": KeyNeed(64, exact=False),
    "ed25519": KeyNeed(32, other=64),  # libsodium and TweetNaCl append the public half
}
"""Ciphers whose keys are bytes, and how many."""
BARE = frozenset(("hex", "base64", "base64url"))
"""Encodings of bytes, which people don't make up."""
STRUCTURED = frozenset(("pem", "jwk"))
"""Encodings that may hold a key with a structure."""
