"""The optional libraries that some envelopes are opened with, imported when one is opened."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from assay.crypto.envelopes.base import Misfit

EXTRA = "envelopes"
"""As in `pip install 'assay[envelopes]'`."""


def needed(module: str, library: str) -> Any:
    """The module of a library, by the name that people know it by.

    Raises:
        Misfit: it is not installed.

    """
    try:
        return import_module(module)
    except ImportError:
        reason = f"can't be decrypted without {library}: run `pip install 'assay[{EXTRA}]'`"
        raise Misfit("missing-library", reason) from None
