"""Whether what a ciphertext opens to is of a declared value type."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from assay.formats.base import Format


def well_formed(form: Format, text: str) -> bool:
    """Whether a text is of a type; an empty one never is."""
    return bool(text) and next(form.violations(text), None) is None


def fitting(form: Format) -> Callable[[bytes], bool]:
    """The same for bytes, which must be UTF-8."""

    def fits(plain: bytes) -> bool:
        try:
            return well_formed(form, plain.decode())
        except UnicodeDecodeError:
            return False

    return fits
