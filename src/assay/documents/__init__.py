"""Documents: files that are made of a spec, all of them or between marks in a hand-written file.

The registry is explicit. A module is imported only when such a document is made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.registry import Registry

if TYPE_CHECKING:
    from assay.document_kind import DocumentKind

DOCUMENTS: Registry[DocumentKind[Any]] = Registry(
    __name__,
    {
        "env-example": "env_example:KIND",
        "environment-reference": "pages:REFERENCE",
        "json-schema": "json_schema:KIND",
        "python": "python:KIND",
        "runbook": "pages:RUNBOOK",
        "setup-guide": "setup_guide:KIND",
        "troubleshooting": "pages:TROUBLESHOOTING",
        "typescript": "typescript:KIND",
    },
    group="documents",
    base="assay.document_kind:DocumentKind",
)
"""Kind of document to `module:attribute` below `assay.documents`, in alphabetical order."""
