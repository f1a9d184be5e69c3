"""What a JWE shows without any key: its header, its parts, and the sizes that algorithms demand.

Sources: RFC 7516 (serialisations), RFC 7518, sections 4 and 5 (algorithms).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from assay.crypto.envelopes.base import Misfit
from assay.crypto.envelopes.encodings import from_base64
from assay.formats.documents import load_json
from assay.redacted import redacted

ENCRYPTIONS = {
    "A128CBC-HS256": (32, 16, 16),
    "A192CBC-HS384": (48, 16, 24),
    "A256CBC-HS512": (64, 16, 32),
    "A128GCM": (16, 12, 16),
    "A192GCM": (24, 12, 16),
    "A256GCM": (32, 12, 16),
}
"""Content encryption to the bytes of its key, its nonce and its tag."""
KEYS = {
    "dir": ("key", 0),
    "A128KW": ("key", 16),
    "A192KW": ("key", 24),
    "A256KW": ("key", 32),
    "A128GCMKW": ("key", 16),
    "A192GCMKW": ("key", 24),
    "A256GCMKW": ("key", 32),
    "PBES2-HS256+A128KW": ("passphrase", 0),
    "PBES2-HS384+A192KW": ("passphrase", 0),
    "PBES2-HS512+A256KW": ("passphrase", 0),
    "RSA1_5": ("rsa", 0),
    "RSA-OAEP": ("rsa", 0),
    "RSA-OAEP-256": ("rsa", 0),
    "ECDH-ES": ("ec", 0),
    "ECDH-ES+A128KW": ("ec", 0),
    "ECDH-ES+A192KW": ("ec", 0),
    "ECDH-ES+A256KW": ("ec", 0),
}
"""Key management to the kind of its key, and to its bytes where the algorithm alone says them."""
_SIGNED = 3
_COMPACT = 5


@redacted("alg", "enc")
class Header(NamedTuple):
    """What a JWE says of itself."""

    alg: str
    enc: str
    kid: str
    rounds: int
    """Of PBES2; 0 if there are none."""
    nonce: bytes
    body: bytes
    tag: bytes


def header_of(data: bytes) -> Header | Misfit:
    """The header and the parts of a JWE, or what is wrong with its form."""
    text = data.strip()
    try:
        return _json(text) if text[:1] == b"{" else _compact(text)
    except (ValueError, RecursionError):
        return Misfit("malformed", "has a part that is not base64url, or not JSON")


def _compact(text: bytes) -> Header | Misfit:
    pieces = text.split(b".")
    if len(pieces) == _SIGNED and text.startswith(b"eyJ"):
        return Misfit("malformed", "is signed and not encrypted: it is a JWT that anyone can read")
    if len(pieces) != _COMPACT:
        reason = f"does not have {_COMPACT} parts with dots between them"
        begins = text.startswith(b"eyJ") and len(pieces) < _COMPACT
        return Misfit("truncated" if begins else "malformed", reason)
    members = load_json(from_base64(pieces[0]).decode())
    return _header(members, [from_base64(piece) for piece in pieces[2:]])


def _json(text: bytes) -> Header | Misfit:
    whole = load_json(text.decode())
    names = ("iv", "ciphertext", "tag")
    if not isinstance(whole, dict) or not all(isinstance(whole.get(n), str) for n in names):
        return Misfit("malformed", "is JSON without the members of a JWE")
    members: dict[str, Any] = {}
    if isinstance(whole.get("protected"), str):
        members |= _mapping(load_json(from_base64(whole["protected"].encode()).decode()))
    members |= _mapping(whole.get("unprotected")) | _mapping(whole.get("header"))
    recipients = whole.get("recipients")
    if isinstance(recipients, list) and recipients and isinstance(recipients[0], dict):
        members |= _mapping(recipients[0].get("header"))
    return _header(members, [from_base64(whole[name].encode()) for name in names])


def _mapping(found: Any) -> dict[str, Any]:
    return found if isinstance(found, dict) else {}


def _header(members: Any, parts: list[bytes]) -> Header | Misfit:
    found = [_mapping(members).get(name) for name in ("alg", "enc")]
    if not all(isinstance(one, str) for one in found):
        return Misfit("malformed", "has a header without alg and enc")
    kid = members.get("kid")
    alg, enc = map(str, found)
    nonce, body, tag = parts
    rounds = members.get("p2c", 0)
    if type(rounds) is not int or rounds < 0:
        return Misfit("malformed", "has a p2c that is not a number of rounds")
    return Header(alg, enc, kid if isinstance(kid, str) else "", rounds, nonce, body, tag)
