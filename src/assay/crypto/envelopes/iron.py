"""iron: what iron-session, `@hapi/iron` and `iron-webcrypto` seal.

Source: https://hapi.dev/module/iron and its lib/index.js: `Fe26.2`, password id, salt, nonce,
ciphertext, expiration, salt of the MAC and MAC, with * between them. PBKDF2 with SHA-1 and one
round makes each key. iron-session appends `~2`.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from assay.crypto.envelopes.base import Closed, Material, Misfit, Opener, Parts
from assay.crypto.envelopes.opening import BLOCK, Parted, cbc, from_base64

_FAMILY, _MARK = b"Fe26.", b"Fe26.2"
_PARTS = 8
_KEY = 32
_MAC = 32
_SKEW = 60
"""Seconds that clocks may differ by, as iron has it by default."""


class IronSession(Parted, frozen=True, kw_only=True, tag="iron-session"):
    """A seal of iron-session or `@hapi/iron`: JSON, with an expiration and a MAC."""

    title = "a seal of iron-session"
    shape = "Fe26.2*ID*SALT*IV*CIPHERTEXT*EXPIRATION*SALT*MAC"
    material: ClassVar[Literal["key", "text"]] = "text"
    ciphers: ClassVar[frozenset[str]] = frozenset(("passphrase",))
    authentic: ClassVar[bool | None] = True  # the MAC is checked first
    marked = True
    mark: ClassVar[bytes | tuple[bytes, ...]] = _FAMILY

    password_id: Annotated[
        str,
        Meta(
            description="What the application calls the key where it has several; a seal that "
            "names another needs another.",
            pattern="^[A-Za-z0-9_]*$",
            examples=["1"],
        ),
    ] = ""

    def _taken(self, data: bytes) -> Parts:
        """The parts; whether it has expired is reported when it is opened."""
        pieces = _pieces(data)
        if not data.startswith(_FAMILY):
            raise Misfit("malformed", f"does not begin with {_MARK.decode()}")
        if len(pieces) < _PARTS:
            raise Misfit("truncated", f"does not have {_PARTS} parts with * between them")
        if pieces[0] != _MARK:
            raise Misfit("unsupported", "has an unknown version")
        if len(pieces) != _PARTS:
            raise Misfit("malformed", f"does not have {_PARTS} parts with * between them")
        if not re.fullmatch(rb"([1-9][0-9]{0,17})?", pieces[5]):
            raise Misfit("malformed", "has an expiration that is not a number")
        try:
            nonce, body, mac = (from_base64(pieces[at]) for at in (3, 4, 7))
        except ValueError:
            raise Misfit("malformed", "has a part that is not base64url") from None
        if len(nonce) != BLOCK:
            raise Misfit("malformed", f"has no nonce of {BLOCK} bytes")
        if not body or len(body) % BLOCK:
            raise Misfit("truncated", f"is not a multiple of {BLOCK} bytes long")
        if len(mac) != _MAC:
            raise Misfit("truncated", "ends before its MAC does")
        return Parts(nonce=nonce, body=body, mac=mac, signed=b"*".join(pieces[:6]))

    def opener(self, material: Material, cipher: str) -> Opener:
        """What opens it with one password: the MAC, then the text, then its expiration."""
        del cipher  # there is one
        secret = material.text
        if len(secret) < _KEY:
            raise Misfit("key", f"is too short: iron requires {_KEY} characters or more")

        def opened(data: bytes, _aad: bytes) -> bytes:
            found, pieces = self._taken(data), _pieces(data)
            mac = hmac.digest(_key(secret, pieces[6]), found.signed, "sha256")
            if not hmac.compare_digest(mac, found.mac):
                named = self.password_id and pieces[1].decode(errors="replace") != self.password_id
                raise Closed("names a different key by its password id" if named else "")
            text = cbc("aes-256-cbc", _key(secret, pieces[2]))(found.nonce, found.body)
            if pieces[5] and int(pieces[5]) / 1000 <= time.time() - _SKEW:
                raise Misfit("expired", "can be decrypted, but has expired: iron refuses it")
            return text

        return opened


def _pieces(data: bytes) -> list[bytes]:
    """The parts, without the version that iron-session appends."""
    return data.strip().partition(b"~")[0].split(b"*")


def _key(secret: bytes, salt: bytes) -> bytes:
    """The key that a password makes; a Buffer, which has no salt, is the key itself."""
    if not salt:
        return secret[:_KEY]
    return hashlib.pbkdf2_hmac("sha1", secret, salt, 1, _KEY)
