"""Databases: how they are reached, what they hold, and their rows in pages; reading only.

The registry is explicit: a backend's name in specs, and the module and class that define it. A
backend is a frozen struct of what the spec says, with an `open` that does the I/O.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assay.databases.base import Backend

BACKENDS: dict[str, str] = {
    "sql": "url_backend:Sql",
    "sqlite": "sqlite.backend:Sqlite",
    "supabase": "postgrest.supabase:Supabase",
}
"""Backend name to `module:Class` below `assay.databases`, in alphabetical order."""


def backend_class(name: str) -> type[Backend]:
    """The class of the backend `name`; KeyError where there is none."""
    module, _, attribute = BACKENDS[name].partition(":")
    found: type[Backend] = getattr(import_module(f"assay.databases.{module}"), attribute)
    return found
