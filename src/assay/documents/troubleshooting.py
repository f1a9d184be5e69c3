"""What can go wrong with this configuration, why it matters, and how to fix it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.document_kind import DocumentKind, Parameters
from assay.documents.rules import troubles
from assay.documents.telling import told

if TYPE_CHECKING:
    from assay.spec.document import Spec


def values(spec: Spec, parameters: Parameters) -> dict[str, Any]:
    """Every rule that a check of this spec can break, by category, and the spec's own."""
    return {**told(spec, parameters), "categories": troubles(spec, parameters)}


KIND: DocumentKind[Parameters] = DocumentKind(
    name="troubleshooting",
    doc=__doc__ or "",
    parameters=Parameters,
    values=values,
    template="troubleshooting.md.j2",
    path="docs/troubleshooting.md",
)
