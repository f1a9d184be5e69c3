"""Where an environment's values come from.

The registry is explicit: a source's name in specs, and the module and class that define it. A
source is a frozen struct of what the spec says, with a `read` that does the I/O.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assay.sources.base import Source

SOURCES: dict[str, str] = {
    "dotenv": "dotenv_file:DotenvFile",
    "process": "process:ProcessEnvironment",
}
"""Source name to `module:Class` below `assay.sources`, in alphabetical order."""


def source_class(name: str) -> type[Source]:
    """The class of the source `name`; KeyError if there is none."""
    module, _, attribute = SOURCES[name].partition(":")
    found: type[Source] = getattr(import_module(f"assay.sources.{module}"), attribute)
    return found
