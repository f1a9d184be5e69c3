"""Where an environment's values come from.

The registry is explicit: a source's name in specs, and the module and class that define it. A
source is a frozen struct of what the spec says, with a `read` that does the I/O.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.registry import StructRegistry

if TYPE_CHECKING:
    from assay.sources.base import Source

SOURCES: StructRegistry[Source] = StructRegistry(
    __name__,
    {
        "compose": "compose_service:ComposeService",
        "dotenv": "dotenv_file:DotenvFile",
        "process": "process:ProcessEnvironment",
    },
    group="sources",
    base="assay.sources.base:Source",
)
"""Source name to `module:Class` below `assay.sources`, in alphabetical order."""
