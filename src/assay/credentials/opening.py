"""What opens the ciphertext of one column: fast as long as all is well, thorough when it is not."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from assay.credentials.faults import fault
from assay.crypto.autopsy import Case, autopsy
from assay.crypto.context import filled, in_words, placeholders
from assay.crypto.deriving import Problem
from assay.crypto.envelopes.base import Closed, Misfit
from assay.errors import CredentialError, DatabaseFault, UsageError
from assay.redacted import redacted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


Ciphertext = bytes | bytearray | memoryview | str | None
NO_ROW: Mapping[str, object] = {}


@redacted("_place")
class Opener:
    """Opens the ciphertexts of one column. It never shows a key."""

    def __init__(self, place: str, read: Callable[[], Case], **about: str) -> None:
        """`place` names the column in messages; `read` looks at the key, now and after a failure.

        Raises:
            CredentialError: there is no key.

        """
        self._place = place
        self._read = read
        self._about = {"column": place or "the column", "key": "the key", "environment": "here"}
        self._about.update(about)
        self._use(read())

    def _use(self, case: Case) -> None:
        self._template = case.envelope.aad
        self._bound = bool(placeholders(self._template))
        self._fixed = b"" if self._bound else filled(self._template, {})
        self._about["variable"] = case.variable
        self._open = _opening(case)
        self._case = case  # the last: other threads take it for what `_open` was made of

    def open(
        self,
        ciphertext: Ciphertext,
        row: Mapping[str, object] = NO_ROW,
        *,
        aad: bytes | None = None,
    ) -> bytes:
        """The plaintext.

        Args:
            ciphertext: what the column holds, as the database's driver gives it.
            row: the row, by column: it makes the additional data where the spec says so, and
                names the row in messages.
            aad: the additional authenticated data, in place of what the envelope says.

        Raises:
            CredentialError: it does not open; one of the four faults, which says why.

        """
        if isinstance(ciphertext, bytes):
            data = ciphertext
        elif ciphertext is None:
            raise DatabaseFault(
                self._said("NULL, where a ciphertext is expected", row),
                "Enter the credential, or let the application do without where there is none.",
            )
        else:
            data = _as_bytes(ciphertext)
        if aad is not None:
            bound = _as_additional(aad)
        else:
            bound = self._bound_to(row) if self._bound else self._fixed
        used = self._case
        plain = self._opened(data, bound)
        if plain is not None:
            return plain
        told = self._explained(data, bound, row, used)
        if isinstance(told, bytes):
            return told
        del ciphertext, data, bound, row
        raise told

    def _opened(self, data: bytes, bound: bytes) -> bytes | None:
        """The plaintext, where it opens to one of the declared type."""
        try:
            plain = self._open(data, bound)
        except (Closed, Misfit):
            return None
        return plain if self._case.fits is None or self._case.well_formed(plain) else None

    def _bound_to(self, row: Mapping[str, object]) -> bytes:
        missing = [name for name in placeholders(self._template) if name not in row]
        if missing:
            raise DatabaseFault(
                self._said(f"the row lacks {missing[0]}, which the ciphertext is bound to", row),
                f"Select {missing[0]} too, and pass it in `row`.",
            )
        return filled(self._template, row)

    def _explained(
        self, data: bytes, bound: bytes, row: Mapping[str, object], used: Case
    ) -> bytes | CredentialError:
        """Why it does not open; or the plaintext, where the key was replaced in the meantime."""
        case = self._read()
        if (case.text, case.salts) != (used.text, used.salts):
            self._use(case)
            plain = self._opened(data, bound)
            if plain is not None:
                return plain
        causes = autopsy(case, data, bound)
        return fault(causes, self._about, self._said("", row))

    def _said(self, message: str, row: Mapping[str, object]) -> str:
        """A message with the column and the row that it is about."""
        names = [in_words(row[name]) for name in self._case.identity if name in row]
        place = self._place
        if place and names and len(names) == len(self._case.identity):
            place = f"{place}, row {'/'.join(names)}"
        return ": ".join(part for part in (place, message) if part)


def _opening(case: Case) -> Callable[[bytes, bytes], bytes]:
    """What opens, or refuses everything where the text makes no key, or a library is missing."""
    made = case.envelope.material_of(case.recipe, case.text, case.salts)
    if not isinstance(made, Problem):
        with suppress(Misfit):
            return case.envelope.opener(made, case.recipe.cipher)
    return _closed


def _closed(data: bytes, aad: bytes) -> bytes:
    del data, aad
    raise Closed


def _as_bytes(ciphertext: bytearray | memoryview | str) -> bytes:
    if isinstance(ciphertext, str):
        if ciphertext.startswith("\\x"):  # how data APIs hand out a bytea
            with suppress(ValueError):
                return bytes.fromhex(ciphertext[2:])
        return ciphertext.encode("utf-8", "surrogatepass")
    if isinstance(ciphertext, bytearray | memoryview):
        return bytes(ciphertext)
    kind = type(ciphertext).__name__
    raise DatabaseFault(
        f"a ciphertext is bytes or text, not {kind}",
        "Pass what the column holds, as the database's driver gives it.",
    )


def _as_additional(aad: object) -> bytes:
    if isinstance(aad, bytes | bytearray | memoryview):
        return bytes(aad)
    raise UsageError(f"aad is bytes, not {type(aad).__name__}", "Encode it as it was when sealing.")
