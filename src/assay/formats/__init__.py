"""Value types: what a variable's text may be.

The registry is explicit. It maps each type's name in specs to the module and class that define
it, and a module is imported only when a spec uses one of its types.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assay.formats.base import Format

FORMATS: dict[str, str] = {
    "integer": "numbers:Integer",
    "port": "numbers:Port",
    "text": "text:Text",
}
"""Type name to `module:Class` below `assay.formats`, in alphabetical order."""


def format_class(name: str) -> type[Format]:
    """The class of the value type `name`; KeyError where there is none."""
    module, _, attribute = FORMATS[name].partition(":")
    found: type[Format] = getattr(import_module(f"assay.formats.{module}"), attribute)
    return found
