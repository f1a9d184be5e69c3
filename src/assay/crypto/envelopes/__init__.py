"""Envelopes: the ways in which applications write what they encrypt; one module for each family.

The registry is explicit: an envelope's name in specs, and the module and class that define it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assay.crypto.envelopes.base import Envelope

ENVELOPES: dict[str, str] = {}
"""Envelope name to `module:Class` below `assay.crypto.envelopes`, in alphabetical order."""


def envelope_class(name: str) -> type[Envelope]:
    """The class of the envelope `name`; KeyError where there is none."""
    module, _, attribute = ENVELOPES[name].partition(":")
    home = import_module(f"assay.crypto.envelopes.{module}")
    found: type[Envelope] = getattr(home, attribute)
    return found
