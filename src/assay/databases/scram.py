"""Proving to a PostgreSQL server that we know a password, without telling it."""

from __future__ import annotations

import hashlib
import hmac
import os
from base64 import b64decode, b64encode

_MOST = 1_000_000
"""Rounds of hashing, beyond which a server only wants to keep us busy; usual are 4096."""


class Client:
    """The client's part of SCRAM-SHA-256 without channel binding, RFC 5802 and RFC 7677."""

    def __init__(self, password: str) -> None:
        from unicodedata import normalize

        self._password = normalize("NFKC", password).encode()
        self._nonce = b64encode(os.urandom(18)).decode()
        self._bare = f"n=,r={self._nonce}"

    def first(self) -> bytes:
        """The first message."""
        return f"n,,{self._bare}".encode()

    def final(self, answer: bytes) -> bytes:
        """The second message, given the server's answer.

        Raises:
            ValueError: the server does not keep to the protocol.

        """
        said = answer.decode()
        parts = dict(part.split("=", 1) for part in said.split(","))
        nonce, rounds = parts.get("r", ""), int(parts.get("i", "0"))
        if not nonce.startswith(self._nonce) or not 0 < rounds <= _MOST:
            raise ValueError("not SCRAM")
        salt = b64decode(parts.get("s", ""))
        salted = hashlib.pbkdf2_hmac("sha256", self._password, salt, rounds)
        key = hmac.digest(salted, b"Client Key", "sha256")
        closing = f"c=biws,r={nonce}"
        signed = f"{self._bare},{said},{closing}".encode()
        signature = hmac.digest(hashlib.sha256(key).digest(), signed, "sha256")
        proof = bytes(a ^ b for a, b in zip(key, signature, strict=True))
        return f"{closing},p={b64encode(proof).decode()}".encode()


def md5(user: str, password: str, salt: bytes) -> bytes:
    """The answer to PostgreSQL's older way of asking; MD5 because servers ask for it."""
    inner = hashlib.md5((password + user).encode(), usedforsecurity=False).hexdigest()
    outer = hashlib.md5(inner.encode() + salt, usedforsecurity=False).hexdigest()
    return b"md5" + outer.encode()
