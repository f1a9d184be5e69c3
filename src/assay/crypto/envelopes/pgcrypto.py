"""pgcrypto: what PostgreSQL's `pgp_sym_encrypt` writes, an OpenPGP message under a passphrase.

Sources: PostgreSQL's documentation, appendix F, pgcrypto, "PGP Encryption Functions"; RFC 9580.
`gpg --symmetric` and openpgp.js write the same. Opened are messages in AES with an integrity check,
which is what pgcrypto writes by default.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from assay.crypto.envelopes.base import Closed, Envelope, Material, Misfit, Opener
from assay.crypto.envelopes.opening import EXTRA, needed
from assay.crypto.envelopes.openpgp import BEGIN, binary, refusal

_TAGS = (b"\xc3", b"\x8c")
"""How a session key packet begins, in the new framing and the old."""
_CIPHERS = range(1, 14)
_MODES = {4: (3, (0, 1, 3, 4)), 5: (3, (1, 2, 3)), 6: (4, (1, 2, 3))}
"""Version of the packet: where its cipher stands, and what may follow it, which is a kind of
string-to-key specifier or a mode (RFC 9580, 5.3)."""


class Pgcrypto(Envelope, frozen=True, kw_only=True, tag="pgcrypto"):
    """OpenPGP under a passphrase, as PostgreSQL's pgcrypto, gpg and openpgp.js write it."""

    title = "a message of OpenPGP"
    shape = "bytes that begin c30d04, or -----BEGIN PGP MESSAGE-----"
    material: ClassVar[Literal["key", "text"]] = "text"
    ciphers: ClassVar[frozenset[str]] = frozenset(("passphrase",))
    marked = True
    extra = EXTRA

    def recognizes(self, data: bytes) -> bool:
        """Whether it begins as one."""
        if data.lstrip().startswith(BEGIN):
            return True
        at, modes = _MODES.get(data[2], (0, ())) if len(data) > 5 else (0, ())
        return data[:1] in _TAGS and data[at] in _CIPHERS and data[at + 1] in modes

    def misfit(self, data: bytes) -> Misfit | None:
        """What is wrong with its form."""
        try:
            return refusal(binary(data))
        except Misfit as wrong:
            return wrong

    def opener(self, material: Material, cipher: str) -> Opener:
        """What opens it with one passphrase."""
        del cipher  # there is one
        pysequoia = needed("pysequoia", "pysequoia")
        try:
            passphrase = material.text.decode()
        except UnicodeDecodeError:
            raise Misfit("key", "is a passphrase that is not text") from None

        def opened(data: bytes, _aad: bytes) -> bytes:
            message = binary(data)
            wrong = refusal(message)
            if wrong is not None:
                raise wrong
            try:
                return bytes(pysequoia.decrypt(message, passwords=[passphrase]).bytes)
            except Exception as error:  # noqa: BLE001 - the library raises no better one
                raise _refused(str(error)) from None

        return opened


def _refused(said: str) -> Closed | Misfit:
    """What the library means.

    Where only the last check fails the text is damaged; but a wrong passphrase passes the first one
    too, once in 65536 times, so nothing is proved.
    """
    if said.startswith("Policy rejected symmetric"):  # what it rejects else is noise
        return Misfit("unsupported", "is encrypted in a way that is considered broken")
    return Closed()
