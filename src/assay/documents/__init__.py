"""Documents: files that are made of a spec, whole or between marks in a hand-written file.

The registry is explicit. It maps each kind of document to the module below `assay.documents` whose
`KIND` it is; a module is imported only when such a document is made.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assay.documents.base import DocumentKind

DOCUMENTS: dict[str, str] = {
    "env-example": "env_example",
    "environment-reference": "environment_reference",
    "json-schema": "json_schema",
    "python": "python",
    "runbook": "runbook",
    "setup-guide": "setup_guide",
    "troubleshooting": "troubleshooting",
    "typescript": "typescript",
}
"""Kind of document to its module, in alphabetical order."""


def document_kind(name: str) -> DocumentKind[Any]:
    """The kind of document called `name`; KeyError where there is none."""
    found: DocumentKind[Any] = import_module(f"assay.documents.{DOCUMENTS[name]}").KIND
    return found
