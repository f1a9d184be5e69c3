"""Databases: how they are reached, what they hold, and their rows in pages; reading only.

The registry is explicit: a backend's name in specs, and the module and class that define it. A
backend is a frozen struct of what the spec says, with an `open` that does the I/O.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.registry import StructRegistry

if TYPE_CHECKING:
    from assay.databases.base import Backend

BACKENDS: StructRegistry[Backend] = StructRegistry(
    __name__,
    {
        "sql": "url_backend:Sql",
        "sqlite": "sqlite.backend:Sqlite",
        "supabase": "postgrest.supabase:Supabase",
    },
    group="databases",
    base="assay.databases.base:Backend",
)
"""Backend name to `module:Class` below `assay.databases`, in alphabetical order."""
