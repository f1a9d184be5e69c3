"""age: files of `age`, rage, pyrage and typage, binary or armoured.

Source: https://c2sp.org/age, version 1: a header with a stanza for each recipient and a MAC, then a
nonce of 16 bytes and chunks with a tag of 16 bytes each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from assay.crypto.envelopes.base import Closed, Envelope, Material, Misfit, Opener
from assay.crypto.envelopes.opening import EXTRA, from_base64, needed
from assay.crypto.identities import identities

if TYPE_CHECKING:
    from collections.abc import Callable

    Decrypt = Callable[[bytes], bytes]

_FAMILY, _MARK = b"age-encryption.org/", b"age-encryption.org/v1\n"
_BEGIN = b"-----BEGIN AGE ENCRYPTED FILE-----"
_END = b"-----END AGE ENCRYPTED FILE-----"
_SHORTEST = 32
"""Bytes of a payload: the nonce, and the tag of an empty chunk."""
_REASONS = {
    "Header MAC is invalid": Misfit("damaged", "has a header that was changed"),
    "decryption error": Misfit("damaged", "has a good header, but the rest can't be decrypted"),
    "failed to fill whole buffer": Misfit("truncated", "ends too early"),
}
"""What the library says, and what it means."""


class Age(Envelope, frozen=True, kw_only=True, tag="age"):
    """age, sealed to an X25519 identity or with a passphrase, binary or armoured."""

    title = "age"
    shape = "age-encryption.org/v1 and binary, or -----BEGIN AGE ENCRYPTED FILE-----"
    material: ClassVar[Literal["key", "text"]] = "text"
    ciphers: ClassVar[frozenset[str]] = frozenset(("age",))
    separable = True
    costly = True
    marked = True
    extra = EXTRA

    def recognizes(self, data: bytes) -> bool:
        """Whether it begins as one."""
        return data.startswith(_FAMILY) or data.lstrip().startswith(_BEGIN)

    def misfit(self, data: bytes) -> Misfit | None:
        """What is wrong with its form."""
        found = _sorts(data)
        return found if isinstance(found, Misfit) else None

    def opener(self, material: Material, cipher: str) -> Opener:
        """What opens it with identities, or with a passphrase."""
        del cipher  # there is one
        pyrage = needed("pyrage", "pyrage")
        own = "X25519" if identities(material.text) else "scrypt"
        decrypt = _with(pyrage, material.text)

        def opened(data: bytes, _aad: bytes) -> bytes:
            try:
                return decrypt(data.strip() if data.lstrip().startswith(_BEGIN) else data)
            except pyrage.DecryptError as error:
                said = str(error)
            raise _refusal(data, own, said)

        return opened


def _with(pyrage: Any, text: bytes) -> Decrypt:
    """What decrypts with what a variable holds."""
    try:
        found = [pyrage.x25519.Identity.from_str(line) for line in identities(text)]
        phrase = text.decode()
    except pyrage.IdentityError:
        raise Misfit("key", "is an age identity that can't be parsed") from None
    except UnicodeDecodeError:
        raise Misfit("key", "is a passphrase that is not text") from None
    if found:
        return lambda data: bytes(pyrage.decrypt(data, found))
    return lambda data: bytes(pyrage.passphrase.decrypt(data, phrase))


def _refusal(data: bytes, own: str, reason: str) -> Closed | Misfit:
    """Why it does not open, as its header shows, then as the library says."""
    sorts = _sorts(data)
    if isinstance(sorts, Misfit):
        return sorts
    if own not in sorts:
        if "scrypt" in sorts:
            return Misfit("key", "is encrypted with a passphrase, but the key is an identity")
        if own == "scrypt" and "X25519" in sorts:
            return Misfit("key", "is encrypted to an identity, but the key is a passphrase")
        return Misfit("unsupported", "is encrypted only to recipients other than X25519")
    if "xcessive work" in reason:
        return Misfit("unsupported", "asks for more key derivation than assay does")
    known = _REASONS.get(reason)
    return Closed() if known is None else Misfit(known.code, known.reason)


def _sorts(data: bytes) -> frozenset[str] | Misfit:
    """The kinds of its recipients, or what is wrong with its form."""
    if data.lstrip().startswith(_BEGIN):
        inner = data.strip()
        if not inner.endswith(_END):
            return Misfit("truncated", "ends before its armor does")
        try:
            data = from_base64(inner[len(_BEGIN) : -len(_END)])
        except ValueError:
            return Misfit("malformed", "is not base64 inside its armor")
    if not data.startswith(_MARK):
        if data.startswith(_FAMILY):
            return Misfit("unsupported", "has an unknown version")
        return Misfit("malformed", f"does not begin with {_MARK.decode().strip()}")
    header, found, payload = data.partition(b"\n--- ")
    mac, line_end, payload = payload.partition(b"\n")
    if not found or not line_end:
        return Misfit("truncated", "ends within its header")
    del mac
    if len(payload) < _SHORTEST:
        return Misfit("truncated", "ends too early")
    stanzas = [line for line in header.split(b"\n") if line.startswith(b"-> ")]
    return frozenset(stanza.split(b" ")[1].decode(errors="replace") for stanza in stanzas)
